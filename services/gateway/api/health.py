"""`/healthz` (this process works) and `/readyz` (it can serve requests now)."""

from __future__ import annotations

from aiohttp import web

from services.gateway.api.documentation import documented
from services.gateway.app_keys import BROKER, DATABASE, SUPERVISOR
from services.gateway.schemas.health import LivenessSchema, ReadinessSchema

TAG = "Health"

routes = web.RouteTableDef()


@routes.get("/healthz")
@documented(
    TAG,
    "Is this process well?",
    {
        200: {"schema": LivenessSchema, "description": "Yes."},
        503: {"schema": LivenessSchema, "description": "No: start a fresh one."},
    },
)
async def liveness(request: web.Request) -> web.Response:
    """503 when a background task or a consumer is gone: the orchestrator should start a fresh process."""
    alive = request.app[SUPERVISOR].healthy and request.app[BROKER].consuming
    return web.json_response({"status": "ok" if alive else "failing"}, status=200 if alive else 503)


@routes.get("/readyz")
@documented(
    TAG,
    "Can it serve requests now?",
    {
        200: {"schema": ReadinessSchema, "description": "Yes."},
        503: {"schema": ReadinessSchema, "description": "Not yet, or not now."},
    },
)
async def readiness(request: web.Request) -> web.Response:
    parts = {
        "database": await request.app[DATABASE].answers(),
        "broker": request.app[BROKER].connected,
        "backgroundTasks": request.app[SUPERVISOR].healthy,
    }
    ready = all(parts.values())
    return web.json_response(
        {"status": "ok" if ready else "waiting", "parts": parts}, status=200 if ready else 503
    )

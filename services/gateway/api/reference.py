"""`/openapi.json`, and `/docs`: the same as a page to try the API from, which needs nothing from outside."""

from __future__ import annotations

from aiohttp import web
from openapi_ui_bundles import swagger_ui

from services.gateway.app_keys import OPENAPI

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>LedgerLens API</title>
  <link rel="icon" href="/docs/assets/favicon-32x32.png">
  <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
  <main id="reference"></main>
  <script src="/docs/assets/swagger-ui-bundle.js"></script>
  <script src="/docs/start.js"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "list",
  filter: true,
  persistAuthorization: true,
  validatorUrl: null,
});
"""
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}

routes = web.RouteTableDef()
routes.static("/docs/assets", swagger_ui.static_path)


@routes.get("/openapi.json")
async def get_openapi(request: web.Request) -> web.Response:
    return web.json_response(request.app[OPENAPI])


@routes.get("/docs")
async def get_reference(request: web.Request) -> web.Response:
    return web.Response(text=_PAGE, content_type="text/html", headers=_HEADERS)


@routes.get("/docs/start.js")
async def get_start_script(request: web.Request) -> web.Response:
    return web.Response(text=_START, content_type="text/javascript", headers=_HEADERS)

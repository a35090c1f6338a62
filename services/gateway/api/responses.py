"""The answers' envelopes, and the one place where errors become answers."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from marshmallow import Schema
from pymongo.errors import PyMongoError

from services.gateway.api.cursors import write_cursor
from services.gateway.api.revisions import set_entity_tag
from services.gateway.errors import ApiError, Unavailable
from services.gateway.store.lists import ListQuery, RecordPage

_log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

INVOICES_PREFIX = "/v1/"


def record_response(schema: Schema, record: Any, status: int = 200) -> web.Response:
    """`{"success": true, "data": {...}}`"""
    response = web.json_response({"success": True, "data": schema.dump(record)}, status=status)
    set_entity_tag(response, record)
    return response


def list_response(schema: Schema, query: ListQuery, page: RecordPage, shown: list[Any]) -> web.Response:
    """`{"success": true, "data": [...], "total": N}` of a page's records as `shown`.

    `nextCursor` comes with it when there is a next page.
    """
    body = {"success": True, "data": schema.dump(shown, many=True), "total": page.total}
    if page.next is not None:
        body["nextCursor"] = write_cursor(page.next, query)
    if not page.exact:
        body["totalIsLowerBound"] = True
    return web.json_response(body)


def deleted_response(label: str) -> web.Response:
    return web.json_response({"success": True, "message": f"{label} deleted successfully"})


def error_response(
    request: web.Request, status: int, message: str, errors: dict[str, Any] | None = None
) -> web.Response:
    """An error in the envelope of the API family that was called."""
    body: dict[str, Any]
    if request.path.startswith(INVOICES_PREFIX):
        body = {"status": "Error", "msg": message, "result": None}
    else:
        body = {"success": False, "message": message}
        if errors:
            body["errors"] = errors
    return web.json_response(body, status=status)


@web.middleware
async def error_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns every error into the documented answer; what nobody expected is logged and answers 500."""
    try:
        return await handler(request)
    except ApiError as error:
        return error_response(request, error.status, str(error), error.errors)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _http_error_response(request, error)
    except PyMongoError:
        _log.exception("The database did not answer.")
        unavailable = Unavailable("The database does not answer; please try again shortly.")
        response = error_response(request, unavailable.status, str(unavailable))
        response.headers["Retry-After"] = "2"
        return response
    except Exception:
        _log.exception("An unexpected error on %s %s", request.method, request.path)
        return error_response(request, 500, "Something went wrong on our side; it was logged.")


def _http_error_response(request: web.Request, error: web.HTTPException) -> web.Response:
    sentences = {
        404: f"There is nothing at {request.path}.",
        405: f"{request.method} is not possible at {request.path}.",
        413: "The request's body is too large.",
    }
    response = error_response(request, error.status, sentences.get(error.status, error.reason))
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def first_fault(errors: dict[str, Any]) -> str:
    """One sentence that names the first field at fault, from marshmallow's nested messages."""
    path: list[str] = []
    at: Any = errors
    while isinstance(at, dict) and at:
        name = next(iter(at))
        path.append(str(name))
        at = at[name]
    reason = at[0] if isinstance(at, list) and at else at
    text = reason if isinstance(reason, str) else json.dumps(reason, default=str)
    where = ".".join(part for part in path if part != "_schema")
    return f"{where}: {text}" if where else text

"""`Idempotency-Key` on every POST: the same key and request get the same answer for 24 hours."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable

from aiohttp import web
from bson import ObjectId

from services.gateway.api.responses import Handler
from services.gateway.app_keys import CALLER, IDEMPOTENCY_KEYS, RECORD_ID
from services.gateway.errors import BadRequest
from services.gateway.store.idempotency import Answer

HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"
LONGEST_KEY = 255
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")
# These read their bodies as a stream and call `answer_once` by themselves.
_STREAMED_PATHS = frozenset({"/v1/invoices"})


@web.middleware
async def idempotency_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers a repeated POST as before; runs any other."""
    if request.method != "POST" or HEADER not in request.headers or _is_streamed(request):
        return await handler(request)

    async def work() -> web.Response:
        response = await handler(request)
        if not isinstance(response, web.Response):
            raise TypeError("A POST is answered at once, not as a stream.")
        return response

    body = await request.read()
    return await answer_once(request, fingerprint(request, hashlib.sha256(body).hexdigest()), work)


def fingerprint(request: web.Request, *content: str) -> str:
    """What makes a request the same as another: method, path, query, and its content."""
    query = sorted(f"{name}={value}" for name, value in request.query.items())
    parts = (request.method, request.path, *query, *content)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


async def answer_once(
    request: web.Request,
    fingerprint: str,
    work: Callable[[], Awaitable[web.Response]],
    new_record_id: ObjectId | None = None,
) -> web.Response:
    """Do `work`, unless the request's Idempotency-Key says that it was done; errors are not kept.

    `new_record_id` is the id that `work` will give to what it creates, where that is settled already.
    Raises BadRequest for a key that can't be one, StateConflict as `IdempotencyKeys.begin` does.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return await work()
    if not 1 <= len(key) <= LONGEST_KEY:
        raise BadRequest(f"The {HEADER} must have 1 to {LONGEST_KEY} characters.")
    keys = request.app[IDEMPOTENCY_KEYS]
    begun = await keys.begin(request[CALLER].tenant, key, fingerprint, new_record_id or ObjectId())
    if isinstance(begun, Answer):
        return web.Response(
            status=begun.status, body=begun.body, headers={**begun.headers, REPLAYED_HEADER: "true"}
        )
    request[RECORD_ID] = begun.record_id
    try:
        response = await work()
    except BaseException:
        await keys.release(begun)
        raise
    kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    body = response.body if isinstance(response.body, bytes) else b""
    await keys.finish(begun, Answer(response.status, body, kept))
    return response


def record_id(request: web.Request) -> ObjectId:
    """The id for what the request creates; that of its first try when one that was cut off is repeated."""
    return request.get(RECORD_ID) or ObjectId()


def earlier_record_id(request: web.Request, new_record_id: ObjectId) -> ObjectId | None:
    """The id of what a first try of the request may have created; None when this is the first."""
    first = request.get(RECORD_ID)
    return first if first != new_record_id else None


def _is_streamed(request: web.Request) -> bool:
    is_json = request.content_type == "application/json" or not request.body_exists
    return request.path in _STREAMED_PATHS or not is_json

"""Who is calling: one API key, in the `api-key` header or as a Bearer token."""

from __future__ import annotations

from aiohttp import web

from services.gateway.api.responses import INVOICES_PREFIX, Handler
from services.gateway.errors import Unauthorized
from services.gateway.keys import API_KEYS, CALLER
from services.gateway.links import FILES_PREFIX
from services.gateway.store.api_keys import KEY_FORM, ApiKey, ApiKeys

PUBLIC_PATHS = frozenset({"/healthz", "/readyz", "/openapi.json", "/docs"})
PUBLIC_PREFIXES = (FILES_PREFIX, "/api/docs", "/static/swagger")
MAX_KEY_LENGTH = 500


@web.middleware
async def auth_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Puts the caller into the request, or answers 401. Files carry their own signature."""
    if request.path in PUBLIC_PATHS or request.path.startswith(PUBLIC_PREFIXES):
        return await handler(request)
    keys = request.app[API_KEYS]
    if request.path.startswith(INVOICES_PREFIX):
        request[CALLER] = await _bearer_caller(request, keys)
    else:
        request[CALLER] = await _api_key_caller(request, keys)
    return await handler(request)


async def _api_key_caller(request: web.Request, keys: ApiKeys) -> ApiKey:
    key = request.headers.get("api-key", "").strip() or _bearer_token(request)
    if not key:
        raise Unauthorized("The API key is missing: send it in the header 'api-key'.")
    if len(key) > MAX_KEY_LENGTH:
        raise Unauthorized("The API key is not valid.")
    caller = await keys.find(key)
    if caller is None:
        raise Unauthorized("The API key is not valid.")
    if caller.revoked:
        raise Unauthorized("The API key is revoked.")
    if caller.expired:
        raise Unauthorized("The API key has expired.")
    return caller


async def _bearer_caller(request: web.Request, keys: ApiKeys) -> ApiKey:
    token = _bearer_token(request) or request.headers.get("api-key", "").strip()
    if not token:
        raise Unauthorized("Bearer token is not set.")
    caller = await keys.find(token) if len(token) <= MAX_KEY_LENGTH else None
    if caller is None:
        known_form = KEY_FORM.fullmatch(token) is not None
        raise Unauthorized("Token not found." if known_form else "Token is invalid.")
    if caller.revoked:
        raise Unauthorized("Token is revoked.")
    if caller.expired:
        raise Unauthorized("Token is expired.")
    return caller


def _bearer_token(request: web.Request) -> str:
    """The token of an `Authorization: Bearer ...` header, or an empty text."""
    scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""

"""Who is calling and what they may do: one API key, in the `api-key` header or as a Bearer token."""

from __future__ import annotations

from aiohttp import web

from services.gateway.api.responses import INVOICES_PREFIX, Handler
from services.gateway.app_keys import ALLOWANCE, API_KEYS, CALLER, RATE_LIMITS
from services.gateway.errors import Forbidden, TooManyRequests, Unauthorized
from services.gateway.links import FILES_PREFIX
from services.gateway.store.api_keys import ADMIN, KEY_FORM, READ, WRITE, ApiKey, ApiKeys

PUBLIC_PATHS = frozenset({"/healthz", "/readyz", "/openapi.json", "/docs"})
PUBLIC_PREFIXES = (FILES_PREFIX, "/docs/", "/api/docs", "/static/swagger")
API_KEYS_PATH = "/api-keys"
MAX_KEY_LENGTH = 500


@web.middleware
async def auth_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Puts the caller into the request, or answers 401, 403 or 429. Files carry their own signature."""
    if is_public(request.path):
        return await handler(request)
    keys = request.app[API_KEYS]
    if request.path.startswith(INVOICES_PREFIX):
        caller = await _bearer_caller(request, keys)
    else:
        caller = await _api_key_caller(request, keys)
    await _count(request, caller)
    scope = required_scope(request.method, request.path)
    if scope not in caller.scopes:
        raise Forbidden(f"This API key does not have the scope '{scope}', which this request needs.")
    await keys.note_use(caller)
    request[CALLER] = caller
    return await handler(request)


async def add_rate_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Tell the caller what is left of its rate limit, on every answer; to be run when one is prepared."""
    allowance = request.get(ALLOWANCE)
    if allowance is not None:
        response.headers["RateLimit-Limit"] = str(allowance.limit)
        response.headers["RateLimit-Remaining"] = str(allowance.remaining)
        response.headers["RateLimit-Reset"] = str(allowance.reset_seconds)
        if not allowance.allowed:
            response.headers["Retry-After"] = str(allowance.reset_seconds)


def is_public(path: str) -> bool:
    """Whether `path` is served without a key."""
    return path in PUBLIC_PATHS or path.startswith(PUBLIC_PREFIXES)


def required_scope(method: str, path: str) -> str:
    """The scope that a key needs for `method` at `path`."""
    if path == API_KEYS_PATH or path.startswith(API_KEYS_PATH + "/"):
        return ADMIN
    return READ if method in ("GET", "HEAD", "OPTIONS") else WRITE


async def _count(request: web.Request, caller: ApiKey) -> None:
    allowance = await request.app[RATE_LIMITS].take(caller.id)
    if allowance is None:
        return
    request[ALLOWANCE] = allowance
    if not allowance.allowed:
        raise TooManyRequests(
            f"This API key may call {allowance.limit} times a minute; "
            f"please try again in {allowance.reset_seconds} seconds."
        )


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

"""`/api-keys`: an administrator makes, looks at and revokes the keys of the own tenant."""

from __future__ import annotations

from aiohttp import web

from services.gateway.api.conditions import FieldCatalogue
from services.gateway.api.documentation import acts, creates, lists, reads
from services.gateway.api.requests import list_query
from services.gateway.api.responses import list_response, record_response
from services.gateway.app_keys import API_KEYS, CALLER
from services.gateway.schemas.api_keys import (
    ApiKeyAnswerSchema,
    ApiKeyInputSchema,
    ApiKeyListSchema,
    ApiKeySchema,
    NewApiKeyAnswerSchema,
    NewApiKeySchema,
)
from services.gateway.store.database import Document
from services.gateway.store.repository import utc_now

TAG = "API keys"
_SCHEMA = ApiKeySchema()
_CATALOGUE = FieldCatalogue(ApiKeySchema, hidden=frozenset({"status"}))

routes = web.RouteTableDef()


@routes.get("/api-keys")
@lists(TAG, "List API keys", ApiKeyListSchema, _CATALOGUE)
async def list_api_keys(request: web.Request) -> web.Response:
    query = list_query(request["querystring"], _CATALOGUE)
    page = await request.app[API_KEYS].list(request[CALLER].tenant, query)
    return list_response(_SCHEMA, query, page, [_shown(record) for record in page.records])


@routes.post("/api-keys")
@creates(TAG, "Make an API key", ApiKeyInputSchema, NewApiKeyAnswerSchema)
async def create_api_key(request: web.Request) -> web.Response:
    data = request["json"]
    record, key = await request.app[API_KEYS].create(
        request[CALLER].tenant, data["name"], data["scopes"], data["expiresAt"]
    )
    return record_response(NewApiKeySchema(), {**_shown(record), "key": key}, 201)


@routes.get("/api-keys/{id}")
@reads(TAG, "Get an API key", ApiKeyAnswerSchema)
async def get_api_key(request: web.Request) -> web.Response:
    record = await request.app[API_KEYS].get(request[CALLER].tenant, request["match_info"]["id"])
    return record_response(_SCHEMA, _shown(record))


@routes.post("/api-keys/{id}/revoke")
@acts(TAG, "Revoke an API key", ApiKeyAnswerSchema)
async def revoke_api_key(request: web.Request) -> web.Response:
    record = await request.app[API_KEYS].revoke_by_id(request[CALLER].tenant, request["match_info"]["id"])
    return record_response(_SCHEMA, _shown(record))


def _shown(record: Document) -> Document:
    """The record with its state, which follows from its times."""
    expires_at = record.get("expiresAt")
    if record.get("revokedAt") is not None:
        status = "revoked"
    elif expires_at is not None and expires_at <= utc_now():
        status = "expired"
    else:
        status = "active"
    return record | {"status": status}

"""`/ocr-invoice-job-template`"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from services.gateway.api.conditions import FieldCatalogue
from services.gateway.api.documentation import creates, deletes, lists, reads, updates
from services.gateway.api.idempotency import record_id
from services.gateway.api.requests import list_query
from services.gateway.api.responses import deleted_response, list_response, record_response
from services.gateway.api.revisions import expected_revision
from services.gateway.app_keys import CALLER, RECORDS
from services.gateway.errors import StateConflict
from services.gateway.schemas.templates import (
    TemplateAnswerSchema,
    TemplateInputSchema,
    TemplateListSchema,
    TemplateSchema,
    default_settings,
)
from services.gateway.store.records import Records

TAG = "Templates"
LABEL = "OCR invoice job template"
_SCHEMA = TemplateSchema()
_CATALOGUE = FieldCatalogue(TemplateSchema, hidden=frozenset({"accuracy", "usageCount"}))

routes = web.RouteTableDef()


@routes.get("/ocr-invoice-job-template")
@lists(TAG, "List templates", TemplateListSchema, _CATALOGUE)
async def list_templates(request: web.Request) -> web.Response:
    records, tenant = request.app[RECORDS], request[CALLER].tenant
    query = list_query(request["querystring"], _CATALOGUE)
    page = await records.templates.list(tenant, query)
    return list_response(_SCHEMA, query, page, [await _shown(records, tenant, one) for one in page.records])


@routes.post("/ocr-invoice-job-template")
@creates(TAG, "Create a template", TemplateInputSchema, TemplateAnswerSchema)
async def create_template(request: web.Request) -> web.Response:
    records, tenant = request.app[RECORDS], request[CALLER].tenant
    template = await records.templates.insert_once(
        tenant, default_settings() | request["json"] | {"_id": record_id(request)}
    )
    return record_response(_SCHEMA, await _shown(records, tenant, template), 201)


@routes.get("/ocr-invoice-job-template/{id}")
@reads(TAG, "Get a template", TemplateAnswerSchema)
async def get_template(request: web.Request) -> web.Response:
    records, tenant = request.app[RECORDS], request[CALLER].tenant
    template = await records.templates.get(tenant, request["match_info"]["id"])
    return record_response(_SCHEMA, await _shown(records, tenant, template))


@routes.put("/ocr-invoice-job-template/{id}")
@updates(TAG, "Update a template", TemplateInputSchema, TemplateAnswerSchema)
async def update_template(request: web.Request) -> web.Response:
    records, tenant = request.app[RECORDS], request[CALLER].tenant
    template = await records.templates.change(
        tenant, request["match_info"]["id"], request["json"], expected_revision(request)
    )
    return record_response(_SCHEMA, await _shown(records, tenant, template))


@routes.delete("/ocr-invoice-job-template/{id}")
@deletes(TAG, "Delete a template that nothing uses")
async def delete_template(request: web.Request) -> web.Response:
    records, tenant = request.app[RECORDS], request[CALLER].tenant
    template_id = request["match_info"]["id"]
    if await records.jobs.exists(tenant, {"template": template_id}):
        raise StateConflict("The template is used by jobs and can't be deleted.")
    if await records.groups.exists(tenant, {"template": template_id}):
        raise StateConflict("The template is used by groups and can't be deleted.")
    await records.templates.delete(tenant, template_id)
    return deleted_response(LABEL)


async def _shown(records: Records, tenant: str, template: dict[str, Any]) -> dict[str, Any]:
    """The record with what is derived from the jobs that use it."""
    usage = await records.jobs.count(tenant, {"template": template["_id"]})
    accuracy = await records.jobs.template_accuracy(tenant, template["_id"])
    return template | {"usageCount": usage, "accuracy": accuracy}

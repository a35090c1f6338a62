"""`/ocr-invoice-job-group`"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from services.gateway.api.conditions import FieldCatalogue
from services.gateway.api.documentation import creates, deletes, lists, operation, reads, updates
from services.gateway.api.idempotency import record_id
from services.gateway.api.requests import list_query
from services.gateway.api.responses import deleted_response, list_response, record_response
from services.gateway.api.revisions import expected_revision
from services.gateway.app_keys import CALLER, RECORDS, SETTINGS
from services.gateway.errors import StateConflict
from services.gateway.pipeline.aggregate import group_summary
from services.gateway.pipeline.references import check_references
from services.gateway.schemas.groups import (
    GroupAnswerSchema,
    GroupInputSchema,
    GroupJobSchema,
    GroupJobsSchema,
    GroupListSchema,
    GroupSchema,
    NotificationsSchema,
    ProcessingSettingsSchema,
)
from services.gateway.schemas.jobs import JobSchema

TAG = "Groups"
LABEL = "OCR invoice job group"
_SCHEMA = GroupSchema()
_DERIVED = frozenset(
    {
        "totalJobs",
        "completedJobs",
        "pendingJobs",
        "failedJobs",
        "status",
        "startedAt",
        "completedAt",
        "estimatedCompletionTime",
        "statistics",
    }
)
_CATALOGUE = FieldCatalogue(GroupSchema, hidden=_DERIVED)
_JOB_CATALOGUE = FieldCatalogue(JobSchema)

routes = web.RouteTableDef()


@routes.get("/ocr-invoice-job-group")
@lists(TAG, "List groups", GroupListSchema, _CATALOGUE)
async def list_groups(request: web.Request) -> web.Response:
    query = list_query(request["querystring"], _CATALOGUE)
    page = await request.app[RECORDS].groups.list(request[CALLER].tenant, query)
    return list_response(_SCHEMA, query, page, [await _shown(request, one) for one in page.records])


@routes.post("/ocr-invoice-job-group")
@creates(TAG, "Create a group", GroupInputSchema, GroupAnswerSchema)
async def create_group(request: web.Request) -> web.Response:
    records, tenant = request.app[RECORDS], request[CALLER].tenant
    await check_references(records, tenant, request["json"])
    defaults = {
        "priority": "medium",
        "processingSettings": ProcessingSettingsSchema().load({}),
        "notifications": NotificationsSchema().load({}),
        "tags": [],
    }
    group = await records.groups.insert_once(tenant, defaults | request["json"] | {"_id": record_id(request)})
    return record_response(_SCHEMA, await _shown(request, group), 201)


@routes.get("/ocr-invoice-job-group/{id}")
@reads(TAG, "Get a group", GroupAnswerSchema)
async def get_group(request: web.Request) -> web.Response:
    group = await request.app[RECORDS].groups.get(request[CALLER].tenant, request["match_info"]["id"])
    return record_response(_SCHEMA, await _shown(request, group))


@routes.put("/ocr-invoice-job-group/{id}")
@updates(TAG, "Update a group", GroupInputSchema, GroupAnswerSchema)
async def update_group(request: web.Request) -> web.Response:
    records, tenant = request.app[RECORDS], request[CALLER].tenant
    await check_references(records, tenant, request["json"])
    group = await records.groups.change(
        tenant, request["match_info"]["id"], request["json"], expected_revision(request)
    )
    return record_response(_SCHEMA, await _shown(request, group))


@routes.delete("/ocr-invoice-job-group/{id}")
@deletes(TAG, "Delete a group without jobs")
async def delete_group(request: web.Request) -> web.Response:
    records, tenant = request.app[RECORDS], request[CALLER].tenant
    group_id = request["match_info"]["id"]
    if await records.jobs.exists(tenant, {"group": group_id}):
        raise StateConflict("The group has jobs and can't be deleted.")
    await records.groups.delete(tenant, group_id)
    return deleted_response(LABEL)


@routes.get("/ocr-invoice-job-group/{id}/jobs")
@operation(TAG, "List a group's jobs", GroupJobsSchema, has_id=True, listed=_JOB_CATALOGUE)
async def list_group_jobs(request: web.Request) -> web.Response:
    records, tenant = request.app[RECORDS], request[CALLER].tenant
    group = await records.groups.get(tenant, request["match_info"]["id"])
    query = list_query(request["querystring"], _JOB_CATALOGUE).within({"group": group["_id"]})
    page = await records.jobs.list(tenant, query)
    shown = [{**job, "jobId": job["_id"]} for job in page.records]
    return list_response(GroupJobSchema(), query, page, shown)


async def _shown(request: web.Request, group: dict[str, Any]) -> dict[str, Any]:
    """The record with counters and statistics from its jobs."""
    currency = request.app[SETTINGS].currency
    return group | await group_summary(request.app[RECORDS].jobs, group, currency)

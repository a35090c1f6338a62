"""`/ocr-invoice-job`"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from services.gateway.api.conditions import FieldCatalogue
from services.gateway.api.documentation import acts, creates, deletes, lists, reads, updates
from services.gateway.api.references import check_references
from services.gateway.api.requests import list_query
from services.gateway.api.responses import deleted_response, list_response, record_response
from services.gateway.errors import NotFound
from services.gateway.keys import CALLER, RECORDS, SUBMISSION
from services.gateway.schemas.jobs import (
    JobAnswerSchema,
    JobInputSchema,
    JobListSchema,
    JobResultsAnswerSchema,
    JobResultsSchema,
    JobSchema,
    JobStartedAnswerSchema,
    JobStartedSchema,
    JobUpdateSchema,
)

TAG = "Jobs"
LABEL = "OCR invoice job"
_SCHEMA = JobSchema()
_CATALOGUE = FieldCatalogue(JobSchema)

routes = web.RouteTableDef()


@routes.get("/ocr-invoice-job")
@lists(TAG, "List jobs", JobListSchema, _CATALOGUE)
async def list_jobs(request: web.Request) -> web.Response:
    query = list_query(request["querystring"], _CATALOGUE)
    page = await request.app[RECORDS].jobs.list(request[CALLER].tenant, query)
    return list_response(_SCHEMA, query, page, page.records)


@routes.post("/ocr-invoice-job")
@creates(TAG, "Create a job", JobInputSchema, JobAnswerSchema)
async def create_job(request: web.Request) -> web.Response:
    tenant, data = request[CALLER].tenant, request["json"]
    await check_references(request.app[RECORDS], tenant, data)
    job = await request.app[SUBMISSION].create(tenant, data)
    return record_response(_SCHEMA, job, 201)


@routes.get("/ocr-invoice-job/{id}")
@reads(TAG, "Get a job", JobAnswerSchema)
async def get_job(request: web.Request) -> web.Response:
    job = await request.app[RECORDS].jobs.get(request[CALLER].tenant, request["match_info"]["id"])
    return record_response(_SCHEMA, job)


@routes.put("/ocr-invoice-job/{id}")
@updates(TAG, "Update a job, or correct its extracted data", JobUpdateSchema, JobAnswerSchema)
async def update_job(request: web.Request) -> web.Response:
    records, tenant, data = request.app[RECORDS], request[CALLER].tenant, request["json"]
    await check_references(records, tenant, data)
    job = await records.jobs.update(tenant, request["match_info"]["id"], data)
    if job is None:
        raise NotFound(f"{LABEL} not found.")
    return record_response(_SCHEMA, job)


@routes.delete("/ocr-invoice-job/{id}")
@deletes(TAG, "Delete a job with its pages and files")
async def delete_job(request: web.Request) -> web.Response:
    await request.app[SUBMISSION].delete(request[CALLER].tenant, request["match_info"]["id"])
    return deleted_response(LABEL)


@routes.post("/ocr-invoice-job/{id}/process")
@acts(TAG, "Process a job", JobStartedAnswerSchema)
async def process_job(request: web.Request) -> web.Response:
    job = await request.app[SUBMISSION].process(request[CALLER].tenant, request["match_info"]["id"])
    return record_response(JobStartedSchema(), {"jobId": job["_id"], "status": job["status"]})


@routes.post("/ocr-invoice-job/{id}/cancel")
@acts(TAG, "Cancel a job that is not finished", JobAnswerSchema)
async def cancel_job(request: web.Request) -> web.Response:
    job = await request.app[SUBMISSION].cancel(request[CALLER].tenant, request["match_info"]["id"])
    return record_response(_SCHEMA, job)


@routes.get("/ocr-invoice-job/{id}/results")
@reads(TAG, "Get a job's results", JobResultsAnswerSchema)
async def get_job_results(request: web.Request) -> web.Response:
    job = await request.app[RECORDS].jobs.get(request[CALLER].tenant, request["match_info"]["id"])
    results: dict[str, Any] = {
        name: job.get(name) for name in ("extractedData", "confidence", "validationResults", "processingTime")
    }
    return record_response(JobResultsSchema(), results)

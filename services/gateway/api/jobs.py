"""`/ocr-invoice-job`"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from services.gateway.api.conditions import FieldCatalogue
from services.gateway.api.documentation import Body, acts, creates, deletes, lists, reads, takes, updates
from services.gateway.api.idempotency import record_id
from services.gateway.api.requests import list_query
from services.gateway.api.responses import deleted_response, list_response, record_response
from services.gateway.api.revisions import expected_revision
from services.gateway.app_keys import CALLER, LINKS, RECORDS, SUBMISSION
from services.gateway.pipeline.references import check_references
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
    UploadedJobSchema,
)

TAG = "Jobs"
LABEL = "OCR invoice job"
DOCUMENT_TYPES = (
    "application/pdf",
    "application/xml",
    "image/png",
    "image/jpeg",
    "image/tiff",
    "image/bmp",
)
_SCHEMA = JobSchema()
_CATALOGUE = FieldCatalogue(JobSchema)

routes = web.RouteTableDef()


@routes.get("/ocr-invoice-job")
@lists(TAG, "List jobs", JobListSchema, _CATALOGUE)
async def list_jobs(request: web.Request) -> web.Response:
    query = list_query(request["querystring"], _CATALOGUE)
    page = await request.app[RECORDS].jobs.list(request[CALLER].tenant, query)
    return list_response(_SCHEMA, query, page, [_shown(request, job) for job in page.records])


@routes.post("/ocr-invoice-job")
@creates(TAG, "Create a job", JobInputSchema, JobAnswerSchema)
@takes(
    Body("multipart/form-data", (UploadedJobSchema,), file_part="file"),
    *(Body(content_type) for content_type in DOCUMENT_TYPES),
)
async def create_job(request: web.Request) -> web.Response:
    """The document is named by its address, comes as the part `file` of a form, or is the body itself.

    In the last case the job's other fields stand in the query.
    """
    tenant, data = request[CALLER].tenant, request["json"]
    await check_references(request.app[RECORDS], tenant, data)
    job = await request.app[SUBMISSION].create(tenant, {**data, "_id": record_id(request)})
    return job_response(request, job, 201)


@routes.get("/ocr-invoice-job/{id}")
@reads(TAG, "Get a job", JobAnswerSchema)
async def get_job(request: web.Request) -> web.Response:
    job = await request.app[RECORDS].jobs.get(request[CALLER].tenant, request["match_info"]["id"])
    return job_response(request, job)


@routes.put("/ocr-invoice-job/{id}")
@updates(TAG, "Update a job, or correct its extracted data", JobUpdateSchema, JobAnswerSchema)
async def update_job(request: web.Request) -> web.Response:
    records, tenant, data = request.app[RECORDS], request[CALLER].tenant, request["json"]
    await check_references(records, tenant, data)
    if request.app[LINKS].is_own(data.get("documentUrl", "")):
        del data["documentUrl"]  # a link of ours that comes back is no change
    job = await request.app[SUBMISSION].update(
        tenant, request["match_info"]["id"], data, expected_revision(request)
    )
    return job_response(request, job)


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
    return job_response(request, job)


@routes.get("/ocr-invoice-job/{id}/results")
@reads(TAG, "Get a job's results", JobResultsAnswerSchema)
async def get_job_results(request: web.Request) -> web.Response:
    job = await request.app[RECORDS].jobs.get(request[CALLER].tenant, request["match_info"]["id"])
    results: dict[str, Any] = {
        name: job.get(name) for name in ("extractedData", "confidence", "validationResults", "processingTime")
    }
    return record_response(JobResultsSchema(), results)


def job_response(request: web.Request, job: dict[str, Any], status: int = 200) -> web.Response:
    """One job as clients see it."""
    return record_response(_SCHEMA, _shown(request, job), status)


def _shown(request: web.Request, job: dict[str, Any]) -> dict[str, Any]:
    """The record with the link to its document, where the gateway keeps that."""
    if not job.get("uploaded"):
        return job
    return job | {"documentUrl": request.app[LINKS].document_url(job["_id"])}

"""`/v1/invoices`: the second API family, a view of the same jobs."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from aiohttp import web
from bson import ObjectId
from marshmallow import Schema

from services.gateway.api.documentation import Body, documented, takes
from services.gateway.api.embedded_file import FileMember, parse_rest, split_body
from services.gateway.api.idempotency import answer_once, fingerprint, record_id
from services.gateway.api.invoice_view import given_invoice, job_invoice
from services.gateway.api.ocr_view import ocr_result
from services.gateway.api.requests import loaded
from services.gateway.api.uploads import body_chunks, is_document_type, refuse_too_large, safe_file_name
from services.gateway.app_keys import CALLER, INTAKE, LINKS, RECORDS, SETTINGS, SUBMISSION
from services.gateway.errors import BadRequest, NotFound, UnsupportedMediaType
from services.gateway.pipeline.intake import Upload
from services.gateway.schemas.invoices import (
    InvoiceAnswerSchema,
    InvoiceCreatedAnswerSchema,
    InvoiceErrorSchema,
    InvoiceFieldsSchema,
    InvoiceFileSchema,
    InvoiceOcrAnswerSchema,
)
from services.gateway.schemas.templates import default_settings

LARGEST_ID = 2**63 - 1
FILE_MEMBER = "data"

routes = web.RouteTableDef()


def _answers(success: type[Schema], status: int, **faults: str) -> dict[int, dict[str, Any]]:
    described = {int(code.removeprefix("s")): text for code, text in faults.items()}
    described[401] = "The Bearer token is missing or not valid."
    return {
        status: {"schema": success, "description": "Success"},
        **{code: {"schema": InvoiceErrorSchema, "description": text} for code, text in described.items()},
    }


@routes.post("/v1/invoices")
@takes(Body("application/json", (InvoiceFileSchema, InvoiceFieldsSchema)))
@documented(
    "Invoices",
    "Create an invoice from a document, or as given",
    _answers(
        InvoiceCreatedAnswerSchema,
        201,
        s400="A field is not valid.",
        s409="The Idempotency-Key was used for another request.",
        s413="The file is too large.",
        s415="The body is not JSON, or the file of a type that is not read.",
    ),
)
async def create_invoice(request: web.Request) -> web.Response:
    if request.content_type != "application/json":
        raise UnsupportedMediaType("The body must be JSON (Content-Type: application/json).")
    settings = request.app[SETTINGS]
    # Base64 is a third longer than the file; a writer may escape some characters and break lines.
    refuse_too_large(request, settings.max_document_bytes * 2 + settings.max_body_bytes)
    member = FileMember(FILE_MEMBER, settings.max_body_bytes)
    has_file, file = await split_body(body_chunks(request), member)
    if not has_file:
        return await _create_as_given(request, parse_rest(member))
    intake = request.app[INTAKE]
    upload = await intake.receive(request[CALLER].tenant, ObjectId(), file)
    try:
        return await _create_from_file(request, upload, member)
    finally:
        # The job's creation has called this off: the file of an upload that became none goes away.
        await intake.drop(upload)


@routes.get("/v1/invoices/{invoiceId:[^/]*}")
@documented(
    "Invoices",
    "Get an invoice",
    _answers(
        InvoiceAnswerSchema, 200, s400="The id is not a positive integer.", s404="There is no such invoice."
    ),
)
async def get_invoice(request: web.Request) -> web.Response:
    records, tenant = request.app[RECORDS], request[CALLER].tenant
    invoice_id = _invoice_id(request.match_info["invoiceId"])
    if job := await records.jobs.find_one(tenant, {"invoiceId": invoice_id}):
        return _answer("Invoice retrieved.", job_invoice(job, request.app[LINKS]))
    if given := await records.invoices.find_one(tenant, {"invoiceId": invoice_id}):
        return _answer("Invoice retrieved.", given_invoice(given))
    raise NotFound("Record not found.")


@routes.get("/v1/invoices/{invoiceId:[^/]*}/ocr")
@documented(
    "Invoices",
    "Get an invoice's OCR data",
    _answers(
        InvoiceOcrAnswerSchema,
        200,
        s400="The id is not a positive integer.",
        s404="No such invoice, or no finished extraction.",
    ),
)
async def get_invoice_ocr(request: web.Request) -> web.Response:
    records, tenant = request.app[RECORDS], request[CALLER].tenant
    invoice_id = _invoice_id(request.match_info["invoiceId"])
    job = await records.jobs.find_one(tenant, {"invoiceId": invoice_id})
    if job is None and not await records.invoices.exists(tenant, {"invoiceId": invoice_id}):
        raise NotFound("Record not found.")
    if job is None or job["status"] != "completed" or not job.get("extractedData"):
        raise NotFound("This invoice has no data extraction record.")
    pages = [page async for page in records.pages.readings(tenant, job["_id"])]
    return _answer("Invoice OCR data retrieved.", ocr_result(job, pages))


async def _create_as_given(request: web.Request, data: dict[str, Any]) -> web.Response:
    records, tenant = request.app[RECORDS], request[CALLER].tenant
    fields = loaded(InvoiceFieldsSchema(), data)
    if not fields:
        raise BadRequest("The invoice is empty: send a file in 'data', or at least one field.")

    async def create() -> web.Response:
        invoice_id = await records.jobs.next_invoice_id(tenant)
        invoice = await records.invoices.insert_once(
            tenant, {"_id": record_id(request), "invoiceId": invoice_id, "fields": fields}
        )
        return _answer("Invoice created.", {"id": invoice["invoiceId"]}, 201)

    return await answer_once(request, fingerprint(request, repr(sorted(data.items()))), create)


async def _create_from_file(request: web.Request, upload: Upload, member: FileMember) -> web.Response:
    """A job of the first family, queued at once, whose invoice this is."""
    records, tenant = request.app[RECORDS], request[CALLER].tenant
    described = loaded(InvoiceFileSchema(), parse_rest(member))
    content_type = described.get("type", "application/octet-stream").partition(";")[0].strip().lower()
    if "type" in described and not is_document_type(content_type):
        raise UnsupportedMediaType(f"Files of the type '{content_type[:100]}' are not read here.")

    async def create() -> web.Response:
        earlier = await records.jobs.find_one(tenant, {"_id": record_id(request)})
        if earlier is not None:
            return _answer("Invoice created.", {"id": earlier["invoiceId"]}, 201)
        template = await records.templates.default(tenant, default_settings())
        await request.app[INTAKE].declare(upload, content_type)
        record = {
            "_id": upload.job_id,
            "documentName": safe_file_name(described.get("filename"), "document"),
            "template": template["_id"],
            "uploaded": True,
            "uploadedBytes": upload.size,
        }
        job = await request.app[SUBMISSION].create(tenant, record, process=True, upload=upload.note)
        return _answer("Invoice created.", {"id": job["invoiceId"]}, 201)

    content = (upload.sha256, hashlib.sha256(member.rest).hexdigest())
    return await answer_once(request, fingerprint(request, *content), create, upload.job_id)


def _answer(message: str, result: dict[str, Any], status: int = 200) -> web.Response:
    return web.json_response({"status": "OK", "msg": message, "result": result}, status=status)


def _invoice_id(text: str) -> int:
    if not text.strip():
        raise BadRequest("Invoice id is empty.")
    if not re.fullmatch(r"[+-]?[0-9]{1,30}", text):
        raise BadRequest("Invoice id must be an integer.")
    number = int(text)
    if number < 1:
        raise BadRequest("Invoice id must be at least 1.")
    if number > LARGEST_ID:
        raise NotFound("Record not found.")
    return number

"""`/v1/invoices`: the second API family, a view of the same jobs."""

from __future__ import annotations

import re

from aiohttp import web

from services.gateway.api.documentation import documented
from services.gateway.api.ocr_view import ocr_result
from services.gateway.errors import BadRequest, NotFound
from services.gateway.keys import CALLER, RECORDS
from services.gateway.schemas.invoices import InvoiceErrorSchema, InvoiceOcrAnswerSchema

LARGEST_ID = 2**63 - 1

routes = web.RouteTableDef()


@routes.get("/v1/invoices/{invoiceId:[^/]*}/ocr")
@documented(
    "Invoices",
    "Get an invoice's OCR data",
    {
        200: {"schema": InvoiceOcrAnswerSchema, "description": "Success"},
        400: {"schema": InvoiceErrorSchema, "description": "The id is not a positive integer."},
        401: {"schema": InvoiceErrorSchema, "description": "The Bearer token is missing or not valid."},
        404: {"schema": InvoiceErrorSchema, "description": "No such invoice, or no finished extraction."},
    },
)
async def get_invoice_ocr(request: web.Request) -> web.Response:
    records, tenant = request.app[RECORDS], request[CALLER].tenant
    invoice_id = _invoice_id(request.match_info["invoiceId"])
    job = await records.jobs.find_one(tenant, {"invoiceId": invoice_id})
    if job is None:
        raise NotFound("Record not found.")
    if job["status"] != "completed" or not job.get("extractedData"):
        raise NotFound("This invoice has no data extraction record.")
    pages = [page async for page in records.pages.readings(tenant, job["_id"])]
    return web.json_response(
        {"status": "OK", "msg": "Invoice OCR data retrieved.", "result": ocr_result(job, pages)}
    )


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

"""`/files/…`: page images, text layers, e-invoices, documents and readings, by signed link only."""

from __future__ import annotations

import json

from aiohttp import web
from bson import ObjectId

from services.gateway.api.responses import Handler
from services.gateway.app_keys import BLOBS, LINKS, RECORDS, SETTINGS
from services.gateway.errors import NotFound, Unauthorized
from services.gateway.links import IMAGE, TEXT_LAYER
from services.gateway.store.blobs import Blob, document_file_name, einvoice_file_name, page_file_name

routes = web.RouteTableDef()

_UPLOAD_TYPES = frozenset({"image/png", "image/jpeg", "application/json"})
_EINVOICE_TYPES = frozenset({"application/xml"})
_EINVOICE_PATH = "/files/jobs/{job}/{attempt:[0-9]+}/einvoice"
_PAGE_PATH = "/files/jobs/{job}/{attempt:[0-9]+}/pages/{page:[0-9]+}/{name}"


@web.middleware
async def signature_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses a file request whose link was not signed here, or has expired."""
    if request.path.startswith("/files/"):
        expires, signature = request.query.get("expires", ""), request.query.get("signature", "")
        method = "GET" if request.method == "HEAD" else request.method
        if not request.app[LINKS].allows(method, request.path, expires, signature):
            raise Unauthorized("The link is not valid or has expired; get a fresh one from the record.")
    return await handler(request)


@routes.put(_PAGE_PATH)
async def put_page_file(request: web.Request) -> web.Response:
    """An engine stores a page's file; only for the attempt at the job that is in work."""
    job_id, attempt = _job_id(request), int(request.match_info["attempt"])
    name = request.match_info["name"]
    if name not in (IMAGE, TEXT_LAYER) or request.content_type not in _UPLOAD_TYPES:
        raise NotFound("Only page images and text layers can be stored here.")
    return await _store(
        request, page_file_name(job_id, attempt, int(request.match_info["page"]), name), job_id, attempt
    )


@routes.put(_EINVOICE_PATH)
async def put_einvoice(request: web.Request) -> web.Response:
    """An engine stores the XML of the e-invoice that the document is or holds."""
    job_id, attempt = _job_id(request), int(request.match_info["attempt"])
    if request.content_type not in _EINVOICE_TYPES:
        raise NotFound("Only the XML of an e-invoice can be stored here.")
    return await _store(request, einvoice_file_name(job_id, attempt), job_id, attempt)


async def _store(request: web.Request, name: str, job_id: ObjectId, attempt: int) -> web.Response:
    """Store the request's body, if the attempt at the job is still in work."""
    job = await request.app[RECORDS].jobs.in_attempt(job_id, attempt)
    if job is None or job["status"] not in ("queued", "processing"):
        raise NotFound("The job is not being processed any more.")
    await request.app[BLOBS].write(
        name,
        request.content.iter_chunked(256 * 1024),
        tenant=job["tenant"],
        job_id=job_id,
        attempt=attempt,
        content_type=request.content_type,
        max_bytes=request.app[SETTINGS].max_document_bytes,
    )
    job = await request.app[RECORDS].jobs.in_attempt(job_id, attempt)
    if job is None:  # deleted, or started afresh, while the file came in
        await request.app[BLOBS].delete_attempt(job_id, attempt)
        raise NotFound("The job is not being processed any more.")
    return web.json_response({"success": True}, status=201)


@routes.get(_PAGE_PATH)
async def get_page_file(request: web.Request) -> web.StreamResponse:
    name = page_file_name(
        request.match_info["job"],
        int(request.match_info["attempt"]),
        int(request.match_info["page"]),
        request.match_info["name"],
    )
    return await _send(request, await request.app[BLOBS].open(name))


@routes.get(_EINVOICE_PATH)
async def get_einvoice(request: web.Request) -> web.StreamResponse:
    name = einvoice_file_name(_job_id(request), int(request.match_info["attempt"]))
    return await _send(request, await request.app[BLOBS].open(name))


@routes.get("/files/jobs/{job}/document")
async def get_document(request: web.Request) -> web.StreamResponse:
    return await _send(request, await request.app[BLOBS].open(document_file_name(_job_id(request))))


@routes.get("/files/jobs/{job}/{attempt:[0-9]+}/readings")
async def get_readings(request: web.Request) -> web.StreamResponse:
    """What was read on each page of a job, one JSON object a line, in page order."""
    records = request.app[RECORDS]
    job = await records.jobs.in_attempt(_job_id(request), int(request.match_info["attempt"]))
    if job is None:
        raise NotFound("The job is not in this attempt any more.")
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    await response.prepare(request)
    async for page in records.pages.readings(job["tenant"], job["_id"]):
        line = {
            "pageNumber": page["pageNumber"],
            "reading": {
                "width": page["imageProperties"]["width"],
                "height": page["imageProperties"]["height"],
                "ocrResults": page["ocrResults"],
                "tableData": page["tableData"],
                "preprocessing": page["preprocessing"],
                "qualityScore": page["qualityScore"],
            },
        }
        await response.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    await response.write_eof()
    return response


def _job_id(request: web.Request) -> ObjectId:
    if not ObjectId.is_valid(request.match_info["job"]):
        raise NotFound("File not found.")
    return ObjectId(request.match_info["job"])


async def _send(request: web.Request, blob: Blob) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={
            "Content-Type": blob.content_type or "application/octet-stream",
            "Content-Length": str(blob.size),
            "Cache-Control": "private, max-age=3600",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'",
        }
    )
    await response.prepare(request)
    if request.method != "HEAD":
        async for chunk in blob.chunks:
            await response.write(chunk)
    await response.write_eof()
    return response

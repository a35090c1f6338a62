"""Jobs whose document comes along: as `multipart/form-data`, or as the body itself."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from bson import ObjectId

from services.gateway.api.idempotency import answer_once, earlier_record_id, fingerprint
from services.gateway.api.jobs import job_response
from services.gateway.api.requests import loaded
from services.gateway.api.responses import Handler
from services.gateway.app_keys import CALLER, INTAKE, RECORDS, SUBMISSION
from services.gateway.errors import BadRequest, PayloadTooLarge, UnsupportedMediaType
from services.gateway.pipeline.intake import Intake, Upload
from services.gateway.pipeline.references import check_references
from services.gateway.schemas.jobs import UploadedJobSchema

JOBS_PATH = "/ocr-invoice-job"
FILE_PART = "file"
FIELD_BYTES = 64 * 1024
MOST_FIELDS = 50
LONGEST_NAME = 200
CHUNK_BYTES = 256 * 1024
# What a body of several parts may have besides the file, for turning it down before it is sent.
ROOM_FOR_FIELDS = 1024 * 1024

# What aiohttp raises for a body of several parts that is malformed, or is broken off.
_NOT_MULTIPART = (ValueError, HttpProcessingError, web.RequestPayloadError, ConnectionError)
_DOCUMENT_TYPES = frozenset({"application/pdf", "application/xml", "text/xml"})


@dataclass(frozen=True, slots=True)
class Received:
    """A stored document with the job's fields, not yet checked."""

    upload: Upload
    fields: Mapping[str, Any]
    file_name: str


def is_document_type(content_type: str) -> bool:
    """Whether `content_type` is one of a document that can be read here."""
    return content_type in _DOCUMENT_TYPES or content_type.startswith("image/")


@web.middleware
async def upload_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Creates jobs from documents; what is sent as JSON goes on to its own handler."""
    if request.method != "POST" or request.path != JOBS_PATH:
        return await handler(request)
    if request.content_type == "multipart/form-data":
        return await _create(request, await _read_parts(request))
    if is_document_type(request.content_type):
        return await _create(request, await _read_body(request))
    return await handler(request)


async def body_chunks(request: web.Request) -> AsyncIterator[bytes]:
    """The body as it comes in; raises BadRequest when the client breaks off."""
    try:
        async for chunk in request.content.iter_chunked(CHUNK_BYTES):
            yield chunk
    except (web.RequestPayloadError, aiohttp.ClientPayloadError, ConnectionError):
        raise BadRequest("The body ended before it was complete.") from None


def refuse_too_large(request: web.Request, most_bytes: int) -> None:
    """Raises PayloadTooLarge before a body is read whose declared length is over `most_bytes`."""
    if request.content_length is not None and request.content_length > most_bytes:
        raise PayloadTooLarge(f"The file is larger than {request.app[INTAKE].max_bytes:,} bytes.")


def safe_file_name(name: str | None, fallback: str) -> str:
    """The last part of a client's file name, printable, at most 200 characters."""
    last = PurePath((name or "").replace("\\", "/")).name
    return "".join(character for character in last if character.isprintable())[-LONGEST_NAME:] or fallback


async def _create(request: web.Request, received: Received) -> web.StreamResponse:
    tenant, intake = request[CALLER].tenant, request.app[INTAKE]
    upload = received.upload

    is_used = False

    async def create() -> web.Response:
        nonlocal is_used
        if first := earlier_record_id(request, upload.job_id):
            earlier = await request.app[RECORDS].jobs.find_one(tenant, {"_id": first})
            if earlier is not None:
                return job_response(request, earlier, 201)
        data = _job_fields(received)
        await check_references(request.app[RECORDS], tenant, data)
        record = {
            "documentName": received.file_name,
            **data,
            "_id": upload.job_id,
            "uploaded": True,
            "uploadedBytes": upload.size,
        }
        job = await request.app[SUBMISSION].create(tenant, record, upload=upload.note)
        is_used = True
        return job_response(request, job, 201)

    content = [upload.sha256, received.file_name, json.dumps(received.fields, sort_keys=True, default=str)]
    try:
        return await answer_once(request, fingerprint(request, *content), create, upload.job_id)
    finally:
        if not is_used:
            await intake.drop(upload)


def _job_fields(received: Received) -> dict[str, Any]:
    fields = dict(received.fields)
    if "metadata" in fields:
        fields["metadata"] = _json_field(str(fields["metadata"]))
    return loaded(UploadedJobSchema(), fields)


def _json_field(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadRequest("metadata: Not valid JSON.", {"metadata": ["Not valid JSON."]}) from None


async def _read_body(request: web.Request) -> Received:
    intake = request.app[INTAKE]
    refuse_too_large(request, intake.max_bytes)
    tenant, chunks = request[CALLER].tenant, body_chunks(request)
    upload = await intake.receive(tenant, ObjectId(), chunks, request.content_type)
    disposition = aiohttp.parse_content_disposition(request.headers.get("Content-Disposition"))
    extension = mimetypes.guess_extension(request.content_type) or ""
    name = aiohttp.content_disposition_filename(disposition[1])
    return Received(upload, dict(request.query), safe_file_name(name, f"document{extension}"))


async def _read_parts(request: web.Request) -> Received:
    refuse_too_large(request, request.app[INTAKE].max_bytes + ROOM_FOR_FIELDS)
    parts = _Parts(request.app[INTAKE], request[CALLER].tenant)
    try:
        async for part in await request.multipart():
            await parts.take(part)
        return parts.complete()
    except BaseException as error:
        await parts.drop()
        if isinstance(error, _NOT_MULTIPART):
            raise BadRequest("The body is not complete, or not valid multipart/form-data.") from error
        raise


class _Parts:
    """What has come in of a body in several parts."""

    def __init__(self, intake: Intake, tenant: str) -> None:
        self._intake = intake
        self._tenant = tenant
        self._fields: dict[str, str] = {}
        self._file: Received | None = None

    async def take(self, part: object) -> None:
        """Read one part; raises BadRequest when it is not one of a job."""
        if not isinstance(part, aiohttp.BodyPartReader) or part.name is None:
            raise BadRequest("Each part of the body must be a field with a name.")
        if part.name == FILE_PART:
            await self._receive(part)
            return
        self._fields[part.name] = await _text(part)
        if len(self._fields) > MOST_FIELDS:
            raise BadRequest(f"The body has more than {MOST_FIELDS} fields.")

    def complete(self) -> Received:
        """All that came; raises BadRequest when there was no file."""
        if self._file is None:
            raise BadRequest(
                "The body has no part 'file'.", {FILE_PART: ["Missing data for required field."]}
            )
        return self._file

    async def drop(self) -> None:
        """Have the file removed."""
        if self._file is not None:
            await self._intake.drop(self._file.upload)

    async def _receive(self, part: aiohttp.BodyPartReader) -> None:
        if self._file is not None:
            raise BadRequest("The body has two parts 'file'; a job has one document.")
        if "Content-Encoding" in part.headers:
            raise UnsupportedMediaType("The file must be sent without a Content-Encoding.")
        declared = part.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        content_type = declared if is_document_type(declared) else "application/octet-stream"
        upload = await self._intake.receive(self._tenant, ObjectId(), _decoded(part), content_type)
        self._file = Received(upload, self._fields, safe_file_name(part.filename, "document"))


async def _decoded(part: aiohttp.BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(CHUNK_BYTES):
        async for decoded in part.decode_iter(chunk):
            yield bytes(decoded)


async def _text(part: aiohttp.BodyPartReader) -> str:
    """A field's value; raises PayloadTooLarge when it is too long to be one."""
    value = bytearray()
    while chunk := await part.read_chunk(8192):
        value += chunk
        if len(value) > FIELD_BYTES:
            raise PayloadTooLarge(f"The field '{part.name}' is longer than {FIELD_BYTES:,} bytes.")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest(f"The field '{part.name}' is not valid UTF-8.") from None

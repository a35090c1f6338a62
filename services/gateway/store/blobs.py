"""Files of a job: the uploaded document, page images and text layers.

Large ones are kept in GridFS. What fits into one chunk lies in the file's own record: to store it, and to get
it, takes one command in place of two.

A file's id begins with its job and attempt, in its chunks too: what a job has stored can be removed by a
range of ids, the chunks of uploads that were cut off included.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bson import ObjectId
from motor.motor_asyncio import AsyncIOMotorGridFSBucket

from services.gateway.errors import NotFound, PayloadTooLarge
from services.gateway.store.database import Database
from services.gateway.store.repository import utc_now

CHUNK_BYTES = 1024 * 1024
DOCUMENT_ATTEMPT = 0


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored file that can be read chunk by chunk."""

    size: int
    content_type: str
    chunks: AsyncIterator[bytes]


class BlobStore:
    """Files by name; each belongs to a job and to one attempt at it (0: the document itself)."""

    def __init__(self, database: Database) -> None:
        self._bucket = AsyncIOMotorGridFSBucket(database.motor, chunk_size_bytes=CHUNK_BYTES)
        self._files = database.motor["fs.files"]
        self._chunks = database.motor["fs.chunks"]

    async def write(
        self,
        name: str,
        chunks: AsyncIterator[bytes],
        *,
        tenant: str,
        job_id: ObjectId,
        attempt: int,
        content_type: str,
        max_bytes: int,
    ) -> int:
        """Store a file as it streams in and return its size in bytes.

        Raises PayloadTooLarge past `max_bytes`; a file that is not complete leaves nothing behind.
        """
        file_id = f"{_attempt_prefix(job_id, attempt)}{secrets.token_hex(12)}"
        file = {
            "_id": file_id,
            "filename": name,
            "chunkSize": CHUNK_BYTES,
            "metadata": {"tenant": tenant, "jobId": job_id, "attempt": attempt, "contentType": content_type},
        }
        pieces = _whole_chunks(_bounded(chunks, max_bytes))
        first = await anext(pieces, b"")
        second = await anext(pieces, None)
        if second is None:
            content = {"length": len(first), "uploadDate": utc_now(), "data": first}
            await self._files.insert_one({**file, **content})
            return len(first)
        try:
            size = await self._write_chunks(file_id, _followed((first, second), pieces))
            await self._files.insert_one({**file, "length": size, "uploadDate": utc_now()})
        except BaseException:
            await self._chunks.delete_many({"files_id": file_id})
            raise
        return size

    async def _write_chunks(self, file_id: str, chunks: AsyncIterator[bytes]) -> int:
        """Store a file's chunks as they come; how many bytes they have together."""
        # Not by the driver's upload stream: that one keeps up to 32 MiB in memory before it writes.
        size = number = 0
        async for data in chunks:
            await self._chunks.insert_one({"files_id": file_id, "n": number, "data": data})
            number += 1
            size += len(data)
        return size

    async def declare_type(self, name: str, content_type: str) -> None:
        """Set the content type of a file that was stored before it was known."""
        await self._files.update_many({"filename": name}, {"$set": {"metadata.contentType": content_type}})

    async def open(self, name: str) -> Blob:
        """The newest file of this name; raises NotFound when there is none."""
        file = await self._files.find_one({"filename": name}, sort=[("uploadDate", -1)])
        if file is None:
            raise NotFound("File not found.")
        chunks = self._read_chunks(file["_id"]) if "data" not in file else _only(file["data"])
        return Blob(file["length"], (file.get("metadata") or {}).get("contentType", ""), chunks)

    async def _read_chunks(self, file_id: str) -> AsyncIterator[bytes]:
        source = await self._bucket.open_download_stream(file_id)
        while chunk := await source.readchunk():
            yield chunk

    async def delete_of_job(self, job_id: ObjectId) -> None:
        """Remove all files of a job."""
        await self._delete(f"{job_id}/", f"{job_id}0")  # '0' follows '/'

    async def delete_document(self, job_id: ObjectId) -> None:
        """Remove a job's uploaded document."""
        await self._delete_attempts(job_id, DOCUMENT_ATTEMPT, DOCUMENT_ATTEMPT + 1)

    async def delete_pages(self, job_id: ObjectId, before_attempt: int) -> None:
        """Remove a job's page files of the attempts before `before_attempt`."""
        await self._delete_attempts(job_id, DOCUMENT_ATTEMPT + 1, before_attempt)

    async def delete_attempt(self, job_id: ObjectId, attempt: int) -> None:
        """Remove a job's page files of one attempt."""
        await self._delete_attempts(job_id, attempt, attempt + 1)

    async def _delete_attempts(self, job_id: ObjectId, first: int, end: int) -> None:
        await self._delete(_attempt_prefix(job_id, first), _attempt_prefix(job_id, end))

    async def _delete(self, first: str, end: str) -> None:
        """Remove the files whose ids are in the range from `first` up to, not including, `end`."""
        await self._files.delete_many({"_id": {"$gte": first, "$lt": end}})
        await self._chunks.delete_many({"files_id": {"$gte": first, "$lt": end}})


async def _bounded(chunks: AsyncIterator[bytes], max_bytes: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise PayloadTooLarge(f"The file is larger than {max_bytes:,} bytes.")
        yield chunk


async def _whole_chunks(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in chunks of CHUNK_BYTES; only the last one may be shorter."""
    waiting = bytearray()
    async for chunk in chunks:
        waiting += chunk
        while len(waiting) >= CHUNK_BYTES:
            yield bytes(waiting[:CHUNK_BYTES])
            del waiting[:CHUNK_BYTES]
    if waiting:
        yield bytes(waiting)


async def _followed(first: tuple[bytes, ...], rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    for chunk in first:
        yield chunk
    async for chunk in rest:
        yield chunk


async def _only(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _attempt_prefix(job_id: ObjectId, attempt: int) -> str:
    return f"{job_id}/{attempt:08d}/"


def page_file_name(job_id: ObjectId | str, attempt: int, page: int, name: str) -> str:
    """Where a page's file lies; `name` is `image` or `text-layer`."""
    return f"jobs/{job_id}/{attempt}/pages/{page}/{name}"


def einvoice_file_name(job_id: ObjectId | str, attempt: int) -> str:
    """Where the XML of a document's e-invoice lies."""
    return f"jobs/{job_id}/{attempt}/einvoice"


def document_file_name(job_id: ObjectId | str) -> str:
    """Where an uploaded document lies."""
    return f"jobs/{job_id}/document"

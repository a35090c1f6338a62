"""Files of a job: the uploaded document, page images and text layers. Kept in GridFS."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from bson import ObjectId
from gridfs.errors import NoFile
from motor.motor_asyncio import AsyncIOMotorGridFSBucket

from services.gateway.errors import NotFound, PayloadTooLarge
from services.gateway.store.database import Database

CHUNK_BYTES = 1024 * 1024


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
        metadata = {"tenant": tenant, "jobId": job_id, "attempt": attempt, "contentType": content_type}
        target = self._bucket.open_upload_stream(name, metadata=metadata)
        size = 0
        try:
            async for chunk in _bounded(chunks, max_bytes):
                size += len(chunk)
                await target.write(chunk)
        except BaseException:
            await target.abort()
            raise
        await target.close()
        return size

    async def open(self, name: str) -> Blob:
        """The newest file of this name; raises NotFound when there is none."""
        try:
            source = await self._bucket.open_download_stream_by_name(name)
        except NoFile:
            raise NotFound("File not found.") from None

        async def chunks() -> AsyncIterator[bytes]:
            while chunk := await source.readchunk():
                yield chunk

        return Blob(source.length, (source.metadata or {}).get("contentType", ""), chunks())

    async def delete_of_job(self, job_id: ObjectId, before_attempt: int | None = None) -> None:
        """Remove a job's files: all of them, or those of the attempts before `before_attempt`."""
        conditions: dict[str, object] = {"metadata.jobId": job_id}
        if before_attempt is not None:
            conditions["metadata.attempt"] = {"$gte": 1, "$lt": before_attempt}
        async for file in self._files.find(conditions, {"_id": 1}):
            try:
                await self._bucket.delete(file["_id"])
            except NoFile:
                continue  # another gateway was quicker


async def _bounded(chunks: AsyncIterator[bytes], max_bytes: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise PayloadTooLarge(f"The file is larger than {max_bytes:,} bytes.")
        yield chunk


def page_file_name(job_id: ObjectId | str, attempt: int, page: int, name: str) -> str:
    """Where a page's file lies; `name` is `image` or `text-layer`."""
    return f"jobs/{job_id}/{attempt}/pages/{page}/{name}"


def einvoice_file_name(job_id: ObjectId | str, attempt: int) -> str:
    """Where the XML of a document's e-invoice lies."""
    return f"jobs/{job_id}/{attempt}/einvoice"


def document_file_name(job_id: ObjectId | str) -> str:
    """Where an uploaded document lies."""
    return f"jobs/{job_id}/document"

"""Takes in documents that clients send along, as streams; they are gone again if no job comes of them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from bson import ObjectId

from services.gateway.errors import BadRequest
from services.gateway.store.blobs import BlobStore, document_file_name
from services.gateway.store.removals import EVERYTHING, FileRemovals
from services.gateway.store.repository import utc_now

# An upload that has no job after this time is left from a gateway that was killed.
LONGEST_UPLOAD = timedelta(hours=2)
DOCUMENT_ATTEMPT = 0


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored document that waits for its job, which will be `job_id`; `size` in bytes.

    `note` is the note by which the file is removed unless the job's creation calls it off.
    """

    job_id: ObjectId
    note: ObjectId
    size: int
    sha256: str


class Intake:
    """Stores uploads of up to `max_bytes`."""

    def __init__(self, blobs: BlobStore, removals: FileRemovals, max_bytes: int) -> None:
        self._blobs = blobs
        self._removals = removals
        self.max_bytes = max_bytes

    async def receive(
        self,
        tenant: str,
        job_id: ObjectId,
        chunks: AsyncIterator[bytes],
        content_type: str = "application/octet-stream",
    ) -> Upload:
        """Store a document as it streams in; `content_type` is what the client says it is, if it has said so.

        Raises PayloadTooLarge when it is over the limit and BadRequest when it is empty; nothing is left
        behind then.
        """
        note = await self._removals.add(job_id, EVERYTHING, due_at=utc_now() + LONGEST_UPLOAD)
        digest = hashlib.sha256()

        async def hashed() -> AsyncIterator[bytes]:
            async for chunk in chunks:
                digest.update(chunk)
                yield chunk

        try:
            size = await self._blobs.write(
                document_file_name(job_id),
                hashed(),
                tenant=tenant,
                job_id=job_id,
                attempt=DOCUMENT_ATTEMPT,
                content_type=content_type,
                max_bytes=self.max_bytes,
            )
        except BaseException:
            await self._removals.hasten(note)
            raise
        if size == 0:
            await self._removals.hasten(note)
            raise BadRequest("The file is empty.", {"file": ["The file is empty."]})
        return Upload(job_id, note, size, digest.hexdigest())

    async def declare(self, upload: Upload, content_type: str) -> None:
        """Keep what the client says the document is when it says so only after it has sent it."""
        await self._blobs.declare_type(document_file_name(upload.job_id), content_type)

    async def drop(self, upload: Upload) -> None:
        """No job comes of the upload: have its file removed."""
        await self._removals.hasten(upload.note)

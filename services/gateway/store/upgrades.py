"""What earlier versions have stored, brought into the form of this one: once, by the first gateway to start.

The index that an earlier version made, and this one does without, tells that it is still to be done.
"""

from __future__ import annotations

from typing import Any

from motor.motor_asyncio import AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo.errors import OperationFailure

_INDEX_NOT_FOUND = 27


async def upgrade(database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
    """Carry over what is found in the form of an earlier version; nothing to do for a new database."""
    jobs = database["jobs"]
    old = set(await jobs.index_information())
    if "sha256" in old:
        await _mark_files(jobs)
        await _drop(jobs, "sha256")
    if "deadline" in old:
        await _set_due_times(jobs)
        await _drop(jobs, "deadline")
        await _drop(jobs, "waiting")


async def _mark_files(jobs: AsyncIOMotorCollection[dict[str, Any]]) -> None:
    """The file of a completed job was found by its digest, and is by a mark among the fingerprints."""
    mark = {"$concat": ["file/", "$documentInfo.sha256"]}
    marks = {"$setUnion": [{"$ifNull": ["$fingerprints", []]}, [mark]]}
    completed = {"status": "completed", "documentInfo.sha256": {"$exists": True}}
    await jobs.update_many(completed, [{"$set": {"fingerprints": marks}}])


async def _set_due_times(jobs: AsyncIOMotorCollection[dict[str, Any]]) -> None:
    """When a job may start, or has to be done, were two fields with an index each."""
    due = {"dueAt": {"$ifNull": ["$deadline", "$notBefore"]}}
    open_jobs = {"stage": {"$in": ["waiting", "prepare", "recognise", "extract"]}, "dueAt": None}
    await jobs.update_many(open_jobs, [{"$set": due}])


async def _drop(jobs: AsyncIOMotorCollection[dict[str, Any]], index: str) -> None:
    try:
        await jobs.drop_index(index)
    except OperationFailure as error:
        if error.code != _INDEX_NOT_FOUND:
            raise  # else another gateway was quicker

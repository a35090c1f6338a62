"""What users correct in extracted data: kept beside what was read, so that accuracy can be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.gateway.pipeline.corrected_fields import value_at
from services.gateway.store.database import Document

COMPARED = ("invoice", "lineItems")


def correction(job: Document, corrected: dict[str, Any]) -> dict[str, Any]:
    """The changes of a job's record when a user says what its data really is.

    The first reading stays in `readData`; `correctedFields` counts the fields that were compared
    (`checked`) and those that differed (`wrong`), `dataRevision` how often the data was stated.
    """
    read = job.get("readData") or job.get("extractedData") or {}
    before, after = dict(_values(read)), dict(_values(corrected))
    checked = before.keys() | after.keys()
    wrong = [path for path in checked if before.get(path) != after.get(path)]
    kept = {name: read[name] for name in ("provenance",) if name in read}
    return {
        "extractedData": kept | corrected,
        "readData": read,
        "correctedFields": {"checked": len(checked), "wrong": len(wrong)},
        "dataRevision": job.get("dataRevision", 0) + 1,
    }


def confidence_left(job: Document) -> dict[str, float]:
    """By path, the confidence of the fields that a person has left as they were read."""
    fields = (job.get("confidence") or {}).get("fields") or {}
    now, read = job.get("extractedData") or {}, job.get("readData") or {}
    return {path: value for path, value in fields.items() if value_at(now, path) == value_at(read, path)}


def _values(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every single value with its path; numbers of equal size are equal, absent and null are the same."""
    for name in COMPARED:
        yield from _leaves(name, data.get(name))


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(f"{path}.{name}", inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _leaves(f"{path}.{place}", inner)
    elif value is not None:
        yield path, value

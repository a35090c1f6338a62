"""What a person has corrected: the fields in which the data of a job differs from what was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.gateway.store.database import Document
from shared.schemas.supplier import LONGEST_VALUE
from shared.supplier import CORRECTABLE_FIELDS, ITEMS, TAXES

_UNSTATED = object()
_LISTS = (ITEMS, TAXES)


def differences(data: Mapping[str, Any], read: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A correction for each field that `data` states otherwise than it was `read`.

    A field that is null is not on the document; one that is left out is not spoken of.
    """
    return [
        correction_of(field, value, before)
        for field in CORRECTABLE_FIELDS
        if (value := _stated_at(data, field)) is not _UNSTATED
        and (None if value == "" else value) != (before := value_at(read, field))
    ]


def corrected_lists(data: Mapping[str, Any], read: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Items and tax lines that `data` states otherwise than they were `read`, by their path."""
    return {
        path: stated
        for path in _LISTS
        if isinstance(stated := _stated_at(data, path), list)
        and _without_nulls(stated) != _without_nulls(value_at(read, path) or [])
    }


def taken_back(before: Mapping[str, Any], now: Mapping[str, Any], read: Mapping[str, Any]) -> list[str]:
    """Fields, and lists, that had been corrected `before` and are `now` again as they were `read`."""
    earlier = {one["field"] for one in differences(before, read)} | set(corrected_lists(before, read))
    still = {one["field"] for one in differences(now, read)} | set(corrected_lists(now, read))
    return sorted(earlier - still)


def annotated_corrections(
    annotation: Mapping[str, Any], page: Document, job: Document
) -> Iterator[dict[str, Any]]:
    """What an annotation corrects: the field that it names, else the one that was read where it points.

    An empty text says of the field it names that the document does not state it.
    """
    box = annotation.get("coordinates")
    field = annotation.get("field") or _field_at(job, page["pageNumber"], box)
    if field not in CORRECTABLE_FIELDS:
        return
    text = annotation["text"].strip()
    correction = correction_of(field, text, value_at(job.get("extractedData") or {}, field))
    if box is not None:
        correction |= {"page": page["pageNumber"], "box": box}
    yield correction


def value_at(data: Mapping[str, Any], path: str) -> Any:
    """The value of a field such as `invoice.supplier.name`; None where there is none."""
    value = _stated_at(data, path)
    return None if value is _UNSTATED else value


def correction_of(field: str, value: Any, read: Any) -> dict[str, Any]:
    """A correction as tasks carry it."""
    correction: dict[str, Any] = {"field": field}
    if value not in (None, ""):
        correction["value"] = str(value)
    if read is not None and 0 < len(str(read)) <= LONGEST_VALUE:
        correction["read"] = str(read)
    return correction


def _stated_at(data: Mapping[str, Any], path: str) -> Any:
    value: Any = data
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return _UNSTATED
        value = value[name]
    return value


def _without_nulls(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def _field_at(job: Document, page: int, box: Mapping[str, float] | None) -> str | None:
    """The field whose value was read where the box is; None where it touches none, or several."""
    if box is None:
        return None
    provenance = (job.get("extractedData") or {}).get("provenance") or {}
    touched = {
        path
        for path, where in provenance.items()
        if path in CORRECTABLE_FIELDS
        and where.get("page") == page
        and where.get("boundingBox")
        and _holds_middle(box, where["boundingBox"])
    }
    return touched.pop() if len(touched) == 1 else None


def _holds_middle(box: Mapping[str, float], other: Mapping[str, float]) -> bool:
    x, y = other["x"] + other["width"] / 2, other["y"] + other["height"] / 2
    return box["x"] <= x <= box["x"] + box["width"] and box["y"] <= y <= box["y"] + box["height"]

"""What a profile has learned, entry by entry: each names the job that taught it, and who overruled it.

A later correction that contradicts an entry does not remove it: it is put aside, and valid again when that
correction is taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bson import ObjectId

from services.gateway.store.database import Document
from shared.schemas.supplier import KINDS, MOST_OF_A_KIND

OVERRULED = "overruledBy"
_ORIGIN = ("learnedAt", "job", "jobNumber", OVERRULED)


def valid_entries(profile: Document, kind: str) -> list[dict[str, Any]]:
    """The entries of a list that are not overruled, as tasks carry them."""
    return [_bare(entry) for entry in profile.get(kind, ()) if OVERRULED not in entry]


def with_lesson(
    profile: Document,
    fields: Collection[str],
    learned: Mapping[str, Collection[Mapping[str, Any]]],
    origin: dict[str, Any],
) -> dict[str, Any]:
    """The changes of the profile when `learned`, by kind, is all that holds for `fields`.

    What the same job had taught of them before is replaced; what others taught otherwise is overruled.
    """
    changes: dict[str, Any] = {}
    for kind in KINDS:
        new = [dict(one) for one in learned.get(kind, ())]
        entries = []
        for entry in profile.get(kind, ()):
            if entry["field"] not in fields:
                entries.append(entry)
            elif _bare(entry) in new:
                new.remove(_bare(entry))
                entries.append(_restored(entry))
            elif entry["job"] != origin["job"]:
                entries.append(entry if OVERRULED in entry else entry | {OVERRULED: origin["job"]})
        changes[kind] = _at_most([*entries, *(one | origin for one in new)])
    return _with_state(changes)


def without_lesson(profile: Document, job: ObjectId, fields: Collection[str]) -> dict[str, Any]:
    """The changes of the profile when the job's corrections of `fields` are taken back."""
    return _with_state(
        {
            kind: [
                _restored(entry) if entry["field"] in fields and entry.get(OVERRULED) == job else entry
                for entry in profile.get(kind, ())
                if entry["field"] not in fields or entry["job"] != job
            ]
            for kind in KINDS
        }
    )


def _at_most(entries: list[Document]) -> list[Document]:
    """The latest entries, so many that a task can carry them; overruled ones go first."""
    surplus = len(entries) - MOST_OF_A_KIND
    for entry in [one for one in entries if OVERRULED in one]:
        if surplus <= 0:
            break
        entries.remove(entry)
        surplus -= 1
    return entries[-MOST_OF_A_KIND:]


def _with_state(changes: dict[str, Any]) -> dict[str, Any]:
    learned = any(OVERRULED not in entry for kind in KINDS for entry in changes[kind])
    return changes | {"learned": learned}


def _bare(entry: Document) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in _ORIGIN}


def _restored(entry: Document) -> Document:
    return {name: value for name, value in entry.items() if name != OVERRULED}

"""What a profile has learned: replaced, overruled by another job's correction, and restored."""

from __future__ import annotations

from typing import Any

from bson import ObjectId

from services.gateway.pipeline.lesson_book import valid_entries, with_lesson, without_lesson
from shared.schemas.supplier import KINDS, MOST_OF_A_KIND

FIELD = "invoice.number"
ONE, OTHER = ObjectId(), ObjectId()


def rule(label: str, field: str = FIELD) -> dict[str, Any]:
    return {"field": field, "label": label, "relation": "right of"}


def taught(profile: dict[str, Any], job: ObjectId, *labels: str, field: str = FIELD) -> dict[str, Any]:
    learned = {"rules": [rule(label, field) for label in labels]}
    return profile | with_lesson(profile, [field], learned, {"job": job, "jobNumber": str(job)})


def empty() -> dict[str, Any]:
    return {**{kind: [] for kind in KINDS}, "learned": False}


def labels(profile: dict[str, Any]) -> list[str]:
    return [entry["label"] for entry in valid_entries(profile, "rules")]


def test_a_lesson_names_the_job_that_taught_it() -> None:
    profile = taught(empty(), ONE, "File")
    assert profile["learned"] is True
    assert profile["rules"] == [rule("File") | {"job": ONE, "jobNumber": str(ONE)}]
    assert valid_entries(profile, "rules") == [rule("File")]


def test_a_later_correction_of_the_same_job_replaces_its_lesson() -> None:
    profile = taught(taught(empty(), ONE, "Flie"), ONE, "File")
    assert [entry["label"] for entry in profile["rules"]] == ["File"]


def test_a_contradicted_lesson_is_put_aside_and_comes_back() -> None:
    profile = taught(taught(empty(), ONE, "File"), OTHER, "Case")
    assert labels(profile) == ["Case"]
    assert [entry.get("overruledBy") for entry in profile["rules"]] == [OTHER, None]
    profile |= without_lesson(profile, OTHER, [FIELD])
    assert labels(profile) == ["File"]
    assert profile["learned"] is True


def test_a_lesson_that_another_job_confirms_keeps_its_origin() -> None:
    profile = taught(taught(empty(), ONE, "File"), OTHER, "File", "Case")
    assert [(entry["label"], entry["job"]) for entry in profile["rules"]] == [("File", ONE), ("Case", OTHER)]


def test_what_is_taken_back_is_gone_and_other_fields_stay() -> None:
    profile = taught(taught(empty(), ONE, "File"), ONE, "When", field="invoice.date")
    profile |= without_lesson(profile, ONE, [FIELD])
    assert labels(profile) == ["When"]
    profile |= without_lesson(profile, ONE, ["invoice.date"])
    assert (labels(profile), profile["learned"]) == ([], False)


def test_the_book_does_not_grow_without_end_and_forgets_overruled_entries_first() -> None:
    profile = taught(empty(), ONE, "Old")
    profile = taught(profile, OTHER, "New")
    profile["rules"] += [
        rule(f"L{number}", "invoice.date") | {"job": ONE} for number in range(MOST_OF_A_KIND)
    ]
    profile = taught(profile, OTHER, "New")
    assert len(profile["rules"]) == MOST_OF_A_KIND
    assert "Old" not in [entry["label"] for entry in profile["rules"]]


def test_profiles_of_an_earlier_version_have_no_words() -> None:
    profile = {"rules": [], "constants": [], "learned": False}
    assert valid_entries(profile, "words") == []
    assert without_lesson(profile, ONE, [FIELD])["words"] == []

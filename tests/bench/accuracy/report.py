"""Grades as tables to read, and a run's file compared with an earlier one's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from tests.bench.accuracy.grades import ITEMS, DocumentGrade, total
from tests.bench.accuracy.reliability import calibration_error, reliability

_PREFIX = "invoice."


def accuracy_table(grades: Sequence[DocumentGrade]) -> str:
    """A row per field and a column per corpus: the share right, and of how many."""
    corpora = list(dict.fromkeys(grade.corpus for grade in grades))
    by_corpus = {corpus: [grade for grade in grades if grade.corpus == corpus] for corpus in corpora}
    paths = sorted({field.path for grade in grades for field in grade.fields if field.truth is not None})
    rows = [["field", *corpora]]
    rows += [[path.removeprefix(_PREFIX), *(_exact(by_corpus[c], path) for c in corpora)] for path in paths]
    figures: list[tuple[str, Callable[[list[DocumentGrade]], str]]] = [
        ("line items, F1", _items_f1),
        ("words, F1", lambda found: f"{total(grade.words for grade in found).f1:.3f}"),
        ("fields read, not printed", _made_up),
        ("documents", lambda found: str(len(found))),
        ("not read", lambda found: str(sum(grade.error is not None for grade in found))),
    ]
    rows += [[title, *(figure(by_corpus[c]) for c in corpora)] for title, figure in figures]
    return table(rows)


def reliability_table(outcomes: Iterable[tuple[float, bool]]) -> str:
    """How many fields of each range of confidence are right."""
    bins = reliability(outcomes)
    rows = [["confidence", "fields", "right", "share right", "mean confidence"]]
    rows += [
        [f"{b.low:.2f} to {b.high:.2f}", str(b.count), str(b.right), f"{b.share:.3f}", f"{b.confidence:.3f}"]
        for b in bins
    ]
    return f"{table(rows)}\nExpected calibration error: {calibration_error(bins):.3f}"


def outcomes_of(grades: Iterable[DocumentGrade]) -> list[tuple[float, bool]]:
    """Confidence and rightness of every field that was read and whose truth is known."""
    return [
        (field.confidence, field.right)
        for grade in grades
        for field in grade.fields
        if field.confidence is not None
    ]


def changes(earlier: Mapping[str, Any], grades: Iterable[DocumentGrade]) -> list[str]:
    """The fields that became right or wrong since the run whose file is `earlier`, a sentence each."""
    before = {document["name"]: document for document in earlier["documents"]}
    return [
        sentence
        for grade in grades
        if grade.name in before
        for sentence in _changes_of(before[grade.name], grade)
    ]


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table; the first is the heading."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    every = [rows[0], ["-" * width for width in widths], *rows[1:]]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in every
    )


def _changes_of(before: Mapping[str, Any], grade: DocumentGrade) -> Iterator[str]:
    was = {field["path"]: field["right"] for field in before["fields"]}
    for field in grade.fields:
        if field.truth is not None and was.get(field.path, field.right) != field.right:
            became = "right" if field.right else "wrong"
            yield f"{grade.name}: {field.path} became {became} ({field.read!r}, printed {field.truth!r})"


def _exact(grades: Iterable[DocumentGrade], path: str) -> str:
    found = [
        field.right
        for grade in grades
        for field in grade.fields
        if field.path == path and field.truth is not None
    ]
    return f"{sum(found) / len(found):.3f} of {len(found)}" if found else ""


def _items_f1(grades: Iterable[DocumentGrade]) -> str:
    found = [grade.items for grade in grades if grade.items is not None]
    return f"{total(found).f1:.3f} of {len(found)}" if found else ""


def _made_up(grades: Iterable[DocumentGrade]) -> str:
    return str(
        sum(f.truth is None and not f.path.startswith(ITEMS) for grade in grades for f in grade.fields)
    )

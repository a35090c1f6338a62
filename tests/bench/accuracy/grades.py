"""A document's answer held against its truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tests.bench.accuracy.compare import is_right, right_items, words_in_common
from tests.bench.accuracy.documents import BenchDocument

ITEMS = "lineItems"
_DUE = "invoice.amounts.due"
_TOTAL = "invoice.amounts.total"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service gave for a document; `error` says why there is nothing else."""

    data: Mapping[str, Any]
    confidence: Mapping[str, float]
    text: str
    seconds: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class FieldGrade:
    """A field that is printed (`truth`), that was read, or both; without a confidence it was not read."""

    path: str
    right: bool
    truth: Any
    read: Any
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """Right ones among those printed and those read."""

    right: int = 0
    printed: int = 0
    read: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0..1."""
        return 2 * self.right / max(1, self.printed + self.read)

    def __add__(self, other: Share) -> Share:
        return Share(self.right + other.right, self.printed + other.printed, self.read + other.read)


@dataclass(frozen=True, slots=True)
class DocumentGrade:
    """One document's result; `items` is None where its items are not known."""

    name: str
    corpus: str
    fields: tuple[FieldGrade, ...]
    items: Share | None
    words: Share
    seconds: float
    error: str | None

    def to_json(self) -> dict[str, Any]:
        """As it is kept, to be compared with another run's."""
        return asdict(self)


def grade(document: BenchDocument, answer: Answer) -> DocumentGrade:
    """Compare what was read with what is printed; a document without an answer has every field wrong."""
    truth = document.truth
    items = answer.data.get(ITEMS) or []
    known = truth.items is not None
    right = right_items(truth.items or (), items)
    return DocumentGrade(
        name=document.name,
        corpus=document.corpus,
        fields=(*_fields(document, answer), *(_items(items, right, answer) if known else ())),
        items=Share(len(right), len(truth.items or ()), len(items)) if known else None,
        words=Share(*words_in_common("\n".join(truth.lines), answer.text)),
        seconds=round(answer.seconds, 3),
        error=answer.error,
    )


def total(shares: Iterable[Share]) -> Share:
    """All shares as one."""
    return sum(shares, Share())


def _fields(document: BenchDocument, answer: Answer) -> Iterator[FieldGrade]:
    truth = document.truth
    for path, printed in truth.fields.items():
        read = _value_at(answer.data, path)
        confidence = answer.confidence.get(path) if read is not None else None
        yield FieldGrade(path, is_right(path, printed, read), printed, read, confidence)
    if not truth.complete:
        return
    for path, confidence in answer.confidence.items():
        read = _value_at(answer.data, path)
        if path in truth.fields or path.startswith(ITEMS):
            continue
        if path == _DUE and is_right(path, truth.fields.get(_TOTAL), read):
            continue  # a total may well be printed as "amount due"
        yield FieldGrade(path, False, None, read, confidence)


def _items(items: list[Mapping[str, Any]], right: list[int], answer: Answer) -> Iterator[FieldGrade]:
    for place, item in enumerate(items):
        path = f"{ITEMS}.{place}"
        yield FieldGrade(path, place in right, None, item.get("amount"), answer.confidence.get(path))


def _value_at(data: Mapping[str, Any], path: str) -> Any:
    value: Any = data
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value

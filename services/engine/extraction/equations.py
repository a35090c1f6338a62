"""The equations between the numbers of a document: the terms, and whether each holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from services.engine.extraction.amounts import Amount

EXACT = Decimal("0.011")
"""To the cent, or what rounding may make of it."""

Place = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number and the part it plays: `path` of the field, `name` as a sentence calls it."""

    amount: Amount
    path: str
    name: str

    @property
    def place(self) -> Place:
        """Page, row, segment and character: what tells two printed numbers apart."""
        segment = self.amount.segment
        return segment.page, segment.row, segment.index, self.amount.start

    @property
    def value(self) -> Decimal:
        return self.amount.value


class Relation(Protocol):
    """Something that should be true of printed numbers; `statement` says it as the end of a sentence."""

    @property
    def statement(self) -> str: ...

    @property
    def numbers(self) -> tuple[Number, ...]: ...

    def error_with(self, place: Place | None, value: Decimal) -> Decimal:
        """How far it is from holding if the number at `place` is `value`; with None, as it is printed."""


@dataclass(frozen=True)
class Sum:
    """Numbers that add up to zero, each times its sign."""

    statement: str
    terms: tuple[tuple[int, Number], ...]
    _gap: Decimal = field(init=False)
    _signs: dict[Place, tuple[int, Decimal]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_gap", sum((sign * n.value for sign, n in self.terms), Decimal(0)))
        object.__setattr__(self, "_signs", {n.place: (sign, n.value) for sign, n in self.terms})

    @property
    def numbers(self) -> tuple[Number, ...]:
        return tuple(number for _, number in self.terms)

    def error_with(self, place: Place | None, value: Decimal) -> Decimal:
        if place is None or place not in self._signs:
            return abs(self._gap)
        sign, printed = self._signs[place]
        return abs(self._gap + sign * (value - printed))


@dataclass(frozen=True)
class Product:
    """Two factors, their product divided by `divisor`, and the sign that the result is printed with."""

    statement: str
    first: Number
    second: Number
    result: Number
    divisor: int = 1

    @property
    def numbers(self) -> tuple[Number, ...]:
        return self.first, self.second, self.result

    def error_with(self, place: Place | None, value: Decimal) -> Decimal:
        first, second, result = (value if n.place == place else n.value for n in self.numbers)
        return abs(abs(first * second / self.divisor) - abs(result))


@dataclass(frozen=True)
class Equation:
    """What is true if any of the `relations` is; an error up to `slack` is none: issuers round otherwise."""

    relations: tuple[Relation, ...]
    slack: Decimal = EXACT
    places: frozenset[Place] = field(init=False)

    def __post_init__(self) -> None:
        places = {number.place for relation in self.relations for number in relation.numbers}
        object.__setattr__(self, "places", frozenset(places))

    @property
    def holds(self) -> bool:
        return any(relation.error_with(None, Decimal(0)) <= self.slack for relation in self.relations)

    def holds_with(self, place: Place, value: Decimal) -> bool:
        """Whether it is true if the number at `place` is `value`."""
        return any(relation.error_with(place, value) <= self.slack for relation in self.relations)

    def relation_with(self, place: Place, value: Decimal) -> Relation | None:
        """The relation with the number at `place` that is exact if that number is `value`."""
        for relation in self.relations:
            if any(n.place == place for n in relation.numbers) and relation.error_with(place, value) <= EXACT:
                return relation
        return None


def distinct(numbers: Iterable[Number]) -> bool:
    """Whether no printed number is among them twice."""
    places = [number.place for number in numbers]
    return len(places) == len(set(places))

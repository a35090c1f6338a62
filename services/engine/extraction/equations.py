"""The equations between the numbers of a document: the terms, and whether each holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from services.engine.extraction.amounts import Amount

_CENT, _HALF_A_CENT = Decimal("0.01"), Decimal("0.005")

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

    def holds_with(self, place: Place | None, value: Decimal) -> bool:
        """Whether it holds, as far as issuers round, if the number at `place` is `value`.

        With None, whether it holds as it is printed.
        """

    def is_exact_with(self, place: Place | None, value: Decimal) -> bool:
        """Whether nothing is left to rounding if the number at `place` is `value`."""


Term = tuple[int, Number]
"""A number of a sum and its sign, 1 or -1."""


@dataclass(frozen=True)
class Sum:
    """Numbers that add up to zero, each times its sign; or to a cent, as issuers round after adding up."""

    statement: str
    terms: tuple[Term, ...]
    _gap: Decimal = field(init=False)
    _signs: dict[Place, tuple[int, Decimal]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_gap", sum((sign * n.value for sign, n in self.terms), Decimal(0)))
        object.__setattr__(self, "_signs", {n.place: (sign, n.value) for sign, n in self.terms})

    @property
    def numbers(self) -> tuple[Number, ...]:
        return tuple(number for _, number in self.terms)

    def holds_with(self, place: Place | None, value: Decimal) -> bool:
        return abs(self._gap_with(place, value)) in (0, _CENT)

    def is_exact_with(self, place: Place | None, value: Decimal) -> bool:
        return self._gap_with(place, value) == 0

    def _gap_with(self, place: Place | None, value: Decimal) -> Decimal:
        if place is None or place not in self._signs:
            return self._gap
        sign, printed = self._signs[place]
        return self._gap + sign * (value - printed)


@dataclass(frozen=True)
class Product:
    """Two factors, their product divided by `divisor`, and the result without regard to its sign.

    `rebate` is taken off the product: so many percent of it, or if it is `in_money`, so much.
    """

    statement: str
    first: Number
    second: Number
    result: Number
    divisor: int = 1
    rebate: Number | None = None
    in_money: bool = False

    @property
    def numbers(self) -> tuple[Number, ...]:
        numbers = self.first, self.second, self.result
        return numbers if self.rebate is None else (*numbers, self.rebate)

    def holds_with(self, place: Place | None, value: Decimal) -> bool:
        return self._error_with(place, value) <= _CENT

    def is_exact_with(self, place: Place | None, value: Decimal) -> bool:
        return self._error_with(place, value) <= _HALF_A_CENT

    def _error_with(self, place: Place | None, value: Decimal) -> Decimal:
        first, second, result, *rebates = (value if n.place == place else n.value for n in self.numbers)
        product = abs(first * second / self.divisor)
        for rebate in rebates:
            product -= abs(rebate) if self.in_money else product * abs(rebate) / 100
        return abs(product - abs(result))


@dataclass(frozen=True)
class Equation:
    """What is true if any of the `relations` is; a `doubtful` one may not be meant by the document at all."""

    relations: tuple[Relation, ...]
    doubtful: bool = False
    places: frozenset[Place] = field(init=False)

    def __post_init__(self) -> None:
        places = {number.place for relation in self.relations for number in relation.numbers}
        object.__setattr__(self, "places", frozenset(places))

    @property
    def holds(self) -> bool:
        return any(relation.holds_with(None, Decimal(0)) for relation in self.relations)

    @property
    def borne_out(self) -> set[Place]:
        """The places of the numbers of all relations that are exact as they are printed."""
        exact = (relation for relation in self.relations if relation.is_exact_with(None, Decimal(0)))
        return {number.place for relation in exact for number in relation.numbers}

    def holds_with(self, place: Place, value: Decimal) -> bool:
        """Whether it is true if the number at `place` is `value`."""
        return any(relation.holds_with(place, value) for relation in self.relations)

    def relation_with(self, place: Place, value: Decimal) -> Relation | None:
        """The relation with the number at `place` that is exact if that number is `value`."""
        for relation in self.relations:
            if relation.is_exact_with(place, value) and any(n.place == place for n in relation.numbers):
                return relation
        return None

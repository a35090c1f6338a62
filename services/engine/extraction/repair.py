"""A number that was misread is found by the sums it breaks, and only one slip that mends them is repaired.

Only words that were recognised are doubted: a text layer has no such slips. A number is repaired if one
plausible slip in it, and no other slip in this or another number, makes the most equations hold that do not
hold as read, and makes none fail. That takes two equations; one is enough where the number is the only one in
it that recognition was not sure of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from services.engine.extraction.amounts import mend
from services.engine.extraction.document import Document
from services.engine.extraction.equations import Equation, Number, Place, Relation
from services.engine.extraction.layout import Token
from services.engine.extraction.slips import Slip, slips_of
from shared.readings import BoundingBox, Line, PageReading, Word

SURE = 0.97
"""Of numbers that were read right, 97 of 100 are at least as sure; most that were misread are less so."""
_ENOUGH = 2
_DECIMALS = 2
_MOST_DOUBTED = 1500
# How often repairs were right on generated documents with one slip each; see docs/accuracy.md.
_BORNE_OUT_TWICE, _BORNE_OUT_ONCE = 0.95, 0.9


@dataclass(frozen=True, slots=True)
class Repair:
    """A number that was repaired: `read` is what recognition made of `intended`, in `box` on `page`.

    `statements` are the equations that hold only now; `confidence` 0..1 is that of the repaired number.
    """

    number: Number
    page: int
    box: BoundingBox
    read: str
    intended: str
    value: Decimal
    statements: tuple[str, ...]
    confidence: float

    @property
    def reason(self) -> str:
        """Why the number was repaired, as the end of a sentence."""
        *first, last = dict.fromkeys(self.statements)
        return f"{', '.join(first)}{' and ' if first else ''}{last}"


@dataclass(frozen=True, slots=True)
class _Option:
    number: Number
    slip: Slip
    value: Decimal
    mended: tuple[Relation, ...]


def find_repair(document: Document, equations: Sequence[Equation]) -> Repair | None:
    """The one repair that the equations call for, if there is exactly one."""
    broken = [equation for equation in equations if not equation.holds]
    if not broken:
        return None
    doubted = _doubted(broken)
    options = [option for number in doubted for option in _options(document, number, equations)]
    if not options:
        return None
    most = max(len(option.mended) for option in options)
    best = [option for option in options if len(option.mended) == most]
    if len({(option.number.place, option.value) for option in best}) > 1:
        return None
    option = best[0]
    if most < _ENOUGH and not (option.slip.usual and _is_only_unsure(option)):
        return None
    return _repair(option) if option.number.path else None


def _doubted(broken: Iterable[Equation]) -> list[Number]:
    """The recognised numbers of equations that do not hold."""
    numbers = {
        number.place: number
        for equation in broken
        for relation in equation.relations
        for number in relation.numbers
        if number.amount.confidence < 1.0
    }
    return list(numbers.values())[:_MOST_DOUBTED]


def _options(document: Document, number: Number, equations: Sequence[Equation]) -> Iterator[_Option]:
    """The slips in a number that make equations hold and none fail."""
    place = number.place
    concerned = [equation for equation in equations if place in equation.places]
    standing = [equation for equation in concerned if equation.holds]
    fallen = [equation for equation in concerned if not equation.holds]
    amount = number.amount
    printed = mend(amount.segment.text)[amount.start : amount.end]
    for slip in slips_of(printed, document.amount_reader.mark):
        value = -slip.value if number.value < 0 else slip.value
        mended = tuple(r for r in (e.relation_with(place, value) for e in fallen) if r is not None)
        if mended and all(equation.holds_with(place, value) for equation in standing):
            yield _Option(number, slip, value, mended)


def _is_only_unsure(option: _Option) -> bool:
    """Whether this number alone looks misread: recognition was not sure of it, or only it has no decimals."""
    number = option.number
    others = [n for relation in option.mended for n in relation.numbers if n.place != number.place]
    if any(other.amount.confidence < SURE for other in others):
        return False
    is_odd = number.amount.decimals != _DECIMALS and all(n.amount.decimals == _DECIMALS for n in others)
    return number.amount.confidence < SURE or is_odd


def _repair(option: _Option) -> Repair:
    amount, slip = option.number.amount, option.slip
    token = _token_at(option)
    text = mend(amount.segment.text)
    start, end = amount.start + slip.start, amount.start + slip.end
    intended = text[token.start : start] + slip.intended + text[end : token.end]
    return Repair(
        number=option.number,
        page=amount.segment.page,
        box=token.box,
        read=token.text,
        intended=intended,
        value=option.value,
        statements=tuple(relation.statement for relation in option.mended),
        confidence=_BORNE_OUT_TWICE if len(option.mended) >= _ENOUGH else _BORNE_OUT_ONCE,
    )


def _token_at(option: _Option) -> Token:
    """The token the slip is in; what is inserted between two belongs to the one before."""
    amount, slip = option.number.amount, option.slip
    start, end = amount.start + slip.start, amount.start + slip.end
    tokens = amount.segment.covered(amount.start, amount.end)
    return next(token for token in tokens if token.start <= start and end <= token.end)


def mended_pages(pages: Sequence[PageReading], repair: Repair) -> list[PageReading]:
    """The pages with the repaired number in place of the misread one."""
    page = pages[repair.page - 1]
    lines = tuple(Line(tuple(_mended_word(word, repair) for word in line.words)) for line in page.lines)
    return [*pages[: repair.page - 1], replace(page, lines=lines), *pages[repair.page :]]


def _mended_word(word: Word, repair: Repair) -> Word:
    """The word itself, unless the repaired number is a part of it."""
    text, box = word.text.strip(), repair.box
    if not text or (word.box.y, word.box.height) != (box.y, box.height):
        return word
    start = round((box.x - word.box.x) / max(word.box.width, 1.0) * len(text))
    if start < 0 or text[start : start + len(repair.read)] != repair.read or word.box.right < box.x:
        return word
    mended = text[:start] + repair.intended + text[start + len(repair.read) :]
    return Word(mended, repair.confidence, word.box)


def is_confirmed(place: Place, equations: Sequence[Equation], before: Sequence[Equation]) -> bool:
    """Whether a reading of the mended pages bears the repair of the number at `place` out."""
    concerned = [equation for equation in equations if place in equation.places]
    broken = sum(not equation.holds for equation in equations)
    return any(e.holds for e in concerned) and broken < sum(not equation.holds for equation in before)

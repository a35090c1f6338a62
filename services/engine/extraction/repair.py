"""A number that was misread is found by the sums it breaks, and only one slip that mends them is repaired.

Only words that were recognised are doubted: a text layer has no such slips. A number is repaired if one
plausible slip in it, and no other slip in this or another number, makes the most equations hold that do not
hold as read, and makes none fail. That takes two equations; one is enough for a usual slip where the number
is the only one in it that recognition was not sure of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from services.engine.extraction.amounts import mend
from services.engine.extraction.document import Document
from services.engine.extraction.equations import Equation, Number, Relation
from services.engine.extraction.layout import Token
from services.engine.extraction.slips import Slip, slips_of
from shared.readings import BoundingBox, Line, PageReading, Word

SURE = 0.97
"""Of numbers that were read right, 97 of 100 are at least as sure; most that were misread are less so."""
_ENOUGH = 2
_DECIMALS = 2
_MOST_DOUBTED = 1500
# Below what was measured on generated documents (docs/accuracy.md), as real ones vary more.
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
    doubtful: bool


def find_repair(document: Document, equations: Sequence[Equation]) -> Repair | None:
    """The one repair that the equations call for, if there is exactly one."""
    broken = [equation for equation in equations if not equation.holds]
    if not broken:
        return None
    options = [o for number in _doubted(broken, equations) for o in _options(document, number, equations)]
    likely = [option for option in options if option.slip.kind != "unlike"]
    best = _only_one(likely) if _most(likely) == _most(options) else _only_one(options)
    if best is None or not _is_credible(best):
        return None
    repair = _repair(best)
    return repair if repair.number.path else None


def _most(options: Iterable[_Option]) -> int:
    return max((len(option.mended) for option in options), default=0)


def _only_one(options: Sequence[_Option]) -> _Option | None:
    """The option that mends the most equations, unless another value mends as many."""
    most = _most(options)
    best = [option for option in options if len(option.mended) == most]
    return best[0] if len({(option.number.place, option.value) for option in best}) == 1 else None


def _doubted(broken: Iterable[Equation], equations: Iterable[Equation]) -> list[Number]:
    """The recognised numbers of equations that do not hold, but for those that another equation bears out."""
    borne_out = {place for equation in equations for place in equation.borne_out}
    numbers = {
        number.place: number
        for equation in broken
        for relation in equation.relations
        for number in relation.numbers
        if number.amount.confidence < 1.0 and number.place not in borne_out
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
        mended = [(e, relation) for e in fallen if (relation := e.relation_with(place, value)) is not None]
        if mended and all(equation.holds_with(place, value) for equation in standing):
            is_doubtful = all(equation.doubtful for equation, _ in mended)
            yield _Option(number, slip, value, tuple(relation for _, relation in mended), is_doubtful)


def _is_credible(option: _Option) -> bool:
    """Two equations bear a repair out; less usual slips and single equations ask for signs of a misreading.

    Such a sign is that recognition was not sure of the number, or that it alone had not two decimals; for a
    single equation it must be the only number of it that recognition was not sure of.
    """
    number, kind = option.number, option.slip.kind
    others = [n for relation in option.mended for n in relation.numbers if n.place != number.place]
    alone = number.amount.decimals != _DECIMALS and all(n.amount.decimals == _DECIMALS for n in others)
    is_odd = alone and option.value.as_tuple().exponent == -_DECIMALS
    looks_misread = number.amount.confidence < SURE or is_odd
    if len(option.mended) >= _ENOUGH:
        return looks_misread or kind != "unlike"
    if option.doubtful or kind != "usual":
        return False
    return looks_misread and all(n.amount.confidence >= SURE for n in others)


def _repair(option: _Option) -> Repair:
    amount, slip = option.number.amount, option.slip
    token = _token_at(option)
    text = mend(amount.segment.text)
    start, end = amount.start + slip.start, amount.start + slip.end
    intended = text[token.start : start] + slip.intended + text[end : token.end]
    numbers = (number for relation in option.mended for number in relation.numbers)
    return Repair(
        number=next(number for number in numbers if number.place == option.number.place),
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


def is_confirmed(repair: Repair, equations: Sequence[Equation]) -> bool:
    """Whether the equations of the mended pages bear a repair out: enough hold, none fails."""
    concerned = [equation for equation in equations if repair.number.place in equation.places]
    return len(concerned) >= len(repair.statements) and all(equation.holds for equation in concerned)

"""The shop of a till receipt: its name, and the address that stands under it.

A receipt has no heading for its shop. What tells the company from logo, slogan, branch and buyer is what
stands around it: a legal form, a registration number, an address below, nothing of the sale above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.engine.extraction.addresses import TextPart, is_contact, is_postal
from services.engine.extraction.document import Document
from services.engine.extraction.joined_words import part_joined_words
from services.engine.extraction.lexicon import Lexicon
from services.engine.extraction.model import Found
from services.engine.extraction.party import PartyFound, address_of, clean_name, found_at
from services.engine.extraction.receipt_lines import (
    HeadLine,
    address_lines,
    has_registration,
    head_lines,
    without_registration,
)
from services.engine.extraction.receipt_names import HEAD_ROWS, ReceiptName, has_number, receipt_names
from services.engine.extraction.text import key_of, letters_in

_LINES_BETWEEN = 3
_WEIGHT = 0.85
_AT_TOP = "The company at the top of the receipt."
_OPERATOR = "The company that the receipt says runs the shop."
_UNDER_NAME = "The lines under the company's name."
# Names without a legal form and addresses without a post code are wrong more often.
_NO_LEGAL_FORM, _NO_POST_CODE = "It has no legal form.", "No post code is among them."
_DOUBT = 0.6
_MEANT = str.maketrans("56801", "SGBOI")
# Two digits may as well be the number of a house: `Kedai 58`.
_SHORTEST_FORM = 3
_SLOGAN = re.compile(r"[!\"“”?]|\.\.")
_BRACKETED = re.compile(r"^\W*\([^)]*\)\W*$")


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: ReceiptName
    address: tuple[HeadLine, ...]
    score: float


def receipt_head(document: Document) -> PartyFound:
    """The company of a receipt: at its top, or named at its foot as the one that runs the shop."""
    if not document.pages:
        return PartyFound()
    lines = head_lines(document, document.pages[0])
    names = list(receipt_names(document, lines))
    weighed = [_weigh(document, lines, name, first=place == 0) for place, name in enumerate(names)]
    best = max(weighed, key=lambda candidate: candidate.score, default=None)
    if best is None or best.score < 0:
        return PartyFound(None, _address(_first_address(document, lines)), None)
    reason, weight = _OPERATOR if best.name.after_operator else _AT_TOP, _WEIGHT
    form = document.lexicon.legal_form_pattern
    printed = _with_legal_form(clean_name(without_registration(best.name.text)), form)
    if not (form.search(printed) or has_registration(best.name.text)):
        reason, weight = f"{reason} {_NO_LEGAL_FORM}", _DOUBT * weight
    value = part_joined_words(printed, document.lexicon.trade_words)
    return PartyFound(
        found_at(best.name.parts[0], value, reason, weight),
        _address(best.address or _first_address(document, lines)),
        None,
    )


def _with_legal_form(name: str, form: re.Pattern[str]) -> str:
    """The name with its last word as a legal form, where letters of it were read as digits: `5/8` for S/B."""
    before, _, last = name.rpartition(" ")
    spelt = last.translate(_MEANT)
    if before and spelt != last and len(last) >= _SHORTEST_FORM and form.fullmatch(spelt):
        return f"{before} {spelt}"
    return name


def _address(lines: Sequence[HeadLine]) -> Found[str] | None:
    parts = tuple(TextPart(line.segment, 0, len(line.text)) for line in lines)
    reason, weight = _UNDER_NAME, 0.9 * _WEIGHT
    if not any(is_postal(part.text) for part in parts):
        reason, weight = f"{reason} {_NO_POST_CODE}", _DOUBT * weight
    return address_of(parts, reason, weight)


def _weigh(document: Document, lines: Sequence[HeadLine], name: ReceiptName, *, first: bool) -> _Candidate:
    """How much speaks for the name; an address of its own counts most, then what only companies have."""
    address, between = _address_below(document, lines, name.place)
    text = clean_name(without_registration(name.text))
    score = 6.0 - between if address else 0.0
    score += 3.0 if document.lexicon.legal_form_pattern.search(text) else 0.0
    score += 2.0 if has_number(lines, name.place, name.text) else 0.0
    sale_above = any(line.is_sale for line in lines[: name.place])
    if name.after_operator:
        # At the foot it is the imprint, at the top often a remark on a shop that has a name of its own.
        score += 3.0 if sale_above else 1.5
    elif sale_above:
        score -= 4.0
    score += _first_line_bonus(document, lines, name) if first else 0.0
    score -= 0.02 * name.place
    above = lines[max(0, name.place - _LINES_BETWEEN) : name.place]
    score -= 6.0 if any(line.has_label("customer", "shipTo") for line in above) else 0.0
    score -= 4.0 if document.lexicon.bank_pattern.search(text) else 0.0
    score -= 4.0 if any(key_of(text) in key_of(line.text) for line in address) else 0.0
    score -= 2.0 if letters_in(document.lexicon.trade_pattern.sub("", text)) == 0 else 0.0
    score -= 2.0 if _SLOGAN.search(text) or _BRACKETED.match(name.text) else 0.0
    return _Candidate(name, address, score)


def _first_line_bonus(document: Document, lines: Sequence[HeadLine], name: ReceiptName) -> float:
    """What the first line has before those between it and the address: more if they are slogans.

    They are if none is larger, names a trade, or has the first line in it, which then is a logo.
    """
    between: list[HeadLine] = []
    for line in lines[name.place + 1 : name.place + 1 + _LINES_BETWEEN]:
        if line.is_address:
            break
        between.append(line)
    own = name.parts[0].segment.box.height
    is_logo = any(
        line.segment.box.height * 0.95 > own
        or key_of(name.text) in key_of(line.text)
        or _has_trade(document.lexicon, line.text)
        for line in between
    )
    return 0.5 if is_logo or _SLOGAN.search(name.text) else 1.2


def _has_trade(lexicon: Lexicon, text: str) -> bool:
    words = {word.lower().strip(",.") for word in text.split()}
    return bool(words & lexicon.trade_words) or lexicon.trade_pattern.search(text) is not None


def _address_below(
    document: Document, lines: Sequence[HeadLine], place: int
) -> tuple[tuple[HeadLine, ...], int]:
    """The address under a name, and how many lines that are neither stand between the two."""
    between = 0
    for number, line in enumerate(lines[place + 1 :], place + 1):
        if line.is_address:
            return tuple(address_lines(document, lines[number:])), between
        if line.is_company_number:
            continue
        between += 1
        if line.has_money or is_contact(line.text) or between > _LINES_BETWEEN:
            break
    return (), 0


def _first_address(document: Document, lines: Sequence[HeadLine]) -> tuple[HeadLine, ...]:
    """The address in the head, or at the foot, of a receipt whose company has none under its name."""
    for place, line in enumerate(lines[:HEAD_ROWS]):
        if line.has_money:
            break
        if line.is_address:
            return tuple(address_lines(document, lines[place:]))
    last = max((place for place, line in enumerate(lines) if line.has_money), default=len(lines))
    for place, line in enumerate(lines[last:], last):
        if line.is_address and not line.is_labelled:
            found = tuple(address_lines(document, lines[place:]))
            if any(is_postal(part.text) for part in found):
                return found
    return ()

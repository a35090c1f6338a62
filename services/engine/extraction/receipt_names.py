"""The texts in a receipt's head and foot that may be the company's name, on one line or on two."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.engine.extraction.addresses import TextPart, is_contact, is_postal
from services.engine.extraction.document import Document
from services.engine.extraction.lexicon import Lexicon
from services.engine.extraction.named_in_text import PARTICLES
from services.engine.extraction.party import clean_name
from services.engine.extraction.receipt_lines import HeadLine, has_registration, without_registration
from services.engine.extraction.text import digits_in, key_of, letters_in, plain

HEAD_ROWS = 14
_SAME_SIZE = 1.13
_SIMILAR_SIZE = 1.3
# A shop's sign in usual heights of the receipt's lines, and how many of its own heights its lines are apart.
_DISPLAY, _CLOSE = 1.25, 1.7
_PHONE_BEHIND = re.compile(r"[\s,–—-]+(?:tel\S*\s*)?[+(]?\d[\d\s()./–-]{6,}\d$", re.IGNORECASE)
_SLOGAN = re.compile(r"[!\"“”?]|\.\.")


@dataclass(frozen=True, slots=True)
class ReceiptName:
    """A text of one or two lines that may be the company's name; `place` is that of its last line."""

    parts: tuple[TextPart, ...]
    place: int
    after_operator: bool = False

    @property
    def text(self) -> str:
        return " ".join(part.text for part in self.parts)


def receipt_names(document: Document, lines: Sequence[HeadLine]) -> Iterator[ReceiptName]:
    """Everything that may be the company's name, in reading order."""
    continued = -1
    for place, line in enumerate(lines):
        operator = _operator_name(document, lines, place)
        if operator is not None:
            continued = operator.place
            yield operator
        elif place > continued and _may_be_name(document, lines, place):
            end = _end_of_name(document.lexicon, line.text)
            name = _extended(document.lexicon, lines, place, TextPart(line.segment, 0, end))
            continued = name.place
            yield name


def _end_of_name(lexicon: Lexicon, text: str) -> int:
    """Where the name ends in a line that goes on: with an address, a telephone number or the capital."""
    form = lexicon.legal_form_pattern.search(text)
    if form is not None and text[form.end() :].startswith(",") and is_postal(text[form.end() :]):
        return form.end()
    behind = lexicon.after_name_pattern.search(text) or _PHONE_BEHIND.search(text)
    return behind.start() if behind is not None and behind.start() > 0 else len(text)


def _may_be_name(document: Document, lines: Sequence[HeadLine], place: int) -> bool:
    """In the head any line that is nothing else; below it a company with its legal form and its number."""
    line = lines[place]
    if not _is_plain(document.lexicon, line):
        return False
    if place < HEAD_ROWS and not any(above.has_money for above in lines[:place]):
        return True
    return bool(document.lexicon.legal_form_pattern.search(line.text)) and has_number(lines, place, line.text)


def _is_plain(lexicon: Lexicon, line: HeadLine) -> bool:
    """Whether the line reads like a name and is nothing that stands around one."""
    if line.is_address or line.is_sale or line.is_labelled or line.is_company_number:
        return False
    return _reads_like_name(line.text) and not lexicon.owner_pattern.match(line.text)


def _reads_like_name(text: str) -> bool:
    name = clean_name(without_registration(text))
    letters = letters_in(name)
    return letters >= 4 and letters > digits_in(name) and not is_contact(name)


def _operator_name(document: Document, lines: Sequence[HeadLine], place: int) -> ReceiptName | None:
    """The company named after "Operated by", in the same line or the next."""
    line = lines[place]
    hit = next((hit for hit in line.hits if hit.is_label("operator")), None)
    if hit is None:
        return None
    rest = TextPart(line.segment, hit.end, len(line.text))
    if _reads_like_name(rest.text):
        return _extended(document.lexicon, lines, place, rest, after_operator=True)
    if place + 1 == len(lines) or not _reads_like_name(lines[place + 1].text):
        return None
    below = lines[place + 1]
    part = TextPart(below.segment, 0, len(below.text))
    return _extended(document.lexicon, lines, place + 1, part, after_operator=True)


def _extended(
    lexicon: Lexicon, lines: Sequence[HeadLine], place: int, part: TextPart, *, after_operator: bool = False
) -> ReceiptName:
    """The name with the next line, if that continues it."""
    if place + 1 < len(lines):
        below = lines[place + 1]
        apart = below.segment.box.center_y - part.segment.box.center_y
        near = apart < 2.5 * max(part.segment.box.height, below.segment.box.height)
        if near and (
            _continues(lexicon, part.text, below)
            or _wraps(lexicon, lines, part, below)
            or _says_trade(lexicon, part, below)
            or _is_one_name(lexicon, lines, part, below)
        ):
            more = TextPart(below.segment, 0, len(below.text))
            return ReceiptName((part, more), place + 1, after_operator)
    return ReceiptName((part,), place, after_operator)


def _continues(lexicon: Lexicon, first: str, below: HeadLine) -> bool:
    """Whether a name goes on in the next line: with the legal form or a part of it, or after "&"."""
    second = below.text
    if has_registration(first) or below.is_sale:
        return False
    form = lexicon.legal_form_pattern
    own = without_registration(second)
    if any(m.start() < len(first) < m.end() for m in form.finditer(f"{first} {own}")):
        return True
    rest = form.sub("", re.sub(r"\([^)]*\)", "", own))
    if form.search(own) and not letters_in(lexicon.trade_pattern.sub("", form.sub("", own))):
        return True
    if re.search(r"\w", own) and not re.search(r"\w", lexicon.country_pattern.sub("", plain(rest))):
        return True
    return first.rstrip().endswith(("&", "+")) and _reads_like_name(second)


def _wraps(lexicon: Lexicon, lines: Sequence[HeadLine], part: TextPart, below: HeadLine) -> bool:
    """Whether the next line is of the same size and its first word had no room at the end of this one."""
    if not _is_plain(lexicon, below) or has_registration(part.text):
        return False
    if any(match.end() == len(part.text) for match in lexicon.legal_form_pattern.finditer(part.text)):
        return False
    boxes = [line.row.box for line in lines]
    room = max(box.right for box in boxes) - min(box.x for box in boxes)
    needed = part.segment.box.width + below.segment.tokens[0].box.width
    size = part.segment.box.height / max(below.segment.box.height, 1.0)
    return needed > room and 1 / _SAME_SIZE < size < _SAME_SIZE


def _says_trade(lexicon: Lexicon, part: TextPart, below: HeadLine) -> bool:
    """Whether the line only says the trade of whoever is named in the next: "Bäckerei" above "Untermoser"."""
    only_trade = key_of(part.text) in lexicon.trade_names or not letters_in(
        lexicon.trade_pattern.sub("", part.text)
    )
    if not only_trade or not _is_plain(lexicon, below):
        return False
    size = part.segment.box.height / max(below.segment.box.height, 1.0)
    return 1 / _SIMILAR_SIZE < size < _SIMILAR_SIZE


def _is_one_name(lexicon: Lexicon, lines: Sequence[HeadLine], part: TextPart, below: HeadLine) -> bool:
    """Whether two lines of one size, close together, are one name.

    They are where the first cannot end there, where the second has one word and the legal form, and where
    both are larger than the rest of the receipt.
    """
    form = lexicon.legal_form_pattern
    if not _is_plain(lexicon, below) or form.search(part.text) or has_registration(part.text):
        return False
    if _SLOGAN.search(part.text + below.text) or not _are_alike(part, below):
        return False
    words = [{key_of(word) for word in text.split()} for text in (part.text, below.text)]
    if words[0] & words[1]:
        return False  # a brand, and the company named after it
    if part.text.split()[-1].lower() in PARTICLES:
        return True
    second = without_registration(below.text)
    own = form.sub("", second).split()
    if form.search(second):
        ends = bool(own) and second.startswith(own[0])  # "SAS VERLAINE" is whole
        return ends and len(own) == 1 and len(words[0]) > 1 and not _ends_in_trade(lexicon, part.text)
    usual = statistics.median(line.segment.box.height for line in lines)
    return min(part.segment.box.height, below.segment.box.height) > _DISPLAY * usual


def _ends_in_trade(lexicon: Lexicon, text: str) -> bool:
    """Whether the text ends in what shops call themselves, and so is whole."""
    trades = [match.end() for match in lexicon.trade_pattern.finditer(text)]
    return text.rsplit(maxsplit=1)[-1].lower() in lexicon.trade_words or len(text) in trades


def _are_alike(part: TextPart, below: HeadLine) -> bool:
    """Whether two lines are of one size, close together, and begin or are centred alike."""
    one, other = part.segment.box, below.segment.box
    short, tall = sorted((one.height, other.height))
    shift = min(abs(one.x - other.x), abs(one.center_x - other.center_x))
    return tall < _SAME_SIZE * short and shift < tall and other.center_y - one.center_y < _CLOSE * tall


def has_number(lines: Sequence[HeadLine], place: int, name: str) -> bool:
    """Whether the company's registration number stands behind its name or in the next line."""
    return has_registration(name) or (place + 1 < len(lines) and lines[place + 1].is_registration)

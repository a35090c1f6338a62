"""How names are printed: in a sender's line, with particulars, on two lines, and what looks like one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.engine.extraction.addresses import TextPart, column_below, is_postal
from services.engine.extraction.document import Document
from services.engine.extraction.layout import Segment
from services.engine.extraction.lexicon import Lexicon
from services.engine.extraction.text import digits_in, letters_in, plain

_HOUSE_NUMBER = re.compile(r"[^\W\d_]{3}[.,]?\s+\d{1,4}\s?[a-zA-Z]?$")
_DASH = re.compile(r"\s[-–—]\s")
_NUMBER_BEFORE_TOWN = re.compile(r"\d{1,4}\s?[a-zA-Z]?\s?[-–—]\s?(?:[A-Z]{1,2}-)?\d{4,5} [^\W\d_]")
# A court's register and its number: "AG Ulm HRA 4418".
_REGISTER = re.compile(r"\b(?:HR[AB]|PR|GnR|VR|REA|KvK|RCS)\s?\d{2}")
_SHORTEST_OWN_NAME = 3
# The furthest an address stands under a name, from middle to middle, in heights of a line.
_CLOSE = 4.0


def names_register(text: str) -> bool:
    """Whether the text is an entry in a register of companies."""
    return _REGISTER.search(text) is not None


def ends_in_house_number(text: str) -> bool:
    """Whether the text reads "Lange Lende 18", be that a street or not."""
    return _HOUSE_NUMBER.search(text) is not None


def name_in_sender_line(document: Document, parts: Sequence[TextPart]) -> int | None:
    """Which part of a line of name, street and town is the name: that with a legal form, else the first.

    Under a company's name on a line of its own, the line is no more than its address.
    """
    if len(parts) < 3 or not is_postal(parts[0].segment.text):
        return None
    form, bank = document.lexicon.legal_form_pattern, document.lexicon.bank_pattern
    first = None if _stands_under_company(document, parts[0].segment) else 0
    return next(
        (
            place
            for place, part in enumerate(parts)
            if form.search(part.text) and not (bank.search(part.text) or names_register(part.text))
        ),
        first,
    )


def _stands_under_company(document: Document, line: Segment) -> bool:
    """Whether the nearest line above begins, ends or is centred alike and is a name with its legal form."""
    for row in reversed(document.page(line.page).rows[: line.row]):
        for above in row.segments:
            one, other = above.box, line.box
            height = max(one.height, other.height)
            if other.center_y - one.center_y > _CLOSE * height:
                continue
            shift = min(
                abs(one.x - other.x), abs(one.right - other.right), abs(one.center_x - other.center_x)
            )
            if shift < height:
                return document.lexicon.legal_form_pattern.search(above.text) is not None
        if line.box.center_y - row.box.center_y > 2 * _CLOSE * line.box.height:
            break
    return False


def name_of_joined_parts(document: Document, parts: Sequence[TextPart]) -> TextPart | None:
    """The whole line, where all its parts are one name: "DR. ASTFELD · ROSSHAUPT · PARTNER mbB".

    What stands between a dash and the legal form may be one word, a trade: "Rigor – Contabilidade, Lda".
    """
    segment = parts[0].segment
    form = document.lexicon.legal_form_pattern
    if len(parts) < 2 or digits_in(segment.text):
        return None
    last = form.search(parts[-1].text)
    words = parts[-1].text[: last.start()].split() if last is not None else []
    dashed = len(parts) == 2 and len(words) == 1 and _DASH.search(segment.text) is not None
    is_one = last is not None and last.end() == len(parts[-1].text) and (not words or dashed)
    return TextPart(segment, 0, len(segment.text)) if is_one else None


def is_street_of_town(document: Document, parts: Sequence[TextPart], place: int) -> bool:
    """Whether the part ends in a house number, and post code and town follow it beside or below."""
    part = parts[place]
    following = " - ".join(other.text for other in parts[place + 1 : place + 3])
    if _NUMBER_BEFORE_TOWN.match(following):
        return True  # "Corso Torino, 4 – 16129 Genova"
    if not ends_in_house_number(part.text):
        return False
    if place + 1 < len(parts):
        return is_postal(parts[place + 1].text)
    below = column_below(document, part.segment, part.segment.box.x, most=1)
    return bool(below) and is_postal(below[0].text)


def up_to_town(lexicon: Lexicon, parts: Sequence[TextPart]) -> tuple[TextPart, ...]:
    """The parts of a line up to post code and town, and the country behind; empty without a post code."""
    town = next((place for place, part in enumerate(parts) if is_postal(part.text)), None)
    if town is None:
        return ()
    behind = parts[town + 1 : town + 2]
    country = [part for part in behind if lexicon.country_pattern.fullmatch(plain(part.text))]
    return (*parts[: town + 1], *country)


def form_below(document: Document, part: TextPart) -> TextPart | None:
    """The line under a name that completes it: its legal form, its profession, or both."""
    segment = part.segment
    if part.end < len(segment.text.rstrip(" ,;|")) or part.start > 0:
        return None
    for row in document.page(segment.page).rows[segment.row + 1 :]:
        if row.box.center_y - segment.box.center_y > 2.5 * segment.box.height:
            return None
        for other in row.segments:
            edges = (other.box.x - segment.box.x, other.box.right - segment.box.right)
            shift = min(*map(abs, edges), abs(other.box.center_x - segment.box.center_x))
            if shift < segment.box.height:
                completing = without_particulars(document, TextPart(other, 0, len(other.text)))
                return completing if completes_name(document.lexicon, completing.text) else None
    return None


def completes_name(lexicon: Lexicon, text: str) -> bool:
    """Whether the text is a legal form, a profession, or a profession with its legal form."""
    profession = lexicon.profession_pattern.match(text)
    rest = text[profession.end() :].strip() if profession else text
    return (profession is not None and not rest) or lexicon.legal_form_pattern.fullmatch(rest) is not None


def names_trade(lexicon: Lexicon, text: str) -> bool:
    """Whether the text is a trade with a name to it: "Tischlerei Kornelius Abt"."""
    trade = lexicon.trade_pattern.search(text)
    if trade is None:
        return False
    rest = f"{text[: trade.start()]} {text[trade.end() :]}".split()
    return any(letters_in(word) >= _SHORTEST_OWN_NAME and word[0].isupper() for word in rest)


def without_particulars(document: Document, part: TextPart) -> TextPart:
    """The name alone: without "Inh." before it, or capital or register behind it."""
    owner = document.lexicon.owner_pattern.match(part.segment.text, part.start, part.end)
    start = owner.end() if owner and part.start > 0 else part.start
    match = document.lexicon.after_name_pattern.search(part.segment.text, start, part.end)
    return TextPart(part.segment, start, match.start() if match and match.start() > start else part.end)

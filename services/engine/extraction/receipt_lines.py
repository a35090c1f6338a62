"""The lines of a till receipt's head and foot, and what each of them is: address, company number, sale."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.engine.extraction.addresses import is_contact, is_postal
from services.engine.extraction.amounts import Amount
from services.engine.extraction.document import Document
from services.engine.extraction.labels import Hit
from services.engine.extraction.layout import PageLayout, Row, Segment
from services.engine.extraction.lexicon import Lexicon
from services.engine.extraction.name_lines import ends_in_house_number
from services.engine.extraction.text import digits_in, letters_in, plain

# Company numbers: (519537-X), 002062543-P (KLG), (200501379308 (1020960-K)), (509213A), (JM0517726).
_NUMBER = r"(?:\d{12}\s*\(?\s*)?[A-Z]{0,2}\d{5,}(?:\s*[-·]?\s*[A-Z]{1,2})?"
_REGISTRATION_LINE = re.compile(rf"[(\[]?\s*{_NUMBER}\s*[)\]]*(?:\s*\([A-Z]{{2,4}}\))?\W*")
_REGISTRATION_TAIL = re.compile(
    rf"\s*[(\[]\s*(?:[A-Za-z.]+[\s.:]+){{0,4}}{_NUMBER}\s*[)\]].*$|\s+(?:\d{{12}}\s*\()?\d{{5,}}\s*-\s*[A-Z]\b.*$"
)
_HOUSE_NUMBER = re.compile(r"^\W{0,2}\d{1,5}[A-Z]?(?:\s?[-–&/]\s?\d{1,4}[A-Z]?)*[\s,.]+[^\W\d_]{2}")
_NUMBERED = re.compile(r"^\W{0,2}no\b[\s.:]*[A-Z]{0,3}[-\s]?\d(?!\d{3,}\W*$)", re.IGNORECASE)
# Post codes in which a letter or a zero was misread: Y022 4QQ, 4115O KLANG.
_MISREAD_CODE = re.compile(
    r"\b[A-Z][A-Z0]?\d[A-Z\d]? ?[\dO][A-Z]{2}\b|\b(?=\d{3})[\dO]{5}[ ,]{1,2}[^\W\d_]{2}"
)
# Its letters may be those of a legal form: 1811 AB Alkmaar.
_DUTCH_CODE = re.compile(r"(?<![\d.,])\d{4} ?[A-Z]{2}\b(?= ?[^\W\d_])")
_CODE_AT_END = re.compile(r"(?<!\d)\d{5}[.,]?$")
_REGISTRATION_LABEL = re.compile(
    r"\W*(?:co|company|comp|business|reg|registration|roc|ssm|brn|uen|siret|siren|hrb|kvk|krs|regon)\b[^\d]{0,20}"
    r"[A-Z]{0,2}\d",
    re.IGNORECASE,
)
_SALE = ("number", "date", "weakDate")
_TAX_NUMBER = ("taxNumber", "vatId")
# Labels that an address line may begin with: "No. 2, Station Road".
_ADDRESS_LABELS = frozenset({"address", "name", "weakNumber"})
# Pieces of a row nearer than this, in heights of a line, are one text with a wide blank in it.
_WIDE_BLANK = 3.0
_MOST_LINES = 7
_LETTERS_OF_NAME = 6
_STEP = 2.8
_STEP_AFTER_TOWN = 1.6


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A row of a receipt read as one text; `hits` are the labels it begins with."""

    segment: Segment
    row: Row
    hits: tuple[Hit, ...]
    is_address: bool
    has_money: bool
    has_date: bool

    @property
    def text(self) -> str:
        return self.segment.text

    @property
    def is_registration(self) -> bool:
        """Whether the line holds the company's registration number and nothing else."""
        return bool(_REGISTRATION_LINE.fullmatch(self.text) or _REGISTRATION_LABEL.match(self.text))

    @property
    def is_company_number(self) -> bool:
        """Whether the line holds the company's registration or tax number."""
        return self.is_registration or self.has_label(*_TAX_NUMBER)

    @property
    def is_sale(self) -> bool:
        """Whether the line is about the purchase: its number, its date, its prices."""
        return self.has_money or self.has_date or self.has_label(*_SALE)

    @property
    def is_labelled(self) -> bool:
        """Whether it begins with a label that no address begins with, or is a title."""
        return any(hit.concepts("labels") - _ADDRESS_LABELS or hit.concepts("kinds") for hit in self.hits)

    def has_label(self, *concepts: str) -> bool:
        return any(hit.is_label(*concepts) for hit in self.hits)


def head_lines(document: Document, page: PageLayout) -> list[HeadLine]:
    """Every row of the page as a line, top to bottom."""
    lines = [_line(document, page, row) for row in page.rows]
    for place in range(1, len(lines) - 1):
        line, below = lines[place : place + 2]
        if ends_in_house_number(line.text) and _has_code(below.text) and not line.is_sale:
            lines[place] = replace(line, is_address=True)
    return lines


def without_registration(text: str) -> str:
    """A company's name without the registration number printed behind it."""
    return _REGISTRATION_TAIL.sub("", text)


def has_registration(text: str) -> bool:
    """Whether a registration number stands behind the name in the same line."""
    return _REGISTRATION_TAIL.search(text) is not None


def address_lines(document: Document, lines: Sequence[HeadLine]) -> list[HeadLine]:
    """The lines of the address that begins with the first of `lines`."""
    taken = list(_until_something_else(document, lines[:_MOST_LINES]))
    town = max((place for place, line in enumerate(taken) if _has_code(line.text)), default=len(taken))
    for place in range(town + 1, len(taken)):
        if not _goes_on(document, taken[place - 1], taken[place]):
            taken = taken[:place]
            break
    while taken and not (taken[-1].is_address or is_region(document.lexicon, taken[-1].text)):
        taken.pop()
    return taken


def is_region(lexicon: Lexicon, text: str) -> bool:
    """Whether the line names states or countries and nothing else."""
    rest = lexicon.country_pattern.sub("", plain(text))
    return rest != plain(text) and letters_in(rest) <= 2 and not digits_in(rest)


def _until_something_else(document: Document, lines: Sequence[HeadLine]) -> Iterator[HeadLine]:
    previous: HeadLine | None = None
    for line in lines:
        if line.is_company_number or line.is_sale or line.is_labelled or is_contact(line.text):
            return
        if previous is not None and _step(document, previous, line) > _STEP:
            return
        yield line
        previous = line


def _step(document: Document, above: HeadLine, line: HeadLine) -> float:
    """How far down the next line stands, in heights of a line."""
    down = line.segment.box.center_y - above.segment.box.center_y
    return down / document.page(line.row.page).line_height


def _goes_on(document: Document, above: HeadLine, line: HeadLine) -> bool:
    """Whether a line under the post code's is still of the address and not, say, the name of the branch."""
    if digits_in(line.text) or _step(document, above, line) > _STEP_AFTER_TOWN:
        return False
    if is_region(document.lexicon, line.text) or above.text.rstrip().endswith(","):
        return True
    names_place = "," in line.text or bool(document.lexicon.countries_in(line.text))
    return names_place and _CODE_AT_END.search(above.text) is not None


def _line(document: Document, page: PageLayout, row: Row) -> HeadLine:
    segments = list(row.segments[:1])
    for segment in row.segments[1:]:
        far = segment.box.x - segments[-1].box.right > _WIDE_BLANK * page.line_height
        if far or document.labels.starts_with_label(segment):
            break
        segments.append(segment)
    first, *more = segments
    if more:
        first = Segment.of_tokens(row.page, row.index, [t for segment in segments for t in segment.tokens])
    leading = document.labels.within(segments[0])
    has_date = any(document.dates_in(segment) for segment in row.segments)
    return HeadLine(
        segment=first,
        row=row,
        hits=tuple(hit for hit in leading if hit.start <= 2 and hit.stands_as_label),
        is_address=not has_date and _is_address(document.lexicon, first.text),
        has_money=_has_money(document, row),
        has_date=has_date,
    )


def _has_code(text: str) -> bool:
    """Whether the line holds a post code with its place, if perhaps with a misread character."""
    return is_postal(text) or _MISREAD_CODE.search(text) is not None


def _has_money(document: Document, row: Row) -> bool:
    """Whether the row holds a price; that in a name such as "Two 2.20 Shop Ltd" or "RM2 Store" is none."""
    amounts = [amount for amount in document.row_amounts(row) if amount.is_money]
    return any(
        not (_is_in_name(document.lexicon, row, amount) or _numbers_place(document.lexicon, amount))
        for amount in amounts
    )


def _numbers_place(lexicon: Lexicon, amount: Amount) -> bool:
    """Whether the number is that of a shop or a floor: "Lot 2.07, Plaza Utara"."""
    before = amount.segment.text[: amount.start].rstrip(" .:-").split()
    return bool(before) and lexicon.place_pattern.fullmatch(before[-1]) is not None


def _is_in_name(lexicon: Lexicon, row: Row, amount: Amount) -> bool:
    behind = amount.segment.text[amount.end :]
    capital = lexicon.after_name_pattern.search(amount.segment.text)
    if capital is not None and capital.start() < amount.start:
        return True  # "SAS au capital de 8 000 €"
    if lexicon.legal_form_pattern.search(behind):
        return True
    leads = len(row.segments) == 1 and amount.start == 0 and amount.decimals == 0
    return leads and letters_in(behind) >= _LETTERS_OF_NAME


def _is_address(lexicon: Lexicon, text: str) -> bool:
    """Whether the line reads like a part of an address: a post code, a street, a house, a place."""
    if letters_in(text) < 2 or has_registration(text):
        return False
    place = lexicon.place_pattern.search(text)
    legal = lexicon.legal_form_pattern.search(_DUTCH_CODE.sub("", text)) is not None
    if place is not None and (place.start() <= 1 or digits_in(text) or "," in text) and not legal:
        return True
    if _has_code(text) or lexicon.street_pattern.match(text):
        return not legal or place is not None
    numbered = bool(digits_in(text)) and ("," in text or _HOUSE_NUMBER.match(text) or _NUMBERED.match(text))
    region = "," in text and bool(lexicon.countries_in(text))
    return not legal and (bool(numbered) or region or text.rstrip().endswith(","))

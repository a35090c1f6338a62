"""The party under a heading such as "Bill to": its name, its address and its tax id."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from services.engine.extraction.addresses import (
    TextPart,
    column_below,
    is_contact,
    is_postal,
    is_table_head,
    lines_ending_below,
)
from services.engine.extraction.document import Document
from services.engine.extraction.identifiers import find_vat_ids
from services.engine.extraction.labels import Hit
from services.engine.extraction.layout import Segment
from services.engine.extraction.party import is_desk, is_street
from services.engine.extraction.text import digits_in, letters_in

_PARTIES = ("supplier", "customer", "shipTo")
_STOP_CONCEPTS = (
    *_PARTIES, "number", "date", "weakDate", "dueDate", "total", "subtotal",
    "paymentTerms", "order", "due", "deliveryDate", "currency", "iban", "bic", "tax",
)  # fmt: skip
_SKIP_CONCEPTS = ("contact", "otherNumber", "taxNumber", "weakNumber", "vatId")
# Below the town, a word that no vocabulary knows announces something else.
# In heights of a line.
_WIDEST_STEP = 1.7
_UNKNOWN_LABEL = re.compile(r"[^,:]{2,40}:\s*\S")


@dataclass(frozen=True)
class Section:
    """The lines that belong to a party: the name, the address lines, and its tax id."""

    name: tuple[TextPart, ...]
    address: tuple[TextPart, ...]
    tax_id: TextPart | None

    @property
    def name_text(self) -> str:
        return " ".join(part.text for part in self.name)

    @property
    def up_to_town(self) -> tuple[TextPart, ...]:
        """The lines of the address up to the post code; none where none has one."""
        town = next((place for place, part in enumerate(self.address) if is_postal(part.text)), -1)
        return self.address[: town + 1]


def section_at(document: Document, hit: Hit) -> Section:
    """The party that a heading such as "Bill to" introduces, below it or right of it."""
    labels = document.labels
    own = labels.after(hit)
    if own is not None and _is_said_twice(own.text):
        own = None  # the heading again in another language, which need not be known or well read
    if own is not None and (not hit.stands_as_label or not letters_in(own.text)):
        return Section((), (), None)  # running text, or the party's number
    if own is not None:
        lines = [TextPart(own.segment, own.start, own.end)]
        left = own.segment.box_of(own.start + len(own.text) - len(own.text.lstrip(" :")), own.end).x
        more = column_below(document, hit.segment, left) or column_below(document, hit.segment, _left_of(hit))
        return _interpret(document, lines, more)
    return _section_near(document, hit)


def _is_said_twice(text: str) -> bool:
    """Whether what follows a heading is the heading again: "Nabywca / Buyer"."""
    return text.lstrip().startswith("/")


def _left_of(hit: Hit) -> float:
    """Where the heading begins, that of a second language where the first begins."""
    return hit.segment.box.x if _is_said_twice(hit.text) else hit.box.x


def _section_near(document: Document, hit: Hit) -> Section:
    """The party below a heading that stands alone, or right of it."""
    below = _lines_under(document, hit)
    right = document.labels.right(hit, reach=0.35)
    if right is not None and _begins_section(document, right.segment):
        right = None
    if right is not None and below and _are_listed(document, right.segment, below[0]):
        return Section((), (), None)
    if right is not None and is_postal(right.text):
        return _interpret(document, [TextPart(right.segment, right.start, right.end)], [])
    if below and not _stops(document, below[0]) and not is_table_head(document, below[0]):
        return _interpret(document, [], below)
    if right is not None:
        lines = [TextPart(right.segment, right.start, right.end)]
        return _interpret(document, lines, column_below(document, right.segment, right.segment.box.x))
    return Section((), (), None)


def _lines_under(document: Document, hit: Hit) -> list[Segment]:
    """The lines that begin where the heading begins, or nearer ones that end where it ends."""
    below = column_below(document, hit.segment, _left_of(hit))
    ending = lines_ending_below(document, hit.segment)
    return ending if ending and (not below or ending[0].row < below[0].row) else below


def _are_listed(document: Document, number: Segment, below: Segment) -> bool:
    """Whether a heading is the label of a number, in a list of labels that goes on with the line below."""
    if letters_in(number.text) or is_postal(number.text):
        return False
    beside = document.labels.row_of(below).segments[below.index + 1 :]
    height = document.page(below.page).line_height
    return any(
        min(abs(other.box.x - number.box.x), abs(other.box.right - number.box.right)) < height
        for other in beside
    )


def _is_something_else(document: Document, above: Segment, line: Segment) -> bool:
    """Whether a line below the town stands apart from the block, among prices, or is a title."""
    apart = line.box.center_y - above.box.center_y
    if apart > _WIDEST_STEP * max(document.page(line.page).line_height, above.box.height):
        return True
    titled = any(hit.first == 0 and hit.concepts("kinds") for hit in document.labels.within(line))
    return titled or document.has_money(document.labels.row_of(line))


def _begins_section(document: Document, segment: Segment) -> bool:
    """Whether the segment is the heading of a party in two languages."""
    return any(
        hit.first == 0 and hit.is_label(*_PARTIES) and _is_said_twice(segment.text[hit.end :])
        for hit in document.labels.within(segment)
    )


def _stops(document: Document, segment: Segment) -> bool:
    return _begins_section(document, segment) or any(
        hit.first == 0
        and hit.stands_as_label
        and hit.is_label(*_STOP_CONCEPTS)
        and not hit.is_label("name", "address", *_SKIP_CONCEPTS)
        for hit in document.labels.within(segment)
    )


@dataclass
class _SectionReader:
    """Sorts the lines of a party into name, address and tax id."""

    document: Document
    name: TextPart | None = None
    tax_id: TextPart | None = None
    address: list[TextPart] = field(default_factory=list)
    in_one_line: bool = False
    is_person: bool = False

    def take(self, part: TextPart) -> None:
        """A line at a label takes the label's meaning; the first other line is the name."""
        label = self._label_of(part)
        value = _value_of(self.document, label) if label is not None else None
        if label is not None and label.is_label("attention"):
            self.name = self.name or value
        elif label is not None and label.is_label("vatId", "customerVatId"):
            self.tax_id = self.tax_id or value
        elif label is not None and value is not None and label.is_label("name", "address"):
            self._take_labelled(label, value)
        elif label is not None and label.is_label("name", "address") and label.text.strip() == part.text:
            return  # the printed label of a form, over its value
        elif label is None and _UNKNOWN_LABEL.match(part.text) and (self.is_complete or _vat_id_in(part)):
            self.tax_id = self.tax_id or _vat_id_in(part)
        elif (label is None or not label.is_label(*_SKIP_CONCEPTS)) and not is_contact(part.text):
            self._take_plain(part)

    @property
    def is_complete(self) -> bool:
        """Whether there is a line with a post code, after which no more than the country is expected."""
        return any(is_postal(line.text) for line in self.address)

    def _label_of(self, part: TextPart) -> Hit | None:
        label = next((h for h in self.document.labels.within(part.segment) if h.start >= part.start), None)
        at_start = label is not None and label.start <= part.start + 1 and label.stands_as_label
        return label if at_start else None

    def _take_labelled(self, label: Hit, value: TextPart) -> None:
        if not label.is_label("name") or self.name is not None:
            self.address.append(value)
            return
        above = _line_above(self.document, value.segment, label)
        names = [_as_name(self.document, line) for line in (above, value) if line is not None]
        self.name, *rest = [line for line in names if line is not None] or [value]
        self.address += rest

    def _take_plain(self, part: TextPart) -> None:
        if self.in_one_line:
            return
        if self.name is None and not self.address:
            if is_street(self.document.lexicon, part.text):
                self.address.append(part)
                return
            name, address = _parted(self.document, part)
            self.name = _as_name(self.document, name)
            self.is_person = self.name is not None and self.name != name
            if address is not None:
                self.address.append(address)
                self.in_one_line = True
        elif letters_in(part.text) + digits_in(part.text) >= 2:
            self.address.append(part)


def _interpret(document: Document, lines: list[TextPart], below: list[Segment]) -> Section:
    """The section of these lines, up to the first that is about something else."""
    reader = _SectionReader(document)
    for part in lines:
        reader.take(part)
    for above, segment in zip([None, *below], below, strict=False):
        if _stops(document, segment) or (is_table_head(document, segment) and (reader.name or lines)):
            break
        if reader.is_complete and above is not None and _is_something_else(document, above, segment):
            break
        reader.take(TextPart(segment, 0, len(segment.text)))
    names = [reader.name] if reader.name is not None else []
    address = reader.address
    if names and address and _continues_name(document, names[0].text, address[0].text):
        # A person with a title is no part of the name of the company in the next line.
        names = [*([] if reader.is_person else names), address.pop(0)]
    return Section(tuple(names), tuple(address), reader.tax_id)


def _parted(document: Document, line: TextPart) -> tuple[TextPart, TextPart | None]:
    """Name and address of a line that holds both: "Name, Street 5, 12345 Town"; else the line alone."""
    text = line.segment.text
    form = document.lexicon.legal_form_pattern.search(text, line.start, line.end)
    comma = text.find(",", form.end() if form else line.start, line.end)
    if comma < 0 or not is_postal(text[comma : line.end]) or digits_in(text[line.start : comma]):
        return line, None
    return TextPart(line.segment, line.start, comma), TextPart(line.segment, comma + 1, line.end)


def _continues_name(document: Document, first: str, second: str) -> bool:
    """A name goes on in the next line when only that line has the legal form, or is nothing else."""
    form = document.lexicon.legal_form_pattern
    if form.fullmatch(second):
        return True
    return not form.search(first) and bool(form.search(second)) and digits_in(second) == 0


def _line_above(document: Document, value: Segment, label: Hit) -> TextPart | None:
    """The first line of a value of two lines beside a label that is centred between them."""
    if value.row == 0:
        return None
    above = document.page(value.page).rows[value.row - 1]
    height = document.page(value.page).line_height
    if value.box.center_y - above.box.center_y > 1.5 * height or len(above.segments) != 1:
        return None
    line = above.segments[0]
    aligned = line.box.x > label.box.right and abs(line.box.x - value.box.x) < height
    return TextPart(line, 0, len(line.text)) if aligned and not document.labels.within(line) else None


def _vat_id_in(part: TextPart) -> TextPart | None:
    for found in find_vat_ids(part.segment):
        if found.start >= part.start:
            return TextPart(part.segment, found.start, part.end)
    return None


def _value_of(document: Document, label: Hit) -> TextPart | None:
    slot = document.labels.after(label) or document.labels.right(label)
    if slot is None or (slot.segment is not label.segment and _are_heads(document, label, slot.segment)):
        return None
    return TextPart(slot.segment, slot.start, slot.end)


def _are_heads(document: Document, label: Hit, beside: Segment) -> bool:
    """Whether a label and what stands beside it are the heads of two fields of a form, values below them."""
    under = [column_below(document, head, head.box.x, most=1) for head in (label.segment, beside)]
    if not all(under) or document.labels.starts_with_label(under[0][0]):
        return False  # a list of labels, their values beside them
    return under[0][0].row == under[1][0].row and under[0][0] is not under[1][0]


def _as_name(document: Document, part: TextPart) -> TextPart | None:
    """The part without a salutation; None for a line that is only one."""
    if letters_in(part.text) < 2 or part.text.startswith("(") or is_desk(document.lexicon, part.text):
        return None
    text = part.segment.text[part.start : part.end]
    match = document.lexicon.salutation_pattern.match(text + " ")
    if match is None:
        return part
    rest = TextPart(part.segment, min(part.start + match.end(), part.end), part.end)
    return rest if letters_in(rest.text) >= 2 else None

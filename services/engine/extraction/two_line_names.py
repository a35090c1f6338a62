"""Names of companies that are printed on two lines."""

from __future__ import annotations

from services.engine.extraction.addresses import TextPart, is_contact, is_postal
from services.engine.extraction.brands import is_headline
from services.engine.extraction.document import Document
from services.engine.extraction.layout import Row, Segment
from services.engine.extraction.name_lines import form_below
from services.engine.extraction.text import digits_in, letters_in

# What a line ends in whose name goes on below it.
_OPEN_ENDS = ("&", "+", "–", "—", "-", ",")
# Lines of one name have one size, and are so many heights apart at most.
_SAME_SIZE, _CLOSE = 1.15, 2.2
_MOST_WORDS = 6


def line_of_name_above(document: Document, line: Segment) -> Segment | None:
    """The first line of the name whose second, with the legal form, is `line`; None where it has one only."""
    rows = document.page(line.page).rows[max(0, line.row - 3) : line.row]
    above = _nearest(line, rows[::-1])
    return above if above is not None and _go_on(document, above, line) else None


def line_of_name_below(document: Document, line: Segment) -> Segment | None:
    """The second line, with the legal form, of the name whose first is `line`; None where it has one only."""
    below = _nearest(line, document.page(line.page).rows[line.row + 1 : line.row + 4])
    return below if below is not None and _go_on(document, line, below) else None


def _nearest(line: Segment, rows: tuple[Row, ...]) -> Segment | None:
    """The first segment of these rows that begins, ends or is centred as `line` is, close to it."""
    reach = _CLOSE * line.box.height
    for row in rows:
        for other in row.segments:
            one, two = other.box, line.box
            shift = min(abs(one.x - two.x), abs(one.right - two.right), abs(one.center_x - two.center_x))
            if shift < 0.6 * two.height and abs(one.center_y - two.center_y) < reach:
                return other
    return None


def _go_on(document: Document, first: Segment, second: Segment) -> bool:
    """Whether two lines are one name: the first is open, or both are parts of a headline."""
    form = document.lexicon.legal_form_pattern
    whole = TextPart(second, 0, len(second.text))
    if not form.search(second.text) and form_below(document, whole) is None:
        return False
    if digits_in(first.text + second.text) or not _may_begin_name(document, first):
        return False
    if first.text.rstrip().endswith(_OPEN_ENDS):
        return True
    ends = [match for match in form.finditer(first.text) if match.end() == len(first.text)]
    short, tall = sorted((first.box.height, second.box.height))
    return not ends and tall < _SAME_SIZE * short and is_headline(document, first)


def _may_begin_name(document: Document, line: Segment) -> bool:
    text = line.text
    if letters_in(text) < 3 or len(text.split()) > _MOST_WORDS or is_postal(text) or is_contact(text):
        return False
    return not any(
        hit.first == 0 and hit.stands_as_label and (hit.concepts("labels") or hit.concepts("kinds"))
        for hit in document.labels.within(line)
    )

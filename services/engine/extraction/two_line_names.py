"""Names of companies that are printed on several lines."""

from __future__ import annotations

from services.engine.extraction.addresses import TextPart, is_contact, is_postal
from services.engine.extraction.brands import is_headline
from services.engine.extraction.document import Document
from services.engine.extraction.layout import Row, Segment
from services.engine.extraction.name_lines import form_below
from services.engine.extraction.party import is_street
from services.engine.extraction.text import digits_in, letters_in

# What a line ends in whose name goes on below it.
_OPEN_ENDS = ("&", "+", "–", "—", "-", ",")
# Lines of one name have one size, and are so many heights apart at most.
_SAME_SIZE, _CLOSE = 1.15, 2.2
_MOST_WORDS = 6
# Lines of a stack are of one size; some reach below the line, and their boxes with them.
_STACK_SIZE, _STACK_PITCH = 1.32, 1.7
_MOST_WORDS_OF_STACK, _MOST_LINES_OF_STACK = 3, 4


def line_of_name_above(document: Document, line: Segment) -> Segment | None:
    """The first line of the name whose second, with the legal form, is `line`; None where it has one only."""
    rows = document.page(line.page).rows[max(0, line.row - 3) : line.row]
    above = _nearest(line, rows[::-1])
    return above if above is not None and _go_on(document, above, line) else None


def line_of_name_below(document: Document, line: Segment) -> Segment | None:
    """The second line, with the legal form, of the name whose first is `line`; None where it has one only."""
    below = _nearest(line, document.page(line.page).rows[line.row + 1 : line.row + 4])
    return below if below is not None and _go_on(document, line, below) else None


def headline_stack(document: Document, line: Segment) -> tuple[Segment, ...]:
    """The lines of a name set in large print below each other, of which `line` is one; at least itself."""
    stack = [line]
    if not _may_be_stacked(document, line):
        return (line,)
    rows = document.page(line.page).rows
    while len(stack) < _MOST_LINES_OF_STACK and (above := _next_of_stack(document, stack, rows, -1)):
        stack.insert(0, above)
    while len(stack) < _MOST_LINES_OF_STACK and (below := _next_of_stack(document, stack, rows, 1)):
        stack.append(below)
    return tuple(stack)


def _next_of_stack(
    document: Document, stack: list[Segment], rows: tuple[Row, ...], step: int
) -> Segment | None:
    """The line that stands over (-1) or under (1) these in the same stack."""
    line = stack[0] if step < 0 else stack[-1]
    near = rows[max(0, line.row - 2) : line.row][::-1] if step < 0 else rows[line.row + 1 : line.row + 3]
    other = _nearest(line, near)
    if other is None or not _may_be_stacked(document, other):
        return None
    heights = [each.box.height for each in (*stack, other)]
    apart = abs(other.box.center_y - line.box.center_y)
    is_close = apart < _STACK_PITCH * max(line.box.height, other.box.height)
    return other if is_close and max(heights) < _STACK_SIZE * min(heights) else None


def _may_be_stacked(document: Document, line: Segment) -> bool:
    return (
        is_headline(document, line)
        and not digits_in(line.text)
        and len(line.text.split()) <= _MOST_WORDS_OF_STACK
        and not is_street(document.lexicon, line.text)
        and _may_begin_name(document, line)
    )


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

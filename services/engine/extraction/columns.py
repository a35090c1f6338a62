"""The heading of an item table, and which column a piece of a row belongs to."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from services.engine.extraction.amounts import Amount
from services.engine.extraction.document import Document
from services.engine.extraction.labels import Hit
from services.engine.extraction.layout import Row, Segment
from services.engine.extraction.lexicon import Lexicon
from services.engine.extraction.text import key_of, letters_in
from shared.readings import BoundingBox

TEXT_COLUMNS = frozenset({"description", "sku", "unit", "date", "position", "other"})
_PROSE_COLUMNS = TEXT_COLUMNS - {"other", "position", "sku"}
_NAMING = frozenset({"description", "sku", "quantity", "unitPrice"})
# Longer runs of tokens are text; trying all their cuts would only cost time.
_MOST_TOKENS, _MOST_CROSSED = 14, 5
_MONEY = frozenset({"amount", "unitPrice", "grossAmount"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its heading; `concept` is one of the vocabulary's columns, or "other"."""

    concept: str
    box: BoundingBox
    heading: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a table row: `text` is `segment.text[start:end]`."""

    segment: Segment
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.segment.text[self.start : self.end].strip()

    @property
    def box(self) -> BoundingBox:
        return self.segment.box_of(self.start, self.end)

    def amounts(self, document: Document) -> list[Amount]:
        return [a for a in document.amounts_in(self.segment) if self.start - 1 <= a.start < self.end]

    def is_number(self, document: Document) -> bool:
        return bool(self.amounts(document)) and letters_in(self.text) <= 8 and len(self.text.split()) <= 4


@dataclass(frozen=True)
class Head:
    """A table heading: its columns left to right, and the rows (index on `page`) it takes up."""

    page: int
    first_row: int
    last_row: int
    columns: tuple[Column, ...]

    def places(self, *concepts: str) -> list[int]:
        """Where the columns of these concepts are among `columns`."""
        return [place for place, column in enumerate(self.columns) if column.concept in concepts]


def find_heads(document: Document) -> list[Head]:
    """Every row, or few neighbouring rows, that name the columns of an item table."""
    heads: list[Head] = []
    for page in document.pages:
        taken = -1
        for row in page.rows:
            if row.index <= taken:
                continue
            head = _head_at(document, row)
            if head is not None:
                heads.append(head)
                taken = head.last_row
    return heads


def _head_at(document: Document, row: Row) -> Head | None:
    if not _is_heading(document, row):
        return None
    page = document.page(row.page)
    reach = 2.0 * page.line_height
    rows = [row]
    for other in page.rows[row.index + 1 : row.index + 4]:
        if other.box.center_y - rows[-1].box.center_y > reach or not _continues(document, other):
            break
        rows.append(other)
    above = row
    for other in reversed(page.rows[max(0, row.index - 2) : row.index]):
        if (
            above.box.center_y - other.box.center_y > reach
            or not _column_hits(document, other)
            or not _continues(document, other)
        ):
            break
        rows.insert(0, other)
        above = other
    columns = _name_columns(list(_stacks(document, rows)), document.lexicon)
    concepts = {column.concept for column in columns}
    if not (concepts & _NAMING and concepts & _MONEY) or len(concepts - {"other"}) < 2:
        return None
    if len(concepts - {"other"}) == 2 and concepts >= {"unitPrice", "amount"}:
        return None
    return Head(row.page, rows[0].index, rows[-1].index, tuple(columns))


def _is_heading(document: Document, row: Row) -> bool:
    hits = _column_hits(document, row)
    concepts = {concept for hit in hits for concept in hit.concepts("columns")}
    if len(hits) < 2 or len(concepts) < 2 or any(a.is_money for a in document.row_amounts(row)):
        return False
    words = sum(len(segment.tokens) for segment in row.segments)
    covered = sum(hit.last - hit.first for hit in hits)
    return covered >= 0.5 * words


def _column_hits(document: Document, row: Row) -> list[Hit]:
    return [hit for hit in document.labels.in_row(row) if hit.concepts("columns")]


def _continues(document: Document, row: Row) -> bool:
    """A further line of a wrapped heading: short words, no numbers."""
    if document.row_amounts(row) or any(document.dates_in(s) for s in row.segments):
        return False
    if any(hit.concepts("labels") & {"name", "address"} for hit in document.labels.in_row(row)):
        return False
    if any(len(segment.tokens) > 4 for segment in row.segments):
        return False
    hits = _column_hits(document, row)
    return bool(hits) or all(s.text.startswith(("(", "[")) or len(s.text) <= 8 for s in row.segments)


def _stacks(document: Document, rows: list[Row]) -> Iterator[list[tuple[BoundingBox, str, frozenset[str]]]]:
    """Pieces of the heading gathered into columns: what stands above each other is one column."""
    pieces: list[tuple[BoundingBox, str, frozenset[str]]] = []
    for row in rows:
        for segment in row.segments:
            pieces += list(_heading_pieces(document, segment))
    stacks: list[list[tuple[BoundingBox, str, frozenset[str]]]] = []
    for piece in sorted(pieces, key=lambda p: p[0].x):
        home = next((s for s in stacks if any(_overlap(p[0], piece[0]) > 0.4 for p in s)), None)
        if home is None:
            stacks.append([piece])
        else:
            home.append(piece)
    yield from stacks


def _heading_pieces(
    document: Document, segment: Segment
) -> Iterator[tuple[BoundingBox, str, frozenset[str]]]:
    """Each column name of the segment; words the vocabulary does not know stay together."""
    hits = [hit for hit in document.labels.within(segment) if hit.concepts("columns")]
    place = 0
    for hit in hits:
        if hit.first > place and not (hit.first - place == 1 and letters_in(segment.tokens[place].text) <= 1):
            yield _unknown(segment, place, hit.first)
        yield hit.box, hit.text, hit.concepts("columns")
        place = hit.last
    if place < len(segment.tokens) and not hits:
        yield _unknown(segment, place, len(segment.tokens))


def _unknown(segment: Segment, first: int, last: int) -> tuple[BoundingBox, str, frozenset[str]]:
    tokens = segment.tokens[first:last]
    box = BoundingBox.around(token.box for token in tokens)
    return box, " ".join(token.text for token in tokens), frozenset()


def _overlap(one: BoundingBox, other: BoundingBox) -> float:
    """The shared width as a share of the narrower box."""
    shared = min(one.right, other.right) - max(one.x, other.x)
    return shared / max(min(one.width, other.width), 1.0)


def _name_columns(
    stacks: list[list[tuple[BoundingBox, str, frozenset[str]]]], lexicon: Lexicon
) -> list[Column]:
    """One concept per column, each concept once; the rightmost of several amounts is the amount."""
    options: list[tuple[BoundingBox, str, list[str]]] = []
    for unordered in stacks:
        stack = sorted(unordered, key=lambda piece: piece[0].y)
        box = BoundingBox.around(piece[0] for piece in stack)
        joined = lexicon.meanings(key_of("".join(piece[1] for piece in stack)), tolerant=False)
        concepts = [m.concept for m in joined if m.section == "columns"]
        concepts += [concept for piece in stack for concept in sorted(piece[2], key=_preference)]
        options.append((box, " ".join(piece[1] for piece in stack), list(dict.fromkeys(concepts))))
    options.sort(key=lambda option: option[0].x)
    chosen: dict[int, str] = {}
    for place in sorted(range(len(options)), key=lambda p: (len(options[p][2]), -p)):
        free = [c for c in options[place][2] if c not in chosen.values()]
        if free:
            chosen[place] = free[0]
    priced = [place for place, option in enumerate(options) if "unitPrice" in option[2]]
    if len(priced) > 1 and not {"amount", "grossAmount"} & set(chosen.values()):
        chosen[priced[-1]] = "amount"
        chosen[priced[0]] = "unitPrice"
    described = next((place for place, concept in chosen.items() if concept == "description"), -1)
    for place, (_, _, concepts) in enumerate(options):
        if place not in chosen and "amount" in concepts and place < described:
            # "Amount" left of the description is the number of pieces.
            chosen[place] = "quantity"
            break
    return [
        Column(chosen.get(place, "other"), box, heading) for place, (box, heading, _) in enumerate(options)
    ]


def _preference(concept: str) -> int:
    """Among the meanings of one word, the one item tables use most."""
    order = ("description", "quantity", "amount", "unitPrice", "taxRate", "taxAmount", "grossAmount", "sku")
    return order.index(concept) if concept in order else len(order)


def pieces_of(document: Document, head: Head, segment: Segment) -> Iterator[tuple[int, Piece]]:
    """The segment's pieces with the place of their column in `head`.

    A segment that runs across several columns is cut between tokens, if every cut piece suits its column.
    """
    whole = Piece(segment, 0, len(segment.text))
    crossed = [
        place
        for place, column in enumerate(head.columns)
        if _covers(segment.box, column.box) and column.concept != "position"
    ]
    if 2 <= len(crossed) <= _MOST_CROSSED and len(crossed) <= len(segment.tokens) <= _MOST_TOKENS:
        parts = _cut(document, head, segment, crossed)
        if parts:
            yield from parts
            return
    yield _column_of(document, head, whole), whole


def _covers(box: BoundingBox, heading: BoundingBox) -> bool:
    return min(box.right, heading.right) - max(box.x, heading.x) > 0.35 * heading.width


def _cut(document: Document, head: Head, segment: Segment, crossed: list[int]) -> list[tuple[int, Piece]]:
    """The cuts between tokens that give each crossed column a fitting piece near it, if any do."""
    tokens = segment.tokens
    best: tuple[float, list[tuple[int, Piece]]] | None = None
    for cuts in itertools.combinations(range(1, len(tokens)), len(crossed) - 1):
        edges = [0, *cuts, len(tokens)]
        parts = [
            (place, Piece(segment, tokens[first].start, tokens[last - 1].end))
            for place, first, last in zip(crossed, edges, edges[1:], strict=False)
        ]
        if not all(_suits(document, head.columns[place], piece) for place, piece in parts):
            continue
        blanks = sum(tokens[cut].box.x - tokens[cut - 1].box.right for cut in cuts)
        cost = sum(_gap(piece.box, head.columns[place].box) for place, piece in parts) - 2 * blanks
        if best is None or cost < best[0]:
            best = (cost, parts)
    return best[1] if best else []


def _gap(one: BoundingBox, other: BoundingBox) -> float:
    apart = max(other.x - one.right, one.x - other.right, 0.0)
    return apart + 0.2 * min(
        abs(one.center_x - other.center_x), abs(one.right - other.right), abs(one.x - other.x)
    )


def _suits(document: Document, column: Column, piece: Piece) -> bool:
    if column.concept in TEXT_COLUMNS:
        return True
    return bool(piece.amounts(document)) and letters_in(piece.text) <= 8


def _column_of(document: Document, head: Head, piece: Piece) -> int:
    """The column by overlap with the heading, else by the nearest edge; text keeps out of number columns."""
    box = piece.segment.box
    numeric = piece.is_number(document)

    def distance(place: int) -> float:
        column = head.columns[place]
        other = column.box
        shared = min(box.right, other.right) - max(box.x, other.x)
        wrong = numeric == (column.concept in _PROSE_COLUMNS)
        if shared > 0:
            return -shared / max(min(box.width, other.width), 1.0) + (0.5 if wrong else 0.0)
        edges = (abs(box.x - other.x), abs(box.right - other.right), abs(box.center_x - other.center_x))
        return min(edges) + (3.0 * box.height if wrong else 0.0)

    best = min(range(len(head.columns)), key=distance)
    concept = head.columns[best].concept
    if not numeric and concept not in TEXT_COLUMNS and letters_in(piece.text) > 3:
        described = next((p for p, c in enumerate(head.columns) if c.concept == "description"), None)
        if (
            described is not None
            and head.columns[described].box.x - 2 * box.height <= box.x < head.columns[best].box.x
        ):
            return described
    return best

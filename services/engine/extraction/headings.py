"""The heading of an item table: the rows that name its columns."""

from __future__ import annotations

from collections.abc import Iterator

from services.engine.extraction.columns import Column, Head
from services.engine.extraction.document import Document
from services.engine.extraction.labels import Hit
from services.engine.extraction.layout import Row, Segment
from services.engine.extraction.lexicon import Lexicon
from services.engine.extraction.text import key_of, letters_in
from services.engine.extraction.unnamed_columns import with_descriptions
from shared.readings import BoundingBox

_NAMING = frozenset({"description", "sku", "quantity", "unitPrice"})
_MONEY = frozenset({"amount", "unitPrice", "grossAmount"})
_MOST_OWNERS = 2
_CENTS = ("ct", "cent", "c", "p", "gr")


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
            or any(_spans(segment, row) for segment in other.segments)
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
    return with_descriptions(document, Head(row.page, rows[0].index, rows[-1].index, tuple(columns)))


def _spans(segment: Segment, row: Row) -> bool:
    """Whether the segment stands above several names of columns, as a title does."""
    return sum(_overlap(segment.box, other.box) > 0.4 for other in row.segments) > 1


def _is_heading(document: Document, row: Row) -> bool:
    hits = _column_hits(document, row)
    concepts = {concept for hit in hits for concept in hit.concepts("columns")}
    if len(hits) < 2 or len(concepts) < 2 or document.has_money(row):
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
    if _is_price_of_unit(document, segment):
        yield segment.box, segment.text, frozenset({"unitPrice"})
        return
    hits = [hit for hit in document.labels.within(segment) if hit.concepts("columns")]
    place = 0
    for hit in hits:
        if hit is hits[0] and 0 < hit.first <= _MOST_OWNERS and "description" in hit.concepts("columns"):
            place = hit.first  # "Your services", "Ihre Leistungen"
        if hit.first > place and not (hit.first - place == 1 and letters_in(segment.tokens[place].text) <= 1):
            yield _unknown(segment, place, hit.first)
        yield hit.box, hit.text, _concepts(document, hit)
        place = hit.last
    if place < len(segment.tokens) and not hits:
        yield _unknown(segment, place, len(segment.tokens))


def _concepts(document: Document, hit: Hit) -> frozenset[str]:
    """What the column may hold; with a currency behind its name, "Goods £" is what the goods cost."""
    concepts = hit.concepts("columns")
    is_money = hit.segment.tokens[hit.last - 1].text.strip("()[]") in document.lexicon.currencies
    return frozenset({"amount"}) if is_money and concepts == {"description"} else concepts


def _is_price_of_unit(document: Document, segment: Segment) -> bool:
    """Whether the name is money for one of something, in whatever language: "€/l netto", "ct/kWh"."""
    money, slash, unit = segment.text.partition("/")
    is_money = money.strip() in document.lexicon.currencies or money.strip().lower() in _CENTS
    return bool(slash) and is_money and letters_in(unit) > 0


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
        if "sku" in concepts and "description" in concepts and len(stack) > 1:
            concepts.insert(0, "description")  # the number stands above the text in one column
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

"""Read a document, repair a number that its sums show to be misread, and read it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from services.engine.extraction.arithmetic import equations_of
from services.engine.extraction.document import Document
from services.engine.extraction.equations import Equation
from services.engine.extraction.line_items import ItemTable
from services.engine.extraction.money import Totals
from services.engine.extraction.plain_items import rows_with_amounts
from services.engine.extraction.repair import Repair, find_repair, is_confirmed, mended_pages
from shared.readings import PageReading

# Each costs a reading of its own; pages with more slips are not worth believing.
_MOST_REPAIRS = 4


class WithNumbers(Protocol):
    """What a reading of a document says about numbers."""

    @property
    def document(self) -> Document: ...

    @property
    def table(self) -> ItemTable: ...

    @property
    def totals(self) -> Totals: ...


Reading = TypeVar("Reading", bound=WithNumbers)


@dataclass(frozen=True)
class Mending:
    """The repairs of misread numbers, and all equations as they stand after them."""

    repairs: tuple[Repair, ...] = ()
    equations: tuple[Equation, ...] = ()


def read_and_repair(
    pages: Sequence[PageReading], read: Callable[[Sequence[PageReading]], Reading]
) -> tuple[Reading, Mending]:
    """What `read` makes of the pages once misread numbers are repaired, and what was done about them."""
    reading = read(pages)
    if not any(page.source == "ocr" for page in pages):
        return reading, Mending()
    repairs: list[Repair] = []
    equations = _equations(reading)
    while len(repairs) < _MOST_REPAIRS and (repair := find_repair(reading.document, equations)):
        pages = mended_pages(pages, repair)
        again = read(pages)
        anew = _equations(again)
        if not is_confirmed(repair, anew):
            break
        reading, equations = again, anew
        repairs.append(repair)
    return reading, Mending(tuple(repairs), tuple(equations))


def _equations(reading: WithNumbers) -> list[Equation]:
    document, table = reading.document, reading.table
    drafts = table.drafts or tuple(draft for _, draft in rows_with_amounts(document, reading.totals))
    return equations_of(document, drafts, reading.totals, table.rows)

"""Learning on generated suppliers: what was misread is read right the next time, and nothing else wrong."""

from __future__ import annotations

from shared.supplier import ITEMS, TAXES
from tests.bench.learning import measure

SEEDS = range(7010, 7014)


def test_a_corrected_invoice_teaches_the_next() -> None:
    tally = measure(SEEDS, invoices=2, coined=0.3)
    assert tally.corrected[ITEMS] > 0
    assert tally.corrected[TAXES] > 0
    assert tally.before.total() < 0.5 * tally.corrected.total()
    assert (tally.after, tally.examples) == (tally.corrected, [])


def test_one_corrected_field_breaks_no_other() -> None:
    tally = measure(SEEDS[:2], invoices=2, coined=0.5, alone=True)
    assert tally.corrected.total() > 5
    assert tally.broken.total() == 0
    assert tally.after.total() > tally.before.total()

"""A field without a value says why it has none."""

from __future__ import annotations

from services.engine.extraction import extract
from services.engine.extraction.invoice_fields import FIELD_TYPES
from shared.readings import PageReading
from shared.template import ExtractionSettings, LineItemRules
from tests.unit.extraction.drawings import drawn
from tests.unit.extraction.reading import extracted, read

DOCUMENTED = {"invoice.kind", *FIELD_TYPES}


def test_every_documented_field_has_either_a_place_or_a_reason() -> None:
    for drawing in (drawn("american"), drawn("german"), "Total: 5.00 EUR", "nothing of interest"):
        data = extracted(drawing)
        assert not data["missing"].keys() & data["provenance"].keys()
        assert data["missing"].keys() | data["provenance"].keys() >= DOCUMENTED
        assert all(reason.endswith(".") for reason in data["missing"].values())
        assert bool(data["lineItems"]) != ("lineItems" in data["missing"])


def test_a_label_without_a_value_is_named_with_its_page() -> None:
    missing = extracted("Tidewell Ltd", "Invoice No: 17\nPayment due by:\nTotal: 5.00 EUR")["missing"]
    assert missing["invoice.dueDate"] == (
        'The label "Payment due by" stands on page 2, but no value of the field was found at it.'
    )
    assert missing["invoice.deliveryDate"] == "No label of this field stands on the pages."


def test_pages_without_text_are_the_reason() -> None:
    missing = extract([PageReading(800, 1100)], ExtractionSettings()).missing
    assert set(missing.values()) == {"The pages show no text."}


def test_items_that_the_template_leaves_out_are_not_looked_for() -> None:
    settings = ExtractionSettings(line_items=LineItemRules(enabled=False))
    missing = read(drawn("american"), settings=settings).missing
    assert missing["lineItems"] == "The template has line items left out."

"""Nothing is invented: what is not on the pages is absent, and odd pages do no harm."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from services.engine.extraction import extract
from shared.readings import BoundingBox, Line, PageReading, Word
from shared.template import ExtractionSettings
from tests.unit.extraction.reading import extracted, read


def test_no_pages_give_no_fields() -> None:
    answer = extract([], ExtractionSettings()).to_json()
    data = answer["extractedData"]
    assert (data["invoice"], data["lineItems"], data["provenance"]) == ({}, [], {})
    assert answer["confidence"] == {"overall": 0.0, "fields": {}}


def test_an_empty_page_gives_no_fields_and_says_what_is_missing() -> None:
    extraction = extract([PageReading(800, 1100)], ExtractionSettings())
    assert extraction.provenance == {}
    assert {finding.field for finding in extraction.findings} == {
        "invoice.number",
        "invoice.date",
        "invoice.supplier.name",
        "invoice.amounts.total",
    }
    assert extraction.is_valid


def test_running_text_gives_no_amounts_and_no_items() -> None:
    data = extracted(
        """
        Dear customer, the total amount of your order will be charged in two parts,
        and the tax is included. Our number is on the back of your card.
        """
    )
    assert "amounts" not in data["invoice"]
    assert "number" not in data["invoice"]
    assert data["lineItems"] == []


def test_empty_labels_stay_empty() -> None:
    data = extracted("Invoice No:\nInvoice Date:\nTotal:\n")["invoice"]
    assert not {"number", "date", "amounts"} & set(data)


def test_the_answer_has_the_shape_of_the_contract() -> None:
    answer = read("Invoice No: 7\nTotal: 5.00 EUR").to_json()
    assert set(answer) == {"extractedData", "confidence", "validationResults"}
    assert set(answer["extractedData"]) == {"invoice", "lineItems", "provenance", "missing"}
    assert set(answer["confidence"]) == {"overall", "fields"}
    assert set(answer["validationResults"]) == {"isValid", "errors"}


_WORDS = st.builds(
    Word,
    st.sampled_from(
        [
            "Total",
            "Invoice",
            "No:",
            "1,00",
            "€",
            "12.12.2024",
            "19%",
            "Rechnung",
            "GmbH",
            "-",
            "(",
            "\u0000",
            "٣",
        ]
    ),
    st.floats(0, 1),
    st.builds(BoundingBox, st.floats(0, 900), st.floats(0, 900), st.floats(0, 200), st.floats(0, 60)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(_WORDS, min_size=1, max_size=6), max_size=12))
def test_any_words_anywhere_do_no_harm(lines: list[list[Word]]) -> None:
    reading = PageReading(1000, 1000, tuple(Line(tuple(words)) for words in lines))
    answer = extract([reading], ExtractionSettings())
    assert 0 <= answer.confidence <= 1
    assert all(0 <= value <= 1 for value in answer.field_confidence.values())
    assert answer.to_json() == extract([reading], ExtractionSettings()).to_json()

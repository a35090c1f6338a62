"""Provenance names the words it is made of."""

from __future__ import annotations

from typing import Any

from services.engine.extraction import extract
from services.engine.extraction.word_places import add_words
from shared.readings import PageReading
from shared.template import ExtractionSettings
from tests.unit.extraction.drawings import drawn
from tests.unit.extraction.pages import page


def test_the_words_say_what_the_text_says() -> None:
    first, second = page("Tidewell Dental Practice"), page(drawn("american"))
    shown = _provenance([first, second])
    assert _words(second, shown["invoice.number"]) == "BW-20417"
    assert _words(second, shown["invoice.supplier.name"]) == "Brightwater Tools Inc."
    assert _words(second, shown["lineItems.1"]) == "10 Saw blade, 7 1/4 in 12.25 122.50"


def test_a_value_that_is_a_part_of_a_word_names_that_word() -> None:
    reading = page("Invoice No:HF/2931\nTotal: 5.00 EUR")
    assert _words(reading, _provenance([reading])["invoice.number"]) == "No:HF/2931"


def test_what_no_page_shows_has_no_words() -> None:
    data = {"provenance": {"invoice.number": {"text": "7", "reason": "Read from the e-invoice (BT-1)."}}}
    add_words(data, [PageReading(10, 10)])
    assert "words" not in data["provenance"]["invoice.number"]


def test_a_page_without_words_gives_none() -> None:
    box = {"x": 1.0, "y": 1.0, "width": 5.0, "height": 5.0}
    data: dict[str, Any] = {"provenance": {"invoice.number": {"page": 1, "boundingBox": box}}}
    add_words(data, [PageReading(10, 10)])
    assert data["provenance"]["invoice.number"]["words"] == []


def _provenance(readings: list[PageReading]) -> dict[str, Any]:
    data = extract(readings, ExtractionSettings()).to_json()["extractedData"]
    add_words(data, readings)
    shown: dict[str, Any] = data["provenance"]
    return shown


def _words(reading: PageReading, entry: dict[str, Any]) -> str:
    return " ".join(reading.words[place].text for place in entry["words"])

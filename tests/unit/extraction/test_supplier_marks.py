"""What on a page may tell whose invoice it is, and by what a supplier is recognised."""

from __future__ import annotations

from services.engine.extraction.supplier_marks import page_marks
from shared.identity import (
    MOST_KEYS_OF_A_PAGE,
    compact,
    iban_key,
    name_key,
    supplier_keys,
    tax_id_key,
)
from tests.unit.extraction.drawings import drawn
from tests.unit.extraction.pages import page


def test_a_page_has_the_marks_of_all_companies_on_it() -> None:
    marks = page_marks(page(drawn("german")))
    assert tax_id_key("DE136695976") in marks
    assert iban_key("DE89370400440532013000") in marks
    assert name_key("Kessler Werkzeugbau GmbH") in marks
    assert name_key("Baumann Söhne OHG") in marks


def test_a_name_on_two_lines_is_one_mark() -> None:
    marks = page_marks(page("Nordwind Spedition und\nLogistik AG\nHafenstr. 3\n"))
    assert name_key("Nordwind Spedition und Logistik AG") in marks


def test_a_number_without_a_country_is_a_mark() -> None:
    assert tax_id_key("000549584896") in page_marks(page("GST Reg No: 000549584896"))


def test_marks_are_bounded_and_the_numbers_are_kept() -> None:
    crowd = "\n".join(
        f"Company {'abcdefghij'[i % 10] * 5}{'klmnopqrst'[i // 10 % 10] * 5} {'xyz'[i % 3]}"
        for i in range(400)
    )
    marks = page_marks(page(f"{crowd}\nUSt-IdNr. DE136695976"))
    assert len(marks) <= MOST_KEYS_OF_A_PAGE
    assert marks[0] == tax_id_key("DE136695976")


def test_keys_are_the_same_however_it_is_printed() -> None:
    assert name_key("Kessler Werkzeugbau GmbH") == name_key("KESSLER WERKZEUGBAU GmbH.")
    assert name_key("Müller & Söhne") == name_key("MULLER SOHNE")
    assert name_key("B0lt Ltd") == name_key("Bolt Ltd")
    assert tax_id_key("DE 136 695 976") == tax_id_key("de136695976")
    assert compact("R-2025/0317 ") == "R20250317"


def test_what_can_not_tell_companies_apart_is_no_key() -> None:
    assert name_key("AG") is None
    assert name_key("4711 0815") is None
    assert tax_id_key("none") is None
    assert iban_key("DE89") is None
    assert supplier_keys({"supplier": {"country": "DE"}}) == ()
    assert supplier_keys({}) == ()


def test_a_tax_id_tells_more_than_a_name() -> None:
    keys = supplier_keys({"supplier": {"name": "Kessler GmbH", "taxId": "DE136695976"}})
    assert keys == (tax_id_key("DE136695976"), name_key("Kessler GmbH"))

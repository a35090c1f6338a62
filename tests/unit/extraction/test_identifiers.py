from __future__ import annotations

import pytest

from services.engine.extraction.identifiers import (
    bare_tax_id,
    find_bic,
    find_ibans,
    find_vat_ids,
    labelled_id,
)
from services.engine.extraction.layout import Segment, lay_out
from tests.unit.extraction.pages import page


def segment(text: str) -> Segment:
    return lay_out([page(text)])[0].rows[0].segments[0]


def test_an_iban_is_read_without_the_words_behind_it() -> None:
    (found,) = find_ibans(segment("IBAN: DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX"))
    assert found.value == "DE89370400440532013000"


def test_an_iban_with_a_wrong_check_digit_is_no_iban() -> None:
    assert find_ibans(segment("DE88 3704 0044 0532 0130 00")) == []


def test_places_are_right_behind_a_letter_whose_capital_is_two() -> None:
    (found,) = find_ibans(segment("Weißgroß DE89 3704 0044 0532 0130 00"))
    assert found.segment.text[found.start : found.end] == "DE89 3704 0044 0532 0130 00"


def test_bank_codes() -> None:
    found = find_bic(segment("BIC COBADEFFXXX"), 4)
    assert found is not None
    assert found.value == "COBADEFFXXX"
    assert find_bic(segment("REFERENCE")) is None


def test_vat_ids_of_the_union_need_their_check_digits() -> None:
    assert [v.value for v in find_vat_ids(segment("USt-IdNr. DE 136 695 976"))] == ["DE136695976"]
    assert find_vat_ids(segment("DE136695977")) == []


def test_letters_read_for_digits_are_put_right_if_the_check_digits_then_hold() -> None:
    assert [v.value for v in find_vat_ids(segment("DE13669597G DE136695976"))] == ["DE136695976"]
    assert [v.value for v in find_vat_ids(segment("NLOO4495445B01"))] == ["NL004495445B01"]


def test_swiss_and_indian_ids() -> None:
    assert find_vat_ids(segment("CHE-123.456.789 MWST"))[0].value == "CHE-123.456.789 MWST"
    assert find_vat_ids(segment("33AABCS1429B1ZB"))[0].value == "33AABCS1429B1ZB"


def test_a_labelled_id_needs_six_digits() -> None:
    short, long = segment("VAT: 12-34"), segment("GST: 001 234 567 890")
    assert labelled_id(short, 4, len(short.text)) is None
    found = labelled_id(long, 4, len(long.text))
    assert found is not None
    assert found.value == "001234567890"


def test_british_vat_ids_need_their_check_digits() -> None:
    assert [v.value for v in find_vat_ids(segment("VAT Reg GB 731 4226 23"))] == ["GB731422623"]
    assert find_vat_ids(segment("GB 731 4226 24")) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("B44719029", "B44719029"),
        ("B-44719029.", "B44719029"),
        ("B44719028", None),  # the check digit does not hold
        ("731422623", None),  # so is a telephone number
        ("Ref. B44719029", None),
    ],
)
def test_a_line_that_is_a_spanish_tax_id(text: str, value: str | None) -> None:
    found = bare_tax_id(segment(text))
    assert (found.value if found else None) == value


def test_the_b_of_a_dutch_id_read_as_a_digit() -> None:
    (found,) = find_vat_ids(segment("KVK 30204471 · Btw NL 100000009801"))
    assert found.value == "NL100000009B01"
    assert find_vat_ids(segment("NL 100000008801")) == []

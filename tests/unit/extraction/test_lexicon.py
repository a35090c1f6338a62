from __future__ import annotations

import pytest

from services.engine.extraction.lexicon import load_lexicon
from services.engine.extraction.text import key_of

LANGUAGES = ("cs", "da", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "sv")
NEEDED_LABELS = (
    *("number", "date", "dueDate", "subtotal", "tax", "total", "due", "supplier", "customer", "order"),
    *("paymentTerms", "vatId", "otherNumber", "discount", "shipping", "change", "cash", "carried"),
)
NEEDED_COLUMNS = ("description", "quantity", "unitPrice", "amount", "taxRate", "position")
NEEDED_KINDS = ("invoice", "creditNote", "receipt", "reminder", "other")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_read_an_invoice(language: str) -> None:
    meanings = {m for found in load_lexicon().entries.values() for m in found if m.language == language}
    labels = {m.concept for m in meanings if m.section == "labels"}
    columns = {m.concept for m in meanings if m.section == "columns"}
    kinds = {m.concept for m in meanings if m.section == "kinds"}
    assert set(NEEDED_LABELS) <= labels
    assert set(NEEDED_COLUMNS) <= columns
    assert set(NEEDED_KINDS) <= kinds


def test_month_names_of_all_languages() -> None:
    months = load_lexicon().months
    assert [months[name] for name in ("marz", "aout", "czerwca", "diciembre", "mei", "outubro")] == [
        3,
        8,
        6,
        12,
        5,
        10,
    ]
    assert set(months.values()) == set(range(1, 13))


def test_keys_ignore_case_accents_blanks_and_look_alikes() -> None:
    assert key_of("N° de FACTURE :") == key_of("no defacture")
    assert key_of("Invoice #") == key_of("INVOICE NO.")
    assert key_of("T0tal") == key_of("Total")
    assert key_of("Größe") == key_of("GROSSE")
    assert key_of("1050") == "1050"


def test_one_wrong_character_is_forgiven_in_long_labels_only_when_asked() -> None:
    lexicon = load_lexicon()
    assert not lexicon.meanings(key_of("Invojce number"), tolerant=False)
    assert any(m.concept == "number" for m in lexicon.meanings(key_of("Invojce number"), tolerant=True))
    assert not lexicon.meanings(key_of("Tox"), tolerant=True)


def test_compounds_are_understood_by_their_ending() -> None:
    meanings = load_lexicon().meanings(key_of("Stromrechnung"), tolerant=False)
    assert {m.concept for m in meanings} == {"numberTitle", "invoice"}


@pytest.mark.parametrize(
    "name",
    ["Musterhaus GmbH & Co. KG", "Acme Sdn. Bhd.", "Dupont S.A.R.L.", "Kowalski Sp. z o.o.", "ACME LTD"],
)
def test_legal_forms(name: str) -> None:
    assert load_lexicon().legal_form_pattern.search(name)


@pytest.mark.parametrize("text", ["Block U13/EG", "Sagrada", "Bargeld", "Ltdx"])
def test_legal_forms_stand_alone(text: str) -> None:
    assert not load_lexicon().legal_form_pattern.search(text)

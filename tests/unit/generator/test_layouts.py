"""What the truth says is printed, on as many pages as it takes."""

from __future__ import annotations

import pytest

from tests.generator.countries import COUNTRIES
from tests.generator.identifiers import format_iban
from tests.generator.invoice import DocumentKind, Invoice
from tests.generator.languages import Label
from tests.generator.presentation import LAYOUT_NAMES, LayoutName, Presentation
from tests.unit.generator.documents import draw, page_texts


def expected_texts(invoice: Invoice, look: Presentation) -> list[str]:
    """Every value of the truth as the document writes it, except item descriptions, which may wrap."""
    notation, amounts = look.notation, invoice.amounts
    texts = [invoice.number, notation.date(invoice.issued), *invoice.supplier.address]
    days = (invoice.due, invoice.delivered)
    texts += [notation.date(day) for day in days if day is not None]
    for party in (invoice.customer, invoice.ship_to):
        texts += [party.name, *party.address] if party is not None else []
    texts += [part for part in (invoice.supplier.tax_id, invoice.purchase_order) if part is not None]
    if invoice.payment is not None:
        texts += [format_iban(invoice.payment.iban), invoice.payment.bic]
    printed = (amounts.subtotal, amounts.discount, amounts.shipping, amounts.total, amounts.paid, amounts.due)
    texts += [notation.money(amount) for amount in printed if amount is not None]
    texts += [notation.money(tax.amount) for tax in invoice.taxes]
    for item in invoice.items:
        texts += [notation.quantity(item.quantity), notation.number(item.unit_price)]
        texts += [notation.number(item.amount), item.sku or "", item.unit or ""]
    return texts


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
@pytest.mark.parametrize("seed", range(6))
def test_every_value_stands_in_the_text_layer(layout: LayoutName, seed: int) -> None:
    country = sorted(set(COUNTRIES) - {"PL"})[seed * 2]
    kind: DocumentKind = "creditNote" if seed == 3 else "invoice"
    invoice, look, content = draw(seed, kind=kind, country=country, layout=layout)
    text = " ".join(page_texts(content))
    missing = [part for part in expected_texts(invoice, look) if " ".join(part.split()) not in text]
    assert missing == []
    for item in invoice.items:
        assert all(word in text for word in item.description.split())


@pytest.mark.parametrize("country", sorted(set(COUNTRIES) - {"PL"}))
def test_a_receipt_prints_its_values(country: str) -> None:
    invoice, look, content = draw(3, kind="receipt", country=country)
    (text,) = page_texts(content)
    missing = [part for part in expected_texts(invoice, look) if " ".join(part.split()) not in text]
    assert missing == []


def test_polish_letters_reach_the_text_layer() -> None:
    invoice, look, content = draw(1, country="PL", item_count=7)
    text = " ".join(page_texts(content))
    missing = [part for part in expected_texts(invoice, look) if " ".join(part.split()) not in text]
    assert missing == []
    assert any(letter in text for letter in "ąęłńśźż")


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_a_long_table_goes_on_over_pages_with_its_header_repeated(layout: LayoutName) -> None:
    _, look, content = draw(5, item_count=70, layout=layout)
    texts = page_texts(content)
    assert len(texts) >= 3
    with_items = texts[:-1] if look.wording[Label.DESCRIPTION] not in texts[-1] else texts
    assert all(look.wording[Label.DESCRIPTION] in text for text in with_items)
    for number, text in enumerate(texts, start=1):
        assert look.wording[Label.PAGE].format(page=number, pages=len(texts)) in text


def test_sums_are_carried_over_the_page_break() -> None:
    carried = [
        (look, page_texts(content))
        for _, look, content in (draw(seed, item_count=40) for seed in range(6))
        if look.carries_forward
    ]
    assert carried
    for look, texts in carried:
        assert look.wording[Label.CARRIED_FORWARD] in texts[0]
        assert look.wording[Label.BROUGHT_FORWARD] in texts[1]


def test_a_short_invoice_takes_one_page_without_a_page_number() -> None:
    _, look, content = draw(7, item_count=2)
    (text,) = page_texts(content)
    assert look.wording[Label.PAGE].format(page=1, pages=1) not in text


def test_an_absent_field_is_not_printed() -> None:
    without = [
        (look, page_texts(content))
        for invoice, look, content in (draw(seed, country="NL") for seed in range(12))
        if invoice.due is None
    ]
    assert without
    assert all(look.wording[Label.DUE_DATE] not in " ".join(texts) for look, texts in without)


@pytest.mark.parametrize("country", ["DE", "PL"])
def test_the_same_seed_draws_the_same_bytes(country: str) -> None:
    first, again, other = (draw(seed, country=country)[2] for seed in (21, 21, 22))
    assert first == again
    assert first != other

"""The sums of every composed invoice add up, in every country."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from tests.generator.compose import compose_invoice
from tests.generator.countries import COUNTRIES
from tests.generator.invoice import HUNDRED, DocumentKind, Invoice, to_cents

ZERO = Decimal(0)
KINDS: tuple[DocumentKind, ...] = ("invoice", "creditNote", "receipt")


def compose_many(country: str) -> list[Invoice]:
    return [
        compose_invoice(random.Random(f"{country}-{seed}"), KINDS[seed % len(KINDS)], country)
        for seed in range(24)
    ]


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_items_multiply_and_totals_add_up(country: str) -> None:
    for invoice in compose_many(country):
        for item in invoice.items:
            kept = (HUNDRED - (item.discount or ZERO)) / HUNDRED
            assert item.amount == to_cents(item.quantity * item.unit_price * kept)
        amounts = invoice.amounts
        net = amounts.subtotal - (amounts.discount or ZERO) + (amounts.shipping or ZERO)
        assert net + amounts.tax == amounts.total
        assert sum((tax.base for tax in invoice.taxes), ZERO) == net
        assert sum((tax.amount for tax in invoice.taxes), ZERO) == amounts.tax
        line_sum = sum((item.amount for item in invoice.items), ZERO)
        assert line_sum == (amounts.total if invoice.prices_include_tax else amounts.subtotal)


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_each_tax_is_its_rate_of_its_base(country: str) -> None:
    for invoice in compose_many(country):
        for tax in invoice.taxes:
            assert abs(tax.base * tax.rate / HUNDRED - tax.amount) <= Decimal("0.01")


def test_what_is_due_is_the_total_less_what_was_paid() -> None:
    paid = [invoice for invoice in compose_many("DE") + compose_many("GB") if invoice.amounts.paid]
    assert paid
    for invoice in paid:
        assert invoice.amounts.paid is not None
        assert invoice.amounts.due == invoice.amounts.total - invoice.amounts.paid


def test_dates_follow_each_other() -> None:
    for invoice in compose_many("NL"):
        assert invoice.due is None or invoice.due > invoice.issued
        assert invoice.delivered is None or invoice.delivered < invoice.issued

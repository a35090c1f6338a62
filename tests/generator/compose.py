"""Making up an invoice: who sells what to whom, and sums that add up."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from tests.generator.countries import COUNTRIES, Country
from tests.generator.identifiers import draw_bic, draw_iban, draw_tax_id, format_tax_id
from tests.generator.invoice import (
    HUNDRED,
    Amounts,
    Contact,
    DocumentKind,
    Invoice,
    LineItem,
    Party,
    Payment,
    Tax,
    to_cents,
)
from tests.generator.languages import LANGUAGES, Language, Product, Trade

FIRST_DAY = date(2024, 1, 8)
DAYS_COVERED = 1000
DIVISIBLE_UNITS = frozenset({"hrs", "h", "Std.", "uur", "godz.", "m", "m²", "kg"})


@dataclass(frozen=True, slots=True)
class Shape:
    """Which optional parts the document prints."""

    sku: bool
    unit: bool
    item_discount: bool
    tax_rate: bool
    item_tax: bool
    discount: bool
    shipping: bool
    paid: bool


def compose_invoice(
    rng: random.Random,
    kind: DocumentKind = "invoice",
    country: str | None = None,
    item_count: int | None = None,
) -> Invoice:
    """An invoice of `country` (ISO 3166 code) with `item_count` lines; None leaves either to chance."""
    home = COUNTRIES[country or rng.choice(sorted(COUNTRIES))]
    language = LANGUAGES[home.language]
    trade = _choose_trade(rng, language, kind)
    shape = _choose_shape(rng, home, kind)
    count = item_count or rng.choice((1, 2, 3, 3, 4, 5, 6, 8, 11))
    items = _compose_items(rng, home, trade, shape, count)
    amounts, taxes = _add_up(rng, home, items, shape, kind)
    items = tuple(_without_hidden_columns(item, shape) for item in items)
    supplier, contact = _compose_supplier(rng, home, language, trade)
    issued = FIRST_DAY + timedelta(days=rng.randrange(DAYS_COVERED))
    number = _document_number(rng, issued, kind)
    invoice = Invoice(
        kind, language.code, home.code, number, issued, supplier, contact, items, taxes, amounts
    )
    if kind == "receipt":
        return replace(
            invoice,
            closing=language.closings[0],
            tendered=_choose_cash(amounts.total) if rng.random() < 0.5 else None,
        )
    days = rng.choice((7, 10, 14, 30, 30, 45))
    return replace(
        invoice,
        customer=_compose_customer(rng, home, language, supplier),
        ship_to=_compose_ship_to(rng, home, language) if rng.random() < 0.2 else None,
        due=issued + timedelta(days=days) if kind == "invoice" and rng.random() < 0.65 else None,
        delivered=issued - timedelta(days=rng.randrange(1, 12)) if rng.random() < 0.35 else None,
        purchase_order=_purchase_order(rng) if rng.random() < 0.45 else None,
        customer_number=str(rng.randrange(10_000, 80_000)) if rng.random() < 0.5 else None,
        payment=_compose_payment(rng, home, language, number),
        payment_terms=rng.choice(language.terms).format(days=days) if rng.random() < 0.75 else None,
        closing=rng.choice(language.closings),
    )


def _choose_trade(rng: random.Random, language: Language, kind: DocumentKind) -> Trade:
    wanted = [trade for trade in language.trades if trade.retail == (kind == "receipt")]
    return rng.choice(wanted)


def _choose_shape(rng: random.Random, home: Country, kind: DocumentKind) -> Shape:
    if kind == "receipt":
        return Shape(False, False, False, False, False, False, False, False)
    tax_rate = home.code != "US" and rng.random() < 0.55
    return Shape(
        sku=rng.random() < 0.4,
        unit=rng.random() < 0.6,
        item_discount=rng.random() < 0.15,
        tax_rate=tax_rate,
        item_tax=tax_rate and rng.random() < 0.2,
        discount=rng.random() < 0.15,
        shipping=rng.random() < 0.25,
        paid=kind == "invoice" and rng.random() < 0.12,
    )


def _compose_items(
    rng: random.Random, home: Country, trade: Trade, shape: Shape, count: int
) -> tuple[LineItem, ...]:
    products = rng.sample(trade.products, min(count, len(trade.products)))
    products += [_variant(rng, rng.choice(trade.products)) for _ in range(count - len(products))]
    return tuple(_compose_item(rng, home, product, trade, shape) for product in products)


def _variant(rng: random.Random, product: Product) -> Product:
    """The same product in another model, so that long invoices do not repeat themselves."""
    model = rng.choice(("{letter}{number}", "{number}-{letter}", "{letter}/{number}"))
    suffix = model.format(letter=rng.choice("CDFGKLNRSX"), number=rng.randrange(10, 990))
    return replace(product, description=f"{product.description} – {suffix}")


def _compose_item(
    rng: random.Random, home: Country, product: Product, trade: Trade, shape: Shape
) -> LineItem:
    standard, reduced = home.rates
    several_rates = not (shape.discount or shape.shipping)
    rate = reduced if product.reduced or (several_rates and rng.random() < 0.12) else standard
    price = to_cents(product.price * Decimal(rng.randrange(85, 130)) / HUNDRED)
    quantity = _choose_quantity(rng, price, product, trade)
    discount = Decimal(rng.choice((5, 10, 15))) if shape.item_discount and rng.random() < 0.5 else None
    amount = to_cents(quantity * price * (HUNDRED - (discount or 0)) / HUNDRED)
    return LineItem(
        description=product.description,
        quantity=quantity,
        unit_price=price,
        amount=amount,
        sku=f"{rng.choice('ABEHKMT')}{rng.randrange(100, 999)}-{rng.randrange(10, 99)}"
        if shape.sku
        else None,
        unit=product.unit,
        discount=discount,
        tax_rate=rate,
        tax_amount=to_cents(amount * rate / HUNDRED),
    )


def _choose_quantity(rng: random.Random, price: Decimal, product: Product, trade: Trade) -> Decimal:
    if trade.retail:
        return Decimal(rng.choice((1, 1, 1, 2, 2, 3, 4)))
    if price < 20:
        return Decimal(rng.choice((2, 4, 5, 10, 12, 20, 24, 48)))
    if product.unit in DIVISIBLE_UNITS:
        return rng.choice((Decimal(2), Decimal(8), Decimal("1.5"), Decimal("3.25"), Decimal("4.5")))
    if price < 130:
        return Decimal(rng.choice((1, 2, 3, 4, 6)))
    return Decimal(rng.choice((1, 1, 1, 2, 3)))


def _without_hidden_columns(item: LineItem, shape: Shape) -> LineItem:
    return replace(
        item,
        unit=item.unit if shape.unit else None,
        tax_rate=item.tax_rate if shape.tax_rate else None,
        tax_amount=item.tax_amount if shape.item_tax else None,
    )


def _add_up(
    rng: random.Random,
    home: Country,
    items: tuple[LineItem, ...],
    shape: Shape,
    kind: DocumentKind,
) -> tuple[Amounts, tuple[Tax, ...]]:
    sums: dict[Decimal, Decimal] = {}
    for item in items:
        rate = item.tax_rate or Decimal(0)
        sums[rate] = sums.get(rate, Decimal(0)) + item.amount
    rates = sorted(sums, reverse=True)
    if kind == "receipt" and home.code != "US":
        taxes = tuple(_tax_within(rate, sums[rate]) for rate in rates)
        tax = sum((each.amount for each in taxes), Decimal(0))
        total = sum(sums.values(), Decimal(0))
        return Amounts(total - tax, tax, total, home.currency), taxes
    subtotal = sum(sums.values(), Decimal(0))
    discount = to_cents(subtotal * rng.choice((3, 5, 10)) / HUNDRED) if shape.discount else None
    shipping = Decimal(rng.choice(("5.90", "9.50", "14.00", "27.50"))) if shape.shipping else None
    # Discount and shipping are only drawn where all lines bear one rate, so they fall under it.
    sums[rates[0]] += (shipping or 0) - (discount or 0)
    taxes = tuple(Tax(rate, sums[rate], to_cents(sums[rate] * rate / HUNDRED)) for rate in rates)
    tax = sum((each.amount for each in taxes), Decimal(0))
    total = sum(sums.values(), Decimal(0)) + tax
    paid = to_cents(total * rng.choice((20, 30, 50)) / HUNDRED) if shape.paid else None
    due = total - paid if paid is not None else None
    return Amounts(subtotal, tax, total, home.currency, discount, shipping, paid, due), taxes


def _choose_cash(total: Decimal) -> Decimal:
    """The next round sum above the total, as customers hand over."""
    step = Decimal(5) if total < 50 else Decimal(50)
    return to_cents((total // step + 1) * step)


def _tax_within(rate: Decimal, gross: Decimal) -> Tax:
    base = to_cents(gross * HUNDRED / (HUNDRED + rate))
    return Tax(rate, base, gross - base)


def _compose_supplier(
    rng: random.Random, home: Country, language: Language, trade: Trade
) -> tuple[Party, Contact]:
    stem = rng.choice(language.company_stems)
    name = f"{stem} {trade.name} {rng.choice(home.legal_forms)}"
    tax_id = draw_tax_id(rng, home.code)
    domain = f"{_slug(stem)}.example"
    phone = f"{home.dialling_code} {rng.randrange(20, 90)} 555 {rng.randrange(1000, 9999)}"
    country = home.code if home.code != "US" else None
    party = Party(name, _compose_address(rng, home, language), format_tax_id(tax_id, home.code), country)
    return party, Contact(phone, f"info@{domain}", f"www.{domain}")


def _compose_customer(rng: random.Random, home: Country, language: Language, supplier: Party) -> Party:
    address = _compose_address(rng, home, language)
    if rng.random() < 0.2:
        return Party(rng.choice(language.people), address)
    others = [trade.name for trade in language.trades]
    stems = [stem for stem in language.company_stems if not supplier.name.startswith(stem)]
    name = f"{rng.choice(stems)} {rng.choice(others)} {rng.choice(home.legal_forms)}"
    if rng.random() < 0.3:
        address = (rng.choice(language.people), *address)
    if rng.random() < 0.35 and home.code != "US":
        return Party(name, address, format_tax_id(draw_tax_id(rng, home.code), home.code), home.code)
    return Party(name, address)


def _compose_ship_to(rng: random.Random, home: Country, language: Language) -> Party:
    return Party(rng.choice(language.people), _compose_address(rng, home, language))


def _compose_address(rng: random.Random, home: Country, language: Language) -> tuple[str, ...]:
    street = rng.choice(language.streets).format(number=rng.randrange(1, 140))
    postcode, city = rng.choice(home.places)
    if home.code in ("GB", "IE"):
        return (street, city, postcode)
    if home.code == "US":
        return (street, f"{city}, {postcode}")
    return (street, f"{postcode} {city}")


def _compose_payment(rng: random.Random, home: Country, language: Language, number: str) -> Payment | None:
    iban = draw_iban(rng, home.code)
    if iban is None or rng.random() < 0.12:
        return None
    bank = f"{rng.choice(language.company_stems)} Bank"
    reference = number if rng.random() < 0.3 else None
    return Payment(iban, draw_bic(rng, home.code), bank, reference)


def _document_number(rng: random.Random, issued: date, kind: DocumentKind) -> str:
    serial = rng.randrange(1, 9999)
    if kind == "receipt":
        return f"{rng.randrange(1, 9)}-{serial:06}"
    patterns = (
        f"{issued.year}-{serial:04}",
        f"{'CN' if kind == 'creditNote' else 'INV'}-{issued.year}-{serial:05}",
        f"{rng.choice('RFA')}{issued:%y%m}{serial:04}",
        f"{100_000 + serial}",
        f"{serial:04}/{issued.year}",
    )
    return rng.choice(patterns)


def _purchase_order(rng: random.Random) -> str:
    return rng.choice((f"PO-{rng.randrange(10_000, 99_999)}", f"{rng.randrange(4_500_000, 4_599_999)}"))


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ł", "l")).encode("ascii", "ignore")
    return re.sub(r"[^a-z]+", "-", plain.decode().lower()).strip("-")

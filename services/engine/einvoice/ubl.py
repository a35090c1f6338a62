"""UBL 2.1 invoices and credit notes, the XML of Peppol BIS Billing 3 and XRechnung.

The places of the business terms are those of EN 16931-3-2 (syntax binding to ISO/IEC 19845, UBL 2.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from services.engine.einvoice.charges import Charge, discount_of, shipping_of
from services.engine.einvoice.model import EInvoice, Stated, Syntax
from services.engine.einvoice.tree import Element
from services.engine.einvoice.values import (
    AddressPlaces,
    Numbers,
    Rule,
    address_line,
    apply,
    compact,
    country,
    currency,
    date,
    decimal,
    iban,
    kind,
    price_of_one,
    text,
    text_at,
    total_of,
    written_at,
)
from services.engine.extraction.model import LineItem, TaxLine

_SELLER = "AccountingSupplierParty/Party/"
_BUYER = "AccountingCustomerParty/Party/"
_SUMS = "LegalMonetaryTotal/"

CURRENCY = "DocumentCurrencyCode"
RULES = (
    Rule("invoice.number", "BT-1", "ID", text),
    Rule("invoice.date", "BT-2", "IssueDate", date),
    Rule("invoice.kind", "BT-3", "InvoiceTypeCode", kind),
    Rule("invoice.kind", "BT-3", "CreditNoteTypeCode", kind),
    Rule("invoice.amounts.currency", "BT-5", CURRENCY, currency),
    Rule("invoice.dueDate", "BT-9", "DueDate", date),
    Rule("invoice.dueDate", "BT-9", "PaymentMeans/PaymentDueDate", date),
    Rule("invoice.purchaseOrder", "BT-13", "OrderReference/ID", text),
    Rule("invoice.paymentTerms", "BT-20", "PaymentTerms/Note", text),
    Rule("invoice.supplier.name", "BT-27", _SELLER + "PartyLegalEntity/RegistrationName", text),
    Rule("invoice.supplier.name", "BT-28", _SELLER + "PartyName/Name", text),
    Rule("invoice.supplier.taxId", "BT-31", _SELLER + "PartyTaxScheme/CompanyID[@taxScheme='VAT']", compact),
    Rule("invoice.supplier.taxId", "BT-32", _SELLER + "PartyTaxScheme/CompanyID", text),
    Rule("invoice.supplier.country", "BT-40", _SELLER + "PostalAddress/Country/IdentificationCode", country),
    Rule("invoice.country", "BT-40", _SELLER + "PostalAddress/Country/IdentificationCode", country),
    Rule("invoice.customer.name", "BT-44", _BUYER + "PartyLegalEntity/RegistrationName", text),
    Rule("invoice.customer.name", "BT-45", _BUYER + "PartyName/Name", text),
    Rule("invoice.customer.taxId", "BT-48", _BUYER + "PartyTaxScheme/CompanyID[@taxScheme='VAT']", compact),
    Rule("invoice.customer.country", "BT-55", _BUYER + "PostalAddress/Country/IdentificationCode", country),
    Rule("invoice.shipTo.name", "BT-70", "Delivery/DeliveryParty/PartyName/Name", text),
    Rule("invoice.deliveryDate", "BT-72", "Delivery/ActualDeliveryDate", date),
    Rule("invoice.payment.reference", "BT-83", "PaymentMeans/PaymentID", text),
    Rule("invoice.payment.iban", "BT-84", "PaymentMeans/PayeeFinancialAccount/ID", iban),
    Rule(
        "invoice.payment.bic",
        "BT-86",
        "PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/ID",
        compact,
    ),
    Rule("invoice.amounts.subtotal", "BT-109", _SUMS + "TaxExclusiveAmount", decimal),
    Rule("invoice.amounts.tax", "BT-110", "TaxTotal/TaxAmount[@currencyID='{currency}']", decimal),
    Rule("invoice.amounts.tax", "BT-110", "TaxTotal/TaxAmount", decimal),
    Rule("invoice.amounts.total", "BT-112", _SUMS + "TaxInclusiveAmount", decimal),
    Rule("invoice.amounts.paid", "BT-113", _SUMS + "PrepaidAmount", decimal),
    Rule("invoice.amounts.due", "BT-115", _SUMS + "PayableAmount", decimal),
)
SUMS: Mapping[str, tuple[str, str]] = {
    "BT-106": ("lineItems", _SUMS + "LineExtensionAmount"),
    "BT-107": ("invoice.amounts.discount", _SUMS + "AllowanceTotalAmount"),
    "BT-108": ("invoice.amounts.shipping", _SUMS + "ChargeTotalAmount"),
    "BT-114": ("invoice.amounts.due", _SUMS + "PayableRoundingAmount"),
}
ADDRESS = AddressPlaces(
    lines=("StreetName", "AdditionalStreetName", "AddressLine/Line"),
    town="CityName",
    postcode="PostalZone",
    region="CountrySubentity",
    country="Country/IdentificationCode",
)
ADDRESSES = {
    "invoice.supplier.address": ("BG-5", _SELLER + "PostalAddress"),
    "invoice.customer.address": ("BG-8", _BUYER + "PostalAddress"),
    "invoice.shipTo.address": ("BG-15", "Delivery/DeliveryLocation/Address"),
}


def read_ubl(root: Element, syntax: Syntax) -> EInvoice:
    """The e-invoice whose root element, without namespaces, is `root`."""
    _mark_tax_schemes(root)
    code = written_at(root, CURRENCY) or ""
    fields, faults = apply(RULES, root, code if code.isalpha() else "")
    if syntax is Syntax.UBL_CREDIT_NOTE:
        fields["invoice.kind"] = Stated("creditNote", "BT-3", written_at(root, "CreditNoteTypeCode") or "381")
    for path, (term, place) in ADDRESSES.items():
        line = address_line(root.find(place), ADDRESS, with_country=path.startswith("invoice.shipTo"))
        if line:
            fields[path] = Stated(line, term, line)
    numbers = Numbers()
    sums = numbers.sums(SUMS, root)
    fields |= discount_of(sums) | shipping_of(_charges(root, numbers))
    return EInvoice(
        syntax=syntax,
        fields=fields,
        taxes=_taxes(root, numbers),
        line_items=_line_items(root, numbers),
        sums=sums,
        faults=(*faults, *numbers.faults),
    )


def _mark_tax_schemes(root: Element) -> None:
    """Write the scheme of each tax number onto the number, where a path can ask for it."""
    for registration in root.iter("PartyTaxScheme"):
        number = registration.find("CompanyID")
        if number is not None:
            number.set("taxScheme", (text_at(registration, "TaxScheme/ID") or "").upper())


def _taxes(root: Element, numbers: Numbers) -> tuple[TaxLine, ...]:
    lines = []
    for tax in root.iterfind("TaxTotal/TaxSubtotal"):
        amount = numbers.at(tax, "TaxAmount", "invoice.taxes", "BT-117")
        if amount is not None:
            rate = numbers.at(tax, "TaxCategory/Percent", "invoice.taxes", "BT-119")
            lines.append(TaxLine(rate, numbers.at(tax, "TaxableAmount", "invoice.taxes", "BT-116"), amount))
    return tuple(lines)


def _charges(root: Element, numbers: Numbers) -> list[Charge]:
    """The charges on document level (BG-21)."""
    return [
        Charge(
            numbers.at(found, "Amount", "invoice.amounts.shipping", "BT-99"),
            text_at(found, "AllowanceChargeReasonCode"),
            text_at(found, "AllowanceChargeReason"),
        )
        for found in root.iterfind("AllowanceCharge")
        if text_at(found, "ChargeIndicator") in ("true", "1")
    ]


def _line_items(root: Element, numbers: Numbers) -> tuple[LineItem, ...]:
    lines = [*root.iterfind("InvoiceLine"), *root.iterfind("CreditNoteLine")]
    return tuple(_line_item(line, f"lineItems.{place}", numbers) for place, line in enumerate(lines))


def _line_item(line: Element, path: str, numbers: Numbers) -> LineItem:
    def number(place: str, term: str) -> Decimal | None:
        return numbers.at(line, place, path, term)

    quantity = line.find("InvoicedQuantity")
    if quantity is None:
        quantity = line.find("CreditedQuantity")
    allowances = [
        numbers.at(found, "Amount", path, "BT-136")
        for found in line.iterfind("AllowanceCharge")
        if text_at(found, "ChargeIndicator") in ("false", "0")
    ]
    return LineItem(
        description=text_at(line, "Item/Name") or text_at(line, "Item/Description"),
        quantity=number(quantity.tag, "BT-129") if quantity is not None else None,
        unit_price=price_of_one(
            number("Price/PriceAmount", "BT-146"), number("Price/BaseQuantity", "BT-149")
        ),
        amount=number("LineExtensionAmount", "BT-131"),
        sku=text_at(line, "Item/SellersItemIdentification/ID")
        or text_at(line, "Item/StandardItemIdentification/ID"),
        unit=quantity.get("unitCode") if quantity is not None else None,
        tax_rate=number("Item/ClassifiedTaxCategory/Percent", "BT-152"),
        discount=total_of(allowances),
    )

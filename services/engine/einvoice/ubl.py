"""UBL 2.1 invoices and credit notes, the XML of Peppol BIS Billing 3 and XRechnung.

The places of the business terms are those of EN 16931-3-2 (syntax binding to ISO/IEC 19845, UBL 2.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from services.engine.einvoice.binding import Binding, ChargePlaces, LinePlaces, TaxPlaces, read_bound
from services.engine.einvoice.model import EInvoice, Stated, Syntax
from services.engine.einvoice.tree import Element
from services.engine.einvoice.values import (
    AddressPlaces,
    Rule,
    compact,
    country,
    currency,
    date,
    decimal,
    iban,
    kind,
    text,
    text_at,
    written_at,
)

_SELLER = "AccountingSupplierParty/Party/"
_BUYER = "AccountingCustomerParty/Party/"
_SUMS = "LegalMonetaryTotal/"

_CURRENCY = "DocumentCurrencyCode"
_RULES = (
    Rule("invoice.number", "BT-1", "ID", text),
    Rule("invoice.date", "BT-2", "IssueDate", date),
    Rule("invoice.kind", "BT-3", "InvoiceTypeCode", kind),
    Rule("invoice.kind", "BT-3", "CreditNoteTypeCode", kind),
    Rule("invoice.amounts.currency", "BT-5", _CURRENCY, currency),
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
_SUM_PLACES: Mapping[str, tuple[str, str]] = {
    "BT-106": ("lineItems", _SUMS + "LineExtensionAmount"),
    "BT-107": ("invoice.amounts.discount", _SUMS + "AllowanceTotalAmount"),
    "BT-108": ("invoice.amounts.shipping", _SUMS + "ChargeTotalAmount"),
    "BT-114": ("invoice.amounts.due", _SUMS + "PayableRoundingAmount"),
}
_ADDRESS = AddressPlaces(
    lines=("StreetName", "AdditionalStreetName", "AddressLine/Line"),
    town="CityName",
    postcode="PostalZone",
    region="CountrySubentity",
    country="Country/IdentificationCode",
)
_ADDRESSES = {
    "invoice.supplier.address": ("BG-5", _SELLER + "PostalAddress"),
    "invoice.customer.address": ("BG-8", _BUYER + "PostalAddress"),
    "invoice.shipTo.address": ("BG-15", "Delivery/DeliveryLocation/Address"),
}


BINDING = Binding(
    currency=_CURRENCY,
    rules=_RULES,
    sums=_SUM_PLACES,
    address=_ADDRESS,
    addresses=_ADDRESSES,
    taxes=TaxPlaces(
        row="TaxTotal/TaxSubtotal", rate="TaxCategory/Percent", base="TaxableAmount", amount="TaxAmount"
    ),
    charges="AllowanceCharge",
    charge=ChargePlaces(
        indicator="ChargeIndicator",
        amount="Amount",
        code="AllowanceChargeReasonCode",
        reason="AllowanceChargeReason",
    ),
    line=LinePlaces(
        description=("Item/Name", "Item/Description"),
        quantity=("InvoicedQuantity", "CreditedQuantity"),
        price="Price/PriceAmount",
        price_base="Price/BaseQuantity",
        amount="LineExtensionAmount",
        sku=("Item/SellersItemIdentification/ID", "Item/StandardItemIdentification/ID"),
        tax_rate="Item/ClassifiedTaxCategory/Percent",
        charges="AllowanceCharge",
    ),
)


def read_ubl(root: Element, syntax: Syntax) -> EInvoice:
    """The e-invoice whose root element, without namespaces, is `root`."""
    _mark_tax_schemes(root)
    einvoice = read_bound(
        root, syntax, BINDING, [*root.iterfind("InvoiceLine"), *root.iterfind("CreditNoteLine")]
    )
    if syntax is not Syntax.UBL_CREDIT_NOTE:
        return einvoice
    credit_note = Stated("creditNote", "BT-3", written_at(root, "CreditNoteTypeCode") or "381")
    return replace(einvoice, fields={**einvoice.fields, "invoice.kind": credit_note})


def _mark_tax_schemes(root: Element) -> None:
    """Write the scheme of each tax number onto the number, where a path can ask for it."""
    for registration in root.iter("PartyTaxScheme"):
        number = registration.find("CompanyID")
        if number is not None:
            number.set("taxScheme", (text_at(registration, "TaxScheme/ID") or "").upper())

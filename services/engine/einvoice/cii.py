"""UN/CEFACT Cross Industry Invoice (D16B), the XML of Factur-X, ZUGFeRD 2 and XRechnung, and ZUGFeRD 1.

The places of the business terms are those of EN 16931-3-3 (syntax binding to CII). ZUGFeRD 1 has the same
structure under older names, which are renamed first.
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

_AGREEMENT = "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/"
_DELIVERY = "SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery/"
_SETTLEMENT = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/"
_SUMS = _SETTLEMENT + "SpecifiedTradeSettlementHeaderMonetarySummation/"
_MEANS = _SETTLEMENT + "SpecifiedTradeSettlementPaymentMeans/"
_LINE = "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem"

CURRENCY = _SETTLEMENT + "InvoiceCurrencyCode"
RULES = (
    Rule("invoice.number", "BT-1", "ExchangedDocument/ID", text),
    Rule("invoice.date", "BT-2", "ExchangedDocument/IssueDateTime/DateTimeString", date),
    Rule("invoice.kind", "BT-3", "ExchangedDocument/TypeCode", kind),
    Rule("invoice.amounts.currency", "BT-5", CURRENCY, currency),
    Rule(
        "invoice.dueDate",
        "BT-9",
        _SETTLEMENT + "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString",
        date,
    ),
    Rule(
        "invoice.purchaseOrder", "BT-13", _AGREEMENT + "BuyerOrderReferencedDocument/IssuerAssignedID", text
    ),
    Rule("invoice.paymentTerms", "BT-20", _SETTLEMENT + "SpecifiedTradePaymentTerms/Description", text),
    Rule("invoice.supplier.name", "BT-27", _AGREEMENT + "SellerTradeParty/Name", text),
    Rule(
        "invoice.supplier.name",
        "BT-28",
        _AGREEMENT + "SellerTradeParty/SpecifiedLegalOrganization/TradingBusinessName",
        text,
    ),
    Rule(
        "invoice.supplier.taxId",
        "BT-31",
        _AGREEMENT + "SellerTradeParty/SpecifiedTaxRegistration/ID[@schemeID='VA']",
        compact,
    ),
    Rule(
        "invoice.supplier.taxId",
        "BT-32",
        _AGREEMENT + "SellerTradeParty/SpecifiedTaxRegistration/ID[@schemeID='FC']",
        text,
    ),
    Rule(
        "invoice.supplier.country",
        "BT-40",
        _AGREEMENT + "SellerTradeParty/PostalTradeAddress/CountryID",
        country,
    ),
    Rule("invoice.country", "BT-40", _AGREEMENT + "SellerTradeParty/PostalTradeAddress/CountryID", country),
    Rule("invoice.customer.name", "BT-44", _AGREEMENT + "BuyerTradeParty/Name", text),
    Rule(
        "invoice.customer.taxId",
        "BT-48",
        _AGREEMENT + "BuyerTradeParty/SpecifiedTaxRegistration/ID[@schemeID='VA']",
        compact,
    ),
    Rule(
        "invoice.customer.country",
        "BT-55",
        _AGREEMENT + "BuyerTradeParty/PostalTradeAddress/CountryID",
        country,
    ),
    Rule("invoice.shipTo.name", "BT-70", _DELIVERY + "ShipToTradeParty/Name", text),
    Rule(
        "invoice.deliveryDate",
        "BT-72",
        _DELIVERY + "ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString",
        date,
    ),
    Rule("invoice.payment.reference", "BT-83", _SETTLEMENT + "PaymentReference", text),
    Rule("invoice.payment.iban", "BT-84", _MEANS + "PayeePartyCreditorFinancialAccount/IBANID", iban),
    Rule(
        "invoice.payment.bic", "BT-86", _MEANS + "PayeeSpecifiedCreditorFinancialInstitution/BICID", compact
    ),
    Rule("invoice.amounts.subtotal", "BT-109", _SUMS + "TaxBasisTotalAmount", decimal),
    Rule("invoice.amounts.tax", "BT-110", _SUMS + "TaxTotalAmount[@currencyID='{currency}']", decimal),
    Rule("invoice.amounts.tax", "BT-110", _SUMS + "TaxTotalAmount", decimal),
    Rule("invoice.amounts.total", "BT-112", _SUMS + "GrandTotalAmount", decimal),
    Rule("invoice.amounts.paid", "BT-113", _SUMS + "TotalPrepaidAmount", decimal),
    Rule("invoice.amounts.due", "BT-115", _SUMS + "DuePayableAmount", decimal),
)
SUMS: Mapping[str, tuple[str, str]] = {
    "BT-106": ("lineItems", _SUMS + "LineTotalAmount"),
    "BT-107": ("invoice.amounts.discount", _SUMS + "AllowanceTotalAmount"),
    "BT-108": ("invoice.amounts.shipping", _SUMS + "ChargeTotalAmount"),
    "BT-114": ("invoice.amounts.due", _SUMS + "RoundingAmount"),
}
ADDRESS = AddressPlaces(
    lines=("LineOne", "LineTwo", "LineThree"),
    town="CityName",
    postcode="PostcodeCode",
    region="CountrySubDivisionName",
    country="CountryID",
)
ADDRESSES = {
    "invoice.supplier.address": ("BG-5", _AGREEMENT + "SellerTradeParty/PostalTradeAddress"),
    "invoice.customer.address": ("BG-8", _AGREEMENT + "BuyerTradeParty/PostalTradeAddress"),
    "invoice.shipTo.address": ("BG-15", _DELIVERY + "ShipToTradeParty/PostalTradeAddress"),
}
# ZUGFeRD 1.0 (2014): its names and those of D16B.
ZUGFERD_1_NAMES: Mapping[str, str] = {
    "HeaderExchangedDocument": "ExchangedDocument",
    "SpecifiedSupplyChainTradeTransaction": "SupplyChainTradeTransaction",
    "ApplicableSupplyChainTradeAgreement": "ApplicableHeaderTradeAgreement",
    "ApplicableSupplyChainTradeDelivery": "ApplicableHeaderTradeDelivery",
    "ApplicableSupplyChainTradeSettlement": "ApplicableHeaderTradeSettlement",
    "SpecifiedSupplyChainTradeAgreement": "SpecifiedLineTradeAgreement",
    "SpecifiedSupplyChainTradeDelivery": "SpecifiedLineTradeDelivery",
    "SpecifiedSupplyChainTradeSettlement": "SpecifiedLineTradeSettlement",
    "ApplicablePercent": "RateApplicablePercent",
}
# Lines of the extended profile that repeat the amounts of others, or have none.
_NO_ITEMS = frozenset({"GROUP", "INFORMATION"})


def read_cii(root: Element, syntax: Syntax) -> EInvoice:
    """The e-invoice whose root element, without namespaces, is `root`."""
    if syntax is Syntax.ZUGFERD_1:
        _rename(root)
    code = written_at(root, CURRENCY) or ""
    fields, faults = apply(RULES, root, code if code.isalpha() else "")
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


def _rename(root: Element) -> None:
    for parent in root.iter():
        parent.tag = ZUGFERD_1_NAMES.get(parent.tag, parent.tag)
        is_line = parent.tag == "SpecifiedLineTradeSettlement"
        for child in parent:
            if child.tag == "SpecifiedTradeSettlementMonetarySummation":
                level = "Line" if is_line else "Header"
                child.tag = f"SpecifiedTradeSettlement{level}MonetarySummation"
    order = root.find(_AGREEMENT + "BuyerOrderReferencedDocument")
    for child in order if order is not None else ():
        if child.tag == "ID":
            child.tag = "IssuerAssignedID"


def _taxes(root: Element, numbers: Numbers) -> tuple[TaxLine, ...]:
    lines = []
    for tax in root.iterfind(_SETTLEMENT + "ApplicableTradeTax"):
        amount = numbers.at(tax, "CalculatedAmount", "invoice.taxes", "BT-117")
        if amount is not None:
            rate = numbers.at(tax, "RateApplicablePercent", "invoice.taxes", "BT-119")
            lines.append(TaxLine(rate, numbers.at(tax, "BasisAmount", "invoice.taxes", "BT-116"), amount))
    return tuple(lines)


def _charges(root: Element, numbers: Numbers) -> list[Charge]:
    """The charges on document level (BG-21), and ZUGFeRD's logistics services, which are freight."""
    path = "invoice.amounts.shipping"
    charges = [
        Charge(
            numbers.at(found, "ActualAmount", path, "BT-99"),
            text_at(found, "ReasonCode"),
            text_at(found, "Reason"),
        )
        for found in root.iterfind(_SETTLEMENT + "SpecifiedTradeAllowanceCharge")
        if text_at(found, "ChargeIndicator/Indicator") in ("true", "1")
    ]
    services = root.iterfind(_SETTLEMENT + "SpecifiedLogisticsServiceCharge")
    return charges + [Charge(numbers.at(one, "AppliedAmount", path, "BT-99"), "FC", None) for one in services]


def _line_items(root: Element, numbers: Numbers) -> tuple[LineItem, ...]:
    lines = (line for line in root.iterfind(_LINE) if not _is_no_item(line))
    return tuple(_line_item(line, f"lineItems.{place}", numbers) for place, line in enumerate(lines))


def _is_no_item(line: Element) -> bool:
    """Whether the line is a heading, a subtotal or a remark."""
    status = written_at(line, "AssociatedDocumentLineDocument/LineStatusReasonCode")
    has_product = line.find("SpecifiedTradeProduct") is not None
    return status in _NO_ITEMS or not (has_product or line.find("SpecifiedLineTradeSettlement") is not None)


def _line_item(line: Element, path: str, numbers: Numbers) -> LineItem:
    def number(place: str, term: str) -> Decimal | None:
        return numbers.at(line, place, path, term)

    price = "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/"
    settlement = "SpecifiedLineTradeSettlement/"
    allowances = [
        numbers.at(found, "ActualAmount", path, "BT-136")
        for found in line.iterfind(settlement + "SpecifiedTradeAllowanceCharge")
        if text_at(found, "ChargeIndicator/Indicator") in ("false", "0")
    ]
    quantity = line.find("SpecifiedLineTradeDelivery/BilledQuantity")
    return LineItem(
        description=text_at(line, "SpecifiedTradeProduct/Name")
        or text_at(line, "SpecifiedTradeProduct/Description"),
        quantity=number("SpecifiedLineTradeDelivery/BilledQuantity", "BT-129"),
        unit_price=price_of_one(
            number(price + "ChargeAmount", "BT-146"), number(price + "BasisQuantity", "BT-149")
        ),
        amount=number(settlement + "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount", "BT-131"),
        sku=text_at(line, "SpecifiedTradeProduct/SellerAssignedID")
        or text_at(line, "SpecifiedTradeProduct/GlobalID"),
        unit=quantity.get("unitCode") if quantity is not None else None,
        tax_rate=number(settlement + "ApplicableTradeTax/RateApplicablePercent", "BT-152"),
        discount=total_of(allowances),
    )

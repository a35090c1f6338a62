"""UN/CEFACT Cross Industry Invoice (D16B), the XML of Factur-X, ZUGFeRD 2 and XRechnung, and ZUGFeRD 1.

The places of the business terms are those of EN 16931-3-3 (syntax binding to CII). ZUGFeRD 1 has the same
structure under older names, which are renamed first.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.engine.einvoice.binding import Binding, ChargePlaces, LinePlaces, TaxPlaces, read_bound
from services.engine.einvoice.model import EInvoice, Syntax
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
    written_at,
)

_AGREEMENT = "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/"
_DELIVERY = "SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery/"
_SETTLEMENT = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/"
_SUMS = _SETTLEMENT + "SpecifiedTradeSettlementHeaderMonetarySummation/"
_MEANS = _SETTLEMENT + "SpecifiedTradeSettlementPaymentMeans/"
_LINE = "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem"
_LINE_PRICE = "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/"
_LINE_SETTLEMENT = "SpecifiedLineTradeSettlement/"

_CURRENCY = _SETTLEMENT + "InvoiceCurrencyCode"
_RULES = (
    Rule("invoice.number", "BT-1", "ExchangedDocument/ID", text),
    Rule("invoice.date", "BT-2", "ExchangedDocument/IssueDateTime/DateTimeString", date),
    Rule("invoice.kind", "BT-3", "ExchangedDocument/TypeCode", kind),
    Rule("invoice.amounts.currency", "BT-5", _CURRENCY, currency),
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
_SUM_PLACES: Mapping[str, tuple[str, str]] = {
    "BT-106": ("lineItems", _SUMS + "LineTotalAmount"),
    "BT-107": ("invoice.amounts.discount", _SUMS + "AllowanceTotalAmount"),
    "BT-108": ("invoice.amounts.shipping", _SUMS + "ChargeTotalAmount"),
    "BT-114": ("invoice.amounts.due", _SUMS + "RoundingAmount"),
}
_ADDRESS = AddressPlaces(
    lines=("LineOne", "LineTwo", "LineThree"),
    town="CityName",
    postcode="PostcodeCode",
    region="CountrySubDivisionName",
    country="CountryID",
)
_ADDRESSES = {
    "invoice.supplier.address": ("BG-5", _AGREEMENT + "SellerTradeParty/PostalTradeAddress"),
    "invoice.customer.address": ("BG-8", _AGREEMENT + "BuyerTradeParty/PostalTradeAddress"),
    "invoice.shipTo.address": ("BG-15", _DELIVERY + "ShipToTradeParty/PostalTradeAddress"),
}
BINDING = Binding(
    currency=_CURRENCY,
    rules=_RULES,
    sums=_SUM_PLACES,
    address=_ADDRESS,
    addresses=_ADDRESSES,
    taxes=TaxPlaces(
        row=_SETTLEMENT + "ApplicableTradeTax",
        rate="RateApplicablePercent",
        base="BasisAmount",
        amount="CalculatedAmount",
    ),
    charges=_SETTLEMENT + "SpecifiedTradeAllowanceCharge",
    charge=ChargePlaces(
        indicator="ChargeIndicator/Indicator", amount="ActualAmount", code="ReasonCode", reason="Reason"
    ),
    line=LinePlaces(
        description=("SpecifiedTradeProduct/Name", "SpecifiedTradeProduct/Description"),
        quantity=("SpecifiedLineTradeDelivery/BilledQuantity",),
        price=_LINE_PRICE + "ChargeAmount",
        price_base=_LINE_PRICE + "BasisQuantity",
        amount=_LINE_SETTLEMENT + "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
        sku=("SpecifiedTradeProduct/SellerAssignedID", "SpecifiedTradeProduct/GlobalID"),
        tax_rate=_LINE_SETTLEMENT + "ApplicableTradeTax/RateApplicablePercent",
        charges=_LINE_SETTLEMENT + "SpecifiedTradeAllowanceCharge",
    ),
)
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
    lines = (line for line in root.iterfind(_LINE) if not _is_no_item(line))
    # ZUGFeRD's logistics services.
    services = root.iterfind(_SETTLEMENT + "SpecifiedLogisticsServiceCharge")
    return read_bound(root, syntax, BINDING, lines, ((service, "AppliedAmount") for service in services))


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


def _is_no_item(line: Element) -> bool:
    """Whether the line is a heading, a subtotal or a remark."""
    status = written_at(line, "AssociatedDocumentLineDocument/LineStatusReasonCode")
    has_product = line.find("SpecifiedTradeProduct") is not None
    return status in _NO_ITEMS or not (has_product or line.find("SpecifiedLineTradeSettlement") is not None)

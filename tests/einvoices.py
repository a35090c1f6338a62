"""E-invoices for tests: one invoice, written in every XML that is read, and attached to PDFs."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pikepdf
from reportlab.pdfgen.canvas import Canvas

CII_NAMESPACES = (
    'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
    'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
    'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"'
)
ZUGFERD_1_NAMESPACES = (
    'xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0" '
    'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12" '
    'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15"'
)
UBL_NAMESPACES = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What differs between the tests' e-invoices; all else is the same in every syntax.

    Two lines (10 x 4.50, and 200 screws at 12.00 a 100 less 4.00), 5.00 discount, 10.00 freight, 19 % tax.
    """

    number: str = "LL-2026-0417"
    issued: str = "2026-03-14"
    type_code: str = "380"
    total: str = "83.30"
    iban: str = "DE02120300000000202051"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the invoice, its numbers as they are written; the price is that of `base` units."""

    number: str
    name: str
    sku: str
    price: str
    base: str
    quantity: str
    unit: str
    amount: str
    discount: str = "0.00"


LINE_TOTAL, DISCOUNT, FREIGHT, NET, TAX = "65.00", "5.00", "10.00", "70.00", "13.30"
LINES = (
    Line("1", "Copy paper A4", "CP-80", "4.50", "1", "10", "BX", "45.00"),
    Line("2", "Screws 4x40", "SC-440", "12.00", "100", "200", "C62", "20.00", "4.00"),
)


def cii(facts: Facts = Facts()) -> bytes:
    """The invoice as UN/CEFACT Cross Industry Invoice D16B: Factur-X, ZUGFeRD 2, XRechnung."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice {CII_NAMESPACES}>
  <rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
    <ram:ID>urn:cen.eu:en16931:2017</ram:ID>
  </ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument>
    <ram:ID>{facts.number}</ram:ID>
    <ram:TypeCode>{facts.type_code}</ram:TypeCode>
    <ram:IssueDateTime>{_cii_date(facts.issued)}</ram:IssueDateTime>
  </rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>
    {"".join(_cii_line(line) for line in LINES)}
    <ram:ApplicableHeaderTradeAgreement>
      <ram:SellerTradeParty>
        <ram:Name>Nordwind Papier GmbH</ram:Name>
        {_cii_address("Hafenstraße 12", "20457", "Hamburg", "DE")}
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">22/815/08154</ram:ID>
          </ram:SpecifiedTaxRegistration>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE 123456788</ram:ID>
          </ram:SpecifiedTaxRegistration>
      </ram:SellerTradeParty>
      <ram:BuyerTradeParty>
        <ram:Name>Bristol Books Ltd</ram:Name>
        {_cii_address("3 Quay Street", "BS1 4DJ", "Bristol", "GB")}
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">GB987654321</ram:ID>
          </ram:SpecifiedTaxRegistration>
      </ram:BuyerTradeParty>
      <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO-77</ram:IssuerAssignedID>
        </ram:BuyerOrderReferencedDocument>
    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery>
      <ram:ShipToTradeParty>
        <ram:Name>Bristol Books Warehouse</ram:Name>
        {_cii_address("Dock 9", "75001", "Paris", "FR")}
      </ram:ShipToTradeParty>
      <ram:ActualDeliverySupplyChainEvent>
        <ram:OccurrenceDateTime>{_cii_date("2026-03-12")}</ram:OccurrenceDateTime>
      </ram:ActualDeliverySupplyChainEvent>
    </ram:ApplicableHeaderTradeDelivery>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:PaymentReference>RF18 5390 0754 7034</ram:PaymentReference>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:SpecifiedTradeSettlementPaymentMeans>
        <ram:TypeCode>58</ram:TypeCode>
        <ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{facts.iban}</ram:IBANID>
          </ram:PayeePartyCreditorFinancialAccount>
        <ram:PayeeSpecifiedCreditorFinancialInstitution><ram:BICID>BYLADEM1001</ram:BICID>
          </ram:PayeeSpecifiedCreditorFinancialInstitution>
      </ram:SpecifiedTradeSettlementPaymentMeans>
      <ram:ApplicableTradeTax>
        <ram:CalculatedAmount>{TAX}</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>
        <ram:BasisAmount>{NET}</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>
        <ram:RateApplicablePercent>19</ram:RateApplicablePercent>
      </ram:ApplicableTradeTax>
      <ram:SpecifiedTradeAllowanceCharge>
        <ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>
        <ram:ActualAmount>{DISCOUNT}</ram:ActualAmount><ram:Reason>Loyalty</ram:Reason>
      </ram:SpecifiedTradeAllowanceCharge>
      <ram:SpecifiedTradeAllowanceCharge>
        <ram:ChargeIndicator><udt:Indicator>true</udt:Indicator></ram:ChargeIndicator>
        <ram:ActualAmount>{FREIGHT}</ram:ActualAmount><ram:Reason>Versandkosten</ram:Reason>
      </ram:SpecifiedTradeAllowanceCharge>
      <ram:SpecifiedTradePaymentTerms>
        <ram:Description>Payable within
          30 days</ram:Description>
        <ram:DueDateDateTime>{_cii_date("2026-04-13")}</ram:DueDateDateTime>
      </ram:SpecifiedTradePaymentTerms>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:LineTotalAmount>{LINE_TOTAL}</ram:LineTotalAmount>
        <ram:ChargeTotalAmount>{FREIGHT}</ram:ChargeTotalAmount>
        <ram:AllowanceTotalAmount>{DISCOUNT}</ram:AllowanceTotalAmount>
        <ram:TaxBasisTotalAmount>{NET}</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="GBP">11.40</ram:TaxTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">{TAX}</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>{facts.total}</ram:GrandTotalAmount>
        <ram:TotalPrepaidAmount>20.00</ram:TotalPrepaidAmount>
        <ram:DuePayableAmount>63.30</ram:DuePayableAmount>
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>""".encode()


def zugferd_1() -> bytes:
    """The invoice, in its main parts, as ZUGFeRD 1.0 wrote it."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryDocument {ZUGFERD_1_NAMESPACES}>
  <rsm:HeaderExchangedDocument>
    <ram:ID>LL-2026-0417</ram:ID><ram:Name>RECHNUNG</ram:Name><ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime>{_cii_date("2026-03-14")}</ram:IssueDateTime>
  </rsm:HeaderExchangedDocument>
  <rsm:SpecifiedSupplyChainTradeTransaction>
    <ram:ApplicableSupplyChainTradeAgreement>
      <ram:SellerTradeParty>
        <ram:Name>Nordwind Papier GmbH</ram:Name>
        {_cii_address("Hafenstraße 12", "20457", "Hamburg", "DE")}
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE123456788</ram:ID>
          </ram:SpecifiedTaxRegistration>
      </ram:SellerTradeParty>
      <ram:BuyerTradeParty><ram:Name>Bristol Books Ltd</ram:Name></ram:BuyerTradeParty>
      <ram:BuyerOrderReferencedDocument>
        <ram:IssueDateTime>2026-03-01</ram:IssueDateTime><ram:ID>PO-77</ram:ID>
      </ram:BuyerOrderReferencedDocument>
    </ram:ApplicableSupplyChainTradeAgreement>
    <ram:ApplicableSupplyChainTradeDelivery><ram:ActualDeliverySupplyChainEvent>
      <ram:OccurrenceDateTime><udt:DateTimeString format="610">202603</udt:DateTimeString>
        </ram:OccurrenceDateTime>
    </ram:ActualDeliverySupplyChainEvent></ram:ApplicableSupplyChainTradeDelivery>
    <ram:ApplicableSupplyChainTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:ApplicableTradeTax>
        <ram:CalculatedAmount currencyID="EUR">10.45</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>
        <ram:BasisAmount currencyID="EUR">55.00</ram:BasisAmount>
        <ram:ApplicablePercent>19.00</ram:ApplicablePercent>
      </ram:ApplicableTradeTax>
      <ram:SpecifiedLogisticsServiceCharge>
        <ram:Description>Spedition</ram:Description>
          <ram:AppliedAmount currencyID="EUR">10.00</ram:AppliedAmount>
      </ram:SpecifiedLogisticsServiceCharge>
      <ram:SpecifiedTradeSettlementMonetarySummation>
        <ram:LineTotalAmount currencyID="EUR">45.00</ram:LineTotalAmount>
        <ram:ChargeTotalAmount currencyID="EUR">10.00</ram:ChargeTotalAmount>
        <ram:AllowanceTotalAmount currencyID="EUR">0.00</ram:AllowanceTotalAmount>
        <ram:TaxBasisTotalAmount currencyID="EUR">55.00</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">10.45</ram:TaxTotalAmount>
        <ram:GrandTotalAmount currencyID="EUR">65.45</ram:GrandTotalAmount>
        <ram:DuePayableAmount currencyID="EUR">65.45</ram:DuePayableAmount>
      </ram:SpecifiedTradeSettlementMonetarySummation>
    </ram:ApplicableSupplyChainTradeSettlement>
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument>
        <ram:IncludedNote><ram:Content>As ordered by telephone</ram:Content></ram:IncludedNote>
      </ram:AssociatedDocumentLineDocument>
    </ram:IncludedSupplyChainTradeLineItem>
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedSupplyChainTradeAgreement><ram:NetPriceProductTradePrice>
        <ram:ChargeAmount currencyID="EUR">4.5000</ram:ChargeAmount>
      </ram:NetPriceProductTradePrice></ram:SpecifiedSupplyChainTradeAgreement>
      <ram:SpecifiedSupplyChainTradeDelivery>
        <ram:BilledQuantity unitCode="BX">10.0000</ram:BilledQuantity>
      </ram:SpecifiedSupplyChainTradeDelivery>
      <ram:SpecifiedSupplyChainTradeSettlement>
        <ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode>
          <ram:ApplicablePercent>19.00</ram:ApplicablePercent></ram:ApplicableTradeTax>
        <ram:SpecifiedTradeSettlementMonetarySummation>
          <ram:LineTotalAmount currencyID="EUR">45.00</ram:LineTotalAmount>
        </ram:SpecifiedTradeSettlementMonetarySummation>
      </ram:SpecifiedSupplyChainTradeSettlement>
      <ram:SpecifiedTradeProduct>
        <ram:SellerAssignedID>CP-80</ram:SellerAssignedID><ram:Name>Copy paper A4</ram:Name>
      </ram:SpecifiedTradeProduct>
    </ram:IncludedSupplyChainTradeLineItem>
  </rsm:SpecifiedSupplyChainTradeTransaction>
</rsm:CrossIndustryDocument>""".encode()


def ubl(facts: Facts = Facts(), root: str = "Invoice") -> bytes:
    """The invoice as UBL 2.1: Peppol BIS Billing 3, XRechnung; `root` may be `CreditNote`."""
    is_credit = root == "CreditNote"
    due = "" if is_credit else "<cbc:DueDate>2026-04-13</cbc:DueDate>"
    means_due = "<cbc:PaymentDueDate>2026-04-13</cbc:PaymentDueDate>" if is_credit else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{root} {UBL_NAMESPACES.format(root=root)}>
  <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
  <cbc:ID>{facts.number}</cbc:ID>
  <cbc:IssueDate>{facts.issued}</cbc:IssueDate>
  {due}
  <cbc:{root}TypeCode>{"381" if is_credit else facts.type_code}</cbc:{root}TypeCode>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:OrderReference><cbc:ID>PO-77</cbc:ID></cac:OrderReference>
  <cac:AccountingSupplierParty><cac:Party>
    <cac:PartyName><cbc:Name>Nordwind</cbc:Name></cac:PartyName>
    {_ubl_address("PostalAddress", "Hafenstraße 12", "20457", "Hamburg", "DE")}
    <cac:PartyTaxScheme><cbc:CompanyID>22/815/08154</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>FC</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyTaxScheme><cbc:CompanyID>DE123456788</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Nordwind Papier GmbH</cbc:RegistrationName>
      </cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party>
    {_ubl_address("PostalAddress", "3 Quay Street", "BS1 4DJ", "Bristol", "GB")}
    <cac:PartyTaxScheme><cbc:CompanyID>GB987654321</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Bristol Books Ltd</cbc:RegistrationName>
      </cac:PartyLegalEntity>
  </cac:Party></cac:AccountingCustomerParty>
  <cac:Delivery>
    <cbc:ActualDeliveryDate>2026-03-12</cbc:ActualDeliveryDate>
    <cac:DeliveryLocation>{_ubl_address("Address", "Dock 9", "75001", "Paris", "FR")}</cac:DeliveryLocation>
    <cac:DeliveryParty><cac:PartyName><cbc:Name>Bristol Books Warehouse</cbc:Name></cac:PartyName>
      </cac:DeliveryParty>
  </cac:Delivery>
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>
    {means_due}
    <cbc:PaymentID>RF18 5390 0754 7034</cbc:PaymentID>
    <cac:PayeeFinancialAccount><cbc:ID>{facts.iban}</cbc:ID>
      <cac:FinancialInstitutionBranch><cbc:ID>BYLADEM1001</cbc:ID></cac:FinancialInstitutionBranch>
    </cac:PayeeFinancialAccount>
  </cac:PaymentMeans>
  <cac:PaymentTerms><cbc:Note>Payable within 30 days</cbc:Note></cac:PaymentTerms>
  <cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
    <cbc:AllowanceChargeReason>Loyalty</cbc:AllowanceChargeReason>
    <cbc:Amount currencyID="EUR">{DISCOUNT}</cbc:Amount></cac:AllowanceCharge>
  <cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>
    <cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode>
    <cbc:Amount currencyID="EUR">{FREIGHT}</cbc:Amount></cac:AllowanceCharge>
  <cac:TaxTotal><cbc:TaxAmount currencyID="GBP">11.40</cbc:TaxAmount></cac:TaxTotal>
  <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{TAX}</cbc:TaxAmount>
    <cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">{NET}</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">{TAX}</cbc:TaxAmount>
      <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">{LINE_TOTAL}</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">{NET}</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">{facts.total}</cbc:TaxInclusiveAmount>
    <cbc:AllowanceTotalAmount currencyID="EUR">{DISCOUNT}</cbc:AllowanceTotalAmount>
    <cbc:ChargeTotalAmount currencyID="EUR">{FREIGHT}</cbc:ChargeTotalAmount>
    <cbc:PrepaidAmount currencyID="EUR">20.00</cbc:PrepaidAmount>
    <cbc:PayableAmount currencyID="EUR">63.30</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
  {"".join(_ubl_line(root, line) for line in LINES)}
</{root}>""".encode()


def printed(facts: Facts = Facts()) -> bytes:
    """The invoice as a PDF page with a text layer."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=(595, 842))
    for number, line in enumerate(printed_lines(facts)):
        canvas.setFont("Courier", 9)
        canvas.drawString(50, 780 - 16 * number, line)
    canvas.save()
    return content.getvalue()


def printed_lines(facts: Facts = Facts()) -> tuple[str, ...]:
    """What the invoice's page shows, columns set with blanks; the seller's tax number is not on it."""
    day = ".".join(reversed(facts.issued.split("-")))
    account = " ".join(facts.iban[start : start + 4] for start in range(0, len(facts.iban), 4))
    return (
        "Nordwind Papier GmbH",
        "Hafenstraße 12, 20457 Hamburg",
        "",
        "Bristol Books Ltd",
        "3 Quay Street, Bristol BS1 4DJ",
        "",
        "INVOICE",
        f"Invoice number: {facts.number}          Invoice date: {day}",
        "Customer reference: KX-9",
        "",
        "Description              Quantity     Unit price       Amount",
        "Copy paper A4                  10           4.50        45.00",
        "Screws 4x40                   200           0.12        20.00",
        "",
        f"Subtotal                                               {NET}",
        f"VAT 19%                                                {TAX}",
        f"Total EUR                                              {facts.total}",
        "",
        f"IBAN {account}",
    )


def attached(pdf: bytes, xml: bytes, name: str = "factur-x.xml", relationship: str = "/Data") -> bytes:
    """`pdf` with `xml` as an associated file, as PDF/A-3 has it."""
    content = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.attachments[name] = xml
        specification = document.attachments[name].obj
        specification["/AFRelationship"] = pikepdf.Name(relationship)
        document.Root["/AF"] = pikepdf.Array([specification])
        document.save(content)
    return content.getvalue()


def _cii_date(iso: str) -> str:
    return f'<udt:DateTimeString format="102">{iso.replace("-", "")}</udt:DateTimeString>'


def _cii_address(street: str, postcode: str, town: str, country: str) -> str:
    return f"""<ram:PostalTradeAddress>
      <ram:PostcodeCode>{postcode}</ram:PostcodeCode><ram:LineOne>{street}</ram:LineOne>
      <ram:CityName>{town}</ram:CityName><ram:CountryID>{country}</ram:CountryID>
    </ram:PostalTradeAddress>"""


def _cii_line(line: Line) -> str:
    return f"""<ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument><ram:LineID>{line.number}</ram:LineID>
        </ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedTradeProduct>
        <ram:SellerAssignedID>{line.sku}</ram:SellerAssignedID><ram:Name>{line.name}</ram:Name>
      </ram:SpecifiedTradeProduct>
      <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>
        <ram:ChargeAmount>{line.price}</ram:ChargeAmount>
        <ram:BasisQuantity unitCode="{line.unit}">{line.base}</ram:BasisQuantity>
      </ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
      <ram:SpecifiedLineTradeDelivery>
        <ram:BilledQuantity unitCode="{line.unit}">{line.quantity}</ram:BilledQuantity>
      </ram:SpecifiedLineTradeDelivery>
      <ram:SpecifiedLineTradeSettlement>
        <ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>
          <ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax>
        <ram:SpecifiedTradeAllowanceCharge>
          <ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>
          <ram:ActualAmount>{line.discount}</ram:ActualAmount></ram:SpecifiedTradeAllowanceCharge>
        <ram:SpecifiedTradeSettlementLineMonetarySummation>
          <ram:LineTotalAmount>{line.amount}</ram:LineTotalAmount>
        </ram:SpecifiedTradeSettlementLineMonetarySummation>
      </ram:SpecifiedLineTradeSettlement>
    </ram:IncludedSupplyChainTradeLineItem>"""


def _ubl_address(element: str, street: str, postcode: str, town: str, country: str) -> str:
    return f"""<cac:{element}><cbc:StreetName>{street}</cbc:StreetName><cbc:CityName>{town}</cbc:CityName>
      <cbc:PostalZone>{postcode}</cbc:PostalZone>
      <cac:Country><cbc:IdentificationCode>{country}</cbc:IdentificationCode></cac:Country></cac:{element}>"""


def _ubl_line(root: str, line: Line) -> str:
    quantity = "CreditedQuantity" if root == "CreditNote" else "InvoicedQuantity"
    return f"""<cac:{root}Line>
      <cbc:ID>{line.number}</cbc:ID>
      <cbc:{quantity} unitCode="{line.unit}">{line.quantity}</cbc:{quantity}>
      <cbc:LineExtensionAmount currencyID="EUR">{line.amount}</cbc:LineExtensionAmount>
      <cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
        <cbc:Amount currencyID="EUR">{line.discount}</cbc:Amount></cac:AllowanceCharge>
      <cac:Item><cbc:Name>{line.name}</cbc:Name>
        <cac:SellersItemIdentification><cbc:ID>{line.sku}</cbc:ID></cac:SellersItemIdentification>
        <cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent></cac:ClassifiedTaxCategory>
      </cac:Item>
      <cac:Price><cbc:PriceAmount currencyID="EUR">{line.price}</cbc:PriceAmount>
        <cbc:BaseQuantity unitCode="{line.unit}">{line.base}</cbc:BaseQuantity></cac:Price>
    </cac:{root}Line>"""

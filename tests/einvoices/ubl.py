"""The invoice in the syntax of UBL."""

from __future__ import annotations

from tests.einvoices.facts import DISCOUNT, FREIGHT, LINE_TOTAL, LINES, NET, TAX, USUAL, Facts, Line

_NAMESPACES = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)


def ubl(facts: Facts = USUAL, root: str = "Invoice") -> bytes:
    """The invoice as UBL 2.1: Peppol BIS Billing 3, XRechnung; `root` may be `CreditNote`."""
    is_credit = root == "CreditNote"
    due = "" if is_credit else "<cbc:DueDate>2026-04-13</cbc:DueDate>"
    means_due = "<cbc:PaymentDueDate>2026-04-13</cbc:PaymentDueDate>" if is_credit else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{root} {_NAMESPACES.format(root=root)}>
  <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
  <cbc:ID>{facts.number}</cbc:ID>
  <cbc:IssueDate>{facts.issued}</cbc:IssueDate>
  {due}
  <cbc:{root}TypeCode>{"381" if is_credit else facts.type_code}</cbc:{root}TypeCode>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:OrderReference><cbc:ID>PO-77</cbc:ID></cac:OrderReference>
  <cac:AccountingSupplierParty><cac:Party>
    <cac:PartyName><cbc:Name>Nordwind</cbc:Name></cac:PartyName>
    {_address("PostalAddress", "Hafenstraße 12", "20457", "Hamburg", "DE")}
    <cac:PartyTaxScheme><cbc:CompanyID>22/815/08154</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>FC</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyTaxScheme><cbc:CompanyID>DE123456788</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Nordwind Papier GmbH</cbc:RegistrationName>
      </cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party>
    {_address("PostalAddress", "3 Quay Street", "BS1 4DJ", "Bristol", "GB")}
    <cac:PartyTaxScheme><cbc:CompanyID>GB987654321</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Bristol Books Ltd</cbc:RegistrationName>
      </cac:PartyLegalEntity>
  </cac:Party></cac:AccountingCustomerParty>
  <cac:Delivery>
    <cbc:ActualDeliveryDate>2026-03-12</cbc:ActualDeliveryDate>
    <cac:DeliveryLocation>{_address("Address", "Dock 9", "75001", "Paris", "FR")}</cac:DeliveryLocation>
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
  {"".join(_line(root, line) for line in LINES)}
</{root}>""".encode()


def _line(root: str, line: Line) -> str:
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


def _address(element: str, street: str, postcode: str, town: str, country: str) -> str:
    return f"""<cac:{element}><cbc:StreetName>{street}</cbc:StreetName><cbc:CityName>{town}</cbc:CityName>
      <cbc:PostalZone>{postcode}</cbc:PostalZone>
      <cac:Country><cbc:IdentificationCode>{country}</cbc:IdentificationCode></cac:Country></cac:{element}>"""

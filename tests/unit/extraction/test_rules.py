"""What a template asks for: own fields, patterns, places, types, conditions, languages and thresholds."""

from __future__ import annotations

import datetime
import time
from decimal import Decimal

import pytest

from services.engine.extraction.patterns import UnsafePattern, compile_safely, find_value
from services.engine.extraction.rules import field_path
from shared.readings import BoundingBox
from shared.template import ExtractionSettings, FieldRule, ValidationRule
from tests.unit.extraction.drawings import drawn
from tests.unit.extraction.reading import read

DRAWING = """
Contract: K-2024-77        Meter reading 4711 kWh
Valid from 01.02.2024      Express: yes
Invoice No: 100            Surcharge 12,50 EUR
"""


def with_fields(*rules: FieldRule) -> ExtractionSettings:
    return ExtractionSettings(fields=rules)


def test_a_pattern_reads_a_field_of_the_users_own() -> None:
    rules = with_fields(
        FieldRule("contract", pattern=r"Contract:\s*(\S+)"),
        FieldRule("validFrom", type="date", pattern=r"valid from (\S+)"),
        FieldRule("meter", type="number", pattern=r"reading (\d+)"),
        FieldRule("surcharge", type="currency", pattern=r"Surcharge (\S+)"),
        FieldRule("express", type="boolean", pattern=r"Express: (\w+)"),
    )
    extraction = read(DRAWING, settings=rules)
    assert extraction.custom == {
        "contract": "K-2024-77",
        "validFrom": datetime.date(2024, 2, 1),
        "meter": Decimal(4711),
        "surcharge": Decimal("12.50"),
        "express": True,
    }
    data = extraction.to_json()["extractedData"]
    assert data["custom"]["validFrom"] == "2024-02-01"
    assert data["provenance"]["contract"]["text"] == "K-2024-77"


def test_digits_that_are_no_sum_are_no_value() -> None:
    rules = with_fields(
        FieldRule("account", type="number", pattern=r"Account (\d+)"),
        FieldRule("largest", type="number", pattern=r"Largest (\d+)"),
    )
    extraction = read("Account 99999999999999999999\nLargest 10000000000000", settings=rules)
    assert extraction.to_json()["extractedData"]["custom"] == {"largest": 10**13}


def test_a_pattern_goes_before_the_general_reading() -> None:
    rules = with_fields(FieldRule("invoice.number", pattern=r"K-\d+-\d+"))
    assert read(DRAWING).invoice.number == "100"
    assert read(DRAWING, settings=rules).invoice.number == "K-2024-77"


def test_a_place_on_the_page_reads_what_stands_there() -> None:
    region = BoundingBox(x=20, y=40, width=250, height=24)
    rules = with_fields(FieldRule("note", coordinates=region), FieldRule("date", coordinates=region))
    extraction = read(DRAWING, settings=rules)
    assert extraction.custom == {"note": "Valid from 01.02.2024"}
    assert extraction.invoice.date == datetime.date(2024, 2, 1)


def test_a_required_field_that_is_missing_makes_the_document_invalid() -> None:
    rules = with_fields(FieldRule("costCentre", pattern=r"Cost centre (\d+)", required=True))
    extraction = read(DRAWING, settings=rules)
    assert not extraction.is_valid
    assert [f.field for f in extraction.findings if f.severity == "error"] == ["costCentre"]


@pytest.mark.parametrize(
    ("rule", "valid"),
    [
        (FieldRule("number", min_length=3), True),
        (FieldRule("number", min_length=4), False),
        (FieldRule("number", max_length=3), True),
        (FieldRule("number", max_length=2), False),
        (FieldRule("number", validation_format=r"\d{3}"), True),
        (FieldRule("number", validation_format=r"[A-Z]+"), False),
    ],
)
def test_conditions_on_a_field(rule: FieldRule, valid: bool) -> None:
    assert read(DRAWING, settings=with_fields(rule)).is_valid is valid


@pytest.mark.parametrize(
    ("rule", "valid"),
    [
        (ValidationRule("invoice.number", "numeric"), True),
        (ValidationRule("invoice.supplier.name", "numeric"), False),
        (ValidationRule("invoice.date", "date"), True),
        (ValidationRule("amounts.total", "currency"), True),
        (ValidationRule("currency", "currency"), True),
        (ValidationRule("invoice.number", "email"), False),
        (ValidationRule("invoice.shipTo.name", "required"), False),
    ],
)
def test_validation_rules(rule: ValidationRule, valid: bool) -> None:
    extraction = read(drawn("swiss"), settings=ExtractionSettings(validation_rules=(rule,)))
    assert extraction.is_valid is valid


def test_a_validation_rule_may_bring_its_own_message() -> None:
    rule = ValidationRule("invoice.shipTo.name", "required", "Please ask for the delivery address.")
    extraction = read(drawn("swiss"), settings=ExtractionSettings(validation_rules=(rule,)))
    assert extraction.findings[0].message == "Please ask for the delivery address."


def test_fields_under_the_threshold_get_a_warning() -> None:
    def uncertain(threshold: float) -> list[str]:
        extraction = read(drawn("swiss"), settings=ExtractionSettings(confidence_threshold=threshold))
        assert extraction.is_valid
        return [f.field for f in extraction.findings if "uncertain" in f.message]

    assert uncertain(0.0) == []
    assert "invoice.number" in uncertain(1.0)


def test_languages_of_a_template_choose_the_vocabulary() -> None:
    drawing = "Faktura nr FV/1/2024\nRazem do zapłaty   12,00"
    assert read(drawing, settings=ExtractionSettings(languages=("pl",))).invoice.number == "FV/1/2024"
    assert read(drawing, settings=ExtractionSettings(languages=("it",))).invoice.number is None


def test_names_of_fields() -> None:
    assert field_path("invoiceNumber") == "invoice.number"
    assert field_path("total") == "invoice.amounts.total"
    assert field_path("invoice.supplier.name") == "invoice.supplier.name"
    assert field_path("meterReading") == "meterReading"


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"(a|aa)*b",
        r"(?:\d+\s*)*x",
        r"(a)\1",
        r"((ab)*)*",
        r"\d*\d*\d*\d*x",
        r".*a.*a.*a.*b",
        "(",
        "a" * 400,
    ],
)
def test_patterns_that_could_run_for_ever_are_refused(pattern: str) -> None:
    with pytest.raises(UnsafePattern):
        compile_safely(pattern)
    assert not read(DRAWING, settings=with_fields(FieldRule("x", pattern=pattern))).is_valid


@pytest.mark.parametrize(
    "pattern",
    [
        r"Invoice\s*No\.?\s*:?\s*([A-Z]*\d+)",
        r"\b(?:EUR|USD)\s?(\d+[.,]\d{2})",
        r"[A-Z]{2}\d{6,10}",
        r"[(+]\d+",
    ],
)
def test_ordinary_patterns_are_allowed(pattern: str) -> None:
    assert compile_safely(pattern).pattern == pattern


def test_allowed_patterns_are_quick_on_the_worst_text() -> None:
    pattern = compile_safely(r"\d*\d*x")
    started = time.perf_counter()
    assert find_value(pattern, "1" * 100_000) is None
    assert time.perf_counter() - started < 2

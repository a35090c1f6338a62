"""Confidence from evidence: monotone, within bounds, and told apart by field."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.engine.extraction import extract
from services.engine.extraction.calibration import Calibration, load_calibration
from services.engine.extraction.invoice_fields import FIELD_TYPES
from shared.template import ExtractionSettings, FieldRule
from tests.unit.extraction.drawings import drawn
from tests.unit.extraction.pages import page

AS_FOUND = Calibration(1.0, 0.0)
_PATHS = st.sampled_from([*FIELD_TYPES, "lineItems.3", "costCentre"])


@given(_PATHS, st.floats(0, 1), st.floats(0, 1))
def test_better_evidence_never_gives_less_confidence(path: str, one: float, other: float) -> None:
    measured = load_calibration()
    low, high = sorted((one, other))
    assert 0 < measured.confidence(path, "Found.", low) <= measured.confidence(path, "Found.", high) < 1


def test_without_slope_and_offset_evidence_stays_what_it_is() -> None:
    assert abs(AS_FOUND.confidence("invoice.number", "Found.", 0.73) - 0.73) < 1e-9


def test_offsets_are_by_field_and_by_kind_of_evidence() -> None:
    offsets = {"lineItems": 2.0, "invoice.number": -1.0, "invoice.number: Stands at …, row 0.": -1.0}
    calibration = Calibration(1.0, 0.0, offsets)
    assert calibration.confidence("lineItems.7", "A row.", 0.5) > 0.8
    assert calibration.confidence("costCentre", "Found.", 0.5) == 0.5
    usual = calibration.confidence("invoice.number", "Found.", 0.5)
    assert calibration.confidence("invoice.number", 'Stands at "No. 7", row 12.', 0.5) < usual < 0.3


def test_what_was_measured_speaks_of_fields_that_exist() -> None:
    measured = {name.partition(": ")[0] for name in load_calibration().offsets}
    assert measured <= {*FIELD_TYPES, "invoice.kind", "lineItems"}


def test_the_threshold_of_a_template_is_one_of_confidence() -> None:
    doubtful = Calibration(1.0, -5.0)
    pages = [page(drawn("american"))]
    findings = extract(pages, ExtractionSettings(confidence_threshold=0.5), calibration=doubtful).findings
    assert any("is uncertain" in finding.message for finding in findings)
    sure = extract(
        pages, ExtractionSettings(confidence_threshold=0.5), calibration=Calibration(1.0, 5.0)
    ).findings
    assert not any("is uncertain" in finding.message for finding in sure)


def test_a_templates_own_pattern_keeps_its_own_confidence() -> None:
    rule = FieldRule("invoice.number", pattern=r"Invoice #:\s+(\S+)")
    extraction = extract(
        [page(drawn("american"))], ExtractionSettings(fields=(rule,)), calibration=Calibration(1.0, -5.0)
    )
    assert extraction.field_confidence["invoice.number"] == 0.97

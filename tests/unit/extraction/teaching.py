"""Teaching a profile by corrected pages, and reading with it, as engine and gateway do together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.engine.extraction import Extraction, extract
from services.engine.extraction.learning import Learned, Lesson, learn
from shared.schemas.supplier import KINDS, profile_from_json, profile_to_json
from shared.supplier import Correction, SupplierProfile
from shared.template import ExtractionSettings
from tests.unit.extraction.pages import page

KESSLER = SupplierProfile(id="1", names=("Kessler Werkzeugbau GmbH",), tax_ids=("DE136695976",))


def taught(drawing: str, *corrections: Correction, profile: SupplierProfile = KESSLER) -> SupplierProfile:
    """The profile after the corrections of one invoice."""
    return taught_by(drawing, Lesson(corrections), profile)


def taught_by(drawing: str, lesson: Lesson, profile: SupplierProfile = KESSLER) -> SupplierProfile:
    """The profile after a lesson of one invoice."""
    return with_learned(profile, learn([page(drawing)], profile, lesson))


def with_learned(profile: SupplierProfile, learned: Learned) -> SupplierProfile:
    """The profile with what was learned, there and back through JSON."""
    new: dict[str, Any] = {
        kind: (
            *(one for one in getattr(profile, kind) if one.field not in learned.fields),
            *getattr(learned, kind),
        )
        for kind in KINDS
    }
    return profile_from_json(profile_to_json(replace(profile, **new)))


def read_with(
    drawing: str, *profiles: SupplierProfile, settings: ExtractionSettings | None = None
) -> Extraction:
    """What is extracted from the drawn page."""
    return extract([page(drawing)], settings or ExtractionSettings(), profiles)

"""Confidence that can be believed: of the fields at 0.9, about nine of ten are right.

The readers of fields say how good their evidence is, 0..1. How often such evidence is right was measured on
documents with truth, and lies in `calibration.json`: Platt scaling (J. Platt, "Probabilistic outputs for
support vector machines", 1999) of the evidence's log odds, with one slope for all fields, and offsets by
field and by the way its value was found. The slope is positive: better evidence never gives less confidence.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

FILE_NAME = "calibration.json"
ITEMS = "lineItems"
# Nothing is certain, and nothing measured here is rarer than one in a hundred or so.
_LEAST, _MOST = 0.01, 0.99
_QUOTED = re.compile(r'".*"')
_NUMBERS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns evidence into confidence.

    `offsets` are by field path, all items sharing that of `lineItems`, and by kind of evidence.
    """

    slope: float
    offset: float
    offsets: Mapping[str, float] = field(default_factory=dict)

    def confidence(self, path: str, reason: str, evidence: float) -> float:
        """How likely a field of such evidence is right, both 0..1; `reason` is the one given for its value.

        What was never measured has the usual offset.
        """
        special = sum(self.offsets.get(name, 0.0) for name in (family(path), kind_of_evidence(path, reason)))
        return 1 / (1 + math.exp(-self.slope * log_odds(evidence) - self.offset - special))


@cache
def load_calibration() -> Calibration:
    """What was measured, from this package; read once per process."""
    content = json.loads(calibration_text())
    return Calibration(content["slope"], content["offset"], content["offsets"])


def calibration_text() -> str:
    """The file that `make calibrate` writes."""
    return (resources.files("services.engine.extraction") / FILE_NAME).read_text(encoding="utf-8")


def family(path: str) -> str:
    """The field that a path's calibration was measured with: the items of a document count as one."""
    return ITEMS if path.startswith(f"{ITEMS}.") else path


def kind_of_evidence(path: str, reason: str) -> str:
    """The field and its reason without what is the document's own: texts that are quoted, and numbers."""
    usual = _NUMBERS.sub("0", _QUOTED.sub("…", reason))
    return f"{family(path)}: {usual}"


def log_odds(evidence: float) -> float:
    """The logarithm of the odds, of evidence kept away from 0 and 1."""
    kept = min(max(evidence, _LEAST), _MOST)
    return math.log(kept / (1 - kept))

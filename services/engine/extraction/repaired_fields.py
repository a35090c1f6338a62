"""What a repair means for the fields that were read from the repaired number: reason, confidence, finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from services.engine.extraction.arithmetic import TAXES
from services.engine.extraction.equations import Equation, Product
from services.engine.extraction.model import Finding, Found
from services.engine.extraction.repair import Repair


def with_repairs(fields: Mapping[str, Found[Any]], repairs: Sequence[Repair]) -> dict[str, Found[Any]]:
    """The fields; one that was read from a repaired number shows what was read there and says so."""
    told = dict(fields)
    for repair in repairs:
        for path in _fields_at(told, repair):
            found = told[path]
            told[path] = replace(
                found,
                text=found.text.replace(repair.intended, repair.read, 1),
                reason=f'{found.reason} "{repair.read}" was read and repaired to "{repair.intended}", '
                f"since only so {repair.reason}.",
                confidence=min(found.confidence, repair.confidence),
            )
    return told


def repair_findings(fields: Mapping[str, Found[Any]], repairs: Sequence[Repair]) -> Iterator[Finding]:
    """A sentence for every repair, under the field it changed."""
    for repair in repairs:
        changed = [path for path in _fields_at(fields, repair) if not repair.number.path.startswith(path)]
        path = changed[0] if changed and repair.number.path not in fields else repair.number.path
        yield Finding(
            path,
            f'The {repair.number.name} on page {repair.page} was read as "{repair.read}" and repaired to '
            f'"{repair.intended}", since only so {repair.reason}; please compare it with the document.',
            "warning",
        )


def tax_findings(equations: Sequence[Equation]) -> Iterator[Finding]:
    """A sentence for every row of the breakdown whose tax, borne out by sums, is not the rate of its base."""
    borne_out = {place for equation in equations for place in equation.borne_out}
    for equation in equations:
        rows = [
            relation
            for relation in equation.relations
            if isinstance(relation, Product)
            and relation.second.path.startswith(TAXES)
            and relation.result.place in borne_out
            and 0 < relation.result.value < relation.second.value
        ]
        if equation.holds or not rows:
            continue
        rate, base, tax = (number.value for number in rows[0].numbers)
        page = rows[0].result.amount.segment.page
        yield Finding(
            TAXES,
            f"A row of the tax breakdown on page {page} does not hold: {rate} % of {base} is not {tax}.",
            "warning",
        )


def _fields_at(fields: Mapping[str, Found[Any]], repair: Repair) -> list[str]:
    """The paths of the fields whose place on the page holds the repaired number."""
    x, y = repair.box.center_x, repair.box.center_y
    return [
        path
        for path, found in fields.items()
        if found.page == repair.page
        and found.box.x <= x <= found.box.right
        and found.box.y <= y <= found.box.bottom
        and repair.intended in found.text
    ]

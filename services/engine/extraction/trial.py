"""How well a reading agrees with what a person says of the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from services.engine.extraction.extract import GeneralReading
from services.engine.extraction.model import Found, LineItem, TaxLine
from services.engine.extraction.printed import is_value
from services.engine.extraction.text import key_of
from shared.supplier import Correction

_ITEM_VALUES = tuple(member.name for member in fields(LineItem))
_A_WHOLE_ITEM = 3


@dataclass(frozen=True, slots=True)
class Truth:
    """What a person has corrected; a list that is None was not corrected."""

    corrections: tuple[Correction, ...]
    items: tuple[LineItem, ...] | None
    taxes: tuple[TaxLine, ...] | None

    def score(self, reading: GeneralReading) -> int:
        """How much of what was corrected the reading has right, less what it has wrong."""
        right = [one for one in self.corrections if self.is_right(reading, one)]
        score = 3 * len(right) + sum(stands_there(reading, one) for one in right)
        if self.items is not None:
            score += _agreement(self.items, reading.table.items)
        if self.taxes is not None:
            score += 3 * (same_taxes(self.taxes, reading.totals.taxes))
            score += sum(tax in reading.totals.taxes for tax in self.taxes)
        return score

    def is_right(self, reading: GeneralReading, correction: Correction) -> bool:
        """Whether the reading has the corrected value, or none where there is none."""
        found = reading.fields.get(correction.field)
        return is_value(correction, found.value if found is not None else None)

    def spoils(self, before: GeneralReading, after: GeneralReading) -> bool:
        """Whether something that was not corrected, and so was right, is read otherwise than before."""
        corrected = {one.field for one in self.corrections}
        for path, found in before.fields.items():
            now = after.fields.get(path)
            if path not in corrected and (now is None or now.value != found.value):
                return True
        if self.items is None and before.table.items != after.table.items:
            return True
        return self.taxes is None and bool(before.totals.taxes) and before.totals.taxes != after.totals.taxes


def stands_there(reading: GeneralReading, correction: Correction) -> bool:
    """Whether the field's value is printed where it was found, at a label, and not told by other values."""
    found = reading.fields.get(correction.field)
    if found is None or not isinstance(found.value, Decimal):
        return found is not None
    name = correction.field.rpartition(".")[2]
    return _digits(found.text) == _digits(str(found.value)) and not _is_only_explained(reading, name, found)


def _is_only_explained(reading: GeneralReading, name: str, found: Found[Decimal]) -> bool:
    """Whether arithmetic alone tells the sum; on the supplier's next invoice there may be charges between."""
    labels = {
        role.label
        for role in reading.totals.roles
        if role.concept == name and (role.amount.segment.page, role.amount.box) == (found.page, found.box)
    }
    return labels == {""}


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def same_items(items: Sequence[LineItem], read: Sequence[LineItem]) -> bool:
    """Whether the items agree in every value."""
    return len(items) == len(read) and all(
        _same(getattr(one, name), getattr(other, name))
        for one, other in zip(items, read, strict=True)
        for name in _ITEM_VALUES
    )


def same_taxes(taxes: Sequence[TaxLine], read: Sequence[TaxLine]) -> bool:
    """Whether the tax lines agree."""
    return tuple(taxes) == tuple(read)


def _agreement(items: Sequence[LineItem], read: Sequence[LineItem]) -> int:
    """Values that are right less those that are wrong; items that are missing, or too many, count more."""
    score = -_A_WHOLE_ITEM * abs(len(items) - len(read))
    left = list(read)
    for item in items:
        other = next((one for one in left if one.amount == item.amount), None)
        if other is None:
            score -= _A_WHOLE_ITEM
            continue
        left.remove(other)
        score += _A_WHOLE_ITEM
        for name in _ITEM_VALUES:
            stated, found = getattr(item, name), getattr(other, name)
            if stated is not None or found is not None:
                score += 1 if _same(stated, found) else -1
    return score


def _same(stated: Any, found: Any) -> bool:
    if isinstance(stated, Decimal) or stated is None or found is None:
        return bool(stated == found)
    return key_of(str(stated)) == key_of(str(found))

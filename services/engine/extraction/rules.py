"""Fields as a template defines them: by pattern, by place on the page, with a type and conditions."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.engine.extraction.document import Document
from services.engine.extraction.invoice_fields import FIELD_TYPES
from services.engine.extraction.layout import Segment
from services.engine.extraction.model import Finding, Found
from services.engine.extraction.patterns import UnsafePattern, compile_safely, find_value
from services.engine.extraction.text import plain
from shared.readings import BoundingBox
from shared.template import FieldRule

CustomValue = str | bool | Decimal | datetime.date

_NO = frozenset({"no", "nein", "non", "nee", "nao", "nie", "false", "falsch", "0", "n"})


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What a template's field rules gave: values by field path, and findings."""

    values: Mapping[str, Found[Any]]
    findings: tuple[Finding, ...]


def field_path(name: str) -> str:
    """The path of a field a rule names: `invoice.number`, `number`, `amounts.total` and `total` all do.

    A name the general reading does not know is returned as it is.
    """
    for path in FIELD_TYPES:
        if name in (path, path.removeprefix("invoice."), path.removeprefix("invoice.amounts.")):
            return path
    key = plain(name).replace("invoice", "", 1).lstrip("._- ")
    for path in FIELD_TYPES:
        if key and key == plain(path.removeprefix("invoice.")).replace(".", ""):
            return path
    return name


def apply_rules(
    document: Document, rules: tuple[FieldRule, ...], read: Mapping[str, Found[Any]]
) -> RuleOutcome:
    """Read the fields of the rules; `read` is what the general reading found.

    A rule's own value goes before the general one; conditions are checked on whichever stands.
    """
    values: dict[str, Found[Any]] = {}
    findings: list[Finding] = []
    for rule in rules:
        path = field_path(rule.name)
        try:
            found = _read(document, rule, path)
            if found is not None:
                values[path] = found
            findings += list(violations(rule, path, found or read.get(path)))
        except UnsafePattern as error:
            findings.append(Finding(path, str(error), "error"))
    return RuleOutcome(values, tuple(findings))


def _read(document: Document, rule: FieldRule, path: str) -> Found[Any] | None:
    if rule.pattern is None and rule.coordinates is None:
        return None
    for place in _texts(document, rule):
        found = _typed(document, rule, path, place)
        if found is not None:
            return found
    return None


def _texts(document: Document, rule: FieldRule) -> Iterator[tuple[Segment, int, int]]:
    """Where the rule's value may stand: its first group in a match, or all words in its region."""
    pattern = compile_safely(rule.pattern) if rule.pattern is not None else None
    for segment in _candidates(document, rule.coordinates):
        if pattern is None:
            yield segment, 0, len(segment.text)
            continue
        match = find_value(pattern, segment.text)
        if match is not None:
            group = 1 if pattern.groups and match[1] is not None else 0
            if match.start(group) < match.end(group):
                yield segment, match.start(group), match.end(group)


def _candidates(document: Document, region: BoundingBox | None) -> Iterator[Segment]:
    """Whole rows as segments; with a region, its words on the first page that has any there."""
    for page in document.pages:
        any_here = False
        for row in page.rows:
            tokens = [
                token
                for segment in row.segments
                for token in segment.tokens
                if region is None or _holds(region, token.box)
            ]
            if tokens:
                any_here = True
                yield Segment.of_tokens(page.number, row.index, tokens)
        if region is not None and any_here:
            return


def _holds(region: BoundingBox, box: BoundingBox) -> bool:
    return region.x <= box.center_x <= region.right and region.y <= box.center_y <= region.bottom


def _typed(
    document: Document, rule: FieldRule, path: str, place: tuple[Segment, int, int]
) -> Found[Any] | None:
    """The text as the type of the field, or of the rule for fields of the user's own."""
    segment, start, end = place
    text = segment.text[start:end].strip()
    value = _value(document, _kind_of(rule, path), segment, start, end)
    if value is None:
        return None
    how = "the template's pattern" if rule.pattern is not None else "the template's place on the page"
    box = segment.box_of(start, end)
    confidence = 0.97 * segment.confidence_of(start, end)
    return Found(value, segment.page, box, text, f"Read by {how}.", confidence)


def _kind_of(rule: FieldRule, path: str) -> type:
    known = FIELD_TYPES.get(path)
    if known is not None:
        return known
    if rule.type in ("number", "currency"):
        return Decimal
    return {"date": datetime.date, "boolean": bool}.get(rule.type, str)


def _value(document: Document, kind: type, segment: Segment, start: int, end: int) -> CustomValue | None:
    text = segment.text[start:end].strip()
    if kind is Decimal:
        amounts = [a for a in document.amount_reader.read(segment) if a.start < end and a.end > start]
        return amounts[0].value if amounts else None
    if kind is datetime.date:
        dates = [
            d for d in document.date_reader.read(segment, compact=True) if d.start < end and d.end > start
        ]
        return dates[0].value if dates else None
    if kind is bool:
        return plain(text) not in _NO
    return text or None


def violations(rule: FieldRule, path: str, found: Found[Any] | None) -> Iterator[Finding]:
    """What the rule finds wrong with the value of its field, or with there being none."""
    if found is None:
        if rule.required:
            yield Finding(
                path, f'The field "{rule.name}" is required, but was not found on the pages.', "error"
            )
        return
    where = f'The field "{rule.name}" on page {found.page}'
    yield from broken_conditions(rule, path, str(found.value), found.text, where)


def broken_conditions(rule: FieldRule, path: str, text: str, printed: str, where: str) -> Iterator[Finding]:
    """The rule's conditions that a value does not meet; `where` begins the sentence that says so.

    The format may be that of the value or of the text it was `printed` as. Raises UnsafePattern.
    """
    if rule.min_length is not None and len(text) < rule.min_length:
        yield Finding(path, f'{where} has fewer than {rule.min_length} characters: "{text}".', "error")
    if rule.max_length is not None and len(text) > rule.max_length:
        yield Finding(path, f'{where} has more than {rule.max_length} characters: "{text}".', "error")
    if rule.validation_format is not None:
        expected = compile_safely(rule.validation_format)
        if not _fits(expected, text) and not _fits(expected, printed):
            yield Finding(path, f'{where} does not have the expected format: "{text}".', "error")


def _fits(expected: re.Pattern[str], text: str) -> bool:
    return len(text) <= 300 and expected.fullmatch(text) is not None

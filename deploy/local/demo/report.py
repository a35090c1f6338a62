"""What was read from a document, as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

LABEL_WIDTH = 12
DESCRIPTION_WIDTH = 44
NUMBER_WIDTH = 12
ABSENT = "–"

Record = Mapping[str, Any]


def describe_job(job: Record) -> str:
    """The report on one finished job record: its document, the extracted fields, items and findings."""
    return "\n".join(_lines(job))


def _lines(job: Record) -> Iterator[str]:
    extracted = job.get("extractedData") or {}
    invoice = extracted.get("invoice") or {}
    yield _heading(job)
    yield _field("number", invoice.get("number"))
    yield _field("kind", _joined((invoice.get("kind"), invoice.get("language"), invoice.get("country"))))
    yield _field("dates", f"issued {_text(invoice.get('date'))}, due {_text(invoice.get('dueDate'))}")
    yield _field("supplier", _party(invoice.get("supplier")))
    yield _field("customer", _party(invoice.get("customer")))
    yield _field("amounts", _amounts(invoice.get("amounts") or {}))
    yield from _items(extracted.get("lineItems") or [])
    yield from _findings(job.get("validationResults") or {})


def _heading(job: Record) -> str:
    information = job.get("documentInfo") or {}
    pages = information.get("pages")
    facts = [
        str(information.get("format") or "unknown format"),
        f"{_text(pages)} page" + ("" if pages == 1 else "s"),
    ]
    if (seconds := job.get("processingTime")) is not None:
        facts.append(f"{seconds:.1f} s")
    if (confidence := (job.get("confidence") or {}).get("overall")) is not None:
        facts.append(f"confidence {confidence:.2f}")
    title = f"{job.get('documentName')} ({', '.join(facts)})"
    return f"{title}\n{'-' * len(title)}"


def _field(label: str, value: object) -> str:
    return f"  {label:<{LABEL_WIDTH}}{_text(value)}"


def _party(party: Record | None) -> str:
    party = party or {}
    address = " ".join(str(party.get("address") or "").split())
    return _joined((party.get("name"), address, party.get("taxId")))


def _amounts(amounts: Record) -> str:
    named = [(name, amounts.get(name)) for name in ("subtotal", "tax", "total")]
    shown = "   ".join(f"{name} {_money(value)}" for name, value in named)
    return f"{shown} {amounts.get('currency') or ''}".rstrip()


def _items(items: Sequence[Record]) -> Iterator[str]:
    if not items:
        yield _field("line items", None)
        return
    columns = f"{'quantity':>{NUMBER_WIDTH}}{'unit price':>{NUMBER_WIDTH}}{'amount':>{NUMBER_WIDTH}}"
    yield f"  {'line items':<{DESCRIPTION_WIDTH}}{columns}"
    for item in items:
        description = _shortened(" ".join(str(item.get("description") or ABSENT).split()))
        yield (
            f"    {description:<{DESCRIPTION_WIDTH - 2}}"
            f"{_quantity(item.get('quantity')):>{NUMBER_WIDTH}}"
            f"{_money(item.get('unitPrice')):>{NUMBER_WIDTH}}"
            f"{_money(item.get('amount')):>{NUMBER_WIDTH}}"
        )


def _findings(results: Record) -> Iterator[str]:
    yield _field("validation", "valid" if results.get("isValid") else "not valid")
    for finding in results.get("errors") or []:
        yield f"    {finding.get('severity')}: {finding.get('field')}: {finding.get('message')}"


def _money(value: float | None) -> str:
    return ABSENT if value is None else f"{value:,.2f}"


def _quantity(value: float | None) -> str:
    return ABSENT if value is None else f"{value:g}"


def _text(value: object) -> str:
    return ABSENT if value in (None, "") else str(value)


def _joined(values: Sequence[object]) -> str:
    return ", ".join(str(value) for value in values if value)


def _shortened(text: str) -> str:
    longest = DESCRIPTION_WIDTH - 4
    return text if len(text) <= longest else f"{text[: longest - 1]}…"

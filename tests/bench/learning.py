"""What one corrected invoice teaches about a supplier's next ones: `python -m tests.bench.learning`.

Generated suppliers word some of their labels as nobody else does. All that was misread of a supplier's first
invoice is corrected; its others are read without and with what that taught.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from services.engine.extraction import extract
from services.engine.extraction.learning import Lesson, learn
from services.engine.extraction.stated import items_from_json, taxes_from_json
from services.engine.imaging.frames import DocumentFrames
from services.engine.ocr.models import install_bundled_models
from services.engine.ocr.reader import PageReader
from services.engine.ocr.runtimes import open_recogniser
from shared.readings import PageReading
from shared.supplier import CORRECTABLE_FIELDS, ITEMS, TAXES, Correction, SupplierProfile
from shared.template import ExtractionSettings, PreprocessingSettings
from tests.bench.accuracy.compare import is_right
from tests.generator.render import render_pages
from tests.generator.suppliers import compose_supplier
from tests.generator.truth import extracted_data

DPI = 72
SCAN_DPI = 150
# Told by the pages as a whole, and not in the truth of generated invoices.
_DUE, _TOTAL = "invoice.amounts.due", "invoice.amounts.total"
_NOT_PRINTED = ("invoice.country", "invoice.customer.country", "invoice.shipTo.country")
FIELDS = (*(one for one in CORRECTABLE_FIELDS if one not in _NOT_PRINTED), TAXES, ITEMS)


@dataclass
class Tally:
    """Counts by field, over the invoices that come after a supplier's corrected one.

    `corrected`: of suppliers whose first invoice had the field wrong; `before` and `after`: right ones among
    these without and with what was learned; `broken`: right without and wrong with it, `mended`: the reverse,
    of all suppliers.
    """

    corrected: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    mended: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Case:
    """A supplier's invoices with their truth; the first was `read`, and has `wrong` fields."""

    name: str
    documents: tuple[list[PageReading], ...]
    truths: tuple[dict[str, Any], ...]
    read: dict[str, Any]
    wrong: frozenset[str]
    profile: SupplierProfile


Reader = Callable[[bytes], list[PageReading]]


def measure(
    seeds: Sequence[int], invoices: int, coined: float, *, alone: bool = False, reader: Reader | None = None
) -> Tally:
    """Teach each supplier by its first invoice and read the others.

    All that was misread is corrected at once; `alone`: each field is, in turn, the only one. Pages are read
    from their text layer, or by `reader`.
    """
    tally = Tally()
    for seed in seeds:
        case = _case(seed, invoices, coined, reader or pages_of)
        lessons = [frozenset([path]) for path in sorted(case.wrong)] if alone else [case.wrong]
        for corrected in lessons:
            taught = teach(case.documents[0], case.profile, case.read, case.truths[0], corrected)
            for number in range(1, len(case.documents)):
                _compare(tally, case, number, taught, corrected)
    return tally


def _case(seed: int, invoices: int, coined: float, reader: Reader) -> _Case:
    supplier = compose_supplier(seed, invoices, coined=coined)
    documents = tuple(reader(document) for document in supplier.documents())
    truths = tuple(extracted_data(invoice) for invoice in supplier.invoices)
    read, own = data_of(documents[0]), supplier.invoices[0].supplier
    values = {path: (value_at(truths[0], path), value_at(read, path)) for path in FIELDS}
    wrong = frozenset(
        path
        for path, (truth, found) in values.items()
        if not same(path, truth, found) or _differs(truth, found)
    )
    profile = SupplierProfile("1", (own.name,), (own.tax_id or "",))
    return _Case(str(seed), documents, truths, read, wrong, profile)


def _compare(
    tally: Tally, case: _Case, number: int, taught: SupplierProfile, corrected: frozenset[str]
) -> None:
    pages, truth = case.documents[number], case.truths[number]
    untaught, learned = data_of(pages), data_of(pages, taught)
    for path in FIELDS:
        right = value_at(truth, path)
        if path == _DUE and right is None and value_at(learned, path) == value_at(truth, _TOTAL):
            continue  # a total may well be printed as "amount due"
        was, is_now = (same(path, right, value_at(one, path)) for one in (untaught, learned))
        if path in corrected:
            tally.corrected[path] += 1
            tally.before[path] += was
            tally.after[path] += is_now
        tally.mended[path] += is_now and not was
        tally.broken[path] += was and not is_now
        if not is_now and (was or path in corrected):
            what = "broken" if was else "still wrong"
            tally.examples.append(
                f"{case.name}.{number + 1} {path}: {what}: {right!r}, read {value_at(learned, path)!r}"
            )


def teach(
    pages: list[PageReading],
    profile: SupplierProfile,
    read: Mapping[str, Any],
    truth: Mapping[str, Any],
    wrong: Collection[str],
) -> SupplierProfile:
    """The profile after a correction of the fields that are wrong."""
    corrections = [
        Correction(path, _text(value_at(truth, path)), _text(value_at(read, path)))
        for path in FIELDS
        if path in wrong and path not in (ITEMS, TAXES)
    ]
    items, taxes = value_at(truth, ITEMS), value_at(truth, TAXES)
    lesson = Lesson(
        tuple(corrections),
        items_from_json(items or []) if ITEMS in wrong else None,
        taxes_from_json(taxes or []) if TAXES in wrong else None,
    )
    learned = learn(pages, profile, lesson)
    return replace(
        profile,
        rules=learned.rules,
        constants=learned.constants,
        words=learned.words,
        absences=learned.absences,
    )


def pages_of(document: bytes) -> list[PageReading]:
    """The pages of a PDF as they are read from its text layer."""
    return [
        PageReading(page.width, page.height, page.lines, source="textLayer")
        for page in render_pages(document, DPI)
    ]


def recognised_by(models: Path) -> Reader:
    """Reads the page images of a PDF by recognition, with the models in the folder."""
    install = install_bundled_models(models)
    page_reader = PageReader(open_recogniser("openvino", install, 1))

    def read(document: bytes) -> list[PageReading]:
        readings = [
            page_reader.read(page.image[..., ::-1].copy(), PreprocessingSettings(), ())
            for page in render_pages(document, SCAN_DPI)
        ]
        return list(DocumentFrames(dict(enumerate(readings, 1))).upright)

    return read


def data_of(pages: list[PageReading], *profiles: SupplierProfile) -> dict[str, Any]:
    """What is extracted from the pages: the API's `extractedData`."""
    data: dict[str, Any] = extract(pages, ExtractionSettings(), profiles).to_json()["extractedData"]
    return data


def value_at(data: Mapping[str, Any], path: str) -> Any:
    """The value at a path such as `invoice.supplier.name`; None for nothing, or an empty list."""
    value: Any = data
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value or None


def same(path: str, truth: Any, read: Any) -> bool:
    """Whether a value is the printed one; items and tax lines must agree in all their numbers and texts."""
    if truth is None or read is None:
        return truth is None and read is None
    if path not in (ITEMS, TAXES):
        return is_right(path, truth, read)
    return len(truth) == len(read) and all(
        one.keys() == other.keys() and all(is_right(_loose(name), one[name], other[name]) for name in one)
        for one, other in zip(truth, read, strict=True)
    )


def _differs(truth: Any, read: Any) -> bool:
    """Whether texts have other letters or digits; then a person corrects what may count as right."""
    if not isinstance(truth, str) or not isinstance(read, str):
        return False
    one, other = ("".join(c for c in text.casefold() if c.isalnum()) for text in (truth, read))
    return one != other


def _loose(name: str) -> str:
    return "item.name" if name == "description" else name


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def table(tally: Tally) -> Iterator[str]:
    """The counts as a Markdown table."""
    yield "| field | next invoices | right before | right after | broken |"
    yield "|---|---|---|---|---|"
    for path in FIELDS:
        if tally.corrected[path] or tally.broken[path] or tally.mended[path]:
            yield (
                f"| {path.removeprefix('invoice.')} | {tally.corrected[path]} | {tally.before[path]} "
                f"| {tally.after[path]} | {tally.broken[path]} |"
            )
    sums = (tally.corrected, tally.before, tally.after, tally.broken)
    yield "| all | " + " | ".join(str(counts.total()) for counts in sums) + " |"


def main() -> None:
    """Read the command line, measure, print the table and what is still wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.learning", description=__doc__)
    parser.add_argument("--suppliers", type=int, default=60, help="how many suppliers (default 60)")
    parser.add_argument("--invoices", type=int, default=3, help="invoices of each (default 3)")
    parser.add_argument("--seed", type=int, default=7000, help="seed of the first supplier")
    parser.add_argument("--coined", type=float, default=0.3, help="share of labels in coined words")
    parser.add_argument("--alone", action="store_true", help="correct each field alone")
    parser.add_argument("--models", type=Path, help="folder of models: read page images by recognition")
    parser.add_argument("--examples", action="store_true", help="print what is still wrong, or broken")
    options = parser.parse_args()
    seeds = range(options.seed, options.seed + options.suppliers)
    reader = recognised_by(options.models) if options.models else None
    tally = measure(seeds, options.invoices, options.coined, alone=options.alone, reader=reader)
    print("\n".join(table(tally)))
    if options.examples:
        print("\n".join(tally.examples))


if __name__ == "__main__":
    main()

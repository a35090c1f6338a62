"""The documents that are sent, each with what is printed on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pypdfium2
from PIL import Image

from tests.generator.samples import SAMPLE_KINDS, Sample, SampleKind, make_samples

Form = Literal["original", "raster"]
FORMS: tuple[Form, ...] = ("original", "raster")
RASTER_DPI = 150
POINTS_PER_INCH = 72
RASTER_QUALITY = 85

# The names of a manifest's truth, and the field path of each.
MANIFEST_FIELDS: Mapping[str, str] = {
    "number": "invoice.number",
    "date": "invoice.date",
    "due_date": "invoice.dueDate",
    "seller": "invoice.supplier.name",
    "address": "invoice.supplier.address",
    "seller_vat": "invoice.supplier.taxId",
    "buyer": "invoice.customer.name",
    "currency": "invoice.amounts.currency",
    "subtotal": "invoice.amounts.subtotal",
    "tax": "invoice.amounts.tax",
    "total": "invoice.amounts.total",
}
_ITEM_MEMBERS = {"unit_price": "unitPrice"}
# What the generator knows of an invoice as a whole, and no single place of a page shows.
_NOT_PRINTED = ("invoice.language", "invoice.country", "invoice.supplier.country", "invoice.taxes")


@dataclass(frozen=True, slots=True)
class Truth:
    """What a document says: fields by path (a list holds readings that are equally right), items, lines.

    `items` is None where they are not known. `complete`: a field that is not named is not on the document.
    """

    fields: Mapping[str, Any]
    items: tuple[Mapping[str, Any], ...] | None
    lines: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class BenchDocument:
    """A file to send; `corpus` is the group it is reported in, `name` tells it from all others."""

    name: str
    corpus: str
    path: Path
    truth: Truth


def documents_of_manifest(
    folder: Path, each: int | None, forms: Sequence[Form], copies: Path
) -> list[BenchDocument]:
    """At most `each` documents of each kind that the folder's manifest.json lists, in a fixed shuffle.

    The manifest is a list of `id`, `file`, `kind` and `truth`. A PDF is sent as it is, as images of its pages
    that are written below `copies`, or both.
    """
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found: list[BenchDocument] = []
    for kind in sorted({entry["kind"] for entry in manifest}):
        entries = [entry for entry in manifest if entry["kind"] == kind]
        entries.sort(key=lambda entry: hashlib.sha256(entry["id"].encode()).hexdigest())
        for entry in entries[:each]:
            found += _in_forms(folder, entry, forms, copies)
    return sorted(found, key=lambda document: document.corpus)


def generated_documents(
    folder: Path, count: int, seed: int, kinds: Sequence[SampleKind] = SAMPLE_KINDS
) -> list[BenchDocument]:
    """`count` documents of the project's generator, of the `kinds` in turn, written into `folder`."""
    documents = [generated_document(sample) for sample in make_samples(folder, count, seed, kinds)]
    return sorted(documents, key=lambda document: document.corpus)


def generated_document(sample: Sample) -> BenchDocument:
    """A sample of the generator with the truth that lies beside it."""
    facts = json.loads(sample.truth.read_text(encoding="utf-8"))
    data = facts["extractedData"]
    fields = {path: value for path, value in _leaves("invoice", data["invoice"]) if path not in _NOT_PRINTED}
    lines = tuple(line["text"] for page in facts["pages"] for line in page["lines"])
    truth = Truth(fields, tuple(data["lineItems"]), lines, complete=True)
    return BenchDocument(sample.name, f"generated {sample.kind}", sample.document, truth)


def _in_forms(
    folder: Path, entry: Mapping[str, Any], forms: Sequence[Form], copies: Path
) -> Iterator[BenchDocument]:
    path, truth = folder / entry["file"], _manifest_truth(entry["truth"])
    if path.suffix.lower() != ".pdf":
        yield BenchDocument(entry["id"], entry["kind"], path, truth)
        return
    if "original" in forms:
        yield BenchDocument(entry["id"], f"{entry['kind']} as sent", path, truth)
    if "raster" in forms:
        copy = copies / f"{hashlib.sha256(entry['id'].encode()).hexdigest()[:16]}.pdf"
        if not copy.exists():
            rasterise(path, copy, RASTER_DPI)
        corpus = f"{entry['kind']} as {RASTER_DPI} dpi images"
        yield BenchDocument(f"{entry['id']}@{RASTER_DPI}", corpus, copy, truth)


def rasterise(document: Path, copy: Path, dpi: int) -> None:
    """Write the PDF's pages as JPEG images in a PDF without text or attachments."""
    with pypdfium2.PdfDocument(document) as pdf:
        pages: list[Image.Image] = [
            page.render(scale=dpi / POINTS_PER_INCH).to_pil().convert("RGB") for page in pdf
        ]
    copy.parent.mkdir(parents=True, exist_ok=True)
    pages[0].save(
        copy,
        format="PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=float(dpi),
        quality=RASTER_QUALITY,
    )


def _manifest_truth(truth: Mapping[str, Any]) -> Truth:
    hidden = frozenset(truth.get("hidden", ()))
    fields = {
        path: truth[name]
        for name, path in MANIFEST_FIELDS.items()
        if name not in hidden and truth.get(name) not in (None, "")
    }
    items = None if "items" in hidden or not truth.get("items") else tuple(map(_item, truth["items"]))
    lines = tuple(line for page in truth.get("pages", ()) for line in page)
    return Truth(fields, items, lines, complete=False)


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {_ITEM_MEMBERS.get(name, name): value for name, value in item.items()}


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Every single value with its path; lists are values of their own."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(f"{path}.{name}", inner)
    elif value is not None:
        yield path, value

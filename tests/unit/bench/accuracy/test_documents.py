"""Documents with truth: from a folder's manifest, and from the generator."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest

from tests.bench.accuracy.documents import BenchDocument, documents_of_manifest, generated_documents

TRUTH = {
    "number": "7",
    "seller": "Harrow",
    "due_date": None,
    "tax": 1.0,
    "items": [{"description": "Bolt", "amount": 4.0, "unit_price": 2.0}],
    "pages": [["Harrow", "Bolt 4.00"]],
    "hidden": ["tax"],
}


@pytest.fixture
def own(tmp_path: Path) -> list[BenchDocument]:
    return generated_documents(tmp_path / "made", 3, 5, ("digital",))


@pytest.fixture
def folder(tmp_path: Path, own: list[BenchDocument]) -> Path:
    entries = []
    for place, document in enumerate(own):
        (tmp_path / f"{place}.pdf").write_bytes(document.path.read_bytes())
        entries.append({"id": str(place), "file": f"{place}.pdf", "kind": "invoice", "truth": TRUTH})
    entries.append({"id": "9", "file": "9.jpg", "kind": "receipt", "truth": {**TRUTH, "items": []}})
    (tmp_path / "manifest.json").write_text(json.dumps(entries), encoding="utf-8")
    return tmp_path


def test_a_manifests_truth_is_told_in_the_contracts_names(folder: Path) -> None:
    documents = documents_of_manifest(folder, None, ("original",), folder / "copies")
    assert [document.corpus for document in documents] == ["invoice as sent"] * 3 + ["receipt"]
    truth = documents[0].truth
    assert truth.fields == {"invoice.number": "7", "invoice.supplier.name": "Harrow"}
    assert truth.items == ({"description": "Bolt", "amount": 4.0, "unitPrice": 2.0},)
    assert truth.lines == ("Harrow", "Bolt 4.00")
    assert not truth.complete
    assert documents[-1].truth.items is None


def test_so_many_of_each_kind_in_both_forms(folder: Path) -> None:
    documents = documents_of_manifest(folder, 1, ("original", "raster"), folder / "copies")
    assert sorted(document.corpus for document in documents) == [
        "invoice as 150 dpi images",
        "invoice as sent",
        "receipt",
    ]
    copy = next(document for document in documents if "images" in document.corpus)
    with pypdfium2.PdfDocument(copy.path) as pdf:
        assert pdf[0].get_textpage().count_chars() == 0


def test_generated_documents_know_all_that_is_printed(own: list[BenchDocument]) -> None:
    for document in own:
        assert document.corpus == "generated digital"
        assert document.truth.complete
        assert document.truth.items
        assert {"invoice.number", "invoice.amounts.total"} <= document.truth.fields.keys()
        assert document.truth.fields["invoice.number"] in "\n".join(document.truth.lines)

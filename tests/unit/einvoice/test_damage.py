"""E-invoices damaged at random end in a result or in a sentence, never in another exception."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from services.engine.documents.limits import Limits
from services.engine.einvoice.embedded import find_embedded
from services.engine.einvoice.merge import merge
from services.engine.einvoice.read import read_einvoice
from services.engine.extraction.extract import extract
from shared.errors import DocumentError
from shared.schemas.invoice import ExtractionSchema
from shared.template import ExtractionSettings
from tests.einvoices.cii import cii
from tests.einvoices.pdf import attached, printed
from tests.einvoices.ubl import ubl
from tests.einvoices.zugferd_1 import zugferd_1

SCRAPS = (
    b"-",
    b"999999999999999999",
    b"0.00000000001",
    b"\xc3\xbc",
    b"",
    b"  ",
    b"0000-00-00",
    b"EUR",
    b"1e9",
    b".",
)


def _values_exchanged(xml: bytes, chance: random.Random) -> bytes:
    """Some texts between tags replaced by scraps: still well-formed, but of the wrong form."""
    pieces = xml.split(b">")
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(1, len(pieces) - 1)
        text, tag, rest = pieces[place].partition(b"<")
        if text.strip():
            pieces[place] = chance.choice(SCRAPS) + tag + rest
    return b">".join(pieces)


def _bytes_exchanged(content: bytes, chance: random.Random, count: int) -> bytes:
    damaged = bytearray(content)
    for _ in range(count):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


@pytest.mark.parametrize("xml", [cii(), zugferd_1(), ubl(), ubl(root="CreditNote")])
def test_values_of_any_form_give_a_valid_result(xml: bytes) -> None:
    settings = ExtractionSettings()
    nothing = extract([], settings)
    for seed in range(60):
        einvoice = read_einvoice(_values_exchanged(xml, random.Random(seed)))
        merged = merge(nothing, einvoice, [], settings).to_json()
        assert ExtractionSchema().validate(merged) == {}, seed


@pytest.mark.parametrize("xml", [cii(), ubl()])
def test_damaged_bytes_are_a_document_error_or_read(xml: bytes) -> None:
    refusals: list[str] = []
    for seed in range(100):
        chance = random.Random(seed)
        try:
            read_einvoice(_bytes_exchanged(xml, chance, chance.randint(1, 8)))
        except DocumentError as error:
            refusals.append(str(error))
    assert len(refusals) > 30
    assert all(message.endswith(".") for message in refusals)


def test_damaged_pdfs_never_raise(tmp_path: Path) -> None:
    content = attached(printed(), cii())
    path = tmp_path / "damaged.pdf"
    found = 0
    for seed in range(150):
        chance = random.Random(seed)
        path.write_bytes(_bytes_exchanged(content, chance, chance.randint(1, 20)))
        found += find_embedded(path, Limits()).xml is not None
    assert 0 < found < 150

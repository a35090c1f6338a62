"""Documents damaged at random end in a result or in a DocumentError, and soon."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from services.engine.documents.limits import Limits
from services.engine.documents.prepare import prepare
from shared.errors import DocumentError
from tests.fuzz.mutations import mutated
from tests.fuzz.originals import originals

LIMITS = Limits(max_bytes=1_000_000, max_pages=10, max_pixels=2_000_000, max_decoded_bytes=16_000_000)
MUTATIONS = 100
SLOWEST_SECONDS = 5.0
ORIGINALS = originals()


def is_prepared(path: Path, folder: Path) -> bool:
    """Whether the document is read; any error but a DocumentError goes through to the test."""
    try:
        document = prepare(path, folder, LIMITS, 72)
    except DocumentError:
        return False
    assert document.pages or document.einvoice_path
    assert all(page.error or (page.image_path and page.image_path.exists()) for page in document.pages)
    return True


@pytest.mark.parametrize("kind", ORIGINALS)
def test_damage_ends_in_a_result_or_a_document_error(kind: str, tmp_path: Path) -> None:
    chance = random.Random(kind)
    content = ORIGINALS[kind]()
    path, folder = tmp_path / "document", tmp_path / "pages"
    folder.mkdir()
    read = 0
    for _ in range(MUTATIONS):
        path.write_bytes(mutated(content, chance))
        started = time.monotonic()
        read += is_prepared(path, folder)
        assert time.monotonic() - started < SLOWEST_SECONDS
    assert read, "every mutation was refused: the damage is too coarse to reach the decoders"

"""Lines cut out of drawn documents say what their labels say."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from tests.training.fonts import opened
from tests.training.model import untrained_model
from tests.training.pictures import HEIGHT, LinePicture, readable
from tests.training.reading import Reading
from tests.unit.training.printers import KNOWN, packaged_font, page_printer

SEEDS = (1, 2, 3, 4)


@pytest.fixture(scope="module")
def documents() -> list[list[LinePicture]]:
    printer = page_printer()
    return [list(printer.lines(seed)) for seed in SEEDS]


@pytest.fixture(scope="module")
def lines(documents: list[list[LinePicture]]) -> list[LinePicture]:
    return [line for document in documents for line in document]


def test_the_lines_of_a_document_are_the_same_for_a_seed(documents: list[list[LinePicture]]) -> None:
    printer = page_printer()
    for seed, document in reversed([*zip(SEEDS, documents, strict=True)]):
        again = list(islice(printer.lines(seed), 10))
        assert [line.text for line in again] == [line.text for line in document[:10]]
        pairs = zip(again, document, strict=False)
        assert all(np.array_equal(one.pixels, before.pixels) for one, before in pairs)


def test_a_document_has_many_lines_of_known_characters(documents: list[list[LinePicture]]) -> None:
    for document in documents:
        assert len(document) > 15
        assert KNOWN.issuperset("".join(line.text for line in document))


def test_lines_with_unknown_characters_are_left_out() -> None:
    without = KNOWN - set("0123456789")
    labels = [line.text for line in page_printer(without).lines(SEEDS[0])]
    assert labels
    assert without.issuperset("".join(labels))


def test_lines_are_coloured_pictures_of_the_readers_height(lines: list[LinePicture]) -> None:
    for line in lines:
        assert line.pixels.shape[0] == HEIGHT
        assert line.pixels.shape[2] == 3
        assert readable(line.text, line.pixels.shape[1])


def test_crops_are_as_wide_as_their_labels(lines: list[LinePicture]) -> None:
    """Within what margins, typefaces and the heights of small letters change."""
    face = opened(packaged_font("Lato-Regular").path, 40)
    ratios = [line.pixels.shape[1] / face.getlength(line.text) for line in lines if len(line.text) > 4]
    assert np.quantile(ratios, 0.9) < 2.2 * np.quantile(ratios, 0.1)


def test_the_wheels_recogniser_reads_most_of_them(lines: list[LinePicture]) -> None:
    model = untrained_model()
    reader = Reading(model.weights.read_bytes(), model.characters)
    some = [line for line in lines if len(line.text) > 4][::4]
    distances = [Levenshtein.normalized_distance(reader.text(line.pixels), line.text) for line in some]
    assert len(some) > 20
    assert sum(distance <= 0.25 for distance in distances) > 0.8 * len(some)

"""The recogniser that is trained tells Latin letters apart, and one class of all others."""

from __future__ import annotations

import pytest

from services.engine.ocr.alphabet import UNREADABLE
from tests.training.model import TRAINED, trained_model, untrained_model
from tests.training.reading import Reading


@pytest.fixture(scope="module")
def trained() -> Reading:
    model = trained_model(TRAINED)
    return Reading(model.weights.read_bytes(), model.characters)


def test_all_latin_characters_are_kept_and_one_stands_for_the_others() -> None:
    before, after = untrained_model(), trained_model(TRAINED)
    assert set(after.characters) - set(before.characters) == {UNREADABLE}
    assert after.characters[-1] == " "
    assert len(after.characters) < len(before.characters) / 10
    assert {"ą", "ß", "€", "£", "ñ", "0", "O"} <= set(after.characters)
    assert not {"я", "中", "λ"} & set(after.characters)

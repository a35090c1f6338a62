"""Drawn texts look like what stands on invoices, and come as often as is said."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from tests.training.amounts import amount, date, priced
from tests.training.codes import PHONES, code, contact, digits, filled, identifier, ruler, short
from tests.training.phrases import LABELS, LEGAL_FORMS
from tests.training.texts import TextMaker
from tests.training.words import FOREIGN_LANGUAGES, TILL_LANGUAGES, Vocabulary
from tests.unit.training.printers import FOREIGN_WORDS, LATIN_WORDS, text_maker

DRAWS = 400


def texts(draw: Callable[[random.Random], str]) -> list[str]:
    rng = random.Random(7)
    return [draw(rng) for _ in range(DRAWS)]


def kind(maker: TextMaker, name: str) -> Callable[[random.Random], str]:
    (found,) = (kind.draw for kind in maker.kinds if kind.draw.__name__ == name)
    return found


@pytest.mark.parametrize(
    ("draw", "form", "share"),
    [
        (amount, r".*\d.*", 1.0),
        (amount, r"\D*\d{1,3}([.,' ]?\d{3})*[.,]\d\d\D*1?", 0.5),
        (priced, r"\d{1,2}( ?[xX×@*] ?| )\D*\d.*", 1.0),
        (date, r".*(19|20)\d\d.*|\d\d(\D+)\d\d\2\d\d\b.*", 1.0),
        (date, r".*\d{1,2}:\d\d.*", 0.2),
        (code, r".*[\dA-Z].*", 1.0),
        (digits, r"\d{1,15}", 1.0),
        (short, r"\S{1,4}", 1.0),
        (ruler, r"(.)\1{2,10}", 1.0),
        (contact, r"[a-z]+@[a-z]+\.[a-z.]+|(www\.|https://)[a-z]+\.[a-z./]+|.*\d\d.*", 1.0),
    ],
)
def test_numbers_are_written_as_invoices_write_them(
    draw: Callable[[random.Random], str], form: str, share: float
) -> None:
    fitting = [text for text in texts(draw) if re.fullmatch(form, text)]
    assert len(fitting) >= share * DRAWS


def test_patterns_are_filled_sign_by_sign() -> None:
    assert re.fullmatch(r"DE\d\d [A-Z][a-z][A-Z0-9]", filled(random.Random(1), "DE## Ll?"))
    assert all(re.fullmatch(r"[\d+() /-]+", filled(random.Random(1), phone)) for phone in PHONES)


def test_identifiers_keep_no_place_unfilled() -> None:
    assert not [text for text in texts(identifier) if "#" in text or "?" in text]
    assert [text for text in texts(identifier) if re.fullmatch(r"DE\d\d( \d{4}){4} \d\d", text)]


def test_values_of_many_kinds_stand_behind_labels() -> None:
    drawn = texts(kind(text_maker(), "labelled"))
    assert sum(text.startswith(LABELS) for text in drawn) > 0.6 * DRAWS


def test_addresses_are_streets_towns_and_firms() -> None:
    drawn = texts(kind(text_maker(), "address"))
    assert [text for text in drawn if "straße" in text]
    assert [text for text in drawn if re.match(r"\d{5} ", text)]
    assert [text for text in drawn if text.endswith(LEGAL_FORMS)]


def test_tills_print_capitals() -> None:
    worded = [text for text in texts(kind(text_maker(), "till")) if re.search(r"[^\W\d]{4}", text)]
    assert len(worded) > 0.7 * DRAWS
    assert not [text for text in worded if re.search(r"(?<!\w)[a-zäöß]{4}", text)]


def test_foreign_lines_are_of_foreign_words() -> None:
    drawn = texts(kind(text_maker(), "foreign"))
    assert sum(any(word in text.lower() for word in FOREIGN_WORDS) for text in drawn) > 0.7 * DRAWS


def test_every_kind_comes_as_often_as_its_weight_says() -> None:
    maker, rng, count = text_maker(), random.Random(11), 6000
    drawn = [maker.draw(rng) for _ in range(count)]
    total = sum(kind.weight for kind in maker.kinds)
    rulers = sum(re.fullmatch(r"([-=*_.])\1{2,}", text) is not None for text in drawn)
    foreign = sum(re.search("[а-яА-Я]", text) is not None for text in drawn)
    assert rulers == pytest.approx(count * 1 / total, rel=0.4)
    assert foreign == pytest.approx(count * 6 / total, rel=0.25)


def test_now_and_then_two_texts_stand_on_a_line() -> None:
    apart = sum(re.search(r"\S {3,}\S", text) is not None for text in texts(text_maker().draw))
    assert 0.01 * DRAWS < apart < 0.08 * DRAWS


def test_texts_are_the_same_for_a_seed() -> None:
    assert texts(text_maker().draw) == texts(text_maker().draw)


def test_frequent_words_come_more_often() -> None:
    listed = [f"w{place}" for place in range(1000)]
    words = Vocabulary(dict.fromkeys(TILL_LANGUAGES, listed))
    rng = random.Random(3)
    drawn = [word for _ in range(200) for word in words.till_words(rng, 5)]
    ranks = [int(word[1:]) for word in drawn]
    assert all(word.startswith("W") for word in drawn)
    assert sum(rank < 250 for rank in ranks) == pytest.approx(500, abs=60)
    assert max(ranks) > 900


def test_words_come_in_every_case() -> None:
    rng = random.Random(5)
    maker = text_maker()
    drawn = {maker.word(rng) for _ in range(300)}
    assert {word.lower() for word in drawn} >= set(LATIN_WORDS) - {"größe"}
    assert {"total", "Total", "TOTAL"} <= drawn


def test_foreign_words_are_of_one_language() -> None:
    words = Vocabulary({language: [language] for language in FOREIGN_LANGUAGES})
    assert len(set(words.foreign_words(random.Random(2), 5))) == 1

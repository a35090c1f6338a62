"""Fonts are found below their packages' folders, and drawn by package."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.generator.fonts import font_path
from tests.training.fonts import (
    FOREIGN,
    FURTHER,
    HELD_OUT,
    OFFICE,
    OFTEN,
    TILL,
    FontChoice,
    FontFile,
    fetch,
    load,
    load_of_one_width,
    opened,
)


def add_font(folder: Path, package: str, name: str, characters: str = "AZaz09") -> None:
    """A font as if its package had been fetched and its characters had been read out of it."""
    path = folder / package / "usr/share/fonts" / f"{name}.ttf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(font_path("Lato-Regular"))
    path.with_suffix(".characters.json").write_text(json.dumps([ord(sign) for sign in characters]))


def names(fonts: list[FontFile]) -> list[str]:
    return [font.path.stem for font in fonts]


def test_fonts_are_found_by_package(tmp_path: Path) -> None:
    add_font(tmp_path, "fonts-a", "One")
    add_font(tmp_path, "fonts-b", "Two", "AZaz09é")
    found = load(tmp_path, ("fonts-b", "fonts-a", "fonts-b", "fonts-missing"))
    assert names(found) == ["Two", "One"]
    assert found[0].package == "fonts-b"
    assert found[0].characters == frozenset("AZaz09é")


def test_fonts_without_plain_latin_letters_are_left_out(tmp_path: Path) -> None:
    add_font(tmp_path, "fonts-a", "Plain")
    add_font(tmp_path, "fonts-a", "SomeMath")
    add_font(tmp_path, "fonts-a", "Greek", "αω")
    add_font(tmp_path, "fonts-noto-core", "NotoSans-Regular")
    add_font(tmp_path, "fonts-noto-core", "NotoSansThai-Regular")
    packages = ("fonts-a", "fonts-noto-core")
    assert names(load(tmp_path, packages)) == ["Plain", "NotoSans-Regular"]
    assert len(load(tmp_path, packages, plain=False)) == 5


def test_letters_of_many_widths_are_not_a_tills(tmp_path: Path) -> None:
    add_font(tmp_path, "fonts-a", "Plain")
    assert load_of_one_width(tmp_path, ("fonts-a",)) == []


def test_packages_that_were_fetched_are_left_alone(tmp_path: Path) -> None:
    add_font(tmp_path, "fonts-a", "One")
    before = sorted(tmp_path.rglob("*"))
    fetch(tmp_path, ("fonts-a",))
    assert sorted(tmp_path.rglob("*")) == before


def test_packages_are_drawn_alike_but_usual_ones_more_often() -> None:
    usual = "fonts-liberation"
    signs = frozenset("A")
    large = [FontFile(Path(f"{place}.ttf"), "fonts-large", signs) for place in range(50)]
    small = [FontFile(Path("s.ttf"), "fonts-small", signs), FontFile(Path("u.ttf"), usual, signs)]
    choice, rng = FontChoice([*large, *small]), random.Random(6)
    drawn = Counter(font.package for font in (choice.draw(rng, "A") for _ in range(1200)) if font)
    assert drawn["fonts-large"] == pytest.approx(200, abs=50)
    assert drawn["fonts-small"] == pytest.approx(200, abs=50)
    assert drawn[usual] == pytest.approx(200 * OFTEN[usual], abs=60)


def test_what_is_kept_for_measuring_is_not_trained_on() -> None:
    assert not set(HELD_OUT) & {*OFFICE, *TILL, *FURTHER, *FOREIGN}


def test_fonts_are_opened_at_their_size() -> None:
    path = font_path("Vera")
    small, large = (opened(path, size).getlength("Total") for size in (20, 40))
    assert large == pytest.approx(2 * small, rel=0.05)

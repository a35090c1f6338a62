from __future__ import annotations

from services.engine.ocr.alphabet import is_western, usable_classes, written_in_latin

CHARACTERS = ["blank", "A", "ß", "é", "7", "€", "№", " ", "家", "А", "Ω", "あ", "、", "🛁"]


def usable(*languages: str) -> set[str]:
    return {CHARACTERS[index] for index in usable_classes(CHARACTERS, languages)}


def test_without_languages_everything_may_be_read() -> None:
    assert usable() == set(CHARACTERS)


def test_western_languages_share_latin_letters_and_signs() -> None:
    assert usable("en", "de") == {"blank", "A", "ß", "é", "7", "€", "№", " "}


def test_other_scripts_come_with_their_language() -> None:
    assert usable("ru") - usable("en") == {"А"}
    assert usable("el", "en") - usable("en") == {"Ω"}
    assert {"家", "あ", "、", "A", "7"} <= usable("ja")
    assert "あ" not in usable("zh")


def test_languages_are_told_by_their_letters() -> None:
    assert written_in_latin(())
    assert written_in_latin(("de", "pl", "en-GB"))
    assert not written_in_latin(("de", "el"))
    assert not written_in_latin(("zh-CN",))


def test_western_characters_belong_to_every_language() -> None:
    assert all(map(is_western, "Aßé7€№ .ł"))
    assert not any(map(is_western, "家АΩあ、🛁（一"))

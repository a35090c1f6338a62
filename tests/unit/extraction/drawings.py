"""Invoices of several countries, drawn as text; companies, people and numbers are invented."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent / "drawn"


def drawn(name: str) -> str:
    """The drawing of this name, such as "american"."""
    return (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def drawn_names() -> list[str]:
    return sorted(path.stem for path in _FOLDER.glob("*.txt"))

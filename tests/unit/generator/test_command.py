"""The command line writes what it is asked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.generator.__main__ import main


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["generator", *arguments])
    main()


def test_it_writes_count_documents_of_the_kinds_and_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "--out", str(tmp_path), "--count", "2", "--seed", "3", "--kinds", "digital")
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == [
        "3-0000-digital.pdf",
        "3-0000-digital.truth.json",
        "3-0001-digital.pdf",
        "3-0001-digital.truth.json",
    ]
    assert "3-0001-digital.pdf" in capsys.readouterr().out


def test_it_refuses_to_run_without_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit):
        run(monkeypatch, "--count", "1")

"""Cores: the container's quota, not the machine's processors."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from services.engine.cores import instruction_sets, usable_cores
from services.engine.ocr.runtimes import RUNTIMES, fastest_runtime
from services.engine.settings import Settings
from shared.settings import load_settings

MANY = frozenset(range(16))


@pytest.fixture(autouse=True)
def _sixteen_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(MANY))


@pytest.mark.parametrize(
    ("content", "cores"),
    [
        ("max 100000\n", 16),
        ("200000 100000\n", 2),
        ("150000 100000\n", 2),
        ("50000 100000\n", 1),
        ("100 100000\n", 1),
        ("9900000 100000\n", 16),
        ("", 16),
        ("200000\n", 16),
        ("some 100000\n", 16),
        ("200000 0\n", 16),
    ],
)
def test_version_2(tmp_path: Path, content: str, cores: int) -> None:
    (tmp_path / "cpu.max").write_text(content)
    assert usable_cores(tmp_path) == cores


@pytest.mark.parametrize(
    ("quota", "period", "cores"),
    [
        ("-1", "100000", 16),
        ("400000", "100000", 4),
        ("10000", "100000", 1),
        ("x", "100000", 16),
        ("1", "0", 16),
    ],
)
def test_version_1(tmp_path: Path, quota: str, period: str, cores: int) -> None:
    folder = tmp_path / "cpu"
    folder.mkdir()
    (folder / "cpu.cfs_quota_us").write_text(f"{quota}\n")
    (folder / "cpu.cfs_period_us").write_text(f"{period}\n")
    assert usable_cores(tmp_path) == cores


def test_without_control_groups_the_affinity_counts(tmp_path: Path) -> None:
    assert usable_cores(tmp_path) == 16


def test_this_machine_has_a_core() -> None:
    assert usable_cores() >= 1


@pytest.mark.parametrize(
    ("content", "known"),
    [
        (
            "processor\t: 0\nflags\t\t: fpu avx2\n\nprocessor\t: 1\nflags\t\t: fpu\n",
            {"fpu", "avx2"},
        ),
        ("processor\t: 0\nFeatures\t: fp asimd\n", {"fp", "asimd"}),
        ("processor\t: 0\n", set()),
    ],
)
def test_what_a_processor_can_do_is_read_from_the_kernel(
    tmp_path: Path, content: str, known: set[str]
) -> None:
    (tmp_path / "cpuinfo").write_text(content)
    assert instruction_sets(tmp_path / "cpuinfo") == known


def test_without_a_list_of_processors_nothing_is_known_of_them(tmp_path: Path) -> None:
    assert instruction_sets(tmp_path / "cpuinfo") == frozenset()


@pytest.mark.parametrize(
    ("known", "runtime"),
    [(set(), "onnxruntime"), ({"avx2", "fma"}, "onnxruntime"), ({"avx2", "avx512f"}, "openvino")],
)
def test_the_runtime_suits_the_processor(known: set[str], runtime: str) -> None:
    assert fastest_runtime(known) == runtime


def test_a_runtime_that_is_named_is_taken() -> None:
    assert {load_settings(Settings, {"OCR_RUNTIME": name}).ocr_runtime for name in RUNTIMES} == set(RUNTIMES)

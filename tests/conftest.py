"""How tests run in several processes (pytest-xdist): which beside which, and what they pass on."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

UNIT = Path(__file__).parent / "unit"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests that start servers go to one process, one after another; unit tests fill the other."""
    for item in items:
        if UNIT not in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("servers"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Reports travel between processes as UTF-8: half surrogate pairs that a test logged are written out."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode("utf-8")) for name, text in report.sections
    ]
    return report

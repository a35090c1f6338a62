from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.bench.processors import processor_seconds, shares, table

BUSY = "import time\nwhile time.process_time() < {seconds}: pass\nprint('done', flush=True)\ntime.sleep(60)\n"
PARENT = (
    "import subprocess, sys\n"
    "child = subprocess.Popen([sys.executable, '-c', {busy!r}], stdout=subprocess.PIPE)\n"
    "child.stdout.readline()\n"
    "print('done', flush=True)\n"
    "sys.stdin.read()\n"
    "child.kill()\n"
)


@contextmanager
def parent_of_a_busy_child(seconds: float) -> Iterator[int]:
    """The id of an idle process whose child has used the processor for so many seconds."""
    command = [sys.executable, "-c", PARENT.format(busy=BUSY.format(seconds=seconds))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid


@pytest.mark.parametrize(("name", "holder"), [("database", "database"), ("engine", "workers")])
def test_children_count_with_their_parent_but_an_engines_as_workers(name: str, holder: str) -> None:
    with parent_of_a_busy_child(0.5) as process_id:
        seconds = processor_seconds({name: process_id, "client": os.getpid()})
    assert seconds[holder] > 0.45  # the kernel counts in hundredths
    assert set(seconds) == {name, holder, "client"}
    assert sum(seconds[one] for one in {name, holder}) < 1.5


def test_shares_are_of_what_was_used_meanwhile_and_in_its_order() -> None:
    found = shares({"gateway": 1.0, "database": 2.0}, {"gateway": 2.0, "database": 5.0, "workers": 0.5}, 10)
    assert list(found.items()) == [
        ("database", (3.0, 300.0)),
        ("gateway", (1.0, 100.0)),
        ("workers", (0.5, 50.0)),
    ]
    assert table(found).splitlines()[1].split() == ["database", "3.0", "300"]

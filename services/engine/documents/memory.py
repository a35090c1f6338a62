"""A bound on what a library may allocate while it opens a document that may lie about its sizes."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STATM = Path("/proc/self/statm")
DATA_FIELD = 5


@contextmanager
def bounded_memory(more: int) -> Iterator[None]:
    """Let this process take at most `more` bytes beyond what it has; allocations past that fail.

    For code that answers a failed allocation with MemoryError. The bound is the kernel's (RLIMIT_DATA), for
    all threads; where the kernel does not tell what the process has, there is none.
    """
    before = resource.getrlimit(resource.RLIMIT_DATA)
    taken = _taken()
    if taken is None:
        yield
        return
    hard = before[1]
    bound = taken + more if hard == resource.RLIM_INFINITY else min(hard, taken + more)
    resource.setrlimit(resource.RLIMIT_DATA, (bound, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _taken() -> int | None:
    """Bytes of data and stack that this process has."""
    try:
        return int(STATM.read_text(encoding="ascii").split()[DATA_FIELD]) * resource.getpagesize()
    except OSError:
        return None

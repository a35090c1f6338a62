"""The memory that a process itself took, as benchmarks and tests of bounds want it."""

from __future__ import annotations

import re
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_memory() -> int:
    """The most memory that this process ever had resident, in bytes.

    From `VmHWM` of proc(5). `ru_maxrss` of getrusage(2) will not do: Linux hands it down through execve, so
    a small process that a large one started tells the large one's peak.
    """
    found = re.search(r"^VmHWM:\s+(\d+) kB$", STATUS.read_text(encoding="ascii"), re.MULTILINE)
    if found is None:
        raise RuntimeError("The kernel does not tell the peak memory of this process.")
    return int(found[1]) * 1024

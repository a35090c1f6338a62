"""How many processor cores this process may really use, and what they can do."""

from __future__ import annotations

import math
import os
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
PROCESSORS = Path("/proc/cpuinfo")


def usable_cores(cgroups: Path = CGROUPS) -> int:
    """The scheduler's affinity bounded by the container's quota, at least 1.

    `os.cpu_count` tells the machine's cores, which is far too many in a container with a limit.
    `cgroups` is where the control groups are mounted.
    """
    cores = len(os.sched_getaffinity(0))
    quota = _quota(cgroups)
    return cores if quota is None else max(1, min(cores, math.ceil(quota)))


def instruction_sets(processors: Path = PROCESSORS) -> frozenset[str]:
    """The processor's extensions by Linux's names, such as `avx2`; none where the kernel doesn't tell.

    `processors` is the kernel's list of cores (proc_cpuinfo(5)); x86 tells `flags`, Arm `Features`.
    """
    try:
        lines = processors.read_text().splitlines()
    except OSError:
        return frozenset()
    for name, _, value in (line.partition(":") for line in lines):
        if name.strip() in {"flags", "Features"}:
            return frozenset(value.split())
    return frozenset()


def _quota(cgroups: Path) -> float | None:
    """Cores that the control group grants, or None where it sets no bound (kernel doc: cgroup-v2, cpu)."""
    try:
        limit, period = _limits(cgroups)
        if limit in ("max", "-1"):
            return None
        return int(limit) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return None


def _limits(cgroups: Path) -> tuple[str, str]:
    """Microseconds of processor time, per period of so many microseconds; of version 2, else of version 1."""
    newer, older = cgroups / "cpu.max", cgroups / "cpu"
    if newer.exists():
        limit, period = newer.read_text().split()
        return limit, period
    return (older / "cpu.cfs_quota_us").read_text().strip(), (older / "cpu.cfs_period_us").read_text().strip()

"""Who of a running system uses the processor: seconds of each of its processes, and of their children."""

from __future__ import annotations

from collections.abc import Mapping

import psutil

ENGINE = "engine"
WORKERS = "workers"


def processor_seconds(processes: Mapping[str, int]) -> dict[str, float]:
    """Seconds of processor that each process, given by name and id, has used so far with its children.

    An engine's children are counted by themselves, as its workers; those that have ended are not counted.
    """
    seconds: dict[str, float] = {}
    for name, process_id in processes.items():
        process = psutil.Process(process_id)
        children = sum(_own_seconds(child) for child in process.children(recursive=True))
        if name.startswith(ENGINE):
            seconds[WORKERS] = seconds.get(WORKERS, 0.0) + children
            children = 0.0
        seconds[name] = _own_seconds(process) + children
    return seconds


def shares(
    before: Mapping[str, float], after: Mapping[str, float], pages: int
) -> dict[str, tuple[float, float]]:
    """Who used how many seconds between two counts, and milliseconds a page; who used most stands first."""
    used = {name: seconds - before.get(name, 0.0) for name, seconds in after.items()}
    ordered = sorted(used.items(), key=lambda item: -item[1])
    return {name: (seconds, 1000 * seconds / pages) for name, seconds in ordered}


def table(shares: Mapping[str, tuple[float, float]]) -> str:
    """The shares as lines of text."""
    head = f"{'':12}{'processor s':>12}{'ms a page':>12}"
    lines = (f"{name:12}{seconds:12.1f}{share:12.0f}" for name, (seconds, share) in shares.items())
    return "\n".join((head, *lines))


def _own_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0  # it has ended meanwhile
    return float(times.user + times.system)

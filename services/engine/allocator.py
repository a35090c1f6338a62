"""How a worker process holds memory that its tasks have freed.

What is given back to the system after a page has to be taken anew for the next one, and the kernel clears
all memory that it hands out: a tenth of the time that reading takes (docs/performance.md).
"""

from __future__ import annotations

import ctypes

import psutil

MEBIBYTE = 2**20

KEPT = 256 * MEBIBYTE
"""Bytes beyond what a worker held when it was ready that it may keep between two tasks."""

KEPT_SHARE = 0.75
"""Share of the memory past which a worker is replaced that it may keep between two tasks."""

LARGEST_IN_HEAP = 32 * MEBIBYTE
"""Bytes of the largest block that comes from the heap: the most that glibc allows."""

M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
"""Options of mallopt(3) as glibc's malloc.h numbers them."""

NEVER = 2**31 - 1
"""Bytes free at the end of the heap from which they are given back: the most that mallopt(3) takes."""


class FreedMemory:
    """What this process keeps of the memory that it has freed, for its next task.

    To be made once, when the process is ready to work; `limit` are the bytes past which it is replaced.
    Another C library than glibc decides by itself what it keeps.
    """

    def __init__(self, limit: int) -> None:
        self._library = ctypes.CDLL(None)
        self._process = psutil.Process()
        self._set(M_TRIM_THRESHOLD, NEVER)
        # The bound that glibc adapts by itself begins at 128 KiB.
        self._set(M_MMAP_THRESHOLD, LARGEST_IN_HEAP)
        self._most = min(self._held() + KEPT, int(KEPT_SHARE * limit))

    def after_task(self) -> None:
        """Give back what is free if the process holds more than it may keep."""
        if self._held() > self._most:
            self.give_back()

    def give_back(self) -> None:
        """Return what is free in the heap to the system, holes between what is in use included.

        See malloc_trim(3).
        """
        trim = getattr(self._library, "malloc_trim", None)
        if trim is not None:
            trim(0)

    def _held(self) -> int:
        return int(self._process.memory_info().rss)

    def _set(self, option: int, value: int) -> None:
        set_option = getattr(self._library, "mallopt", None)
        if set_option is not None:
            set_option(option, value)

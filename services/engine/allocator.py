"""How this process's C allocator treats large blocks."""

from __future__ import annotations

import ctypes

MMAP_THRESHOLD = -3
"""`M_MMAP_THRESHOLD` of glibc's malloc.h."""
LARGE_BLOCK = 1024 * 1024


def return_large_blocks() -> None:
    """Have blocks of `LARGE_BLOCK` bytes and more go back to the system as soon as they are freed.

    glibc raises the bound, to 32 MiB at most, with the largest block freed so far (mallopt(3)); pages of
    ever new sizes then leave holes in the heap that are never given back. Does nothing where the C library
    has no `mallopt`.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_THRESHOLD, LARGE_BLOCK)

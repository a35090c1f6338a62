"""How this process's C allocator gives memory back."""

from __future__ import annotations

import ctypes


def return_free_memory() -> None:
    """Give what is free in the heap back to the system, holes between what is in use included.

    glibc keeps freed blocks of up to 32 MiB once it has seen some that large, and pages of ever new sizes
    leave ever new holes (malloc_trim(3)). Does nothing where the C library has no such call.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)

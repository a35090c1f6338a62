"""PDFium's functions declared once more, for those that are called for every character or object.

A page has thousands, and every call costs. With addresses as plain numbers a call converts next to nothing:
measured, the characters of a page take a third of the time.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

POINTER = ctypes.c_void_p
INT = ctypes.c_int
UNSIGNED = ctypes.c_uint


def declared(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The same C function with its `result` and `arguments` of the given ctypes, addresses as `POINTER`.

    It is called without letting go of the interpreter's lock, for functions that take no time to speak of.
    """
    address = ctypes.cast(function, POINTER).value
    prototype = ctypes.PYFUNCTYPE(result, *arguments)
    quick: Callable[..., Any] = prototype(address or 0)
    return quick


def address_of(handle: Any) -> int | None:
    """A handle of PDFium as a plain number; None for none."""
    return ctypes.cast(handle, POINTER).value

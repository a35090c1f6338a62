"""The bounds that a document must keep, so that no document can exhaust a worker."""

from __future__ import annotations

from dataclasses import dataclass

from shared.errors import LimitExceeded

MEBIBYTE = 1024 * 1024
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost.

    `max_bytes` is the size of the file, `max_pages` the number of its pages. `max_pixels` bounds the image
    of one page, `max_decoded_bytes` the memory that decoding the images of one page takes.
    """

    max_bytes: int = 50 * MEBIBYTE
    max_pages: int = 500
    max_pixels: int = 80 * MILLION
    max_decoded_bytes: int = 512 * MEBIBYTE


def check_size(size: int, limits: Limits) -> None:
    """Raise LimitExceeded `documentTooLarge` when a file of `size` bytes is over the limit."""
    if size > limits.max_bytes:
        raise LimitExceeded(
            "documentTooLarge",
            f"The document has {readable_size(size)}; the limit is {readable_size(limits.max_bytes)}.",
        )


def check_page_count(count: int, limits: Limits) -> None:
    """Raise LimitExceeded `tooManyPages` when a document of `count` pages is over the limit."""
    if count > limits.max_pages:
        raise LimitExceeded(
            "tooManyPages", f"The document has {count:,} pages; the limit is {limits.max_pages:,}."
        )


def check_pixels(width: int, height: int, bytes_per_pixel: float, limits: Limits) -> None:
    """Raise LimitExceeded `tooManyPixels` when an image of these pixels is too large to decode."""
    pixels = width * height
    if pixels > limits.max_pixels:
        raise LimitExceeded(
            "tooManyPixels",
            f"The image is {width:,} x {height:,} pixels ({pixels / MILLION:,.1f} million); "
            f"the limit is {limits.max_pixels / MILLION:,.1f} million.",
        )
    check_decoded_bytes(width, height, bytes_per_pixel, limits)


def check_decoded_bytes(width: int, height: int, bytes_per_pixel: float, limits: Limits) -> None:
    """Raise LimitExceeded `tooManyPixels` when decoding these pixels takes more memory than allowed."""
    decoded = round(width * height * bytes_per_pixel)
    if decoded > limits.max_decoded_bytes:
        raise LimitExceeded(
            "tooManyPixels",
            f"An image of {width:,} x {height:,} pixels takes {readable_size(decoded)} when decoded; "
            f"the limit is {readable_size(limits.max_decoded_bytes)}.",
        )


def readable_size(size: int) -> str:
    """A number of bytes as people write it: `512 bytes`, `1.5 MiB`."""
    if size < 1024:
        return f"{size} bytes"
    if size < MEBIBYTE:
        return f"{size / 1024:.1f} KiB"
    return f"{size / MEBIBYTE:,.1f} MiB"

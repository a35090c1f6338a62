"""Pages drawn for tests, with the true place of every word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from shared.readings import BoundingBox


@dataclass(frozen=True)
class DrawnPage:
    """Pixels (blue-green-red) and, per word in the order drawn, its text and the box of its ink."""

    pixels: npt.NDArray[np.uint8]
    words: list[tuple[str, BoundingBox]]


def draw_page(
    lines: list[tuple[int, int, str]], size: tuple[int, int] = (900, 700), font_size: int = 24
) -> DrawnPage:
    """Draw lines of text, given as left, top and text, in black on white."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(font_size)
    words = []
    for left, top, text in lines:
        x = float(left)
        for word in text.split(" "):
            draw.text((x, top), word, fill="black", font=font)
            x0, y0, x1, y1 = draw.textbbox((x, top), word, font=font)
            words.append((word, BoundingBox(x0, y0, x1 - x0, y1 - y0)))
            x += draw.textlength(word + " ", font=font)
    return DrawnPage(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]), words)


def invoice_page() -> DrawnPage:
    """A small invoice: supplier left, data right, a table and a total."""
    rows = [
        ("Oak table with drawers", "2", "450.00", "900.00"),
        ("Desk lamp, brass", "3", "79.50", "238.50"),
        ("Delivery and assembly", "1", "120.00", "120.00"),
    ]
    lines = [
        (60, 50, "Northwind Furniture Ltd"),
        (560, 62, "INVOICE"),
        (60, 85, "12 Harbour Street"),
        (560, 97, "Number: INV-20417"),
        (60, 120, "Bristol BS1 5TR"),
        (560, 132, "Date: 14 March 2026"),
        (60, 240, "Description"),
        (430, 240, "Qty"),
        (560, 240, "Price"),
        (720, 240, "Amount"),
    ]
    for number, (name, quantity, price, amount) in enumerate(rows):
        top = 290 + 45 * number
        lines += [(60, top, name), (430, top, quantity), (560, top, price), (720, top, amount)]
    lines += [(560, 440, "Total"), (700, 440, "1,258.50"), (60, 600, "Thank you for your order")]
    return draw_page(lines)

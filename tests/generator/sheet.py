"""A sheet of paper to draw on: text, rules and boxes, measured in points from the top left corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from tests.generator.fonts import Typeface, register

Align = Literal["left", "center", "right"]
Colour = tuple[float, float, float]

BLACK: Colour = (0.08, 0.08, 0.1)
GREY: Colour = (0.42, 0.42, 0.45)
LIGHT: Colour = (0.93, 0.93, 0.94)
WHITE: Colour = (1, 1, 1)


@dataclass(frozen=True, slots=True)
class PageSize:
    """Width and height in points."""

    width: float
    height: float


A4 = PageSize(595.28, 841.89)
LETTER = PageSize(612, 792)


class Sheet:
    """Pages of one PDF, drawn one after the other; the same calls give the same bytes."""

    def __init__(self, size: PageSize, typeface: Typeface, title: str) -> None:
        register(typeface)
        self.size = size
        self.typeface = typeface
        self._buffer = BytesIO()
        self._canvas = Canvas(self._buffer, pagesize=(size.width, size.height), invariant=1)
        self._canvas.setTitle(title)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 9,
        *,
        bold: bool = False,
        align: Align = "left",
        colour: Colour = BLACK,
    ) -> None:
        """One line of text whose baseline is at `y` and whose left, middle or right is at `x`."""
        self._canvas.setFont(self._font(bold), size)
        self._canvas.setFillColorRGB(*colour)
        baseline = self.size.height - y
        if align == "right":
            self._canvas.drawRightString(x, baseline, text)
        elif align == "center":
            self._canvas.drawCentredString(x, baseline, text)
        else:
            self._canvas.drawString(x, baseline, text)

    def lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        size: float = 9,
        *,
        align: Align = "left",
        colour: Colour = BLACK,
    ) -> float:
        """Lines below each other; gives the baseline after the last."""
        for line in lines:
            self.text(x, y, line, size, align=align, colour=colour)
            y += size * 1.32
        return y

    def rule(self, x1: float, y: float, x2: float, width: float = 0.6, colour: Colour = BLACK) -> None:
        """A horizontal line."""
        self._canvas.setLineWidth(width)
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.line(x1, self.size.height - y, x2, self.size.height - y)

    def upright(self, x: float, y1: float, y2: float, width: float = 0.6, colour: Colour = BLACK) -> None:
        """A vertical line."""
        self._canvas.setLineWidth(width)
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.line(x, self.size.height - y1, x, self.size.height - y2)

    def dashes(self, x1: float, y: float, x2: float) -> None:
        """A dashed horizontal line."""
        self._canvas.setDash(2, 2)
        self.rule(x1, y, x2, 0.7)
        self._canvas.setDash()

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Colour | None = None,
        stroke: Colour | None = None,
        line_width: float = 0.6,
    ) -> None:
        """A rectangle whose top left corner is at (x, y)."""
        if fill is not None:
            self._canvas.setFillColorRGB(*fill)
        if stroke is not None:
            self._canvas.setStrokeColorRGB(*stroke)
            self._canvas.setLineWidth(line_width)
        bottom = self.size.height - y - height
        self._canvas.rect(
            x, bottom, width, height, stroke=int(stroke is not None), fill=int(fill is not None)
        )

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        """A filled circle around (x, y)."""
        self._canvas.setFillColorRGB(*fill)
        self._canvas.circle(x, self.size.height - y, radius, stroke=0, fill=1)

    def next_page(self) -> None:
        """Finish this page and begin another."""
        self._canvas.showPage()

    def finish(self) -> bytes:
        """Finish the last page; the PDF file."""
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()

    def width_of(self, text: str, size: float = 9, *, bold: bool = False) -> float:
        """The width of a text in points."""
        return float(stringWidth(text, self._font(bold), size))

    def wrap(self, text: str, width: float, size: float = 9) -> list[str]:
        """The text broken into lines no wider than `width`."""
        return list(simpleSplit(text, self._font(bold=False), size, width))

    def _font(self, bold: bool) -> str:
        return self.typeface.bold if bold else self.typeface.regular

"""Pages of gray print are drawn in gray; whatever may show colour is looked at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from reportlab.lib.colors import red

from services.engine.documents.limits import Limits
from services.engine.documents.pdf import open_pdf
from services.engine.documents.prepare import prepare
from tests.unit.documents.samples import draw_lines, drawing, pdf_with_lines

LIMITS = Limits()
RED_CELLS = b"1 0 0 rg 0 0 10 10 re f"


def is_gray(path: Path) -> bool:
    with open_pdf(path, LIMITS) as document, document.page(1) as page:
        return page.content.is_gray


def shown_as(path: Path, folder: Path) -> str | None:
    (page,) = prepare(path, folder, LIMITS, 150).pages
    return page.color_space


def with_pattern(path: Path) -> Path:
    """A page of black text with an area filled by a pattern of red cells."""
    with pikepdf.open(pdf_with_lines(path), allow_overwriting_input=True) as pdf:
        pattern = pdf.make_stream(RED_CELLS)
        pattern.update(
            {
                "/Type": pikepdf.Name.Pattern,
                "/PatternType": 1,
                "/PaintType": 1,
                "/TilingType": 1,
                "/BBox": [0, 0, 10, 10],
                "/XStep": 10,
                "/YStep": 10,
                "/Resources": pikepdf.Dictionary(),
            }
        )
        page = pdf.pages[0]
        page.obj.Resources.Pattern = pikepdf.Dictionary(P1=pattern)
        page.contents_add(b"/Pattern cs /P1 scn 300 300 200 200 re f")
        pdf.save(path)
    return path


def with_form(path: Path) -> Path:
    with drawing(path) as canvas:
        canvas.beginForm("mark")
        canvas.setFillColor(red)
        canvas.rect(300, 300, 200, 200, stroke=0, fill=1)
        canvas.endForm()
        canvas.doForm("mark")
        draw_lines(canvas)
    return path


def with_red_rule(path: Path) -> Path:
    with drawing(path) as canvas:
        draw_lines(canvas)
        canvas.setStrokeColor(red)
        canvas.setLineWidth(4)
        canvas.line(72, 500, 500, 500)
    return path


def test_gray_print_is_known_to_be_gray(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        canvas.setFillGray(0.9)
        canvas.rect(60, 600, 400, 200, stroke=0, fill=1)
        canvas.setFillGray(0.2)
        draw_lines(canvas)
    assert is_gray(path)
    assert shown_as(path, tmp_path) == "grayscale"


@pytest.mark.parametrize("made", [with_pattern, with_form, with_red_rule])
def test_colour_is_shown_however_it_is_painted(made: Callable[[Path], Path], tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf")
    assert not is_gray(path)
    assert shown_as(path, tmp_path) == "rgb"


def test_letters_that_are_drawings_may_be_coloured(tmp_path: Path) -> None:
    path = pdf_with_lines(tmp_path / "a.pdf")
    assert is_gray(path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.Resources.Font.Drawn = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type3
        )
        pdf.save(path)
    assert not is_gray(path)


def test_resources_that_a_page_inherits_count_as_its_own(tmp_path: Path) -> None:
    path = with_pattern(tmp_path / "a.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0].obj
        page.Parent.Resources = page.Resources
        del page["/Resources"]
        pdf.save(path)
    assert not is_gray(path)
    assert shown_as(path, tmp_path) == "rgb"

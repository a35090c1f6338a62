"""The text layer: words where they are printed, and only where they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pikepdf
import pytest

from services.engine.documents.limits import Limits
from services.engine.documents.pdf import open_pdf
from services.engine.documents.pdf_rendering import render
from services.engine.documents.pdf_text import text_layer
from services.engine.documents.text_layer import TextLayer, read_text_layer, write_text_layer
from services.engine.documents.text_pages import picture_of
from shared.errors import DocumentError
from shared.readings import BoundingBox, Word
from tests.unit.documents.samples import (
    INVOICE_LINES,
    draw_lines,
    draw_scan,
    drawing,
    pdf_with_lines,
    scan,
)

LIMITS = Limits()
PRINTED = [word for line in INVOICE_LINES for word in line.split()]


def layer_of(path: Path, dpi: int = 100) -> TextLayer:
    with open_pdf(path, LIMITS) as document, document.page(1) as page, picture_of(page, dpi) as picture:
        return text_layer(picture)


def texts(layer: TextLayer) -> list[str]:
    return [word.text for word in layer.words]


def test_the_words_of_a_born_digital_page_are_trusted(tmp_path: Path) -> None:
    layer = layer_of(pdf_with_lines(tmp_path / "a.pdf"))
    assert layer.trusted
    assert texts(layer) == PRINTED
    assert {word.confidence for word in layer.words} == {1.0}


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("user_unit", [1, 2])
def test_boxes_lie_on_the_ink_whatever_the_rotation(rotation: int, user_unit: int, tmp_path: Path) -> None:
    path = pdf_with_lines(tmp_path / "a.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.Rotate = rotation
        pdf.pages[0].obj.UserUnit = user_unit
        pdf.pages[0].obj.CropBox = pikepdf.Array([50, 500, 595, 842])
        pdf.save(path)
    with open_pdf(path, LIMITS) as document, document.page(1) as page:
        with picture_of(page, 150) as picture:
            layer = text_layer(picture)
        ink = render(page, 150, LIMITS).image.min(axis=2) < 200
    assert sorted(texts(layer)) == sorted(PRINTED)
    inside = np.zeros_like(ink)
    for word in layer.words:
        box = word.box
        rows = slice(int(box.y) - 1, int(box.bottom) + 2)
        columns = slice(int(box.x) - 1, int(box.right) + 2)
        assert ink[rows, columns].any()
        inside[rows, columns] = True
    assert not (ink & ~inside).any()


def test_an_invisible_layer_over_a_scan_is_not_trusted(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_scan(canvas, scan())
        draw_lines(canvas, mode=3)
    layer = layer_of(path)
    assert not layer.trusted
    assert "invisible" in layer.reason


def test_text_under_a_scan_is_not_trusted(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_lines(canvas)
        draw_scan(canvas, scan())
    assert not layer_of(path).trusted


def test_a_line_stamped_on_a_scan_does_not_stand_for_it(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_scan(canvas, scan())
        canvas.drawString(72, 30, "Scanned by the archive on 3 March 2026")
    layer = layer_of(path)
    assert not layer.trusted
    assert "accounts for only" in layer.reason


def test_text_over_a_letterhead_image_is_trusted(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_scan(canvas, scan(lines=()))
        draw_lines(canvas)
    layer = layer_of(path)
    assert layer.trusted
    assert texts(layer) == PRINTED


def test_white_text_and_text_off_the_page_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_lines(canvas)
        canvas.drawString(700, 400, "outside")
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(72, 400, "hidden keywords")
    assert texts(layer_of(path)) == PRINTED


def test_a_word_printed_twice_for_boldness_is_one_word(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_lines(canvas)
        canvas.drawString(72, 500, "Total 10 10")
        canvas.drawString(72.3, 500, "Total 10 10")
    assert texts(layer_of(path))[len(PRINTED) :] == ["Total", "10", "10"]


def test_a_broken_font_mapping_is_not_trusted(tmp_path: Path) -> None:
    """Every letter stands for the one 29 places on, as where glyph numbers are taken for characters."""
    shifted = [
        "".join(chr(ord(character) - 29) if ord(character) > 61 else character for character in line)
        for line in INVOICE_LINES
    ]
    assert not layer_of(pdf_with_lines(tmp_path / "a.pdf", shifted)).trusted


def test_letters_exchanged_for_others_are_not_trusted(tmp_path: Path) -> None:
    exchanged = str.maketrans("aeiouyAEIOUY", "bcdfghBCDFGH")
    lines = [line.translate(exchanged) for line in INVOICE_LINES]
    layer = layer_of(pdf_with_lines(tmp_path / "a.pdf", lines))
    assert not layer.trusted
    assert "encoding" in layer.reason


def test_a_page_of_outlines_with_one_line_of_text_is_not_trusted(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        for row in range(20):
            for column in range(40):
                if column % 6:
                    canvas.circle(80 + column * 10, 100 + row * 30, 4)
        canvas.drawString(72, 780, "Page one of two pages")
    layer = layer_of(path)
    assert not layer.trusted
    assert "accounts for only" in layer.reason


def test_the_values_of_form_fields_are_words(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_lines(canvas)
        canvas.acroForm.textfield(value="Field4711", x=100, y=400, width=200, height=30)
    assert "Field4711" in texts(layer_of(path))


def test_an_empty_page_has_no_trusted_text(tmp_path: Path) -> None:
    layer = layer_of(pdf_with_lines(tmp_path / "a.pdf", ()))
    assert (layer.words, layer.trusted) == ((), False)


def test_columns_are_separate_words_and_numbers_stay_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_lines(canvas)
        canvas.drawString(72, 500, "1.234,56")
        canvas.drawString(130, 500, "EUR")
        canvas.drawString(72, 480, "Größe 1,5 m² – 19 %")
    assert texts(layer_of(path))[len(PRINTED) :] == ["1.234,56", "EUR", "Größe", "1,5", "m²", "–", "19", "%"]


def test_a_dash_shares_the_height_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_lines(canvas)
        canvas.drawString(72, 500, "from - to")
    start, dash, _ = layer_of(path).words[len(PRINTED) :]
    assert dash.box.height >= start.box.height / 3


def test_a_text_layer_survives_its_file(tmp_path: Path) -> None:
    words = (Word("Größe", 1.0, BoundingBox(1.25, 2.5, 30.0, 10.75)), Word("€", 1.0, BoundingBox(0, 0, 1, 1)))
    path = tmp_path / "layer.json"
    write_text_layer(path, words)
    assert read_text_layer(path).words == words
    assert read_text_layer(path.read_bytes()).words == words


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"version":2,"words":[]}', b'{"version":1,"words":[["a",1]]}', b"\xff"]
)
def test_a_damaged_text_layer_file_is_refused(content: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        read_text_layer(content)
    assert caught.value.code == "brokenTextLayer"

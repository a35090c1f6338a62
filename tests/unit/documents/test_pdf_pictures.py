"""Pictures and signature fields of born-digital pages: told by what the PDF holds, in pixels of the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from services.engine.documents.limits import Limits
from services.engine.documents.pdf import open_pdf
from services.engine.documents.pdf_pictures import picture_blocks
from services.engine.documents.prepare import prepare
from services.engine.documents.text_layer import read_text_layer
from services.engine.documents.text_pages import picture_of
from shared.errors import DocumentError
from shared.readings import Block, BoundingBox
from tests.unit.documents.samples import A4, draw_lines, drawing

DPI = 144
"""Two pixels to a point, so that places can be checked by eye."""


def logo(width: int = 120, height: int = 60) -> ImageReader:
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).ellipse((1, 1, width - 1, height - 1), fill="darkgreen")
    return ImageReader(image)


def page_with(path: Path, draw: Callable[[Canvas], object]) -> Path:
    with drawing(path) as canvas:
        draw(canvas)
        draw_lines(canvas)
    return path


def blocks_of(path: Path) -> list[Block]:
    with (
        open_pdf(path, Limits()) as document,
        document.page(1) as page,
        picture_of(page, DPI) as picture,
    ):
        return list(picture_blocks(picture))


def places(blocks: list[Block], kind: str = "image") -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of the blocks of a kind, in points."""
    boxes = [block.box for block in blocks if block.type == kind]
    return [(round(b.x / 2), round(b.y / 2), round(b.width / 2), round(b.height / 2)) for b in boxes]


def with_signature_field(path: Path, rectangle: tuple[float, ...], flags: int = 4) -> Path:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Sig,
                T="Signature1",
                Rect=pikepdf.Array(rectangle),
                F=flags,
            )
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), SigFlags=3)
        pdf.save(path)
    return path


def test_a_logo_is_a_picture_where_it_is_placed(tmp_path: Path) -> None:
    path = page_with(tmp_path / "a.pdf", lambda canvas: canvas.drawImage(logo(), 400, 700, 120, 60))
    (block,) = blocks_of(path)
    assert (block.type, block.text, block.confidence) == ("image", "", 1.0)
    assert places([block]) == [(400, 82, 120, 60)]


def test_a_turned_page_has_its_pictures_where_they_are_shown(tmp_path: Path) -> None:
    path = page_with(tmp_path / "a.pdf", lambda canvas: canvas.drawImage(logo(), 400, 700, 120, 60))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.Rotate = 90
        pdf.save(path)
    assert places(blocks_of(path)) == [(700, 400, 60, 120)]


def test_a_picture_inside_a_form_is_found(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("letterhead")
        canvas.drawImage(logo(), 0, 0, 120, 60)
        canvas.endForm()
        canvas.translate(300, 600)
        canvas.doForm("letterhead")
        canvas.translate(-300, -600)

    assert places(blocks_of(page_with(tmp_path / "a.pdf", draw))) == [(300, 182, 120, 60)]


def test_a_background_is_no_picture_and_hides_none(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("RGB", (60, 80), "#f4f4ec")), 0, 0, *A4)
        canvas.drawImage(logo(), 400, 700, 120, 60)

    assert places(blocks_of(page_with(tmp_path / "a.pdf", draw))) == [(400, 82, 120, 60)]


def test_a_scan_in_strips_is_no_picture(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for strip in range(20):
            canvas.drawImage(logo(595, 42), 0, strip * 42.1, 595, 42.1)

    assert blocks_of(page_with(tmp_path / "a.pdf", draw)) == []


def test_strips_are_one_picture(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for strip in range(10):
            canvas.drawImage(logo(120, 6), 400, 600 + strip * 6, 120, 6)
        canvas.drawImage(logo(), 40, 600, 120, 60)

    assert places(blocks_of(page_with(tmp_path / "a.pdf", draw))) == [(40, 182, 120, 60), (400, 182, 120, 60)]


@pytest.mark.parametrize("size", [(8, 8), (400, 2), (3, 300)])
def test_ornaments_and_rules_are_no_pictures(size: tuple[int, int], tmp_path: Path) -> None:
    path = page_with(tmp_path / "a.pdf", lambda canvas: canvas.drawImage(logo(), 90, 300, *size))
    assert blocks_of(path) == []


def test_a_blank_image_is_no_picture(tmp_path: Path) -> None:
    blank = ImageReader(Image.new("RGB", (60, 60), "white"))
    path = page_with(tmp_path / "a.pdf", lambda canvas: canvas.drawImage(blank, 400, 300, 60, 60))
    assert blocks_of(path) == []


def test_only_the_part_that_a_clipping_path_shows_counts(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(400, 300, 40, 30)
        canvas.clipPath(path, stroke=0)
        canvas.drawImage(logo(400, 400), 300, 200, 200, 200)
        canvas.restoreState()

    assert places(blocks_of(page_with(tmp_path / "a.pdf", draw))) == [(400, 512, 40, 30)]


def test_a_picture_beside_the_page_is_not_on_it(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(logo(), 700, 300, 120, 60)
        canvas.drawImage(logo(), 555, 300, 120, 60)

    assert places(blocks_of(page_with(tmp_path / "a.pdf", draw))) == [(555, 482, 40, 60)]


def test_a_signature_field_is_a_signature(tmp_path: Path) -> None:
    path = with_signature_field(page_with(tmp_path / "a.pdf", lambda _: None), (350, 100, 500, 150))
    assert places(blocks_of(path), "signature") == [(350, 692, 150, 50)]


@pytest.mark.parametrize(("rectangle", "flags"), [((0, 0, 0, 0), 4), ((350, 100, 500, 150), 2)])
def test_a_signature_that_is_not_shown_is_none(
    rectangle: tuple[float, ...], flags: int, tmp_path: Path
) -> None:
    path = with_signature_field(page_with(tmp_path / "a.pdf", lambda _: None), rectangle, flags)
    assert blocks_of(path) == []


def test_the_picture_of_a_signature_is_not_told_twice(tmp_path: Path) -> None:
    path = page_with(tmp_path / "a.pdf", lambda canvas: canvas.drawImage(logo(), 360, 102, 120, 46))
    blocks = blocks_of(with_signature_field(path, (350, 100, 500, 150)))
    assert [block.type for block in blocks] == ["signature"]


def test_pictures_are_stored_with_the_text_layer(tmp_path: Path) -> None:
    path = page_with(tmp_path / "a.pdf", lambda canvas: canvas.drawImage(logo(), 400, 700, 120, 60))
    with_signature_field(path, (350, 100, 500, 150))
    (page,) = prepare(path, tmp_path, Limits(), DPI).pages
    assert page.text_layer_path is not None
    layer = read_text_layer(page.text_layer_path)
    assert [block.type for block in layer.pictures] == ["image", "signature"]
    assert places(list(layer.pictures)) == [(400, 82, 120, 60)]
    assert layer.words[0].text == "Invoice"


def test_a_text_layer_stored_without_pictures_is_read() -> None:
    layer = read_text_layer(b'{"version":1,"words":[["Invoice",1,2,30,4.5]]}')
    assert layer.pictures == ()
    assert layer.words[0].box == BoundingBox(1, 2, 30, 4.5)


def test_a_text_layer_with_another_kind_of_picture_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        read_text_layer(b'{"version":1,"words":[],"pictures":[["sound",1,2,30,4]]}')
    assert caught.value.code == "brokenTextLayer"

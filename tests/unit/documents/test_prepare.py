"""From a file to page images and text layers."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from services.engine.documents.limits import Limits
from services.engine.documents.prepare import prepare
from services.engine.documents.sniff import DocumentFormat
from services.engine.documents.text_layer import read_text_layer
from shared.errors import DocumentError, LimitExceeded
from tests.unit.documents.samples import (
    A4,
    INVOICE_LINES,
    draw_lines,
    draw_scan,
    drawing,
    image_bytes,
    pdf_with_lines,
    pdf_with_missing_page,
    scan,
)

LIMITS = Limits()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    return folder


def test_a_born_digital_pdf_gives_images_and_text_layers(tmp_path: Path, folder: Path) -> None:
    path = pdf_with_lines(tmp_path / "a.pdf", pages=2)
    document = prepare(path, folder, LIMITS, 100, declared_format="pdf")
    assert (document.format, document.size, document.notes) == (DocumentFormat.PDF, path.stat().st_size, ())
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [page.number for page in document.pages] == [1, 2]
    for page in document.pages:
        assert page.image_path is not None
        assert page.text_layer_path is not None
        stored = cv2.imread(str(page.image_path), cv2.IMREAD_UNCHANGED)
        assert stored is not None
        assert (stored.shape[1], stored.shape[0]) == (page.width, page.height)
        assert (page.dpi, page.format, page.color_space, page.error) == (100, "jpg", "grayscale", None)
        assert page.size == page.image_path.stat().st_size
        words = read_text_layer(page.text_layer_path).words
        assert [word.text for word in words] == " ".join(INVOICE_LINES).split()


@pytest.mark.parametrize("text_dpi", [150, 300])
def test_a_page_of_text_is_drawn_no_finer_than_it_should(tmp_path: Path, folder: Path, text_dpi: int) -> None:
    path = pdf_with_lines(tmp_path / "a.pdf")
    (page,) = prepare(path, folder, LIMITS, 300, text_dpi=text_dpi).pages
    assert page.text_layer_path is not None
    assert (page.dpi, page.width) == (text_dpi, math.ceil(A4[0] / 72 * text_dpi))


def test_a_scanned_pdf_gives_jpeg_images_without_text(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_scan(canvas, scan())
        draw_lines(canvas, mode=3)
    (page,) = prepare(path, folder, LIMITS, 300).pages
    assert (page.format, page.color_space, page.text_layer_path) == ("jpg", "grayscale", None)
    assert page.text_layer_reason is not None
    assert abs(page.width - 850) <= 9


def test_a_scan_in_colour_stays_in_colour(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_scan(canvas, Image.merge("RGB", (scan(), scan(), Image.new("L", (850, 1200), 120))))
    (page,) = prepare(path, folder, LIMITS, 100).pages
    assert (page.format, page.color_space) == ("jpg", "rgb")


@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
def test_a_good_page_image_is_kept_byte_by_byte(image_format: str, tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(image_bytes(scan(), image_format, dpi=(100, 100)))
    (page,) = prepare(path, folder, LIMITS, 300).pages
    assert page.image_path is not None
    assert page.image_path.read_bytes() == path.read_bytes()
    assert (page.width, page.height, page.dpi, page.color_space) == (850, 1200, 100, "grayscale")


def test_a_turned_photo_is_stored_upright(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    path.write_bytes(image_bytes(scan(), "JPEG", exif=exif))
    (page,) = prepare(path, folder, LIMITS, 300).pages
    assert page.image_path is not None
    with Image.open(page.image_path) as stored:
        assert stored.size == (page.width, page.height) == (1200, 850)
        assert not stored.getexif()


def test_a_black_and_white_tiff_is_stored_without_loss(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(image_bytes(scan().convert("1"), "TIFF", compression="group4"))
    (page,) = prepare(path, folder, LIMITS, 300, declared_format="tiff").pages
    assert (page.format, page.color_space) == ("png", "binary")
    assert page.image_path is not None
    with Image.open(page.image_path) as stored:
        assert stored.tobytes() == scan().convert("1").tobytes()


def test_content_counts_where_the_declaration_differs(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "invoice.pdf"
    path.write_bytes(image_bytes(scan(), "JPEG"))
    document = prepare(path, folder, LIMITS, 300, declared_format="pdf")
    assert document.format is DocumentFormat.JPG
    assert len(document.notes) == 1
    assert "declared as pdf" in document.notes[0]


def test_one_broken_page_does_not_cost_the_others(tmp_path: Path, folder: Path) -> None:
    document = prepare(pdf_with_missing_page(tmp_path / "a.pdf"), folder, LIMITS, 72)
    broken, whole = document.pages
    assert (broken.number, broken.image_path, broken.error_code) == (1, None, "brokenPage")
    assert broken.error == "Page 1 of the PDF is damaged."
    assert (whole.number, whole.error) == (2, None)
    assert whole.image_path is not None


def test_one_huge_frame_of_a_tiff_does_not_cost_the_others(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "a.tif"
    frames = [Image.new("L", (side, side)) for side in (50, 900, 60)]
    path.write_bytes(image_bytes(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    pages = prepare(path, folder, Limits(max_pixels=10_000), 300).pages
    assert [page.error_code for page in pages] == [None, "tooManyPixels", None]


def test_the_error_of_an_only_page_is_the_document_s(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(image_bytes(scan(), "PNG"))
    with pytest.raises(LimitExceeded):
        prepare(path, folder, Limits(max_pixels=1000), 300)


def test_a_file_over_the_limit_is_refused_with_both_sizes(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(bytes(3000))
    with pytest.raises(LimitExceeded) as caught:
        prepare(path, folder, Limits(max_bytes=2048), 300)
    assert str(caught.value) == "The document has 2.9 KiB; the limit is 2.0 KiB."


def test_an_xml_file_is_refused_for_what_it_is(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text('<?xml version="1.0"?><Invoice/>')
    with pytest.raises(DocumentError, match="XML") as caught:
        prepare(path, folder, LIMITS, 300)
    assert caught.value.code == "unsupportedFormat"


def test_the_resolution_acts_where_a_page_is_read_by_machine(tmp_path: Path, folder: Path) -> None:
    printed = pdf_with_lines(tmp_path / "a.pdf")
    (page,) = prepare(printed, folder, LIMITS, 300).pages
    assert (page.dpi, page.width, page.height) == (150, 1240, 1755)
    assert page.text_layer_path is not None
    assert page.image_path is not None
    with Image.open(page.image_path) as stored:
        shown = np.asarray(stored.convert("L"))
    for word in read_text_layer(page.text_layer_path).words:
        box = word.box
        ink = shown[round(box.y) : round(box.bottom), round(box.x) : round(box.right)]
        assert int(ink.max()) - int(ink.min()) > 60, word
    outlined = tmp_path / "b.pdf"
    with drawing(outlined) as canvas:
        draw_lines(canvas, mode=3)
        canvas.rect(100, 100, 5, 300, fill=1)
    (page,) = prepare(outlined, folder, LIMITS, 300).pages
    assert (page.dpi, page.text_layer_path) == (300, None)


@pytest.mark.parametrize(("color", "color_space"), [("black", "grayscale"), ("darkred", "rgb")])
def test_a_page_with_text_is_shown_in_its_colours(
    color: str, color_space: str, tmp_path: Path, folder: Path
) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_lines(canvas)
        canvas.setFillColor(color)
        canvas.rect(300, 100, 50, 30, stroke=0, fill=1)
    (page,) = prepare(path, folder, LIMITS, 300).pages
    assert (page.color_space, page.format) == (color_space, "jpg")
    assert page.image_path is not None
    with Image.open(page.image_path) as stored:
        assert stored.size == (page.width, page.height)
        red, green, _ = np.asarray(stored.convert("RGB"))[1520, 675].tolist()
    assert (red > green + 60) == (color_space == "rgb")


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    path = pdf_with_lines(tmp_path / "a.pdf")
    results = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        prepare(path, folder, LIMITS, 100)
        results.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert results[0] == results[1]

"""Opening PDFs and rendering their pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from services.engine.documents.limits import Limits
from services.engine.documents.pdf import open_pdf
from services.engine.documents.pdf_rendering import RenderedPage, render, rendering_dpi
from shared.errors import DocumentError, LimitExceeded
from tests.unit.documents.samples import (
    draw_lines,
    draw_scan,
    drawing,
    pdf_with_lines,
    pdf_with_missing_page,
    scan,
)

LIMITS = Limits()


def rendered(path: Path, dpi: int, limits: Limits = LIMITS, number: int = 1) -> RenderedPage:
    with open_pdf(path, limits) as document, document.page(number) as page:
        return render(page, dpi, limits)


def refusal(path: Path, limits: Limits = LIMITS) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        open_pdf(path, limits)
    return caught.value


def with_page_entry(path: Path, key: str, value: object) -> Path:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj[key] = value
        pdf.save(path)
    return path


def ink_box(image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is dark."""
    rows, columns = np.nonzero(image.min(axis=2) < 128)
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


def test_a_page_is_rendered_as_bgr_at_the_resolution_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path, (144, 72)) as canvas:
        canvas.setFillColorRGB(1, 0, 0)
        canvas.rect(0, 36, 72, 36, stroke=0, fill=1)
    page = rendered(path, 100)
    assert page.image.shape == (100, 200, 3)
    assert page.dpi == 100
    assert page.image[25, 50].tolist() == [0, 0, 255]
    assert page.image[75, 150].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda content: content[:100], "brokenPdf"),
        (lambda content: b"%PDF-1.7\n" + bytes(1000), "brokenPdf"),
    ],
)
def test_a_damaged_pdf_is_refused(damage: Callable[[bytes], bytes], code: str, tmp_path: Path) -> None:
    path = pdf_with_lines(tmp_path / "a.pdf")
    path.write_bytes(damage(path.read_bytes()))
    assert refusal(path).code == code


def test_a_pdf_that_lost_its_end_is_repaired(tmp_path: Path) -> None:
    path = pdf_with_lines(tmp_path / "a.pdf")
    path.write_bytes(path.read_bytes()[:-300])
    with open_pdf(path, LIMITS) as document:
        assert document.page_count == 1


def test_a_password_is_asked_for_only_where_one_is_needed(tmp_path: Path) -> None:
    plain = pdf_with_lines(tmp_path / "a.pdf")
    locked, restricted = tmp_path / "locked.pdf", tmp_path / "restricted.pdf"
    with pikepdf.open(plain) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="owner", user="secret"))
        pdf.save(restricted, encryption=pikepdf.Encryption(owner="owner", user=""))
    error = refusal(locked)
    assert error.code == "encryptedPdf"
    assert "password" in str(error)
    assert rendered(restricted, 72).image.shape == rendered(plain, 72).image.shape


def test_a_pdf_without_pages_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        pdf.save(path)
    assert refusal(path).code == "noPages"


def test_too_many_pages_are_refused_with_both_numbers(tmp_path: Path) -> None:
    error = refusal(pdf_with_lines(tmp_path / "a.pdf", pages=7), Limits(max_pages=5))
    assert isinstance(error, LimitExceeded)
    assert (error.code, str(error)) == ("tooManyPages", "The document has 7 pages; the limit is 5.")


def test_rotation_and_crop_box_decide_what_is_shown(tmp_path: Path) -> None:
    path = pdf_with_lines(tmp_path / "a.pdf")
    with_page_entry(path, "/CropBox", pikepdf.Array([0, 442, 595, 842]))
    with_page_entry(path, "/Rotate", 90)
    assert rendered(path, 72).image.shape == (595, 400, 3)


def test_a_user_unit_makes_the_page_larger(tmp_path: Path) -> None:
    path = with_page_entry(pdf_with_lines(tmp_path / "a.pdf"), "/UserUnit", 2)
    assert rendered(path, 72).image.shape == (1684, 1190, 3)


def test_a_large_page_is_rendered_within_the_pixel_limit(tmp_path: Path) -> None:
    path = with_page_entry(pdf_with_lines(tmp_path / "a.pdf"), "/MediaBox", pikepdf.Array([0, 0, 2000, 2000]))
    limits = Limits(max_pixels=9_000_000)
    page = rendered(path, 300, limits)
    assert 72 <= page.dpi < 300
    assert page.image.shape[0] * page.image.shape[1] <= limits.max_pixels


def test_a_page_that_would_be_unreadable_within_the_limit_is_refused(tmp_path: Path) -> None:
    path = pdf_with_lines(tmp_path / "a.pdf")
    with_page_entry(path, "/MediaBox", pikepdf.Array([0, 0, 1_000_000, 1_000_000]))
    with pytest.raises(LimitExceeded) as caught:
        rendered(path, 300)
    assert caught.value.code == "pageTooLarge"


def test_a_scan_is_not_enlarged(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_scan(canvas, scan(827, 1170))
    with open_pdf(path, LIMITS) as document, document.page(1) as page:
        assert rendering_dpi(page, 300, LIMITS) in (100, 101)
        assert rendering_dpi(page, 72, LIMITS) == 72


def test_print_over_an_image_is_rendered_at_the_resolution_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_scan(canvas, scan(200, 283, lines=()))
        draw_lines(canvas)
    assert rendered(path, 150).dpi == 150


def test_an_image_that_is_too_large_to_decode_costs_its_page_only(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        draw_scan(canvas, scan(400, 400))
        canvas.showPage()
        draw_lines(canvas)
    limits = Limits(max_decoded_bytes=100_000)
    with pytest.raises(LimitExceeded, match="400 x 400 pixels"):
        rendered(path, 72, limits)
    assert rendered(path, 72, limits, number=2).image.min() < 128


def test_filled_form_fields_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with drawing(path) as canvas:
        canvas.acroForm.textfield(value="Field value 4711", x=100, y=700, width=200, height=30)
        canvas.showPage()
    left, top, right, bottom = ink_box(rendered(path, 72).image)
    assert left >= 99
    assert right <= 301
    assert top >= 842 - 731
    assert bottom <= 842 - 699


def test_a_missing_page_is_an_error_of_its_own(tmp_path: Path) -> None:
    with open_pdf(pdf_with_missing_page(tmp_path / "a.pdf"), LIMITS) as document:
        with pytest.raises(DocumentError) as caught, document.page(1):
            pass
        assert caught.value.code == "brokenPage"
        with document.page(2) as page:
            assert render(page, 72, LIMITS).image.min() < 128

"""Image files: every kind of pixel, and nothing too large or broken."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from services.engine.documents.limits import Limits
from services.engine.documents.raster import RasterPage, open_raster
from services.engine.documents.sniff import DocumentFormat, sniff
from shared.errors import DocumentError, LimitExceeded
from tests.unit.documents.samples import image_bytes, scan

LIMITS = Limits()


def pages(path: Path, content: bytes, limits: Limits = LIMITS) -> list[RasterPage]:
    path.write_bytes(content)
    with open_raster(path, sniff(path), limits) as raster:
        return [raster.read(number) for number in range(1, raster.page_count + 1)]


def only_page(path: Path, image: Image.Image, image_format: str = "PNG", **options: object) -> RasterPage:
    (page,) = pages(path, image_bytes(image, image_format, **options))
    return page


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "image"


def test_colour_becomes_bgr(path: Path) -> None:
    page = only_page(path, Image.new("RGB", (30, 20), (250, 10, 20)))
    assert page.image.pixels.shape == (20, 30, 3)
    assert page.image.pixels[5, 5].tolist() == [20, 10, 250]
    assert (page.image.color_space, page.is_plain) == ("rgb", True)


def test_gray_stays_gray(path: Path) -> None:
    page = only_page(path, scan(300, 400))
    assert page.image.pixels.shape == (400, 300)
    assert (page.image.color_space, page.is_plain) == ("grayscale", True)


@pytest.mark.parametrize("image_format", ["PNG", "TIFF", "BMP"])
def test_one_bit_becomes_black_and_white(image_format: str, path: Path) -> None:
    page = only_page(path, scan(300, 400).convert("1"), image_format)
    assert page.image.color_space == "binary"
    assert np.unique(page.image.pixels).tolist() == [0, 255]


def test_a_fax_of_unequal_resolution_is_made_square(path: Path) -> None:
    fax = Image.new("1", (1728, 1100), 1)
    page = only_page(path, fax, "TIFF", compression="group4", dpi=(204, 98))
    assert (page.image.width, page.image.height, page.dpi) == (1728, 2290, 204)


def test_transparency_lies_on_white(path: Path) -> None:
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 10, 20))
    page = only_page(path, image)
    assert page.image.pixels[5, 15].tolist() == [255, 255, 255]
    assert page.image.pixels[5, 5].tolist() == [0, 0, 200]
    assert not page.is_plain


def test_a_transparent_palette_lies_on_white(path: Path) -> None:
    image = Image.new("P", (20, 20), 1)
    image.putpalette([10, 20, 30, 200, 0, 0])
    page = only_page(path, image, transparency=1)
    assert page.image.pixels[5, 5].tolist() == [255, 255, 255]


def test_a_palette_is_resolved(path: Path) -> None:
    image = Image.new("P", (20, 20), 1)
    image.putpalette([0, 0, 0, 10, 20, 30])
    assert only_page(path, image).image.pixels[5, 5].tolist() == [30, 20, 10]


def test_print_colours_are_converted(path: Path) -> None:
    page = only_page(path, Image.new("CMYK", (20, 20), (0, 0, 0, 255)), "JPEG")
    assert page.image.pixels.max() < 40
    assert not page.is_plain


@pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_to_eight(image_format: str, path: Path) -> None:
    samples = np.array([[0, 0x8000, 0xFFFF]] * 4, dtype=np.uint16)
    page = only_page(path, Image.fromarray(samples), image_format)
    assert page.image.pixels[0].tolist() == [0, 128, 255]


@pytest.mark.parametrize(
    ("orientation", "corner"), [(1, (0, 0)), (3, (19, 29)), (6, (0, 19)), (8, (29, 0)), (2, (0, 29))]
)
@pytest.mark.parametrize("image_format", ["JPEG", "TIFF", "PNG"])
def test_the_camera_s_orientation_is_applied(
    orientation: int, corner: tuple[int, int], image_format: str, path: Path
) -> None:
    image = Image.new("L", (30, 20), 255)
    image.paste(0, (0, 0, 8, 8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    page = only_page(path, image, image_format, exif=exif)
    turned = orientation in (6, 8)
    assert (page.image.width, page.image.height) == ((20, 30) if turned else (30, 20))
    assert page.image.pixels[corner] < 60
    assert page.is_plain == (orientation == 1)


@pytest.mark.parametrize(("dpi", "size", "believed"), [(300, 600, 300), (72, 4000, None), (1, 600, None)])
def test_a_resolution_is_believed_where_it_makes_sense(
    dpi: int, size: int, believed: int | None, path: Path
) -> None:
    assert only_page(path, Image.new("L", (size, 400)), "JPEG", dpi=(dpi, dpi)).dpi == believed


def test_every_frame_of_a_tiff_is_a_page(path: Path) -> None:
    frames = [Image.new("L", (100 + index, 50), 200) for index in range(4)]
    found = pages(path, image_bytes(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    assert [page.image.width for page in found] == [100, 101, 102, 103]


def test_reduced_copies_in_a_tiff_are_no_pages(path: Path) -> None:
    frames = [Image.new("L", (100, 50), 200), Image.new("L", (10, 5), 200)]
    frames[1].encoderinfo = {"tiffinfo": {254: 1}}
    found = pages(path, image_bytes(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    assert [page.image.width for page in found] == [100]


def test_too_many_frames_are_refused(path: Path) -> None:
    frames = [Image.new("1", (8, 8)) for _ in range(6)]
    content = image_bytes(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    with pytest.raises(LimitExceeded) as caught:
        pages(path, content, Limits(max_pages=5))
    assert caught.value.code == "tooManyPages"


def png_claiming(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def jpeg_claiming(width: int, height: int) -> bytes:
    content = image_bytes(Image.new("L", (16, 16)), "JPEG")
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack(">HH", height, width) + content[at + 4 :]


def bmp_claiming(width: int, height: int) -> bytes:
    content = image_bytes(Image.new("RGB", (16, 16)), "BMP")
    return content[:18] + struct.pack("<ii", width, height) + content[26:]


def tiff_claiming(width: int, height: int) -> bytes:
    entries = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, 1),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (277, 3, 1),
    ]
    entries += [(278, 4, height), (279, 4, 100)]
    directory = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return b"II*\x00" + struct.pack("<IH", 8, len(entries)) + directory + bytes(104)


@pytest.mark.parametrize(
    ("content", "sizes"),
    [
        (png_claiming(100_000, 100_000), "100,000 x 100,000"),
        (tiff_claiming(100_000, 100_000), "100,000 x 100,000"),
        (bmp_claiming(100_000, 100_000), "100,000 x 100,000"),
        (jpeg_claiming(60_000, 60_000), "60,000 x 60,000"),
    ],
)
def test_a_huge_image_is_refused_before_it_is_decoded(content: bytes, sizes: str, path: Path) -> None:
    with pytest.raises(LimitExceeded, match=sizes) as caught:
        pages(path, content)
    assert caught.value.code == "tooManyPixels"


def test_a_huge_frame_behind_a_small_one_is_refused(path: Path) -> None:
    frames = [Image.new("1", (8, 8)), Image.new("1", (2000, 2000))]
    path.write_bytes(image_bytes(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    with open_raster(path, DocumentFormat.TIFF, Limits(max_pixels=1_000_000)) as raster:
        assert raster.read(1).image.width == 8
        with pytest.raises(LimitExceeded, match="2,000 x 2,000"):
            raster.read(2)


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "TIFF", "BMP"])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_cut_off_image_is_broken(image_format: str, kept: float, path: Path) -> None:
    noise = Image.effect_noise((200, 200), 80)
    content = image_bytes(noise, image_format)
    with pytest.raises(DocumentError) as caught:
        pages(path, content[: int(len(content) * kept)])
    assert caught.value.code == "brokenImage"

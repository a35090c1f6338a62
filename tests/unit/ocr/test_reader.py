"""The whole way from pixels to a page reading, with the real models."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from services.engine.imaging.geometry import Rotation, frame_of, upright
from services.engine.ocr.reader import PageReader
from shared.readings import Block, BoundingBox, PageReading, Word
from shared.template import PreprocessingSettings
from tests.generator import degrade
from tests.unit.ocr.drawing import DrawnPage, draw_page

SETTINGS = PreprocessingSettings()


def word(reading: PageReading, text: str) -> Word:
    return next(word for word in reading.words if word.text == text)


def middle(box: BoundingBox) -> tuple[float, float]:
    return box.center_x, box.center_y


def test_an_invoice_is_read_block_by_block(reader: PageReader, invoice: DrawnPage) -> None:
    reading = reader.read(invoice.pixels, SETTINGS)
    assert reading.text.splitlines() == [
        "Northwind Furniture Ltd",
        "12 Harbour Street",
        "Bristol BS1 5TR",
        "INVOICE",
        "Number: INV-20417",
        "Date: 14 March 2026",
        "Description Qty Price Amount",
        "Oak table with drawers 2 450.00 900.00",
        "Desk lamp, brass 3 79.50 238.50",
        "Delivery and assembly 1 120.00 120.00",
        "Total 1,258.50",
        "Thank you for your order",
    ]
    assert reading.source == "ocr"
    assert reading.confidence > 0.95
    assert reading.quality_score > 0.9
    assert reading.preprocessing == type(reading.preprocessing)()


def test_word_boxes_enclose_their_ink(reader: PageReader, invoice: DrawnPage) -> None:
    reading = reader.read(invoice.pixels, SETTINGS)
    for text, box in invoice.words:
        read = min(
            (word for word in reading.words if word.text == text),
            key=lambda word: abs(word.box.x - box.x) + abs(word.box.y - box.y),
        ).box
        assert read.x == pytest.approx(box.x, abs=4), text
        assert read.right == pytest.approx(box.right, abs=4), text
        assert read.y <= box.y + 3, text
        assert read.bottom >= box.bottom - 3, text
        assert read.height < 2.2 * 24, text


def test_table_cells_follow_the_columns(reader: PageReader, invoice: DrawnPage) -> None:
    reading = reader.read(invoice.pixels, SETTINGS)
    cells = {(cell.row, cell.column): cell.text for cell in reading.cells}
    assert [cells[0, column] for column in range(4)] == ["Description", "Qty", "Price", "Amount"]
    assert [cells[2, column] for column in range(4)] == ["Desk lamp, brass", "3", "79.50", "238.50"]
    assert "table" in {block.type for block in reading.blocks}


@pytest.mark.parametrize("angle", [90, 180, -90])
def test_a_turned_page_is_set_upright(reader: PageReader, invoice: DrawnPage, angle: int) -> None:
    turned = Rotation(900, 700, angle).turn(invoice.pixels)
    reading = reader.read(turned, SETTINGS)
    assert (reading.height, reading.width) == turned.shape[:2]
    assert abs(reading.preprocessing.rotation_angle) == abs(angle)
    assert (reading.preprocessing.rotation_angle + angle) % 360 == 0
    assert not reading.preprocessing.deskewed
    assert "Desk lamp, brass 3 79.50 238.50" in reading.text
    drawn = dict(invoice.words)["INV-20417"]
    expected = Rotation(900, 700, angle).to_upright(drawn)
    assert middle(word(reading, "INV-20417").box) == pytest.approx(middle(expected), abs=4)


@pytest.mark.parametrize("skew", [-9.0, -2.0, 3.5])
def test_a_skewed_page_is_deskewed(reader: PageReader, invoice: DrawnPage, skew: float) -> None:
    askew = Rotation(900, 700, skew)
    reading = reader.read(askew.turn(invoice.pixels), SETTINGS)
    assert reading.preprocessing.deskewed
    assert reading.preprocessing.rotation_angle == pytest.approx(-skew, abs=0.5)
    assert "Desk lamp, brass 3 79.50 238.50" in reading.text
    drawn = dict(invoice.words)["INV-20417"]
    x, y = askew.matrix @ (*middle(drawn), 1.0)
    assert middle(word(reading, "INV-20417").box) == pytest.approx((x, y), abs=5)
    assert word(upright(reading), "INV-20417").box.height < 45
    assert frame_of(reading).upright_size == (upright(reading).width, upright(reading).height)


@pytest.mark.parametrize("angle", [93.0, 177.0])
def test_a_page_may_be_turned_and_skewed(reader: PageReader, invoice: DrawnPage, angle: float) -> None:
    askew = Rotation(900, 700, angle)
    reading = reader.read(askew.turn(invoice.pixels), SETTINGS)
    off = (reading.preprocessing.rotation_angle + angle + 180) % 360 - 180
    assert off == pytest.approx(0, abs=0.5)
    assert "Desk lamp, brass 3 79.50 238.50" in reading.text
    x, y = askew.matrix @ (*middle(dict(invoice.words)["INV-20417"]), 1.0)
    assert middle(word(reading, "INV-20417").box) == pytest.approx((x, y), abs=5)


def test_deskewing_can_be_switched_off(reader: PageReader, invoice: DrawnPage) -> None:
    askew = Rotation(900, 700, 2.0).turn(invoice.pixels)
    reading = reader.read(askew, PreprocessingSettings(deskew=False))
    assert not reading.preprocessing.deskewed
    assert reading.preprocessing.rotation_angle == 0


def test_a_spoilt_page_stays_upright(reader: PageReader, invoice: DrawnPage) -> None:
    """Poor recognition alone is no evidence that a page lies upside down."""
    small = cv2.resize(invoice.pixels, None, fx=0.33, fy=0.33, interpolation=cv2.INTER_AREA)
    spoilt = cv2.GaussianBlur(cv2.resize(small, (900, 700)), (0, 0), 2)
    reading = reader.read(np.asarray(spoilt, dtype=np.uint8), SETTINGS)
    assert reading.words
    assert abs(reading.preprocessing.rotation_angle) < 1


@pytest.mark.parametrize(
    "image",
    [
        np.full((400, 300, 3), 255, dtype=np.uint8),
        np.zeros((400, 300, 3), dtype=np.uint8),
        np.full((1, 1, 3), 200, dtype=np.uint8),
        np.random.default_rng(7).integers(0, 255, (200, 300, 3), dtype=np.uint8),
    ],
    ids=["white", "black", "dot", "noise"],
)
def test_a_page_without_text_gives_an_empty_reading(reader: PageReader, image: npt.NDArray[np.uint8]) -> None:
    reading = reader.read(image, SETTINGS)
    assert reading.source == "none"
    assert reading.lines == ()
    assert reading.quality_score == 0
    assert (reading.height, reading.width) == image.shape[:2]


def test_a_page_in_shadow_and_grain_is_read(reader: PageReader, invoice: DrawnPage) -> None:
    light = np.linspace(0.25, 1.0, 900)[None, :, None]
    grain = np.random.default_rng(3).normal(0, 20, (700, 900, 1))
    photo = np.clip(invoice.pixels * light * 0.9 + grain + 10, 0, 255).astype(np.uint8)
    reading = reader.read(photo, SETTINGS)
    assert reading.preprocessing.enhanced
    assert reading.preprocessing.denoised
    assert "Desk lamp, brass 3 79.50 238.50" in reading.text
    assert reading.quality_score < reader.read(invoice.pixels, SETTINGS).quality_score


def test_reading_twice_gives_the_same(reader: PageReader, invoice: DrawnPage) -> None:
    assert reader.read(invoice.pixels, SETTINGS) == reader.read(invoice.pixels, SETTINGS)


def test_text_that_runs_upwards_is_read(reader: PageReader) -> None:
    page = draw_page([(60, 60, "Invoice number 4711"), (60, 110, "Total amount 99.00")])
    margin = draw_page([(20, 10, "Registered office Leeds")], size=(400, 50)).pixels
    image = page.pixels.copy()
    image[250:650, 800:850] = np.rot90(margin)
    reading = reader.read(image, SETTINGS)
    assert reading.preprocessing.rotation_angle == 0
    assert "Registered office Leeds" in reading.text
    assert word(reading, "Invoice").box.y < 100


def test_a_text_layer_is_arranged_without_recognition(reader: PageReader, invoice: DrawnPage) -> None:
    words = [Word(text, 1.0, box) for text, box in reversed(invoice.words)]
    reading = reader.read_text_layer(words, 900, 700)
    assert reading.source == "textLayer"
    assert reading.quality_score == 1.0
    assert reading.text == reader.read(invoice.pixels, SETTINGS).text


def test_the_pictures_of_a_text_layer_come_after_its_blocks(reader: PageReader) -> None:
    logo = Block("", 1.0, BoundingBox(500, 10, 200, 80), "image")
    words = [Word("Invoice", 1.0, BoundingBox(50, 50, 120, 20))]
    reading = reader.read_text_layer(words, 900, 700, [logo])
    assert [(block.type, block.text) for block in reading.blocks] == [("text", "Invoice"), ("image", "")]
    assert reading.text == "Invoice"


def test_an_empty_text_layer_is_no_source(reader: PageReader) -> None:
    reading = reader.read_text_layer([], 100, 100)
    assert reading.source == "none"
    assert reading.quality_score == 0


def test_a_photographed_sheet_is_made_flat(reader: PageReader, invoice: DrawnPage) -> None:
    photo = degrade.photograph(invoice.pixels, np.random.default_rng(5), 0.06, 4, margin=0.25)
    reading = reader.read(photo.image, PreprocessingSettings())
    assert reading.preprocessing.sheet is not None
    assert reading.preprocessing.deskewed
    assert (reading.width, reading.height) == (photo.image.shape[1], photo.image.shape[0])
    printed = dict(invoice.words)
    found = {word.text: word.box for word in reading.words}
    assert len(printed.keys() & found.keys()) > 0.9 * len(printed)
    for text in printed.keys() & found.keys():
        true = printed[text]
        x, y, scale = photo.transform @ (true.center_x, true.center_y, 1.0)
        box = found[text]
        assert box.x - 6 < x / scale < box.right + 6, text
        assert box.y - 6 < y / scale < box.bottom + 6, text


def test_a_sheet_is_not_cut_out_where_text_stands_beside_it(reader: PageReader, invoice: DrawnPage) -> None:
    photo = degrade.photograph(invoice.pixels, np.random.default_rng(5), 0.01, 1, margin=0.3).image
    for line in range(3):
        place = (20, 60 + 60 * line)
        cv2.putText(photo, f"Second paper {line}", place, cv2.FONT_HERSHEY_SIMPLEX, 1.2, (250, 250, 250), 3)
    reading = reader.read(photo, PreprocessingSettings())
    assert reading.preprocessing.sheet is None
    assert "Second" in reading.text


def test_a_sheet_is_left_as_it_lies_where_deskewing_is_off(reader: PageReader, invoice: DrawnPage) -> None:
    photo = degrade.photograph(invoice.pixels, np.random.default_rng(5), 0.02, 1, margin=0.25).image
    reading = reader.read(photo, PreprocessingSettings(deskew=False))
    assert reading.preprocessing.sheet is None

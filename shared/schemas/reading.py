"""A page reading as JSON: its schema, and the way there and back."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.readings import Block, BoundingBox, Cell, Line, PageReading, Point, Preprocessing, Word
from shared.schemas.base import JsonSchema
from shared.schemas.many import (
    ManyRecords,
    is_plain_block,
    is_plain_cell,
    is_plain_line,
    is_plain_word,
)

_unit_interval = validate.Range(0, 1)
_count = validate.Range(min=0)


class BoundingBoxSchema(JsonSchema):
    x = fields.Float(required=True, metadata={"description": "Left edge in pixels of the page image."})
    y = fields.Float(required=True, metadata={"description": "Top edge in pixels of the page image."})
    width = fields.Float(required=True, validate=_count)
    height = fields.Float(required=True, validate=_count)


class WordSchema(JsonSchema):
    text = fields.String(required=True)
    confidence = fields.Float(required=True, validate=_unit_interval)
    boundingBox = fields.Nested(BoundingBoxSchema, required=True)


class LineSchema(JsonSchema):
    text = fields.String(required=True)
    confidence = fields.Float(required=True, validate=_unit_interval)
    boundingBox = fields.Nested(BoundingBoxSchema, required=True)
    firstWord = fields.Integer(required=True, validate=_count, metadata={"example": 0})
    wordCount = fields.Integer(required=True, validate=validate.Range(min=1))


class BlockSchema(JsonSchema):
    text = fields.String(required=True)
    confidence = fields.Float(required=True, validate=_unit_interval)
    boundingBox = fields.Nested(BoundingBoxSchema, required=True)
    blockType = fields.String(required=True, validate=validate.OneOf(["text", "table", "image", "signature"]))


class CellSchema(JsonSchema):
    tableIndex = fields.Integer(required=True, validate=_count)
    rowIndex = fields.Integer(required=True, validate=_count)
    columnIndex = fields.Integer(required=True, validate=_count)
    cellText = fields.String(required=True)
    confidence = fields.Float(required=True, validate=_unit_interval)
    boundingBox = fields.Nested(BoundingBoxSchema, required=True)


class OcrResultsSchema(JsonSchema):
    text = fields.String(required=True)
    confidence = fields.Float(required=True, validate=_unit_interval)
    source = fields.String(required=True, validate=validate.OneOf(["textLayer", "ocr", "none"]))
    words = ManyRecords(fields.Nested(WordSchema), is_plain_word, required=True)
    lines = ManyRecords(fields.Nested(LineSchema), is_plain_line, required=True)
    blocks = ManyRecords(fields.Nested(BlockSchema), is_plain_block, required=True)

    @validates_schema
    def _lines_hold_words(self, data: dict[str, Any], **_: Any) -> None:
        count = len(data["words"])
        if any(line["firstWord"] + line["wordCount"] > count for line in data["lines"]):
            raise ValidationError("A line holds words that do not exist.", "lines")


class PreprocessingSchema(JsonSchema):
    enhanced = fields.Boolean(required=True)
    deskewed = fields.Boolean(required=True)
    denoised = fields.Boolean(required=True)
    binarized = fields.Boolean(required=True)
    rotationAngle = fields.Float(
        required=True, metadata={"description": "Degrees counter-clockwise to upright."}
    )
    sheet = fields.List(
        fields.List(fields.Float(), validate=validate.Length(equal=2)),
        validate=validate.Length(equal=4),
        metadata={
            "description": "Corners (x, y) of the sheet found on a photo and made flat before it was read, "
            "clockwise from the top left.",
            "example": [[112.5, 80.0], [1480.2, 95.4], [1502.8, 2075.1], [96.3, 2060.7]],
        },
    )


class PageReadingSchema(JsonSchema):
    """What an engine reports for one page."""

    width = fields.Integer(required=True, validate=_count)
    height = fields.Integer(required=True, validate=_count)
    ocrResults = fields.Nested(OcrResultsSchema, required=True)
    tableData = ManyRecords(fields.Nested(CellSchema), is_plain_cell, required=True)
    preprocessing = fields.Nested(PreprocessingSchema, required=True)
    qualityScore = fields.Float(required=True, validate=_unit_interval)


def reading_to_json(reading: PageReading) -> dict[str, Any]:
    """`reading` in the shape of `PageReadingSchema`, which is also the page record's."""
    words: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for line in reading.lines:
        lines.append(
            {
                "text": line.text,
                "confidence": round(line.confidence, 4),
                "boundingBox": box_to_json(line.box),
                "firstWord": len(words),
                "wordCount": len(line.words),
            }
        )
        words += [_word_to_json(word) for word in line.words]
    return {
        "width": reading.width,
        "height": reading.height,
        "ocrResults": {
            "text": reading.text,
            "confidence": round(reading.confidence, 4),
            "source": reading.source,
            "words": words,
            "lines": lines,
            "blocks": [_block_to_json(block) for block in reading.blocks],
        },
        "tableData": [_cell_to_json(cell) for cell in reading.cells],
        "preprocessing": _preprocessing_to_json(reading.preprocessing),
        "qualityScore": round(reading.quality_score, 4),
    }


def reading_from_json(data: dict[str, Any]) -> PageReading:
    """The reading that `reading_to_json` wrote; `data` has passed `PageReadingSchema`."""
    ocr = data["ocrResults"]
    words = [
        Word(word["text"], word["confidence"], box_from_json(word["boundingBox"])) for word in ocr["words"]
    ]
    done = data["preprocessing"]
    return PageReading(
        width=data["width"],
        height=data["height"],
        lines=tuple(
            Line(tuple(words[line["firstWord"] : line["firstWord"] + line["wordCount"]]))
            for line in ocr["lines"]
        ),
        blocks=tuple(
            Block(block["text"], block["confidence"], box_from_json(block["boundingBox"]), block["blockType"])
            for block in ocr["blocks"]
        ),
        cells=tuple(
            Cell(
                cell["tableIndex"],
                cell["rowIndex"],
                cell["columnIndex"],
                cell["cellText"],
                cell["confidence"],
                box_from_json(cell["boundingBox"]),
            )
            for cell in data["tableData"]
        ),
        source=ocr["source"],
        preprocessing=Preprocessing(
            enhanced=done["enhanced"],
            deskewed=done["deskewed"],
            denoised=done["denoised"],
            binarized=done["binarized"],
            rotation_angle=done["rotationAngle"],
            sheet=_sheet_from_json(done.get("sheet")),
        ),
        quality_score=data["qualityScore"],
    )


def box_to_json(box: BoundingBox) -> dict[str, float]:
    """Pixels with two decimals: finer than any reading is, and stable between runs."""
    return {
        "x": round(box.x, 2),
        "y": round(box.y, 2),
        "width": round(box.width, 2),
        "height": round(box.height, 2),
    }


def box_from_json(data: dict[str, float]) -> BoundingBox:
    return BoundingBox(data["x"], data["y"], data["width"], data["height"])


def _word_to_json(word: Word) -> dict[str, Any]:
    return {
        "text": word.text,
        "confidence": round(word.confidence, 4),
        "boundingBox": box_to_json(word.box),
    }


def _block_to_json(block: Block) -> dict[str, Any]:
    return {
        "text": block.text,
        "confidence": round(block.confidence, 4),
        "boundingBox": box_to_json(block.box),
        "blockType": block.type,
    }


def _cell_to_json(cell: Cell) -> dict[str, Any]:
    return {
        "tableIndex": cell.table,
        "rowIndex": cell.row,
        "columnIndex": cell.column,
        "cellText": cell.text,
        "confidence": round(cell.confidence, 4),
        "boundingBox": box_to_json(cell.box),
    }


def _preprocessing_to_json(done: Preprocessing) -> dict[str, Any]:
    stored: dict[str, Any] = {
        "enhanced": done.enhanced,
        "deskewed": done.deskewed,
        "denoised": done.denoised,
        "binarized": done.binarized,
        "rotationAngle": round(done.rotation_angle, 3),
    }
    if done.sheet is not None:
        stored["sheet"] = [[round(x, 2), round(y, 2)] for x, y in done.sheet]
    return stored


def _sheet_from_json(corners: list[list[float]] | None) -> tuple[Point, Point, Point, Point] | None:
    if corners is None:
        return None
    first, second, third, fourth = ((x, y) for x, y in corners)
    return first, second, third, fourth

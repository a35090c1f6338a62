"""Pages of a job's document."""

from __future__ import annotations

from marshmallow import fields, validate

from services.gateway.schemas.common import (
    IMAGE_FORMATS,
    PAGE_STATUSES,
    PAGE_TYPES,
    list_envelope,
    record_envelope,
    url_field,
)
from services.gateway.schemas.fields import JsonObject, RecordId, Stored, Timestamp
from shared.schemas.base import JsonSchema
from shared.schemas.produced_by import PageProducedBySchema
from shared.schemas.reading import CellSchema, OcrResultsSchema, PreprocessingSchema
from shared.schemas.strict import Whole
from shared.schemas.template import CoordinatesSchema
from shared.supplier import CORRECTABLE_FIELDS


class ImagePropertiesSchema(JsonSchema):
    width = Whole(validate=validate.Range(min=1), metadata={"description": "Pixels"})
    height = Whole(validate=validate.Range(min=1), metadata={"description": "Pixels"})
    dpi = Whole(validate=validate.Range(min=1))
    colorSpace = fields.String(validate=validate.OneOf(["rgb", "grayscale", "binary"]))
    format = fields.String(validate=validate.OneOf(IMAGE_FORMATS))
    size = Whole(validate=validate.Range(min=0), metadata={"description": "Bytes"})


class AnnotationSchema(JsonSchema):
    type = fields.String(
        required=True, validate=validate.OneOf(["correction", "highlight", "note", "region"])
    )
    text = fields.String(validate=validate.Length(max=20_000))
    field = fields.String(
        validate=validate.OneOf(CORRECTABLE_FIELDS),
        metadata={
            "description": "What a correction is about; left out, it is the field that was read at the "
            "coordinates. The text is the value as it is printed; an empty one says that the document does "
            "not state the field."
        },
    )
    coordinates = fields.Nested(CoordinatesSchema)
    createdBy = fields.String(validate=validate.Length(max=500))
    createdAt = Timestamp()


class PageInputSchema(JsonSchema):
    """What a client sends to create a page; a PUT may leave out what stays as it is."""

    job = RecordId(required=True)
    pageNumber = Whole(required=True, validate=validate.Range(1, 1_000_000))
    pageUrl = url_field(required=True)
    pageType = fields.String(validate=validate.OneOf(PAGE_TYPES))
    imageProperties = fields.Nested(ImagePropertiesSchema)
    annotations = fields.List(fields.Nested(AnnotationSchema), validate=validate.Length(max=1000))
    metadata = JsonObject()


class PageSchema(PageInputSchema):
    """A page as it is stored."""

    _id = RecordId()
    status = fields.String(validate=validate.OneOf(PAGE_STATUSES))
    preprocessing = Stored(PreprocessingSchema)
    ocrResults = Stored(OcrResultsSchema)
    extractedFields = fields.Dict()
    tableData = Stored(CellSchema, many=True)
    processingTime = fields.Float(metadata={"description": "Seconds"})
    startedAt = Timestamp()
    completedAt = Timestamp()
    errorLog = fields.String()
    retryCount = fields.Integer()
    qualityScore = fields.Float(validate=validate.Range(0, 1))
    producedBy = Stored(PageProducedBySchema)
    createdAt = Timestamp()
    updatedAt = Timestamp()


class PageStartedSchema(JsonSchema):
    pageId = RecordId()
    status = fields.String(validate=validate.OneOf(["queued", "processing"]))


PageAnswerSchema = record_envelope("Page", PageSchema)
PageListSchema = list_envelope("Page", PageSchema)
PageStartedAnswerSchema = record_envelope("PageStarted", PageStartedSchema)

"""Jobs: one document each."""

from __future__ import annotations

from marshmallow import fields, validate

from services.gateway.schemas.common import (
    DOCUMENT_FORMATS,
    JOB_STATUSES,
    list_envelope,
    priority_field,
    record_envelope,
    short_text,
    url_field,
)
from services.gateway.schemas.fields import JsonObject, RecordId, Stored, Timestamp
from shared.schemas.base import JsonSchema
from shared.schemas.invoice import ConfidenceSchema, ExtractedDataSchema, ValidationResultsSchema
from shared.schemas.produced_by import ProducedBySchema


class JobInputSchema(JsonSchema):
    """What a client sends to create a job; a PUT may leave out what stays as it is."""

    jobNumber = short_text(required=True)
    documentName = short_text(required=True)
    documentUrl = url_field(required=True)
    documentType = fields.String(validate=validate.OneOf(DOCUMENT_FORMATS))
    template = RecordId(required=True)
    group = RecordId(allow_none=True)
    priority = priority_field()
    createdBy = short_text()
    metadata = JsonObject()


class UploadedJobSchema(JobInputSchema):
    """The fields that come with an uploaded document; without a `jobNumber` one is made."""

    class Meta(JobInputSchema.Meta):
        exclude = ("documentUrl",)

    jobNumber = short_text()
    documentName = short_text()


class JobUpdateSchema(JobInputSchema):
    """A PUT may also correct what was extracted."""

    extractedData = fields.Nested(ExtractedDataSchema)


class ProgressSchema(JsonSchema):
    percentage = fields.Float(validate=validate.Range(0, 100))
    currentStep = fields.String()
    totalSteps = fields.Integer()


class DocumentInfoSchema(JsonSchema):
    pages = fields.Integer()
    size = fields.Integer(metadata={"description": "Bytes"})
    format = fields.String()
    resolution = fields.String(metadata={"example": "300 dpi"})
    language = fields.String()
    sha256 = fields.String()


class JobSchema(JobInputSchema):
    """A job as it is stored."""

    _id = RecordId()
    invoiceId = fields.Integer()
    status = fields.String(validate=validate.OneOf(JOB_STATUSES))
    progress = fields.Nested(ProgressSchema)
    startedAt = Timestamp()
    completedAt = Timestamp()
    processingTime = fields.Float(metadata={"description": "Seconds"})
    documentInfo = fields.Nested(DocumentInfoSchema)
    extractedData = Stored(ExtractedDataSchema)
    confidence = Stored(ConfidenceSchema)
    validationResults = Stored(ValidationResultsSchema)
    producedBy = Stored(ProducedBySchema)
    cost = fields.Float()
    currency = fields.String()
    errorLog = fields.String()
    retryCount = fields.Integer()
    createdAt = Timestamp()
    updatedAt = Timestamp()


class JobStartedSchema(JsonSchema):
    jobId = RecordId()
    status = fields.String(validate=validate.OneOf(["queued", "processing"]))


class JobResultsSchema(JsonSchema):
    extractedData = Stored(ExtractedDataSchema)
    confidence = Stored(ConfidenceSchema)
    validationResults = Stored(ValidationResultsSchema)
    processingTime = fields.Float(metadata={"description": "Seconds"})


JobAnswerSchema = record_envelope("Job", JobSchema)
JobListSchema = list_envelope("Job", JobSchema)
JobStartedAnswerSchema = record_envelope("JobStarted", JobStartedSchema)
JobResultsAnswerSchema = record_envelope("JobResults", JobResultsSchema)

"""Groups: jobs that belong together, such as a batch."""

from __future__ import annotations

from marshmallow import fields, validate

from services.gateway.schemas.common import (
    JOB_STATUSES,
    list_envelope,
    long_text,
    priority_field,
    record_envelope,
    short_text,
)
from services.gateway.schemas.fields import JsonObject, RecordId, Timestamp
from shared.schemas.base import JsonSchema
from shared.schemas.strict import Flag, Whole


class ProcessingSettingsSchema(JsonSchema):
    parallelJobs = Whole(load_default=3, validate=validate.Range(1, 10))
    retryCount = Whole(load_default=2, validate=validate.Range(0, 5))
    timeoutMinutes = Whole(load_default=30, validate=validate.Range(5, 120))


class NotificationsSchema(JsonSchema):
    onCompletion = Flag(load_default=False)
    onFailure = Flag(load_default=True)
    recipients = fields.List(fields.Email(), load_default=list, validate=validate.Length(max=100))


class GroupInputSchema(JsonSchema):
    """What a client sends to create a group; a PUT may leave out what stays as it is."""

    name = short_text(required=True)
    template = RecordId(required=True)
    description = long_text()
    batchNumber = short_text()
    priority = priority_field()
    processingSettings = fields.Nested(ProcessingSettingsSchema)
    notifications = fields.Nested(NotificationsSchema)
    createdBy = short_text()
    assignedTo = short_text()
    tags = fields.List(fields.String(validate=validate.Length(1, 100)), validate=validate.Length(max=100))
    metadata = JsonObject()


class StatisticsSchema(JsonSchema):
    totalDocuments = fields.Integer()
    totalPages = fields.Integer()
    averageProcessingTime = fields.Float(metadata={"description": "Seconds"})
    successRate = fields.Float(validate=validate.Range(0, 1))
    totalCost = fields.Float()
    currency = fields.String()


class GroupSchema(GroupInputSchema):
    """A group as it is shown: counters and statistics come from its jobs."""

    _id = RecordId()
    totalJobs = fields.Integer()
    completedJobs = fields.Integer()
    pendingJobs = fields.Integer()
    failedJobs = fields.Integer()
    status = fields.String(validate=validate.OneOf(JOB_STATUSES))
    startedAt = Timestamp()
    completedAt = Timestamp()
    estimatedCompletionTime = Timestamp()
    statistics = fields.Nested(StatisticsSchema)
    createdAt = Timestamp()
    updatedAt = Timestamp()


class GroupJobSchema(JsonSchema):
    jobId = RecordId()
    status = fields.String(validate=validate.OneOf(JOB_STATUSES))
    documentName = fields.String()


GroupAnswerSchema = record_envelope("Group", GroupSchema)
GroupListSchema = list_envelope("Group", GroupSchema)
GroupJobsSchema = list_envelope("GroupJobs", GroupJobSchema)

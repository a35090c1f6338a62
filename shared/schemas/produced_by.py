"""What made a result: enough to make it again, and to see that it comes out the same."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.schemas.base import JsonSchema

_EXAMPLE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def _digest(description: str) -> fields.String:
    return fields.String(
        validate=validate.Regexp("^[0-9a-f]{64}$"),
        metadata={"description": f"SHA-256 of {description}.", "example": _EXAMPLE},
    )


class EngineIdentitySchema(JsonSchema):
    version = fields.String()
    sha256 = _digest("the engine's source code")


class PageProducedBySchema(JsonSchema):
    """What read a page."""

    engine = fields.Nested(EngineIdentitySchema)
    runtime = fields.String(metadata={"description": "What ran the models."})
    libraries = fields.Dict(
        keys=fields.String(), values=fields.String(), metadata={"description": "Versions by name."}
    )
    models = fields.Dict(keys=fields.String(), values=_digest("the model's weights"))
    template = _digest("the template's settings as JSON, names in order, without blanks")


class ProducedBySchema(PageProducedBySchema):
    """What made the extracted data of a document, and from what."""

    vocabulary = _digest("the list of vocabulary files")
    calibration = _digest("the calibration of confidence")
    readings = _digest("what was read on the pages")
    einvoice = _digest("the e-invoice's XML")
    profiles = _digest("what had been learned of suppliers that the document may be of")
    document = _digest("the document's file")

"""The OpenAPI 3.1 document, built from the declarations that validate requests.

aiohttp-apispec's decorators leave on each handler what they were given; its own document is Swagger 2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from aiohttp import web
from aiohttp_apispec.aiohttp_apispec import resolver
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, fields

from services.gateway.api.documentation import Body
from services.gateway.api.examples import example_of
from services.gateway.api.responses import INVOICES_PREFIX
from services.gateway.auth import is_public, required_scope
from services.gateway.schemas.common import ErrorSchema
from services.gateway.schemas.invoices import InvoiceErrorSchema

DESCRIPTION = """Invoices in, checked data out.

Send your API key in the header `api-key`, or as a Bearer token. A key has scopes: `read` for every GET,
`write` for every change, `admin` for the API keys themselves. Times are UTC in ISO 8601.
"""
JSON = "application/json"

# What every operation that needs a key may answer, with an example of the sentence.
_COMMON_ERRORS = {
    401: ("The key is missing, not valid, revoked or expired.", "The API key is not valid."),
    403: (
        "The key does not have the scope that is needed.",
        "This API key does not have the scope 'write', which this request needs.",
    ),
    429: (
        "The key has used up its requests of this minute.",
        "This API key may call 60000 times a minute; please try again in 12 seconds.",
    ),
    503: (
        "A part that is needed does not answer now.",
        "The database does not answer; please try again shortly.",
    ),
}
_BODY_ERRORS = {
    400: ("The request is not valid.", "jobNumber: Missing data for required field."),
    413: ("The body is too large.", "The request's body is too large."),
    415: (
        "The body is not of a type that is taken here.",
        "The body must be JSON (Content-Type: application/json), not text/plain.",
    ),
}
_SENTENCES = {
    400: "id: Not a valid id: 24 hexadecimal characters are expected.",
    404: "OCR invoice job not found.",
    409: "A job with the number '2026-0815' exists already.",
    412: "The record was changed since you read it; please read it again.",
    **{
        status: sentence for status, (_, sentence) in (_COMMON_ERRORS | _BODY_ERRORS).items() if status != 400
    },
}
_INVOICE_SENTENCES = _SENTENCES | {
    400: "Invoice id must be an integer.",
    401: "Token not found.",
    404: "Record not found.",
}
_LOCATIONS = {
    "match_info": "path",
    "path": "path",
    "querystring": "query",
    "query": "query",
    "headers": "header",
}
_FILE = {"type": "string", "format": "binary", "minLength": 1}
_PATH_PARAMETERS = {"invoiceId": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}}
_RATE_HEADERS = {
    "RateLimit-Limit": "Requests that the key may make in a minute; absent without a limit.",
    "RateLimit-Remaining": "What is left of them.",
    "RateLimit-Reset": "Seconds until the minute is over.",
}


def openapi_document(app: web.Application, title: str, version: str) -> dict[str, Any]:
    """The document of all handlers in `app` that are documented; call it when all routes are added."""
    plugin = MarshmallowPlugin(schema_name_resolver=resolver)
    spec = APISpec(
        title=title,
        version=version,
        openapi_version="3.1.0",
        plugins=[plugin],
        info={"description": DESCRIPTION},
        servers=[{"url": "/"}],
    )
    spec.components.security_scheme("apiKey", {"type": "apiKey", "in": "header", "name": "api-key"})
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    converter = cast(OpenAPIConverter, plugin.converter)  # made when the document took the plugin in
    for method, path, handler in _documented_routes(app):
        spec.path(path=path, operations={method.lower(): _operation(converter, method, path, handler)})
    document: dict[str, Any] = spec.to_dict()
    return document


def _documented_routes(app: web.Application) -> Iterator[tuple[str, str, Any]]:
    for route in app.router.routes():
        if route.resource is not None and route.method != "HEAD" and hasattr(route.handler, "__apispec__"):
            yield route.method, route.resource.canonical, route.handler


def _operation(converter: OpenAPIConverter, method: str, path: str, handler: Any) -> dict[str, Any]:
    declared = handler.__apispec__
    operation: dict[str, Any] = {
        "operationId": handler.__name__,
        "tags": declared["tags"],
        "summary": declared["summary"],
        "parameters": _parameters(converter, path, handler.__schemas__),
    }
    description = declared.get("description") or (handler.__doc__ or "").strip()
    if description:
        operation["description"] = description
    body = _request_body(handler.__schemas__, getattr(handler, "__bodies__", ()))
    if body:
        operation["requestBody"] = body
    operation["responses"] = _responses(path, declared["responses"], body is not None)
    if is_public(path):
        operation["security"] = []
    else:
        scope = required_scope(method, path)
        operation["security"] = [{"apiKey": [scope]}, {"bearer": [scope]}]
    return operation


def _parameters(
    converter: OpenAPIConverter, path: str, schemas: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = []
    for declared in schemas:
        if declared["location"] in _LOCATIONS:
            location = _LOCATIONS[declared["location"]]
            parameters += converter.schema2parameters(declared["schema"], location=location)
    known = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
    for name in re.findall(r"\{(\w+)\}", path):
        if name not in known:
            schema = _PATH_PARAMETERS.get(name, {"type": "string"})
            parameters.append({"name": name, "in": "path", "required": True, "schema": schema})
    return parameters


def _request_body(schemas: list[dict[str, Any]], bodies: tuple[Body, ...]) -> dict[str, Any] | None:
    content = {}
    for declared in schemas:
        if declared["location"] == "json":
            content[JSON] = {"schema": declared["schema"], "example": example_of(declared["schema"])}
    content |= {body.content_type: _media_type(body) for body in bodies}
    return {"required": True, "content": content} if content else None


def _media_type(body: Body) -> dict[str, Any]:
    if not body.schemas:
        return {"schema": _FILE}
    if body.file_part is None:
        schema = {"type": "object", "minProperties": 1, "anyOf": list(body.schemas)}
        return {"schema": schema, "example": example_of(body.schemas[0])}
    (form,) = body.schemas
    file = fields.Raw(required=True, metadata={**_FILE, "example": "(the file)"})
    with_file = type(f"{form.__name__.removesuffix('Schema')}Form", (form,), {body.file_part: file})
    return {"schema": with_file, "example": example_of(with_file)}


def _responses(path: str, declared: dict[Any, dict[str, Any]], has_body: bool) -> dict[str, Any]:
    all_of_them = {int(status): response for status, response in declared.items()}
    if not is_public(path):
        every = _COMMON_ERRORS | (_BODY_ERRORS if has_body else {})
        for status, (description, _) in every.items():
            all_of_them.setdefault(status, {"description": description})
    return {str(status): _response(path, status, all_of_them[status]) for status in sorted(all_of_them)}


def _response(path: str, status: int, declared: dict[str, Any]) -> dict[str, Any]:
    response: dict[str, Any] = {"description": declared["description"]}
    schema = declared.get("schema")
    if status >= 400 and not is_public(path):
        schema = InvoiceErrorSchema if path.startswith(INVOICES_PREFIX) else ErrorSchema
    if "examples" in declared:
        response["content"] = {
            content_type: {"schema": {"type": "string"}, "example": example}
            for content_type, example in declared["examples"].items()
        }
    elif schema is not None:
        response["content"] = {JSON: {"schema": schema, "example": _example(path, status, declared, schema)}}
    if not is_public(path):
        response["headers"] = _headers(status)
    return response


def _example(path: str, status: int, declared: dict[str, Any], schema: type[Schema]) -> Any:
    if schema is InvoiceErrorSchema:
        message = _INVOICE_SENTENCES.get(status, declared["description"])
        return {"status": "Error", "msg": message, "result": None}
    if schema is not ErrorSchema:
        return example_of(schema)
    message = _SENTENCES.get(status, declared["description"])
    error: dict[str, Any] = {"success": False, "message": message}
    field, _, reason = message.partition(": ")
    if status == 400:
        error["errors"] = {field: [reason]}
    return error


def _headers(status: int) -> dict[str, Any]:
    # Whoever has no valid key has no limit of its own.
    described = {} if status == 401 else dict(_RATE_HEADERS)
    if status in (429, 503):
        described["Retry-After"] = "Seconds to wait before trying again."
    return {
        name: {"description": description, "schema": {"type": "integer", "minimum": 0}}
        for name, description in described.items()
    }

"""Decorators that validate a request and document the operation, in one declaration each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp_apispec import docs, json_schema, match_info_schema, querystring_schema
from marshmallow import Schema, fields

from services.gateway.api.conditions import FieldCatalogue
from services.gateway.api.responses import Handler
from services.gateway.schemas.common import DeletedSchema, ErrorSchema, ListQuerySchema, RecordPathSchema

Decorator = Callable[[Handler], Handler]

_ERRORS = {
    400: "The request is not valid.",
    401: "The API key is missing, not valid, revoked or expired.",
    403: "The API key does not have the scope that is needed.",
    404: "There is no such record.",
    409: "The record's state does not allow this, or a value is taken.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    429: "Too many requests.",
    503: "A part that is needed does not answer.",
}


@dataclass(frozen=True, slots=True)
class Body:
    """A request body that a handler reads by itself: it fits one of `schemas`.

    Without a schema it is a file's bytes. With `file_part` it is a form, of one schema, with a file in the
    part of that name.
    """

    content_type: str
    schemas: tuple[type[Schema], ...] = ()
    file_part: str | None = None


def operation(
    tag: str,
    summary: str,
    answer: type[Schema],
    *,
    status: int = 200,
    errors: tuple[int, ...] = (400, 401, 404),
    body: Schema | type[Schema] | None = None,
    has_id: bool = False,
    listed: FieldCatalogue | None = None,
) -> Decorator:
    """Document a handler, and have its path id, list parameters and JSON body validated before it runs.

    Validated parts lie in `request["match_info"]`, `request["querystring"]` and `request["json"]`.
    """
    responses: dict[int, dict[str, Any]] = {status: {"schema": answer, "description": "Success"}}
    for code in (*errors, 403, 429, 503):
        responses[code] = {"schema": ErrorSchema, "description": _ERRORS[code]}

    def decorate(handler: Handler) -> Handler:
        if body is not None:
            handler = json_schema(body)(handler)
        if listed is not None:
            handler = querystring_schema(_list_query_schema(listed))(handler)
        if has_id:
            handler = match_info_schema(RecordPathSchema)(handler)
        documented: Handler = docs(tags=[tag], summary=summary, responses=responses)(handler)
        return documented

    return decorate


def documented(tag: str, summary: str, responses: dict[int, dict[str, Any]]) -> Decorator:
    """Document a handler that reads its request by itself."""
    decorate: Decorator = docs(tags=[tag], summary=summary, responses=responses)
    return decorate


def takes(*bodies: Body) -> Decorator:
    """Document the bodies that a handler, or a middleware before it, reads by itself."""

    def decorate(handler: Handler) -> Handler:
        handler.__bodies__ = bodies  # type: ignore[attr-defined]  # a note for api/openapi.py
        return handler

    return decorate


def creates(tag: str, summary: str, body: type[Schema], answer: type[Schema]) -> Decorator:
    return operation(tag, summary, answer, status=201, errors=(400, 401, 409, 413, 415), body=body)


def lists(tag: str, summary: str, answer: type[Schema], catalogue: FieldCatalogue) -> Decorator:
    return operation(tag, summary, answer, errors=(400, 401), listed=catalogue)


def _list_query_schema(catalogue: FieldCatalogue) -> type[Schema]:
    """The list parameters, with the fields that this list can be sorted by."""
    described = {
        "description": "Field to sort by; createdAt when left out.",
        "enum": list(catalogue.sortable),
    }
    return type("SortedListQuerySchema", (ListQuerySchema,), {"sort": fields.String(metadata=described)})


def reads(tag: str, summary: str, answer: type[Schema]) -> Decorator:
    return operation(tag, summary, answer, has_id=True)


def updates(tag: str, summary: str, body: type[Schema], answer: type[Schema]) -> Decorator:
    """A PUT: what the body leaves out stays as it is; what is nested in it is whole."""
    partial = body(partial=tuple(body().fields))
    return operation(tag, summary, answer, errors=(400, 401, 404, 409, 413, 415), body=partial, has_id=True)


def deletes(tag: str, summary: str) -> Decorator:
    return operation(tag, summary, DeletedSchema, errors=(400, 401, 404, 409), has_id=True)


def acts(tag: str, summary: str, answer: type[Schema]) -> Decorator:
    """A POST that changes the record's state and takes no body."""
    return operation(tag, summary, answer, errors=(400, 401, 404, 409), has_id=True)

"""Reading requests: strict JSON through aiohttp-apispec's decorators, faults in the contract's form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from aiohttp import web
from marshmallow import Schema, ValidationError
from webargs.aiohttpparser import AIOHTTPParser

from services.gateway.api.conditions import FieldCatalogue, parse_filter
from services.gateway.api.cursors import read_cursor
from services.gateway.api.json_text import parse_json
from services.gateway.api.responses import first_fault
from services.gateway.errors import BadRequest, UnsupportedMediaType
from services.gateway.store.lists import ListQuery, all_of
from services.gateway.store.search import search_condition


class RequestParser(AIOHTTPParser):
    """Takes JSON only as JSON, and raises the gateway's own errors."""

    async def load_json(self, req: web.Request, schema: Schema) -> Any:
        if req.body_exists and req.content_type != "application/json":
            raise UnsupportedMediaType(
                f"The body must be JSON (Content-Type: application/json), not {req.content_type}."
            )
        if not await req.read():
            raise BadRequest("The body is empty; a JSON object is expected.")
        return await read_json(req)

    def handle_error(
        self,
        error: ValidationError,
        req: web.Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        # webargs nests the messages under the location; clients look for field names.
        location, faults = next(iter(_faults(error).items()))
        named = faults if isinstance(faults, dict) else {location: faults}
        raise BadRequest(first_fault(named), named) from error


async def read_json(request: web.Request) -> dict[str, Any]:
    """The body as a JSON object; raises BadRequest for anything else."""
    body = await request.read()
    if not body:
        return {}
    try:
        data = parse_json(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadRequest("The body is not valid UTF-8.") from None
    except ValueError as error:
        raise BadRequest(f"The body is not valid JSON: {error}.") from None
    if not isinstance(data, dict):
        raise BadRequest("The body must be a JSON object.")
    return data


def loaded(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a handler that reads its body by itself was sent; raises BadRequest with the fields at fault."""
    try:
        fields: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        faults = _faults(error)
        raise BadRequest(first_fault(faults), faults) from error
    return fields


def _faults(error: ValidationError) -> dict[str, Any]:
    faults: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow's own
    return faults


def list_query(parameters: Mapping[str, Any], catalogue: FieldCatalogue) -> ListQuery:
    """What the list parameters ask for; raises BadRequest when they ask for what is not allowed."""
    conditions = parse_filter(parameters["filter"], catalogue) if parameters.get("filter") else {}
    sort, descending = parameters.get("sort") or "createdAt", parameters["order"] == "desc"
    catalogue.check_sortable(sort)
    after = None
    if parameters.get("cursor"):
        if parameters["offset"]:
            raise BadRequest(
                "offset: It can't be given with a cursor.", {"offset": ["It can't be given with a cursor."]}
            )
        after = read_cursor(parameters["cursor"], sort, descending, catalogue)
    return ListQuery(
        conditions=all_of(conditions, search_condition(parameters.get("search") or "")),
        sort=sort,
        descending=descending,
        limit=parameters["limit"],
        offset=parameters["offset"],
        after=after,
    )

"""Hooks of Schemathesis: what JSON Schema can't say of a valid request, such as that a template exists.

They leave alone what was made invalid on purpose.
"""

from __future__ import annotations

import json
import os
from typing import Any

import schemathesis

from services.gateway.api.jobs import DOCUMENT_TYPES

RECORD_IDS: dict[str, str] = json.loads(os.environ["RECORD_IDS"])
URL = "https://example.com/a"
KNOWN_GOOD: dict[str, Any] = {
    **RECORD_IDS,
    "documentUrl": URL,
    "pageUrl": URL,
    "expiresAt": "2999-01-01T00:00:00Z",
    "data": "JVBERi0xLjcK",
}
# JSON Schema can't bound the numbers that are somewhere in an object.
FREE_FORM: dict[str, Any] = {
    "metadata": {"source": "test"},
    "custom": {"costCentre": "4711"},
    "supplier_info": {"name": "Example"},
    "ship_to": {"name": "Example"},
    "bill_to": {"name": "Example"},
    "invoice_items": [{"description": "Example"}],
}


@schemathesis.hook
def before_call(
    context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]
) -> None:
    """References lead to records, keys expire in the future, filters are JSON; no cursor is made up.

    What is referred to is not deleted.
    """
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if case.method == "POST" and case.path == "/ocr-invoice-job" and case.media_type in DOCUMENT_TYPES:
        case.query = {"template": RECORD_IDS["template"]}
    if isinstance(case.body, dict):
        case.body = _with_known_good(case.body)
        # A changed body is checked anew, and a form's file in bytes is then no string.
        if case.media_type == "multipart/form-data":
            case.body["file"] = "(the file)"
    if case.method == "DELETE" and case.path_parameters.get("id") in RECORD_IDS.values():
        case.path_parameters["id"] = "0" * 24
    query = case.query or {}
    query.pop("cursor", None)
    if "filter" in query:
        query["filter"] = '{"createdAt": {"$gte": "2026-01-01T00:00:00Z"}}'


def _with_known_good(body: dict[str, Any]) -> dict[str, Any]:
    """`body` with known good values in place of its own; free-form objects wherever they are."""
    return {
        name: KNOWN_GOOD.get(name) or FREE_FORM.get(name) or _without_free_form(value)
        for name, value in body.items()
    }


def _without_free_form(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: FREE_FORM.get(name) or _without_free_form(inner) for name, inner in value.items()}

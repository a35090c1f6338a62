"""Hooks of Schemathesis: what JSON Schema can't say of a valid request, such as that a template exists.

They leave alone what was made invalid on purpose.
"""

from __future__ import annotations

import json
import os
from typing import Any

import schemathesis

RECORD_IDS: dict[str, str] = json.loads(os.environ["RECORD_IDS"])
URL = "https://example.com/a"
KNOWN_GOOD: dict[str, Any] = {
    **RECORD_IDS,
    "documentUrl": URL,
    "pageUrl": URL,
    "expiresAt": "2999-01-01T00:00:00Z",
    "metadata": {"source": "test"},
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
    if isinstance(case.body, dict):
        case.body = case.body | {name: KNOWN_GOOD[name] for name in KNOWN_GOOD.keys() & case.body.keys()}
    if case.method == "DELETE" and case.path_parameters.get("id") in RECORD_IDS.values():
        case.path_parameters["id"] = "0" * 24
    query = case.query or {}
    query.pop("cursor", None)
    if "filter" in query:
        query["filter"] = '{"createdAt": {"$gte": "2026-01-01T00:00:00Z"}}'

"""`ETag`, `If-Match` and `If-None-Match`: no lost updates, and no record sent twice for nothing.

A tag is `"<revision>-<digest>"`. The digest is of the answer, so a record with fields that are derived from
others has a new tag when those change; a PUT compares only the revision, which its own changes count up.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from services.gateway.store.database import Document

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_TAG = re.compile(r'(W/)?"([^"]*)"')
_REVISION = re.compile(r"([0-9]{1,18})-[0-9a-f]{16}")


def set_entity_tag(response: web.Response, record: Document) -> None:
    """Give the answer the strong tag of its content."""
    if "revision" in record and isinstance(response.body, bytes):
        digest = hashlib.sha256(response.body).hexdigest()[:16]
        response.headers["ETag"] = f'"{record["revision"]}-{digest}"'


def expected_revision(request: web.Request) -> Document | None:
    """The state, in MongoDB's language, that `If-Match` asks of the record; None for any state."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    revisions = [
        int(known.group(1))
        for weak, tag in _TAG.findall(header)
        if not weak and (known := _REVISION.fullmatch(tag))
    ]
    return {"revision": {"$in": revisions}}


@web.middleware
async def not_modified_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers 304 without a body when the client has the record as it is."""
    response = await handler(request)
    header = request.headers.get("If-None-Match")
    tag = response.headers.get("ETag")
    if request.method not in ("GET", "HEAD") or header is None or tag is None or response.status != 200:
        return response
    # RFC 9110, 13.1.2: compared weakly.
    if header.strip() == "*" or tag[1:-1] in [known for _, known in _TAG.findall(header)]:
        return web.Response(status=304, headers={"ETag": tag})
    return response

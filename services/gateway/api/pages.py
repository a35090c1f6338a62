"""`/ocr-invoice-job-page`"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from services.gateway.api.conditions import FieldCatalogue
from services.gateway.api.documentation import acts, creates, deletes, lists, reads, updates
from services.gateway.api.requests import list_query
from services.gateway.api.responses import deleted_response, list_response, record_response
from services.gateway.api.revisions import expected_revision
from services.gateway.app_keys import CALLER, LINKS, PAGE_SUBMISSION, RECORDS
from services.gateway.errors import StateConflict
from services.gateway.links import Links
from services.gateway.pipeline.references import check_references
from services.gateway.schemas.pages import (
    PageAnswerSchema,
    PageInputSchema,
    PageListSchema,
    PageSchema,
    PageStartedAnswerSchema,
    PageStartedSchema,
)

TAG = "Pages"
LABEL = "OCR invoice job page"
_SCHEMA = PageSchema()
_CATALOGUE = FieldCatalogue(PageSchema, hidden=frozenset({"pageUrl"}))

routes = web.RouteTableDef()


@routes.get("/ocr-invoice-job-page")
@lists(TAG, "List pages", PageListSchema, _CATALOGUE)
async def list_pages(request: web.Request) -> web.Response:
    query = list_query(request["querystring"], _CATALOGUE)
    page = await request.app[RECORDS].pages.list(request[CALLER].tenant, query)
    return list_response(_SCHEMA, query, page, [_shown(request.app[LINKS], one) for one in page.records])


@routes.post("/ocr-invoice-job-page")
@creates(TAG, "Create a page", PageInputSchema, PageAnswerSchema)
async def create_page(request: web.Request) -> web.Response:
    records, tenant, data = request.app[RECORDS], request[CALLER].tenant, request["json"]
    await check_references(records, tenant, data)
    page = await request.app[PAGE_SUBMISSION].add(tenant, data)
    return record_response(_SCHEMA, _shown(request.app[LINKS], page), 201)


@routes.get("/ocr-invoice-job-page/{id}")
@reads(TAG, "Get a page", PageAnswerSchema)
async def get_page(request: web.Request) -> web.Response:
    page = await request.app[RECORDS].pages.get(request[CALLER].tenant, request["match_info"]["id"])
    return record_response(_SCHEMA, _shown(request.app[LINKS], page))


@routes.put("/ocr-invoice-job-page/{id}")
@updates(TAG, "Update a page", PageInputSchema, PageAnswerSchema)
async def update_page(request: web.Request) -> web.Response:
    records, tenant, page_id = request.app[RECORDS], request[CALLER].tenant, request["match_info"]["id"]
    page = await records.pages.get(tenant, page_id)
    changes = _changes(request.app[LINKS], page, request["json"])
    updated = await request.app[PAGE_SUBMISSION].update(tenant, page_id, changes, expected_revision(request))
    return record_response(_SCHEMA, _shown(request.app[LINKS], updated))


@routes.delete("/ocr-invoice-job-page/{id}")
@deletes(TAG, "Delete a page")
async def delete_page(request: web.Request) -> web.Response:
    await request.app[PAGE_SUBMISSION].delete(request[CALLER].tenant, request["match_info"]["id"])
    return deleted_response(LABEL)


@routes.post("/ocr-invoice-job-page/{id}/process")
@acts(TAG, "Read a page again", PageStartedAnswerSchema)
async def process_page(request: web.Request) -> web.Response:
    page = await request.app[PAGE_SUBMISSION].process(request[CALLER].tenant, request["match_info"]["id"])
    status = "processing" if page["status"] == "processing" else "queued"
    return record_response(PageStartedSchema(), {"pageId": page["_id"], "status": status})


def _shown(links: Links, page: dict[str, Any]) -> dict[str, Any]:
    """The record with the link to its image, where the gateway keeps that."""
    if page.get("fileAttempt") is None:
        return page
    return page | {"pageUrl": links.page_url(page)}


def _changes(links: Links, page: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """What a PUT changes: never job or number, and a link of ours that comes back is no change."""
    changes = dict(data)
    for name in ("job", "pageNumber"):
        if changes.pop(name, page[name]) != page[name]:
            raise StateConflict(f"A page can't change its {name}; create another page instead.")
    if "pageUrl" in changes:
        if links.is_own(changes["pageUrl"]):
            del changes["pageUrl"]
        elif page.get("fileAttempt") is not None:
            changes |= {"fileAttempt": None, "hasTextLayer": False, "origin": "client"}
    return changes

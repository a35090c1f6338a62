"""`/supplier-profile`: the tenant's suppliers, and what their invoices and corrections have taught."""

from __future__ import annotations

from aiohttp import web

from services.gateway.api.conditions import FieldCatalogue
from services.gateway.api.documentation import deletes, lists, reads
from services.gateway.api.requests import list_query
from services.gateway.api.responses import deleted_response, list_response, record_response
from services.gateway.app_keys import CALLER, RECORDS
from services.gateway.schemas.suppliers import (
    SupplierProfileAnswerSchema,
    SupplierProfileListSchema,
    SupplierProfileSchema,
)

TAG = "Supplier profiles"
LABEL = "Supplier profile"
_SCHEMA = SupplierProfileSchema()
_CATALOGUE = FieldCatalogue(SupplierProfileSchema)

routes = web.RouteTableDef()


@routes.get("/supplier-profile")
@lists(TAG, "List supplier profiles", SupplierProfileListSchema, _CATALOGUE)
async def list_supplier_profiles(request: web.Request) -> web.Response:
    query = list_query(request["querystring"], _CATALOGUE)
    page = await request.app[RECORDS].suppliers.list(request[CALLER].tenant, query)
    return list_response(_SCHEMA, query, page, page.records)


@routes.get("/supplier-profile/{id}")
@reads(TAG, "Get a supplier profile", SupplierProfileAnswerSchema)
async def get_supplier_profile(request: web.Request) -> web.Response:
    profile = await request.app[RECORDS].suppliers.get(request[CALLER].tenant, request["match_info"]["id"])
    return record_response(_SCHEMA, profile)


@routes.delete("/supplier-profile/{id}")
@deletes(TAG, "Forget a supplier")
async def delete_supplier_profile(request: web.Request) -> web.Response:
    """Forgets the known accounts and all that corrections have taught; jobs stay as they are."""
    await request.app[RECORDS].suppliers.delete(request[CALLER].tenant, request["match_info"]["id"])
    return deleted_response(LABEL)

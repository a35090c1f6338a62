"""Typed keys of what the application and requests carry."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from bson import ObjectId

from services.gateway.links import Links
from services.gateway.pipeline.intake import Intake
from services.gateway.pipeline.reaper import Reaper
from services.gateway.pipeline.submit import Submission
from services.gateway.pipeline.submit_pages import PageSubmission
from services.gateway.settings import Settings
from services.gateway.store.api_keys import ApiKey, ApiKeys
from services.gateway.store.blobs import BlobStore
from services.gateway.store.database import Database
from services.gateway.store.idempotency import IdempotencyKeys
from services.gateway.store.job_events import JobEvents
from services.gateway.store.rate_limits import Allowance, RateLimits
from services.gateway.store.records import Records
from services.gateway.store.removals import FileRemovals
from shared.broker import Broker
from shared.supervision import Supervisor

SETTINGS: web.AppKey[Settings] = web.AppKey("settings", Settings)
DATABASE: web.AppKey[Database] = web.AppKey("database", Database)
BROKER: web.AppKey[Broker] = web.AppKey("broker", Broker)
RECORDS: web.AppKey[Records] = web.AppKey("records", Records)
BLOBS: web.AppKey[BlobStore] = web.AppKey("blobs", BlobStore)
API_KEYS: web.AppKey[ApiKeys] = web.AppKey("api_keys", ApiKeys)
INTAKE: web.AppKey[Intake] = web.AppKey("intake", Intake)
IDEMPOTENCY_KEYS: web.AppKey[IdempotencyKeys] = web.AppKey("idempotency_keys", IdempotencyKeys)
REMOVALS: web.AppKey[FileRemovals] = web.AppKey("removals", FileRemovals)
JOB_EVENTS: web.AppKey[JobEvents] = web.AppKey("job_events", JobEvents)
RATE_LIMITS: web.AppKey[RateLimits] = web.AppKey("rate_limits", RateLimits)
OPENAPI: web.AppKey[dict[str, Any]] = web.AppKey("openapi", dict)
LINKS: web.AppKey[Links] = web.AppKey("links", Links)
SUBMISSION: web.AppKey[Submission] = web.AppKey("submission", Submission)
PAGE_SUBMISSION: web.AppKey[PageSubmission] = web.AppKey("page_submission", PageSubmission)
STOPPING: web.AppKey[asyncio.Event] = web.AppKey("stopping", asyncio.Event)
REAPER: web.AppKey[Reaper] = web.AppKey("reaper", Reaper)
SUPERVISOR: web.AppKey[Supervisor] = web.AppKey("supervisor", Supervisor)

RECORD_ID: web.RequestKey[ObjectId] = web.RequestKey("record_id", ObjectId)
CALLER: web.RequestKey[ApiKey] = web.RequestKey("caller", ApiKey)
ALLOWANCE: web.RequestKey[Allowance] = web.RequestKey("allowance", Allowance)

"""The gateway's composition root: builds every part from the settings and wires them together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import web
from aiohttp_apispec import setup_aiohttp_apispec, validation_middleware

from services.gateway import app_keys, auth
from services.gateway.api import (
    api_keys,
    files,
    groups,
    health,
    idempotency,
    invoices,
    job_events,
    jobs,
    pages,
    reference,
    revisions,
    suppliers,
    templates,
    uploads,
)
from services.gateway.api.openapi import openapi_document
from services.gateway.api.requests import RequestParser
from services.gateway.api.responses import error_middleware
from services.gateway.links import Links
from services.gateway.pipeline.commands import Commands
from services.gateway.pipeline.dispatch import Dispatch
from services.gateway.pipeline.duplicates import Duplicates
from services.gateway.pipeline.endings import Endings
from services.gateway.pipeline.findings import Findings
from services.gateway.pipeline.housekeeping import Cleaner, Starter
from services.gateway.pipeline.intake import Intake
from services.gateway.pipeline.lessons import Lessons
from services.gateway.pipeline.mailer import Mailer
from services.gateway.pipeline.notices import Notices
from services.gateway.pipeline.progress import Progress
from services.gateway.pipeline.reaper import Reaper
from services.gateway.pipeline.rechecks import Rechecks
from services.gateway.pipeline.relay import OutboxRelay
from services.gateway.pipeline.results import Results
from services.gateway.pipeline.submit import Submission
from services.gateway.pipeline.submit_pages import PageSubmission
from services.gateway.pipeline.suppliers import SupplierHistory
from services.gateway.pipeline.tasks import TaskWriter
from services.gateway.settings import Settings
from services.gateway.store.api_keys import ApiKeys
from services.gateway.store.blobs import BlobStore
from services.gateway.store.database import Database
from services.gateway.store.idempotency import IdempotencyKeys
from services.gateway.store.job_events import JobEvents
from services.gateway.store.mails import Mails
from services.gateway.store.outbox import Outbox
from services.gateway.store.rate_limits import RateLimits
from services.gateway.store.records import Records
from services.gateway.store.removals import FileRemovals
from services.gateway.store.turns import Turns
from shared.broker import Broker
from shared.supervision import Supervisor
from shared.topology import COMMANDS_QUEUE, DEAD_TASKS_QUEUE, RESULTS_QUEUE

DEFAULT_TENANT = "default"
TITLE, API_VERSION = "LedgerLens", "1"


def create_app(settings: Settings) -> web.Application:
    """The application; its connections open when it starts and close when it stops."""
    app = web.Application(
        middlewares=[
            error_middleware,
            files.signature_middleware,
            auth.auth_middleware,
            revisions.not_modified_middleware,
            uploads.upload_middleware,
            idempotency.idempotency_middleware,
            validation_middleware,
        ],
        client_max_size=settings.max_body_bytes,
    )
    app[app_keys.SETTINGS] = settings
    app[app_keys.LINKS] = Links(settings.secret_key, settings.public_url)
    app[app_keys.STOPPING] = asyncio.Event()
    app.on_shutdown.append(_end_streams)
    for module in (
        jobs,
        job_events,
        pages,
        groups,
        templates,
        suppliers,
        invoices,
        api_keys,
        files,
        health,
        reference,
    ):
        app.add_routes(module.routes)
    _document(app)
    app.on_response_prepare.append(auth.add_rate_headers)
    app.cleanup_ctx.extend([_store, _broker, _pipeline])
    return app


def _document(app: web.Application) -> None:
    app[app_keys.OPENAPI] = openapi_document(app, TITLE, API_VERSION)
    setup_aiohttp_apispec(
        app,
        title=TITLE,
        version=API_VERSION,
        url="/api/docs/swagger.json",
        swagger_path="/api/docs",
        in_place=True,
    )
    # The decorators' schemas are read by this parser, which answers as the contract says.
    app["_apispec_parser"] = RequestParser()


async def _end_streams(app: web.Application) -> None:
    """Answers without an end must not hold up the stop."""
    app[app_keys.STOPPING].set()
    app[app_keys.JOB_EVENTS].wake()


async def _store(app: web.Application) -> AsyncIterator[None]:
    settings = app[app_keys.SETTINGS]
    database = Database(settings.mongo_url)
    app[app_keys.DATABASE] = database
    app[app_keys.RECORDS] = Records.of(database)
    app[app_keys.BLOBS] = BlobStore(database)
    app[app_keys.REMOVALS] = FileRemovals(database)
    app[app_keys.INTAKE] = Intake(app[app_keys.BLOBS], app[app_keys.REMOVALS], settings.max_document_bytes)
    app[app_keys.IDEMPOTENCY_KEYS] = IdempotencyKeys(database)
    app[app_keys.JOB_EVENTS] = JobEvents(database)
    app[app_keys.API_KEYS] = ApiKeys(database, settings.secret_key)
    app[app_keys.RATE_LIMITS] = RateLimits(database, settings.rate_limit_per_minute)
    await database.create_indexes()
    if settings.api_key:
        await app[app_keys.API_KEYS].accept(settings.api_key, DEFAULT_TENANT, "API_KEY setting")
    yield
    database.close()


async def _broker(app: web.Application) -> AsyncIterator[None]:
    async with Broker(app[app_keys.SETTINGS].amqp_url, "ledgerlens-gateway") as broker:
        app[app_keys.BROKER] = broker
        yield


@dataclass(frozen=True, slots=True)
class _Pipeline:
    """The parts that work in the background."""

    outbox: Outbox
    mails: Mails
    dispatch: Dispatch
    endings: Endings
    results: Results
    commands: Commands


def _wire_pipeline(app: web.Application) -> _Pipeline:
    """Build what moves jobs on; what requests need of it becomes part of `app`."""
    settings, database, broker = app[app_keys.SETTINGS], app[app_keys.DATABASE], app[app_keys.BROKER]
    records = app[app_keys.RECORDS]
    outbox, removals, mails = Outbox(database), app[app_keys.REMOVALS], Mails(database)
    tasks = TaskWriter(outbox, app[app_keys.JOB_EVENTS], app[app_keys.LINKS])
    dispatch = Dispatch(records, tasks, removals)
    notices = Notices(records, mails, enabled=bool(settings.smtp_host))
    endings = Endings(records, tasks, dispatch, notices, settings.retry_pause_seconds)
    turns = Turns(database)
    history = SupplierHistory(records.suppliers, turns)
    lessons = Lessons(records, tasks, history)
    findings = Findings(records, Duplicates(records.jobs, turns), history)
    rechecks = Rechecks(records, tasks, findings)
    progress = Progress(
        records=records,
        tasks=tasks,
        endings=endings,
        findings=findings,
        price_per_page=settings.price_per_page,
        currency=settings.currency,
    )
    app[app_keys.SUBMISSION] = Submission(
        database=database,
        records=records,
        tasks=tasks,
        dispatch=dispatch,
        endings=endings,
        removals=removals,
        lessons=lessons,
        rechecks=rechecks,
    )
    app[app_keys.PAGE_SUBMISSION] = PageSubmission(
        database=database,
        records=records,
        tasks=tasks,
        progress=progress,
        dispatch=dispatch,
        lessons=lessons,
    )
    results = Results(
        database=database,
        records=records,
        progress=progress,
        tasks=tasks,
        lessons=lessons,
        rechecks=rechecks,
        broker=broker,
    )
    commands = Commands(
        database=database,
        records=records,
        api_keys=app[app_keys.API_KEYS],
        submission=app[app_keys.SUBMISSION],
        tasks=tasks,
        broker=broker,
    )
    return _Pipeline(outbox, mails, dispatch, endings, results, commands)


async def _pipeline(app: web.Application) -> AsyncIterator[None]:
    settings, database, broker = app[app_keys.SETTINGS], app[app_keys.DATABASE], app[app_keys.BROKER]
    records, parts = app[app_keys.RECORDS], _wire_pipeline(app)
    supervisor = Supervisor()
    app[app_keys.SUPERVISOR] = supervisor
    supervisor.run("outbox relay", OutboxRelay(parts.outbox, broker).run)
    app[app_keys.REAPER] = Reaper(database, records, parts.endings)
    supervisor.run("reaper", app[app_keys.REAPER].run)
    supervisor.run("starter", Starter(database, records, parts.dispatch).run)
    supervisor.run("cleaner", Cleaner(app[app_keys.REMOVALS], app[app_keys.BLOBS]).run)
    if settings.smtp_host:
        supervisor.run("mailer", Mailer(parts.mails, settings.mail_server).run)
    consumers = [
        await broker.consume(RESULTS_QUEUE, parts.results.handle, settings.results_prefetch),
        await broker.consume(DEAD_TASKS_QUEUE, parts.results.handle_dead_task, 1),
        await broker.consume(COMMANDS_QUEUE, parts.commands.handle, settings.results_prefetch),
    ]
    yield
    await asyncio.gather(*(consumer.stop(settings.shutdown_seconds) for consumer in consumers))
    await supervisor.stop()

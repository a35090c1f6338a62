"""The store against the real database, where concurrency and transactions matter."""

from __future__ import annotations

import asyncio

import pytest
from bson import ObjectId

from services.gateway.app_keys import DATABASE
from services.gateway.store.counters import Counters
from services.gateway.store.database import Database, Session
from services.gateway.store.outbox import Outbox
from tests.integration.conftest import RunningGateway


@pytest.fixture
def database(gateway: RunningGateway) -> Database:
    return gateway.app[DATABASE]


async def test_a_counters_first_numbers_are_unique_when_drawn_at_once(database: Database) -> None:
    counters = Counters(database)
    for name in (str(ObjectId()) for _ in range(5)):
        numbers = await asyncio.gather(*(counters.next(name) for _ in range(12)))
        assert sorted(numbers) == list(range(1, 13))


async def test_a_message_exists_only_if_its_transaction_commits(database: Database) -> None:
    outbox, job_id = Outbox(database), ObjectId()

    async def fail_after_adding(session: Session) -> None:
        outbox.add(session, job_id=job_id, exchange="x", routing_key="k", event={})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.transaction(fail_after_adding)
    assert await database.motor["outbox"].count_documents({"jobId": job_id}) == 0

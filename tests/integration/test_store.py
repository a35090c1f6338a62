"""The store against the real database, where concurrency and transactions matter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Unpack

import pytest
import pytest_asyncio
from bson import ObjectId
from pymongo.errors import BulkWriteError, PyMongoError

from services.gateway.store.counters import Counters
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.lists import SEARCH_TERMS
from services.gateway.store.outbox import Outbox
from services.gateway.store.records import Pages
from services.gateway.store.repository import UpdateOptions, utc_now
from shared.topology import EVENTS_EXCHANGE
from tests.integration.conftest import RunningGateway

EXCHANGE = "tests"  # not one of the broker's: what is handed to a test is never published


@pytest_asyncio.fixture
async def database(gateway: RunningGateway) -> AsyncIterator[Database]:
    """A connection of the tests' own: what they commit is not handed to the gateway."""
    own = Database(gateway.settings.mongo_url)
    yield own
    own.close()


@pytest_asyncio.fixture
async def outbox(database: Database) -> AsyncIterator[Outbox]:
    """The outbox of a gateway without a relay; it is empty afterwards."""
    yield Outbox(database)
    await database.motor["outbox"].delete_many({"exchange": {"$in": [EXCHANGE, "tasks", "events"]}})


async def test_a_counters_first_numbers_are_unique_when_drawn_at_once(database: Database) -> None:
    counters = Counters(database)
    for name in (str(ObjectId()) for _ in range(5)):
        numbers = await asyncio.gather(*(counters.next(name) for _ in range(12)))
        assert sorted(numbers) == list(range(1, 13))


async def test_a_message_exists_only_if_its_transaction_commits(database: Database, outbox: Outbox) -> None:
    job_id = ObjectId()

    async def fail_after_adding(session: Session) -> None:
        add(outbox, session, job_id)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.transaction(fail_after_adding)
    assert await database.motor["outbox"].count_documents({"jobId": job_id}) == 0
    assert outbox.committed.take() == []


async def test_a_change_is_stored_only_if_its_message_is(database: Database) -> None:
    entry, name = {"_id": ObjectId()}, str(ObjectId())

    async def announce_twice(session: Session) -> None:
        await database.motor["counters"].insert_one({"_id": name}, session=session)
        for _ in range(2):
            database.insert_at_end(session, "outbox", dict(entry))

    with pytest.raises(BulkWriteError):
        await database.transaction(announce_twice)
    assert await database.motor["counters"].find_one({"_id": name}) is None
    assert await database.motor["outbox"].find_one(entry) is None


async def test_a_repeated_transaction_hands_its_message_on_once(database: Database, outbox: Outbox) -> None:
    job_id, tries = ObjectId(), 0

    async def succeed_at_the_second_try(session: Session) -> None:
        nonlocal tries
        tries += 1
        add(outbox, session, job_id)
        if tries == 1:
            error = PyMongoError("a conflict")
            error._add_error_label("TransientTransactionError")
            raise error

    await database.transaction(succeed_at_the_second_try)
    assert tries == 2
    assert [entry["jobId"] for entry in outbox.committed.take()] == [job_id]


async def test_what_is_handed_on_is_leased_until_it_would_be_lost(database: Database, outbox: Outbox) -> None:
    job_id = ObjectId()

    async def leave_a_message(session: Session) -> None:
        add(outbox, session, job_id)

    await database.transaction(leave_a_message)
    assert job_id not in [entry["jobId"] for entry in await outbox.lease(100)]


async def test_what_a_killed_gateway_left_is_published(database: Database) -> None:
    left = {
        "jobId": ObjectId(),
        "exchange": EVENTS_EXCHANGE,
        "routingKey": "tests.left",
        "event": {},
        "mandatory": False,
        "leasedUntil": utc_now(),
    }
    await database.motor["outbox"].insert_one(left)
    async with asyncio.timeout(10):
        while await database.motor["outbox"].find_one({"_id": left["_id"]}):
            await asyncio.sleep(0.05)


async def test_tasks_are_withdrawn_that_the_same_transaction_has_sent(
    database: Database, outbox: Outbox
) -> None:
    job_id = ObjectId()

    async def send_and_withdraw(session: Session) -> None:
        add(outbox, session, job_id, exchange="tasks")
        add(outbox, session, job_id, exchange="events")
        await outbox.discard_tasks(session, job_id, "tasks")

    await database.transaction(send_and_withdraw)
    assert [entry["exchange"] for entry in outbox.committed.take()] == ["events"]


async def test_a_message_is_removed_while_a_transaction_withdraws_it(
    database: Database, outbox: Outbox
) -> None:
    """The transaction has still something to write when both want to remove the same entry."""
    job_id, is_withdrawn = ObjectId(), asyncio.Event()

    async def send(session: Session) -> None:
        add(outbox, session, job_id)

    async def withdraw_and_send(session: Session) -> None:
        await outbox.discard_tasks(session, job_id, EXCHANGE)
        is_withdrawn.set()
        await asyncio.sleep(0.3)
        add(outbox, session, job_id)

    await database.transaction(send)
    (sent,) = outbox.committed.take()
    async with asyncio.timeout(20):
        withdrawing = asyncio.create_task(database.transaction(withdraw_and_send))
        await is_withdrawn.wait()
        await outbox.remove([sent["_id"]])
        await withdrawing
    found = await database.motor["outbox"].find({"jobId": job_id}).to_list(None)
    assert len(found) == 1
    assert found[0]["_id"] != sent["_id"]


async def test_only_so_many_committed_documents_wait(database: Database) -> None:
    committed = database.committed("counters", most=2)
    names = [str(ObjectId()) for _ in range(3)]

    async def insert(session: Session) -> None:
        for name in names:
            database.insert_at_end(session, "counters", {"_id": name})

    await database.transaction(insert)
    assert await committed.arrived(1)
    assert [document["_id"] for document in committed.take()] == names[1:]
    assert not await committed.arrived(0.01)
    assert await database.motor["counters"].count_documents({"_id": {"$in": names}}) == 3


async def test_words_of_a_text_are_stored_with_it(database: Database) -> None:
    pages, tenant = Pages(database), str(ObjectId())
    page = await pages.insert(tenant, {"job": ObjectId(), "pageNumber": 1, "errorLog": "torn"})

    async def terms(*changes: Document, **options: Unpack[UpdateOptions]) -> list[str]:
        for change in changes:
            assert await pages.apply(tenant, page["_id"], change, **options)
        stored = await pages.get(tenant, page["_id"])
        return sorted(stored[SEARCH_TERMS])

    assert await terms({"ocrResults": {"text": "Total due"}}, known=page) == ["due", "torn", "total"]
    assert await terms({"ocrResults.text": "Paid"}) == ["paid", "torn"]
    assert await terms({"ocrResults": {"text": "Sum"}}, operators={"$unset": {"errorLog": ""}}) == ["sum"]
    assert await terms({"status": "completed"}) == ["sum"]


async def test_a_record_in_another_state_or_of_another_tenant_is_not_changed(database: Database) -> None:
    pages, tenant = Pages(database), str(ObjectId())
    page = await pages.insert(tenant, {"job": ObjectId(), "pageNumber": 1, "status": "pending"})
    assert await pages.find_one("another", {"_id": page["_id"]}) is None
    assert not await pages.apply("another", page["_id"], {"status": "failed"})

    async def fail_if_completed(session: Session) -> Document | None:
        state = {"status": "completed"}
        return await pages.update(tenant, page["_id"], {"status": "failed"}, when=state, session=session)

    assert await database.transaction(fail_if_completed) is None
    assert (await pages.get(tenant, page["_id"]))["revision"] == 1


async def test_what_an_earlier_version_stored_is_carried_over_once(database: Database) -> None:
    jobs, tenant, later = database.motor["jobs"], str(ObjectId()), utc_now() + timedelta(hours=1)
    old: list[Document] = [
        {"status": "completed", "stage": "done", "documentInfo": {"sha256": "a1"}, "deadline": later},
        {"status": "completed", "stage": "done", "documentInfo": {"sha256": "b2"}, "fingerprints": ["n"]},
        {"status": "queued", "stage": "waiting", "notBefore": later},
        {"status": "processing", "stage": "extract", "deadline": later, "documentInfo": {"sha256": "c3"}},
    ]
    for number, job in enumerate(old):
        await jobs.insert_one({**job, "tenant": tenant, "jobNumber": number, "invoiceId": number})
    await jobs.create_index([("tenant", 1), ("documentInfo.sha256", 1)], name="sha256")
    await jobs.create_index([("status", 1), ("deadline", 1)], name="deadline")
    await jobs.create_index([("stage", 1), ("notBefore", 1)], name="waiting")
    for _ in range(2):
        await database.create_indexes()
        found = await jobs.find({"tenant": tenant}).sort("jobNumber", 1).to_list(None)
        assert [sorted(job.get("fingerprints", [])) for job in found] == [
            ["file/a1"],
            ["file/b2", "n"],
            [],
            [],
        ]
        assert [job.get("dueAt") for job in found] == [None, None, later, later]
        assert {"sha256", "deadline", "waiting"}.isdisjoint(await jobs.index_information())
    await jobs.delete_many({"tenant": tenant})


async def test_two_transactions_that_have_read_a_record_change_it_one_after_the_other(
    database: Database,
) -> None:
    pages, tenant = Pages(database), str(ObjectId())
    page = await pages.insert(tenant, {"job": ObjectId(), "pageNumber": 1, "status": "pending", "count": 0})
    both_have_read = asyncio.Barrier(2)
    reads: list[int] = []

    async def count(session: Session) -> Document | None:
        known = await pages.get(tenant, page["_id"], session)
        reads.append(known["count"])
        if len(reads) <= 2:
            await both_have_read.wait()
        changes = {"count": known["count"] + 1}
        return await pages.update(tenant, page["_id"], changes, session=session, known=known)

    await asyncio.gather(database.transaction(count), database.transaction(count))
    assert (await pages.get(tenant, page["_id"]))["count"] == 2
    assert reads[:2] == [0, 0]


async def test_an_update_in_a_transaction_gives_the_record_as_it_is_stored(database: Database) -> None:
    pages, tenant = Pages(database), str(ObjectId())
    page = await pages.insert(
        tenant, {"job": ObjectId(), "pageNumber": 1, "errorLog": "torn", "size": {"width": 1, "height": 2}}
    )
    changes = {"size.width": 3, "place.x": 4, "ocrResults": {"text": "Total due"}, "completedAt": utc_now()}
    operators = {"$inc": {"size.height": 5, "tries": 1}, "$unset": {"errorLog": "", "marks": ""}}

    async def change(session: Session) -> Document | None:
        return await pages.update(tenant, page["_id"], changes, operators=operators, session=session)

    changed = await database.transaction(change)
    stored = await pages.get(tenant, page["_id"])
    assert changed == stored
    assert sorted(stored[SEARCH_TERMS]) == ["due", "total"]
    assert (stored["size"], stored["place"], stored["tries"]) == ({"width": 3, "height": 7}, {"x": 4}, 1)
    assert "errorLog" not in stored


def add(outbox: Outbox, session: Session, job_id: ObjectId, exchange: str = EXCHANGE) -> None:
    outbox.add(session, job_id=job_id, exchange=exchange, routing_key="k", event={}, mandatory=False)

"""Publishes the outbox: at least once, with publisher confirms, and quickly after the commit."""

from __future__ import annotations

import asyncio
import logging
import time

from aio_pika.exceptions import AMQPError
from bson import ObjectId

from services.gateway.store.database import Document
from services.gateway.store.outbox import Outbox
from services.gateway.store.repository import utc_now
from shared.broker import Broker
from shared.logs import log_context

BATCH = 100
# What this process commits is published at once; this is for what another gateway left.
POLL_SECONDS = 2.0
# Confirmed entries are removed together; a gateway that is killed before it publishes them once more.
REMOVAL_SECONDS = 1.0
PAUSE_AFTER_FAILURE_SECONDS = 1.0

_log = logging.getLogger(__name__)


class OutboxRelay:
    """Moves messages from the outbox to the broker; several may run, each message is leased to one."""

    def __init__(self, outbox: Outbox, broker: Broker) -> None:
        self._outbox = outbox
        self._broker = broker
        self._confirmed: list[ObjectId] = []

    async def run(self) -> None:
        """Publish for ever; a broken connection to the broker only delays."""
        next_look = next_removal = time.monotonic()
        try:
            while True:
                await self._publish_all(self._outbox.committed.take())
                if time.monotonic() >= next_look and await self.publish_left() < BATCH:
                    next_look = time.monotonic() + POLL_SECONDS
                if time.monotonic() >= next_removal:
                    await self._remove()
                    next_removal = time.monotonic() + REMOVAL_SECONDS
                await self._outbox.committed.arrived(self._pause(next_look, next_removal))
        finally:
            await self._remove()

    async def publish_left(self) -> int:
        """Publish what waits in the database, up to one batch; how many messages there were."""
        entries = await self._outbox.lease(BATCH)
        await self._publish_all(entries)
        return len(entries)

    def _pause(self, next_look: float, next_removal: float) -> float:
        """Seconds until there is something to do even if nothing is committed."""
        until = min(next_look, next_removal) if self._confirmed else next_look
        return max(0.0, until - time.monotonic())

    async def _publish_all(self, entries: list[Document]) -> None:
        """Publish entries that are leased to this relay; after a failure, give the rest back."""
        for place, entry in enumerate(entries):
            if entry["leasedUntil"] <= utc_now():
                continue  # another relay may have it by now
            if not await self._publish(entry):
                await self._outbox.release([one["_id"] for one in entries[place:]])
                await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)
                return
            self._confirmed.append(entry["_id"])
            if len(self._confirmed) >= BATCH:
                await self._remove()

    async def _publish(self, entry: Document) -> bool:
        with log_context(jobId=str(entry["jobId"])):
            try:
                await self._broker.publish(
                    entry["exchange"], entry["routingKey"], entry["event"], mandatory=entry["mandatory"]
                )
            except (AMQPError, TimeoutError, ConnectionError, RuntimeError) as error:
                _log.warning("The broker did not take a message; it will be tried again: %r", error)
                return False
        return True

    async def _remove(self) -> None:
        """Forget what is confirmed."""
        if self._confirmed:
            await self._outbox.remove(self._confirmed)
            self._confirmed.clear()

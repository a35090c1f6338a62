"""Publishes the outbox: at least once, with publisher confirms, and quickly after the commit."""

from __future__ import annotations

import asyncio
import logging

from aio_pika.exceptions import AMQPError

from services.gateway.store.database import Document
from services.gateway.store.outbox import Outbox
from shared.broker import Broker
from shared.logs import log_context
from shared.supervision import set_within

BATCH = 100
# How long what a killed gateway had in hand waits for another; one that is only slow publishes twice.
LEASE_SECONDS = 10.0
# What this process commits is published at once; this is for what another gateway left.
POLL_SECONDS = 1.0
PAUSE_AFTER_FAILURE_SECONDS = 1.0

_log = logging.getLogger(__name__)


class OutboxRelay:
    """Moves messages from the outbox to the broker; several may run, each message is leased to one."""

    def __init__(self, outbox: Outbox, broker: Broker, commits: asyncio.Event) -> None:
        """`commits` is set after every transaction, which may have left a message."""
        self._outbox = outbox
        self._broker = broker
        self._commits = commits

    async def run(self) -> None:
        """Publish for ever; a broken connection to the broker only delays."""
        while True:
            self._commits.clear()
            if await self.publish_batch() == 0:
                await set_within(self._commits, POLL_SECONDS)

    async def publish_batch(self) -> int:
        """Publish what waits, up to one batch; how many messages were confirmed."""
        entries = await self._outbox.lease(BATCH, LEASE_SECONDS)
        confirmed = []
        for entry in entries:
            if not await self._publish(entry):
                await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)
                break
            confirmed.append(entry["_id"])
        if confirmed:
            await self._outbox.remove(confirmed)
        if len(confirmed) < len(entries):
            await self._outbox.release([entry["_id"] for entry in entries[len(confirmed) :]])
        return len(confirmed)

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

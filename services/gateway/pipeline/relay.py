"""Publishes the outbox: at least once, with publisher confirms, and quickly after the commit."""

from __future__ import annotations

import asyncio
import logging

from aio_pika.exceptions import AMQPError

from services.gateway.store.database import Document
from services.gateway.store.outbox import Outbox
from shared.broker import Broker
from shared.telemetry import log_context

BATCH = 100
# How long what a killed gateway had in hand waits for another; one that is only slow publishes twice.
LEASE_SECONDS = 10.0
POLL_SECONDS = 0.2
PAUSE_AFTER_FAILURE_SECONDS = 1.0

_log = logging.getLogger(__name__)


class OutboxRelay:
    """Moves messages from the outbox to the broker; several may run, each message is leased to one."""

    def __init__(self, outbox: Outbox, broker: Broker) -> None:
        self._outbox = outbox
        self._broker = broker

    async def run(self) -> None:
        """Publish for ever; a broken connection to the broker only delays."""
        while True:
            if await self.publish_batch() == 0:
                await asyncio.sleep(POLL_SECONDS)

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

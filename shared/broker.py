"""The connection to RabbitMQ: confirmed publishing, and consuming with an explicit disposition.

A message is acknowledged only after its handler has returned, so that a killed process loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Any

import aio_pika
from aio_pika.abc import (
    AbstractIncomingMessage,
    AbstractRobustChannel,
    AbstractRobustConnection,
    AbstractRobustExchange,
    AbstractRobustQueue,
    DeliveryMode,
)

from shared.cloud_events import CONTENT_TYPE, encode
from shared.topology import DEAD_LETTER_EXCHANGE, EXCHANGES, PARKED_KEY, QUEUES

CONNECT_TIMEOUT_SECONDS = 30.0
PUBLISH_TIMEOUT_SECONDS = 15.0
REQUEUE_PAUSE_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Disposition(Enum):
    """What becomes of a delivered message."""

    ACKNOWLEDGE = "acknowledge"
    REQUEUE = "requeue"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as it came; `delivery_count` is how often it was delivered before."""

    body: bytes
    routing_key: str
    delivery_count: int
    headers: dict[str, Any]


Handler = Callable[[Delivery], Awaitable[Disposition]]


class Broker:
    """One robust connection with the project's topology; use as an async context manager."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._connection: AbstractRobustConnection | None = None
        self._publishing: AbstractRobustChannel | None = None
        self._exchanges: dict[str, AbstractRobustExchange] = {}
        self._consumers: list[Consumer] = []

    async def __aenter__(self) -> Broker:
        self._connection = await aio_pika.connect_robust(
            self._url,
            timeout=CONNECT_TIMEOUT_SECONDS,
            client_properties={"connection_name": self._name},
        )
        channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        assert isinstance(channel, AbstractRobustChannel)  # noqa: S101 - robust connections give robust channels
        self._publishing = channel
        for exchange in EXCHANGES:
            self._exchanges[exchange.name] = await channel.declare_exchange(
                exchange.name, exchange.type, durable=True
            )
        for queue in QUEUES:
            declared = await channel.declare_queue(queue.name, durable=True, arguments=dict(queue.arguments))
            await declared.bind(queue.exchange, queue.routing_key)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for consumer in self._consumers:
            await consumer.stop(0)
        if self._connection is not None:
            await self._connection.close()

    @property
    def connected(self) -> bool:
        """Whether the connection stands at this moment; it is re-established by itself."""
        return self._connection is not None and self._connection.connected.is_set()

    @property
    def consuming(self) -> bool:
        """Whether every consumer still has an open channel; feeds liveness."""
        return all(consumer.open for consumer in self._consumers)

    async def publish(
        self,
        exchange: str,
        routing_key: str,
        event: dict[str, Any],
        *,
        mandatory: bool = True,
        headers: dict[str, Any] | None = None,
    ) -> None:
        """Publish a CloudEvents object and wait for the broker's confirm.

        Raises an `aio_pika` error when the broker refuses it, when no queue takes a `mandatory` message,
        and TimeoutError when no confirm came in time.
        """
        await self._publish_body(exchange, routing_key, encode(event), mandatory, headers)

    async def park(self, delivery: Delivery, reason: str) -> Disposition:
        """Put a message that nobody can handle aside, with the reason, and acknowledge it."""
        _log.error("A message is put aside: %s", reason)
        headers = {"x-reason": reason[:1000], "x-routing-key": delivery.routing_key}
        await self._publish_body(DEAD_LETTER_EXCHANGE, PARKED_KEY, delivery.body, True, headers)
        return Disposition.ACKNOWLEDGE

    async def consume(self, queue: str, handler: Handler, prefetch: int) -> Consumer:
        """Call `handler` for each message of `queue`, at most `prefetch` of them at a time."""
        if self._connection is None:
            raise RuntimeError("The broker is not connected.")
        channel = await self._connection.channel()
        await channel.set_qos(prefetch_count=prefetch)
        declared = await channel.get_queue(queue)
        assert isinstance(channel, AbstractRobustChannel)  # noqa: S101 - as above
        assert isinstance(declared, AbstractRobustQueue)  # noqa: S101 - as above
        consumer = Consumer(channel, declared, handler)
        await consumer.start()
        self._consumers.append(consumer)
        return consumer

    async def _publish_body(
        self, exchange: str, routing_key: str, body: bytes, mandatory: bool, headers: dict[str, Any] | None
    ) -> None:
        message = aio_pika.Message(
            body,
            content_type=CONTENT_TYPE,
            delivery_mode=DeliveryMode.PERSISTENT,
            headers=headers or {},
        )
        async with asyncio.timeout(PUBLISH_TIMEOUT_SECONDS):
            await self._exchanges[exchange].publish(message, routing_key, mandatory=mandatory)


class Consumer:
    """A subscription to one queue whose messages are handled concurrently, up to the prefetch."""

    def __init__(self, channel: AbstractRobustChannel, queue: AbstractRobustQueue, handler: Handler) -> None:
        self._channel = channel
        self._queue = queue
        self._handler = handler
        self._tag: str | None = None
        self._running: set[asyncio.Task[None]] = set()

    @property
    def open(self) -> bool:
        return not self._channel.is_closed

    async def start(self) -> None:
        self._tag = await self._queue.consume(self._on_message)

    async def stop(self, grace_seconds: float) -> None:
        """Take no more messages, let those in hand finish for `grace_seconds`, then give them back."""
        if self._tag is not None and self.open:
            await self._queue.cancel(self._tag)
        self._tag = None
        if self._running and grace_seconds > 0:
            await asyncio.wait(self._running, timeout=grace_seconds)
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self.open:
            await self._channel.close()

    async def _on_message(self, message: AbstractIncomingMessage) -> None:
        task = asyncio.create_task(self._handle(message))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _handle(self, message: AbstractIncomingMessage) -> None:
        delivery = Delivery(
            body=message.body,
            routing_key=message.routing_key or "",
            delivery_count=_delivery_count(message),
            headers=dict(message.headers),
        )
        try:
            disposition = await self._handler(delivery)
        except asyncio.CancelledError:
            raise
        except Exception:
            _log.exception("A message could not be handled and goes back to its queue.")
            await asyncio.sleep(REQUEUE_PAUSE_SECONDS)
            disposition = Disposition.REQUEUE
        try:
            if disposition is Disposition.ACKNOWLEDGE:
                await message.ack()
            else:
                await message.nack(requeue=True)
        except Exception:
            # The channel went away: the broker delivers the message again, and handlers stand that.
            _log.warning("A message could not be acknowledged; it will be delivered again.", exc_info=True)


def _delivery_count(message: AbstractIncomingMessage) -> int:
    """Quorum queues count earlier deliveries in a header; it is absent the first time."""
    count = message.headers.get("x-delivery-count", 0)
    return count if isinstance(count, int) else 0

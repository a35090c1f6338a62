"""The broker's exchanges and queues, declared alike by every service.

Tasks wait in one quorum queue per priority (quorum queues know no message priorities in RabbitMQ 3.x).
A message that is delivered too often, or refused, goes to a dead-letter queue, never away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Priority = Literal["urgent", "high", "medium", "low"]
PRIORITIES: tuple[Priority, ...] = ("urgent", "high", "medium", "low")

TASKS_EXCHANGE = "ledgerlens.tasks"
RESULTS_EXCHANGE = "ledgerlens.results"
EVENTS_EXCHANGE = "ledgerlens.events"
COMMANDS_EXCHANGE = "ledgerlens.commands"
DEAD_LETTER_EXCHANGE = "ledgerlens.dead-letter"

RESULTS_QUEUE = "ledgerlens.results"
DEAD_TASKS_QUEUE = "ledgerlens.dead-letter.tasks"
PARKED_QUEUE = "ledgerlens.dead-letter.parked"
COMMANDS_QUEUE = "ledgerlens.commands"
RESULTS_KEY = "results"
COMMANDS_KEY = "commands"
DEAD_TASK_KEY = "tasks"
PARKED_KEY = "parked"

TASK_DELIVERY_LIMIT = 4
RESULT_DELIVERY_LIMIT = 20
COMMAND_DELIVERY_LIMIT = 20
QUEUE_LENGTH_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Exchange:
    name: str
    type: Literal["direct", "topic"]


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable quorum queue bound to one exchange."""

    name: str
    exchange: str
    routing_key: str
    arguments: dict[str, str | int] = field(default_factory=dict)


def task_queue_name(priority: str) -> str:
    return f"ledgerlens.tasks.{priority}"


EXCHANGES: tuple[Exchange, ...] = (
    Exchange(TASKS_EXCHANGE, "direct"),
    Exchange(RESULTS_EXCHANGE, "direct"),
    Exchange(EVENTS_EXCHANGE, "topic"),
    Exchange(COMMANDS_EXCHANGE, "direct"),
    Exchange(DEAD_LETTER_EXCHANGE, "direct"),
)


def _bounded(dead_letter_key: str, delivery_limit: int) -> dict[str, str | int]:
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": delivery_limit,
        "x-dead-letter-exchange": DEAD_LETTER_EXCHANGE,
        "x-dead-letter-routing-key": dead_letter_key,
        "x-max-length": QUEUE_LENGTH_LIMIT,
        "x-overflow": "reject-publish",
    }


QUEUES: tuple[Queue, ...] = (
    *(
        Queue(
            task_queue_name(priority), TASKS_EXCHANGE, priority, _bounded(DEAD_TASK_KEY, TASK_DELIVERY_LIMIT)
        )
        for priority in PRIORITIES
    ),
    Queue(RESULTS_QUEUE, RESULTS_EXCHANGE, RESULTS_KEY, _bounded(PARKED_KEY, RESULT_DELIVERY_LIMIT)),
    Queue(COMMANDS_QUEUE, COMMANDS_EXCHANGE, COMMANDS_KEY, _bounded(PARKED_KEY, COMMAND_DELIVERY_LIMIT)),
    Queue(DEAD_TASKS_QUEUE, DEAD_LETTER_EXCHANGE, DEAD_TASK_KEY, {"x-queue-type": "quorum"}),
    Queue(PARKED_QUEUE, DEAD_LETTER_EXCHANGE, PARKED_KEY, {"x-queue-type": "quorum"}),
)

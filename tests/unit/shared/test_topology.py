"""The broker's topology holds together."""

from __future__ import annotations

from shared.topology import (
    DEAD_LETTER_EXCHANGE,
    DEAD_TASKS_QUEUE,
    EXCHANGES,
    PARKED_QUEUE,
    PRIORITIES,
    QUEUES,
    RESULTS_EXCHANGE,
    RESULTS_KEY,
    RESULTS_QUEUE,
    TASKS_EXCHANGE,
    task_queue_name,
)

BY_NAME = {queue.name: queue for queue in QUEUES}
BOUND_TO = {(queue.exchange, queue.routing_key): queue.name for queue in QUEUES}


def test_every_name_is_used_once() -> None:
    assert len(BY_NAME) == len(QUEUES) == len(BOUND_TO)
    assert len({exchange.name for exchange in EXCHANGES}) == len(EXCHANGES)


def test_every_queue_is_a_quorum_queue_of_a_declared_exchange() -> None:
    declared = {exchange.name for exchange in EXCHANGES}
    for queue in QUEUES:
        assert queue.exchange in declared
        assert queue.arguments["x-queue-type"] == "quorum"


def test_a_task_of_each_priority_and_a_result_find_a_queue() -> None:
    for priority in PRIORITIES:
        assert BOUND_TO[TASKS_EXCHANGE, priority] == task_queue_name(priority)
    assert BOUND_TO[RESULTS_EXCHANGE, RESULTS_KEY] == RESULTS_QUEUE


def test_what_is_delivered_too_often_ends_in_a_queue_that_keeps_it() -> None:
    keeps = {DEAD_TASKS_QUEUE, PARKED_QUEUE}
    for queue in QUEUES:
        if queue.name in keeps:
            assert set(queue.arguments) == {"x-queue-type"}
            continue
        assert queue.arguments["x-dead-letter-exchange"] == DEAD_LETTER_EXCHANGE
        key = queue.arguments["x-dead-letter-routing-key"]
        assert BOUND_TO[DEAD_LETTER_EXCHANGE, str(key)] in keeps
        assert int(queue.arguments["x-delivery-limit"]) > 0


def test_a_full_queue_refuses_and_never_drops() -> None:
    for name in [RESULTS_QUEUE, *map(task_queue_name, PRIORITIES)]:
        assert BY_NAME[name].arguments["x-overflow"] == "reject-publish"
        assert int(BY_NAME[name].arguments["x-max-length"]) > 0

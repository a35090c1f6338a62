"""The real private database and broker: they serve, keep what they acknowledged, and stay on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aio_pika
from pymongo import AsyncMongoClient

from deploy.local.stack import Backing, StackOptions, running_backing

# What the servers need of the environment: where programs are found.
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
QUEUE = "kept"
QUEUE_REGISTRATION_SECONDS = 2.0


def options(folder: Path, **changes: Any) -> StackOptions:
    return StackOptions(data_dir=folder, environment=ENVIRONMENT, **changes)


async def insert_in_transaction(backing: Backing) -> None:
    async with AsyncMongoClient[dict[str, Any]](backing.mongo_url) as client:
        database = client.get_default_database()
        async with client.start_session() as session, await session.start_transaction():
            await database["jobs"].insert_one({"name": "job"}, session=session)
            await database["outbox"].insert_one({"task": "prepare"}, session=session)


async def stored(backing: Backing) -> Mapping[str, int]:
    async with AsyncMongoClient[dict[str, Any]](backing.mongo_url) as client:
        database = client.get_default_database()
        return {name: await database[name].count_documents({}) for name in ("jobs", "outbox")}


async def open_queue(channel: aio_pika.abc.AbstractChannel) -> aio_pika.abc.AbstractQueue:
    return await channel.declare_queue(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})


async def publish(backing: Backing, body: bytes) -> None:
    connection = await aio_pika.connect(backing.amqp_url)
    async with connection, connection.channel(publisher_confirms=True) as channel:
        await open_queue(channel)
        message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, QUEUE, mandatory=True)


async def take(backing: Backing) -> bytes:
    connection = await aio_pika.connect(backing.amqp_url)
    async with connection, connection.channel() as channel:
        message = await (await open_queue(channel)).get(timeout=10)
        assert message is not None
        await message.ack()
        return message.body


async def test_acknowledged_data_survives_a_kill(tmp_path: Path) -> None:
    async with running_backing(options(tmp_path)) as backing:
        assert_nothing_listens_beyond_loopback(backing)
        await publish(backing, b"first")
        # RabbitMQ 3.10 writes the registration of a new quorum queue to disk only about half a second later;
        # what is to be kept here are messages of a queue that exists.
        await asyncio.sleep(QUEUE_REGISTRATION_SECONDS)
        await publish(backing, b"second")
        await insert_in_transaction(backing)
        for process in backing.processes:
            process.kill()
    async with running_backing(options(tmp_path)) as backing:
        assert await take(backing) == b"first"
        assert await take(backing) == b"second"
        assert await stored(backing) == {"jobs": 1, "outbox": 1}


async def test_outside_servers_are_used_in_place_of_private_ones(tmp_path: Path) -> None:
    outside = {"mongo_url": "mongodb://database/invoices", "amqp_url": "amqp://broker/"}
    async with running_backing(options(tmp_path, **outside)) as backing:
        assert backing.processes == ()
        assert (backing.mongo_url, backing.amqp_url) == (outside["mongo_url"], outside["amqp_url"])


def assert_nothing_listens_beyond_loopback(backing: Backing) -> None:
    for process in backing.processes:
        addresses = listening_addresses(process.pid)
        assert addresses
        assert addresses <= {"0100007F"}, process.name  # 127.0.0.1 as the kernel writes it


def listening_addresses(pid: int) -> set[str]:
    """The local addresses, as in /proc/net/tcp, of the listening sockets of a process."""
    links = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
    addresses = set()
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/{pid}/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            columns = row.split()
            listening = columns[3] == "0A"
            if listening and f"socket:[{columns[9]}]" in links:
                addresses.add(columns[1].split(":")[0])
    return addresses

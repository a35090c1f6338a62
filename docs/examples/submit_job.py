"""Submit an invoice by message: `AMQP_URL=… API_KEY=… python submit_job.py NUMBER DOCUMENT_URL`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import uuid
from datetime import UTC, datetime

import aio_pika


async def submit(amqp_url: str, api_key: str, number: str, document_url: str) -> None:
    """Publish one command and return once the broker has confirmed it."""
    command = {
        "specversion": "1.0",
        # The same id and source again would be the same command again, and do nothing.
        "id": str(uuid.uuid4()),
        "source": "/examples/submit_job",
        "type": "io.ledgerlens.command.submitJob",
        "time": datetime.now(UTC).isoformat(),
        "data": {
            "jobNumber": number,
            "documentName": document_url.rpartition("/")[2] or number,
            "documentUrl": document_url,
        },
    }
    message = aio_pika.Message(
        json.dumps(command).encode(),
        content_type="application/cloudevents+json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        headers={"api-key": api_key},
    )
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange("ledgerlens.commands")
        await exchange.publish(message, "commands", mandatory=True)


if __name__ == "__main__":
    asyncio.run(submit(os.environ["AMQP_URL"], os.environ["API_KEY"], sys.argv[1], sys.argv[2]))

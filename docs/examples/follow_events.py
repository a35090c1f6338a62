"""Print a tenant's events as they come: `AMQP_URL=… python follow_events.py TENANT [JOB_NUMBER]`.

With a job number it ends when that job has ended: with status 0 if it is completed, else 1.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys

import aio_pika

FINAL = ("completed", "failed", "cancelled")


async def follow(amqp_url: str, tenant: str, job_number: str | None) -> int:
    """Print events until the job has ended; for ever without a job number."""
    async with await aio_pika.connect_robust(amqp_url) as connection:
        channel = await connection.channel()
        # A service that must not miss anything declares a durable queue with a name of its own.
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind("ledgerlens.events", f"{tenant}.#")
        print("ready", flush=True)
        async with queue.iterator() as messages:
            async for message in messages:
                async with message.process():
                    event = json.loads(message.body)
                    data = event["data"]
                    print(event["type"], json.dumps(data, ensure_ascii=False), flush=True)
                if job_number and data.get("jobNumber") == job_number and data["status"] in FINAL:
                    return 0 if data["status"] == "completed" else 1
    return 1


if __name__ == "__main__":
    number = sys.argv[2] if len(sys.argv) > 2 else None
    sys.exit(asyncio.run(follow(os.environ["AMQP_URL"], sys.argv[1], number)))

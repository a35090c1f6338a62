"""Commands of other services, over AMQP: each is carried out once, or put aside with the reason.

A command carries an API key in the message header `api-key`, checked as HTTP's is. The key is not part of
the command's body, so it does not go along to where refused messages are kept.
"""

from __future__ import annotations

import logging
from typing import Any

from bson import ObjectId
from marshmallow import ValidationError

from services.gateway.errors import ApiError, Unauthorized
from services.gateway.pipeline.references import check_references
from services.gateway.pipeline.submit import Submission
from services.gateway.pipeline.tasks import TaskWriter
from services.gateway.schemas.jobs import JobInputSchema
from services.gateway.schemas.templates import default_settings
from services.gateway.store.api_keys import ApiKey, ApiKeys
from services.gateway.store.database import Database, Session
from services.gateway.store.records import Records
from services.gateway.store.repository import derived_id
from shared.broker import Broker, Delivery, Disposition
from shared.errors import InvalidMessage
from shared.events import API_KEY_HEADER, Command, decode_command
from shared.topology import COMMAND_DELIVERY_LIMIT

LONGEST_KEY = 500

_log = logging.getLogger(__name__)


class Commands:
    """Handles the messages of the commands queue."""

    def __init__(
        self,
        *,
        database: Database,
        records: Records,
        api_keys: ApiKeys,
        submission: Submission,
        tasks: TaskWriter,
        broker: Broker,
    ) -> None:
        self._database = database
        self._records = records
        self._api_keys = api_keys
        self._submission = submission
        self._tasks = tasks
        self._broker = broker

    async def handle(self, delivery: Delivery) -> Disposition:
        """Carry out one command; one that can't be is put aside, and its sender's tenant hears of it."""
        try:
            return await self._carry_out(delivery)
        except Exception:
            if delivery.delivery_count + 1 < COMMAND_DELIVERY_LIMIT:
                raise
            # The broker would move the message with its headers, and so the API key, to the dead letters.
            _log.exception("A command failed at every attempt.")
            return await self._broker.park(delivery, "The command failed at every attempt; see the logs.")

    async def _carry_out(self, delivery: Delivery) -> Disposition:
        try:
            caller = await self._caller(delivery)
            command = decode_command(delivery.body)
        except (InvalidMessage, Unauthorized) as error:
            return await self._broker.park(delivery, str(error))
        try:
            await self._submit_job(caller.tenant, command)
        except ApiError as error:
            await self._reject(caller.tenant, command, str(error))
            return await self._broker.park(delivery, str(error))
        return Disposition.ACKNOWLEDGE

    async def _caller(self, delivery: Delivery) -> ApiKey:
        """Whose command it is; raises Unauthorized without a key that is valid now."""
        key = delivery.headers.get(API_KEY_HEADER)
        if isinstance(key, bytes):
            key = key.decode("ascii", errors="replace")
        if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_KEY:
            raise Unauthorized(f"The command has no API key in the message header '{API_KEY_HEADER}'.")
        caller = await self._api_keys.find(key)
        if caller is None or caller.revoked or caller.expired:
            raise Unauthorized("The command's API key is not valid.")
        if "write" not in caller.scopes:
            raise Unauthorized("The command's API key does not have the scope 'write'.")
        return caller

    async def _submit_job(self, tenant: str, command: Command) -> None:
        """Create and process the job; a command that comes again finds the job that it made."""
        job_id = derived_id("command", tenant, command.source, command.id)
        if await self._records.jobs.exists(tenant, {"_id": job_id}):
            _log.info("A command came again; its job is there already.", extra={"commandId": command.id})
            return
        data = dict(command.data)
        process = data.pop("process")
        record = await self._job_record(tenant, data)
        await self._submission.create(tenant, {**record, "_id": job_id}, process=process)

    async def _job_record(self, tenant: str, data: dict[str, Any]) -> dict[str, Any]:
        """The job's fields as HTTP's would be read; raises ApiError when they can't be used."""
        if "template" not in data:
            template: ObjectId = (await self._records.templates.default(tenant, default_settings()))["_id"]
            data["template"] = str(template)
        try:
            record: dict[str, Any] = JobInputSchema().load(data)
        except ValidationError as error:
            raise ApiError(f"The command's job is not valid: {error.messages}") from error
        await check_references(self._records, tenant, record)
        return record

    async def _reject(self, tenant: str, command: Command, reason: str) -> None:
        async def announce(session: Session) -> None:
            self._tasks.rejection(session, tenant, command, reason)

        await self._database.transaction(announce)

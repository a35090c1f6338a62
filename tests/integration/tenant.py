"""A tenant of a test's own: its documents say what the test says, and an engine is played for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from shared.messages.results import CorrectionsLearned
from shared.messages.tasks import LearnTask
from tests.api_client import ApiClient
from tests.integration.engine import PlayedEngine

URL = "https://files.example.com/invoice.pdf"
FIRST_ACCOUNT = "DE89370400440532013000"
OTHER_ACCOUNT = "DE02120300000000202051"


def invoice_of(number: str = "R-1", account: str = FIRST_ACCOUNT, total: float = 119.0) -> dict[str, Any]:
    return {
        "number": number,
        "supplier": {"name": "Kessler GmbH", "taxId": "DE136695976"},
        "amounts": {"total": total, "currency": "EUR"},
        "payment": {"iban": account},
    }


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant of the test's own, and the engine that works for it."""

    client: ApiClient
    template: str
    engine: PlayedEngine

    async def read(self, invoice: dict[str, Any], **options: Any) -> dict[str, Any]:
        """A job whose document says `invoice`, completed."""
        job_id = (await self.client.create_job(URL, self.template))["_id"]
        await self.client.process(job_id)
        await self.engine.complete(job_id, invoice=invoice, **options)
        return await self.client.finished(job_id)

    async def read_again(
        self, job: dict[str, Any], invoice: dict[str, Any], **options: Any
    ) -> dict[str, Any]:
        await self.client.process(job["_id"])
        await self.engine.complete(job["_id"], invoice=invoice, **options)
        return await self.client.finished(job["_id"])

    async def correct(self, job: dict[str, Any], **changes: Any) -> None:
        data = job["extractedData"]
        body = {"extractedData": {**data, "invoice": {**data["invoice"], **changes}}}
        assert (await self.client.put(f"/ocr-invoice-job/{job['_id']}", body)).status == 200

    async def profiles(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = (await self.client.get("/supplier-profile")).data
        return listed

    async def taught(self, task: LearnTask, label: str = "File no") -> dict[str, Any]:
        """The profile once it has learned from the task that the number stands at `label`."""
        rule = {"field": "invoice.number", "label": label, "relation": "right of", "shape": "A-9"}
        await self.engine.report(
            CorrectionsLearned(
                tenant=task.tenant,
                job_id=task.job_id,
                attempt=task.attempt,
                profile_id=task.profile["id"],
                learned_fields=("invoice.number",),
                rules=(rule,),
                constants=(),
                seconds=0.1,
            )
        )
        async with asyncio.timeout(10):
            while True:
                (profile,) = await self.profiles()
                if [one["label"] for one in profile["rules"]] == [label]:
                    return profile
                await asyncio.sleep(0.05)


def findings(job: dict[str, Any], field: str) -> list[str]:
    """The sentences that were found about a field of the job."""
    return [one["message"] for one in job["validationResults"]["errors"] if one["field"] == field]

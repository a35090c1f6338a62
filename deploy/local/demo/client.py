"""The few calls of the public REST API that the demo makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from shared.errors import LedgerLensError

Record = Mapping[str, Any]


class DemoError(LedgerLensError):
    """The demo did not get the answers it needs."""


@dataclass(frozen=True, slots=True)
class InvoiceApi:
    """A client of one gateway; every method raises DemoError when the gateway refuses or does not answer."""

    session: aiohttp.ClientSession
    gateway_url: str
    api_key: str

    async def create_template(self, name: str, languages: list[str]) -> str:
        """The id of a new template for invoices in `languages` (ISO 639-1)."""
        body = {"name": name, "ocrEngine": "paddleocr", "documentType": "invoice", "languages": languages}
        return str((await self._call("POST", "/ocr-invoice-job-template", body))["_id"])

    async def create_job(self, number: str, document_name: str, document_url: str, template: str) -> str:
        """The id of a new job; nothing is read before `process`."""
        body = {
            "jobNumber": number,
            "documentName": document_name,
            "documentUrl": document_url,
            "template": template,
            "createdBy": "demo",
        }
        return str((await self._call("POST", "/ocr-invoice-job", body))["_id"])

    async def process(self, job_id: str) -> None:
        await self._call("POST", f"/ocr-invoice-job/{job_id}/process")

    async def job(self, job_id: str) -> Record:
        return await self._call("GET", f"/ocr-invoice-job/{job_id}")

    async def _call(self, method: str, path: str, body: Record | None = None) -> Record:
        what = f"{method} {path}"
        headers = {"api-key": self.api_key}
        try:
            async with self.session.request(
                method, self.gateway_url + path, json=body, headers=headers
            ) as response:
                answer = await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise DemoError(f"{what} got no usable answer: {error or type(error).__name__}.") from error
        if response.status >= 400 or not answer.get("success"):
            raise DemoError(f"{what} was answered {response.status}: {answer.get('message')}")
        data: Record = answer["data"]
        return data

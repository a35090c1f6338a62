"""Corrections over their whole life: what they teach, what is checked, and how they are taken back."""

from __future__ import annotations

import asyncio
from typing import Any

from shared.messages.results import CorrectionsLearned, DataChecked
from shared.messages.tasks import CheckTask, LearnTask
from tests.integration.tenant import Tenant, findings, invoice_of

TEMPTING = {"field": "invoice.number", "relation": "right of", "shape": "A-9"}


async def learn_label(tenant: Tenant, job: dict[str, Any], label: str) -> dict[str, Any]:
    """Answer the job's next lesson: its number stands at `label`. The profile that knows it."""
    task = await tenant.engine.next(LearnTask, job["_id"])
    await tenant.engine.report(lesson_learned(task, label))
    async with asyncio.timeout(10):
        while True:
            for profile in await tenant.profiles():
                if label in [rule["label"] for rule in profile["rules"]]:
                    return profile
            await asyncio.sleep(0.05)


def lesson_learned(task: LearnTask, label: str) -> CorrectionsLearned:
    return CorrectionsLearned(
        tenant=task.tenant,
        job_id=task.job_id,
        attempt=task.attempt,
        profile_id=task.profile["id"],
        learned_fields=tuple(one["field"] for one in task.corrections),
        rules=(TEMPTING | {"label": label},),
        constants=(),
        revision=task.revision,
        seconds=0.1,
    )


def checked(task: CheckTask, *errors: dict[str, str]) -> DataChecked:
    return DataChecked(
        tenant=task.tenant,
        job_id=task.job_id,
        attempt=task.attempt,
        revision=task.revision,
        validation_results={
            "isValid": all(one["severity"] != "error" for one in errors),
            "errors": list(errors),
        },
        seconds=0.1,
    )


def used(profile: dict[str, Any]) -> list[str]:
    return [rule["label"] for rule in profile["rules"] if "overruledBy" not in rule]


async def test_null_teaches_that_a_field_is_not_there(tenant: Tenant) -> None:
    job = await tenant.read(invoice_of("99") | {"dueDate": "2026-01-31"})
    await tenant.correct(job, dueDate=None)
    lesson = await tenant.engine.next(LearnTask, job["_id"])
    assert lesson.corrections == ({"field": "invoice.dueDate", "read": "2026-01-31"},)
    assert (await tenant.client.job(job["_id"]))["extractedData"]["invoice"]["dueDate"] is None


async def test_corrected_items_and_tax_lines_are_a_lesson(tenant: Tenant) -> None:
    job = await tenant.read(invoice_of())
    items = [{"description": "Widget", "quantity": 2, "amount": 100.0}]
    taxes = [{"rate": 19, "base": 100.0, "amount": 19.0}]
    data = job["extractedData"]
    body = {"extractedData": {**data, "invoice": {**data["invoice"], "taxes": taxes}, "lineItems": items}}
    assert (await tenant.client.put(f"/ocr-invoice-job/{job['_id']}", body)).status == 200
    lesson = await tenant.engine.next(LearnTask, job["_id"])
    assert (lesson.corrections, lesson.line_items, lesson.taxes) == ((), tuple(items), tuple(taxes))


async def test_a_correction_by_mistake_is_forgotten_when_it_is_put_back(tenant: Tenant) -> None:
    job = await tenant.read(invoice_of("99"))
    await tenant.correct(job, number="KW-1")
    assert (await learn_label(tenant, job, "File no"))["learned"] is True
    await tenant.correct(job)
    (profile,) = await tenant.profiles()
    assert (profile["rules"], profile["learned"]) == ([], False)
    await asyncio.sleep(0.3)
    assert not [one for one in tenant.engine.waiting(job["_id"]) if isinstance(one, LearnTask)]


async def test_a_contradiction_counts_until_it_is_put_back(tenant: Tenant) -> None:
    first, second = await tenant.read(invoice_of("99")), await tenant.read(invoice_of("98"))
    await tenant.correct(first, number="KW-1")
    await learn_label(tenant, first, "File no")
    await tenant.correct(second, number="B-1")
    profile = await learn_label(tenant, second, "Case no")
    assert used(profile) == ["Case no"]
    (overruled,) = [rule for rule in profile["rules"] if "overruledBy" in rule]
    assert (overruled["label"], overruled["overruledBy"]) == ("File no", second["_id"])
    await tenant.correct(second)
    (profile,) = await tenant.profiles()
    assert used(profile) == ["File no"]


async def test_overruled_rules_do_not_go_to_engines(tenant: Tenant) -> None:
    first, second = await tenant.read(invoice_of("99")), await tenant.read(invoice_of("98"))
    await tenant.correct(first, number="KW-1")
    await learn_label(tenant, first, "File no")
    await tenant.correct(second, number="B-1")
    await learn_label(tenant, second, "Case no")
    await tenant.correct(first, number="KW-2")
    lesson = await tenant.engine.next(LearnTask, first["_id"])
    assert [rule["label"] for rule in lesson.profile["rules"]] == ["Case no"]


async def test_a_lesson_of_data_that_was_corrected_again_is_not_learned(tenant: Tenant) -> None:
    job = await tenant.read(invoice_of("99"))
    await tenant.correct(job, number="KW-1")
    late = await tenant.engine.next(LearnTask, job["_id"])
    await tenant.correct(job)
    await tenant.engine.report(lesson_learned(late, "Late"))
    await tenant.correct(job, number="KW-2")
    profile = await learn_label(tenant, job, "File no")
    assert [rule["label"] for rule in profile["rules"]] == ["File no"]


async def test_a_correction_that_is_removed_from_a_page_is_forgotten(tenant: Tenant) -> None:
    job = await tenant.read(invoice_of("99"))
    (page,) = await tenant.client.pages(job["_id"])
    mark = {"type": "correction", "field": "invoice.number", "text": "KW-1"}
    path = f"/ocr-invoice-job-page/{page['_id']}"
    assert (await tenant.client.put(path, {"annotations": [mark]})).status == 200
    await learn_label(tenant, job, "File no")
    assert (await tenant.client.put(path, {"annotations": []})).status == 200
    (profile,) = await tenant.profiles()
    assert profile["rules"] == []


async def test_an_empty_correction_of_a_page_says_that_the_field_is_not_there(tenant: Tenant) -> None:
    job = await tenant.read(invoice_of("99"))
    (page,) = await tenant.client.pages(job["_id"])
    mark = {"type": "correction", "field": "invoice.number", "text": ""}
    await tenant.client.put(f"/ocr-invoice-job-page/{page['_id']}", {"annotations": [mark]})
    lesson = await tenant.engine.next(LearnTask, job["_id"])
    assert lesson.corrections == ({"field": "invoice.number", "read": "99"},)


async def test_a_mistaken_name_of_a_supplier_is_forgotten_when_it_is_put_back(tenant: Tenant) -> None:
    job = await tenant.read(invoice_of("99"))
    supplier = job["extractedData"]["invoice"]["supplier"]
    await tenant.correct(job, supplier=supplier | {"name": "Keßler & Co."})
    assert [profile["names"] for profile in await tenant.profiles()] == [["Keßler & Co."]]
    await tenant.correct(job)
    assert [profile["names"] for profile in await tenant.profiles()] == [["Kessler GmbH"]]


async def test_corrected_data_is_checked_anew(tenant: Tenant) -> None:
    earlier = await tenant.read(invoice_of("R-1"), sha256="a" * 64)
    job = await tenant.read(invoice_of("R-l"), sha256="b" * 64)
    await tenant.correct(job, number="R-1")
    task = await tenant.engine.next(CheckTask, job["_id"])
    assert task.extracted_data["invoice"]["number"] == "R-1"
    assert "invoice.number" not in task.confidence
    error = {"field": "invoice.date", "message": "The invoice date was not found.", "severity": "error"}
    await tenant.engine.report(checked(task, error))
    corrected = await _with_finding(tenant, job, "invoice.date")
    assert corrected["validationResults"]["isValid"] is False
    (sentence,) = findings(corrected, "invoice.number")
    assert earlier["jobNumber"] in sentence


async def test_findings_of_data_that_was_corrected_again_are_dropped(tenant: Tenant) -> None:
    job = await tenant.read(invoice_of("99"))
    await tenant.correct(job, number="R-1")
    late = await tenant.engine.next(CheckTask, job["_id"])
    await tenant.correct(job, number="R-2")
    task = await tenant.engine.next(CheckTask, job["_id"])
    assert task.revision > late.revision
    await tenant.engine.report(checked(late, {"field": "late", "message": "Late.", "severity": "error"}))
    await tenant.engine.report(checked(task, {"field": "new", "message": "New.", "severity": "warning"}))
    corrected = await _with_finding(tenant, job, "new")
    assert findings(corrected, "late") == []
    assert corrected["validationResults"]["isValid"] is True


async def _with_finding(tenant: Tenant, job: dict[str, Any], field: str) -> dict[str, Any]:
    """The job once something was found about the field."""
    async with asyncio.timeout(10):
        while True:
            current = await tenant.client.job(job["_id"])
            if findings(current, field):
                return current
            await asyncio.sleep(0.05)

"""Suppliers as the gateway knows them: lessons, known accounts, duplicates; and how they are forgotten."""

from __future__ import annotations

import asyncio

from shared.identity import name_key, tax_id_key
from shared.messages.results import CorrectionsLearned
from shared.messages.tasks import ExtractTask, LearnTask
from tests.api_client import ApiClient
from tests.integration.engine import PlayedEngine
from tests.integration.tenant import FIRST_ACCOUNT, OTHER_ACCOUNT, URL, Tenant, findings, invoice_of

MARKS = (str(tax_id_key("DE136695976")), str(name_key("Kessler GmbH")))


async def test_a_corrected_job_is_a_lesson_for_the_next(tenant: Tenant) -> None:
    job = await tenant.read(invoice_of("99"))
    await tenant.correct(job, number="KW-1")
    lesson = await tenant.engine.next(LearnTask, job["_id"])
    assert lesson.corrections == ({"field": "invoice.number", "value": "KW-1", "read": "99"},)
    assert lesson.profile["names"] == ["Kessler GmbH"]
    profile = await tenant.taught(lesson)
    (rule,) = profile["rules"]
    assert (rule["label"], rule["job"], rule["jobNumber"]) == ("File no", job["_id"], job["jobNumber"])
    assert profile["learned"] is True
    task = await extraction_with_marks(tenant, MARKS)
    (sent,) = task.profiles
    assert sent["rules"] == [
        {"field": "invoice.number", "label": "File no", "relation": "right of", "shape": "A-9"}
    ]
    assert (await extraction_with_marks(tenant, ("name:someoneelse",))).profiles == ()
    assert (await extraction_with_marks(tenant, ())).profiles == ()


async def extraction_with_marks(tenant: Tenant, marks: tuple[str, ...]) -> ExtractTask:
    """What the engine is asked to extract when a page has these marks."""
    job_id = (await tenant.client.create_job(URL, tenant.template))["_id"]
    await tenant.client.process(job_id)
    return await tenant.engine.complete(job_id, marks=marks)


async def test_a_supplier_of_another_tenant_is_not_sent(
    tenant: Tenant, client: ApiClient, template: str, engine: PlayedEngine
) -> None:
    job = await tenant.read(invoice_of("99"))
    await tenant.correct(job, number="KW-1")
    profile = await tenant.taught(await tenant.engine.next(LearnTask, job["_id"]))
    assert (await extraction_with_marks(Tenant(client, template, engine), MARKS)).profiles == ()
    assert (await client.get(f"/supplier-profile/{profile['_id']}")).status == 404
    assert (await client.delete(f"/supplier-profile/{profile['_id']}")).status == 404


async def test_a_corrected_page_is_a_lesson_too(tenant: Tenant) -> None:
    job = await tenant.read(invoice_of("99"))
    (page,) = await tenant.client.pages(job["_id"])
    box = {"x": 1.0, "y": 2.0, "width": 30.0, "height": 8.0}
    note = {"type": "note", "text": "hello"}
    mark = {"type": "correction", "field": "invoice.number", "text": "KW-1", "coordinates": box}
    body = {"annotations": [note, mark]}
    assert (await tenant.client.put(f"/ocr-invoice-job-page/{page['_id']}", body)).status == 200
    lesson = await tenant.engine.next(LearnTask, job["_id"])
    correction = {"field": "invoice.number", "value": "KW-1", "read": "99", "page": 1, "box": box}
    assert lesson.corrections == (correction,)
    await tenant.client.put(f"/ocr-invoice-job-page/{page['_id']}", body)
    await asyncio.sleep(0.5)
    assert tenant.engine.waiting(job["_id"]) == []
    bad = {"annotations": [{"type": "correction", "field": "invoice.mood", "text": "good"}]}
    assert (await tenant.client.put(f"/ocr-invoice-job-page/{page['_id']}", bad)).status == 400


async def test_a_correction_without_a_field_is_about_what_was_read_there(tenant: Tenant) -> None:
    job = await tenant.read(invoice_of("99"))
    box = {"x": 10.0, "y": 20.0, "width": 30.0, "height": 10.0}
    where = {"invoice.number": {"page": 1, "boundingBox": box, "text": "99", "reason": "label"}}
    data = {**job["extractedData"], "provenance": where}
    await tenant.client.put(f"/ocr-invoice-job/{job['_id']}", {"extractedData": data})
    (page,) = await tenant.client.pages(job["_id"])
    mark = {"type": "correction", "text": "KW-1", "coordinates": {"x": 5, "y": 15, "width": 50, "height": 20}}
    await tenant.client.put(f"/ocr-invoice-job-page/{page['_id']}", {"annotations": [mark]})
    lesson = await tenant.engine.next(LearnTask, job["_id"])
    assert [(one["field"], one["value"]) for one in lesson.corrections] == [("invoice.number", "KW-1")]


async def test_an_erased_profile_forgets_all_and_stays_erased(tenant: Tenant) -> None:
    job = await tenant.read(invoice_of("99"))
    await tenant.correct(job, number="KW-1")
    lesson = await tenant.engine.next(LearnTask, job["_id"])
    profile = await tenant.taught(lesson)
    assert (await tenant.client.get(f"/supplier-profile/{profile['_id']}")).data["name"] == "Kessler GmbH"
    gone = await tenant.client.delete(f"/supplier-profile/{profile['_id']}")
    assert gone.body == {"success": True, "message": "Supplier profile deleted successfully"}
    late = CorrectionsLearned(
        tenant=lesson.tenant,
        job_id=lesson.job_id,
        attempt=lesson.attempt,
        profile_id=lesson.profile["id"],
        learned_fields=("invoice.number",),
        rules=({"field": "invoice.number", "label": "Late", "relation": "right of"},),
        constants=(),
        seconds=0.1,
    )
    await tenant.engine.report(late)
    assert (await extraction_with_marks(tenant, MARKS)).profiles == ()
    assert await tenant.profiles() == []


async def test_a_changed_account_is_told_until_a_person_confirms_it(tenant: Tenant) -> None:
    first = await tenant.read(invoice_of("R-1"))
    same = await tenant.read(invoice_of("R-2"))
    assert findings(first, "invoice.payment.iban") == findings(same, "invoice.payment.iban") == []
    forged = await tenant.read(invoice_of("R-3", OTHER_ACCOUNT))
    (sentence,) = findings(forged, "invoice.payment.iban")
    assert "DE02…2051" in sentence
    assert "DE89…3000" in sentence
    assert OTHER_ACCOUNT not in sentence
    assert forged["status"] == "completed"
    assert len(findings(await tenant.read(invoice_of("R-4", OTHER_ACCOUNT)), "invoice.payment.iban")) == 1
    (profile,) = await tenant.profiles()
    assert [(one["iban"], one["known"]) for one in profile["accounts"]] == [
        (FIRST_ACCOUNT, True),
        (OTHER_ACCOUNT, False),
    ]
    await tenant.correct(forged, purchaseOrder="B-7")
    assert findings(await tenant.read(invoice_of("R-5", OTHER_ACCOUNT)), "invoice.payment.iban") == []
    assert findings(await tenant.read(invoice_of("R-6")), "invoice.payment.iban") == []


async def test_another_company_of_the_same_name_is_told_but_kept_apart(tenant: Tenant) -> None:
    await tenant.read(invoice_of("R-1"))
    other = invoice_of("R-2", OTHER_ACCOUNT)
    other["supplier"]["taxId"] = "DE811569869"
    assert len(findings(await tenant.read(other), "invoice.payment.iban")) == 1
    assert len(findings(await tenant.read(other | {"number": "R-3"}), "invoice.payment.iban")) == 1
    assert sorted(one["taxIds"] for one in await tenant.profiles()) == [["DE136695976"], ["DE811569869"]]


async def test_a_page_correction_of_another_field_confirms_no_account(tenant: Tenant) -> None:
    await tenant.read(invoice_of("R-1"))
    forged = await tenant.read(invoice_of("R-2", OTHER_ACCOUNT))
    (page,) = await tenant.client.pages(forged["_id"])
    mark = {"type": "correction", "field": "invoice.number", "text": "R-22"}
    await tenant.client.put(f"/ocr-invoice-job-page/{page['_id']}", {"annotations": [mark]})
    assert len(findings(await tenant.read(invoice_of("R-3", OTHER_ACCOUNT)), "invoice.payment.iban")) == 1
    account = {"type": "correction", "field": "invoice.payment.iban", "text": "DE02 1203 0000 0000 2020 51"}
    await tenant.client.put(f"/ocr-invoice-job-page/{page['_id']}", {"annotations": [mark, account]})
    assert findings(await tenant.read(invoice_of("R-4", OTHER_ACCOUNT)), "invoice.payment.iban") == []


async def test_a_corrected_name_takes_the_place_of_the_misread_one(tenant: Tenant) -> None:
    misread = {"number": "R-1", "supplier": {"name": "Rechnung an"}, "payment": {"iban": FIRST_ACCOUNT}}
    job = await tenant.read(misread)
    await tenant.correct(job, supplier={"name": "Kessler GmbH"})
    (profile,) = await tenant.profiles()
    assert profile["names"] == ["Kessler GmbH"]
    assert [one["iban"] for one in profile["accounts"]] == [FIRST_ACCOUNT]


async def test_the_same_invoice_and_the_same_file_are_told(tenant: Tenant) -> None:
    first = await tenant.read(invoice_of("R-1"), sha256="a" * 64)
    assert findings(first, "invoice.number") == []
    (sentence,) = findings(await tenant.read(invoice_of("r 1"), sha256="b" * 64), "invoice.number")
    assert first["jobNumber"] in sentence
    assert first["_id"] in sentence
    assert "number" in sentence
    assert "total 119.0" in sentence
    other_total = await tenant.read(invoice_of("R-1", total=99.0), sha256="c" * 64)
    assert "but the total is 99.0 and was 119.0" in findings(other_total, "invoice.number")[0]
    file = await tenant.read(invoice_of("R-9"), sha256="a" * 64)
    (sentence,) = findings(file, "document")
    assert "the very same file" in sentence
    assert file["status"] == "completed"


async def test_a_job_read_again_is_no_duplicate_of_itself_or_a_later_one(tenant: Tenant) -> None:
    first = await tenant.read(invoice_of("R-1"), sha256="a" * 64)
    second = await tenant.read(invoice_of("R-1"), sha256="a" * 64)
    assert len(findings(second, "invoice.number")) == 1
    again = await tenant.read_again(first, invoice_of("R-1"), sha256="a" * 64)
    assert findings(again, "invoice.number") == []
    second = await tenant.read_again(second, invoice_of("R-1"), sha256="a" * 64)
    assert len(findings(second, "invoice.number")) == 1


async def test_a_deleted_job_is_no_earlier_job(tenant: Tenant) -> None:
    first = await tenant.read(invoice_of("R-1"), sha256="a" * 64)
    second = await tenant.read(invoice_of("R-1"), sha256="a" * 64)
    assert (await tenant.client.delete(f"/ocr-invoice-job/{first['_id']}")).status == 200
    assert len(findings(await tenant.client.job(second["_id"]), "invoice.number")) == 1
    second = await tenant.read_again(second, invoice_of("R-1"), sha256="a" * 64)
    assert findings(second, "invoice.number") == []
    (profile,) = await tenant.profiles()
    assert profile["accounts"][0]["job"] == first["_id"]


async def test_a_corrected_number_counts_for_later_jobs(tenant: Tenant) -> None:
    job = await tenant.read(invoice_of("R-l"))
    await tenant.correct(job, number="R-1")
    assert len(findings(await tenant.read(invoice_of("R-1")), "invoice.number")) == 1
    assert findings(await tenant.read(invoice_of("R-l")), "invoice.number") == []


async def test_of_two_at_the_same_moment_one_is_told(tenant: Tenant) -> None:
    jobs = await asyncio.gather(*(tenant.read(invoice_of("R-1"), sha256="a" * 64) for _ in range(6)))
    told = sorted(len(findings(job, "invoice.number")) for job in jobs)
    assert told == [0, 1, 2, 3, 3, 3]
    assert len(await tenant.profiles()) == 1


async def test_an_invoice_of_another_tenant_is_no_duplicate(
    tenant: Tenant, client: ApiClient, template: str, engine: PlayedEngine
) -> None:
    await tenant.read(invoice_of("R-77"), sha256="f" * 64)
    other = await Tenant(client, template, engine).read(invoice_of("R-77"), sha256="f" * 64)
    assert findings(other, "invoice.number") == findings(other, "document") == []

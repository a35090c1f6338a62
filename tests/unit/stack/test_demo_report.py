"""The demo's report shows what was read, and says so where nothing was."""

from __future__ import annotations

from deploy.local.demo.report import describe_job

JOB = {
    "documentName": "invoice.pdf",
    "documentInfo": {"pages": 2, "format": "pdf"},
    "processingTime": 1.26,
    "confidence": {"overall": 0.934},
    "extractedData": {
        "invoice": {
            "number": "A-17",
            "kind": "invoice",
            "language": "de",
            "date": "2026-02-01",
            "dueDate": "2026-03-01",
            "supplier": {"name": "Nord AG", "address": "Weg 1\n20095 Hamburg", "taxId": "DE123"},
            "customer": {"name": "Süd GmbH"},
            "amounts": {"subtotal": 1000, "tax": 190.5, "total": 1190.5, "currency": "EUR"},
        },
        "lineItems": [{"description": "Paper\nA4", "quantity": 2.5, "unitPrice": 400, "amount": 1000}],
    },
    "validationResults": {
        "isValid": False,
        "errors": [{"field": "amounts.total", "severity": "error", "message": "The sum is wrong."}],
    },
}


def test_all_that_was_read_is_shown() -> None:
    lines = describe_job(JOB).splitlines()
    assert lines[0] == "invoice.pdf (pdf, 2 pages, 1.3 s, confidence 0.93)"
    text = "\n".join(" ".join(line.split()) for line in lines)
    assert "number A-17" in text
    assert "dates issued 2026-02-01, due 2026-03-01" in text
    assert "supplier Nord AG, Weg 1 20095 Hamburg, DE123" in text
    assert "amounts subtotal 1,000.00 tax 190.50 total 1,190.50 EUR" in text
    assert "Paper A4 2.5 400.00 1,000.00" in text
    assert "validation not valid\nerror: amounts.total: The sum is wrong." in text


def test_columns_stand_under_their_headings() -> None:
    lines = describe_job(JOB).splitlines()
    header = next(line for line in lines if "unit price" in line)
    item = next(line for line in lines if "Paper" in line)
    assert len(header) == len(item)
    assert header.index("unit price") + len("unit price") == item.index("400.00") + len("400.00")


def test_a_long_description_does_not_break_the_table() -> None:
    long = {**JOB, "extractedData": {"lineItems": [{"description": "x" * 200, "amount": 1}]}}
    item = next(line for line in describe_job(long).splitlines() if "xxx" in line)
    assert "…" in item
    assert len(item) < 100


def test_what_was_not_found_is_marked() -> None:
    text = describe_job({"documentName": "empty.png", "documentInfo": {"pages": 1}})
    assert "empty.png (unknown format, 1 page)" in text
    assert "dates       issued –, due –" in text
    assert "line items  –" in text

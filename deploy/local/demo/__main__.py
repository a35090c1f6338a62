"""Run the demo: make the samples, start a stack, send them, show progress and results, stop everything."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from deploy.local.demo.client import DemoError, InvoiceApi, Record
from deploy.local.demo.files import FileServer, serving_files
from deploy.local.demo.report import describe_job
from deploy.local.interrupts import run_command
from deploy.local.options import demo_options
from deploy.local.process import first_to_end
from deploy.local.stack import Stack, running_stack
from tests.generator.samples import Sample, make_demo_samples

LANGUAGES = ["de", "en", "fr"]
POLL_SECONDS = 0.3
DOCUMENTS_SECONDS = 300.0
FINISHED = frozenset({"completed", "failed", "cancelled"})
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Submission:
    """A sample that was handed to the gateway as a job."""

    sample: Sample
    job_id: str


async def run_demo(environment: Mapping[str, str]) -> int:
    """Run the demo and print its summary as the last line; raises LedgerLensError when anything fails."""
    started = time.monotonic()
    folder = demo_options(environment, "").data_dir / "samples"
    _say("Making three sample invoices …")
    samples = await asyncio.to_thread(make_demo_samples, folder)
    async with serving_files(folder) as files:
        options = demo_options(environment, files.address)
        _say(f"Starting database, broker, gateway and engine; their logs go to {options.data_dir}/logs …")
        async with running_stack(options) as stack:
            _say(f"Ready at {stack.gateway_url} after {time.monotonic() - started:.0f} s.")
            jobs = await _while_stack_lives(stack, samples, files)
            for job in jobs:
                _say("\n" + describe_job(job))
            _say("\nStopping …")
    summary = {
        "demo": "ok",
        "documents": len(samples),
        "completed": len(jobs),
        "pages": sum(job["documentInfo"]["pages"] for job in jobs),
        "seconds": round(time.monotonic() - started, 1),
    }
    _say(json.dumps(summary))
    return 0


async def _while_stack_lives(stack: Stack, samples: Sequence[Sample], files: FileServer) -> list[Record]:
    """Read the samples; raises at once, with the log, when a process of the stack ends meanwhile."""
    processes = list(stack.processes.values())
    reading = asyncio.ensure_future(_read_samples(stack, samples, files))
    watching = asyncio.ensure_future(first_to_end(processes))
    try:
        await asyncio.wait((reading, watching), return_when=asyncio.FIRST_COMPLETED)
        for process in processes:
            if not process.running:
                raise process.failure(f"ended by itself with status {process.exit_code}")
        return reading.result()
    finally:
        reading.cancel()
        watching.cancel()
        await asyncio.gather(reading, watching, return_exceptions=True)


async def _read_samples(stack: Stack, samples: Sequence[Sample], files: FileServer) -> list[Record]:
    timeout = aiohttp.ClientTimeout(total=30)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session:
            api = InvoiceApi(session, stack.gateway_url, stack.api_key)
            submissions = await _submit(api, samples, files)
            async with asyncio.timeout(DOCUMENTS_SECONDS):
                return await _follow(api, submissions)
    except TimeoutError as error:
        raise DemoError(
            f"The documents were not finished after {DOCUMENTS_SECONDS:.0f} s. {_where(stack)}"
        ) from error
    except DemoError as error:
        raise DemoError(f"{error} {_where(stack)}") from error


async def _submit(api: InvoiceApi, samples: Sequence[Sample], files: FileServer) -> list[Submission]:
    template = await api.create_template("Demo invoices", LANGUAGES)
    run = time.strftime("%Y%m%d-%H%M%S")
    submissions = []
    for sample in samples:
        document = sample.document.name
        job_id = await api.create_job(f"{run}-{sample.name}", document, files.url(document), template)
        await api.process(job_id)
        _say(f"Sent {document} ({sample.kind}) as job {job_id}.")
        submissions.append(Submission(sample, job_id))
    return submissions


async def _follow(api: InvoiceApi, submissions: Sequence[Submission]) -> list[Record]:
    """Print every change of progress until all jobs are completed; raises DemoError for one that failed."""
    width = max(len(submission.sample.document.name) for submission in submissions)
    shown: dict[str, str] = {}
    while True:
        jobs = [await api.job(submission.job_id) for submission in submissions]
        for submission, job in zip(submissions, jobs, strict=True):
            line = f"  {submission.sample.document.name:<{width}}  {_progress(job)}"
            if shown.get(submission.job_id) != line:
                shown[submission.job_id] = line
                _say(line)
        if all(job["status"] in FINISHED for job in jobs):
            break
        await asyncio.sleep(POLL_SECONDS)
    for job in jobs:
        if job["status"] != "completed":
            reason = str(job.get("errorLog") or "no reason was given").rstrip(".")
            raise DemoError(f"{job['documentName']} ended as {job['status']}: {reason}.")
    return jobs


def _progress(job: Record) -> str:
    progress = job.get("progress") or {}
    percentage = progress.get("percentage") or 0
    return f"{percentage:3.0f} %  {job['status']:<10}  {progress.get('currentStep') or ''}".rstrip()


def _where(stack: Stack) -> str:
    logs: list[Path] = [stack.logs["gateway"], stack.logs["engine"]]
    return "See the logs: " + ", ".join(str(log) for log in logs)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(run_command(run_demo(os.environ), stopped_status=INTERRUPTED))

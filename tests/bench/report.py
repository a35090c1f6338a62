"""A table to read and a JSON file to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median, quantiles
from typing import Any

from tests.bench.digital import DigitalResult
from tests.bench.race import Lap, Result
from tests.bench.scores import total

COLUMNS = (
    ("engine", "name"),
    ("processes", "processes"),
    ("pages/s", "pagesPerSecond"),
    ("s/page p50", "secondsP50"),
    ("s/page p95", "secondsP95"),
    ("cpu s/page", "processorSecondsPerPage"),
    ("word F1", "wordF1"),
    ("CER", "characterErrorRate"),
    ("peak MiB each", "peakMemoryMiB"),
    ("ready s", "readySeconds"),
)


def summary(result: Result) -> dict[str, Any]:
    """The figures of one engine over all pages, and its word F1 and rate of errors per group of pages."""
    seconds = [lap.seconds for lap in result.laps]
    groups = sorted({lap.page.group for lap in result.laps})
    return {
        "engine": result.name,
        "name": result.title,
        "processes": result.processes,
        "pages": len(result.laps),
        "pagesPerSecond": round(result.processes * len(seconds) / sum(seconds), 3),
        "secondsP50": round(median(seconds), 2),
        "secondsP95": round(_p95(seconds), 2),
        "processorSecondsPerPage": round(_mean(lap.processor_seconds for lap in result.laps), 2),
        **_accuracy(result.laps),
        "peakMemoryMiB": round(result.peak_memory),
        "memoryMiB": [round(lap.memory) for lap in result.laps],
        "readySeconds": round(result.ready_seconds, 1),
        "groups": {
            group: {
                **_accuracy([lap for lap in result.laps if lap.page.group == group]),
                "processorSecondsPerPage": round(
                    _mean(lap.processor_seconds for lap in result.laps if lap.page.group == group), 2
                ),
            }
            for group in groups
        },
    }


def digital_summary(result: DigitalResult) -> dict[str, Any]:
    """The figures of born-digital documents, per process."""
    return {
        "documents": result.documents,
        "pages": result.pages,
        "pagesFromTextLayer": result.read_from_text_layer,
        "pagesPerSecondPerProcess": round(result.pages_per_second, 2),
        "prepareSecondsPerPage": round(result.prepare_seconds / result.pages, 4),
        "readSecondsPerPage": round(result.read_seconds / result.pages, 4),
        "extractSecondsPerPage": round(result.extract_seconds / result.pages, 4),
        "pageImageAloneSecondsPerPage": round(result.image_seconds / result.pages, 4),
    }


def table(summaries: Sequence[dict[str, Any]]) -> str:
    """The summaries as a Markdown table, with the word F1 of every group of pages at the end."""
    groups = sorted({group for summary in summaries for group in summary["groups"]})
    rows = [[*(title for title, _ in COLUMNS), *(f"F1 {group}" for group in groups)]]
    for figures in summaries:
        per_group = [str(figures["groups"][group]["wordF1"]) for group in groups]
        rows.append([*(str(figures[key]) for _, key in COLUMNS), *per_group])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    )


def _accuracy(laps: Sequence[Lap]) -> dict[str, float]:
    every = total(lap.score for lap in laps)
    return {"wordF1": round(every.word_f1, 4), "characterErrorRate": round(every.error_rate, 4)}


def _mean(values: Any) -> float:
    every = list(values)
    return float(sum(every) / len(every))


def _p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]

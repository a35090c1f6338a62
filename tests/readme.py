"""The README's commands and the outputs that it shows, for running and comparing them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """One block of commands, and what the README shows them to print (empty: nothing)."""

    commands: str
    output: str


def walk_through() -> list[Step]:
    """The `sh` blocks of the README in order, each with the `json` or `text` block that follows it."""
    blocks = _BLOCK.findall(README.read_text(encoding="utf-8"))
    steps: list[Step] = []
    for language, content in blocks:
        if language == "sh":
            steps.append(Step(content, ""))
        elif language in ("json", "text") and steps:
            steps[-1] = Step(steps[-1].commands, steps[-1].output + content)
    return steps

"""Write `docs/configuration.md`: every setting of every part, from where the code declares it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from deploy.local.options import STACK_SETTINGS
from services.engine.settings import Settings as EngineSettings
from services.gateway.settings import Settings as GatewaySettings
from shared.settings import SettingDeclaration, declared_settings

CONFIGURATION = Path(__file__).resolve().parents[1] / "docs" / "configuration.md"

_INTRODUCTION = """\
# Configuration

All settings are environment variables; an empty one counts as not set. A service that can't use a value
says which and why, and does not start. Times are seconds, sizes are bytes. `make docs` writes this file from
the code.
"""
_STACK = """\
`make up` and `make demo` set up all of it on one machine. They take these, and hand every other variable
on to the services (the demo chooses its own port and key).
"""


def configuration_document() -> str:
    """The text of `docs/configuration.md`."""
    parts = [
        _INTRODUCTION,
        "## The gateway\n",
        _table(declared_settings(GatewaySettings)),
        "## The engine\n",
        _table(declared_settings(EngineSettings)),
        "## The local stack\n",
        _STACK,
        _table(STACK_SETTINGS),
    ]
    return "\n".join(parts)


def _table(settings: Iterable[SettingDeclaration]) -> str:
    rows = ["| variable | default | what it does |", "|---|---|---|"]
    rows += [f"| `{one.name}` | {_default(one.default)} | {_cell(one.description)} |" for one in settings]
    return "\n".join(rows) + "\n"


def _default(text: str) -> str:
    return text if text in ("", "required") else f"`{_cell(text)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    CONFIGURATION.parent.mkdir(exist_ok=True)
    CONFIGURATION.write_text(configuration_document(), encoding="utf-8")

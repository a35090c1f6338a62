"""`python -m services.engine`"""

from __future__ import annotations

import asyncio
import os
import sys

from services.engine.preload import start_fork_server
from services.engine.settings import Settings
from shared.errors import SettingsError
from shared.logs import configure_logging
from shared.settings import load_settings


def main() -> None:
    try:
        settings = load_settings(Settings, os.environ)
    except SettingsError as error:
        sys.exit(f"The engine can't start. {error}")
    configure_logging("engine", settings.log_level)
    start_fork_server(settings.ocr_runtime)
    # Both processes import at the same time; and workers, whose main module this is too, need no app.
    from services.engine.app import run_engine  # noqa: PLC0415 - see above

    asyncio.run(run_engine(settings))


if __name__ == "__main__":
    main()

"""`python -m services.gateway`"""

from __future__ import annotations

import os
import sys

from aiohttp import web

from services.gateway.app import create_app
from services.gateway.settings import Settings
from shared.errors import SettingsError
from shared.logs import configure_logging
from shared.settings import load_settings


def main() -> None:
    try:
        settings = load_settings(Settings, os.environ)
    except SettingsError as error:
        sys.exit(f"The gateway can't start. {error}")
    configure_logging("gateway", settings.log_level)
    web.run_app(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        shutdown_timeout=settings.shutdown_seconds,
        access_log=None,
        print=None,
    )


if __name__ == "__main__":
    main()

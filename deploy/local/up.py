"""`make up`: start the private stack and keep it serving until Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping

from deploy.local.interrupts import run_command
from deploy.local.options import serving_options
from deploy.local.process import first_to_end
from deploy.local.stack import running_stack


async def serve(environment: Mapping[str, str]) -> int:
    """Run the stack until cancelled; raises ProcessError when one of its processes ends by itself."""
    started = time.monotonic()
    options = serving_options(environment)
    print(f"Starting LedgerLens; data and logs are in {options.data_dir} …", flush=True)
    try:
        async with running_stack(options) as stack:
            print(f"Ready after {time.monotonic() - started:.0f} s at {stack.gateway_url}", flush=True)
            print(f"API key: {stack.api_key}   (header `api-key`, or `Authorization: Bearer`)", flush=True)
            print("Ctrl-C stops it; the data stays.", flush=True)
            ended = await first_to_end(list(stack.processes.values()))
            raise ended.failure(f"ended by itself with status {ended.exit_code}")
    except asyncio.CancelledError:
        print("\nStopped.", flush=True)
        raise


if __name__ == "__main__":
    sys.exit(run_command(serve(os.environ), stopped_status=0))

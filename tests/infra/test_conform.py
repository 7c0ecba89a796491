"""The check of the stand-in by the provider's description: what it needs, and what it counts as wrong."""

import os
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest
import requests

from infra.conform.prism import UNDESCRIBED, proxy, violations
from infra.local.trouble import LocalError

ROOT = Path(__file__).parents[2]


def answered(found: list[dict[str, object]], body: object = None) -> requests.Response:
    answer = requests.Response()
    answer.headers["sl-violations"] = msgspec.json.encode(found).decode()
    if body is not None:
        answer.headers["Content-Type"] = "application/problem+json"
        answer._content = msgspec.json.encode(body)
    return answer


def test_a_field_that_is_not_as_described_is_named() -> None:
    wrong: dict[str, object] = {
        "location": ["response", "body", "sid"],
        "severity": "Error",
        "message": "must match pattern",
    }
    assert violations(answered([wrong])) == ["response.body.sid: must match pattern"]
    assert violations(answered([], {"validation": [wrong]})) == ["response.body.sid: must match pattern"]


def test_an_error_that_the_description_leaves_out_is_not_held_against_it() -> None:
    assert violations(answered([{"location": ["response"], "message": f"{UNDESCRIBED} …: 201"}])) == []


def test_what_the_proxy_says_of_itself_is_no_clean_answer() -> None:
    assert violations(answered([], {"title": "Route not resolved"}))


def test_without_the_packages_one_line_says_what_installs_them(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="`make conform` installs it"), proxy(tmp_path, "http://127.0.0.1:9"):
        pass


def test_without_npm_one_line_says_what_is_missing(tmp_path: Path) -> None:
    for tool in ("make", "sh", "env", "touch", "mkdir", "cp"):
        found = shutil.which(tool)
        assert found
        (tmp_path / tool).symlink_to(found)
    done = subprocess.run(
        ["make", "-s", "--always-make", "-o", ".venv/.dev-installed", "-o", ".venv/.run-installed",
         "-o", ".venv/bin/uv", ".conform/node_modules/.package-lock.json"],
        cwd=ROOT, env={"PATH": str(tmp_path), "HOME": os.environ["HOME"]},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("make conform needs Node 18.20 or newer with its npm")

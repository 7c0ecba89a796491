"""The images: nothing secret can come into one."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared.settings import SECRET, VARIABLES
from tests.infra.composed import DOCKERFILE, ROOT

IGNORED = (ROOT / "infra" / "Dockerfile.dockerignore").read_text().splitlines()
LOOKS_SECRET = re.compile(r"(^|/)(\.env.*|secrets\.json|up\.json|.*\.(pem|key|p12|pfx))$|KEY-----")


def test_what_is_sent_to_the_builder_is_named_one_by_one() -> None:
    rules = [line for line in IGNORED if line and not line.startswith("#")]
    assert rules[0] == "*"
    sent = {rule[1:] for rule in rules if rule.startswith("!")}
    assert sent == {"pyproject.toml", "README.md", "shared", "infra", "services"}
    tracked = subprocess.run(["git", "ls-files", *sent], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [name for name in tracked.stdout.splitlines() if LOOKS_SECRET.search(name)] == []


def test_an_image_is_given_no_secret_to_keep() -> None:
    secret = {VARIABLES[name][0] for name in SECRET}
    kept = re.findall(r"^(?:ARG|ENV) (.+)$", DOCKERFILE, re.MULTILINE)
    names = {word.partition("=")[0] for line in kept for word in line.split()}
    assert names & secret == set()
    assert not [name for name in names if re.search(r"PASSWORD|TOKEN|SECRET|KEY", name)]


def test_the_base_is_of_one_version() -> None:
    assert re.findall(r"^ARG PYTHON=(\S+)$", DOCKERFILE, re.MULTILINE) == ["python:3.11.14-slim-trixie"]
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {
        "${PYTHON}", "build", "run",
    }  # fmt: skip


def test_the_dockerfile_is_as_hadolint_would_have_it() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("no hadolint here")
    done = subprocess.run(
        [hadolint, ROOT / "infra" / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")

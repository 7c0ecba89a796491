"""infra/kubernetes as kustomize renders it: what a cluster would be given."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.composed import ROOT

FOLDER = ROOT / "infra" / "kubernetes"
STEPS = (FOLDER / "prepare", FOLDER / "migrate", FOLDER, FOLDER / "watched")
"""What is applied, in this order."""
Manifest = dict[str, Any]
EXAMPLES: list[Manifest] = list(yaml.safe_load_all((FOLDER / "secrets.example.yaml").read_text()))


@cache
def rendered(step: Path) -> tuple[Manifest, ...]:
    """What one step applies. Skips the test where there is no kubectl."""
    kubectl = shutil.which("kubectl", path=str(Path(sys.executable).parent)) or shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("no kubectl here, whose kustomize renders the manifests")
    done = subprocess.run([kubectl, "kustomize", step], capture_output=True, text=True, check=True)
    return tuple(yaml.safe_load_all(done.stdout))


def manifests(*kinds: str) -> Iterator[Manifest]:
    """All that is applied, of these kinds or of any."""
    for step in STEPS:
        yield from (one for one in rendered(step) if not kinds or one["kind"] in kinds)


def named(kind: str) -> dict[str, Manifest]:
    """All of a kind, by their names."""
    return {one["metadata"]["name"]: one for one in manifests(kind)}


def pods() -> dict[str, Manifest]:
    """What each Deployment and Job runs, by its name."""
    return {one["metadata"]["name"]: one["spec"]["template"] for one in manifests("Deployment", "Job")}


def container(pod: Manifest) -> Manifest:
    """The one container of a pod."""
    (only,) = pod["spec"]["containers"]
    found: Manifest = only
    return found


def sources() -> dict[tuple[str, str], set[str]]:
    """The variables that each ConfigMap, and each Secret of the example, would hold."""
    found = {("configMapRef", name): set(one["data"]) for name, one in named("ConfigMap").items()}
    return found | {("secretRef", one["metadata"]["name"]): set(one["stringData"]) for one in EXAMPLES}


def read_from(pod: Manifest) -> list[tuple[str, str]]:
    """The ConfigMaps and Secrets whose variables a pod is given, all of them or by name."""
    given = container(pod)
    whole = [(kind, one[kind]["name"]) for one in given.get("envFrom", []) for kind in one]
    singly = [one["valueFrom"]["secretKeyRef"]["name"] for one in given.get("env", []) if "valueFrom" in one]
    return whole + [("secretRef", name) for name in singly]


def environment(pod: Manifest) -> set[str]:
    """The variables that a pod is given."""
    whole = [(kind, one[kind]["name"]) for one in container(pod).get("envFrom", []) for kind in one]
    singly = {one["name"] for one in container(pod).get("env", [])}
    return singly.union(*(sources()[one] for one in whole))

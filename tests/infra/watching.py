"""infra/prometheus and infra/grafana as they are written: rules, their rehearsals, panels, and figures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import promql_parser
import yaml

from infra.grafana import dashboard
from tests.infra.composed import ROOT

FOLDER = ROOT / "infra" / "prometheus"
FIGURES = (ROOT / "docs/metrics.md").read_text()
RUNBOOK = (ROOT / "docs/operations/alerts.md").read_text()
NOT_OURS = re.compile(r"up|process_\w+")
"""Figures of Prometheus and of its Python client."""


def rules() -> list[dict[str, Any]]:
    """Every rule."""
    files = [yaml.safe_load(file.read_text()) for file in sorted((FOLDER / "rules").glob("*.yml"))]
    return [rule for file in files for group in file["groups"] for rule in group["rules"]]


def rehearsed() -> set[str]:
    """The alerts that some rehearsal makes ring."""
    texts = [file.read_text() for file in (FOLDER / "rehearsed").glob("*.yml")]
    return {name for text in texts for name in re.findall(r'alertname="(\w+)", severity', text)}


def queries() -> Iterator[str]:
    """Every question that the dashboard asks."""
    for panel in json.loads(dashboard.FILE.read_text())["panels"]:
        for target in panel.get("targets", []):
            yield target["expr"].replace("$__rate_interval", "1m")


def figures(promql: str) -> set[str]:
    """The figures that a query names, a histogram by its own. Raises ValueError where it is no PromQL."""
    found: set[str] = set()

    def note(node: promql_parser.Expr) -> None:
        if isinstance(node, promql_parser.VectorSelector):
            found.add(re.sub(r"_(bucket|count|sum)$", "", node.name or ""))

    promql_parser.walk(promql_parser.parse(promql), note)
    return {name for name in found if not NOT_OURS.fullmatch(name)}


def shown() -> dict[str, str]:
    """The figures that docs/metrics.md knows, and what it says of when each rings, all its rows together."""
    rows = re.findall(r"^\| `(\w+)` \|.*\|([^|]*)\|$", FIGURES, re.MULTILINE)
    told: dict[str, str] = {}
    for name, rings in rows:
        told[name] = told.get(name, "") + rings
    return told

"""What rings, and what the person on call then reads: each alert has figures, an entry and a rehearsal."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from infra.grafana import dashboard
from tests.infra.composed import ROOT, SERVICES
from tests.infra.watching import FOLDER, RUNBOOK, figures, queries, rehearsed, rules, shown

ASKED = {
    name: int(port[1]) for name, one in SERVICES.items() if (port := re.search(r":(800\d)/readyz", str(one)))
}
BESIDE = {"ProcessMissing", "MemoryGrows", "Watching"}
"""What rings on Prometheus' own figures, of which docs/metrics.md says nothing."""
ALERTS = {rule["alert"] for rule in rules()}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: f"{rule['alert']}-{rule['labels']['severity']}")
def test_a_rule_asks_for_figures_that_are_shown_and_says_what_it_means_for_clients(
    rule: dict[str, Any],
) -> None:
    assert figures(rule["expr"]) <= shown().keys()
    assert rule["labels"]["severity"] in {"page", "ticket", "none"}
    said = rule["annotations"]
    assert said["summary"]
    assert said["means"]
    assert said["runbook_url"] == f"{{{{ $externalLabels.runbooks }}}}#{rule['alert'].lower()}"


def test_each_alert_has_its_entry_and_each_entry_its_alert() -> None:
    entries = re.findall(r"^## (\w+)$", RUNBOOK, re.MULTILINE)
    assert sorted(entries) == sorted(ALERTS)


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_an_entry_says_how_urgent_it_is_what_to_look_at_and_what_to_do(name: str) -> None:
    entry = RUNBOOK.split(f"## {name}\n")[1].split("\n## ")[0]
    severities = {rule["labels"]["severity"] for rule in rules() if rule["alert"] == name}
    assert set(re.findall(r"\*(page|ticket)\b", entry)) == severities - {"none"}
    assert "**Look**" in entry or "**Do**" in entry


def test_the_page_of_figures_names_each_alert_that_they_ring() -> None:
    named = {name for rings in shown().values() for name in re.findall(r"`([A-Z][A-Za-z]+)`", rings)}
    assert named == ALERTS - BESIDE


def test_each_alert_is_heard_in_some_rehearsal() -> None:
    assert rehearsed() == ALERTS


def test_prometheus_asks_every_process_where_it_answers() -> None:
    scraped = yaml.safe_load((FOLDER / "prometheus.yml").read_text())["scrape_configs"]
    asked = {
        job["job_name"]: (one["names"], one["port"])
        for job in scraped
        for one in job.get("dns_sd_configs", [])
    }
    assert asked == {name: ([name], port) for name, port in ASKED.items()}
    missing = [rule["expr"] for rule in rules() if rule["alert"] == "ProcessMissing"]
    assert set(re.findall(r'absent\(up\{job="(\w+)"', str(missing))) == set(ASKED)


def test_the_dashboard_is_made_of_its_panels() -> None:
    assert dashboard.FILE.read_text() == dashboard.text(), "run `make dashboard`"


def test_the_dashboard_shows_figures_that_are_there_and_everything_that_rings() -> None:
    drawn = set().union(*map(figures, queries()))
    assert drawn <= shown().keys()
    assert {name for rule in rules() for name in figures(rule["expr"])} <= drawn


@pytest.mark.parametrize(
    "page", ["alerts", "overload", "run", "scale", "seals", "set-aside", "size", "upgrade", "watching"]
)
def test_a_page_for_the_operator_names_figures_that_are_there(page: str) -> None:
    named = re.findall(r"`(cairn_[a-z_]+)`", (ROOT / f"docs/operations/{page}.md").read_text())
    files = {"cairn_goals", "cairn_vault", "cairn_reminders", "cairn_reminders_vault"}
    assert set(named) - files <= shown().keys()

"""`python -m infra.grafana.dashboard`: the dashboard as Grafana reads it, of what stands in panels.yaml."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
FILE = HERE / "dashboards" / "cairn.json"
SOURCE = {"type": "prometheus", "uid": "prometheus"}
WIDE = 24
"""A page, in Grafana's own units."""
ACROSS = {"stat": 6, "timeseries": 3}
"""How many of a shape stand side by side."""
HIGH = {"stat": 4, "timeseries": 8}
Json = dict[str, Any]


def text() -> str:
    """What stands in the file."""
    rows = yaml.safe_load((HERE / "panels.yaml").read_text())
    panels = [panel | {"id": number} for number, panel in enumerate(_placed(rows), 1)]
    page = {
        "uid": "cairn",
        "title": "Cairn: is she served?",
        "editable": False,
        "graphTooltip": 1,
        "refresh": "30s",
        "schemaVersion": 39,
        "time": {"from": "now-3h", "to": "now"},
        "timezone": "browser",
        "panels": panels,
    }
    return json.dumps(page, indent=1, ensure_ascii=False) + "\n"


def _placed(rows: list[Json]) -> Iterator[Json]:
    yield RINGING | {"gridPos": _at(0, 0, WIDE, 6)}
    y = 6
    for row in rows:
        yield {
            "type": "row",
            "title": row["row"],
            "collapsed": False,
            "panels": [],
            "gridPos": _at(0, y, WIDE, 1),
        }
        shape, y = row.get("shape", "timeseries"), y + 1
        across, high = ACROSS[shape], HIGH[shape]
        for number, panel in enumerate(row["panels"]):
            place = _at(number % across * (WIDE // across), y + number // across * high, WIDE // across, high)
            yield _panel(panel, shape) | {"gridPos": place}
        y += -(-len(row["panels"]) // across) * high


def _panel(panel: Json, shape: str) -> Json:
    return {
        "type": shape,
        "title": panel["asks"],
        "datasource": SOURCE,
        "fieldConfig": {
            "defaults": {"unit": panel.get("unit", "short"), "min": 0} | _steps(panel, shape),
            "overrides": [],
        },
        "options": OPTIONS[shape],
        "targets": [
            {"refId": chr(ord("A") + number), "datasource": SOURCE, "expr": query, "legendFormat": name}
            for number, (name, query) in enumerate(_queries(panel))
        ],
    }


def _queries(panel: Json) -> list[tuple[str, str]]:
    if "shows" in panel:
        return list(panel["shows"].items())
    name, brace, where = panel["quantiles"].partition("{")
    by = panel["by"]
    buckets = f"sum by (le, {by}) (rate({name}_bucket{brace}{where}[$__rate_interval]))"
    return [(f"{{{{{by}}}}} p{q}", f"histogram_quantile(0.{q}, {buckets})") for q in (50, 95, 99)]


def _steps(panel: Json, shape: str) -> Json:
    colours: list[Json] = [{"color": "green", "value": None}]
    if "steps" in panel:
        yellow, red = panel["steps"]
        colours += [{"color": "yellow", "value": yellow}] if yellow < red else []
        colours += [{"color": "red", "value": red}]
    dashed = "steps" in panel and shape == "timeseries"
    custom = {"custom": {"thresholdsStyle": {"mode": "dashed"}}} if dashed else {}
    return {"thresholds": {"mode": "absolute", "steps": colours}, **custom}


def _at(x: int, y: int, w: int, h: int) -> Json:
    return {"x": x, "y": y, "w": w, "h": h}


OPTIONS: dict[str, Json] = {
    "stat": {"colorMode": "background", "reduceOptions": {"calcs": ["lastNotNull"]}},
    "timeseries": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
}
RINGING: Json = {
    "type": "alertlist",
    "title": "What rings now",
    "options": {
        "alertInstanceLabelFilter": '{severity=~"page|ticket"}',
        "datasource": "Prometheus",
        "maxItems": 20,
        "sortOrder": 3,
        "stateFilter": {"firing": True, "pending": True, "noData": False, "normal": False, "error": True},
        "viewMode": "list",
    },
}


if __name__ == "__main__":
    FILE.write_text(text())

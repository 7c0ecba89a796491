"""Files of a clinic that comes from elsewhere, in their forms, and importing them by the command."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from services.goals.commands import goals
from services.goals.importing.commands import client_id_of, goal_id_of
from shared.settings import Settings
from tests import controls as c

MAYA, MAYAS_GOAL = client_id_of(c.CLINIC, "17"), goal_id_of(client_id_of(c.CLINIC, "17"), "17-a")
BEGAN = date.today() - timedelta(days=200)  # noqa: DTZ011  long enough ago to be the past anywhere


def on(days: int) -> str:
    """The day so many days after she began."""
    return str(BEGAN + timedelta(days=days))


CLIENT: dict[str, Any] = {
    "what": "client",
    "id": "17",
    "name": c.NAME,
    "adult": True,
    "team": ["ana@example.org"],
    "contacts": {"sms": {"address": c.NUMBER, "verified_by": "seen"}, "email": {"address": c.ADDRESS}},
    "preferences": {"quiet_start": "20:00", "label": "morning walk"},
    "since": on(0),
}
GOAL: dict[str, Any] = {
    "what": "goal",
    "client": "17",
    "id": "17-a",
    "status": "active",
    "theme": "coping",
    "statement": c.STATEMENT,
    "specific": "Deep breathing, five minutes",
    "measure": {"kind": "count", "unit": "times"},
    "target": 10,
    "confidence": 7,
    "relevance": "To feel calmer at work",
    "start_on": on(1),
    "end_on": on(120),
    "focus": True,
    "agreed": "together",
}
PRACTICE: dict[str, Any] = {"what": "practice", "client": "17", "goal": "17-a", "on": on(2), "note": "calm"}
WIN: dict[str, Any] = {
    "what": "win",
    "client": "17",
    "id": "w1",
    "on": on(5),
    "kind": "showed_up",
    "text": c.WIN,
}
RATING: dict[str, Any] = {
    "what": "rating", "client": "17", "goal": "17-a", "on": on(6), "value": 0, "rater": "client",
}  # fmt: skip
CONSENT: dict[str, Any] = {
    "what": "consent", "client": "17", "scope": "sms", "on": on(0), "text_version": "old-3",
    "given_by": "client", "via": "web",
}  # fmt: skip
END: dict[str, Any] = {
    "what": "end", "client": "17", "goal": "17-a", "on": on(100), "outcome": "achieved", "agreed": "together",
    "learned": "small is enough",
}  # fmt: skip
LINES = [CLIENT, CONSENT, GOAL, PRACTICE, PRACTICE, WIN, RATING, END]
"""All that the form knows, of one client."""


def client(number: int, **changes: Any) -> dict[str, Any]:
    """The line of another client."""
    return {"what": "client", "id": f"c{number}", "name": f"{c.NAME} {number}", "adult": True} | changes


@dataclass
class Import:
    """Files that are imported by the command into one clinic."""

    settings: Settings
    place: Path

    def __call__(
        self, *lines: Any, name: str = "clients.jsonl", options: Iterable[str] = ()
    ) -> tuple[int, str]:
        """The exit status and what was said."""
        file = self.place / name
        told = (line if isinstance(line, str) else json.dumps(line) for line in lines)
        file.write_text("".join(f"{line}\n" for line in told))
        return self.of(file, *options)

    def of(self, file: Path, *options: str) -> tuple[int, str]:
        """The same of a file that is there."""
        asked = ["import", str(file), "--clinic", str(c.CLINIC), *options]
        done = CliRunner().invoke(goals, asked, obj=self.settings, catch_exceptions=False)
        return done.exit_code, done.output

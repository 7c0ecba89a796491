"""Every page and form of the room, read off the app's own addresses: what is new is among them at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from flask import Flask

from tests.controls import CLIENT, GOAL, THERAPIST

OPEN = {"/sign-in", "/welcome/<token>", "/static/<path:filename>", "/oidc", "/oidc/back"}
"""For who is not signed in."""
QUERIES = {"/clients/<uuid:client>/export": "?format=fhir&purpose=transfer"}
"""What has to be said at an address."""
NOWHERE = UUID(int=1)
IDS = {"client": CLIENT, "goal": GOAL, "staff": THERAPIST}


class Address(NamedTuple):
    """A page (GET) or a form (POST): its rule, and an address of it."""

    method: str
    rule: str
    path: str

    @property
    def of_record(self) -> bool:
        """Whether it is about one client's record, which somebody has to be let see."""
        begins, asks = self.rule.startswith("/clients/new"), "/why" in self.rule
        return not begins and not asks and any(part in self.rule for part in ("<uuid:client>", "<uuid:goal>"))


def addresses(app: Flask, ids: Mapping[str, UUID] = IDS) -> Iterator[Address]:
    """All of them, but for who is not signed in; an id that nobody names is nowhere's."""
    for rule in app.url_map.iter_rules():
        if not str(rule.endpoint).startswith("room.") or rule.rule in OPEN:
            continue
        path = re.sub(r"<any\((\w+),[^>]*>", r"\1", rule.rule)
        path = re.sub(r"<uuid:(\w+)>", lambda found: str(ids.get(found[1], NOWHERE)), path)
        path = path.replace("<act>", "practice") + QUERIES.get(rule.rule, "")
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield Address(method, rule.rule, path)

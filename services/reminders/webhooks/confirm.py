"""/confirm/…: looking changes nothing, one press says that the address is hers (double opt-in)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, g
from sqlalchemy import Engine

from services.reminders import people
from services.reminders.hearing import confirming
from services.reminders.links import Confirms, Links
from services.reminders.webhooks.closed import closed
from services.reminders.webhooks.page import Page, shown
from shared.logs import logger
from shared.problems import Problem
from shared.vault import Vault

log = logger()


def confirm(engine: Engine, vault: Vault, links: Links, clock: Callable[[], datetime]) -> Blueprint:
    """The routes of the links that a welcome by e-mail holds."""
    pages = Blueprint("confirm", __name__)

    @pages.get("/confirm/<token>")
    def look(token: str) -> Response:
        meant = links.read_confirm(token)
        return _page(engine, vault, meant, done=False) if meant else closed("not ours", 404)

    @pages.post("/confirm/<token>")
    def act(token: str) -> Response:
        meant = _meant(links, token)
        with engine.begin() as connection:
            known = confirming.confirm(connection, vault, meant, clock(), g.trace.correlation_id)
        if known:
            log.info("address confirmed", client=str(meant.client_id))
        return _page(engine, vault, meant, done=True)

    return pages


def _meant(links: Links, token: str) -> Confirms:
    meant = links.read_confirm(token)
    if meant is None:
        raise Problem(404, "There is no such link; take it whole from the message that it came in.")
    return meant


def _page(engine: Engine, vault: Vault, meant: Confirms, *, done: bool) -> Response:
    with engine.connect() as connection:
        person = people.person(connection, vault, meant.client_id)
        clinic = people.clinic(connection, vault, person.clinic_id) if person else None
    over = confirming.contact_of(person, meant) is None
    return shown(Page("confirm", person, clinic, done=done or over, answer="over" if over else "done"))

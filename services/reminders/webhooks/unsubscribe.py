"""/unsubscribe/…: looking changes nothing, one press or one click (RFC 8058) ends what goes to an address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, g, request
from sqlalchemy import Engine

from services.reminders import opting_out, people
from services.reminders.links import Links, Meant
from services.reminders.webhooks.closed import closed
from services.reminders.webhooks.page import Page, shown
from shared.logs import logger
from shared.problems import Problem
from shared.vault import Vault

FIELD, VALUE = "List-Unsubscribe", "One-Click"

log = logger()


def unsubscribe(engine: Engine, vault: Vault, links: Links, clock: Callable[[], datetime]) -> Blueprint:
    """The routes of the links that `links` makes."""
    pages = Blueprint("unsubscribe", __name__)

    @pages.get("/unsubscribe/<token>")
    def look(token: str) -> Response:
        meant = links.read_unsubscribe(token)
        return _page(engine, vault, meant, done=False) if meant else closed("not ours", 404)

    @pages.post("/unsubscribe/<token>")
    def act(token: str) -> Response:
        meant = _meant(links, token)
        if request.form.get(FIELD) != VALUE:
            raise Problem(422, f"The form must hold {FIELD}={VALUE}, as RFC 8058 has it.")
        stop(engine, vault, meant, clock(), g.trace.correlation_id)
        return _page(engine, vault, meant, done=True)

    return pages


def stop(engine: Engine, vault: Vault, meant: Meant, now: datetime, correlation_id: str) -> None:
    """Writes down that nothing more goes to her addresses of this channel; again changes nothing."""
    with engine.begin() as connection:
        known = opting_out.by_link(connection, vault, meant.client_id, meant.channel, now, correlation_id)
    if known:  # else she was erased, and nothing goes to her anyway
        log.info("opted out", client=str(meant.client_id), channel=meant.channel, by="link")


def _meant(links: Links, token: str) -> Meant:
    meant = links.read_unsubscribe(token)
    if meant is None:
        raise Problem(404, "There is no such link; take it whole from the message that it came in.")
    return meant


def _page(engine: Engine, vault: Vault, meant: Meant, *, done: bool) -> Response:
    with engine.connect() as connection:
        person = people.person(connection, vault, meant.client_id)
        clinic = people.clinic(connection, vault, person.clinic_id) if person else None
    return shown(Page("unsubscribe", person, clinic, done=done, field=(FIELD, VALUE)))

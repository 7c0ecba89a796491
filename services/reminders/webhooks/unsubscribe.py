"""/unsubscribe/…: looking changes nothing, one press or one click (RFC 8058) ends what goes to an address."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, g, make_response, render_template, request
from sqlalchemy import Engine

from services.reminders import opting_out, people
from services.reminders.links import Links, Meant
from services.reminders.rules.catalogue import CATALOGUES, FALLBACK, language_of
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
        meant = _meant(links, token)
        return _page(engine, vault, meant, done=False)

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
    language = language_of(person.locale, clinic.locale) if person and clinic else FALLBACK
    words = CATALOGUES[language]
    nonce = secrets.token_urlsafe(16)
    page = render_template(
        "unsubscribe.html",
        language=language,
        nonce=nonce,
        field=FIELD,
        value=VALUE,
        done=done,
        sender=clinic.sender if clinic else "",
        title=words.variants("unsubscribe title")[0],
        ask=words.variants("unsubscribe ask")[0],
        button=words.variants("unsubscribe button")[0],
        answer=words.variants("unsubscribe done")[0],
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'"
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer

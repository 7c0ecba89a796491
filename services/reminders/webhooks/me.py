"""/me/…: her own page, behind a link that ends. Looking changes nothing; each button is a form of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hmac import compare_digest

import msgspec
from flask import Blueprint, Response, g, make_response, redirect, request
from sqlalchemy import Engine

from services.reminders.hearing import own_page
from services.reminders.hearing.own_page import Hers
from services.reminders.links import Links, Opened
from services.reminders.rules.catalogue import CATALOGUES, language_of
from services.reminders.rules.pressing import Form
from services.reminders.webhooks.closed import closed
from services.reminders.webhooks.rendered import rendered
from services.reminders.webhooks.spoken import Spoken
from shared.logs import logger
from shared.problems import Problem
from shared.vault import Vault

ACTS = ("pause", "resume", "hours", "switch", "stop", "start")
FORGED = "This form was not taken from this page; open the page again, and press there."

log = logger()


def me(engine: Engine, vault: Vault, links: Links, clock: Callable[[], datetime]) -> Blueprint:
    """The routes of the page that `links` opens."""
    pages = Blueprint("me", __name__)

    def opened(token: str) -> tuple[Opened, Hers] | Response:
        found = links.read_page(token)
        if found is None:
            return closed("ended", 404)
        hers = own_page.look(engine, vault, found.client_id, clock()) if clock() < found.until else None
        return (found, hers) if hers else closed("ended", 410)

    @pages.get("/me/<token>")
    def look(token: str) -> Response:
        found = opened(token)
        if isinstance(found, Response):
            return found
        return _page(links, token, *found, notice="saved" if "saved" in request.args else None)

    @pages.post("/me/<token>")
    def press(token: str) -> Response:
        found = opened(token)
        if isinstance(found, Response):
            return found
        form = _form(links, token)
        if form is None:
            return _page(links, token, *found, notice="wrong", status=422)
        client_id = found[0].client_id
        changed = own_page.act(engine, vault, client_id, form, clock(), g.trace.correlation_id)
        log.info("pressed", client=str(client_id), act=form.__struct_config__.tag, changed=changed)
        # As it was asked for, without the host: we may stand behind another name.
        back = redirect(request.path + ("?saved" if changed else ""), 303)
        return make_response(back)

    return pages


def _form(links: Links, token: str) -> Form | None:
    """What is asked; None where it cannot be read. Raises Problem 403 for a form from elsewhere."""
    fields = request.form.to_dict()
    ours = links.form(token, fields.get("act", ""))
    if not compare_digest(fields.pop("form", "").encode(), ours.encode()):
        raise Problem(403, FORGED)
    try:
        asked: Form = msgspec.convert(fields, Form, strict=False)
    except msgspec.ValidationError:
        return None
    return asked


def _page(
    links: Links, token: str, opened: Opened, hers: Hers, *, notice: str | None, status: int = 200
) -> Response:
    language = language_of(hers.person.locale, hers.clinic.locale)
    return rendered(
        "me.html",
        status,
        say=Spoken(CATALOGUES[language], hers.person.time_zone),
        hers=hers.shown,
        sender=hers.clinic.sender,
        phone=hers.clinic.phone,
        until=opened.until,
        notice=notice,
        forms={act: links.form(token, act) for act in ACTS},
    )

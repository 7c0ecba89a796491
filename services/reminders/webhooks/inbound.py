"""/twilio/inbound: what somebody wrote to us. Signed, or it was not the provider."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, g, request
from sqlalchemy import Engine

from services.reminders.channels.sms import heard
from services.reminders.hearing.answering import hear
from services.reminders.links import Links
from services.reminders.ringer import Ring
from services.reminders.webhooks.signed import must_be_genuine
from shared.problems import Problem
from shared.vault import Vault

PATH = "/twilio/inbound"
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""What is answered goes by the ledger, as everything that is sent does."""


def inbound(
    engine: Engine,
    vault: Vault,
    ring: Ring,
    links: Links,
    *,
    auth_token: str,
    public_url: str,
    clock: Callable[[], datetime],
) -> Blueprint:
    """The route; `public_url` is where the provider believes that we are."""
    pages = Blueprint("twilio_inbound", __name__)

    @pages.post(PATH)
    def take() -> Response:
        must_be_genuine(auth_token, f"{public_url}{PATH}")
        said = heard(request.form)
        if said is None:
            raise Problem(422, "This is no text: it names no message, or nobody that it came from.")
        hear(engine, vault, ring, links, said, clock(), g.trace.correlation_id)
        return Response(NOTHING, mimetype="text/xml")

    return pages

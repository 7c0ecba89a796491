"""The local channels' outbox page: a phone and an inbox, as the client sees them. For this machine only."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request

from services.reminders.channels.local import Kept
from shared.events import Channel
from shared.wire import Rfc3339, rfc3339

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class OutboxItem(msgspec.Struct, frozen=True):
    """A message as it was received; an e-mail has a subject, and may have html."""

    channel: Channel
    to: str
    subject: str | None
    text: str
    html: str | None
    at: Rfc3339


class OutboxPage(msgspec.Struct, frozen=True):
    """What arrived, in the order that it came."""

    items: list[OutboxItem]


def pages(kept: Callable[[], list[Kept]]) -> Blueprint:
    """The outbox page over what `kept` gives, oldest first."""
    blueprint = Blueprint("outbox", __name__)

    @blueprint.get("/outbox")
    def outbox() -> Response:
        _only_here()
        items = kept()
        if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
            return jsonify(msgspec.to_builtins(OutboxPage([_item(letter) for letter in items])))
        nonce = secrets.token_urlsafe(16)
        answer = make_response(render_template("outbox.html", boxes=_boxes(items), nonce=nonce))
        answer.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none';"
            " frame-ancestors 'none'"
        )
        answer.headers["Vary"] = "Accept"
        return answer

    return blueprint


def _only_here() -> None:
    # The Host is looked at as well: a page elsewhere could rename itself to this machine's address.
    host = urlsplit(f"//{request.host}").hostname
    forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For"))
    if request.remote_addr not in LOOPBACK or host not in LOOPBACK or forwarded:
        abort(404)


def _item(letter: Kept) -> OutboxItem:
    body = letter.body
    at = rfc3339(letter.at.astimezone(UTC))
    return OutboxItem(letter.channel, body.to, body.subject, body.text, body.html, at)


def _boxes(items: list[Kept]) -> list[dict[str, Any]]:
    by_box = sorted(items, key=_box)  # stable: each box stays oldest first
    return [
        {"channel": "email" if mail else "sms", "to": to, "items": [_shown(letter) for letter in letters]}
        for (mail, to), letters in ((key, list(group)) for key, group in groupby(by_box, key=_box))
    ]


def _box(letter: Kept) -> tuple[bool, str]:
    return letter.channel == "email", letter.body.to


def _shown(letter: Kept) -> dict[str, Any]:
    return msgspec.structs.asdict(_item(letter)) | {"shown": _local(letter.at, letter.body.zone)}


def _local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%a %d %b, %H:%M")

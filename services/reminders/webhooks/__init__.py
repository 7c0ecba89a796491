"""What others call without a token: the provider's callbacks, and the links that we put into messages."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint

from services.reminders.parts import Parts, clock
from services.reminders.webhooks.confirm import confirm
from services.reminders.webhooks.me import me
from services.reminders.webhooks.unsubscribe import unsubscribe


def webhooks(parts: Parts) -> Iterator[Blueprint]:
    """The routes that this installation needs; the provider's are there where it is used."""
    yield confirm(parts.engine, parts.vault, parts.links, clock)
    yield unsubscribe(parts.engine, parts.vault, parts.links, clock)
    yield me(parts.engine, parts.vault, parts.links, clock)
    if parts.settings.twilio_account_sid is not None:
        # The SDK is not small.
        from services.reminders.webhooks.inbound import inbound  # noqa: PLC0415
        from services.reminders.webhooks.status import status  # noqa: PLC0415

        auth_token, public_url = parts.settings.require("twilio_auth_token", "reminders_public_url")
        yield inbound(
            parts.engine,
            parts.vault,
            parts.ring,
            parts.links,
            auth_token=auth_token,
            public_url=public_url,
            clock=clock,
        )
        yield status(parts.engine, parts.vault, auth_token=auth_token, public_url=public_url, clock=clock)

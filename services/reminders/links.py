"""Addresses that act for a client without a sign-in: signed, naming her record and nothing about her."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import NamedTuple
from uuid import UUID

from services.reminders.bell import CHANNELS
from shared.events import Channel
from shared.sealing import Unopenable, digest, hide, place, show

PAGE = place("page")
BY_TEXT, BY_EMAIL = timedelta(hours=24), timedelta(days=7)
"""For how long a link to her page is good, by the way that it came."""

ID_SIGNS = 22
"""An id's length in a token."""


class Meant(NamedTuple):
    """Whom a link is about, and which of her channels."""

    client_id: UUID
    channel: Channel


class Confirms(NamedTuple):
    """Whose address a link confirms, and which of her contacts it is."""

    client_id: UUID
    contact_id: UUID


class Opened(NamedTuple):
    """Whose page a link opens, and until when."""

    client_id: UUID
    until: datetime


class Links:
    """Makes and reads the links of this installation. The one to her page alone ends by itself."""

    def __init__(self, own: Callable[[str], bytes], public_url: str | None) -> None:
        """`own` gives the key of 32 bytes for a purpose, always the same: a link outlives a master key."""
        self._own = own
        self._public_url = public_url

    @property
    def public(self) -> bool:
        """Whether there is a public address to make links of."""
        return self._public_url is not None

    def unsubscribe(self, client_id: UUID, channel: Channel) -> str | None:
        """The address where one click ends what goes to her by this channel; None without a public one."""
        if self._public_url is None:
            return None
        return f"{self._public_url}/unsubscribe/{self._token('unsubscribe', client_id, channel)}"

    def read_unsubscribe(self, token: str) -> Meant | None:
        """Whom the token of such an address means; None for one that we have not made."""
        client_id = _id(token[:ID_SIGNS])
        if client_id is None:
            return None
        for channel in CHANNELS:
            # Compared whole, in its one spelling: base64 has several for the same bytes.
            if compare_digest(token.encode(), self._token("unsubscribe", client_id, channel).encode()):
                return Meant(client_id, channel)
        return None

    def confirm(self, client_id: UUID, contact_id: UUID) -> str | None:
        """The address where one press confirms a contact of hers; None without a public one."""
        if self._public_url is None:
            return None
        return f"{self._public_url}/confirm/{self._confirming(client_id, contact_id)}"

    def read_confirm(self, token: str) -> Confirms | None:
        """What the token of such an address confirms; None for one that we have not made."""
        client_id, contact_id = _id(token[:ID_SIGNS]), _id(token[ID_SIGNS : 2 * ID_SIGNS])
        if client_id is None or contact_id is None:
            return None
        ours = compare_digest(token.encode(), self._confirming(client_id, contact_id).encode())
        return Confirms(client_id, contact_id) if ours else None

    def page(self, client_id: UUID, until: datetime) -> str | None:
        """The address of her own page, open until then; None without a public one.

        It shows not even her id.
        """
        if self._public_url is None:
            return None
        plain = client_id.bytes + int(until.timestamp()).to_bytes(4, "big")
        return f"{self._public_url}/me/{_text(hide(self._own('links to a page'), plain, PAGE))}"

    def read_page(self, token: str) -> Opened | None:
        """Whose page the token of such an address opens, whether or not it has ended; None for no token."""
        try:
            hidden = base64.b64decode(token, altchars=b"-_", validate=True)
            plain = show(self._own("links to a page"), hidden, PAGE)
        except (Unopenable, ValueError):
            return None
        if _text(hidden) != token:
            return None
        return Opened(UUID(bytes=plain[:16]), datetime.fromtimestamp(int.from_bytes(plain[16:], "big"), UTC))

    def form(self, token: str, act: str) -> str:
        """What a form of the page behind this token holds, so that it was taken from there."""
        return _text(digest(self._own("links"), "form", token, act))

    def _token(self, what: str, client_id: UUID, channel: Channel) -> str:
        return _text(client_id.bytes) + _text(digest(self._own("links"), what, client_id, channel))

    def _confirming(self, client_id: UUID, contact_id: UUID) -> str:
        signed = digest(self._own("links"), "confirm", client_id, contact_id)
        return _text(client_id.bytes) + _text(contact_id.bytes) + _text(signed)


def _id(signs: str) -> UUID | None:
    try:
        return UUID(bytes=base64.b64decode(f"{signs}==", altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return None


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")

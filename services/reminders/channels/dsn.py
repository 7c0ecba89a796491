"""A delivery status notification (RFC 3464): about which e-mail of ours, to whom, for good or not."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import NamedTuple
from uuid import UUID

_OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>@\s]+>")
_STATUS = re.compile(r"([245])\.\d{1,3}\.\d{1,3}")


class Bounce(NamedTuple):
    """What was told of one recipient. `permanent` is a status 5.x.x; 4.x.x may still arrive."""

    message_id: UUID
    recipient: str
    permanent: bool


def read(raw: bytes) -> Bounce | None:
    """What a notification says; None for whatever is no notification of failure about an e-mail of ours."""
    mail = message_from_bytes(raw, policy=default)
    fields = _fields(mail)
    found = _STATUS.match(fields.get("status", ""))
    original = _original(mail)
    recipient = fields.get("final-recipient", "").partition(";")[2].strip()
    if found is None or found[1] == "2" or original is None or not recipient:
        return None
    return Bounce(original, recipient, found[1] == "5")


def _fields(mail: EmailMessage) -> dict[str, str]:
    """The fields about the recipients, by their names in lower case."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            return {
                name.lower(): str(value)
                for block in (blocks if isinstance(blocks, list) else [])
                if not isinstance(block, str)
                for name, value in block.items()
            }
    return {}


def _original(mail: EmailMessage) -> UUID | None:
    """The id in the Message-ID of the e-mail that came back, whole or by its headers alone."""
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            found = re.search(r"(?im)^message-id:\s*(\S+)", part.as_string())
            ours = _OURS.fullmatch(found[1]) if found else None
            return UUID(ours[1]) if ours else None
    return None

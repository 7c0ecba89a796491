"""How an e-mail is written: its headers, and its words as text and as HTML. No I/O."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from services.reminders.channels import Letter

BODY = SMTP.clone(max_line_length=76)
HEADERS = SMTP.clone(max_line_length=998)
"""Folding turns a long address in a header into encoded words, which no mailbox reads as an address."""
ADDRESS = re.compile(r"[^\s@<>(),;:\\\"\[\]]+@[^\s@<>(),;:\\\"\[\]]+")
"""One that needs no quoting. Whether there is such a mailbox, its own server says."""


class Unwritable(ValueError):
    """No e-mail can be made of this letter: its address or its subject is none."""


def written(letter: Letter, email_from: str) -> EmailMessage:
    """The e-mail; the same letter is always the same e-mail. Raises Unwritable.

    It comes from the address of `email_from`, by the clinic's own name; its Message-ID is made of the
    message's id, so that a mailbox can tell a second copy from a second message.
    """
    name, address = parseaddr(email_from)
    mail = EmailMessage(policy=BODY)
    try:
        mail["From"] = _address(mailbox(address), letter.sender or name)
        mail["To"] = _address(mailbox(letter.to))
        mail["Subject"] = letter.subject or ""
        mail["Date"] = format_datetime(letter.at)
        mail["Message-ID"] = message_id(letter, email_from)
        mail["Auto-Submitted"] = "auto-generated"
        if letter.unsubscribe:
            mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    except (ValueError, MessageError):
        raise Unwritable("an address or a header is malformed") from None
    mail.set_content(letter.text, cte="quoted-printable")
    if letter.html:
        mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        mail.set_boundary(letter.message_id.hex)
    return mail


def message_id(letter: Letter, email_from: str) -> str:
    """The Message-ID of a letter, in its angle brackets."""
    domain = parseaddr(email_from)[1].rpartition("@")[2]
    return f"<{letter.message_id}@{domain}>"


def mailbox(address: str) -> str:
    """An address with its domain as mail servers name it. Raises Unwritable."""
    if not ADDRESS.fullmatch(address):
        raise Unwritable("an address is malformed")
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise Unwritable("the domain of an address is malformed") from None


def _address(address: str, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)  # from a whole address it would take no letter beyond ASCII


def as_bytes(mail: EmailMessage, *, utf8: bool) -> bytes:
    """The e-mail as it is handed over; with `utf8`, to a server that takes it in headers too."""
    return mail.as_bytes(policy=HEADERS.clone(utf8=utf8))

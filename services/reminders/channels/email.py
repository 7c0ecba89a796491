"""The channel email, by SMTP: the only place that speaks it, and that reads a mail server's replies."""

from __future__ import annotations

import ipaddress
import re
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from services.reminders.channels import Answer, Letter
from services.reminders.channels.mime import Unwritable, as_bytes, mailbox, written

CONNECT_SECONDS = 5.0
STEP_SECONDS = 10.0
ACCEPT_SECONDS = 20.0
"""For the reply to the mail itself, which a server may read and judge before it answers."""
GOODBYE_SECONDS = 1.0
OURS_TO_PUT_RIGHT = frozenset({530, 534, 535, 538})
"""Replies that ask who we are, not what we bring."""
NO_SUCH = re.compile(rb"5\.1\.[1236]\b")
"""What RFC 3463 says of an address that is none; other refusals may be of us, or of today."""


class Smtp:
    """A mail server that takes what we send. Safe to share among threads: each letter has its own session."""

    def __init__(
        self,
        url: str,
        email_from: str,
        *,
        trusted: ssl.SSLContext | None = None,
        accept_seconds: float = ACCEPT_SECONDS,
    ) -> None:
        """`url` is smtp://USER:PASSWORD@HOST:PORT or smtps://…; with ?starttls nothing goes without TLS.

        STARTTLS is used where it is offered, and a password is never said without it, save to this machine.
        """
        parts = urlsplit(url)
        self._host, self._implicit = parts.hostname or "", parts.scheme == "smtps"
        self._port = parts.port or (465 if self._implicit else 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        here = _is_here(self._host)
        demanded = "starttls" in parse_qs(parts.query, keep_blank_values=True)
        self._use_tls = demanded or not here
        self._must_tls = demanded or (bool(self._user) and not here)
        self._trusted = trusted or ssl.create_default_context()
        self._email_from, self._address = email_from, parseaddr(email_from)[1]
        self._accept_seconds = accept_seconds

    def send(self, letter: Letter) -> Answer:
        """Hands the letter over, once. What is lost before the mail itself surely did not go."""
        try:
            to, mail = mailbox(letter.to), written(letter, self._email_from)
        except Unwritable:
            return Answer("permanent", "unwritable")
        try:
            session = self._connected()
        except smtplib.SMTPResponseException:
            return Answer("retry", "mail_server_refuses_us")
        except (ssl.SSLCertVerificationError, smtplib.SMTPNotSupportedError):
            return Answer("retry", "mail_server_not_trusted")
        except (smtplib.SMTPException, OSError):
            return Answer("retry", "unreachable_mail_server")
        try:
            return self._say(session, to, mail)
        finally:
            _part(session)

    def _connected(self) -> smtplib.SMTP:
        name = self._address.rpartition("@")[2]  # said in EHLO; smtplib would look ours up for each session
        session: smtplib.SMTP
        if self._implicit:
            session = smtplib.SMTP_SSL(
                self._host, self._port, name, timeout=CONNECT_SECONDS, context=self._trusted
            )
        else:
            session = smtplib.SMTP(self._host, self._port, name, timeout=CONNECT_SECONDS)
        try:
            _wait_for(session, STEP_SECONDS)
            session.ehlo_or_helo_if_needed()
            if not self._implicit and self._use_tls:
                self._protect(session)
            if self._user:
                session.login(self._user, self._password)
            session.ehlo_or_helo_if_needed()
        except BaseException:
            session.close()
            raise
        return session

    def _protect(self, session: smtplib.SMTP) -> None:
        if session.has_extn("starttls"):
            session.starttls(context=self._trusted)
        elif self._must_tls:
            raise smtplib.SMTPNotSupportedError("STARTTLS is not offered")

    def _say(self, session: smtplib.SMTP, to: str, mail: EmailMessage) -> Answer:
        utf8 = not to.isascii()
        if utf8 and not session.has_extn("smtputf8"):
            return Answer("permanent", "address_needs_smtputf8")
        whole = as_bytes(mail, utf8=utf8)
        try:
            code, _ = session.mail(self._address, ["SMTPUTF8"] if utf8 else [])
            if code != 250:
                return _refused(code, "sender_refused")
            code, said = session.rcpt(to)
            if code not in {250, 251}:
                return _refused(code, "no_such_mailbox" if NO_SUCH.match(said) else "address_refused")
            code, _ = session.docmd("DATA")
            if code != 354:
                return _refused(code, "mail_refused")
        except (smtplib.SMTPException, OSError):
            return Answer("retry", "connection_lost")
        return self._hand_over(session, whole)

    def _hand_over(self, session: smtplib.SMTP, mail: bytes) -> Answer:
        try:
            _wait_for(session, self._accept_seconds)
            session.send(re.sub(rb"(?m)^\.", b"..", mail) + b".\r\n")
            code, _ = session.getreply()
        except (smtplib.SMTPException, OSError):
            return Answer("ambiguous", "connection_lost")
        if 200 <= code < 300:
            return Answer("sent")
        return _refused(code, "mail_refused") if code >= 400 else Answer("ambiguous", "unreadable_answer")


def _refused(code: int, cause: str) -> Answer:
    if code in OURS_TO_PUT_RIGHT:
        return Answer("retry", "mail_server_refuses_us")
    if 500 <= code < 600:
        return Answer("permanent", cause)
    return Answer("retry", "deferred")


def _part(session: smtplib.SMTP) -> None:
    """Says goodbye. Whatever comes of that, what was said before it stands."""
    with suppress(smtplib.SMTPException, OSError):
        _wait_for(session, GOODBYE_SECONDS)
        session.quit()
    session.close()


def _wait_for(session: smtplib.SMTP, seconds: float) -> None:
    if session.sock is None:
        raise smtplib.SMTPServerDisconnected("The connection is closed")
    session.sock.settimeout(seconds)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

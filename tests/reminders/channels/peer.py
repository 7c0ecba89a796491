"""A real mail server on this machine, that says and does what it is told to."""

# ruff: noqa: N802, ARG002  the names and arguments are aiosmtpd's

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infra.local.ports import free_port

USER, PASSWORD = "cairn", "a pass/word"


@dataclass
class Peer:
    """What it took, and what it says instead of yes: a reply, "drop", or "hang", by command."""

    says: dict[str, str] = field(default_factory=dict)
    raw: list[bytes] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    protected: list[bool] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)
    port: int = 0

    @property
    def taken(self) -> list[EmailMessage]:
        """Every e-mail that it has taken charge of."""
        return [message_from_bytes(one, policy=default) for one in self.raw]

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self._say("MAIL", server)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return await self._say("RCPT", server)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        said = self.says.get("DATA", "250 OK")
        if said[0] not in "45":
            self.raw.append(envelope.original_content)
            self.senders.append(envelope.mail_from)
            self.recipients += envelope.rcpt_tos
            self.protected.append(server.transport.get_extra_info("ssl_object") is not None)
            self.signed_in.append(bool(session.authenticated))
        return await self._say("DATA", server)

    async def _say(self, command: str, server: Any) -> str:
        said = self.says.get(command, "250 OK")
        if said == "hang":
            await asyncio.sleep(3)
        if said == "drop":
            server.transport.abort()
        return "250 OK" if said in {"drop", "hang"} else said


@contextmanager
def listening(
    *,
    tls: ssl.SSLContext | None = None,
    implicit: bool = False,
    auth: bool = False,
    utf8: bool = True,
) -> Iterator[Peer]:
    """Serves on a free port; with `tls` by STARTTLS, or from the start where `implicit`."""
    peer, port = Peer(), free_port()
    named: dict[str, Any] = {"ssl_context": tls} if implicit else {"tls_context": tls}
    if auth:
        named |= {"authenticator": _knows, "auth_required": True, "auth_require_tls": False}
    controller = Controller(peer, "127.0.0.1", port, enable_SMTPUTF8=utf8, **named)
    controller.start()
    peer.port = port
    try:
        yield peer
    finally:
        controller.stop()


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context for 127.0.0.1, and the context of a client that trusts it."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "t")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem, private)
    return server, ssl.create_default_context(cafile=str(pem))


def _knows(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=good)

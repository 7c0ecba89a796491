"""How a setting is spelled: text in, its value out, or what it must be instead."""

import base64
import binascii
import re
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_KEPT_IN = "the absolute path of a folder, or a bucket: s3://BUCKET or s3://BUCKET/PREFIX"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"([A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*)?")
"""Letters that nothing on the way respells, so that what was kept is found again."""


class Malformed(ValueError):
    """The text is not a value of its kind; the words complete "it must be"."""


def folder(text: str) -> Path:
    """An absolute path; ~ is the home of who runs it."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise Malformed("the absolute path of a folder: there is no home that ~ could mean") from error


def database_url(text: str) -> str:
    """A PostgreSQL URL, said as SQLAlchemy and psycopg need it."""
    wanted = "a PostgreSQL URL: postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
    parts = _url(text, {"postgresql", "postgres", "postgresql+psycopg"}, wanted)
    if not parts.path.strip("/"):
        raise Malformed(wanted)
    return "postgresql+psycopg://" + text.partition("://")[2]


def broker_url(text: str) -> str:
    """The URL of a Redis or a Valkey."""
    _url(text, {"redis", "rediss"}, "a Redis or Valkey URL: redis://[:PASSWORD@]HOST:PORT/0")
    return text


def http_url(text: str) -> str:
    """An address on the web, without a slash at its end."""
    _url(text, {"http", "https"}, "an address: http://HOST:PORT or https://HOST")
    return text.rstrip("/")


def smtp_url(text: str) -> str:
    """Where mail is handed in: smtp (STARTTLS where offered) or smtps."""
    _url(
        text, {"smtp", "smtps"}, "a mail server: smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST"
    )
    return text


def kept_in(text: str) -> Path | str:
    """Where something is kept: a folder, or a bucket as `s3://BUCKET/PREFIX`."""
    if "://" not in text:
        return folder(text)
    parts = _url(text, {"s3"}, _KEPT_IN)
    if not _BUCKET.fullmatch(parts.netloc) or not _PREFIX.fullmatch(parts.path.strip("/")):
        raise Malformed(_KEPT_IN)
    return text.rstrip("/")


def region(text: str) -> str:
    """A region of an object store."""
    if not re.fullmatch(r"[a-z0-9-]{1,40}", text):
        raise Malformed("the name of a region: us-east-1")
    return text


def port(text: str) -> int:
    """A TCP port."""
    return _number(text, 1, 65_535, "a port from 1 to 65535")


def days(text: str) -> int:
    """A whole number of days."""
    return _number(text, 0, 365, "a whole number of days from 0 to 365")


def mailbox(text: str) -> str:
    """An e-mail address, with or without a name before it."""
    name, address = parseaddr(text)
    local, _, domain = address.rpartition("@")
    if not local or "." not in domain.strip(".") or any(c.isspace() for c in address) or "\n" in name:
        raise Malformed("an e-mail address: Northside <care@example.org>")
    return text


def sid(prefix: str) -> Callable[[str], str]:
    """One of Twilio's identifiers, by its first two letters."""

    def read(text: str) -> str:
        if not text.startswith(prefix) or not text.isalnum():
            raise Malformed(f"an identifier of Twilio's that starts with {prefix}")
        return text

    return read


def key(text: str) -> bytes:
    """32 bytes in base64url, with or without padding."""
    try:
        value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) != 32:
        raise Malformed("32 bytes in base64url (43 letters); `openssl rand -base64 32 | tr +/ -_` makes one")
    return value


def several(read: Callable[[str], bytes]) -> Callable[[str], tuple[bytes, ...]]:
    """Keys with commas between them, each spelled as `read` has it."""

    def read_all(text: str) -> tuple[bytes, ...]:
        try:
            return tuple(read(one.strip()) for one in text.split(","))
        except Malformed as wrong:
            raise Malformed(f"keys with a comma between them, each {wrong}") from None

    return read_all


def ed25519_key(text: str) -> bytes:
    """The 32 bytes of an Ed25519 private key, from base64url or from PEM."""
    if not text.startswith("-----BEGIN"):
        return key(text)
    try:
        private = load_pem_private_key(text.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise Malformed("an Ed25519 private key: 32 bytes in base64url, or PEM without a password")
    return private.private_bytes_raw()


def spell(value: str | int | bytes | Path | tuple[bytes, ...]) -> str:
    """A value as the environment holds it: what is read from it is the value again."""
    if isinstance(value, tuple):
        return ",".join(spell(one) for one in value)
    if isinstance(value, bytes):
        return base64.urlsafe_b64encode(value).decode().rstrip("=")
    return str(value)


def _url(text: str, schemes: set[str], wanted: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        good = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or any(c.isspace() for c in text):
        raise Malformed(wanted)
    return parts


def _number(text: str, least: int, most: int, wanted: str) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most):
        raise Malformed(wanted)
    return int(text)

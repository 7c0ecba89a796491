"""Who is asking: the signed tokens of this installation, made and read."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, cast, get_args
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError, UnsupportedAlgorithmError
from joserfc.jwk import KeySet, OKPKey
from joserfc.jws import JWSRegistry, extract_compact

Key = bytes
"""The 32 bytes that an Ed25519 private key is made of, as settings.token_key holds them."""
Keys = tuple[Key, ...]
"""Whose tokens are taken, as settings.token_keys holds them; the first one signs."""
Role = Literal["therapist", "lead", "client", "service", "operator"]
ROLES: frozenset[str] = frozenset(get_args(Role))
STAFF = frozenset({"therapist", "lead"})
"""Whose `sub` is an id: the log names them by it."""
OF_A_CLINIC = frozenset({"therapist", "lead", "client"})
ISSUER = AUDIENCE = "cairn"
ALGORITHMS = ["EdDSA", "Ed25519"]
LONGEST = 8_192
"""Characters; ours have some 350."""


class TokenRefused(Exception):
    """The token proves nothing; the text says why, for our own log."""


@dataclass(frozen=True)
class Claims:
    """What a token says. `clinic` is there for therapists, leads and clients, `client` for clients."""

    sub: str
    role: Role
    clinic: UUID | None
    client: UUID | None
    expires: datetime


def mint(
    key: Key,
    *,
    sub: str,
    role: str,
    clinic: UUID | str | None = None,
    client: UUID | str | None = None,
    lifetime: timedelta,
    now: datetime,
) -> str:
    """A token good from `now` for `lifetime`. Raises ValueError for claims that `read` would refuse."""
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": sub,
        "role": role,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
    }
    claims |= {
        name: str(given) for name, given in (("clinic", clinic), ("client", client)) if given is not None
    }
    try:
        _claims(claims, now)
    except TokenRefused as refused:
        raise ValueError(str(refused)) from None
    signer = _jwk(key)
    return jwt.encode({"alg": "EdDSA", "kid": signer.kid}, claims, signer, registry=REGISTRY)


def read(keys: Keys | Key, token: str, now: datetime) -> Claims:
    """The claims of a token that is ours, in force at `now` and whole. Raises TokenRefused."""
    if len(token) > LONGEST:
        raise TokenRefused(f"longer than {LONGEST} characters")
    return _claims(_signed((keys,) if isinstance(keys, bytes) else keys, token), now)


def published(keys: Keys) -> dict[str, Any]:
    """The public keys as a JSON Web Key Set (RFC 7517): all that it takes to check a token of ours."""
    known = KeySet([_jwk(key) for key in dict.fromkeys(keys)])
    return dict(known.as_dict(private=False, use="sig", alg="EdDSA"))


@lru_cache(maxsize=2_048)
def _signed(keys: Keys, token: str) -> Mapping[str, Any]:
    """What a token of ours says: that is so for ever, and whether it is in force is for the clock to say."""
    try:
        for key in _signers(keys, token):
            with suppress(BadSignatureError):  # one that names no key may be another's
                return MappingProxyType(jwt.decode(token, key, registry=REGISTRY).claims)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise TokenRefused("not signed by this installation") from error
    raise TokenRefused("not signed by this installation")


def _signers(keys: Keys, token: str) -> list[OKPKey]:
    """Which may have signed it: the one that it names or, of a token from before they had names, each."""
    named = extract_compact(token.encode(), registry=REGISTRY).headers().get("kid")
    return [key for key in map(_jwk, keys) if named in (None, key.kid)]


def _claims(given: Mapping[str, Any], now: datetime) -> Claims:
    expires, issued = given.get("exp"), given.get("iat")
    audience = given.get("aud")
    if given.get("iss") != ISSUER or AUDIENCE not in (audience if isinstance(audience, list) else [audience]):
        raise TokenRefused("meant for somebody else")
    if type(expires) is not int or type(issued) is not int or not 0 <= expires <= 253_402_300_799:
        raise TokenRefused("without its times")
    if expires <= now.timestamp():
        raise TokenRefused("expired")
    if issued > now.timestamp() + 60:
        raise TokenRefused("from the future")
    sub, role = given.get("sub"), given.get("role")
    if not isinstance(sub, str) or not sub:
        raise TokenRefused("of nobody")
    if not isinstance(role, str) or role not in ROLES:
        raise TokenRefused("of no known role")
    clinic, client = _id(given, "clinic"), _id(given, "client")
    if role in OF_A_CLINIC and clinic is None:
        raise TokenRefused(f"a {role} without a clinic")
    if role in STAFF:
        _id(given, "sub")
    if (role == "client") != (client is not None):
        raise TokenRefused("a client's token names the client, and no other does")
    return Claims(sub, cast(Role, role), clinic, client, datetime.fromtimestamp(expires, now.tzinfo))


def _id(given: Mapping[str, Any], name: str) -> UUID | None:
    value = given.get(name)
    if value is None:
        return None
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise TokenRefused(f"with a {name} that is no id") from error


class _OurAlgorithm(JWSRegistry):
    """Ed25519 signatures by either of their names; RFC 9864 renames EdDSA, which is no news in every line."""

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


REGISTRY = _OurAlgorithm(algorithms=ALGORITHMS)


@lru_cache(maxsize=32)
def _jwk(key: Key) -> OKPKey:
    """The key, named by its thumbprint (RFC 7638): the same name wherever it is known."""
    known = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(key))
    known.ensure_kid()
    return known

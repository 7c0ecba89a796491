"""Signatures that anyone can check who has the public key: compact JWS (RFC 7515) by Ed25519."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.tokens import REGISTRY, Key

SEAL = "cairn-seal"
EXPORT = "cairn-export"
"""What is signed, in the header's `typ`: what is good as the one is not good as the other, nor as a token."""

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
PublicKey = dict[str, str]
"""A JWK (RFC 8037): kty, crv, x, and as `kid` its thumbprint (RFC 7638)."""
_MEMBERS = ("kty", "crv", "x")


class NotSigned(Exception):
    """It is not signed by any of the keys; the text says why."""


def public_of(key: Key) -> PublicKey:
    """The public half of a key that signs."""
    return _public(_private(key))


def publics(keys: Iterable[Key]) -> dict[str, PublicKey]:
    """The public halves of keys, by their `kid`."""
    return {public["kid"]: public for public in map(public_of, keys)}


def sign(key: Key, kind: str, payload: bytes) -> str:
    """The payload with its signature: a compact JWS."""
    header = {"alg": "EdDSA", "typ": kind, "kid": public_of(key)["kid"]}
    return jws.serialize_compact(header, payload, _private(key), registry=REGISTRY)


def opened(signed: str, kind: str, keys: Mapping[str, PublicKey]) -> bytes:
    """The payload, signed as this kind by one of the keys (by their `kid`). Raises NotSigned."""
    try:
        if not _COMPACT.fullmatch(signed) or any(_respelled(part) != part for part in signed.split(".")):
            raise NotSigned("it is not spelled as signatures are")  # of two spellings, one would be another's
        header = jws.extract_compact(signed.encode()).headers()
        if header.get("typ") != kind:
            raise NotSigned(f"it is not signed as a {kind}")
        key = keys.get(str(header.get("kid")))
        if key is None:
            raise NotSigned("it is signed by a key that is not known here")
        return jws.deserialize_compact(signed, _known(key["x"]), registry=REGISTRY).payload
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotSigned("its signature is not right") from error


def claimed(signed: str) -> bytes:
    """What a signature says that it is over, before anyone has checked it. Raises NotSigned."""
    try:
        return jws.extract_compact(signed.encode()).payload
    except (JoseError, ValueError, TypeError) as error:
        raise NotSigned("it is no signature") from error


def read_public(text: str) -> dict[str, PublicKey]:
    """Public keys by their `kid`, from a JWK, a JWK Set or PEM. Raises ValueError for anything else."""
    try:
        if text.lstrip().startswith("-----BEGIN"):
            found = load_pem_public_key(text.encode())
            if not isinstance(found, Ed25519PublicKey):
                raise ValueError("PEM of another kind")
            keys = [OKPKey.import_key(found)]
        else:
            said = json.loads(text)
            keys = [OKPKey.import_key({m: key[m] for m in _MEMBERS}) for key in said.get("keys", [said])]
        if not keys or any(key.as_dict(private=False)["crv"] != "Ed25519" for key in keys):
            raise ValueError("no Ed25519 key")
    except (JoseError, UnsupportedAlgorithm, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError("an Ed25519 public key is expected: a JWK, a JWK Set or PEM") from error
    return {public["kid"]: public for public in map(_public, keys)}


def is_public(key: Mapping[str, Any]) -> bool:
    """Whether it is a public key as `public_of` gives it, under its own thumbprint."""
    try:
        return read_public(json.dumps(dict(key))) == {key.get("kid"): dict(key)}
    except (ValueError, TypeError):
        return False


def _respelled(part: str) -> str:
    return urlsafe_b64encode(urlsafe_b64decode(part + "=" * (-len(part) % 4))).decode().rstrip("=")


def _public(key: OKPKey) -> PublicKey:
    plain = key.as_dict(private=False)
    return {member: str(plain[member]) for member in _MEMBERS} | {"kid": key.thumbprint()}


@lru_cache(maxsize=8)
def _private(key: Key) -> OKPKey:
    return OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(key))


@lru_cache(maxsize=64)
def _known(x: str) -> OKPKey:
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x})

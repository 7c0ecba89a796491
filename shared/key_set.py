"""The public keys of our tokens, where everybody may read them: /.well-known/jwks.json."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import msgspec
from flask import Blueprint, Response

from shared.tokens import Keys, published

PATH = "/.well-known/jwks.json"
CONTENT_TYPE = "application/jwk-set+json"
KEPT = timedelta(minutes=5)
"""So long a reader may keep them: a new key is published that much earlier than it signs."""


class PublicKey(msgspec.Struct, frozen=True):
    """An Ed25519 key as RFC 8037 writes it; `kid` is its thumbprint (RFC 7638), which a token names."""

    kid: str
    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str
    use: Literal["sig"]
    alg: Literal["EdDSA"]


class KeySet(msgspec.Struct, frozen=True):
    """The public keys of which a token may be signed by one (RFC 7517); the first signs now."""

    keys: list[PublicKey]


def key_set(keys: Keys) -> Blueprint:
    """The page, for whoever checks our tokens without being able to make any."""
    blueprint = Blueprint("key_set", __name__)
    page = msgspec.json.encode(published(keys))
    headers = {"Cache-Control": f"public, max-age={int(KEPT.total_seconds())}"}

    @blueprint.get(PATH)
    def public_keys() -> Response:
        """The public keys by which a token of ours is checked."""
        return Response(page, headers=headers, content_type=CONTENT_TYPE)

    return blueprint

"""Signing in by the organisation's own identity provider (OpenID Connect), where one is configured."""

from __future__ import annotations

from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.flask_client import OAuth  # type: ignore[import-untyped]
from flask import Flask, Response
from joserfc.errors import JoseError

from shared.settings import Settings

SECONDS = 5
"""Somebody waits for the provider's answer."""


class NotVouched(Exception):
    """The provider did not say who it is, or cannot be reached. The text says why, for our own log."""


class Organisation:
    """The provider at CAIRN_OIDC_ISSUER. What it says is held to its own keys, to its name, and to us."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._issuer = settings.oidc_issuer
        self._back = f"{settings.goals_public_url or settings.goals_url or ''}/oidc/back"
        self._client: Any = OAuth(app).register(
            "organisation",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "default_timeout": SECONDS,
            },
        )

    def asks(self) -> Response:
        """To where the provider asks who it is. Raises NotVouched."""
        try:
            answer = self._client.authorize_redirect(self._back)
        except (AuthlibBaseError, requests.RequestException, ValueError) as error:
            raise NotVouched(type(error).__name__) from error
        assert isinstance(answer, Response)
        return answer

    def vouches_for(self) -> str:
        """The e-mail address that the provider has verified of whoever comes back. Raises NotVouched."""
        ours = {"iss": {"essential": True, "values": [self._issuer]}}
        try:
            said = self._client.authorize_access_token(claims_options=ours).get("userinfo") or {}
        except (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError) as error:
            raise NotVouched(type(error).__name__) from error
        email = said.get("email")
        if said.get("email_verified") is not True or not isinstance(email, str):
            raise NotVouched("no verified address")
        return email


def organisation(app: Flask, settings: Settings) -> Organisation | None:
    """The provider; None where none is configured."""
    return Organisation(app, settings) if settings.oidc_client_id else None

"""With what the room's cookie is signed: a key of the vault's own, which outlives a master key."""

from __future__ import annotations

from flask import Flask, Request, current_app
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from shared.vault import Vault


class Cookie(SecureCookieSessionInterface):
    """Flask's own signed cookie. Its key is read once it is needed: an app connects to nothing before."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def make_known(self, app: Flask) -> None:
        """The app has its key from now on."""
        app.secret_key = app.secret_key or self._vault.own("web")

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie says; who brings none, as every operation's caller, needs no key."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Signs, and checks what was signed."""
        self.make_known(app)
        return super().get_signing_serializer(app)


def make_known() -> None:
    """The app that answers has its key, before a form of its pages is made or taken."""
    cookie = current_app.session_interface
    assert isinstance(cookie, Cookie)
    cookie.make_known(current_app)

"""The therapist's room put into the app of the goals service."""

from __future__ import annotations

from flask import Flask

from services.goals.beats import House
from services.goals.web import (
    acting,
    adjusting,
    client,
    clients,
    clinic,
    copies,
    difference,
    goal,
    history,
    integrity,
    language,
    looks,
    messages,
    moments,
    names,
    navigation,
    operations,
    reaching,
    registering,
    setting,
    signing_in,
    take_home,
    team,
    written,
)
from services.goals.web.accounts import Accounts
from services.goals.web.across import Reminders
from services.goals.web.cookie_key import Cookie
from services.goals.web.organisation import organisation
from services.goals.web.pages import csrf, room
from services.goals.web.parlour import PARLOUR, Parlour, Tried
from services.goals.web.sessions import Sessions
from services.goals.web.tries import Tries
from shared.settings import Settings

PAGES = (
    signing_in,
    clients,
    registering,
    client,
    written,
    reaching,
    messages,
    looks,
    copies,
    team,
    setting,
    goal,
    history,
    difference,
    take_home,
    integrity,
    adjusting,
    acting,
    clinic,
    operations,
)
"""Where pages are declared: each is loaded for that."""


def install(app: Flask, settings: Settings, house: House, tried: Tried) -> None:
    """Registers the pages; `tried` is told of each try to sign in. Raises SettingsError."""
    secure = (settings.goals_public_url or "").startswith("https:")
    app.session_interface = Cookie(house.vault)
    app.config |= {
        "SESSION_COOKIE_NAME": "__Host-cairn" if secure else "cairn",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_CHECK_DEFAULT": False,  # the operations take tokens, which no other page can send
        "WTF_CSRF_SSL_STRICT": False,  # it looks for a Referer, and we let none be sent
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
    }
    app.extensions[PARLOUR] = Parlour(
        accounts=Accounts(house.engine, house.vault),
        sessions=Sessions(house.engine, house.vault),
        tries=Tries(house.engine, house.vault),
        tried=tried,
        reminders=Reminders(settings.reminders_url, settings.require("token_keys"), house.now),
        organisation=organisation(app, settings),
        behind_proxy=secure,
    )
    csrf.init_app(app)
    language.install(app)
    moments.install(app)
    navigation.install(app)
    names.install(app)
    app.register_blueprint(room)

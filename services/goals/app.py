"""The goals service as a WSGI application: its databases, its keys, and the door in front of them."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from services.goals.api import body, described, gone, problems
from services.goals.api.call import ROOMS, Rooms
from services.goals.api.feed_desk import Desk
from services.goals.api.health import health
from services.goals.api.metrics import Figures
from services.goals.api.turns import Turns
from services.goals.beats import House
from services.goals.erasing.metrics import Erasures
from services.goals.log.heads import Heads
from services.goals.log.reached import Reached
from services.goals.messages.asking import Messages, as_the_house
from services.goals.schema import unready
from services.goals.seals.kept_in import place_of
from services.goals.seals.published import Published
from services.goals.web import install as web
from shared import passing, shapes
from shared.database import engine
from shared.key_set import key_set
from shared.pools import Pools
from shared.rewrapping import Rewrapping
from shared.settings import Settings
from shared.vault import Vault

THREADS = 16
"""Requests answered at once by one process."""
WAITING_SHARE = 4
"""One in so many threads may hold a long poll."""


def create_app(settings: Settings, *, threads: int = THREADS, share: int | None = None) -> Flask:
    """The application; nothing is connected before the first request. `share` is how many of the threads one
    caller may have at work, half of them where nothing is said. Raises SettingsError.
    """
    goals_url, vault_url, masters, token_keys = settings.require(
        "goals_database_url", "vault_database_url", "master_keys", "token_keys"
    )
    shapes.learn()
    log = engine(goals_url, pool_size=threads, max_overflow=2, autocommit=True)
    keys = engine(vault_url, pool_size=threads, max_overflow=2, autocommit=True)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = body.MOST_BYTES
    figures = Figures()
    desk = Desk(max(1, threads // WAITING_SHARE))
    turns = Turns(threads, share, figures.refused)
    figures.shows("cairn_feed_waiting", "Long polls that wait now", lambda: float(desk.waiting))
    figures.shows("cairn_http_behind", "Requests that wait for a thread now", lambda: float(turns.behind))
    erasures = Erasures(log, timedelta(days=settings.erasure_wait_days))
    for collector in (erasures, Reached(log), Rewrapping(keys, masters), Pools((log, keys))):
        figures.registry.register(collector)
    heads = Heads(log)
    vault = Vault(keys, masters)
    messages = Messages(settings.reminders_url, as_the_house(token_keys))

    def close() -> None:
        heads.close()
        messages.close()
        log.dispose()
        keys.dispose()

    house = House(engine=log, vault=vault, appends=figures.appends)
    app.extensions[ROOMS] = Rooms(
        house=house,
        token_keys=token_keys,
        figures=figures,
        desk=desk,
        turns=turns,
        heads=heads,
        seal_key=settings.seal_key,
        seals=Published(place_of(settings), settings.seal_keys or ()),
        messages=messages,
        public_url=settings.goals_public_url,
        ready=lambda: unready(log, keys) or vault.foreign(),
        close=close,
    )
    passing.install(app, figures.count)
    problems.install(app)
    gone.install(app)
    app.register_blueprint(health)
    app.register_blueprint(key_set(token_keys))
    described.install(app)
    web.install(app, settings, house, figures.sign_in)
    return app

"""`python -m bench.served WHAT`: one of the servers that are compared, each in the same gunicorn."""

# ruff: noqa: PLC0415  each server imports what it alone needs

from __future__ import annotations

import os
import sys
from functools import partial
from uuid import UUID

from flask import Flask, Response, jsonify, request

from bench.cluster import ADMIN
from services.goals.app import THREADS, create_app
from services.goals.server import Worker
from shared.logs import configure
from shared.serving import Server
from shared.settings import Settings

CLIENT = "/v1/clients/<uuid:client>"
WIN = CLIENT + "/wins/<uuid:win>"


def ours(settings: Settings) -> Flask:
    """The goals service."""
    return create_app(settings, threads=THREADS, share=THREADS)


def inserting(_settings: Settings) -> Flask:
    """A bare route with one bare INSERT."""
    from bench.designs import bare
    from shared.database import ask, engine

    app = _empty("inserting")
    connections = engine(os.environ[ADMIN], pool_size=THREADS, max_overflow=2, autocommit=True)
    row = bare.ready_row()

    @app.put(WIN)
    def put_win(client: UUID, win: UUID) -> tuple[Response, int]:
        body = request.get_json()
        with connections.connect() as connection:
            ask(connection, bare.INSERT, row() | {"event": win})
        return jsonify(client=client, win=win, kind=body["kind"]), 201

    return app


def sourcing(_settings: Settings) -> Flask:
    """The same route on the library `eventsourcing`."""
    from bench.designs import sourced

    app = _empty("sourcing")
    clients = sourced.application(os.environ[ADMIN], THREADS)

    @app.put(CLIENT)
    def put_client(client: UUID) -> tuple[Response, int]:
        clients.register(client)
        return jsonify(client=client), 201

    @app.put(WIN)
    def put_win(client: UUID, win: UUID) -> tuple[Response, int]:
        body = request.get_json()
        wins = clients.record_win(client, win, body["kind"], body["text"])
        return jsonify(client=client, win=win, wins=wins), 201

    return app


def _empty(name: str) -> Flask:
    app = Flask(name, static_folder=None)
    app.get("/readyz")(lambda: {"ready": True})
    return app


WHAT = {made.__name__: made for made in (ours, inserting, sourcing)}


def serve(what: str, settings: Settings) -> None:
    """Serves one of them until SIGTERM."""
    configure("goals")
    make = partial(WHAT[what], settings)
    Server(
        "goals", settings, make, bind=f"127.0.0.1:{settings.goals_port}", threads=THREADS, worker=Worker
    ).run()


if __name__ == "__main__":
    serve(sys.argv[1], Settings.read(os.environ))

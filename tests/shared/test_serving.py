"""What a worker of ours does otherwise than gunicorn's."""

from __future__ import annotations

import multiprocessing
import socket
from collections.abc import Iterator

import pytest
import requests
from flask import Flask, request

from infra.local.ports import free_port
from shared.patience import Patience
from shared.serving import Server, Worker
from shared.settings import Settings
from tests.faults.town import soon

THREADS = 2
HEAD = b"PUT / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n"


class Hurried(Worker):
    """One with little patience."""

    listens = 0.5


def serve(port: int) -> None:
    """A service that says how much it was told."""
    app = Flask("said")
    app.add_url_rule("/", view_func=lambda: str(len(request.get_data())), methods=["GET", "PUT"])
    bind = f"127.0.0.1:{port}"
    Server("said", Settings(), lambda: app, bind=bind, threads=THREADS, worker=Hurried).run()


def is_open(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where it serves."""
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(port,))
    process.start()
    soon(lambda: is_open(port))
    yield port
    process.terminate()
    process.join(10)


class Told:
    """What gunicorn's parent looks at: when the worker last said that it lives."""

    def __init__(self) -> None:
        self.times = 0

    def notify(self) -> None:
        """Once more."""
        self.times += 1


def test_a_worker_says_that_it_lives_once_a_second_however_often_it_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = object.__new__(Worker)
    worker.tmp, worker.patience = Told(), Patience(1.0)
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    for moment in (100.0, 100.4, 100.9, 101.0, 101.5, 102.1):
        now = moment
        worker.notify()
    assert worker.tmp.times == 3


@pytest.mark.parametrize(
    ("said", "status"),
    [(HEAD, b""), (HEAD + b"\r\nfour", b"HTTP/1.1 400")],
    ids=["half a head", "half a body"],
)
def test_who_never_says_all_of_it_keeps_no_thread_from_the_others(
    port: int, said: bytes, status: bytes
) -> None:
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(3 * THREADS)]
    for line in lines:
        line.sendall(said)
    assert requests.put(f"http://127.0.0.1:{port}/", data=b"all of it", timeout=30).text == "9"
    for line in lines:
        line.settimeout(30)
        assert line.recv(1_000)[:12] == status
        line.close()


def test_a_body_that_is_cut_off_is_none(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(HEAD + b"\r\nfour")
        line.shutdown(socket.SHUT_WR)
        line.settimeout(30)
        assert line.recv(1_000)[:12] == b"HTTP/1.1 400"

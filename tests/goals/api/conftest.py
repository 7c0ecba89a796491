"""The goals service's app on databases of its own, and somebody who knocks at its door."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from flask import Flask
from sqlalchemy import create_engine, text

from infra.local.ports import free_port
from services.goals.api.call import ROOMS
from services.goals.app import create_app
from shared.settings import other_variables
from tests.conftest import Databases
from tests.goals.api.callers import SEAL_KEY, Knock, begin, set_goal, settings

CAIRN = Path(sys.executable).parent / "cairn"


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The app; its connections are given back after the test."""
    its = settings(databases.goals, databases.vault, home=tmp_path, seal_key=SEAL_KEY)
    made = create_app(its, threads=8)
    yield made
    made.extensions[ROOMS].close()


@pytest.fixture
def knock(app: Flask) -> Knock:
    """A caller on an empty house."""
    return Knock(app)


@pytest.fixture
def begun(knock: Knock) -> Knock:
    """A caller where a clinic, a therapist and a client are."""
    begin(knock)
    return knock


@pytest.fixture
def active(begun: Knock) -> Knock:
    """A caller where the client's goal is set."""
    set_goal(begun)
    return begun


@pytest.fixture
def count_events(databases: Databases) -> Iterator[object]:
    """Counts the events in the log."""
    engine = create_engine(databases.goals_admin)

    def count() -> int:
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM cairn.event")).scalar_one())

    yield count
    engine.dispose()


@pytest.fixture
def served(databases: Databases, tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address of a served goals service, and its process."""
    port = free_port()
    its = settings(databases.goals, databases.vault, goals_port=port, home=tmp_path)
    process = subprocess.Popen(
        [CAIRN, "goals", "serve"],
        env=other_variables(os.environ) | its.environment(),
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            if requests.get(f"{url}/readyz", timeout=2).status_code == 200:
                break
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.1)
    yield url, process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(5)

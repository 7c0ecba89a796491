"""The goals service behind a real gunicorn: it serves, reads too much away, and stops at once."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import requests

from shared.settings import other_variables
from tests.controls import CLIENT
from tests.goals.api.callers import A_CLINIC, CLIENT_BODY, CLINIC_BODY, sign_in
from tests.goals.api.conftest import CAIRN


def test_it_serves_and_stops_within_seconds_though_somebody_waits(
    served: tuple[str, subprocess.Popen[bytes]],
) -> None:
    url, process = served
    made = requests.put(url + A_CLINIC, json=CLINIC_BODY, headers=sign_in("operator"), timeout=5)
    assert made.status_code == 201
    cursor = requests.get(f"{url}/v1/events", headers=sign_in("service"), timeout=5).headers["Cairn-Cursor"]
    told: dict[str, Any] = {}

    def listen() -> None:
        told["page"] = requests.get(
            f"{url}/v1/events?after={cursor}&wait=30", headers=sign_in("service"), timeout=40
        )

    waiting = threading.Thread(target=listen)
    waiting.start()
    time.sleep(0.7)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    assert time.monotonic() - began < 5
    waiting.join(5)
    assert (told["page"].status_code, told["page"].json()) == (200, [])


def test_ten_megabytes_are_read_away_and_refused(served: tuple[str, subprocess.Popen[bytes]]) -> None:
    url, _ = served
    for body in (b"x" * 10_000_000, iter([b"x" * 1_000_000] * 10)):
        answer = requests.put(
            f"{url}/v1/clients/{CLIENT}",
            data=body,
            headers=sign_in("therapist") | {"Content-Type": "application/json"},
            timeout=20,
        )
        assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/problem+json")
    again = requests.put(
        f"{url}/v1/clients/{CLIENT}", json=CLIENT_BODY, headers=sign_in("therapist"), timeout=5
    )
    assert again.status_code == 409  # no clinic yet: the service is well


def test_what_is_not_set_is_one_line_and_exit_2(tmp_path: Path) -> None:
    done = subprocess.run(
        [CAIRN, "goals", "serve"],
        env=other_variables(os.environ) | {"CAIRN_HOME": str(tmp_path)},
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.decode().strip().count("\n") == 0
    assert b"CAIRN_GOALS_DATABASE_URL" in done.stderr

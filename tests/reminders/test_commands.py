"""The processes as an operator starts them, and how they end."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import requests
from sqlalchemy import text

from infra.local.ports import free_port
from shared.settings import Settings, other_variables
from tests.reminders.house import CLIENT, NUMBER, House, milestone, wait_for


def start(settings: Settings, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "infra.command", "reminders", *command],
        env=other_variables(os.environ) | settings.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def started(settings: Settings, *command: str) -> subprocess.Popen[str]:
    process = start(settings, *command)
    assert process.stderr
    for line in process.stderr:
        if '"started"' in line:
            return process
    raise AssertionError(f"{command} ended before it started")


def run(settings: Settings, *command: str) -> tuple[int, str]:
    process = start(settings, *command)
    out, err = process.communicate(timeout=60)
    return process.returncode, out + err


@pytest.fixture
def settings(settings: Settings, tmp_path: object) -> Settings:
    return replace(settings, home=tmp_path, reminders_port=free_port())  # type: ignore[arg-type]


@pytest.fixture
def house(house: House) -> House:
    house.now = datetime.now(UTC)
    return house


def stopped(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    return process.returncode, err


def test_work_delivers_and_ends_well_when_told_to_stop(house: House, settings: Settings) -> None:
    house.begin("email")
    house.happens(milestone())
    worker, sweeper = started(settings, "work", "--threads", "2"), started(settings, "sweep")
    wait_for(lambda: judged(house), 30)
    assert stopped(worker)[0] == 0
    assert stopped(sweeper)[0] == 0


def judged(house: House) -> bool:
    """By night in New York it is held, by day it is in the inbox."""
    [message] = house.messages()
    return bool(message["state"] == "delivered") or message["cause"] == "quiet_hours"


@pytest.mark.parametrize("loop", ["follow", "schedule", "sweep", "reconcile", "loops"])
def test_each_loop_ends_well_when_told_to_stop(house: House, settings: Settings, loop: str) -> None:
    port = free_port()
    process = started(settings, loop, "--metrics-port", str(port))
    assert requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
    page = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
    runs = "sweep" if loop == "loops" else loop
    assert f'cairn_loop_running{{loop="{runs}"}} 1.0' in page
    began = time.monotonic()
    assert stopped(process)[0] == 0
    assert time.monotonic() - began < 10


def test_serve_answers_and_ends_well_when_told_to_stop(house: House, settings: Settings) -> None:
    process = start(settings, "serve")
    url = f"http://127.0.0.1:{settings.reminders_port}"

    def ready() -> bool:
        try:
            return requests.get(f"{url}/readyz", timeout=1).ok
        except requests.ConnectionError:
            return False

    wait_for(ready, 30)
    assert requests.get(f"{url}/outbox", headers={"Accept": "application/json"}, timeout=5).json() == {
        "items": []
    }
    assert stopped(process)[0] == 0


def test_a_moved_clock_is_refused_where_real_messages_would_be_sent(settings: Settings) -> None:
    real = replace(settings, smtp_url="smtp://mail.example:587", email_from="care@example.org")
    code, said = run(real, "schedule", "--once", "--at", "2026-03-03T08:00:00Z")
    assert code == 2
    assert "refused" in said


def test_unknown_lists_what_nobody_can_tell_by_ids_and_times(house: House, settings: Settings) -> None:
    assert run(settings, "unknown") == (0, "No message is unknown.\n")
    assert run(settings, "unknown", "--json") == (0, "")
    house.begin("sms")
    house.happens(milestone())
    [message] = house.messages()
    with house.parts.engine.begin() as connection:
        connection.execute(
            text("UPDATE message SET state = 'unknown', cause = 'timeout', claimed_at = :now"),
            {"now": house.now},
        )
    code, line = run(settings, "unknown", "--json")
    assert code == 0
    shown = json.loads(line)
    assert (shown["id"], shown["client_id"]) == (message["id"], str(CLIENT))
    assert (shown["cause"], shown["provider_id"]) == ("timeout", None)
    code, line = run(settings, "unknown")
    assert (code, str(message["id"]) in line, NUMBER in line) == (0, True, False)


def test_a_worker_shows_its_figures_only_where_it_is_told_to(house: House, settings: Settings) -> None:
    port = free_port()
    worker = started(settings, "work", "--metrics-port", str(port))
    assert "dramatiq_messages" in requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
    code, said = run(settings, "work", "--metrics-port", str(port))
    assert (code, "cannot be had" in said) == (2, True)
    assert stopped(worker)[0] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        ["schedule", "--at", "2026-03-03T08:00:00Z"],
        ["schedule", "--once", "--at", "tomorrow"],
        ["schedule", "--once", "--at", "2026-03-03T08:00:00"],
    ],
)
def test_a_wrong_time_is_one_clear_line_and_exit_2(settings: Settings, wrong: list[str]) -> None:
    code, said = run(settings, *wrong)
    assert code == 2
    assert "--at" in said


def test_a_missing_setting_is_named_before_anything_starts(settings: Settings) -> None:
    code, said = run(replace(settings, broker_url=None), "work")
    assert code == 2
    assert said.strip().splitlines()[-1].startswith("cairn: CAIRN_BROKER_URL is not set")


def test_schedule_once_says_how_much_came_due(settings: Settings) -> None:
    assert run(settings, "schedule", "--once") == (0, "0\n")
    assert run(settings, "schedule", "--once", "--at", "2030-03-03T08:00:00Z") == (0, "0\n")


def test_each_line_of_the_log_is_json_with_the_service_in_it(settings: Settings) -> None:
    process = started(settings, "schedule")
    _, err = stopped(process)
    [line] = [json.loads(line) for line in err.splitlines()]
    assert (line["event"], line["service"], line["loops"]) == (
        "stopped", "reminders", ["digests", "flags", "schedule"],
    )  # fmt: skip

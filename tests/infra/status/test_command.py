"""`cairn status` from the outside: its screen, its exit code, its JSON, and looking again."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from infra.command import cairn
from infra.local.kernel import LINUX
from infra.local.ports import free_port
from infra.status import command
from infra.status.asking import Answers, ask
from infra.status.screen import lines
from infra.status.status import status
from tests.infra.status.pages import WELL, page, showing

NOW = datetime(2026, 3, 9, 15, 0, tzinfo=UTC)
HELD = WELL + "# TYPE cairn_sending_held gauge\ncairn_sending_held 1.0\n"
SCREEN = """\
Cairn, 2026-03-09 15:00:00 UTC, 1 process answers

page    nobody answers: work, http://127.0.0.1:8002
        docs/operations/alerts.md#processmissing
page    nothing is sent: the ledger was restored
        docs/operations/alerts.md#sendingheld

queue         due  oldest due   from due to sent:  half   95 %   99 %
sms-now         0         0 s                        -      -      -
sms-bulk    1,200        42 s                      1 s   10 s   14 s
email-now       ?           ?                        -      -      -
email-bulk      ?           ?                        -      -      -

by the clock  ? due, the oldest for ?
under way     ? sending, the oldest for ?
              ? unknown, ? set aside
followed      by 2, ? events behind
              slowest lane ?, ? records parked
to the log    ? facts wait, the oldest for ?; ? refused
log           ? events; seal ?, ? events since; ? erasures to come

since the processes began
sent          sms 31; ? segments of SMS
suppressed    cap 2, quiet hours 1
expired       none
opted out     none
provider      none"""


def asked(home: Path, *words: str) -> Result:
    """What the command answers, in a home where nothing runs."""
    return CliRunner().invoke(cairn, ["status", *words], env={"CAIRN_HOME": str(home)})


def test_a_screen_says_first_what_is_wrong_and_of_what_nobody_shows_that_it_is_not_known() -> None:
    now = status(Answers([page(HELD)], ["work, http://127.0.0.1:8002"]), NOW)
    said = [click.unstyle(line) for line in lines(now, "docs/operations/alerts.md")]
    assert "\n".join(said) == SCREEN
    assert max(map(len, said)) <= 80


def test_where_all_is_well_it_says_so_and_ends_with_0(tmp_path: Path) -> None:
    with showing(WELL) as url:
        done = asked(tmp_path, "--at", url)
    assert done.exit_code == 0
    assert "1 process answers\n\nAll is well: nothing needs a person.\n" in done.output
    assert "\x1b" not in done.output


def test_no_proxy_stands_between_it_and_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with showing(WELL) as url:
        assert asked(tmp_path, "--at", url).exit_code == 0


def test_where_something_needs_a_person_it_ends_with_1_and_names_the_entry(tmp_path: Path) -> None:
    with showing(WELL) as url, showing(HELD) as other:
        done = asked(tmp_path, "--at", url, "--at", f"{other}/")
    assert done.exit_code == 1
    assert "2 processes answer\n\npage    nothing is sent" in done.output
    assert "docs/operations/alerts.md#sendingheld\n" in done.output


def test_a_process_that_does_not_answer_is_named_and_the_others_are_shown(tmp_path: Path) -> None:
    gone = f"http://127.0.0.1:{free_port()}"
    with showing(WELL) as url:
        done = asked(tmp_path, "--at", url, "--at", gone)
    assert done.exit_code == 1
    assert f"nobody answers: {gone}\n" in done.output
    assert "sms-bulk    1,200" in done.output


def test_for_scripts_it_is_one_object_with_the_same(tmp_path: Path) -> None:
    with showing(HELD) as url:
        done = asked(tmp_path, "--at", url, "--json")
    told = json.loads(done.output)
    assert (done.exit_code, told["well"], told["processes"], told["silent"]) == (1, False, 1, [])
    assert [one["alert"] for one in told["troubles"]] == ["SendingHeld"]
    bulk = next(queue for queue in told["queues"] if queue["name"] == "sms-bulk")
    assert (bulk["due"], bulk["sent_p50_seconds"]) == (1200, 1.0)
    assert told["counted"]["suppressed"] == {"quiet_hours": 1, "cap": 2}
    assert told["under_way"]["sending"] is None


def test_watching_looks_again_until_it_is_told_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    def stop_at_third(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("infra.status.command.time.sleep", stop_at_third)
    with showing(WELL) as url:
        done = asked(tmp_path, "--at", url, "--watch", "--json")
    assert done.exit_code == 0
    assert len([json.loads(line) for line in done.output.splitlines() if line]) == 3


def test_a_terminal_is_written_over_line_by_line_and_never_cleared() -> None:
    assert command.over(["one", "two", "three"], height=2) == "\x1b[Hone\x1b[K\ntwo\x1b[K\n\x1b[J"


@pytest.mark.skipif(not LINUX, reason="elsewhere a machine has one loopback address")
def test_a_name_that_leads_to_several_is_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with showing(WELL) as url, showing(HELD, host="127.0.0.2", port=int(url.rpartition(":")[2])):
        port = int(url.rpartition(":")[2])
        found: list[Any] = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in ("127.0.0.1", "127.0.0.2")
        ]
        known = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *a, **k: found if host == "work" else known(host, *a, **k)
        )
        answers = ask({"work": f"http://work:{port}"})
    assert (len(answers.pages), answers.silent) == (2, [])


def test_where_nothing_runs_it_says_how_to_start_and_ends_with_2(tmp_path: Path) -> None:
    done = asked(tmp_path / "no home")
    assert done.exit_code == 2
    assert "start it with `cairn up`" in done.output

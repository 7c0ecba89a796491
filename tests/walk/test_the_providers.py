"""The walk for real: from a PUT through every process to the provider and a mail server, and back again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from infra.local.story import where_it_is_late_morning
from infra.standin.provider import Provider
from infra.standin.serving import running
from shared.passing import CORRELATION
from tests.controls import ADDRESS, NUMBER, WIN
from tests.local.started import up
from tests.reminders.channels.peer import Peer, listening

pytestmark = pytest.mark.timeout(240)


@dataclass
class Walk:
    """Everything that runs, and her."""

    home: Path
    found: dict[str, Any]
    provider: Provider
    peer: Peer
    client: str

    def put(self, path: str, body: object, correlation_id: str | None = None) -> None:
        """Puts something of hers, as her therapist."""
        headers = {CORRELATION: correlation_id} if correlation_id else {}
        answer = self._ask("PUT", "goals", path, json=body, headers=headers)
        assert answer.status_code == 201, answer.text

    def in_force(self) -> list[str]:
        """What she consents to, by the log."""
        return [one["scope"] for one in self._ask("GET", "goals").json()["consents"] if one["in_force"]]

    def states(self) -> dict[str, list[str]]:
        """What became of her messages, by channel; nothing of somebody who was not heard of yet."""
        kept: dict[str, list[str]] = {"sms": [], "email": []}
        answer = self._ask("GET", "reminders", "/messages")
        for message in answer.json()["items"] if answer.status_code == 200 else []:
            kept[message["channel"]].append(message["state"])
        return kept

    def lines(self, process: str, correlation_id: str) -> set[str]:
        """What a process has logged about this: the names of its lines."""
        log = (self.home / "logs" / f"{process}.log").read_text()
        lines = [json.loads(line) for line in log.splitlines() if correlation_id in line]
        assert all(line["correlation_id"] == correlation_id for line in lines)
        return {line["event"] for line in lines}

    def _ask(self, method: str, house: str, path: str = "", **named: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.found['tokens']['therapist']}", **named.pop("headers", {})}
        url = f"{self.found[house]}/v1/clients/{self.client}{path}"
        return requests.request(method, url, headers=headers, timeout=20, **named)


@contextmanager
def everything(home: Path) -> Iterator[Walk]:
    """`cairn up`, sending by the stand-in and by a mail server; she is registered and has consented."""
    provider = Provider()
    with running(provider) as api, listening() as peer:
        mail = {"CAIRN_SMTP_URL": f"smtp://127.0.0.1:{peer.port}", "CAIRN_EMAIL_FROM": "care@example.org"}
        with up(home, **provider.environment(api), **mail) as (_, found):
            it = Walk(home, found, provider, peer, str(uuid4()))
            zone = where_it_is_late_morning(datetime.now(UTC))
            it.put("", {"name": "Maya Okafor", "locale": "en", "time_zone": zone, "adult": True})
            for channel, address in (("sms", NUMBER), ("email", ADDRESS)):
                it.put(f"/contacts/{channel}", {"address": address, "verified_by": "seen"})
                it.put(f"/consents/{channel}/{uuid4()}", {"text_version": "1", "given_by": "client"})
            yield it


def test_a_win_reaches_phone_and_inbox_is_heard_of_again_and_one_click_ends_it(tmp_path: Path) -> None:
    with everything(tmp_path / "home") as walk:
        walk.put(f"/wins/{uuid4()}", {"kind": "showed_up", "text": WIN}, "the-walk-of-a-win")
        soon(lambda: "delivered" in walk.states()["sms"] and "sent" in walk.states()["email"])
        reached_her_once(walk)
        one_id_leads_from_the_put_to_the_callback(walk)
        one_click_is_a_withdrawal_in_the_log(walk)
        no_log_knows_her(walk)


def reached_her_once(walk: Walk) -> None:
    [text] = walk.provider.accepted.all()
    [mail] = walk.peer.taken
    assert (text.to, mail["To"]) == (NUMBER, ADDRESS)
    assert text.body.startswith("Cairn: ")
    assert {told.answer for told in walk.provider.callbacks.told} == {204}
    assert walk.provider.accepted.twice() == {}


def one_id_leads_from_the_put_to_the_callback(walk: Walk) -> None:
    for process, line in (
        ("goals-serve", "request"),
        ("reminders-loops", "planned"),
        ("reminders-work", "delivery"),
        ("reminders-serve", "callback"),
    ):
        assert walk.lines(process, "the-walk-of-a-win") == {line}


def one_click_is_a_withdrawal_in_the_log(walk: Walk) -> None:
    link = walk.peer.taken[0]["List-Unsubscribe"].strip("<>")
    clicked = requests.post(link, {"List-Unsubscribe": "One-Click"}, timeout=10)
    assert clicked.status_code == 200
    soon(lambda: walk.in_force() == ["sms"])
    assert walk.lines("reminders-loops", clicked.headers[CORRELATION]) == {"fact told"}
    assert walk.lines("goals-serve", clicked.headers[CORRELATION]) == {"request"}


def no_log_knows_her(walk: Walk) -> None:
    logs = "".join(log.read_text() for log in (walk.home / "logs").iterdir())
    for hers in (NUMBER, NUMBER[1:], ADDRESS, WIN, "Maya"):
        assert hers not in logs


def soon(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Waits until it holds; a machine may have much else to do."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.2)

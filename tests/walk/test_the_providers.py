"""The walk for real: from a PUT through every process to the provider and a mail server, and back again."""

from __future__ import annotations

import json
import subprocess
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
from tests.local.started import COMMAND, environment, up
from tests.otlp import Collector, collecting
from tests.reminders.channels.peer import Peer, listening

pytestmark = pytest.mark.timeout(240)

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
"""Of somebody who calls us, and traces."""
SAID = {
    *("http.request.method", "http.route", "http.response.status_code", "db.system.name", "error.type"),
    *("messaging.destination.name", "cairn.correlation_id", "cairn.event", "cairn.event_id", "cairn.lane"),
    *("cairn.occasion", "cairn.message", "cairn.channel", "cairn.verdict", "cairn.cause", "cairn.state"),
    "cairn.fact",
}
"""All that a span may say: ids, and words of our own."""
WIN_PUT = "PUT /v1/clients/<uuid:client>/wins/<uuid:win>"


@dataclass
class Walk:
    """Everything that runs, and her."""

    home: Path
    found: dict[str, Any]
    provider: Provider
    peer: Peer
    collector: Collector
    client: str

    def put(self, path: str, body: object, **headers: str) -> None:
        """Puts something of hers, as her therapist."""
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

    def said(self, process: str, event: str) -> list[dict[str, Any]]:
        """The lines that a process has logged of this kind."""
        log = (self.home / "logs" / f"{process}.log").read_text()
        return [line for line in map(json.loads, log.splitlines()) if line["event"] == event]

    def _ask(self, method: str, house: str, path: str = "", **named: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.found['tokens']['therapist']}", **named.pop("headers", {})}
        url = f"{self.found[house]}/v1/clients/{self.client}{path}"
        return requests.request(method, url, headers=headers, timeout=20, **named)


@contextmanager
def everything(home: Path) -> Iterator[Walk]:
    """`cairn up`, sending by the stand-in and by a mail server; she is registered and has consented."""
    provider = Provider()
    with running(provider) as api, listening() as peer, collecting() as collector:
        mail = {"CAIRN_SMTP_URL": f"smtp://127.0.0.1:{peer.port}", "CAIRN_EMAIL_FROM": "care@example.org"}
        told = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
        with up(home, **provider.environment(api), **mail, **told) as (_, found):
            it = Walk(home, found, provider, peer, collector, str(uuid4()))
            zone = where_it_is_late_morning(datetime.now(UTC))
            it.put("", {"name": "Maya Okafor", "locale": "en", "time_zone": zone, "adult": True})
            for channel, address in (("sms", NUMBER), ("email", ADDRESS)):
                it.put(f"/contacts/{channel}", {"address": address, "verified_by": "seen"})
                it.put(f"/consents/{channel}/{uuid4()}", {"text_version": "1", "given_by": "client"})
            yield it


def test_a_win_reaches_phone_and_inbox_is_heard_of_again_and_one_click_ends_it(tmp_path: Path) -> None:
    with everything(tmp_path / "home") as walk:
        names = {CORRELATION: "the-walk-of-a-win", "traceparent": f"00-{TRACE}-{CALLER}-01"}
        walk.put(f"/wins/{uuid4()}", {"kind": "showed_up", "text": WIN}, **names)
        soon(lambda: "delivered" in walk.states()["sms"] and "sent" in walk.states()["email"])
        reached_her_once(walk)
        one_id_leads_from_the_put_to_the_callback(walk)
        one_trace_leads_from_the_put_to_the_providers(walk)
        one_click_is_a_withdrawal_in_the_log(walk)
        the_status_tells_it(walk)
        no_log_knows_her(walk)
        no_trace_knows_her(walk)


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


def one_trace_leads_from_the_put_to_the_providers(walk: Walk) -> None:
    told = walk.collector
    soon(lambda: [span.name for span in told.of(TRACE)].count("send") == 2 and told.is_whole(TRACE, CALLER))
    put = told.one(TRACE, WIN_PUT)
    assert (put.parent, put.service, put.says["http.response.status_code"]) == (CALLER, "cairn-goals", 201)
    assert told.one(TRACE, "append").parent == put.id
    steps = {span.id: span for span in told.of(TRACE)}
    for channel in ("sms", "email"):
        sent = told.one(TRACE, "send", **{"cairn.channel": channel})
        delivered = steps[sent.parent]  # another ring found its message merged into this one's
        applied = steps[delivered.parent]
        lay = steps[applied.parent]
        assert [one.name for one in (delivered, applied, lay)] == ["deliver", "apply", "feed"]
        assert (lay.parent, lay.service) == (put.id, "cairn-reminders")
        assert delivered.says["messaging.destination.name"] == f"{channel}-bulk"
        assert sent.says["cairn.verdict"] == "sent"
        within = {one.name for one in told.of(TRACE) if one.parent == delivered.id}
        assert within == {"claim", "send", "settle"}
    assert {one["trace_id"] for one in walk.said("reminders-work", "delivery")} == {TRACE}


def one_click_is_a_withdrawal_in_the_log(walk: Walk) -> None:
    link = walk.peer.taken[0]["List-Unsubscribe"].strip("<>")
    clicked = requests.post(link, {"List-Unsubscribe": "One-Click"}, timeout=10)
    assert clicked.status_code == 200
    soon(lambda: walk.in_force() == ["sms"])
    assert walk.lines("reminders-loops", clicked.headers[CORRELATION]) == {"fact told"}
    assert walk.lines("goals-serve", clicked.headers[CORRELATION]) == {"request"}


def the_status_tells_it(walk: Walk) -> None:
    asked = [*COMMAND, "status", "--json"]
    done = subprocess.run(asked, env=environment(walk.home), capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    assert done.returncode == (0 if told["well"] else 1), told["troubles"]
    assert (told["processes"], told["silent"]) == (5, [])
    assert told["counted"]["sent"].keys() == {"sms", "email"}
    assert told["counted"]["opt_outs"] == {"link": 1}
    took = {queue["name"]: queue["sent_p95_seconds"] for queue in told["queues"]}
    assert took["sms-bulk"] > 0
    assert told["log"]["events"] > 0


def no_log_knows_her(walk: Walk) -> None:
    logs = "".join(log.read_text() for log in (walk.home / "logs").iterdir())
    for hers in (NUMBER, NUMBER[1:], ADDRESS, WIN, "Maya"):
        assert hers not in logs


def no_trace_knows_her(walk: Walk) -> None:
    assert {name for span in walk.collector.spans for name in span.says} <= SAID
    handed_over = b"".join(walk.collector.bodies)
    assert b"cairn-reminders" in handed_over
    for hers in (NUMBER, NUMBER[1:], ADDRESS, WIN, "Maya", walk.client):
        assert hers.encode() not in handed_over
    tokens = [
        link.rpartition("/")[2] for mail in walk.peer.taken for link in [mail["List-Unsubscribe"].strip("<>")]
    ]
    assert not [token for token in tokens if token.encode() in handed_over]


def soon(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Waits until it holds; a machine may have much else to do."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.2)

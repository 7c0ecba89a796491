"""More than there is room for: who is urgent is answered in time, who floods is told to come back."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import requests
from sqlalchemy import text

from infra.standin.script import Script
from infra.standin.texts import Text
from services.reminders import bell
from services.reminders.bell import Rung
from services.reminders.ledger import direct
from services.reminders.ledger.direct import HOUSE, Direct, Said
from services.reminders.parts import Parts
from tests.faults.crowd import Client, Crowd
from tests.faults.town import Town, is_known, soon

pytestmark = pytest.mark.timeout(200)

BACKLOG, TAKES = 240, 0.25
"""Messages, and the seconds that the provider takes for each: a quarter of a minute for four threads."""
IN_TIME = 5.0
CALLERS = 48
"""Of one name, at once, at a service of 16 threads."""


def opened(town: Town, *kinds: str) -> Crowd:
    """A clinic, in a town where these run."""
    town.start(*kinds)
    crowd = Crowd(town)
    crowd.open()
    return crowd


def test_her_stop_and_her_despair_are_answered_in_time_while_a_backlog_goes_out(town: Town) -> None:
    crowd = opened(town, "goals serve", "reminders serve", "reminders follow", "reminders work")
    clients = [crowd.comes() for _ in range(2)]
    soon(lambda: all(is_known(town, client.client_id) for client in clients), 60)
    backlog(town)
    soon(lambda: len(town.provider.accepted.all()) > 8)
    for client, words, said in zip(
        clients, ("stop texting me", "I want to die"), ("no more", "988"), strict=True
    ):
        began = time.monotonic()
        town.provider.texts.bring(Text(sent_from=client.number, body=words))
        soon(lambda client=client: bool(received(town, client)), 60)  # type: ignore[misc]
        assert time.monotonic() - began < IN_TIME
        assert said in received(town, client)[0].casefold()
    assert len(town.provider.accepted.all()) < BACKLOG


def test_who_floods_is_told_to_come_back_and_nobody_else_waits(town: Town) -> None:
    crowd = opened(town, "goals serve")
    quiet = crowd.comes()
    until, answers = time.monotonic() + 3, Counter[int]()

    def flood(_: int) -> None:
        url = f"{town.url('goals')}/v1/clients"
        with requests.Session() as session:
            session.trust_env = False
            while time.monotonic() < until:
                answer = session.get(url, headers=crowd.signed("therapist"), timeout=30)
                assert answer.status_code == 200 or int(answer.headers["Retry-After"]) >= 1
                answers[answer.status_code] += 1

    with ThreadPoolExecutor(CALLERS) as many:
        flooding = [many.submit(flood, number) for number in range(CALLERS)]
        took = []
        while time.monotonic() < until:
            began = time.monotonic()
            crowd.put("lead", f"/v1/clients/{quiet.client_id}/team", {"staff_ids": [str(crowd.therapist)]})
            took.append(time.monotonic() - began)
        for one in flooding:
            one.result()
    assert set(answers) == {200, 429}
    assert max(took) < IN_TIME


def backlog(town: Town) -> None:
    """So many messages wait to go out, each to a number of its own."""
    town.provider.scripts.usually(Script(takes=TAKES, callbacks="none"))
    now = datetime.now(UTC)
    with closing(Parts(town.settings)) as parts:
        with parts.engine.begin() as connection:
            ids = [uuid4() for _ in range(BACKLOG)]
            for number, message_id in enumerate(ids):
                said = Said(f"+1971{2_000_000 + number:07d}", "Northside: good morning.")
                one = Direct(message_id=message_id, record_id=HOUSE, client_id=None, clinic_id=None,
                             channel="sms", kind="notice", said=said, expires_at=now + timedelta(hours=2),
                             correlation_id="backlog", despite_opt_out=True)  # fmt: skip
                direct.plan(connection, parts.vault, one, now)
            connection.execute(text("UPDATE message SET queue = 'bulk'"))
        bell.ring(parts.broker, [Rung(message_id, "sms", "bulk") for message_id in ids])


def received(town: Town, client: Client) -> list[str]:
    """What her phone has got."""
    return [one.body for one in town.provider.accepted.all() if one.to == client.number]

"""What we learn goes to the log: once, in order, whatever is away meanwhile, and nothing is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from flask import Flask, Response, request
from sqlalchemy import text

from services.reminders.app import create_app
from services.reminders.hearing.carry import carry
from services.reminders.ledger import outgoing
from services.reminders.ledger.outgoing import AGAIN, LEASE, Fact
from services.reminders.parts import Parts
from shared.goals_client import GoalsAway
from shared.passing import CORRELATION
from shared.paths import consent
from shared.problems import CONTENT_TYPE as PROBLEM
from tests.controls import CLIENT, CLINIC, WIN
from tests.reminders.both import HERS, Both
from tests.reminders.house import House, milestone
from tests.serving import serving

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FIRST, SECOND = UUID(int=1), UUID(int=2)


def click(both: Both) -> str:
    """She ends her e-mails with one click; gives the request's correlation id."""
    app = create_app(both.settings)
    link = both.house.parts.links.unsubscribe(CLIENT, "email")
    assert link
    answer = app.test_client().post(urlsplit(link).path, data=ONE_CLICK)
    app.extensions["parts"].close()
    assert answer.status_code == 200
    both.house.now = datetime.now(UTC)
    return answer.headers[CORRELATION]


def in_force(both: Both) -> set[UUID]:
    return {key for key, consent in both.her().consents.items() if consent.in_force}


def test_an_opt_out_stands_at_once_and_is_in_the_log_once_when_the_goals_service_is_back(both: Both) -> None:
    both.consent("email", FIRST)
    both.consent("sms", SECOND)
    both.follow()
    with both.away():
        asked = click(both)
        click(both)
        both.house.happens(milestone())
        assert both.outgoing() == [("waiting", None)]
        with pytest.raises(GoalsAway):
            both.carry()
        assert both.carry() == 0  # not before its time
    both.house.later(seconds=2)
    assert (both.carry(), both.carry()) == (1, 0)
    assert both.outgoing() == [("told", None)]
    assert both.withdrawn() == [("client", asked)]


def test_what_went_to_the_log_comes_back_by_the_feed_and_starts_nothing_anew(both: Both) -> None:
    both.consent("email", FIRST)
    both.follow()
    click(both)
    both.carry()
    both.follow()
    assert in_force(both) == set()
    click(both)
    assert (both.carry(), len(both.withdrawn())) == (0, 1)


def test_a_consent_that_comes_late_and_is_older_than_the_opt_out_is_withdrawn_as_well(both: Both) -> None:
    both.follow()
    assert both.consent("email", FIRST) == 201
    click(both)
    both.follow()
    assert both.carry() == 1
    assert len(both.withdrawn()) == 1
    both.follow()
    assert in_force(both) == set()
    assert both.consent("email", FIRST) == 409  # a retried PUT gives nothing back


def test_a_consent_that_was_given_since_is_left_to_stand_and_lifts_nothing(both: Both) -> None:
    both.follow()
    click(both)
    both.consent("email", FIRST)
    both.follow()
    assert (both.carry(), both.withdrawn(), in_force(both)) == (0, [], {FIRST})


def test_a_consent_that_was_given_before_she_said_stop_again_is_withdrawn_as_well(both: Both) -> None:
    both.follow()
    click(both)
    both.consent("email", FIRST)
    click(both)
    both.follow()
    assert both.carry() == 1
    both.follow()
    assert in_force(both) == set()


def test_who_dies_between_telling_and_writing_it_down_tells_it_again_for_nothing(both: Both) -> None:
    both.consent("email", FIRST)
    both.follow()
    click(both)
    parts = both.house.parts
    with parts.engine.begin() as connection:
        [taken] = outgoing.take_due(connection, parts.vault, both.house.now)
    parts.goals.delete(CLINIC, taken.fact.path, taken.fact.correlation_id)
    assert both.carry() == 0
    both.house.now += LEASE
    assert both.carry() == 1
    assert len(both.withdrawn()) == 1


def test_two_carriers_tell_each_fact_once(both: Both) -> None:
    both.follow()
    facts = [win(number) for number in range(30)]
    put(both, *facts)

    def carry_all() -> None:
        while ("waiting", None) in both.outgoing():
            both.carry()

    carriers = [Thread(target=carry_all) for _ in range(2)]
    for carrier in carriers:
        carrier.start()
    for carrier in carriers:
        carrier.join(60)
    assert both.outgoing() == [("told", None)] * 30
    assert both.follow() == 30 + 2  # and the milestones that the first of them earned


def test_words_are_sealed_on_their_way_and_kept_no_longer(both: Both) -> None:
    both.follow()
    put(both, win(1))
    [kept] = sealed(both)
    assert kept
    assert WIN.encode() not in kept
    assert both.carry() == 1
    assert sealed(both) == [None]
    assert both.ask("therapist", f"{HERS}/wins/{UUID(int=1)}", {"kind": "effort", "text": WIN}) == 200


def test_what_was_said_before_she_was_erased_is_told_to_nobody(both: Both) -> None:
    both.follow()
    put(both, win(1))
    both.house.parts.vault.destroy(CLIENT)
    assert (both.carry(), both.outgoing()) == (0, [("refused", "erased")])
    assert sealed(both) == [None]


@pytest.mark.parametrize(
    ("status", "content_type", "state"),
    [
        (500, PROBLEM, ("waiting", "status 500")),
        (503, PROBLEM, ("waiting", "status 503")),
        (429, PROBLEM, ("waiting", "status 429")),
        (302, "text/html", ("waiting", "status 302")),
        (404, "text/html", ("waiting", "status 404")),  # a proxy's word, not the service's
        (401, PROBLEM, ("waiting", "status 401")),
        (403, PROBLEM, ("waiting", "status 403")),
        (404, PROBLEM, ("refused", "status 404")),
        (409, PROBLEM, ("refused", "status 409")),
        (422, PROBLEM, ("refused", "status 422")),
    ],
)
def test_what_the_ledger_says_after_each_answer(
    house: House, status: int, content_type: str, state: tuple[str, str]
) -> None:
    parts = house.parts
    with answering(status, content_type) as (url, asked):
        there = Parts(replace(parts.settings, goals_url=url))
        put(house, away(FIRST))
        for wait in AGAIN[:2]:
            try:
                carry(parts.engine, parts.vault, house.rung.extend, there.goals, house.now)
            except GoalsAway:
                assert state[0] == "waiting"
            house.now += wait
        there.close()
    assert rows(house) == [state]
    assert len(asked) == (2 if state[0] == "waiting" else 1)


def test_a_records_facts_go_in_order_and_one_that_is_refused_holds_up_none(house: House) -> None:
    parts = house.parts
    put(house, away(FIRST), away(SECOND), away(FIRST, client=uuid4()))
    with answering(503, PROBLEM) as (url, asked), pytest.raises(GoalsAway):
        carry(
            parts.engine,
            parts.vault,
            house.rung.extend,
            Parts(replace(parts.settings, goals_url=url)).goals,
            house.now,
        )
    assert asked == [consent(CLIENT, "email", FIRST)]
    house.later(seconds=2)
    with answering(409, PROBLEM) as (url, asked):
        there = Parts(replace(parts.settings, goals_url=url)).goals
        assert [carry(parts.engine, parts.vault, house.rung.extend, there, house.now) for _ in range(2)] == [
            0,
            0,
        ]
    assert [path for path in asked if str(CLIENT) in path] == [
        consent(CLIENT, "email", FIRST),
        consent(CLIENT, "email", SECOND),
    ]
    assert rows(house) == [("refused", "status 409")] * 3


def test_it_is_asked_ever_less_often_and_for_as_long_as_it_takes(house: House) -> None:
    parts = house.parts
    put(house, away(FIRST))
    waits: list[timedelta] = []
    with answering(503, PROBLEM) as (url, _):
        there = Parts(replace(parts.settings, goals_url=url)).goals
        for _ in range(8):
            with pytest.raises(GoalsAway):
                carry(parts.engine, parts.vault, house.rung.extend, there, house.now)
            with parts.engine.connect() as connection:
                at = connection.execute(text("SELECT next_attempt_at FROM outgoing")).scalar_one()
            waits.append(at - house.now)
            house.now = at
    assert waits == [*AGAIN, *[AGAIN[-1]] * 4]


def win(number: int) -> Fact:
    name = UUID(int=number)
    body = b'{"kind": "effort", "text": "%s"}' % WIN.encode()
    return Fact(uuid4(), CLIENT, CLINIC, "win.recorded", "PUT", f"{HERS}/wins/{name}", "a-text", body)


def away(consent_id: UUID, client: UUID = CLIENT) -> Fact:
    path = consent(client, "email", consent_id)
    return Fact(uuid4(), client, CLINIC, "consent.withdrawn", "DELETE", path, "a-test")


def put(of: Both | House, *facts: Fact) -> None:
    house = of.house if isinstance(of, Both) else of
    with house.parts.engine.begin() as connection:
        outgoing.put(connection, house.parts.vault, facts, house.now)


def rows(house: House) -> list[tuple[str, str | None]]:
    with house.parts.engine.connect() as connection:
        found = connection.execute(text("SELECT state, cause FROM outgoing ORDER BY sequence"))
        return [(row[0], row[1]) for row in found]


def sealed(both: Both) -> list[bytes | None]:
    with both.house.parts.engine.connect() as connection:
        found = connection.execute(text("SELECT sealed FROM outgoing ORDER BY sequence")).scalars()
        return [bytes(one) if one is not None else None for one in found]


@contextmanager
def answering(status: int, content_type: str) -> Iterator[tuple[str, list[str]]]:
    """Somebody who answers every request so, and keeps the paths."""
    app, asked = Flask("answering"), list[str]()

    @app.route("/<path:path>", methods=["PUT", "DELETE"])
    def answer(path: str) -> Response:
        asked.append(request.path)
        return Response("{}", status, content_type=content_type)

    with serving(app) as url:
        yield url, asked

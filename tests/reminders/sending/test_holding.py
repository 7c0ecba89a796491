"""A restored ledger sends nothing until it is known what the lost one may have sent; danger is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import sql
from sqlalchemy import text

from infra.command import cairn
from infra.local.databases import plain
from services.reminders import bell
from services.reminders.following.feed import Page
from services.reminders.ledger import direct, hold, inbound
from services.reminders.ledger.direct import Direct, Said
from services.reminders.operating.releasing import NotFollowed, Released, release
from services.reminders.parts import Parts
from services.reminders.people import person
from services.reminders.scheduling import preview
from services.reminders.sending import holding
from services.reminders.sending.holding import Watch
from services.reminders.sending.reconcile import reconcile
from shared.events import ClientErased
from shared.goals_client import GoalsAway
from shared.wire import rfc3339
from tests.conftest import Databases
from tests.reminders.figures import exposition
from tests.reminders.house import CLIENT, CLINIC, NOW, NUMBER, REMINDER, House, milestone, reminder, wait_for
from tests.reminders.sending.test_killed import process
from tests.reminders.wired import Wired

Restored = Callable[[House], House]


class Read:
    """A feed that has no more, or has, or is away."""

    def __init__(self, *items: object, away: bool = False) -> None:
        self._items, self._away = list(items), away

    def read(self, *_: object, **__: object) -> Page:
        if self._away:
            raise GoalsAway("status 503")
        return Page(self._items, 0)  # type: ignore[arg-type]


@pytest.fixture
def restored(databases: Databases) -> Iterator[Restored]:
    """Makes a copy of the ledger as it is now, in another database, as a dump and a restore do."""
    made: list[tuple[str, House]] = []

    def copy(house: House) -> House:
        name = f"{databases.prefix}restored_{len(made)}"
        house.parts.engine.dispose()
        _copy(databases, f"{databases.prefix}cairn_reminders", name)
        url = databases.reminders.rpartition("/")[0] + f"/{name}"
        parts = Parts(replace(house.parts.settings, reminders_database_url=url))
        made.append((name, House(parts, now=house.now)))
        made[-1][1]._versions.update(house._versions)
        made[-1][1]._positions.update(house._positions)
        return made[-1][1]

    yield copy
    with psycopg.connect(plain(databases.admin), autocommit=True) as admin:
        for name, house in made:
            house.parts.close()
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _copy(databases: Databases, source: str, name: str) -> None:
    with psycopg.connect(plain(databases.admin), autocommit=True) as admin:
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER cairn_reminders_owner")
        admin.execute(made.format(sql.Identifier(name), sql.Identifier(source)))


def let_go(house: House, feed: Read | None = None, **later: float) -> Released | None:
    """An operator releases it."""
    house.later(**later)
    parts = house.parts
    return release(parts.engine, parts.broker, house.rung.extend, feed or Read(), house.now)  # type: ignore[arg-type]


def look(house: House) -> None:
    """What the sweeper does first in each round."""
    Watch(house.parts.engine, house.parts.broker).look(house.now)


def standing(house: House) -> str | None:
    with house.parts.engine.connect() as connection:
        return hold.standing(connection).cause


def ring_all(house: House) -> list[object]:
    """Every message that is planned is rung for, whenever it is due."""
    house.rung = house._waiting()
    return house.answer()


def test_a_ledger_that_stays_where_it_is_sends(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    look(house)
    assert house.answer() == ["delivered"]
    assert standing(house) is None
    assert let_go(house) is None


def test_one_that_was_restored_elsewhere_holds_what_is_planned_before_anybody_has_looked(
    house: House, restored: Restored
) -> None:
    house.begin("sms", "email")
    house.happens(milestone())
    other = restored(house)
    assert ring_all(other) == [None, None]
    assert other.states() == [("planned", "restored")] * 2
    assert other.sent() == []
    assert standing(other) == "moved"


def test_what_the_lost_ledger_sent_after_the_backup_is_not_sent_again(
    house: House, restored: Restored
) -> None:
    house.begin("sms")
    house.happens(milestone())
    older = restored(house)
    assert house.answer() == ["delivered"]
    earned = house.items(milestone("first_win"))
    house.page(earned)
    house.later(days=1)
    house.answer()
    older.now = house.now + timedelta(minutes=5)
    look(older)
    older.page(earned)  # it follows on
    ring_all(older)
    assert let_go(older) == Released(unknown=2, going=0)
    assert ring_all(older) == []
    assert older.states() == [("unknown", "restored")] * 2
    assert older.sent() == []


def test_what_happens_once_it_is_held_goes_when_it_is_released(house: House, restored: Restored) -> None:
    house.begin("sms")
    house.happens(milestone())
    other = restored(house)
    other.later(days=2)
    look(other)
    other.later(hours=1)
    other.happens(milestone("first_win"))
    assert ring_all(other) == [None, None]
    assert let_go(other, minutes=5) == Released(unknown=1, going=1)
    assert ring_all(other) == ["delivered"]
    assert other.states() == [("delivered", None), ("unknown", "restored")]


def test_a_slot_of_the_lost_time_is_taken_for_said(house: House, restored: Restored) -> None:
    house.begin("sms")
    house.happens(reminder("11:00"))
    older = restored(house)
    older.later(hours=1, minutes=10)
    look(older)
    assert let_go(older) == Released(unknown=1, going=0)
    older.later(minutes=5)
    assert older.schedule() == 0


def test_it_is_released_for_good(house: House, restored: Restored) -> None:
    house.begin("sms")
    house.happens(milestone())
    other = restored(house)
    let_go(other)
    other.later(days=1)
    other.happens(milestone("first_win"))
    assert other.answer() == ["delivered"]


def test_a_ledger_that_is_whole_goes_on_as_it_is(house: House, restored: Restored) -> None:
    house.begin("sms")
    house.happens(milestone())
    moved = restored(house)
    assert ring_all(moved) == [None]
    parts = moved.parts
    assert release(parts.engine, parts.broker, moved.rung.extend, None, moved.now) == Released(0, 1)
    assert ring_all(moved) == ["delivered"]


BEFORE, AFTER = ({"recordedtime": rfc3339(NOW + timedelta(minutes=m))} for m in (-1, 1))


@pytest.mark.parametrize("feed", [Read(AFTER, BEFORE), Read(away=True)], ids=["has more", "is away"])
def test_before_it_has_followed_it_is_not_released(house: House, restored: Restored, feed: Read) -> None:
    house.begin("sms")
    house.happens(milestone())
    other = restored(house)
    with pytest.raises(NotFollowed):
        let_go(other, feed)
    assert ring_all(other) == [None]


def test_what_is_written_all_the_while_does_not_keep_it(house: House, restored: Restored) -> None:
    house.begin("sms")
    other = restored(house)
    look(other)
    assert let_go(other, Read(AFTER), minutes=5) == Released(0, 0)


def test_one_that_was_put_back_in_its_place_is_known_by_its_bell(house: House) -> None:
    house.begin("sms")
    look(house)
    with house.parts.engine.begin() as connection:
        connection.execute(text("UPDATE hold SET pulse = pulse - 1"))  # the snapshot of a moment ago
    house.happens(milestone())
    look(house)
    assert standing(house) == "behind"
    assert house.answer() == [None]
    let_go(house)
    look(house)
    assert standing(house) is None


def test_a_bell_that_forgot_everything_holds_nothing(house: House) -> None:
    house.begin("sms")
    look(house)
    house.parts.broker.client.flushall()
    look(house)
    assert standing(house) is None
    assert bell.pulse(house.parts.broker) > 0


def test_several_sweepers_hold_each_other_up_in_nothing(house: House) -> None:
    house.begin("sms")
    for _ in range(5):
        Watch(house.parts.engine, house.parts.broker).look(house.now)
    assert standing(house) is None
    assert bell.pulse(house.parts.broker) == 5


def test_an_operator_may_ask_for_it(house: House) -> None:
    house.begin("sms")
    assert (holding.ask(house.parts.engine, house.now), holding.ask(house.parts.engine, house.now)) == (
        True, False,
    )  # fmt: skip
    house.happens(milestone())
    assert house.answer() == [None]
    assert standing(house) == "asked"


@pytest.mark.parametrize(("kind", "goes"), [("signpost", True), ("flag", True), ("reply", False)])
def test_who_is_in_danger_is_answered_all_the_same(
    house: House, restored: Restored, kind: direct.Kind, goes: bool
) -> None:
    house.begin("sms")
    other = restored(house)
    look(other)
    with other.parts.engine.begin() as connection:
        other.rung += direct.plan(connection, other.parts.vault, said(other, kind), other.now)
    assert other.answer() == ["delivered" if goes else None]


def test_despair_is_heard_while_it_is_held(wired: Wired) -> None:
    wired.planned()
    holding.ask(wired.house.parts.engine, wired.house.now)
    assert wired.writes("I want to die") == 200
    [signpost] = wired.received()
    assert "988" in signpost
    assert wired.house.states()[-1] == ("suppressed", "after_flag")


def test_who_is_erased_is_erased_while_it_is_held(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    holding.ask(house.parts.engine, house.now)
    house.happens(ClientErased(erasure_id=CLIENT))
    assert house.states() == [("suppressed", "erased")]


def test_a_text_from_before_is_not_acknowledged_twice(house: House, restored: Restored) -> None:
    house.begin("sms")
    other = restored(house)
    with other.parts.engine.begin() as connection:
        assert inbound.is_new(connection, REMINDER, "sms", b"hers", other.now, "cor-2")
        heard = text("UPDATE inbound SET client_id = :client")
        connection.execute(heard, {"client": CLIENT})
    other.later(minutes=1)
    look(other)
    other.later(minutes=1)
    with other.parts.engine.begin() as connection:
        direct.plan(connection, other.parts.vault, said(other, "acknowledgement"), other.now)
    assert let_go(other) == Released(unknown=1, going=0)


def test_a_week_is_not_told_of_twice(house: House, restored: Restored) -> None:
    house.begin("sms")
    other = restored(house)
    look(other)
    other.later(minutes=1)
    with other.parts.engine.begin() as connection:
        direct.plan(connection, other.parts.vault, said(other, "digest"), other.now)
    assert let_go(other) == Released(unknown=1, going=0)


def test_the_provider_says_what_the_lost_ledger_sent_and_is_asked_to_forget_it(
    wired: Wired, databases: Databases, restored: Restored
) -> None:
    wired.planned()
    backup = restored(wired.house)
    wired.house.answer()
    wait_for(lambda: wired.state() == ("delivered", None))
    older = House(Parts(replace(wired.settings, reminders_database_url=_url(backup))), now=datetime.now(UTC))
    look(older)
    older.later(seconds=1)
    assert let_go(older) == Released(unknown=1, going=0)
    parts = older.parts
    assert [reconcile(parts.engine, parts.vault, parts.twilio, older.now) for _ in range(2)] == [1, 1]
    assert older.states() == [("delivered", None)]
    assert [one.body for one in wired.provider.accepted.all()] == [""]
    assert wired.provider.accepted.twice() == {}
    parts.close()


def test_real_processes_started_on_a_backup_send_nothing_of_it(wired: Wired, restored: Restored) -> None:
    wired.planned()
    backup = restored(wired.house)
    wired.house.answer()
    wait_for(lambda: wired.state() == ("delivered", None))
    there = replace(wired, settings=replace(wired.settings, reminders_database_url=_url(backup)))
    command = ("infra.command", "reminders")
    with process(there, *command, "work", "--threads", "2"), process(there, *command, "sweep"):
        wait_for(lambda: backup.states() == [("planned", "restored")], 60)
    assert standing(backup) == "moved"
    assert len(wired.provider.accepted.all()) == 1


def _url(house: House) -> str:
    url: str = house.parts.settings.require("reminders_database_url")
    return url


def said(house: House, kind: direct.Kind) -> Direct:
    return Direct(
        message_id=CLIENT, record_id=CLIENT, client_id=CLIENT, clinic_id=CLINIC, channel="sms", kind=kind,
        said=Said(NUMBER, "words"), expires_at=house.now + timedelta(hours=1), correlation_id="cor-2",
    )  # fmt: skip


def test_it_is_counted_said_and_foretold(
    house: House, restored: Restored, capfd: pytest.CaptureFixture[str]
) -> None:
    house.begin("sms")
    house.happens(milestone())
    other = restored(house)
    look(other)
    look(other)
    assert capfd.readouterr().out.count("sending is held") == 1
    assert b"cairn_sending_held 1.0" in exposition(other.parts.engine)
    assert b"cairn_sending_held 0.0" in exposition(house.parts.engine)
    with other.parts.engine.connect() as connection:
        who = person(connection, other.parts.vault, CLIENT)
        assert who
        page = preview.preview(connection, other.parts.vault, who, other.now, 1, links=False)
    assert page.stands_still == "restored"


def test_the_database_itself_refuses_whoever_does_not_ask(house: House, restored: Restored) -> None:
    house.begin("sms")
    house.happens(milestone())
    other = restored(house)
    with psycopg.connect(plain(other.parts.settings.require("reminders_database_url"))) as connection:
        with pytest.raises(psycopg.Error, match="sends nothing until it has been reconciled") as refused:
            connection.execute("UPDATE message SET state = 'sending'")
        assert refused.value.sqlstate == hold.HELD


@contextmanager
def at_home(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    for variable, value in house.parts.settings.environment().items():
        monkeypatch.setenv(variable, value)
    yield CliRunner()


def test_the_commands_say_what_they_did(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.begin("sms")
    house.happens(milestone())
    with at_home(house, monkeypatch) as runner:
        told = [
            runner.invoke(cairn, ["reminders", *words])
            for words in (
                ["hold"],
                ["hold"],
                ["release"],
                ["release", "--complete"],
                ["release", "--complete"],
            )
        ]
    assert [one.output.splitlines()[-1] for one in told] == [
        "Held: nothing is sent.",
        "It is held already.",
        "Error: the goals service does not say whether it has more (ConnectionError): try again",
        "Released. None is in doubt; 0 that waited go now.",
        "It is not held: it sends.",
    ]

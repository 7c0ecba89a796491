"""What is remembered of a record: never believed where the log says otherwise, and not for long."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from services.goals.beats import House
from services.goals.handle import handle_clinic
from services.goals.remembered import Remembered
from services.goals.rules.access import Who
from services.goals.rules.commands.client import SetContact, SetTeam
from services.goals.rules.commands.clinic import RemoveStaff, SetStaff
from services.goals.rules.commands.goal import LogPractice, RateGoal
from services.goals.rules.commands.win import RecordWin
from services.goals.rules.record import Record, fold
from services.goals.rules.refusal import Forbidden, NotThere, Refused, SignedOut
from shared.vault import CACHE_SECONDS, KeyDestroyed
from tests import controls as c
from tests.goals.asking import OPERATOR, a_goal, ask, record_of, registered, types_of

HER, ANOTHER = uuid4(), uuid4()


class Clock:
    """Seconds that rise when told."""

    now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def elsewhere(house: House) -> House:
    """Another process on the same databases, which remembers for itself."""
    return replace(house, remembered=Remembered())


def at(client: UUID, version: int) -> Record:
    """A record of hers at a version."""
    return Record(client, version=version)


def works(house: House, staff: UUID) -> None:
    """Somebody is of the clinic's staff from now on."""
    her = SetStaff(staff_id=staff, role="therapist", name="Ana Ruiz", email="ana@example.org")
    handle_clinic(house, OPERATOR, c.CLINIC, her, correlation_id="a-test")


def test_what_is_remembered_is_what_the_log_replays_to(house: House) -> None:
    client, goal = registered(house), uuid4()
    ask(house, client, a_goal(goal))
    for command in (
        LogPractice(goal_id=goal, practice_id=uuid4(), quantity=1, note=c.WIN),
        RecordWin(win_id=uuid4(), text=c.WIN),
        RateGoal(goal_id=goal, rating_id=uuid4(), value=4, rater="client"),
        SetContact(channel="sms", address=c.NUMBER, verified_by="seen"),
    ):
        ask(house, client, command)
        assert house.remembered.recall(c.CLINIC, client) == fold(client, record_of(house, client))


def test_a_repeat_is_known_that_was_first_sent_elsewhere(house: House, elsewhere: House) -> None:
    client, win = registered(house), RecordWin(win_id=uuid4(), text=c.WIN)
    ask(house, client, RecordWin(win_id=uuid4()))
    assert ask(elsewhere, client, win).created
    assert not ask(house, client, win).created
    with pytest.raises(Refused, match="with other content"):
        ask(house, client, replace(win, text="Something else"))
    assert types_of(house, client).count("cairn.win.recorded.v1") == 2


def test_what_is_there_by_now_is_found_though_it_is_not_remembered(house: House, elsewhere: House) -> None:
    client, goal = registered(house), uuid4()
    practice = LogPractice(goal_id=goal, practice_id=uuid4(), quantity=1)
    with pytest.raises(NotThere):
        ask(house, client, practice)
    ask(elsewhere, client, a_goal(goal))
    assert ask(house, client, practice).created


def test_who_lost_her_team_is_turned_away_though_it_is_not_remembered(house: House, elsewhere: House) -> None:
    works(elsewhere, c.COLLEAGUE)
    client = registered(house)
    ask(house, client, RecordWin(win_id=uuid4()))
    lead = Who("lead", str(uuid4()), c.CLINIC)
    handed_over = SetTeam(staff_ids=(c.COLLEAGUE,), reason="On leave")
    ask(elsewhere, client, handed_over, lead)
    with pytest.raises(Forbidden):
        ask(house, client, RecordWin(win_id=uuid4()))
    assert types_of(house, client).count("cairn.win.recorded.v1") == 1


def test_who_left_elsewhere_is_signed_out_though_her_client_is_remembered(
    house: House, elsewhere: House
) -> None:
    works(elsewhere, c.THERAPIST)
    client = registered(house)
    ask(house, client, RecordWin(win_id=uuid4()))
    handle_clinic(elsewhere, OPERATOR, c.CLINIC, RemoveStaff(staff_id=c.THERAPIST), correlation_id="a-test")
    with pytest.raises(SignedOut):
        ask(house, client, RecordWin(win_id=uuid4()))
    assert types_of(house, client).count("cairn.win.recorded.v1") == 1


def test_of_who_is_erased_nothing_is_written_though_she_is_remembered(house: House) -> None:
    client = registered(house)
    ask(house, client, RecordWin(win_id=uuid4()))
    before = len(record_of(house, client))
    house.vault.destroy(client)
    with pytest.raises(KeyDestroyed):
        ask(house, client, RecordWin(win_id=uuid4(), text=c.WIN))
    assert len(record_of(house, client)) == before


def test_it_is_forgotten_as_soon_as_a_key_is() -> None:
    clock = Clock()
    remembered = Remembered(clock)
    remembered.read(c.CLINIC, at(HER, 1))
    clock.now += CACHE_SECONDS - 1
    remembered.grown(c.CLINIC, at(HER, 2))
    assert remembered.recall(c.CLINIC, HER) == at(HER, 2)
    clock.now += 1
    assert remembered.recall(c.CLINIC, HER) is None


def test_what_grew_is_remembered_only_forward() -> None:
    remembered = Remembered(Clock())
    remembered.grown(c.CLINIC, at(HER, 5))
    assert remembered.recall(c.CLINIC, HER) is None
    remembered.read(c.CLINIC, at(HER, 5))
    remembered.grown(c.CLINIC, at(HER, 4))
    assert remembered.recall(c.CLINIC, HER) == at(HER, 5)


def test_another_clinic_remembers_nothing_of_her() -> None:
    remembered = Remembered(Clock())
    remembered.read(c.CLINIC, at(HER, 5))
    assert remembered.recall(c.OTHER_CLINIC, HER) is None


def test_what_has_not_begun_is_not_remembered() -> None:
    remembered = Remembered(Clock())
    remembered.read(c.CLINIC, at(HER, 0))
    assert remembered.recall(c.CLINIC, HER) is None


def test_what_is_forgotten_makes_room() -> None:
    remembered = Remembered(Clock(), most_events=10)
    remembered.read(c.CLINIC, at(HER, 6))
    remembered.forget(c.CLINIC, HER)
    remembered.forget(c.CLINIC, HER)
    assert remembered.recall(c.CLINIC, HER) is None
    remembered.read(c.CLINIC, at(ANOTHER, 6))
    remembered.read(c.CLINIC, at(HER, 4))
    assert remembered.recall(c.CLINIC, ANOTHER) == at(ANOTHER, 6)


def test_what_was_not_asked_for_longest_makes_room() -> None:
    remembered = Remembered(Clock(), most_events=10)
    remembered.read(c.CLINIC, at(HER, 4))
    remembered.read(c.CLINIC, at(ANOTHER, 4))
    remembered.recall(c.CLINIC, HER)
    remembered.grown(c.CLINIC, at(HER, 8))
    assert remembered.recall(c.CLINIC, HER) == at(HER, 8)
    assert remembered.recall(c.CLINIC, ANOTHER) is None
    remembered.read(c.CLINIC, at(ANOTHER, 11))
    assert remembered.recall(c.CLINIC, ANOTHER) is None

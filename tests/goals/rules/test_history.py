"""What a goal's history tells: its own events, each with who, when, which way and why."""

import msgspec
import pytest

from services.goals.rules.history import history
from shared.events import (
    Change,
    ClientErased,
    ErasureDecided,
    Event,
    GoalAdjusted,
    PracticeLogged,
    PracticeVoided,
    RatingRecorded,
    RatingVoided,
    WinRecorded,
    WinVoided,
    fact_id,
)
from tests import controls as c

EASED = GoalAdjusted(
    adjustment_id=c.named(1),
    kind="eased",
    changes=(Change("target", 2, 1),),
    reason_code="too_hard",
    reason="Mornings are rushed",
    effective_on=c.TODAY,
    epoch=1,
    agreed="together",
)
PRACTISED = PracticeLogged(practice_id=c.named(2), on=c.TODAY, quantity=1, note="calm", via="sms")
SAID = c.history(*c.ACTIVE, (c.GOAL, PRACTISED), (c.CLIENT, c.HER_PHONE), (c.GOAL, EASED))


def test_it_holds_the_goals_events_and_none_that_are_the_clients_alone() -> None:
    told = history(SAID, c.GOAL)
    assert [entry.type.split(".")[2] for entry in told] == ["drafted", "set", "logged", "adjusted"]
    assert [entry.version for entry in told] == [1, 2, 3, 4]
    assert history(SAID, c.named(404)) == ()


def test_an_adjustment_says_what_changed_and_why() -> None:
    told = history(SAID, c.GOAL)[-1]
    assert told.changes == EASED.changes
    assert (told.reason_code, told.reason) == ("too_hard", "Mornings are rushed")
    assert (told.actor.kind, told.actor.id, told.via) == ("therapist", str(c.THERAPIST), "api")
    assert told.data["agreed"] == "together"
    assert not {"changes", "reason", "reason_code"} & set(told.data)


def test_a_fact_brings_its_own_fields() -> None:
    told = history(SAID, c.GOAL)[2]
    assert told.data == {"practice_id": str(c.named(2)), "on": str(c.TODAY), "quantity": 1, "note": "calm",
                         "via": "sms"}  # fmt: skip
    assert (told.changes, told.reason) == ((), None)


def test_her_erasure_ends_it_and_what_she_asked_before_is_no_part_of_it() -> None:
    decided = ErasureDecided(erasure_id=c.named(3), decision="granted", ground="She asked")
    erased = ClientErased(erasure_id=c.named(3))
    said = c.history(*c.ACTIVE, (c.GOAL, PRACTISED), (c.CLIENT, decided), (c.CLIENT, erased))
    told = history(said, c.GOAL)
    assert [(entry.version, entry.type.split(".")[2]) for entry in told[1:]] == [
        (2, "set"), (3, "logged"), (4, "erased"),
    ]  # fmt: skip
    assert told[-1].data == {"erasure_id": str(c.named(3))}
    assert history(said, c.GOAL, after=3) == told[-1:]
    assert history(said, c.named(404)) == ()


def test_it_goes_on_after_a_version() -> None:
    assert [entry.version for entry in history(SAID, c.GOAL, after=2)] == [3, 4]


VOIDS: dict[str, tuple[Event, Event]] = {
    "practice": (PRACTISED, PracticeVoided(practice_id=c.named(2), on=c.TODAY, quantity=1, epoch=1)),
    "rating": (
        RatingRecorded(rating_id=c.named(2), value=0, rater="client", epoch=1),
        RatingVoided(rating_id=c.named(2)),
    ),
    "win": (WinRecorded(win_id=c.named(2), kind="other", on=c.TODAY), WinVoided(win_id=c.named(2))),
}


@pytest.mark.parametrize("kind", VOIDS)
def test_what_is_voided_stays_marked_with_when(kind: str) -> None:
    fact, void = VOIDS[kind]
    said = c.history(*c.ACTIVE, (c.GOAL, fact, fact_id(c.GOAL, kind, c.named(2))), (c.GOAL, void))
    later = msgspec.structs.replace(said[-1], time=c.NOW.replace(hour=18))
    told = history([*said[:-1], later], c.GOAL)
    assert [entry.voided_at for entry in told] == [None, None, later.time, None]
    assert history([*said[:-1], later], c.GOAL, after=2)[0].voided_at == later.time

"""A simulator that cannot fail shows nothing: with one rule or transition broken, it says which promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import TextClause

from services.reminders import opting_out, parking, standing
from services.reminders.channels import Answer
from services.reminders.ledger import claim, erasing, ringing, settle
from services.reminders.rules import policy
from services.reminders.rules.plan import Occasion
from services.reminders.sending import deliver, directly
from tests.simulation.episode import failure_of, play, steps_of
from tests.simulation.ledger import claiming, hearing, settling
from tests.simulation.ledger.memory import MODELS, Params, Run
from tests.simulation.ledger.tables import Tables
from tests.simulation.world import Broken

Break = Callable[[], AbstractContextManager[Any]]
WITHIN = 40
"""Episodes."""
_judge = policy.judge


def test_where_nothing_is_broken_these_episodes_pass() -> None:
    assert [caught(f"breaks:{number}") for number in range(4)] == [None] * 4


def never(*_: object, **__: object) -> None:
    """Nothing is done, and nothing found."""


def no(*_: object, **__: object) -> bool:
    """It does not hold."""
    return False


def again_if_in_doubt(connection: Any, message: UUID, answer: Answer, now: Any) -> str:
    """What may have gone is sent again."""
    answer = replace(answer, verdict="retry") if answer.verdict == "ambiguous" else answer
    return settle.settle(connection, message, answer, now)


def whichever_contact(person: Any, channel: str, *, unverified: bool = False) -> Any:
    """Nobody asks for a consent."""
    return next((key for key, one in person.contacts.items() if one.channel == channel), "no_consent")


def judged_late(person: Any, clinic: Any, channel: Any, occasion: Occasion, *rest: Any, **named: Any) -> Any:
    """What is stale is said."""
    later = msgspec.structs.replace(occasion, expires_at=occasion.expires_at + timedelta(hours=3))
    return _judge(person, clinic, channel, later, *rest, **named)


def whatever_it_was(t: Tables, p: Params) -> Any:
    """States fall as well as rise."""
    return settling._settle(
        t, {**p, "below": ["planned", "sending", "sent", "delivered", "unknown", "failed"]}
    )


def never_stopped(t: Tables, p: Params) -> Any:
    """No opt-out is found."""
    return [(False, *hearing.stands(t, p)[1:])]


def never_rests(t: Tables, p: Params) -> Any:
    """No silence is found."""
    return [(*hearing.stands(t, p)[:2], None, None)]


def done_by(statement: TextClause, run: Run) -> Break:
    """Another thing is done for a statement."""
    return lambda: patch.dict(MODELS, {id(statement): MODELS[id(statement)]._replace(run=run)})


def instead(of: object, name: str, stand_in: object) -> Break:
    """Another function stands in."""
    return lambda: patch.object(of, name, stand_in)


@pytest.mark.parametrize(
    ("breaks", "what"),
    [
        (instead(deliver, "settle", again_if_in_doubt), "handed over twice"),
        (instead(deliver, "settle", lambda *_: "sent"), "for ever|is not known"),
        (instead(policy, "consented_contact", whichever_contact), "said without her consent"),
        (instead(policy, "is_quiet", no), "said in her quiet hours"),
        (instead(policy, "week_is_full", no), "more said than a week holds"),
        (instead(policy, "judge", judged_late), "said after its time"),
        (done_by(standing._STANDS, never_stopped), "after her STOP"),
        (instead(directly, "_is_opted_out", no), "after her STOP"),
        (done_by(standing._STANDS, never_rests), "said after a word of despair|said while she rests"),
        (instead(opting_out, "withdraw_earlier", never), "a consent outlives her STOP in the log"),
        (instead(opting_out, "_withdraw", never), "a consent outlives her STOP in the log"),
        (instead(parking, "parked", lambda *_: set()), "set aside|nobody foresaw"),
        (instead(settle, "stuck", lambda *_, **__: []), "a worker's death is not noticed"),
        (instead(ringing, "take_due", lambda *_: []), "for ever"),
        (instead(erasing, "due", lambda *_, **__: []), "her key outlives her erasure"),
        (done_by(erasing._UNSENT, lambda *_: []), "for ever|erased"),
        (done_by(claim._TAKE, claiming.take_alone), "a message that says nothing"),
        (done_by(settle._SETTLE, whatever_it_was), "a message that was"),
        (done_by(settle._LINKS_AGAIN, never), "for ever"),
    ],
)  # fmt: skip
def test_with_a_rule_or_a_transition_broken_a_promise_is_said_to_break(breaks: Break, what: str) -> None:
    with breaks():
        found = next(_found(), None)
    assert found is not None
    assert any(part in found for part in what.split("|")), found


def test_what_breaks_is_shown_by_its_seed_and_the_shortest_way_and_breaks_again_by_them() -> None:
    with instead(deliver, "settle", again_if_in_doubt)():
        seed = next(one for number in range(WITHIN) if caught(one := f"breaks:{number}"))
        steps = steps_of(seed)
        failure = failure_of(seed, steps)
        assert failure is not None
        assert failure.what.endswith("handed over twice")
        assert len(failure.steps) < len(steps) / 20
        assert f"--replay {seed}" in str(failure)
        with pytest.raises(Broken, match=failure.what):
            play(seed, failure.steps)


def _found() -> Iterator[str]:
    for number in range(WITHIN):
        what = caught(f"breaks:{number}")
        if what is not None:
            yield what


def caught(seed: str) -> str | None:
    try:
        play(seed, steps_of(seed))
    except Broken as broken:
        return str(broken)
    return None

"""Erasure: given what was asked and decided, when it is asked for, decided, called off, carried out, then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from services.goals.rules.access import Who, may_ask, may_look_back, may_read
from services.goals.rules.commands.client import AskErasure, CancelErasure, DecideErasure, RegisterClient
from services.goals.rules.commands.goal import DraftGoal
from services.goals.rules.commands.win import RecordWin
from services.goals.rules.erasing import carry_out
from services.goals.rules.history import history
from services.goals.rules.record import Record, apply, fold
from services.goals.rules.refusal import Erased, Forbidden, Gone, Invalid, NotThere, Refused
from shared.events import Actor, CareEnded, ErasureRequested, SafetyFlagged, fact_id
from shared.personal import join, split
from tests import controls as c
from tests.goals.rules.steps import Step, after, answer, names

ASK = AskErasure(erasure_id=c.named(1))
GRANT = DecideErasure(erasure_id=c.named(1), decision="granted", ground="She asked for it")
KEEP = DecideErasure(
    erasure_id=c.named(1), decision="refused", ground="Seven years by law", retain_until=c.TODAY
)
CALL_OFF = CancelErasure(erasure_id=c.named(1))
ANOTHER = AskErasure(erasure_id=c.named(2))
A_WEEK = timedelta(days=7)

ASKED = (c.BY_CLIENT, ASK)
GRANTED = (c.BY_THERAPIST, GRANT)
REFUSED = (c.BY_THERAPIST, KEEP)
CALLED_OFF = (c.BY_CLIENT, CALL_OFF)
ASKED_ANEW = (c.BY_THERAPIST, ANOTHER)
GRANTED_ANEW = (c.BY_THERAPIST, replace(GRANT, erasure_id=c.named(2)))
FOR_LONG = (c.BY_THERAPIST, replace(KEEP, retain_until=c.TODAY + timedelta(days=400)))
MEANWHILE = (c.BY_CLIENT, RecordWin(win_id=c.named(4)))

MAKES: dict[str, tuple[tuple[Step, ...], Step, list[str]]] = {
    "she asks": ((), ASKED, ["erasure.requested"]),
    "staff asks for her": ((), (c.BY_THERAPIST, ASK), ["erasure.requested"]),
    "asking again is nothing new": ((ASKED,), ASKED, []),
    "nor is what she asked when her therapist repeats it": ((ASKED,), (c.BY_THERAPIST, ASK), []),
    "a lead grants it": ((ASKED,), GRANTED, ["erasure.decided"]),
    "granting it again is nothing new": ((ASKED, GRANTED), GRANTED, []),
    "granting it again once it was called off is nothing new": ((ASKED, GRANTED, CALLED_OFF), GRANTED, []),
    "a lead refuses it, for the record must be kept": ((ASKED,), REFUSED, ["erasure.decided"]),
    "it is called off before it is decided": ((ASKED,), CALLED_OFF, ["erasure.cancelled"]),
    "it is called off after it was granted": ((ASKED, GRANTED), CALLED_OFF, ["erasure.cancelled"]),
    "calling it off twice is the same": ((ASKED, CALLED_OFF), CALLED_OFF, []),
    "another is asked for once the first was called off": (
        (ASKED, CALLED_OFF), ASKED_ANEW, ["erasure.requested"],
    ),
    "another is asked for once the first was refused": ((ASKED, REFUSED), ASKED_ANEW, ["erasure.requested"]),
    "the day until which it is kept is corrected by a later refusal": (
        (ASKED, FOR_LONG, ASKED_ANEW),
        (c.BY_THERAPIST, replace(KEEP, erasure_id=c.named(2))),
        ["erasure.decided"],
    ),
    "the record goes on until it is carried out": (
        (ASKED, GRANTED), MEANWHILE, ["win.recorded", "milestone.reached", "milestone.reached"],
    ),
}  # fmt: skip

REFUSES: dict[str, tuple[tuple[Step, ...], Step, type[Refused], str | None]] = {
    "asking for somebody who is not there": ((), ASKED, NotThere, None),
    "a second one beside the first": ((ASKED,), ASKED_ANEW, Refused, None),
    "a second one beside one that was granted": ((ASKED, GRANTED), ASKED_ANEW, Refused, None),
    "asking under the id of one that was called off": ((ASKED, CALLED_OFF), ASKED, Refused, None),
    "the same with another time": (
        (ASKED,), (c.BY_CLIENT, replace(ASK, time=c.NOW - A_WEEK)), Refused, "#/time",
    ),
    "deciding what nobody asked for": ((), GRANTED, NotThere, None),
    "deciding what was called off": ((ASKED, CALLED_OFF), GRANTED, Refused, None),
    "deciding otherwise": ((ASKED, REFUSED), GRANTED, Refused, "#/decision"),
    "the same decision on another ground": (
        (ASKED, GRANTED), (c.BY_THERAPIST, replace(GRANT, ground="Other")), Refused, "#/ground",
    ),
    "a refusal that does not say until when": (
        (ASKED,), (c.BY_THERAPIST, replace(KEEP, retain_until=None)), Invalid, "#/retain_until",
    ),
    "a refusal until yesterday": (
        (ASKED,),
        (c.BY_THERAPIST, replace(KEEP, retain_until=c.TODAY - timedelta(days=1))),
        Invalid,
        "#/retain_until",
    ),
    "a grant that says until when": (
        (ASKED,), (c.BY_THERAPIST, replace(GRANT, retain_until=c.TODAY)), Invalid, "#/retain_until",
    ),
    "a grant before the record may go": ((ASKED, REFUSED, ASKED_ANEW), GRANTED_ANEW, Refused, None),
    "calling off what nobody asked for": ((), CALLED_OFF, NotThere, None),
    "calling off what was refused": ((ASKED, REFUSED), CALLED_OFF, Refused, None),
}  # fmt: skip


@pytest.mark.parametrize(("given", "when", "expected"), MAKES.values(), ids=MAKES)
def test_makes(given: tuple[Step, ...], when: Step, expected: list[str]) -> None:
    assert names(answer(after(*given), when)) == expected


@pytest.mark.parametrize(("given", "when", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(given: tuple[Step, ...], when: Step, kind: type[Refused], pointer: str | None) -> None:
    record = after(*given) if kind is not NotThere or given or when != ASKED else Record(c.CLIENT)
    with pytest.raises(Refused) as refused:
        answer(record, when)
    assert type(refused.value) is kind
    assert refused.value.pointer == pointer


def test_it_can_be_granted_the_day_after_the_record_had_to_be_kept() -> None:
    record = after(ASKED, REFUSED, ASKED_ANEW)
    for days, granted in ((0, False), (1, True)):
        try:
            made = answer(record, GRANTED_ANEW, c.NOW + timedelta(days=days))
        except Refused:
            made = ()
        assert bool(made) is granted


def test_who_asked_stays_known_and_her_ground_is_kept() -> None:
    record = after((c.BY_THERAPIST, ASK), GRANTED)
    [erasure] = record.known_client().erasures.values()
    assert (erasure.by, erasure.ground, erasure.under_way) == ("therapist", GRANT.ground, True)


WAYS: dict[str, tuple[tuple[Step, ...], timedelta, str]] = {
    "before it was decided": ((ASKED,), A_WEEK, "refused"),
    "a moment too early": ((ASKED, GRANTED), A_WEEK - timedelta(seconds=1), "refused"),
    "when the days are over": ((ASKED, GRANTED), A_WEEK, "erased"),
    "after it was called off": ((ASKED, GRANTED, CALLED_OFF), A_WEEK, "refused"),
    "after it was refused": ((ASKED, REFUSED), A_WEEK, "refused"),
}


@pytest.mark.parametrize(("given", "later", "expected"), WAYS.values(), ids=WAYS)
def test_it_is_carried_out_when_it_was_granted_and_may_no_longer_be_called_off(
    given: tuple[Step, ...], later: timedelta, expected: str
) -> None:
    record = after(*given)
    try:
        made = carry_out(record, c.named(1), A_WEEK, c.at(c.NOW + later, c.BY_CAIRN))
    except Refused:
        assert expected == "refused"
        return
    assert (expected, names(made)) == ("erased", ["client.erased"])
    erased = apply(record, made)
    assert carry_out(erased, c.named(1), A_WEEK, c.at(c.NOW + later, c.BY_CAIRN)) == ()
    assert erased.known_client().erased == c.named(1)


def erased() -> Record:
    record = after(ASKED, GRANTED)
    return apply(record, carry_out(record, c.named(1), A_WEEK, c.at(c.NOW + A_WEEK, c.BY_CAIRN)))


@pytest.mark.parametrize(
    "when",
    [
        MEANWHILE,
        ASKED,
        GRANTED,
        CALLED_OFF,
        ASKED_ANEW,
        (c.BY_THERAPIST, RegisterClient(name=c.NAME, locale="en", time_zone=c.ZONE, adult=True)),
        (c.BY_THERAPIST, DraftGoal(goal_id=c.named(5))),
    ],
)
def test_nothing_is_written_to_an_erased_record_not_even_again(when: Step) -> None:
    with pytest.raises(Erased):
        answer(erased(), when)


HER = Who("client", str(c.CLIENT), c.CLINIC, c.CLIENT)
ANA = Who("therapist", str(c.THERAPIST), c.CLINIC)
BEN = Who("therapist", str(c.COLLEAGUE), c.CLINIC)
LEAD = Who("lead", str(c.COLLEAGUE), c.CLINIC)


@pytest.mark.parametrize("who", [HER, ANA, LEAD])
def test_an_erased_record_is_gone_to_who_might_read_it(who: Who) -> None:
    her = erased().client
    with pytest.raises(Gone) as gone:
        may_read(who, c.CLIENT, her)
    assert (gone.value.record_id, gone.value.erasure_id) == (c.CLIENT, c.named(1))


def test_its_history_is_left_to_the_staff() -> None:
    her = erased().client
    may_look_back(ANA, c.CLIENT, her)
    may_look_back(LEAD, c.CLIENT, her)
    with pytest.raises(Gone):
        may_look_back(HER, c.CLIENT, her)
    with pytest.raises(Forbidden):
        may_look_back(BEN, c.CLIENT, her)


@pytest.mark.parametrize(("asked_by", "who", "may"), [
    (c.BY_CLIENT, HER, True), (c.BY_CLIENT, LEAD, True), (c.BY_CLIENT, ANA, False),
    (c.BY_THERAPIST, HER, False), (c.BY_THERAPIST, LEAD, True), (c.BY_THERAPIST, ANA, True),
])  # fmt: skip
def test_who_asked_or_a_lead_calls_it_off(asked_by: Actor, who: Who, may: bool) -> None:
    her = after((asked_by, ASK)).client
    if may:
        may_ask(who, c.CLIENT, her, CALL_OFF)
        return
    with pytest.raises(Forbidden):
        may_ask(who, c.CLIENT, her, CALL_OFF)


def test_only_a_lead_decides() -> None:
    her = after(ASKED).client
    may_ask(LEAD, c.CLIENT, her, GRANT)
    for who in (HER, ANA):
        with pytest.raises(Forbidden):
            may_ask(who, c.CLIENT, her, GRANT)


def test_a_record_without_its_key_folds_and_tells_nothing_personal() -> None:
    said = c.history(
        *c.ACTIVE,
        (c.CLIENT, c.HER_PHONE),
        (c.CLIENT, CareEnded(care_end_id=c.named(8), on=c.TODAY, reason="moved")),
        (c.CLIENT, SafetyFlagged(flag_id=c.named(9), message_ref="1", crisis_line="988", rule="a phrase")),
        (
            c.CLIENT,
            ErasureRequested(erasure_id=c.named(1), by="client"),
            fact_id(c.CLIENT, "erasure", c.named(1)),
        ),
    )
    blank = [
        msgspec.structs.replace(event, data=join(type(event.data), split(event.data)[0], None))
        for event in said
    ]
    told = msgspec.json.encode([fold(c.CLIENT, blank).client, *fold(c.CLIENT, blank).goals.values()])
    told += msgspec.json.encode(history(blank, c.GOAL))
    for word in (c.NAME, c.NUMBER, c.STATEMENT, "coping", "Deep breathing", "calmer", "moved", "a phrase"):
        assert word.encode() not in told

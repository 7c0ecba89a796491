"""A record told again, event by event: the rules are asked whether each could be, when it was written."""

from __future__ import annotations

from uuid import UUID, uuid5

from msgspec.structs import replace

from services.goals.importing.bad import Bad
from services.goals.importing.judging import ERASED, Judged
from services.goals.importing.people import Place
from services.goals.importing.retold import command_of
from services.goals.importing.whole import Whole
from services.goals.rules.commands.client import PlanReminder, SetTeam
from services.goals.rules.decide import decide
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.record import Record, apply
from services.goals.rules.refusal import Refused
from shared.clinic import Clinic, Member
from shared.events import Actor, ContactSet, MilestoneReached, Recorded, fact_id

ANOTHER = "Her record here has another event in this place: what was exported is not what is here."
NOT_SO = "The rules make something else of it, at this place of the record."
NOT_REACHED = "No event before it could have reached this milestone."
NOBODY = "None of her team works at this clinic: name who does, by --therapist."
SOMEBODY = Member("therapist", None, None)


def replay(before: Record, whole: Whole, place: Place) -> Judged:
    """Takes up her record where it ends here; what is here already must be what the file begins with."""
    bad, made = list(whole.bad), list[tuple[Proposed, Actor]]()
    record = before
    if before.client is not None and before.client.erased:
        bad.append(Bad(whole.line, None, ERASED))
    known = list(before.facts)
    follows: list[Proposed] = []
    for number, event in () if bad else whole.told:
        if event.record_version <= before.version:
            if known[event.record_version - 1] != event.event_id:
                bad.append(Bad(number, "id", ANOTHER))
                break
            continue
        why, follows = _judged(record, event, follows, place.clinic)
        if why is not None:
            bad.append(Bad(number, None, why))
            break
        one = _proposed(event)
        record = apply(record, (one,))
        made.append((one, Actor(event.actor.kind, event.actor.id, "import")))
    if not bad:
        record, more = _with_team(record, place, bad, whole)
        made += more
    return Judged(before, record, () if bad else tuple(made), tuple(bad))


def _judged(
    record: Record, event: Recorded, follows: list[Proposed], clinic: Clinic
) -> tuple[str | None, list[Proposed]]:
    """Why an event cannot be, or None; and what must follow it."""
    if isinstance(event.data, MilestoneReached):
        return (None if _could_be(record, event, event.data) else NOT_REACHED), follows
    if follows:
        return (None if _same(follows[0], event) else NOT_SO), follows[1:]
    command = command_of(event)
    if command is None:
        return NOT_SO, []
    why: str | None = NOT_SO
    for now in (event.recorded_at, event.time):  # it was decided between the two
        fresh = event.data.contact_id if isinstance(event.data, ContactSet) else event.event_id
        moment = Moment(now=now, actor=event.actor, fresh=fresh)
        try:
            made = decide(record, command, moment, _of_then(clinic, command))
        except Refused as no:
            why = no.detail
            continue
        asked = [one for one in made if not isinstance(one.data, MilestoneReached)]
        if asked and _same(asked[0], event):
            return None, asked[1:]
    return why, []


def _of_then(clinic: Clinic, command: object) -> Clinic | None:
    """The clinic as it may have been: whoever was of a team worked there, and its hours were others."""
    if isinstance(command, SetTeam):
        return replace(clinic, staff=clinic.staff | dict.fromkeys(command.staff_ids, SOMEBODY))
    return None if isinstance(command, PlanReminder) else clinic


def _same(one: Proposed, event: Recorded) -> bool:
    return (one.event_id, one.stream_id, one.data) == (event.event_id, event.stream_id, event.data)


def _could_be(record: Record, event: Recorded, reached: MilestoneReached) -> bool:
    """Milestones are those that were recorded, never computed again: each once, by an event that is there."""
    name = ":".join("" if part is None else str(part) for part in (reached.threshold, reached.epoch))
    named = fact_id(event.stream_id, reached.rule, name)
    there = event.stream_id == record.client_id or event.stream_id in record.goals
    return (
        event.event_id == reached.milestone_id == named
        and there
        and event.event_id not in record.facts
        and reached.evidence in record.facts
    )


def _proposed(event: Recorded) -> Proposed:
    return Proposed(
        stream_id=event.stream_id,
        stream_kind="client" if event.stream_id == event.record_id else "goal",
        event_id=event.event_id,
        data=event.data,
        time=event.time,
        by=event.actor.kind,
        causation_id=event.causation_id,
    )


def _with_team(
    record: Record, place: Place, bad: list[Bad], whole: Whole
) -> tuple[Record, list[tuple[Proposed, Actor]]]:
    """With somebody of this clinic's staff, where a record comes from another."""
    client = record.client
    if client is None or place.clinic.staff.keys() & set(client.team):
        return record, []
    if place.staff_id is None:
        bad.append(Bad(whole.line, None, NOBODY))
        return record, []
    by = Actor("therapist", str(place.staff_id), "import")
    fresh: UUID = uuid5(record.client_id, "import:team")
    moment = Moment(now=place.started, actor=by, fresh=fresh)
    made = decide(record, SetTeam(staff_ids=(place.staff_id,)), moment, place.clinic)
    return apply(record, made), [(one, by) for one in made]

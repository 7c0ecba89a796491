"""What every command does in the five beats: how it is decided on, and what is answered."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from services.goals import access, current
from services.goals.access import Look
from services.goals.beats import Answer, Decision, House, beats, events_of
from services.goals.log.append import AddressMove
from services.goals.rules import clinic as clinics
from services.goals.rules import erasing
from services.goals.rules.access import Who, clinic_of, may_ask, may_set_clinic
from services.goals.rules.client import Client
from services.goals.rules.commands import RecordCommand
from services.goals.rules.commands.client import PlanReminder, RegisterClient, SetSession, SetTeam
from services.goals.rules.commands.clinic import ClinicCommand
from services.goals.rules.commands.fact import Fact
from services.goals.rules.commands.goal import AdjustGoal, DraftGoal, SetGoal
from services.goals.rules.decide import decide
from services.goals.rules.goal import Goal, on_day
from services.goals.rules.proposal import Moment, local_day
from services.goals.rules.record import Record, apply, fact_of, fold
from services.goals.rules.refusal import NotThere, Refused, Stale
from shared.clinic import Clinic, evolve
from shared.events import SessionAttended

UNREAD = -1
"""The version of an adjustment whose caller named none."""


class Unread(Refused):
    """An adjustment is new, and its caller named no version that was read."""


def handle_client(
    house: House,
    who: Who,
    client_id: UUID,
    command: RecordCommand,
    *,
    operation: str,
    correlation_id: str,
    traceparent: str | None = None,
    if_match: int | None = None,
) -> Answer:
    """Answers a command on a client's record. `if_match` is the version of the goal's stream that was read;
    None is any version, UNREAD says that none was named.

    The answer shows the record. Its event says to whom; where there is none, for it is so already, the access
    log does, and where a reason was given as well, before anything is appended.
    Raises Refused in one of its kinds; Busy when the record moved MAX_RERUNS times.
    """
    clinic_id = clinic_of(who)
    noted = False

    def note(connection: Connection) -> None:
        nonlocal noted
        if not noted:  # once, however often the record moves meanwhile
            look = Look(
                who=who, operation=operation, correlation_id=correlation_id, goal_id=_goal_of(command)
            )
            access.note(connection, house.vault, clinic_id, (client_id,), look, house.fresh)
        noted = True

    moment = Moment(now=house.now(), actor=who.actor(client_id), fresh=house.fresh())

    def decide_on(connection: Connection, recalled: bool) -> Decision | None:
        if client_id == clinic_id:
            raise NotThere
        before = house.remembered.recall(clinic_id, client_id)
        if not recalled:
            before = fold(client_id, events_of(house, connection, clinic_id, client_id, who))
            house.remembered.read(clinic_id, before)
        if before is None:
            return None
        may_ask(who, client_id, before.client, command)
        if isinstance(command, AdjustGoal) and if_match is not None:
            _check_version(before, command, if_match)
        clinic = None
        if isinstance(command, RegisterClient | SetTeam | PlanReminder):
            clinic = current.clinic(connection, house.vault, clinic_id)
        if isinstance(command, DraftGoal | SetGoal) and command.goal_id in (client_id, clinic_id):
            raise Refused("This id names her or her clinic; a goal needs an id of its own.")
        made = decide(before, command, moment, clinic)
        if recalled and not made:
            return None
        if before.client and who.is_person and (not made or who.reason is not None):
            note(connection)
        after = apply(before, made)
        states: dict[UUID, Client | Goal | Clinic] = {client_id: after.known_client(), **after.goals}
        answer = _answer(after, command, moment, created=bool(made))
        return Decision(
            before.version, before.versions, made, states, moves_between(before, after), answer, after
        )

    return beats(house, who, clinic_id, client_id, moment, decide_on, correlation_id, traceparent)


def handle_clinic(
    house: House,
    who: Who,
    clinic_id: UUID,
    command: ClinicCommand,
    *,
    correlation_id: str,
    traceparent: str | None = None,
) -> Answer:
    """Answers a command on a clinic's record; raises as `handle_client` does."""
    may_set_clinic(who, clinic_id, command)

    moment = Moment(now=house.now(), actor=who.actor(), fresh=house.fresh())

    def decide_on(connection: Connection, recalled: bool) -> Decision | None:
        if recalled:
            return None
        events = events_of(house, connection, clinic_id, clinic_id, who)
        before = clinics.fold(clinic_id, events)
        version = len(events)
        made = clinics.decide(before, clinic_id, version, command, moment)
        after = before
        for proposed in made:
            after = evolve(after, clinic_id, proposed.data)
        assert after is not None
        answer = Answer(created=bool(made), state=after, version=version + len(made))
        return Decision(version, {clinic_id: version}, made, {clinic_id: after}, [], answer)

    return beats(house, who, clinic_id, clinic_id, moment, decide_on, correlation_id, traceparent)


def moves_between(before: Record, after: Record) -> list[AddressMove]:
    """Which numbers and addresses become hers, and which are free again."""
    old = {channel: c.address for channel, c in before.client.contacts.items()} if before.client else {}
    new = {channel: c.address for channel, c in after.known_client().contacts.items()}
    freed = [AddressMove(c, a, claim=False) for c, a in old.items() if a and new.get(c) != a]
    taken = [AddressMove(c, a, claim=True) for c, a in new.items() if a and old.get(c) != a]
    return freed + taken


def _check_version(record: Record, command: AdjustGoal, read_at: int) -> None:
    """A repeat is never stale: it was decided when it was first made."""
    erasing.must_be_there(record)
    version = record.versions.get(command.goal_id, 0)
    if version == read_at or fact_of(record, command) in record.facts:
        return
    if read_at == UNREAD:
        raise Unread(
            "An adjustment names the version of the goal that it changes: send If-Match with its ETag."
        )
    raise Stale(f"The goal is at version {version}, not {read_at}; read it again and adjust what it is now.")


def _answer(record: Record, command: RecordCommand, moment: Moment, *, created: bool) -> Answer:
    goal_id = _goal_of(command)
    client = record.known_client()
    today = local_day(moment.now, client.time_zone)
    state = on_day(record.goals[goal_id], today) if goal_id else client
    evidence = _evidence(record, command)
    reached = [*client.milestones, *(m for g in record.goals.values() for m in g.milestones)]
    return Answer(
        created=created,
        state=state,
        version=record.versions[goal_id or record.client_id],
        milestones=tuple(milestone for milestone in reached if milestone.evidence == evidence),
    )


def _goal_of(command: RecordCommand) -> UUID | None:
    """The goal that a command is about; a reminder of one is about the client."""
    goal_id: UUID | None = None if isinstance(command, PlanReminder) else getattr(command, "goal_id", None)
    return goal_id


def _evidence(record: Record, command: RecordCommand) -> UUID | None:
    """The event that milestones of this command name; a session's is found, for it is a setting."""
    if isinstance(command, Fact):
        return fact_of(record, command)
    if isinstance(command, SetSession):
        for event_id, known in reversed(record.facts.items()):
            if isinstance(known.data, SessionAttended) and known.data.session_id == command.session_id:
                return event_id
    return None

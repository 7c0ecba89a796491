"""What the rules make of all that a file says of a client: as if each line had come when it was so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID, uuid5

from services.goals.importing.asked import Asked, Person
from services.goals.importing.bad import Bad
from services.goals.rules.commands.client import GiveConsent, WithdrawConsent
from services.goals.rules.commands.fact import Fact
from services.goals.rules.commands.goal import DraftGoal
from services.goals.rules.decide import decide
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.record import Record, apply, fact_of
from services.goals.rules.refusal import Invalid, NotThere, Refused
from shared.clinic import Clinic
from shared.events import Actor, fact_id

ERASED = "She was erased here; nothing of her is brought back."
NO_GOAL = "There is no such goal of hers: its line comes first."


@dataclass(frozen=True)
class Judged:
    """What her record is to grow by, with who did each; or what is bad, and then nothing is."""

    before: Record
    after: Record
    made: tuple[tuple[Proposed, Actor], ...]
    bad: tuple[Bad, ...]


def judge(before: Record, person: Person, clinic: Clinic, started: datetime) -> Judged:
    """Decides line after line. What is there already makes nothing; settings of a client who is there stay as
    she, or her therapist, has set them since.

    Beside a line that cannot be read, others are named for what they say by themselves alone: what they lack
    may be what that line would have said.
    """
    actor = Actor("therapist", str(person.staff_id), "import")
    record, bad, unread = before, list(person.bad), {one.line for one in person.bad}
    if before.client is not None and before.client.erased:
        return Judged(before, before, (), (*bad, Bad(person.line, None, ERASED)))
    made: list[tuple[Proposed, Actor]] = []
    at = min((asked.at for asked in person.asked if asked.at), default=started)
    for n, asked in enumerate(_still_to_do(before, person)):
        at = asked.at or at
        if asked.line in unread:
            continue
        moment = Moment(now=at, actor=actor, fresh=uuid5(person.client_id, f"import:{n}"))
        try:
            proposed = decide(record, asked.command, moment, clinic)
        except Refused as no:
            if not unread or isinstance(no, Invalid):
                bad.append(Bad(asked.line, no.pointer[2:] if no.pointer else None, _why(no)))
            if record.client is None:
                break
            continue
        record = apply(record, proposed)
        made += [(one, actor) for one in proposed]
    return Judged(before, record, () if bad else tuple(made), tuple(sorted(bad, key=attrgetter("line"))))


def _still_to_do(before: Record, person: Person) -> Iterator[Asked]:
    if before.client is None:
        yield from person.asked
        return
    for asked in person.asked:
        if not (asked.setting and _is_set(before, asked)) and not _is_over(before, asked):
            yield asked


def _is_set(before: Record, asked: Asked) -> bool:
    return not isinstance(asked.command, DraftGoal) or asked.command.goal_id in before.goals


def _is_over(before: Record, asked: Asked) -> bool:
    """Whether it is in the record, and was ended or taken back since: no line of a file brings it again."""
    command = asked.command
    if isinstance(command, GiveConsent | WithdrawConsent):
        return fact_id(before.client_id, "consent.withdrawn", command.consent_id) in before.facts
    if not isinstance(command, Fact) or command.ENDED_BY is None:
        return False
    stream_id: UUID = command.goal_id or before.client_id
    return {
        fact_of(before, command),
        fact_id(stream_id, command.ENDED_BY, command.name),
    } <= before.facts.keys()


def _why(no: Refused) -> str:
    return NO_GOAL if isinstance(no, NotThere) else no.detail

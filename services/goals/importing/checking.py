"""Judging a file against what is in the log: some clients at a time, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from uuid import UUID

from sqlalchemy import Connection, text

from services.goals.beats import House
from services.goals.handle import moves_between
from services.goals.importing.asked import Person
from services.goals.importing.bad import Bad
from services.goals.importing.judging import Judged, judge
from services.goals.importing.people import Place
from services.goals.importing.replaying import replay
from services.goals.importing.whole import Whole
from services.goals.log.addresses import digest_of
from services.goals.log.read import load
from services.goals.rules.record import Record, fold
from shared.events import Channel

AT_ONCE = 100
"""Clients that are judged, and written, together."""
TAKEN = "A number or an address of hers cannot be used here: it is another's, in the clinic or in the file."

Told = Callable[[Bad], None]

_BEGUN = text("SELECT * FROM cairn.begun(:clinic, CAST(:wanted AS uuid[]))")
_HOLDERS = text(
    "SELECT digest, record_id"
    " FROM cairn.holders(:clinic, CAST(:channels AS text[]), CAST(:digests AS bytea[]))"
)


def check(house: House, place: Place, people: Iterable[Person | Whole], told: Told) -> int:
    """Judges all of a file, and tells of each line that is bad; gives how many are."""
    found = 0
    held: dict[bytes, UUID] = {}
    with house.engine.connect() as connection:
        for some in in_parts(people):
            judged = judge_some(connection, house, place, some)
            bad = [one for each in judged for one in each.bad]
            bad += _taken(connection, house, place, list(zip(some, judged, strict=True)), held)
            found += len(bad)
            for one in bad:
                told(one)
    return found


def in_parts(people: Iterable[Person | Whole]) -> Iterator[list[Person | Whole]]:
    """So many as are judged together."""
    walk = iter(people)
    while some := list(islice(walk, AT_ONCE)):
        yield some


def judge_some(
    connection: Connection, house: House, place: Place, people: Sequence[Person | Whole]
) -> list[Judged]:
    """Judges some clients, each on what is in the log of her by now."""
    clinic = place.clinic
    wanted = {"clinic": clinic.clinic_id, "wanted": [person.client_id for person in people]}
    there = set(connection.scalars(_BEGUN, wanted)) - {clinic.clinic_id}
    judged = []
    for person in people:
        before = Record(person.client_id)
        if person.client_id in there:
            history = load(connection, house.vault, clinic.clinic_id, person.client_id)
            before = fold(person.client_id, history.events) if history else before
        if isinstance(person, Whole):
            judged.append(replay(before, person, place))
        else:
            judged.append(judge(before, person, clinic, place.started))
    return judged


def claims_of(judged: Judged) -> list[tuple[Channel, str]]:
    """The numbers and addresses that become hers."""
    if not judged.made:
        return []
    return [(m.channel, m.address) for m in moves_between(judged.before, judged.after) if m.claim]


def _taken(
    connection: Connection,
    house: House,
    place: Place,
    judged: list[tuple[Person | Whole, Judged]],
    held: dict[bytes, UUID],
) -> list[Bad]:
    """Clients who would have what somebody else holds already; `held` grows by what these would have."""
    clinic_id = place.clinic.clinic_id
    claims = [
        (person, channel, digest_of(house.vault, clinic_id, channel, address))
        for person, one in judged
        for channel, address in claims_of(one)
    ]
    if not claims:
        return []
    asked = {
        "clinic": clinic_id,
        "channels": [channel for _, channel, _ in claims],
        "digests": [digest for _, _, digest in claims],
    }
    holders = {bytes(row.digest): row.record_id for row in connection.execute(_HOLDERS, asked)}
    found = {}
    for person, _, digest in claims:
        holder = holders.get(digest) or held.setdefault(digest, person.client_id)
        if holder != person.client_id:
            found[person.client_id] = Bad(person.line, "contacts", TAKEN)
    return list(found.values())

"""The feed's form: CloudEvents 1.0 out and in, and the cursor that says how far a follower is."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from shared.events import Actor, Recorded
from shared.lanes import LANES
from shared.personal import GRANTED_FIELDS, join
from shared.upcasting import readable, upcast

BATCH = "application/cloudevents-batch+json"
MAX_PAGE = 1000
MAX_WAIT_SECONDS = 30
Rfc3339 = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
"""An instant as `rfc3339` writes it."""
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Count = Annotated[str, msgspec.Meta(pattern="^[1-9][0-9]{0,17}$")]
"""A number from 1 on, in digits: 64 bits may be more than a reader's own numbers hold."""


class BadCursor(ValueError):
    """The cursor is not one that the feed gave."""


class Envelope(msgspec.Struct):
    """What every event must have, for its lane and its record to be known even where the rest is poison."""

    id: UUID
    source: Annotated[str, msgspec.Meta(pattern="^/clinics/[0-9a-f-]{36}$")]
    type: str
    lane: Annotated[int, msgspec.Meta(ge=0, lt=LANES)]
    sequence: Count
    partitionkey: UUID
    recordedtime: Moment


class BadEvent(ValueError):
    """It is not of the form of the feed's events."""


def to_cloudevent(
    event: Recorded, clear: dict[str, Any], sealed: dict[str, Any] | None, *, granted: bool
) -> dict[str, Any]:
    """One CloudEvent. `clear` and `sealed` are its data as `split` parted it; `sealed` is None once erased.

    Only the fields that the subscriber is granted are unsealed; the others are left out. `clear` is of the
    newest shape; one that is not the first is named.
    """
    data = dict(clear)
    if granted:
        data |= {name: (sealed or {}).get(name) for name in sorted(GRANTED_FIELDS[type(event.data)])}
    attributes = {
        "specversion": "1.0",
        "id": str(event.event_id),
        "source": f"/clinics/{event.clinic_id}",
        "type": event.data.TYPE,
        "subject": str(event.stream_id),
        "time": rfc3339(event.time),
        "datacontenttype": "application/json",
        "dataversion": str(event.data.SHAPE) if event.data.SHAPE > 1 else None,
        "lane": event.lane,
        "sequence": str(event.position),
        "recordversion": str(event.record_version),
        "partitionkey": str(event.record_id),
        "recordedtime": rfc3339(event.recorded_at),
        "actorkind": event.actor.kind,
        "actorid": event.actor.id,
        "via": event.actor.via,
        "correlationid": event.correlation_id,
        "causationid": event.causation_id,
        "traceparent": event.traceparent,
        "data": data,
    }
    return {name: value for name, value in attributes.items() if value is not None}


def from_cloudevent(item: dict[str, Any]) -> Recorded:
    """The event of one CloudEvent of the feed; its `version` is not on the wire and is 0.

    Raises UnknownEvent for a type or a shape that is not known, BadEvent for anything else that is not right.
    """
    try:
        return _recorded(item)
    except (KeyError, TypeError, ValueError, AttributeError) as error:  # msgspec's are ValueErrors
        raise BadEvent("This is no event of the feed.") from error


def rfc3339(moment: datetime) -> Rfc3339:
    """An instant in UTC to the microsecond, with Z."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def pack_cursor(positions: dict[int, int]) -> str:
    """An opaque cursor of the last position seen in each lane; lanes at 0 need not be named."""
    seen = [part for lane in sorted(positions) if positions[lane] for part in (lane, positions[lane])]
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(seen)).decode().rstrip("=")


def unpack_cursor(cursor: str) -> dict[int, int]:
    """The positions of a cursor. Raises BadCursor."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        flat = msgspec.msgpack.decode(raw, type=list[int])
        positions = dict(zip(flat[::2], flat[1::2], strict=True))
    except (binascii.Error, msgspec.MsgspecError, ValueError) as error:
        raise BadCursor("This is no cursor of this feed; leave it out to read from the start.") from error
    if any(not (0 <= lane < LANES) or position < 0 for lane, position in positions.items()):
        raise BadCursor("It names a lane or a position that cannot be.")
    return positions


class _Attributes(Envelope):
    """What an event of the feed has, beside the shape of its data."""

    subject: UUID
    time: Moment
    recordversion: Count
    actorkind: Any
    actorid: Any
    via: Any
    correlationid: str
    data: dict[str, Any]
    causationid: str | None = None
    traceparent: str | None = None


def _recorded(item: dict[str, Any]) -> Recorded:
    shape = int(str(item.get("dataversion", 1)))
    kind = readable(item["type"], shape)
    said = msgspec.convert(item, _Attributes)
    actor = msgspec.convert({"kind": said.actorkind, "id": said.actorid, "via": said.via}, Actor)
    return Recorded(
        lane=said.lane,
        position=int(said.sequence),
        clinic_id=UUID(said.source.rpartition("/")[2]),
        record_id=said.partitionkey,
        record_version=int(said.recordversion),
        stream_id=said.subject,
        version=0,
        event_id=said.id,
        time=said.time,
        recorded_at=said.recordedtime,
        actor=actor,
        data=join(kind, upcast(kind, shape, said.data, actor), None),
        correlation_id=said.correlationid,
        causation_id=said.causationid,
        traceparent=said.traceparent,
    )

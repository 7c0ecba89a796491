"""The shape of a page of the feed, as the description gives it: CloudEvents 1.0 and our extensions."""

from __future__ import annotations

from typing import Any

STRING: dict[str, Any] = {"type": "string"}
UUID: dict[str, Any] = {"type": "string", "format": "uuid"}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
DECIMAL: dict[str, Any] = {"type": "string", "pattern": "^[1-9][0-9]*$"}
NEEDED: dict[str, dict[str, Any]] = {
    "specversion": {"const": "1.0", "type": "string"},
    "id": UUID,
    "source": STRING | {"description": "The clinic: /clinics/ID."},
    "type": STRING,
    "subject": UUID | {"description": "The stream: a clinic, a client or a goal."},
    "time": MOMENT | {"description": "When it was true."},
    "datacontenttype": {"const": "application/json", "type": "string"},
    "lane": {"type": "integer", "minimum": 0, "maximum": 255},
    "sequence": DECIMAL | {"description": "Its position in the lane: 1, 2, 3, with no gap."},
    "recordversion": DECIMAL,
    "partitionkey": UUID | {"description": "The record."},
    "recordedtime": MOMENT | {"description": "When we learned it."},
    "actorkind": STRING,
    "actorid": STRING,
    "via": STRING,
    "correlationid": STRING,
    "data": {
        "type": "object",
        "description": "The event's fields; what is not granted is left out, what was erased is null.",
    },
}
OPTIONAL: dict[str, dict[str, Any]] = {
    "dataversion": DECIMAL | {"description": "The shape of `data`, where it is not the first."},
    "causationid": STRING,
    "traceparent": STRING,
}
FEED: dict[str, dict[str, Any]] = {
    "CloudEvent": {
        "type": "object",
        "description": "An event, and who did it, when, by which way.",
        "properties": NEEDED | OPTIONAL,
        "required": list(NEEDED),
    },
    "CloudEvents": {"type": "array", "items": {"$ref": "#/components/schemas/CloudEvent"}},
}
"""By the names of the schemas."""

"""What may be asked of an export: in which form, what for, and which part of the record."""

from __future__ import annotations

from typing import get_args

from services.goals.access import Purpose
from services.goals.api.bodies import needed
from services.goals.api.fields import Choice, Id
from services.goals.api.past_queries import When
from services.goals.api.queries import Query

FORMATS = ("csv", "fhir", "jsonl")
PURPOSES: tuple[str, ...] = get_args(Purpose)


class ExportQuery(Query):
    """A copy of a client's record."""

    format = Choice(
        *FORMATS,
        **needed(),
        metadata={
            "description": "jsonl: CloudEvents, each with its proof; fhir: a Bundle of R4; csv: a sheet."
        },
    )
    purpose = Choice(
        *PURPOSES,
        **needed(),
        metadata={"description": "A copy for herself, to hand over to who goes on, or for the law (a lead)."},
    )
    goal = Id(metadata={"description": "This goal alone; else the whole record."})
    from_ = When(
        data_key="from",
        metadata={"description": "What was recorded from this time on, or from the beginning of this day."},
    )
    to = When(metadata={"description": "What was recorded up to this time, or to the end of this day."})

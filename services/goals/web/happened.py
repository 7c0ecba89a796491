"""What happened, in a few words: one sentence for each type of entry."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.goals.rules.history import Entry
from services.goals.web.language import say
from services.goals.web.moments import day
from services.goals.web.names import called
from services.goals.web.worded import number


def happened(entry: Entry) -> str:
    """What an entry tells of."""
    data = entry.data
    match entry.type.removeprefix("cairn.").rpartition(".")[0]:
        case "goal.drafted":
            return say("Written down")
        case "goal.set":
            return say("Set")
        case "goal.adjusted":
            return called("adjusted", data["kind"])
        case "goal.prioritised":
            return say("Taken into focus") if data["to"] else say("Taken out of focus")
        case "goal.paused":
            until = data["until"] and day(date.fromisoformat(data["until"]))
            return say("Paused until %(day)s", day=until) if until else say("Paused")
        case "goal.resumed":
            return say("Resumed")
        case "goal.reviewed":
            return say("Reviewed: %(outcome)s", outcome=called("review", data["outcome"]))
        case "goal.achieved":
            return say("Reached")
        case "goal.closed":
            return say("Ended: %(outcome)s", outcome=called("outcome", data["outcome"]))
        case "goal.reopened":
            return say("Taken up again")
        case "practice.logged":
            return say("Practised: %(quantity)s", quantity=number(Decimal(data["quantity"])))
        case "practice.voided":
            return say("A practice was taken back")
        case "rating.recorded":
            return _rated(data["rater"], data["value"])
        case "rating.voided":
            return say("A rating was taken back")
        case "win.recorded":
            return say("A win: %(kind)s", kind=called("win", data["kind"]))
        case "win.voided":
            return say("A win was taken back")
        case "milestone.reached":
            return say("A milestone: %(what)s", what=called("milestone", data["rule"]))
        case _:
            return say("Her record was erased")


def _rated(rater: str, value: int) -> str:
    if rater == "client":
        return say("The client rated it %(value)s of 10", value=value)
    return say("The therapist rated it %(value)s of 10", value=value)

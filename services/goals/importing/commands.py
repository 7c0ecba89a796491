"""What each line of the documented form asks for, with ids that the same line has again."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from services.goals.rules.commands import RecordCommand
from services.goals.rules.commands.client import (
    GiveConsent,
    RegisterClient,
    SetContact,
    SetPreferences,
    SetTeam,
    WithdrawConsent,
)
from services.goals.rules.commands.goal import CloseGoal, DraftGoal, LogPractice, RateGoal, SetGoal
from services.goals.rules.commands.win import RecordWin

NOT_OURS = frozenset({"what", "client", "goal", "id", "status", "time", "withdrawn_at", "since", "on"})
"""What of a line is no field of its command, or goes into it under another name."""


def client_id_of(clinic_id: UUID, key: str) -> UUID:
    """The id of a client whom the file calls so, always the same."""
    return uuid5(clinic_id, f"import:client:{key}")


def goal_id_of(client_id: UUID, key: str) -> UUID:
    """The id of a goal of hers that the file calls so."""
    return uuid5(client_id, f"import:goal:{key}")


def of_client(said: dict[str, Any], team: tuple[UUID, ...]) -> list[RecordCommand]:
    """A client: she is registered, and then what is set of her."""
    name, locale, zone, adult = said["name"], said["locale"], said["time_zone"], said["adult"]
    asked: list[RecordCommand] = [RegisterClient(name=name, locale=locale, time_zone=zone, adult=adult)]
    if len(team) > 1:
        asked.append(SetTeam(staff_ids=team))
    for channel, contact in said.get("contacts", {}).items():
        asked.append(SetContact(channel=channel, **contact))
    if "preferences" in said:
        asked.append(SetPreferences(**said["preferences"]))
    return asked


def of_goal(said: dict[str, Any], goal_id: UUID) -> RecordCommand:
    """A goal, set or a draft."""
    parts = _parts(said)
    if said["status"] == "draft":
        return DraftGoal(goal_id=goal_id, **parts)
    if "review_on" in parts:
        parts["review_on"] = tuple(parts["review_on"])
    return SetGoal(goal_id=goal_id, **parts)


def of_fact(said: dict[str, Any], goal_id: UUID | None, fact_id: UUID) -> list[RecordCommand]:
    """A practice, a rating, a win, a consent, with its withdrawal where there was one, or an end."""
    parts = _parts(said)
    on = said.get("on")
    match said["what"]:
        case "practice":
            assert goal_id is not None
            return [LogPractice(goal_id=goal_id, practice_id=fact_id, on=on, **parts)]
        case "rating":
            assert goal_id is not None
            return [RateGoal(goal_id=goal_id, rating_id=fact_id, **parts)]
        case "win":
            return [RecordWin(goal_id=goal_id, win_id=fact_id, on=on, **parts)]
        case "consent":
            given = GiveConsent(consent_id=fact_id, **parts)
            if "withdrawn_at" not in said:
                return [given]
            return [given, WithdrawConsent(consent_id=fact_id, scope=said["scope"], via=said.get("via"))]
        case _:
            assert goal_id is not None
            return [CloseGoal(goal_id=goal_id, closure_id=fact_id, **parts)]


def _parts(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in NOT_OURS}

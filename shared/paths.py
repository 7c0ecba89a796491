"""The addresses of the goals service's things, as the contract spells them: ids, and nothing else."""

from __future__ import annotations

from uuid import UUID

from shared.events import Channel


def contact(client_id: UUID, channel: Channel) -> str:
    """A client's number or e-mail address."""
    return f"/v1/clients/{client_id}/contacts/{channel}"


def consent(client_id: UUID, channel: Channel, consent_id: UUID) -> str:
    """A client's consent."""
    return f"/v1/clients/{client_id}/consents/{channel}/{consent_id}"


def preferences(client_id: UUID) -> str:
    """How a client wants to be reached."""
    return f"/v1/clients/{client_id}/preferences"


def reminder(client_id: UUID, reminder_id: UUID) -> str:
    """A reminder of a client's."""
    return f"/v1/clients/{client_id}/reminders/{reminder_id}"


def pause(client_id: UUID, pause_id: UUID) -> str:
    """A rest of all her reminders."""
    return f"/v1/clients/{client_id}/pauses/{pause_id}"


def flag(client_id: UUID, flag_id: UUID) -> str:
    """A safety flag."""
    return f"/v1/clients/{client_id}/flags/{flag_id}"


def win(client_id: UUID, win_id: UUID) -> str:
    """A win that needs no goal."""
    return f"/v1/clients/{client_id}/wins/{win_id}"


def practice(goal_id: UUID, practice_id: UUID) -> str:
    """A practice of a goal."""
    return f"/v1/goals/{goal_id}/practices/{practice_id}"


def rating(goal_id: UUID, rating_id: UUID) -> str:
    """A rating of a goal."""
    return f"/v1/goals/{goal_id}/ratings/{rating_id}"

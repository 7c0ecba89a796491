"""The operations on a client: who she is, who works with her, how she is reached."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from flask import Response
from marshmallow import ValidationError

from services.goals.api import fields
from services.goals.api.answers import removed, written
from services.goals.api.bodies import (
    ClientBody,
    ConsentBody,
    ContactBody,
    PreferencesBody,
    ReminderBody,
    SessionBody,
    TeamBody,
)
from services.goals.api.call import Call
from services.goals.api.door import Door
from services.goals.api.problems import invalid
from services.goals.rules.commands.client import (
    CancelReminder,
    GiveConsent,
    PlanReminder,
    RegisterClient,
    RemoveContact,
    SetContact,
    SetPreferences,
    SetSession,
    SetTeam,
    WithdrawConsent,
)
from shared.problems import Wrong

door = Door("clients", "Clients: their teams, contacts, preferences, consents and reminders.")
CLIENT = "/v1/clients/<uuid:client>"
CONTACT = CLIENT + "/contacts/<any(sms,email):channel>"
CONSENT = CLIENT + "/consents/<any(sms,email):channel>/<uuid:consent>"
REMINDER = CLIENT + "/reminders/<uuid:reminder>"
Reached = Literal["sms", "email"]


@door.write("PUT", CLIENT, "Client", ClientBody)
def put_client(call: Call, client: UUID) -> Response:
    """Registers a client; who does it is her first team."""
    return written(call.handle_client(client, RegisterClient(**call.body)))


@door.write("PUT", CLIENT + "/team", "Client", TeamBody)
def put_team(call: Call, client: UUID) -> Response:
    """Sets who works with her, whole. By a lead."""
    body = call.body | {"staff_ids": tuple(call.body["staff_ids"])}
    return written(call.handle_client(client, SetTeam(**body)))


@door.write("PUT", CONTACT, "Client", ContactBody)
def put_contact(call: Call, client: UUID, channel: Reached) -> Response:
    """Sets where she is reached on a channel; another address is another contact."""
    try:
        address = (fields.phone if channel == "sms" else fields.email)(call.body["address"])
    except ValidationError as error:
        raise invalid((Wrong("#/address", str(error.messages[0])),)) from error
    verified_by = call.body.get("verified_by")
    command = SetContact(channel=channel, address=address, verified_by=verified_by)
    return written(call.handle_client(client, command))


@door.write("DELETE", CONTACT, "Client")
def delete_contact(call: Call, client: UUID, channel: Reached) -> Response:
    """Takes a channel's contact away."""
    return removed(call.handle_client(client, RemoveContact(channel=channel)))


@door.write("PUT", CLIENT + "/preferences", "Client", PreferencesBody)
def put_preferences(call: Call, client: UUID) -> Response:
    """Sets how she wants to be reached, whole; what is left out is the default."""
    return written(call.handle_client(client, SetPreferences(**call.body)))


@door.write("PUT", CONSENT, "Client", ConsentBody)
def put_consent(call: Call, client: UUID, channel: Reached, consent: UUID) -> Response:
    """Records that she agrees to messages on a channel."""
    return written(call.handle_client(client, GiveConsent(consent_id=consent, scope=channel, **call.body)))


@door.write("DELETE", CONSENT, "Client")
def delete_consent(call: Call, client: UUID, channel: Reached, consent: UUID) -> Response:
    """Records that she no longer agrees."""
    return removed(call.handle_client(client, WithdrawConsent(consent_id=consent, scope=channel)))


@door.write("PUT", REMINDER, "Client", ReminderBody)
def put_reminder(call: Call, client: UUID, reminder: UUID) -> Response:
    """Plans a reminder in her local time, within her caps and her hours."""
    return written(call.handle_client(client, PlanReminder(reminder_id=reminder, **call.body)))


@door.write("DELETE", REMINDER, "Client")
def delete_reminder(call: Call, client: UUID, reminder: UUID) -> Response:
    """Ends a reminder."""
    return removed(call.handle_client(client, CancelReminder(reminder_id=reminder)))


@door.write("PUT", CLIENT + "/sessions/<uuid:session>", "Client", SessionBody)
def put_session(call: Call, client: UUID, session: UUID) -> Response:
    """Plans a session, or says that it was attended or is cancelled."""
    return written(call.handle_client(client, SetSession(session_id=session, **call.body)))

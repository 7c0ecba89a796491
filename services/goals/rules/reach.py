"""How a client is reached: contacts, preferences, consents, reminders, and the team around her."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from services.goals.rules import client as clients
from services.goals.rules.cadence import check_cadence
from services.goals.rules.client import Client, Consent
from services.goals.rules.clinic import Clinic
from services.goals.rules.commands import (
    CancelReminder,
    GiveConsent,
    PlanReminder,
    RegisterClient,
    RemoveContact,
    SetContact,
    SetPreferences,
    SetTeam,
    WithdrawConsent,
)
from services.goals.rules.proposal import Moment, Proposed, setting
from services.goals.rules.record import Record, once
from services.goals.rules.refusal import Forbidden, Invalid, NotThere, Refused
from shared.events import (
    ClientRegistered,
    ConsentGiven,
    ConsentWithdrawn,
    ContactRemoved,
    ContactSet,
    Event,
    PreferencesSet,
    ReminderCancelled,
    ReminderPlanned,
    TeamSet,
    fact_id,
)
from shared.limits import DAILY_CAP

REGISTERED = "She is registered already; her preferences and contacts change by their own paths."


def register(
    record: Record, command: RegisterClient, moment: Moment, clinic: Clinic | None
) -> tuple[Proposed, ...]:
    """Begins a client's record, with who registers her as her team."""
    if clinic is None:
        raise Refused("The clinic is not set up yet; an operator does that first.")
    if not command.adult:
        raise Invalid("Cairn serves adults who consent for themselves; adult must be true.", "#/adult")
    event = ClientRegistered(
        locale=command.locale, time_zone=command.time_zone, adult=True, name=command.name
    )
    begun = once(
        record, record.client_id, "client", record.client_id, lambda _: event, moment, otherwise=REGISTERED
    )
    if not begun:
        return ()
    team = TeamSet(staff_ids=(UUID(moment.actor.id),))
    first = Proposed(
        stream_id=record.client_id,
        stream_kind="client",
        event_id=fact_id(record.client_id, "client.team_set", 2),
        data=team,
        time=moment.now,
        by=moment.actor.kind,
    )
    return (*begun, first)


def set_team(record: Record, command: SetTeam, moment: Moment, clinic: Clinic | None) -> tuple[Proposed, ...]:
    """Changes who works with her."""
    strangers = [str(s) for s in command.staff_ids if clinic is None or s not in clinic.staff]
    if strangers:
        raise Refused(f"Not of this clinic's staff: {', '.join(strangers)}.", "#/staff_ids")
    event = TeamSet(staff_ids=command.staff_ids, reason=command.reason)
    return () if record.known_client().team == command.staff_ids else _changed(record, event, moment)


def set_contact(record: Record, command: SetContact, moment: Moment) -> tuple[Proposed, ...]:
    """Sets a channel's contact; another address is another contact, which no earlier consent names."""
    if command.verified_by is not None and moment.actor.kind == "client" and moment.actor.via != "sms":
        raise Forbidden("She verifies a contact by answering a message to it.", "#/verified_by")
    now = record.known_client().contacts.get(command.channel)
    same = now is not None and now.address == command.address
    event = ContactSet(
        contact_id=now.contact_id if now and same else moment.fresh,
        channel=command.channel,
        address=command.address,
        verified_by=command.verified_by or (now.verified_by if now and same else None),  # type: ignore[arg-type]
    )
    return _setting(record, event, moment)


def remove_contact(record: Record, command: RemoveContact, moment: Moment) -> tuple[Proposed, ...]:
    """Takes a channel's contact away; doing it twice is the same."""
    now = record.known_client().contacts.get(command.channel)
    if now is None:
        return ()
    return _changed(record, ContactRemoved(contact_id=now.contact_id, channel=command.channel), moment)


def set_preferences(record: Record, command: SetPreferences, moment: Moment) -> tuple[Proposed, ...]:
    """Changes how she wants to be reached; what is not given is the default, zone and locale stay."""
    client = record.known_client()
    event = PreferencesSet(
        time_zone=command.time_zone or client.time_zone,
        locale=command.locale or client.locale,
        quiet_start=command.quiet_start,
        quiet_end=command.quiet_end,
        daily_cap=command.daily_cap,
        weekly_cap=command.weekly_cap,
        label=command.label,
    )
    if command.daily_cap is not None and command.daily_cap > DAILY_CAP:
        raise Invalid(f"At most {DAILY_CAP} a day are sent; daily_cap may be less.", "#/daily_cap")
    return _setting(record, event, moment)


def give_consent(record: Record, command: GiveConsent, moment: Moment) -> tuple[Proposed, ...]:
    """Records that she agrees to messages at a contact."""
    client = record.known_client()
    if fact_id(client.client_id, "consent.withdrawn", command.consent_id) in record.facts:
        raise Refused("This consent was withdrawn; to consent again takes a new id.")
    contact = client.contacts.get(command.scope)
    giver: Literal["client", "therapist"] = "client" if moment.actor.kind == "client" else "therapist"

    def build(seen: ConsentGiven | None) -> ConsentGiven:
        contact_id = command.contact_id or (
            seen.contact_id if seen else contact.contact_id if contact else None
        )
        if contact_id is None:
            raise Refused(
                f"She has no {command.scope} contact to consent for; set that first.", "#/contact_id"
            )
        if seen is None and (contact is None or contact.contact_id != contact_id):
            raise Refused(f"contact_id is not her {command.scope} contact.", "#/contact_id")
        return ConsentGiven(
            consent_id=command.consent_id,
            contact_id=contact_id,
            scope=command.scope,
            text_version=command.text_version,
            locale=command.locale or (seen.locale if seen else client.locale),
            given_by=command.given_by or (seen.given_by if seen else giver),
        )

    return once(record, client.client_id, "consent.given", command.consent_id, build, moment, command.time)


def withdraw_consent(record: Record, command: WithdrawConsent, moment: Moment) -> tuple[Proposed, ...]:
    """Records that she no longer agrees; doing it twice is the same."""
    client = record.known_client()
    given: Consent | None = client.consents.get(command.consent_id)
    if given is None or given.scope != command.scope:
        raise NotThere
    event = ConsentWithdrawn(consent_id=command.consent_id, contact_id=given.contact_id, scope=command.scope)
    return once(record, client.client_id, "consent.withdrawn", command.consent_id, lambda _: event, moment)


def plan_reminder(
    record: Record, command: PlanReminder, moment: Moment, clinic: Clinic | None
) -> tuple[Proposed, ...]:
    """Plans a reminder, within her caps and her hours."""
    client = record.known_client()
    if command.goal_id is not None and command.goal_id not in record.goals:
        raise Refused("goal_id is not a goal of this client.", "#/goal_id")
    event = ReminderPlanned(
        reminder_id=command.reminder_id,
        kind=command.kind,
        channel=command.channel,
        goal_id=command.goal_id,
        cadence=command.cadence,
        active=command.active,
    )
    planned = _setting(record, event, moment)
    if planned and command.kind == "practice" and command.cadence is None:
        raise Invalid("A practice reminder needs a cadence: its days and its times.", "#/cadence")
    if planned and command.cadence is not None and command.active:
        check_cadence(command, command.cadence, client, clinic)
    return planned


def cancel_reminder(record: Record, command: CancelReminder, moment: Moment) -> tuple[Proposed, ...]:
    """Ends a reminder; doing it twice is the same."""
    if command.reminder_id in record.known_client().reminders:
        return _changed(record, ReminderCancelled(reminder_id=command.reminder_id), moment)
    if any(
        isinstance(f.data, ReminderCancelled) and f.data.reminder_id == command.reminder_id
        for f in record.facts.values()
    ):
        return ()
    raise NotThere


def _setting(record: Record, event: Event, moment: Moment) -> tuple[Proposed, ...]:
    client: Client = record.known_client()
    after = clients.evolve(client, client.client_id, event, moment.now, moment.actor.kind)
    if after == client and _was_set(record, event):
        return ()
    return _changed(record, event, moment)


def _was_set(record: Record, event: Event) -> bool:
    """Whether it was ever said: choosing the default in so many words is a fact, too."""
    return not isinstance(event, PreferencesSet) or any(
        isinstance(f.data, PreferencesSet) for f in record.facts.values()
    )


def _changed(record: Record, event: Event, moment: Moment) -> tuple[Proposed, ...]:
    return (setting("client", record.client_id, event, record.version, moment),)

"""How a client is reached: her contacts and preferences, and the team around her."""

from __future__ import annotations

from uuid import UUID

from services.goals.rules.client_settings import changed, unless_so
from services.goals.rules.commands.client import (
    RegisterClient,
    RemoveContact,
    SetContact,
    SetPreferences,
    SetTeam,
)
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.record import Record, once
from services.goals.rules.refusal import Forbidden, Invalid, Refused
from shared.clinic import Clinic
from shared.events import ClientRegistered, ContactRemoved, ContactSet, PreferencesSet, TeamSet, fact_id
from shared.limits import DAILY_CAP, WEEKLY_CAP

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
    said = [fact.data for fact in record.facts.values() if isinstance(fact.data, TeamSet)]
    return () if event in said[-1:] else changed(record, event, moment)


def set_contact(record: Record, command: SetContact, moment: Moment) -> tuple[Proposed, ...]:
    """Sets a channel's contact; another address is another contact, which no earlier consent names."""
    if command.verified_by is not None and moment.actor.kind == "client" and moment.actor.via != "sms":
        raise Forbidden("She verifies a contact by answering a message to it.", "#/verified_by")
    now = record.known_client().contacts.get(command.channel)
    same = now is not None and now.address == command.address
    if moment.actor.via == "sms" and not same:
        raise Forbidden("A text verifies the contact that she has; another is set on her page.", "#/address")
    event = ContactSet(
        contact_id=now.contact_id if now and same else moment.fresh,
        channel=command.channel,
        address=command.address,
        verified_by=command.verified_by or (now.verified_by if now and same else None),  # type: ignore[arg-type]
    )
    return unless_so(record, event, moment)


def remove_contact(record: Record, command: RemoveContact, moment: Moment) -> tuple[Proposed, ...]:
    """Takes a channel's contact away; doing it twice is the same."""
    now = record.known_client().contacts.get(command.channel)
    if now is None:
        return ()
    return changed(record, ContactRemoved(contact_id=now.contact_id, channel=command.channel), moment)


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
    if command.weekly_cap is not None and command.weekly_cap > WEEKLY_CAP:
        wrong = f"At most {WEEKLY_CAP} a week that she did not plan herself are sent; weekly_cap may be less."
        raise Invalid(wrong, "#/weekly_cap")
    return unless_so(record, event, moment)

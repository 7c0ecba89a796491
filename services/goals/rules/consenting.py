"""What she agrees to: given for a contact, withdrawn at once, and after she stopped it hers alone to give."""

from __future__ import annotations

from typing import Literal

from services.goals.rules.client import Client, Consent
from services.goals.rules.commands.client import GiveConsent, WithdrawConsent
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.record import Record, once
from services.goals.rules.refusal import Forbidden, Invalid, NotThere, Refused
from shared.events import ConsentGiven, ConsentWithdrawn, fact_id


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
            via=command.via or (seen.via if seen else moment.actor.via),
        )

    given = once(record, client.client_id, "consent.given", command.consent_id, build, moment, command.time)
    if given:
        _check_giver(client, command, moment)
    return given


def withdraw_consent(record: Record, command: WithdrawConsent, moment: Moment) -> tuple[Proposed, ...]:
    """Records that she no longer agrees; doing it twice is the same."""
    client = record.known_client()
    given: Consent | None = client.consents.get(command.consent_id)
    if given is None or given.scope != command.scope:
        raise NotThere
    contact_id = given.contact_id

    def build(seen: ConsentWithdrawn | None) -> ConsentWithdrawn:
        via = command.via or (seen.via if seen else moment.actor.via)
        return ConsentWithdrawn(
            consent_id=command.consent_id, contact_id=contact_id, scope=command.scope, via=via
        )

    return once(record, client.client_id, "consent.withdrawn", command.consent_id, build, moment)


def _check_giver(client: Client, command: GiveConsent, moment: Moment) -> None:
    hers = moment.actor.kind == "client"
    if hers and command.given_by == "therapist":
        raise Invalid("She gives it herself; leave given_by out.", "#/given_by")
    if not hers and command.scope in client.stops.channels:
        raise Forbidden(
            "She stopped these messages herself, and she starts them: with START, or on her page."
        )

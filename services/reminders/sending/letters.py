"""A message as it is handed to a channel, and how it is kept until it is known what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from services.reminders.channels import Letter
from services.reminders.links import BY_EMAIL, Links
from services.reminders.rules import words
from services.reminders.rules.person import Person
from services.reminders.rules.plan import Occasion
from services.reminders.rules.policy import Send
from services.reminders.sealed import seal, unseal
from shared.clinic import Clinic
from shared.events import Channel
from shared.logs import logger
from shared.sealing import Unopenable, place
from shared.vault import Vault

log = logger()


class Handed(msgspec.Struct, frozen=True):
    """What the provider was, or may have been, handed: by this it is known again in the provider's list."""

    to: str
    text: str


@dataclass(frozen=True)
class Unsayable:
    """There are no words for it."""

    cause: str


def letter_of(
    *,
    message_id: UUID,
    channel: Channel,
    occasions: Sequence[Occasion],
    clinic: Clinic,
    person: Person,
    send: Send,
    at: datetime,
    links: Links | None = None,
) -> Letter | Unsayable:
    """The letter that says these occasions, to the contact that the policy named.

    A welcome by e-mail holds the link that confirms the address; without a public one it cannot be said. Any
    other e-mail leads to her own page.
    """
    link = links.confirm(person.client_id, send.contact_id) if links else None
    page = links.page(person.client_id, at + BY_EMAIL) if links else None
    if link is None and channel == "email" and any(one.kind == "welcome" for one in occasions):
        return Unsayable("no_public_address")
    try:
        said = words.compose(occasions, clinic, person, channel, person.client_id.int, link=link, page=page)
    except Exception as error:
        log.exception("words failed", message=str(message_id))
        return Unsayable(f"words:{type(error).__name__}")
    address = person.contacts[send.contact_id].address
    assert address is not None  # the policy sends to nobody without one
    return Letter(
        message_id=message_id,
        record_id=person.client_id,
        channel=channel,
        to=address,
        text=said.text,
        subject=said.subject,
        html=said.html,
        zone=person.time_zone,
        at=at,
        valid_for=send.valid_for,
        sender=clinic.sender,
    )


def sealed(vault: Vault, letter: Letter | Unsayable) -> bytes | None:
    """What the ledger keeps of an SMS, sealed under her key; None of what no provider could list for us."""
    if isinstance(letter, Unsayable) or letter.channel != "sms":
        return None
    plain = msgspec.json.encode(Handed(letter.to, letter.text))
    return seal(vault, letter.record_id, plain, place("handed", letter.message_id))


def handed(vault: Vault, client_id: UUID, message_id: UUID, kept: bytes | None) -> Handed | None:
    """What was kept, opened; None where nothing was, or she was erased meanwhile."""
    if kept is None:
        return None
    try:
        plain = unseal(vault, client_id, kept, place("handed", message_id))
    except Unopenable:
        log.error("row cannot be opened", kind="message", record=str(message_id))
        return None
    return msgspec.json.decode(plain, type=Handed) if plain is not None else None

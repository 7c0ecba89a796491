"""What she does herself: a text, a button of her page, the link of an e-mail."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.reminders import opting_out
from services.reminders.channels import Heard
from services.reminders.hearing import own_page
from services.reminders.hearing.answering import hear
from services.reminders.rules.pressing import Form, GoOn, KeepHours, Rest, Start, Stop
from shared.events import Channel
from tests.simulation.dice import Dice
from tests.simulation.her import Consent
from tests.simulation.promises import Address
from tests.simulation.words import WORDS, says
from tests.simulation.world import World

SENDER = "+15005550006"


def she_writes(world: World, dice: Dice) -> None:
    """A text of hers."""
    number = dice.one(world.clients).reached_at("sms", other=dice.chance(15))
    words = dice.one(WORDS)
    confirmed = words.confirmed if dice.chance(20) else None
    world.numbers += 1
    heard = Heard(f"SM{world.numbers:032d}", number, SENDER, words.text, confirmed)
    world.texts.append(heard)
    world.note(words.text)
    says(world, heard, words, lambda: _heard(world, heard))


def her_text_comes_twice(world: World, dice: Dice) -> None:
    """The provider brings it again."""
    if world.texts:
        heard = dice.one(world.texts)
        words = next(one for one in WORDS if one.text == heard.text)
        world.note(heard.text)
        says(world, heard, words, lambda: _heard(world, heard))


def _heard(world: World, heard: Heard) -> None:
    hear(world.engine, world.keys, world.ring, world.links, heard, world.clock(), f"t-{heard.provider_id}")


def she_presses(world: World, dice: Dice) -> None:
    """A button of her page."""
    client = dice.one(world.clients)
    channel: Channel = "email" if dice.chance(40) else "sms"
    forms: tuple[Form, ...] = (
        Stop(channel), Start(channel), Rest(1 + dice.below(3)), GoOn(), KeepHours("20:00", "09:00"),
    )  # fmt: skip
    form = dice.one(forms)
    world.note(f"{type(form).__name__} {channel}")
    world.fresh.clear()
    world.engine.at = None  # it is one transaction: either it is, or nothing was
    try:
        acted = own_page.act(
            world.engine, world.keys, client.client_id, form, world.clock(), f"p-{world.done}"
        )
    finally:
        world.engine.at = world.at
    if acted:
        _pressed(world, client.client_id, client.clinic_id, form)


def _pressed(world: World, client_id: UUID, clinic_id: UUID, form: Form) -> None:
    promises, now = world.promises, world.clock()
    her = promises.hers[client_id]
    match form:
        case Stop(channel):
            if channel in her.contacts:
                promises.stops(Address(clinic_id, channel, her.contacts[channel].address), now)
            for consent in her.consents.values():
                consent.holds = consent.holds and consent.channel != channel
        case Start(channel):
            contact = her.contacts[channel]
            promises.stopped.pop(Address(clinic_id, channel, contact.address), None)
            her.consents[world.fresh[0]] = Consent(contact.contact_id, channel)
        case Rest(days):
            her.pauses[world.fresh[0]] = her.day(now) + timedelta(days=days - 1)
            until = her.midnight(now, days=days)
            promises.rests_until[client_id] = max(until, promises.rests_until.get(client_id, until))
        case GoOn():
            her.pauses.clear()
            promises.rests_until.pop(client_id, None)
        case KeepHours(start, end):
            her.quiet = (start, end)
        case _:
            pass


def she_unsubscribes(world: World, dice: Dice) -> None:
    """By the link of an e-mail."""
    client = dice.one(world.clients)
    with world.engine.begin() as connection:
        known = opting_out.by_link(
            connection, world.keys, client.client_id, "email", world.clock(), f"u-{world.done}"
        )
    her = world.promises.hers[client.client_id]
    if known and "email" in her.contacts:
        address = Address(client.clinic_id, "email", her.contacts["email"].address)
        world.promises.stops(address, world.clock())

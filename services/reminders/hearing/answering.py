"""A text comes in: matched, understood, acted on and answered, all in one transaction, each text once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import msgspec
import phonenumbers
from sqlalchemy import Connection, Engine

from services.reminders import contacts, opting_out, people
from services.reminders.bell import Rung
from services.reminders.channels import Heard
from services.reminders.contacts import Holder
from services.reminders.hearing import conversation
from services.reminders.hearing.conversation import Conversation
from services.reminders.ledger import dead, direct, inbound, opt_out, outgoing, plan, questions, quiet
from services.reminders.ledger.direct import GOOD_FOR, HOUSE, Direct, Kind, Said
from services.reminders.ledger.inbound import Written
from services.reminders.ledger.outgoing import Fact
from services.reminders.ledger.questions import Which
from services.reminders.links import BY_TEXT, Links
from services.reminders.ringer import Ring
from services.reminders.rules.answers import Speaker
from services.reminders.rules.catalogue import language_of
from services.reminders.rules.crisis import crisis_of
from services.reminders.rules.person import Person
from services.reminders.rules.plan import once_more
from services.reminders.rules.replies.reply import Context, Reply
from services.reminders.rules.replies.understand import understand
from services.reminders.rules.responding import About, Bring, Response, respond
from services.reminders.team import flagging
from shared.clinic import Clinic
from shared.logs import correlated, logger
from shared.vault import Vault

log = logger()


@dataclass(frozen=True)
class _Scene:
    """Who wrote, and all that is known of her."""

    inbound_id: UUID
    heard: Heard
    holders: Sequence[Holder]
    person: Person | None
    clinic: Clinic | None
    talk: Conversation
    opted_out: bool
    correlation_id: str


def hear(
    engine: Engine,
    vault: Vault,
    ring: Ring,
    links: Links,
    heard: Heard,
    now: datetime,
    correlation_id: str,
) -> None:
    """Takes in a text. The same one again changes nothing."""
    with engine.begin() as connection:
        rung = _hear(connection, vault, links, heard, now, correlation_id)
    ring(rung)


def _hear(
    connection: Connection, vault: Vault, links: Links, heard: Heard, now: datetime, correlation_id: str
) -> list[Rung]:
    hashed = contacts.address_hash(vault, "sms", heard.sent_from)
    inbound_id = inbound.inbound_id(heard.provider_id)
    if not inbound.is_new(connection, inbound_id, "sms", hashed, now, correlation_id):
        return []
    scene = _scene(connection, vault, inbound_id, heard, hashed, now, correlation_id)
    reply = _understood(scene)
    response = respond(reply, _about(connection, links, scene, hashed, now))
    rung = _act(connection, vault, scene, reply, response, now)
    inbound.keep(
        connection,
        vault,
        inbound_id,
        Written(heard.sent_from, heard.sent_to, heard.text),
        client_id=scene.person.client_id if scene.person else None,
        clinic_id=scene.person.clinic_id if scene.person else None,
        intent=reply.intent,
        safety=response.unsafe or reply.intent == "safety",
        fell_back=response.answer is not None and (reply.intent == "unknown" or scene.person is None),
    )
    with correlated(correlation_id, inbound=inbound_id):
        log.info("inbound", intent=reply.intent, known=scene.person is not None, facts=len(response.facts))
    return rung


def _scene(
    connection: Connection,
    vault: Vault,
    inbound_id: UUID,
    heard: Heard,
    hashed: bytes,
    now: datetime,
    correlation_id: str,
) -> _Scene:
    dead.revive(connection, "sms", hashed)
    holders = contacts.holders(connection, "sms", hashed)
    known = people.lock_persons(connection, vault, {one.client_id for one in holders})
    person = next((known[one.client_id].who for one in holders if one.client_id in known), None)
    clinic = people.clinic(connection, vault, person.clinic_id) if person else None
    if person is None:
        talk = Conversation(Context(), (), None)
        return _Scene(inbound_id, heard, holders, None, None, talk, False, correlation_id)
    talk = conversation.with_her(connection, vault, person, now)
    refused = opt_out.address_hash(vault, person.clinic_id, "sms", heard.sent_from)
    opted_out = opt_out.stands(connection, [refused])
    return _Scene(inbound_id, heard, holders, person, clinic, talk, opted_out, correlation_id)


def _understood(scene: _Scene) -> Reply:
    reply = understand(scene.heard.text, scene.talk.context)
    confirmed = scene.heard.confirmed
    if confirmed is None or reply.intent == "safety":
        return reply
    # The provider has its own list of words for this, and has acted on them.
    return msgspec.structs.replace(reply, intent=confirmed, value=None)


def _about(connection: Connection, links: Links, scene: _Scene, hashed: bytes, now: datetime) -> About:
    person = scene.person
    return About(
        inbound_id=scene.inbound_id,
        now=now,
        speaker=speaker_of(person, scene.clinic, scene.heard.sent_from),
        person=person,
        goals=scene.talk.goals,
        meant=scene.talk.meant,
        has_slot=person is not None and questions.last_slot(connection, person.client_id, now) is not None,
        pauses=tuple(person.pauses) if person else (),
        link=links.page(person.client_id, now + BY_TEXT) if person else None,
        told_lately=inbound.told_lately(connection, hashed, now),
        opted_out=scene.opted_out,
    )


def speaker_of(person: Person | None, clinic: Clinic | None, number: str) -> Speaker:
    """Who answers a number: her clinic; to a stranger nobody, in English, with the numbers of her country."""
    if person is None or clinic is None:
        return Speaker("en", None, None, crisis_of(_country(number)))
    language = language_of(person.locale, clinic.locale)
    return Speaker(language, clinic.sender, clinic.phone, crisis_of(clinic.country))


def _act(
    connection: Connection, vault: Vault, scene: _Scene, reply: Reply, response: Response, now: datetime
) -> list[Rung]:
    person = scene.person
    _opt(connection, vault, scene, response, now)
    rung = _said(connection, vault, scene, reply, response, now)
    if person is None:
        return rung
    outgoing.put(connection, vault, [_fact(scene, person, one) for one in response.facts], now)
    if response.acknowledges:
        outgoing.reply_to(connection, _fact_id(scene, response.facts[0]), scene.inbound_id)
    _hold(connection, vault, person, response, scene, now)
    if response.unsafe:
        flag_id = flagging.flag_of(scene.inbound_id)
        rung += flagging.raised(connection, vault, person, flag_id, now, scene.correlation_id)
    if response.wrong_number:
        rung += flagging.wrong_number(connection, vault, person, scene.inbound_id, now, scene.correlation_id)
    if response.again_in is not None:
        rung += _again(connection, person, scene, response.again_in, now)
    return rung


def _opt(connection: Connection, vault: Vault, scene: _Scene, response: Response, now: datetime) -> None:
    """An opt-out commits here first, for every clinic that knows the number; only START from it lifts it."""
    number, said = scene.heard.sent_from, scene.correlation_id
    if response.opt == "out":
        source: opt_out.Source = "wrong_number" if response.wrong_number else "reply"
        for holder in scene.holders:
            opting_out.by_reply(connection, vault, *holder, number, source, now, said)
    elif response.opt == "in" and scene.person is not None:
        lifted = opt_out.address_hash(vault, scene.person.clinic_id, "sms", number)
        opt_out.lift(connection, [lifted], now)
        questions.close(connection, scene.person.client_id, "opt_in")


def _hold(
    connection: Connection, vault: Vault, person: Person, response: Response, scene: _Scene, now: datetime
) -> None:
    client = person.client_id
    if response.quiet is not None and response.quiet_until is not None:
        quiet.begin(connection, client, response.quiet, response.quiet_until)
    if response.resumes:
        quiet.end(connection, client)
    if response.unsafe:
        quiet.drop_celebrations(connection, client, now)
    if response.asks is not None:
        which = Which(scene.talk.goals, response.asks)
        questions.ask_which(connection, vault, client, which, now)
    elif scene.talk.meant is not None and response.acknowledges:
        questions.close(connection, client, "which")


def _said(
    connection: Connection, vault: Vault, scene: _Scene, reply: Reply, response: Response, now: datetime
) -> list[Rung]:
    if response.answer is None or (scene.heard.confirmed is not None and not response.unsafe):
        return []
    unsafe = response.unsafe or reply.intent == "safety"
    kind: Kind = "signpost" if unsafe else "reply"
    despite = unsafe or response.opt == "out" or reply.intent in ("safety", "help")
    return answer(connection, vault, scene, response.answer, kind, despite, now)


def answer(
    connection: Connection,
    vault: Vault,
    scene: _Scene,
    words: str,
    kind: Kind,
    despite_opt_out: bool,
    now: datetime,
) -> list[Rung]:
    """Plans an answer to the number that a text came from."""
    person = scene.person
    return direct.plan(
        connection,
        vault,
        Direct(
            message_id=uuid5(scene.inbound_id, f"answer:{kind}"),
            record_id=person.client_id if person else HOUSE,
            client_id=person.client_id if person else None,
            clinic_id=person.clinic_id if person else None,
            channel="sms",
            kind=kind,
            said=Said(scene.heard.sent_from, words, zone=person.time_zone if person else "UTC"),
            expires_at=now + GOOD_FOR,
            correlation_id=scene.correlation_id,
            despite_opt_out=despite_opt_out,
        ),
        now,
    )


def _again(
    connection: Connection, person: Person, scene: _Scene, wait: timedelta, now: datetime
) -> list[Rung]:
    slot = questions.last_slot(connection, person.client_id, now)
    if slot is None:
        return []
    occasion = once_more(person.client_id, slot, scene.inbound_id, now + wait)
    planned = plan.Planned(occasion, person.clinic_id, scene.correlation_id)
    return plan.write(connection, [planned], now)


def _fact(scene: _Scene, person: Person, bring: Bring) -> Fact:
    return Fact(
        fact_id=_fact_id(scene, bring),
        record_id=person.client_id,
        clinic_id=person.clinic_id,
        kind=bring.kind,
        method=bring.method,
        path=bring.path,
        correlation_id=scene.correlation_id,
        body=msgspec.json.encode(bring.body) if bring.body is not None else None,
    )


def _fact_id(scene: _Scene, bring: Bring) -> UUID:
    return uuid5(scene.inbound_id, f"{bring.method} {bring.path}")


def _country(number: str) -> str | None:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None

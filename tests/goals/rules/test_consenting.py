"""Consents: given what she agreed to or stopped, when who agrees or withdraws, then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.goals.rules.commands.client import GiveConsent, RemoveContact, SetContact, WithdrawConsent
from services.goals.rules.refusal import Forbidden, Invalid, NotThere, Refused
from tests import controls as c
from tests.goals.rules.steps import BY_TEXT, Step, after, answer, names

YES = GiveConsent(consent_id=c.named(1), scope="sms", text_version="1")
AGAIN = replace(YES, consent_id=c.named(2))
STOP = WithdrawConsent(consent_id=c.named(1), scope="sms")
STOP_AGAIN = replace(STOP, consent_id=c.named(2))
BY_MAIL = replace(AGAIN, scope="email")
ANOTHER_NUMBER = SetContact(channel="sms", address="+15035550177", verified_by="seen")
HER_MAIL = SetContact(channel="email", address=c.ADDRESS)

GIVEN = (c.BY_THERAPIST, YES)
STAFF_STOPPED = (c.BY_THERAPIST, STOP)
SHE_STOPPED = (BY_TEXT, STOP)

MAKES: dict[str, tuple[tuple[Step, ...], Step, list[str]]] = {
    "her therapist writes down that she agreed": ((), GIVEN, ["consent.given"]),
    "she agrees by text": ((), (BY_TEXT, YES), ["consent.given"]),
    "she stops what her therapist wrote down": ((GIVEN,), SHE_STOPPED, ["consent.withdrawn"]),
    "her therapist stops it": ((GIVEN,), STAFF_STOPPED, ["consent.withdrawn"]),
    "stopping twice is the same": ((GIVEN, SHE_STOPPED), STAFF_STOPPED, []),
    "she starts again by text": ((GIVEN, SHE_STOPPED), (BY_TEXT, AGAIN), ["consent.given"]),
    "or on her page": ((GIVEN, SHE_STOPPED), (c.BY_CLIENT, AGAIN), ["consent.given"]),
    "what her therapist stopped, the therapist starts again": (
        (GIVEN, STAFF_STOPPED), (c.BY_THERAPIST, AGAIN), ["consent.given"],
    ),
    "once she has started again, another may be written down": (
        (GIVEN, SHE_STOPPED, (BY_TEXT, AGAIN), (c.BY_THERAPIST, STOP_AGAIN)),
        (c.BY_THERAPIST, replace(YES, consent_id=c.named(3))),
        ["consent.given"],
    ),
    "a stop by text is none by e-mail": (
        ((c.BY_CLIENT, HER_MAIL), GIVEN, SHE_STOPPED), (c.BY_THERAPIST, BY_MAIL), ["consent.given"],
    ),
    "a repeat of what she gave is free, whoever sends it": ((GIVEN,), (BY_TEXT, YES), []),
}  # fmt: skip

REFUSES: dict[str, tuple[tuple[Step, ...], Step, type[Refused], str | None]] = {
    "her therapist starts what she stopped": (
        (GIVEN, SHE_STOPPED), (c.BY_THERAPIST, AGAIN), Forbidden, None,
    ),
    "nor does it help to say that it is hers": (
        (GIVEN, SHE_STOPPED), (c.BY_THERAPIST, replace(AGAIN, given_by="client")), Forbidden, None,
    ),
    "nor another number": (
        (GIVEN, SHE_STOPPED, (c.BY_THERAPIST, ANOTHER_NUMBER)), (c.BY_THERAPIST, AGAIN), Forbidden, None,
    ),
    "under the id of a consent that was withdrawn": (
        (GIVEN, SHE_STOPPED), (c.BY_CLIENT, YES), Refused, None,
    ),
    "she says that her therapist gave it": (
        (), (c.BY_CLIENT, replace(YES, given_by="therapist")), Invalid, "#/given_by",
    ),
    "for a contact that was removed": (
        ((c.BY_CLIENT, RemoveContact(channel="sms")),), (c.BY_CLIENT, YES), Refused, "#/contact_id",
    ),
    "for a number that was hers once": (
        ((c.BY_THERAPIST, ANOTHER_NUMBER),), (c.BY_CLIENT, replace(YES, contact_id=c.PHONE_CONTACT)),
        Refused, "#/contact_id",
    ),
    "in other words under the same id": (
        (GIVEN,), (c.BY_THERAPIST, replace(YES, text_version="2")), Refused, "#/text_version",
    ),
    "stopping by e-mail what was given by text": (
        (GIVEN,), (c.BY_CLIENT, replace(STOP, scope="email")), NotThere, None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given", "when", "expected"), MAKES.values(), ids=MAKES)
def test_makes(given: tuple[Step, ...], when: Step, expected: list[str]) -> None:
    assert names(answer(after(*given, given=(*c.BEGUN, (c.CLIENT, c.HER_PHONE))), when)) == expected


@pytest.mark.parametrize(("given", "when", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(given: tuple[Step, ...], when: Step, kind: type[Refused], pointer: str | None) -> None:
    with pytest.raises(Refused) as refused:
        answer(after(*given, given=(*c.BEGUN, (c.CLIENT, c.HER_PHONE))), when)
    assert (type(refused.value), refused.value.pointer) == (kind, pointer)

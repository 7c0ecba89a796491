"""What she agreed to, as Consents: from when to when, in which wording, and who gave and withdrew it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from shared.events import Actor, ConsentWithdrawn
from tests import controls as c
from tests.goals.export.fhir.given import Said, codes, lived, made, of_kind

GIVEN: tuple[Said, ...] = (*c.BEGUN, (c.CLIENT, c.HER_PHONE), (c.CLIENT, c.CONSENTS))
STOPPED = (c.CLIENT, ConsentWithdrawn(consent_id=c.CONSENT, contact_id=c.PHONE_CONTACT, scope="sms"))


def consent(*said: Said, **others: Any) -> dict[str, Any]:
    (one,) = of_kind(made(lived(*said, **others)), "Consent")
    return one


def test_a_consent_in_force_is_active_from_the_moment_it_was_given() -> None:
    one = consent(*GIVEN)
    assert one["status"] == "active"
    assert one["provision"]["period"] == {"start": one["dateTime"]}
    assert codes(one["provision"]["code"][0]) == ["SMSWRIT"]
    assert codes(one["category"][0]) == ["59284-0", "sms"]
    assert one["policyRule"]["text"] == "1"
    assert one["performer"] == [{"reference": f"Patient/{c.CLIENT}"}]


def test_one_that_was_withdrawn_is_inactive_and_says_until_when() -> None:
    one = consent(*GIVEN, STOPPED)
    assert one["status"] == "inactive"
    assert one["provision"]["period"] == {
        "start": "2026-03-02T18:00:00.000000Z",
        "end": "2026-03-02T19:00:00.000000Z",
    }


@pytest.mark.parametrize(("given_by", "kind"), [("client", None), ("therapist", "Practitioner")])
def test_who_gave_it_is_named(given_by: Any, kind: str | None) -> None:
    given = msgspec.structs.replace(c.CONSENTS, given_by=given_by)
    assert consent(*GIVEN[:-1], (c.CLIENT, given))["performer"][0].get("type") == kind


def test_who_withdrew_it_and_by_which_way_is_its_provenance() -> None:
    whole = made(lived(*GIVEN, STOPPED, by=Actor("client", str(c.CLIENT), "sms")))
    gave, withdrew = of_kind(whole, "Provenance")
    assert [one["target"] for one in (gave, withdrew)] == [[{"reference": f"Consent/{c.CONSENT}"}]] * 2
    assert codes(gave["activity"]) == ["CREATE", "consent.given"]
    assert codes(withdrew["activity"]) == ["UPDATE", "consent.withdrawn"]
    assert codes(withdrew["agent"][0]["role"][0]) == ["SMSWRIT", "sms"]
    assert withdrew["agent"][0]["who"] == {"reference": f"Patient/{c.CLIENT}"}


def test_her_number_is_nowhere() -> None:
    assert c.NUMBER not in str(made(lived(*GIVEN, STOPPED)))


def test_one_that_a_machine_brought_was_taken_by_the_clinic() -> None:
    given = msgspec.structs.replace(c.CONSENTS, given_by="therapist")
    whole = made(lived(*GIVEN[:-1], (c.CLIENT, given), by=Actor("system", "elsewhere", "import")))
    assert of_kind(whole, "Consent")[0]["performer"][0]["type"] == "Organization"

"""The whole of a record: what is in a bundle, what is in a part of it, and what it says is missing."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from services.goals.export.fhir.chosen import Chosen
from services.goals.messages.told import Told
from shared.events import Change, ConsentWithdrawn, GoalDrafted, WinRecorded
from tests import controls as c
from tests.goals.export.fhir.given import HOUR, Said, lived, made, of_kind
from tests.goals.export.fhir.test_communications import message
from tests.goals.export.fhir.test_goal import adjusted
from tests.goals.export.fhir.test_observations import rated

OTHER = c.named(500)
STOPPED = (c.CLIENT, ConsentWithdrawn(consent_id=c.CONSENT, contact_id=c.PHONE_CONTACT, scope="sms"))
STORY: tuple[Said, ...] = (
    *c.ACTIVE,
    (c.CLIENT, c.HER_PHONE),
    (c.CLIENT, c.CONSENTS),
    rated(1, 4),
    adjusted(Change("target", 2, 1)),
    rated(2, 6),
    (OTHER, GoalDrafted(statement="To sleep")),
    (c.CLIENT, WinRecorded(win_id=c.named(3), kind="effort", on=c.TODAY, text=c.WIN)),
)
"""An event an hour from 15:00 on: her rating at 21:00, the adjustment at 22:00."""
NOBODY = Told()


def test_a_client_of_whom_nothing_is_known_is_a_patient_by_her_id_alone() -> None:
    whole = made(lived(*c.BEGUN), NOBODY)
    assert [entry["resource"] for entry in whole["entry"]] == [
        {"resourceType": "Patient", "id": str(c.CLIENT)}
    ]
    assert whole["type"] == "collection"


def test_no_name_number_or_address_is_in_it() -> None:
    said = str(made(lived(*STORY), Told((message(1),))))
    assert not any(hers in said for hers in (c.NAME, c.NUMBER, c.ADDRESS))


def test_where_the_messages_are_missing_the_bundle_says_so() -> None:
    (outcome,) = of_kind(made(lived(*STORY), None), "OperationOutcome")
    assert [(issue["severity"], issue["code"]) for issue in outcome["issue"]] == [("warning", "incomplete")]


def test_where_there_were_none_it_says_nothing() -> None:
    assert of_kind(made(lived(*STORY), NOBODY), "OperationOutcome") == []


def test_the_same_record_at_the_same_time_is_the_same_bundle() -> None:
    events = lived(*STORY)
    assert made(events, NOBODY) == made(events, NOBODY)
    assert made(events, NOBODY)["id"] != made(events, NOBODY, now=c.NOW + timedelta(days=1))["id"]


def test_one_goal_alone_has_nothing_of_another_nor_of_hers() -> None:
    whole = made(lived(*STORY), None, chosen=Chosen(goal_id=OTHER))
    kinds = [entry["resource"]["resourceType"] for entry in whole["entry"]]
    assert kinds == ["Patient", "Goal", "Provenance"]
    assert of_kind(whole, "Goal")[0]["id"] == str(OTHER)


def test_from_a_moment_on_is_what_was_learned_since_and_the_goal_as_it_was_then() -> None:
    first = c.NOW + 7 * HOUR
    whole = made(lived(*STORY), Told((message(1), message(500))), chosen=Chosen(first=first))
    names = [goal["meta"]["versionId"] for goal in of_kind(whole, "Goal") if goal["id"] == str(c.GOAL)]
    assert names == ["2", "4", "5"]
    provenances = [one["target"][0]["reference"] for one in of_kind(whole, "Provenance")]
    assert f"Goal/{c.GOAL}/_history/2" not in provenances
    assert {one["issued"] for one in of_kind(whole, "Observation")} == {
        "2026-03-02T23:00:00.000000Z",
        "2026-03-03T01:00:00.000000Z",
    }
    assert [one["id"] for one in of_kind(whole, "Communication")] == [str(c.named(500))]


def test_until_a_moment_is_all_as_it_was_known_then() -> None:
    events = lived(*STORY, STOPPED)
    last = c.NOW + 6 * HOUR
    whole = made(events, NOBODY, chosen=Chosen(last=last), now=c.NOW + timedelta(days=30))
    then = made([event for event in events if event.recorded_at <= last], NOBODY, now=last)
    assert whole["entry"] == then["entry"]
    assert of_kind(whole, "Consent")[0]["status"] == "active"


def test_a_consent_that_had_ended_before_is_left_out() -> None:
    events = lived(*c.BEGUN, (c.CLIENT, c.HER_PHONE), (c.CLIENT, c.CONSENTS), STOPPED)
    assert of_kind(made(events, NOBODY, chosen=Chosen(first=c.NOW + 5 * HOUR)), "Consent") == []
    assert len(of_kind(made(events, NOBODY, chosen=Chosen(first=c.NOW + 4 * HOUR)), "Consent")) == 1


def test_before_she_was_registered_there_is_but_her_id() -> None:
    whole = made(lived(*STORY), NOBODY, chosen=Chosen(last=c.NOW - HOUR))
    assert len(whole["entry"]) == 1


@pytest.mark.parametrize("session", [c.named(9)])
def test_a_rating_whose_earlier_one_is_left_out_does_not_name_it(session: object) -> None:
    said = (rated(1, 4, session_id=session), rated(2, 6, session_id=session))
    whole = made(lived(*c.ACTIVE, *said), NOBODY, chosen=Chosen(first=c.NOW + 5 * HOUR))
    (rating,) = of_kind(whole, "Observation")
    assert len(rating["extension"]) == 1


def test_what_she_set_in_another_zone_is_on_her_day_there() -> None:
    """Registered in New York, and it is the evening before there."""
    late = msgspec.structs.replace(c.SET, start_on=c.TODAY + timedelta(days=1))
    events = lived(*c.BEGUN, (c.GOAL, late))
    before = made(events, NOBODY, now=c.NOW + 13 * HOUR)  # 04:00 UTC of the next day, 23:00 of hers
    after = made(events, NOBODY, now=c.NOW + 14 * HOUR)
    assert [of_kind(one, "Goal")[-1]["lifecycleStatus"] for one in (before, after)] == ["planned", "active"]

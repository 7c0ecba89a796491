"""A goal's versions: one for each adjustment, or whatever made it another; with who, when, why and how."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.events import Actor, Change, GoalClosed, GoalPaused, PracticeLogged, RatingRecorded
from tests import controls as c
from tests.goals.export.fhir.given import HOUR, codes, goals, lived, made, of_kind
from tests.goals.export.fhir.test_goal import adjusted

EASED = adjusted(Change("target", 2, 1), reason="Mornings are rushed")
PRACTISED = (c.GOAL, PracticeLogged(practice_id=c.named(1), on=c.TODAY, quantity=1))
RATED = (c.GOAL, RatingRecorded(rating_id=c.named(2), value=3, rater="client", epoch=1))


def agents(provenance: dict[str, Any]) -> list[tuple[list[str], dict[str, Any]]]:
    return [(codes(agent["type"]), agent["who"]) for agent in provenance["agent"]]


def test_each_adjustment_is_a_version_and_the_earlier_ones_are_kept() -> None:
    versions = goals(*c.ACTIVE, EASED, PRACTISED, adjusted(Change("target", 1, 3), adjustment_id=c.named(7)))
    assert [goal["meta"]["versionId"] for goal in versions] == ["1", "2", "3", "5"]
    targets = [goal["target"][0]["detailRatio"]["numerator"]["value"] for goal in versions[1:]]
    assert targets == [2, 1, 3]
    learned = [goal["meta"]["lastUpdated"] for goal in versions]
    assert learned == sorted(set(learned))


def test_an_adjustment_that_r4_has_no_place_for_is_a_version_too() -> None:
    versions = goals(*c.ACTIVE, adjusted(Change("confidence", 7, 4)))
    assert [goal["meta"]["versionId"] for goal in versions] == ["1", "2", "3"]


def test_what_makes_it_no_other_makes_no_version() -> None:
    assert len(goals(*c.ACTIVE, PRACTISED, RATED)) == 2


def test_all_versions_have_one_address_and_none_is_of_a_version() -> None:
    whole = made(lived(*c.ACTIVE, EASED))
    urls = [one["fullUrl"] for one in whole["entry"] if one["resource"]["resourceType"] == "Goal"]
    assert urls == [f"https://goals.example.org/fhir/Goal/{c.GOAL}"] * 3


def test_an_adjustment_says_who_when_why_and_by_which_way() -> None:
    whole = made(lived(*c.ACTIVE, EASED, by=Actor("client", str(c.CLIENT), "web")))
    told = of_kind(whole, "Provenance")[-1]
    assert told["target"] == [{"reference": f"Goal/{c.GOAL}/_history/3"}]
    assert told["entity"] == [{"role": "revision", "what": {"reference": f"Goal/{c.GOAL}/_history/2"}}]
    assert told["reason"] == [
        {"coding": [{"system": "urn:cairn:reason_code", "code": "too_hard"}], "text": "Mornings are rushed"}
    ]
    assert codes(told["activity"]) == ["UPDATE", "goal.adjusted", "eased"]
    her = {"reference": f"Patient/{c.CLIENT}"}
    assert agents(told) == [(["author"], her), (["verifier"], her)]
    assert codes(told["agent"][0]["role"][0]) == ["ONLINEWRIT", "web"]
    assert told["recorded"] == "2026-03-02T19:00:00.000000Z"
    assert told["occurredDateTime"] == "2026-03-02T19:00:00.000000Z"


def test_an_adjustment_of_the_therapists_that_both_agreed_to_names_both() -> None:
    told = of_kind(made(lived(*c.ACTIVE, EASED)), "Provenance")[-1]
    therapist = {
        "type": "Practitioner",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{c.THERAPIST}"},
    }
    her = {"reference": f"Patient/{c.CLIENT}"}
    assert agents(told) == [(["author"], therapist), (["verifier"], her), (["verifier"], therapist)]


def test_one_that_took_effect_on_another_day_occurred_then() -> None:
    early = adjusted(Change("target", 2, 1), effective_on=c.TODAY - timedelta(days=1))
    told = of_kind(made(lived(*c.ACTIVE, early)), "Provenance")[-1]
    assert told["occurredDateTime"] == "2026-03-01"


@pytest.mark.parametrize(
    ("actor", "way", "who"),
    [
        (Actor("client", str(c.CLIENT), "sms"), ["SMSWRIT", "sms"], "Patient"),
        (Actor("system", "erasure", "api"), ["ELECTRONIC", "api"], "Device"),
        (Actor("operator", "operations", "import"), ["import"], "Practitioner"),
    ],
)
def test_whoever_it_was_and_by_whichever_way(actor: Actor, way: list[str], who: str) -> None:
    told = of_kind(made(lived(*c.ACTIVE, EASED, by=actor)), "Provenance")[-1]["agent"][0]
    assert codes(told["role"][0]) == way
    assert who in (told["who"].get("type"), told["who"].get("reference", "").partition("/")[0])


def test_every_version_that_somebody_made_has_its_provenance() -> None:
    rest = (c.GOAL, GoalPaused(pause_id=c.named(6), until=c.TODAY))
    end = (c.GOAL, GoalClosed(closure_id=c.named(3), agreed="client", outcome="let_go", learned="Evenings"))
    events = lived(*c.ACTIVE, EASED, rest, end)
    whole = made(events, now=c.NOW + timedelta(days=2))
    names = [goal["meta"]["versionId"] for goal in of_kind(whole, "Goal")]
    targets = [one["target"][0]["reference"] for one in of_kind(whole, "Provenance")]
    assert targets == [f"Goal/{c.GOAL}/_history/{name}" for name in names]
    assert [codes(one["activity"])[0] for one in of_kind(whole, "Provenance")] == ["CREATE", *["UPDATE"] * 4]


def test_a_version_that_a_day_made_has_nobody_behind_it() -> None:
    rest = (c.GOAL, GoalPaused(pause_id=c.named(6), until=c.TODAY))
    whole = made(lived(*c.ACTIVE, rest), now=c.NOW + timedelta(days=2))
    assert len(of_kind(whole, "Goal")) == 4
    assert len(of_kind(whole, "Provenance")) == 3


def test_a_version_is_as_it_was_known_then() -> None:
    events = lived(*c.ACTIVE, EASED)
    assert goals(*c.ACTIVE) == of_kind(made(events, now=events[-1].recorded_at + HOUR), "Goal")[:-1]

"""What is not as R4 asks is named, and what the library and the schema let pass is named by us alone."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import msgspec
import pytest

from services.goals.export.fhir.bundle import bundle
from services.goals.export.fhir.checks.run import OF_ALL, OF_ANY, OF_EACH, Unsound, must_be_sound
from services.goals.export.fhir.written import written
from services.goals.messages.told import Told
from tests import controls as c
from tests.goals.export.fhir.given import BASE, lived
from tests.goals.export.fhir.judges import Resource, by_library, by_schema
from tests.goals.export.fhir.test_bundle import STOPPED, STORY
from tests.goals.export.fhir.test_communications import message

WHOLE = bundle(lived(*STORY, STOPPED), Told((message(1),)), base=BASE, now=c.NOW.replace(year=2027))
Break = Callable[[Resource], Any]
SEEN_BY = {"library": by_library, "schema": by_schema}


def first(whole: Resource, kind: str) -> Resource:
    """The last resource of a kind: of her goal's versions the one with a target."""
    found = [one["resource"] for one in whole["entry"] if one["resource"]["resourceType"] == kind]
    return next((one for one in found if "target" in one or "entity" in one), found[0])


def goal(**parts: Any) -> Break:
    return lambda whole: first(whole, "Goal").update(parts)


def achieved(lifecycle: str, code: str | None) -> Break:
    def change(whole: Resource) -> None:
        one = first(whole, "Goal")
        one["lifecycleStatus"] = lifecycle
        one.pop("achievementStatus", None)
        if code:
            system = "http://terminology.hl7.org/CodeSystem/goal-achievement"
            one["achievementStatus"] = {"coding": [{"system": system, "code": code}]}

    return change


BREAKS: dict[str, tuple[Break, str, set[str]]] = {
    "a life cycle that R4 has not": (
        goal(lifecycleStatus="ongoing"),
        "lifecycle_is_one_of_r4",
        {"schema"},
    ),
    "no life cycle at all": (
        lambda whole: first(whole, "Goal").pop("lifecycleStatus"),
        "lifecycle_is_one_of_r4",
        {"library"},
    ),
    "how far, without what": (
        lambda whole: first(whole, "Goal")["target"][0].pop("measure"),
        "a_detail_has_its_measure",
        set(),
    ),
    "let go, and achieved": (achieved("cancelled", "achieved"), "achievement_fits_the_lifecycle", set()),
    "completed, and improving": (achieved("completed", "improving"), "achievement_fits_the_lifecycle", set()),
    "completed, and nothing said": (achieved("completed", None), "achievement_fits_the_lifecycle", set()),
    "active, and achieved": (achieved("active", "achieved"), "achievement_fits_the_lifecycle", set()),
    "proposed, and under way": (achieved("proposed", "in-progress"), "achievement_fits_the_lifecycle", set()),
    "a status that R4 has not": (
        lambda whole: first(whole, "Communication").update(status="sent"),
        "status_is_one_of_r4",
        set(),
    ),
    "a value, and why there is none": (
        lambda whole: first(whole, "Observation").update(dataAbsentReason={"text": "masked"}),
        "no_value_beside_why_there_is_none",
        set(),
    ),
    "a component that says it again": (
        lambda whole: first(whole, "Observation").update(
            component=[{"code": first(whole, "Observation")["code"], "valueInteger": 1}]
        ),
        "no_component_says_the_value_again",
        set(),
    ),
    "a consent to no rule": (
        lambda whole: first(whole, "Consent").pop("policyRule"),
        "a_consent_names_its_rule",
        set(),
    ),
    "a consent of nobody": (
        lambda whole: first(whole, "Consent").pop("patient"),
        "a_consent_names_its_patient",
        set(),
    ),
    "a version that revises itself": (
        lambda whole: first(whole, "Provenance").update(
            entity=[{"role": "revision", "what": first(whole, "Provenance")["target"][0]}]
        ),
        "nothing_revises_itself",
        set(),
    ),
    "an empty list": (goal(note=[]), "nothing_is_empty", set()),
    "an empty object": (goal(priority={}), "nothing_is_empty", set()),
    "white space alone": (goal(statusReason=" "), "words_are_text", set()),
    "a control character": (goal(statusReason="a\x07b"), "words_are_text", set()),
    "a day that is in no calendar": (goal(startDate="2026-02-30"), "times_are_times", {"library"}),
    "an instant without its zone": (
        lambda whole: first(whole, "Provenance").update(recorded="2026-03-02T15:00:00"),
        "times_are_times",
        {"library", "schema"},
    ),
    "a period that ends before it begins": (
        lambda whole: first(whole, "Consent")["provision"]["period"].update(end="2026-01-01T00:00:00Z"),
        "periods_begin_before_they_end",
        set(),
    ),
    "two of the same address and version": (
        lambda whole: whole["entry"].append(deepcopy(whole["entry"][1])),
        "told_apart",
        set(),
    ),
    "the address of one version": (
        lambda whole: whole["entry"][1].update(fullUrl=f"{whole['entry'][1]['fullUrl']}/_history/1"),
        "of_no_version",
        set(),
    ),
    "the address of another": (
        lambda whole: whole["entry"][1].update(fullUrl=whole["entry"][0]["fullUrl"]),
        "of_their_own",
        set(),
    ),
    "somebody who is not there": (
        lambda whole: first(whole, "Observation").update(subject={"reference": f"Patient/{c.GOAL}"}),
        "all_there",
        set(),
    ),
    "a version that is not there": (
        lambda whole: first(whole, "Provenance").update(target=[{"reference": f"Goal/{c.GOAL}/_history/99"}]),
        "all_there",
        set(),
    ),
    "versions in no order": (
        lambda whole: whole["entry"].insert(1, whole["entry"].pop(3)),
        "in_order",
        set(),
    ),
}


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_what_is_not_as_r4_asks_is_named_and_never_written(broken: tuple[Break, str, set[str]]) -> None:
    change, check, seen_by = broken
    whole = deepcopy(WHOLE)
    change(whole)
    with pytest.raises(Unsound) as unsound:
        written(whole)
    assert check in {one.check for one in unsound.value.broken}
    raw = msgspec.json.encode(whole)
    assert {who for who, judge in SEEN_BY.items() if judge("Bundle", raw)} == seen_by


def test_each_check_has_something_that_breaks_it() -> None:
    checks = {
        check.__name__ for check in (*OF_ANY, *OF_ALL, *(one for each in OF_EACH.values() for one in each))
    }
    assert checks == {check for _, check, _ in BREAKS.values()}


def test_what_is_sound_passes() -> None:
    must_be_sound(WHOLE)


def test_what_is_said_of_a_broken_bundle_are_names_and_ids_alone() -> None:
    whole = deepcopy(WHOLE)
    first(whole, "Goal").update(lifecycleStatus="of her own words", statusReason="\x07 secret")
    with pytest.raises(Unsound) as unsound:
        must_be_sound(whole)
    assert {one.resource for one in unsound.value.broken} == {f"Goal/{c.GOAL}"}
    assert str(unsound.value) == "lifecycle_is_one_of_r4, words_are_text"

"""What was noticed, as Observations: 0 is a rating, a void is an error that stays, a later one replaces."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from services.goals.export.fhir.bundle import bundle
from services.goals.export.fhir.references import PERTAINS_TO_GOAL, REPLACES
from services.goals.export.fhir.written import written
from shared.events import (
    Actor,
    Change,
    GoalReviewed,
    PracticeLogged,
    PracticeVoided,
    RatingRecorded,
    RatingVoided,
    WinRecorded,
    WinVoided,
    fact_id,
)
from tests import controls as c
from tests.goals.export.fhir.given import BASE, Said, codes, lived, made, observed
from tests.goals.export.fhir.test_goal import adjusted
from tests.goals.rules.given import measured

HER = {"reference": f"Patient/{c.CLIENT}"}
SESSION = c.named(77)


def rated(number: int, value: int, **others: Any) -> Said:
    rating = RatingRecorded(rating_id=c.named(number), value=value, rater="client", epoch=1)
    named = fact_id(c.GOAL, "rating", c.named(number))
    return (c.GOAL, msgspec.structs.replace(rating, **others), named)


def extension(one: dict[str, Any], url: str) -> str | None:
    return next((e["valueReference"]["reference"] for e in one.get("extension", ()) if e["url"] == url), None)


def test_a_rating_of_0_is_a_rating() -> None:
    (rating,) = observed(made(lived(*c.ACTIVE, rated(1, 0))), "rating")
    assert rating["valueInteger"] == 0
    assert rating["status"] == "final"
    assert codes(rating["category"][0]) == ["survey"]


def test_a_rating_says_whose_it_is_when_and_in_which_epoch() -> None:
    whole = made(lived(*c.ACTIVE, rated(1, 4, epoch=2), rated(2, 5, rater="therapist")))
    hers, theirs = observed(whole, "rating")
    assert hers["performer"] == [HER]
    assert theirs["performer"][0]["type"] == "Practitioner"
    assert [part["valueInteger"] for part in hers["component"]] == [2]
    assert hers["effectiveDateTime"] == hers["issued"] == "2026-03-02T19:00:00.000000Z"


def test_a_rating_names_the_version_of_the_goal_that_it_was_given_for() -> None:
    events = lived(*c.ACTIVE, rated(1, 4), adjusted(Change("target", 2, 1)), rated(2, 4, epoch=1))
    first, second = observed(made(events), "rating")
    assert extension(first, PERTAINS_TO_GOAL) == f"Goal/{c.GOAL}/_history/2"
    assert extension(second, PERTAINS_TO_GOAL) == f"Goal/{c.GOAL}/_history/5"


def test_a_later_rating_of_the_session_takes_the_place_of_the_earlier_and_both_stay() -> None:
    said = (rated(1, 4, session_id=SESSION), rated(2, 6, session_id=SESSION), rated(3, 1))
    first, second, third = observed(made(lived(*c.ACTIVE, *said)), "rating")
    assert extension(second, REPLACES) == f"Observation/{first['id']}"
    assert extension(first, REPLACES) is extension(third, REPLACES) is None
    assert first["encounter"]["identifier"]["value"] == SESSION.urn


@pytest.mark.parametrize("other", [{"rater": "therapist"}, {"epoch": 2}, {"session_id": c.named(78)}])
def test_one_of_another_rater_epoch_or_session_takes_no_place(other: dict[str, Any]) -> None:
    others = {"session_id": SESSION} | other
    whole = made(lived(*c.ACTIVE, rated(1, 4, session_id=SESSION), rated(2, 6, **others)))
    assert extension(observed(whole, "rating")[1], REPLACES) is None


def test_where_the_later_one_is_voided_the_earlier_holds_again() -> None:
    void = (c.GOAL, RatingVoided(rating_id=c.named(2)))
    said = (rated(1, 4, session_id=SESSION), rated(2, 6, session_id=SESSION), void)
    first, second = observed(made(lived(*c.ACTIVE, *said)), "rating")
    assert (first["status"], second["status"]) == ("final", "entered-in-error")
    assert extension(second, REPLACES) is None


VOIDED: dict[str, tuple[Said, Said]] = {
    "practice": (
        (
            c.GOAL,
            PracticeLogged(practice_id=c.named(1), on=c.TODAY, quantity=1),
            fact_id(c.GOAL, "practice", c.named(1)),
        ),
        (c.GOAL, PracticeVoided(practice_id=c.named(1), on=c.TODAY, quantity=1, epoch=1)),
    ),
    "rating": (rated(1, 4), (c.GOAL, RatingVoided(rating_id=c.named(1)))),
    "win": (
        (
            c.CLIENT,
            WinRecorded(win_id=c.named(1), kind="effort", on=c.TODAY),
            fact_id(c.CLIENT, "win", c.named(1)),
        ),
        (c.CLIENT, WinVoided(win_id=c.named(1))),
    ),
}


@pytest.mark.parametrize("what", VOIDED)
def test_what_was_voided_stays_as_an_error(what: str) -> None:
    fact, void = VOIDED[what]
    (stays,) = observed(made(lived(*c.ACTIVE, fact)), what)
    (error,) = observed(made(lived(*c.ACTIVE, fact, void)), what)
    assert (stays["status"], error["status"]) == ("final", "entered-in-error")


def test_a_practice_is_on_her_own_day_in_the_unit_of_the_goal() -> None:
    day = c.TODAY - timedelta(days=2)
    said = PracticeLogged(practice_id=c.named(1), on=day, quantity=Decimal("2.50"), note="On the bus")
    (practice,) = observed(made(lived(*c.ACTIVE, (c.GOAL, said), by=c.BY_CLIENT)), "practice")
    assert practice["effectiveDateTime"] == "2026-02-28"
    assert practice["valueQuantity"] == {"value": 2.5, "unit": "exercise"}
    assert practice["note"] == [{"text": "On the bus"}]
    assert practice["performer"] == [HER]


def test_a_decimal_keeps_its_digits_and_is_a_number() -> None:
    said = (c.GOAL, PracticeLogged(practice_id=c.named(1), on=c.TODAY, quantity=Decimal("2.50")))
    events = lived(*c.ACTIVE, said)
    assert b'"value":2.50,' in written(bundle(events, None, base=BASE, now=c.NOW))


def test_a_win_needs_no_goal() -> None:
    win = WinRecorded(win_id=c.named(1), kind="boundary_held", on=c.TODAY, text=c.WIN)
    (one,) = observed(made(lived(*c.BEGUN, (c.CLIENT, win))), "win")
    assert codes(one["valueCodeableConcept"]) == ["boundary_held"]
    assert one["note"] == [{"text": c.WIN}]
    assert "extension" not in one


def test_a_review_says_what_came_of_it_and_of_which_day_it_was() -> None:
    review = GoalReviewed(review_id=c.named(1), review_on=date(2026, 3, 17), outcome="keep", note="As it is")
    (one,) = observed(made(lived(*c.ACTIVE, (c.GOAL, review))), "review")
    assert codes(one["valueCodeableConcept"]) == ["keep"]
    assert [part["valueDateTime"] for part in one["component"]] == ["2026-03-17"]


def test_where_a_goal_began_and_how_confident_she_was() -> None:
    whole = made(lived(*measured(kind="rating", unit="calm", baseline=0, target=7)))
    (baseline,), (confidence,) = observed(whole, "baseline"), observed(whole, "confidence")
    assert baseline["valueInteger"] == 0
    assert confidence["valueInteger"] == 7
    assert baseline["id"] != confidence["id"]


def test_a_goal_without_a_baseline_has_none() -> None:
    assert observed(made(lived(*c.ACTIVE)), "baseline") == []


def test_a_correction_makes_errors_of_what_was_said_before_and_an_adjustment_does_not() -> None:
    eased = adjusted(Change("confidence", 7, 4), adjustment_id=c.named(1))
    right = adjusted(Change("confidence", 4, 6), adjustment_id=c.named(2), kind="corrected")
    later = adjusted(Change("confidence", 6, 8), adjustment_id=c.named(3))
    seen = observed(made(lived(*c.ACTIVE, eased, right, later)), "confidence")
    assert [(one["valueInteger"], one["status"]) for one in seen] == [
        (7, "entered-in-error"),
        (4, "entered-in-error"),
        (6, "corrected"),
        (8, "final"),
    ]


def test_one_id_for_a_practice_and_a_rating_is_two_observations() -> None:
    same = c.named(1)
    practice = (
        c.GOAL,
        PracticeLogged(practice_id=same, on=c.TODAY, quantity=1),
        fact_id(c.GOAL, "practice", same),
    )
    whole = made(lived(*c.ACTIVE, practice, rated(1, 3), by=Actor("client", str(c.CLIENT), "sms")))
    assert observed(whole, "practice")[0]["id"] != observed(whole, "rating")[0]["id"]


def test_what_was_noticed_before_a_goal_began_by_itself_is_of_the_version_before() -> None:
    later = msgspec.structs.replace(c.SET, start_on=c.TODAY + timedelta(days=3))
    whole = made(lived(*c.BEGUN, (c.GOAL, c.DRAFTED), (c.GOAL, later)), now=c.NOW + timedelta(days=9))
    (confidence,) = observed(whole, "confidence")
    assert extension(confidence, PERTAINS_TO_GOAL) == f"Goal/{c.GOAL}/_history/2"


def test_a_machine_observes_nothing() -> None:
    practice = (c.GOAL, PracticeLogged(practice_id=c.named(1), on=c.TODAY, quantity=1))
    whole = made(lived(*c.ACTIVE, practice, by=Actor("system", "elsewhere", "import")))
    assert "performer" not in observed(whole, "practice")[0]

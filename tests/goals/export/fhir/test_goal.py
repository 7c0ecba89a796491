"""A goal as a Goal: every field that can be adjusted shows; what is not there is left out, or said to be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from services.goals.rules.goal import ADJUSTABLE
from shared.events import Change, ClientErased, GoalAdjusted, GoalDrafted, GoalPrioritised, GoalSet, Measure
from tests import controls as c
from tests.goals.export.fhir.given import Said, codes, goals, lived, made, observed, of_kind
from tests.goals.rules.given import measured

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
ADJUSTED: dict[str, tuple[Any, Any]] = {
    "specific": (c.SET.specific, "Three slow breaths"),
    "measure": (
        {"kind": "per_period", "unit": "exercise", "period": "day"},
        {"kind": "count", "unit": "walk"},
    ),
    "baseline": (None, 1),
    "target": (2, 1),
    "confidence": (7, 4),
    "relevance": (c.SET.relevance, "To sleep"),
    "start_on": ("2026-03-02", "2026-03-01"),
    "end_on": ("2026-04-02", "2026-04-20"),
    "review_on": (["2026-03-17", "2026-04-02"], ["2026-03-20"]),
    "cadence": (None, {"days": ["mon", "wed"], "times": ["08:00", "20:00", "07:30"]}),
    "if_then": (None, "If I wake up, then I breathe"),
}


def adjusted(*changes: Change, **others: Any) -> Said:
    event = GoalAdjusted(
        adjustment_id=c.named(2),
        kind="eased",
        changes=changes,
        reason_code="too_hard",
        effective_on=c.TODAY,
        epoch=1,
        agreed="together",
    )
    return (c.GOAL, msgspec.structs.replace(event, **others))


def note(goal: dict[str, Any], name: str) -> str | None:
    return next((one["text"] for one in goal.get("note", ()) if one["id"] == name), None)


def test_each_field_that_can_be_adjusted_has_a_row() -> None:
    assert set(ADJUSTED) == set(ADJUSTABLE)


@pytest.mark.parametrize("field", ADJUSTED)
def test_an_adjustment_of_any_field_shows(field: str) -> None:
    before, after = ADJUSTED[field]
    whole = made(lived(*c.ACTIVE, adjusted(Change(field, before, after))))
    *_, was, now = of_kind(whole, "Goal")
    if field in ("baseline", "confidence"):
        seen = observed(whole, field)[-1]
        assert after in (
            seen.get("valueInteger"),
            seen.get("valueRatio", {}).get("numerator", {}).get("value"),
        )
    else:
        assert {name for name in now if now[name] != was.get(name)} - {"meta"}


def test_what_a_goal_says_has_its_place() -> None:
    goal = goals(*c.ACTIVE, adjusted(Change("cadence", None, ADJUSTED["cadence"][1])))[-1]
    assert goal["description"] == {"text": c.SET.specific}
    assert goal["subject"] == {"reference": f"Patient/{c.CLIENT}"}
    assert [codes(one) for one in goal["category"]] == [["coping"]]
    assert (goal["startDate"], goal["target"][0]["dueDate"]) == ("2026-03-02", "2026-04-02")
    assert note(goal, "statement") == c.STATEMENT
    assert goal["note"][0]["authorReference"] == {"reference": f"Patient/{c.CLIENT}"}
    assert note(goal, "relevance") == c.SET.relevance
    assert note(goal, "cadence") == (
        "FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=8,20;BYMINUTE=0\nFREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=7;BYMINUTE=30"
    )


def test_a_draft_is_described_by_her_own_words_and_has_no_target() -> None:
    draft = goals(*c.BEGUN, (c.GOAL, c.DRAFTED))[0]
    assert draft["description"] == {"text": c.STATEMENT}
    assert "target" not in draft


def test_focus_is_its_priority() -> None:
    change = GoalPrioritised(change_id=c.named(1), from_=False, to=True)
    before, after = goals(*c.ACTIVE, (c.GOAL, change))[-2:]
    assert "priority" not in before
    assert codes(after["priority"]) == ["high-priority"]


MEASURES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a count": (
        {"kind": "count", "unit": "walk", "target": 12},
        {"detailQuantity": {"value": 12, "unit": "walk"}},
    ),
    "a part of one": (
        {"kind": "duration", "unit": "hour", "target": Decimal("2.50")},
        {"detailQuantity": {"value": 2.5, "unit": "hour"}},
    ),
    "so many a week": (
        {"kind": "per_period", "unit": "walk", "period": "week", "target": 3},
        {
            "detailRatio": {
                "numerator": {"value": 3, "unit": "walk"},
                "denominator": {
                    "value": 1,
                    "unit": "week",
                    "system": "http://unitsofmeasure.org",
                    "code": "wk",
                },
            }
        },
    ),
    "a rating": ({"kind": "rating", "unit": "calm", "target": 7}, {"detailInteger": 7}),
    "a rating of 0": ({"kind": "rating", "unit": "tension", "target": 0}, {"detailInteger": 0}),
    "a rating between two": (
        {"kind": "rating", "unit": "calm", "target": Decimal("6.5")},
        {"detailQuantity": {"value": 6.5, "unit": "calm"}},
    ),
    "yes": ({"kind": "yes_no", "unit": "told my sister", "target": 1}, {"detailBoolean": True}),
}


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_a_target_says_how_far_and_of_what(measure: tuple[dict[str, Any], dict[str, Any]]) -> None:
    given, detail = measure
    target = goals(*measured(**dict(given)))[-1]["target"][0]
    assert {name: part for name, part in target.items() if name.startswith("detail")} == detail
    assert target["measure"]["text"] == given["unit"]
    assert codes(target["measure"]) == [given["kind"]]


def test_words_that_were_never_said_are_unknown() -> None:
    goal = goals(*c.BEGUN, (c.GOAL, GoalDrafted()))[0]
    assert goal["description"] == {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}


def test_words_that_were_erased_are_masked() -> None:
    blank = msgspec.structs.replace(c.SET, specific=None, relevance=None)
    erased = (c.CLIENT, ClientErased(erasure_id=c.named(9)))
    goal = goals(*c.BEGUN, (c.GOAL, GoalDrafted()), (c.GOAL, blank), erased)[-1]
    assert goal["description"] == {"extension": [{"url": ABSENT, "valueCode": "masked"}]}
    assert "category" not in goal
    assert [one["id"] for one in goal["note"]] == ["review_on"]


def test_an_adjustment_that_was_erased_is_a_version_all_the_same() -> None:
    blank = msgspec.structs.replace(c.SET, specific=None, relevance=None)
    gone = adjusted(Change("specific"))
    erased = (c.CLIENT, ClientErased(erasure_id=c.named(9)))
    versions = goals(*c.BEGUN, (c.GOAL, GoalDrafted()), (c.GOAL, blank), gone, erased)
    assert [goal["meta"]["versionId"] for goal in versions] == ["1", "2", "3"]


SIGNS = {
    "white space that R4 does not know": ("a\u00a0b\u2028c\u3000d", "a b c d"),
    "control characters": ("a\x00\x07b\x1bc\x1fd", "abc d"),
    "a mark of byte order": ("\ufeffmine", "mine"),
    "lines and tabs stay": ("one\n\ttwo\r\n", "one\n\ttwo\r\n"),
    "signs of all kinds stay": ("¡Sí! 呼吸 🌬️ e\u0301", "¡Sí! 呼吸 🌬️ e\u0301"),
}


@pytest.mark.parametrize("signs", SIGNS.values(), ids=SIGNS)
def test_words_are_text_as_r4_takes_it(signs: tuple[str, str]) -> None:
    said, kept = signs
    assert goals(*c.BEGUN, (c.GOAL, GoalDrafted(statement=said)))[0]["description"] == {"text": kept}


def test_words_of_white_space_alone_are_none() -> None:
    goal = goals(*c.BEGUN, (c.GOAL, GoalDrafted(statement=" \u00a0\t")))[0]
    assert "extension" in goal["description"]
    assert "note" not in goal


def test_whose_goal_it_is() -> None:
    theirs = msgspec.structs.replace(c.SET, agreed="therapist")
    assert goals(*c.ACTIVE)[-1]["expressedBy"] == {"reference": f"Patient/{c.CLIENT}"}
    assert "expressedBy" not in goals(*c.BEGUN, (c.GOAL, theirs))[-1]


def test_a_goal_is_set_without_a_draft() -> None:
    only = GoalSet(
        measure=Measure("count", "walk"),
        baseline=None,
        target=1,
        confidence=5,
        start_on=c.TODAY,
        end_on=date(2026, 3, 9),
        review_on=(),
        agreed="client",
        specific="One walk",
    )
    (goal,) = goals(*c.BEGUN, (c.GOAL, only))
    assert "note" not in goal

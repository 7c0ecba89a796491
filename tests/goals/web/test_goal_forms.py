"""Setting and adjusting a goal by its forms: help as it is typed, nothing lost, nothing overwritten."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from tests.controls import CLIENT, GOAL, STATEMENT
from tests.goals.api.callers import A_GOAL, EASED, Knock, named, today
from tests.goals.web.visitors import Visitor

HER_PAGE = f"/clients/{CLIENT}"
NEW = named("new goal")
FORM = f"{HER_PAGE}/goals/{NEW}"
ADJUST = f"/goals/{GOAL}/adjust"
SET: dict[str, Any] = {
    "act": "set",
    "theme": "boundaries",
    "statement": "I can't say no",
    "specific": "Say no once a week",
    "measure": "per_period",
    "unit": "time",
    "period": "week",
    "target": "1",
    "confidence": "6",
    "relevance": "To have evenings of my own",
    "start_on": str(today()),
    "end_on": str(today().replace(year=today().year + 1)),
    "days": ["fri"],
    "times": ["09:00", ""],
    "if_then": "If I forget, then I say it the next day",
    "agreed": "together",
}
_FIELD = re.compile(r'<(?:input|textarea|select)[^>]* name="(\w+)"[^>]*>')


def as_loaded(page: str) -> dict[str, Any]:
    """The fields of an adjusting form as a browser would send them."""
    form = page[page.index('name="version"') - 200 :]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"[^>]*>', form):
        found.setdefault(name, []).append(value)
    for tick in re.findall(r'<input[^>]*type="(?:radio|checkbox)"[^>]*>', form):
        name, value = re.search(r'name="(\w+)" value="(\w+)"', tick).groups()  # type: ignore[union-attr]
        if "checked" not in tick:
            found[name].remove(value)
    for name, words in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)</textarea>', form):
        found[name] = [words]
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = [chosen[1] if chosen else re.search(r'value="([^"]*)"', options)[1]]  # type: ignore[index]
    return {name: values if len(values) > 1 else values[0] for name, values in found.items() if values}


def goal(knock: Knock, name: object = GOAL) -> Any:
    """A goal as the operations answer it."""
    return knock("therapist", "GET", f"/v1/goals/{name}").json


def test_a_draft_becomes_a_goal_that_is_set(ana: Visitor, knock: Knock) -> None:
    ana.get(f"{HER_PAGE}/goals/new")
    assert ana.send(FORM, act="draft", statement="I can't say no").status_code == 303
    assert "I can&#39;t say no</textarea>" in ana.get(f"/goals/{NEW}/set").text
    assert ana.send(FORM, **SET).status_code == 303
    made = goal(knock, NEW)
    assert (made["status"], made["specific"], made["target"]) == ("active", "Say no once a week", 1)
    assert made["measure"] == {"kind": "per_period", "unit": "time", "period": "week"}
    assert made["cadence"] == {"days": ["fri"], "times": ["09:00"]}
    assert made["first_words"] == "I can't say no"


def test_a_reminder_is_planned_with_it_where_one_is_asked_for(ana: Visitor, knock: Knock) -> None:
    ana.get(f"{HER_PAGE}/goals/new")
    assert ana.send(FORM, **SET, remind="sms").status_code == 303
    reminders = knock("therapist", "GET", f"/v1/clients/{CLIENT}").json["reminders"]
    assert [(one["goal_id"], one["cadence"]["times"]) for one in reminders] == [(str(NEW), ["09:00"])]


def test_what_is_wrong_is_said_by_its_field_and_all_that_was_typed_stands(ana: Visitor, knock: Knock) -> None:
    ana.get(f"{HER_PAGE}/goals/new")
    answer = ana.send(FORM, **(SET | {"target": "many", "end_on": "", "times": ["25:00"]}))
    assert answer.status_code == 422
    for words in ("Say no once a week", "To have evenings of my own", 'value="many"', "If I forget"):
        assert words in answer.text
    for wrong in ('id="target-wrong"', 'id="end_on-wrong"', 'id="cadence-wrong"'):
        assert wrong in answer.text, wrong
    assert knock("therapist", "GET", f"/v1/goals/{NEW}").status_code == 404


def test_what_is_open_is_asked_with_and_without_scripts(ana: Visitor) -> None:
    ana.get(f"{HER_PAGE}/goals/new")
    page = ana.send(FORM, act="ask", statement=STATEMENT).text
    assert page.count("This is there.") >= 4
    answer = ana.send("/smart", statement=STATEMENT, target="many", measure="rating").get_json()
    assert [one["letter"] for one in answer["letters"] if one["met"]] == ["S", "M", "R", "T"]
    less = ana.send("/smart", statement="I want to feel less anxious").get_json()
    assert [one["letter"] for one in less["letters"] if one["advice"]] == ["S", "M", "T"]


def test_nothing_that_was_asked_about_is_kept(ana: Visitor, knock: Knock) -> None:
    ana.get(f"{HER_PAGE}/goals/new")
    ana.send(FORM, act="ask", **{name: value for name, value in SET.items() if name != "act"})
    assert knock("therapist", "GET", f"/v1/goals/{NEW}").status_code == 404


def test_a_goal_is_adjusted_for_a_reason_and_by_way_of_the_web(ana: Visitor, knock: Knock) -> None:
    fields = as_loaded(ana.get(ADJUST).text)
    fields |= {"target": "1", "kind": "eased", "reason_code": "too_hard", "reason": "Mornings are rushed"}
    answer = ana.send(ADJUST, **fields)
    assert answer.status_code == 303, answer.text
    assert goal(knock)["target"] == 1
    last = knock("therapist", "GET", f"{A_GOAL}/history").json["items"][-1]
    assert (last["via"], last["reason"]) == ("web", "Mornings are rushed")
    assert [change["field"] for change in last["changes"]] == ["target"]


@pytest.mark.parametrize("left", ["reason", "reason_code", "kind"])
def test_without_a_reason_nothing_is_adjusted_and_nothing_is_lost(
    ana: Visitor, knock: Knock, left: str
) -> None:
    fields = as_loaded(ana.get(ADJUST).text)
    fields |= {"target": "1", "kind": "eased", "reason_code": "too_hard", "reason": "Mornings are rushed"}
    answer = ana.send(ADJUST, **(fields | {left: ""}))
    assert answer.status_code == 422
    assert f'id="{left}-wrong"' in answer.text
    assert 'name="target" type="text" value="1"' in answer.text
    assert goal(knock)["target"] == 2


def test_a_stale_form_says_what_changed_meanwhile_and_loses_nothing(ana: Visitor, knock: Knock) -> None:
    fields = as_loaded(ana.get(ADJUST).text)
    etag = knock("therapist", "GET", A_GOAL).headers["ETag"]
    knock("therapist", "PUT", f"{A_GOAL}/adjustments/{named('hers')}", EASED, If_Match=etag)
    fields |= {
        "relevance": "To be calm at work",
        "kind": "reworded",
        "reason_code": "wording",
        "reason": "Hers",
    }
    answer = ana.send(ADJUST, **fields)
    assert answer.status_code == 412
    assert "Mornings are rushed" in answer.text
    assert "Ana Ruiz" in answer.text
    assert "To be calm at work</textarea>" in answer.text
    assert goal(knock)["relevance"] != "To be calm at work"
    again = as_loaded(answer.text)
    assert again["target"] == "1"
    assert ana.send(ADJUST, **again).status_code == 303
    assert (goal(knock)["relevance"], goal(knock)["target"]) == ("To be calm at work", 1)


def test_what_both_have_changed_is_named(ana: Visitor, knock: Knock) -> None:
    fields = as_loaded(ana.get(ADJUST).text)
    etag = knock("therapist", "GET", A_GOAL).headers["ETag"]
    knock("therapist", "PUT", f"{A_GOAL}/adjustments/{named('hers')}", EASED, If_Match=etag)
    fields |= {"target": "3", "kind": "stretched", "reason_code": "too_easy", "reason": "She wants more"}
    page = ana.send(ADJUST, **fields).text
    assert "You both changed: How much" in page
    assert as_loaded(page)["target"] == "3"


def test_a_goal_is_rated_practised_reviewed_rested_and_ended(ana: Visitor, knock: Knock) -> None:
    page = ana.get(f"/goals/{GOAL}/notes")
    assert page.status_code == 200
    place = f"/goals/{GOAL}/notes"
    review_on = goal(knock)["review_on"][0]
    for act, fields in (
        ("rating", {"value": "0", "rater": "client"}),
        ("practice", {"quantity": "2,5", "on": str(today()), "note": "On the bus"}),
        ("review", {"review_on": review_on, "outcome": "keep"}),
        ("focus", {"to": "no"}),
        ("pause", {"until": ""}),
    ):
        assert ana.send(f"{place}/{act}", id=str(named(act)), **fields).status_code == 303, act
    state = goal(knock)
    assert (state["ratings"][0]["value"], state["quantity"], state["focus"]) == (0, "2.5", False)
    assert state["status"] == "paused"
    ana.send(f"{place}/resume", id=str(named("pause")))
    ana.send(
        f"{place}/close", id=str(named("end")), outcome="let_go", agreed="together", learned="That I can"
    )
    assert goal(knock)["status"] == "closed"
    assert "Take it up again" in ana.get(place).text
    ana.send(f"{place}/reopen", id=str(named("end")))
    assert goal(knock)["status"] == "active"


def test_a_rating_beyond_the_scale_is_refused(ana: Visitor) -> None:
    ana.get(f"/goals/{GOAL}/notes")
    answer = ana.send(f"/goals/{GOAL}/notes/rating", id=str(named("r")), value="11")
    assert answer.status_code == 422
    assert "A whole number from 0 to 10 is expected." in answer.text


def test_a_goals_id_of_elsewhere_is_no_goal_of_hers(app: Flask, ana: Visitor, knock: Knock) -> None:
    other = named("other client")
    body = {"name": "Rosa", "locale": "en", "time_zone": "UTC", "adult": True}
    knock("therapist", "PUT", f"/v1/clients/{other}", body)
    ana.get(f"{HER_PAGE}/goals/new")
    answer = ana.send(f"/clients/{other}/goals/{GOAL}", **SET)
    assert answer.status_code == 422
    assert goal(knock)["client_id"] == str(CLIENT)

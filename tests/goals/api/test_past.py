"""The goal as it was: a story told again from any of its moments, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.controls import ADDRESS, CLIENT, GOAL, NUMBER, STATEMENT, THERAPIST
from tests.goals.api.callers import (
    A_CLIENT,
    A_GOAL,
    CONSENT_BODY,
    EASED,
    FLAG_BODY,
    HER_GOAL,
    Knock,
    goal_body,
    named,
    today,
)

LAST_WEEK, YESTERDAY = today() - timedelta(days=7), today() - timedelta(days=1)
FIRST_WORDS = "I want to breathe"


def put(knock: Knock, path: str, body: Any, who: str = "therapist") -> Any:
    """What comes of a PUT that must succeed."""
    answer = knock(who, "PUT", path, body, If_Match="*")
    assert answer.status_code == 201, answer.text
    return answer.json


def get(knock: Knock, path: str, **query: Any) -> Any:
    """What a GET answers that must succeed."""
    asked = "&".join(f"{name.rstrip('_')}={quote(str(value))}" for name, value in query.items())
    answer = knock("therapist", "GET", f"{path}?{asked}")
    assert answer.status_code == 200, answer.text
    return answer.json


def recorded(knock: Knock, path: str = A_GOAL) -> list[str]:
    """When each entry of the history was recorded."""
    return [item["recordedtime"] for item in get(knock, f"{path}/history", limit=200)["items"]]


def differs(difference: Any) -> dict[str, tuple[Any, Any]]:
    """The fields of a difference, each from what to what."""
    return {change["field"]: (change["from"], change["to"]) for change in difference["changes"]}


@pytest.fixture
def told(begun: Knock) -> Knock:
    """Her goal of two weeks ago: drafted, set, practised last week, eased yesterday, practised today."""
    for words in (FIRST_WORDS, STATEMENT):
        put(begun, HER_GOAL, {"status": "draft", "statement": words})
    body = goal_body(start_on=str(today() - timedelta(days=14)), theme=None, statement=None)
    put(begun, HER_GOAL, body)
    put(begun, f"{A_GOAL}/practices/{named('last week')}", {"on": str(LAST_WEEK)}, "client")
    put(begun, f"{A_GOAL}/adjustments/{named('eased')}", EASED | {"effective_on": str(YESTERDAY)})
    put(begun, f"{A_GOAL}/practices/{named('today')}", {}, "client")
    return begun


def test_the_goal_can_be_read_as_it_was_at_each_version(told: Knock) -> None:
    found = [get(told, A_GOAL, version=version) for version in range(1, 7)]
    assert [goal["status"] for goal in found] == ["draft"] * 2 + ["active"] * 4
    assert [goal["statement"] for goal in found] == [FIRST_WORDS] + [STATEMENT] * 5
    assert [goal["target"] for goal in found] == [None, None, 2, 2, 1, 1]
    assert [goal["practices"] for goal in found] == [0, 0, 0, 1, 1, 2]
    assert found[-1] == told("therapist", "GET", A_GOAL).json


def test_the_goal_can_be_read_as_it_was_known_at_each_moment(told: Knock) -> None:
    found = [get(told, A_GOAL, as_of=when) for when in recorded(told)]
    assert found == [get(told, A_GOAL, version=version) for version in range(1, 7)]


def test_a_fact_entered_today_about_last_week_was_true_then_and_not_known(told: Knock) -> None:
    true = [get(told, A_GOAL, as_of=day, axis="true") for day in (LAST_WEEK - timedelta(days=1), LAST_WEEK)]
    assert [goal["practices"] for goal in true] == [0, 1]
    unknown = told("therapist", "GET", f"{A_GOAL}?as_of={LAST_WEEK}&axis=known")
    assert (unknown.status_code, "history" in unknown.json["detail"]) == (404, True)
    assert get(told, A_GOAL, as_of=today())["practices"] == 2


def test_an_adjustment_was_true_from_the_day_on_which_it_took_effect(told: Knock) -> None:
    days = (YESTERDAY - timedelta(days=1), YESTERDAY)
    assert [get(told, A_GOAL, as_of=day, axis="true")["target"] for day in days] == [2, 1]


def test_the_present_on_either_axis_is_the_goal_as_it_is(told: Knock) -> None:
    now = told("therapist", "GET", A_GOAL).json
    assert get(told, A_GOAL, axis="true") == get(told, A_GOAL, axis="known") == now


def test_what_was_voided_was_never_true(told: Knock) -> None:
    assert told("client", "DELETE", f"{A_GOAL}/practices/{named('last week')}").status_code == 200
    before = recorded(told)[3]
    assert get(told, A_GOAL, as_of=before)["practices"] == 1
    assert get(told, A_GOAL, as_of=before, axis="true")["practices"] == 0
    assert get(told, A_GOAL, as_of=LAST_WEEK, axis="true")["practices"] == 0


def test_what_was_voided_stays_in_the_history_on_the_day_of_the_fact(told: Knock) -> None:
    told("client", "DELETE", f"{A_GOAL}/practices/{named('last week')}")
    items = get(told, f"{A_GOAL}/history", from_=LAST_WEEK, to=LAST_WEEK, axis="true")["items"]
    assert [item["type"] for item in items] == ["cairn.practice.logged.v1", "cairn.practice.voided.v1"]
    assert items[0]["voided_at"] is not None


def test_a_version_is_the_etag_of_the_present_alone(told: Knock) -> None:
    past = told("therapist", "GET", f"{A_GOAL}?version=6", If_None_Match='"6"')
    assert past.status_code == 200
    refused = told(
        "therapist", "PUT", f"{A_GOAL}/adjustments/{named('a')}", EASED, If_Match=past.headers["ETag"]
    )
    assert refused.status_code == 412
    assert told("therapist", "GET", A_GOAL, If_None_Match='"6"').status_code == 304


def test_the_difference_says_what_changed_and_who_made_it_so(told: Knock) -> None:
    found = get(told, f"{A_GOAL}/difference", from_=3, to=5)
    assert list(differs(found)) == ["target", "adjustments", "practices", "quantity"]
    assert (differs(found)["target"], differs(found)["practices"]) == ((2, 1), (0, 1))
    practised, eased = found["history"]
    assert practised["actor"] == {"kind": "client", "id": str(CLIENT)}
    assert eased["actor"] == {"kind": "therapist", "id": str(THERAPIST)}
    assert (eased["reason_code"], eased["reason"]) == (EASED["reason_code"], EASED["reason"])


def test_her_first_words_stand_beside_todays(told: Knock) -> None:
    changes = differs(get(told, f"{A_GOAL}/difference", from_=1))
    assert changes["statement"] == (FIRST_WORDS, STATEMENT)
    assert changes["status"] == ("draft", "active")


def test_the_difference_of_two_days_is_of_the_axis_that_is_asked_for(told: Knock) -> None:
    path, days = f"{A_GOAL}/difference", {"from_": LAST_WEEK, "to": YESTERDAY}
    true = get(told, path, axis="true", **days)
    assert list(differs(true)) == ["target", "adjustments"]
    assert [item["type"] for item in true["history"]] == ["cairn.goal.adjusted.v1"]
    assert told("therapist", "GET", f"{path}?from={LAST_WEEK}&to={YESTERDAY}").status_code == 404
    known = get(told, path, from_=LAST_WEEK, to=today())
    assert [item["version"] for item in known["history"]] == [1, 2, 3, 4, 5, 6]
    assert differs(known)["id"] == (None, str(GOAL))


def test_versions_and_times_may_be_mixed(told: Knock) -> None:
    times = recorded(told)
    between = get(told, f"{A_GOAL}/difference", from_=times[3], to=5)
    assert [item["version"] for item in between["history"]] == [5]
    assert get(told, f"{A_GOAL}/difference", from_=4, to=times[3]) == {"changes": [], "history": []}


def test_a_history_is_told_by_kind_person_reason_and_way(told: Knock) -> None:
    def versions(**query: Any) -> list[int]:
        return [item["version"] for item in get(told, f"{A_GOAL}/history", **query)["items"]]

    assert versions(kind="practice.logged") == [4, 6]
    assert versions(kind="cairn.goal.set.v1") == [3]
    assert versions(kind="eased,goal.drafted") == [1, 2, 5]
    assert versions(kind="stretched") == []
    assert versions(person="client") == versions(person=CLIENT) == versions(way="web") == [4, 6]
    assert versions(person=str(THERAPIST).upper()) == versions(way="api") == [1, 2, 3, 5]
    assert versions(reason="too_hard") == versions(reason="too_easy,too_hard") == [5]
    assert versions(person="therapist", kind="practice.logged") == []


def test_a_history_is_told_by_its_time_on_either_axis(told: Knock) -> None:
    def versions(**query: Any) -> list[int]:
        return [item["version"] for item in get(told, f"{A_GOAL}/history", **query)["items"]]

    times = recorded(told)
    assert versions(from_=times[1], to=times[3]) == [2, 3, 4]
    assert versions(to=LAST_WEEK) == []
    assert versions(from_=today(), to=today()) == [1, 2, 3, 4, 5, 6]
    assert versions(from_=LAST_WEEK, to=YESTERDAY, axis="true") == [4, 5]


def test_a_history_goes_on_page_by_page_under_filters(told: Knock) -> None:
    for number in range(5):
        put(told, f"{A_GOAL}/wins/{named(str(number))}", {}, "client")
    seen: list[int] = []
    query: dict[str, Any] = {"person": "client", "limit": 2}
    while True:
        page = get(told, f"{A_GOAL}/history", **query)
        assert 0 < len(page["items"]) <= 2
        seen += [item["version"] for item in page["items"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert seen == [4, *range(6, 12)]


def test_whether_consent_was_in_force_when_a_message_went_out_can_be_told(begun: Knock) -> None:
    path = f"{A_CLIENT}/consents/sms/{named('consent')}"
    put(begun, path, CONSENT_BODY, "client")
    begun("client", "DELETE", path)
    given, withdrawn = recorded(begun, A_CLIENT)[-2:]
    in_force = [get(begun, A_CLIENT, as_of=when)["consents"][0]["in_force"] for when in (given, withdrawn)]
    assert in_force == [True, False]
    items = get(begun, f"{A_CLIENT}/history", kind="consent.given,consent.withdrawn")["items"]
    assert [item["actor"]["kind"] for item in items] == ["client", "client"]
    assert items[0]["data"]["text_version"] == CONSENT_BODY["text_version"]


def test_her_own_copy_of_the_past_holds_no_flags_either(begun: Knock) -> None:
    put(begun, f"{A_CLIENT}/flags/{named('flag')}", FLAG_BODY, "service")
    when = recorded(begun, A_CLIENT)[-1]
    for who, flags in (("therapist", 1), ("client", 0)):
        her = begun(who, "GET", f"{A_CLIENT}?as_of={when}").json
        told = begun(who, "GET", f"{A_CLIENT}/history?kind=safety.flagged").json
        assert (len(her["flags"]), len(told["items"])) == (flags, flags)


def test_a_client_can_be_read_as_she_was(begun: Knock) -> None:
    put(begun, f"{A_CLIENT}/contacts/sms", {"address": "+15035550143"})
    registered, *_, moved = recorded(begun, A_CLIENT)
    then = get(begun, A_CLIENT, as_of=registered)
    assert (then["contacts"], then["staff_ids"]) == ([], [str(THERAPIST)])
    before = recorded(begun, A_CLIENT)[-2]
    assert [c["address"] for c in get(begun, A_CLIENT, as_of=before)["contacts"]] == [ADDRESS, NUMBER]
    assert get(begun, A_CLIENT, as_of=moved) == begun("therapist", "GET", A_CLIENT).json
    unknown = begun("therapist", "GET", f"{A_CLIENT}?as_of={YESTERDAY}")
    assert (unknown.status_code, "registered" in unknown.json["detail"]) == (404, True)


def test_a_plus_that_was_not_escaped_is_understood(told: Knock) -> None:
    when = recorded(told)[-1].replace("Z", "+00:00")
    assert told("therapist", "GET", f"{A_GOAL}?as_of={when}").json["practices"] == 2


TOMORROW = today() + timedelta(days=1)
WRONG = [
    (A_GOAL, "as_of=yesterday", 422, "#/as_of", "zone"),
    (A_GOAL, "as_of=2026-03-01T08:00:00", 422, "#/as_of", "zone"),
    (A_GOAL, "as_of=2026-02-30", 422, "#/as_of", "day"),
    (A_GOAL, "as_of=", 422, "#/as_of", "zone"),
    (A_GOAL, f"as_of={TOMORROW}", 422, "#/as_of", "has begun"),
    (A_GOAL, f"as_of={TOMORROW}T23:59:59Z", 422, "#/as_of", "has begun"),
    (A_GOAL, "axis=other", 422, "#/axis", "known, true"),
    (A_GOAL, "version=-1", 422, "#/version", "whole number"),
    (A_GOAL, "version=1.5", 422, "#/version", "whole number"),
    (A_GOAL, "version=1&as_of=2026-03-01", 422, "#/version", "one of them"),
    (A_GOAL, "version=1&axis=true", 422, "#/version", "time or a day"),
    (A_GOAL, "version=0", 404, None, "1 to 6"),
    (A_GOAL, "version=7", 404, None, "1 to 6"),
    (A_GOAL, "version=999999999999999999", 404, None, "1 to 6"),
    (A_GOAL, "as_of=2000-01-01", 404, None, "not there yet"),
    (A_GOAL, "as_of=2000-01-01&axis=true", 404, None, "not there yet"),
    (A_CLIENT, "as_of=2000-01-01", 404, None, "not registered yet"),
    (A_CLIENT, f"as_of={TOMORROW}", 422, "#/as_of", "has begun"),
    (A_CLIENT, "version=1", 422, "#/version", "no such parameter"),
    (f"{A_GOAL}/difference", "", 422, "#/from", "needed"),
    (f"{A_GOAL}/difference", "from=x", 422, "#/from", "zone"),
    (f"{A_GOAL}/difference", "from=3&to=2", 422, "#/from", "exchange"),
    (f"{A_GOAL}/difference", "from=2026-03-02&to=2026-03-01", 422, "#/from", "exchange"),
    (f"{A_GOAL}/difference", "from=1&to=9", 404, None, "1 to 6"),
    (f"{A_GOAL}/difference", "from=1&to=2&axis=true", 422, "#/from", "time or a day"),
    (f"{A_GOAL}/difference", f"from=1&to={TOMORROW}", 422, "#/to", "has begun"),
    (f"{A_GOAL}/difference", "from=2000-01-01&to=2000-01-02", 404, None, "not there yet"),
    (f"{A_GOAL}/history", "kind=mood", 422, "#/kind", "goal.adjusted"),
    (f"{A_GOAL}/history", "kind=eased,,", 422, "#/kind", "eased"),
    (f"{A_GOAL}/history", "person=Ana", 422, "#/person", "id of a person"),
    (f"{A_GOAL}/history", "reason=whim", 422, "#/reason", "too_hard"),
    (f"{A_GOAL}/history", "way=pigeon", 422, "#/way", "sms"),
    (f"{A_GOAL}/history", "from=2026-03-02&to=2026-03-01", 422, "#/from", "exchange"),
    (f"{A_GOAL}/history", "after=AAAA", 422, "#/after", "cursor"),
    (f"{A_CLIENT}/history", "reason=whim", 422, "#/reason", "too_hard"),
]


def test_what_cannot_be_asked_is_told_so_with_what_can(told: Knock) -> None:
    for path, query, status, pointer, right in WRONG:
        answer = told("therapist", "GET", f"{path}?{query}")
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), query
        assert [error["pointer"] for error in answer.json.get("errors", [])] == ([pointer] if pointer else [])
        assert right in answer.json["detail"], answer.text


@pytest.mark.parametrize("path", [A_GOAL, f"{A_GOAL}/difference", f"{A_GOAL}/history", f"{A_CLIENT}/history"])
def test_who_may_not_read_it_learns_nothing_of_its_past(told: Knock, path: str) -> None:
    query = "?from=1" if path.endswith("difference") else "?kind=eased" if path != A_GOAL else "?version=99"
    found = {
        who: told(who, "GET", path + query).status_code
        for who in ("colleague", "another client", "service", "operator", "lead elsewhere")
    }
    assert found == {
        "colleague": 403,
        "another client": 404,
        "service": 403,
        "operator": 403,
        "lead elsewhere": 404,
    }
    words = told("lead elsewhere", "GET", path + query).json["detail"]
    assert words == told("lead", "GET", f"/v1/goals/{named('nothing')}").json["detail"]

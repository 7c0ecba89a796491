"""The way of one client over HTTP, from an empty house to what changed, when, why and by whom."""

from datetime import timedelta

from tests.controls import CLIENT, CLINIC, GOAL, NAME, NUMBER, THERAPIST, WIN
from tests.goals.api.callers import (
    A_CLIENT,
    A_GOAL,
    CONSENT_BODY,
    DRAFT_BODY,
    EASED,
    HER_GOAL,
    REMINDER_BODY,
    Knock,
    goal_body,
    named,
    today,
)


def test_a_goal_is_set_practised_eased_and_answered_for(begun: Knock) -> None:
    for channel in ("sms", "email"):
        path = f"{A_CLIENT}/consents/{channel}/{named(channel)}"
        assert begun("client", "PUT", path, CONSENT_BODY).status_code == 201
    drafted = begun("client", "PUT", HER_GOAL, DRAFT_BODY)
    assert (drafted.status_code, drafted.json["status"], drafted.headers["ETag"]) == (201, "draft", '"1"')
    made = begun("therapist", "PUT", HER_GOAL, goal_body())
    assert (made.status_code, made.json["status"], made.headers["ETag"]) == (201, "active", '"2"')
    assert made.json["id"] == str(GOAL)
    assert made.json["client_id"] == str(CLIENT)
    assert made.json["target"] == 2
    reminder = begun("client", "PUT", f"{A_CLIENT}/reminders/{named('r')}", REMINDER_BODY)
    assert reminder.json["reminders"][0]["cadence"] == REMINDER_BODY["cadence"]

    first = begun("client", "PUT", f"{A_GOAL}/practices/{named('p1')}", {"on": str(today())})
    assert [m["rule"] for m in first.json["milestones"]] == ["first_step"]
    win = begun("client", "PUT", f"{A_CLIENT}/wins/{named('w1')}", {"kind": "showed_up", "text": WIN})
    assert [m["rule"] for m in win.json["milestones"]] == ["first_win"]
    assert win.json["id"] == str(CLIENT)
    begun("client", "PUT", f"{A_GOAL}/practices/{named('p2')}", {})
    third = begun("client", "PUT", f"{A_GOAL}/practices/{named('p3')}", {"quantity": "1.5"})
    assert [(m["rule"], m["threshold"]) for m in third.json["milestones"]] == [("practices", 3)]
    assert (third.json["practices"], third.json["quantity"]) == (3, "3.5")

    path = f"{A_GOAL}/adjustments/{named('a1')}"
    eased = begun("therapist", "PUT", path, EASED, If_Match=third.headers["ETag"])
    assert (eased.status_code, eased.json["target"]) == (201, 1)
    ended = begun("client", "PUT", f"{A_GOAL}/closures/{named('c1')}", {"outcome": "achieved"})
    assert [m["rule"] for m in ended.json["milestones"]] == ["goal_achieved"]
    assert ended.json["status"] == "achieved"

    now = begun("therapist", "GET", A_GOAL)
    assert [m["rule"] for m in now.json["milestones"]] == ["practices", "goal_achieved"]
    told = begun("therapist", "GET", f"{A_GOAL}/history").json
    types = [item["type"].split(".")[2] for item in told["items"]]
    assert types == [
        "drafted",
        "set",
        "logged",
        "logged",
        "logged",
        "reached",
        "adjusted",
        "achieved",
        "reached",
    ]
    adjusted = told["items"][6]
    assert adjusted["changes"] == EASED["changes"]
    assert (adjusted["reason_code"], adjusted["reason"]) == (EASED["reason_code"], EASED["reason"])
    assert adjusted["actor"] == {"kind": "therapist", "id": str(THERAPIST)}
    assert (adjusted["via"], adjusted["data"]["agreed"]) == ("api", "together")
    assert told["next"] is None


def test_a_client_is_read_as_she_is(active: Knock) -> None:
    her = active("therapist", "GET", A_CLIENT)
    assert her.status_code == 200
    assert (her.json["id"], her.json["name"], her.json["staff_ids"]) == (str(CLIENT), NAME, [str(THERAPIST)])
    assert her.json["contacts"][1]["address"] == NUMBER
    assert active("client", "GET", A_CLIENT).json == her.json
    active("client", "PUT", f"{A_CLIENT}/preferences", {"label": "my breathing", "daily_cap": 2})
    now = active("lead", "GET", A_CLIENT).json
    assert (now["label"], now["daily_cap"], now["quiet_start"]) == ("my breathing", 2, None)


def test_a_goal_of_the_past_may_be_practised_for_two_weeks_back(active: Knock) -> None:
    path = f"{A_GOAL}/practices/{named('late')}"
    late = active("client", "PUT", path, {"on": str(today() - timedelta(days=15))})
    assert late.status_code == 422
    assert late.json["errors"][0]["pointer"] == "#/on"


def test_history_and_clients_come_in_pages(active: Knock) -> None:
    for number in range(5):
        active("client", "PUT", f"{A_GOAL}/wins/{named(str(number))}", {"text": f"win {number}"})
    seen, after = [], ""
    while True:
        page = active("client", "GET", f"{A_GOAL}/history?limit=3{after}").json
        assert len(page["items"]) <= 3
        seen += [item["version"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == list(range(1, 8))

    for number in range(4):
        body = {"name": f"Somebody {number}", "locale": "en", "time_zone": "UTC", "adult": True}
        assert active("therapist", "PUT", f"/v1/clients/{named(f'c{number}')}", body).status_code == 201
    ids, after = [], ""
    while True:
        page = active("therapist", "GET", f"/v1/clients?limit=2{after}").json
        ids += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert ids == sorted(ids)
    assert len(ids) == 5
    assert [c["id"] for c in active("client", "GET", "/v1/clients").json["items"]] == [str(CLIENT)]
    assert active("colleague", "GET", "/v1/clients").json == {"items": [], "next": None}
    assert len(active("lead", "GET", "/v1/clients").json["items"]) == 5
    assert active("lead elsewhere", "GET", "/v1/clients").json["items"] == []


def test_staff_come_and_go(begun: Knock) -> None:
    path = f"/v1/clinics/{CLINIC}/staff/{THERAPIST}"
    gone = begun("lead", "DELETE", path)
    assert (gone.status_code, gone.json["staff"]) == (200, [])

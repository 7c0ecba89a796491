"""Who has looked at this record: every look by a person is written down before it is answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, event, text

from services.goals.api.call import ROOMS
from tests.conftest import Databases
from tests.controls import CLIENT, COLLEAGUE, GOAL, OTHER_CLINIC, THERAPIST
from tests.goals.api.callers import (
    A_CLIENT,
    A_GOAL,
    CLIENT_BODY,
    CLINIC_BODY,
    EASED,
    HER_GOAL,
    SOMEBODY,
    Knock,
    Told,
    goal_body,
    named,
)

LOG = f"/v1/access?client={CLIENT}"
WHY = "Covering for Ana, who is ill"
Items = list[dict[str, Any]]


@pytest.fixture
def admin(databases: Databases) -> Iterator[Engine]:
    """The database as its superuser sees it."""
    made = create_engine(databases.goals_admin)
    yield made
    made.dispose()


def looks(knock: Knock, who: str = "client", query: str = "") -> Items:
    """The access log as somebody reads it, without this very look."""
    answer = knock(who, "GET", LOG + query)
    assert answer.status_code == 200, answer.text
    items: Items = answer.json["items"]
    assert items[0]["what"] == "get_access"
    return items[1:]


def what(items: Items) -> list[str]:
    return [item["what"] for item in items]


def test_a_look_says_who_when_by_which_way_and_for_which_goal(active: Knock) -> None:
    asked = active("therapist", "GET", A_GOAL, Cairn_Correlation_Id="a-look")
    assert asked.status_code == 200
    (look,) = looks(active)
    assert str(UUID(look["id"])) == look.pop("id")
    assert look.pop("time").endswith("Z")
    assert look == {
        "actor": {"kind": "therapist", "id": str(THERAPIST), "role": "therapist"},
        "via": "api",
        "what": "get_goal",
        "goal_id": str(GOAL),
        "reason": None,
        "purpose": None,
        "correlation_id": "a-look",
    }


@pytest.mark.parametrize("who", ["therapist", "lead", "client"])
def test_every_way_of_looking_leaves_a_row(active: Knock, who: str) -> None:
    for path in (A_CLIENT, A_GOAL, f"{A_GOAL}/history", "/v1/clients", LOG):
        assert active(who, "GET", path).status_code == 200
    assert what(looks(active)) == ["get_access", "get_clients", "get_goal_history", "get_goal", "get_client"]


def test_to_be_told_that_nothing_moved_is_a_look_too(active: Knock) -> None:
    assert active("lead", "GET", A_GOAL, If_None_Match="*").status_code == 304
    assert active("lead", "GET", f"{A_GOAL}/history", If_None_Match="*").status_code == 304
    assert what(looks(active)) == ["get_goal_history", "get_goal"]


def test_a_list_is_a_look_at_each_whom_it_shows_and_at_nobody_else(active: Knock) -> None:
    second = f"/v1/clients/{named('second')}"
    assert active("colleague", "PUT", second, CLIENT_BODY).status_code == 201
    assert len(active("lead", "GET", "/v1/clients").json["items"]) == 2
    assert len(active("colleague", "GET", "/v1/clients", Cairn_Reason=WHY).json["items"]) == 1
    assert what(looks(active)) == ["get_clients"]
    of_second = active("lead", "GET", f"/v1/access?client={named('second')}").json["items"]
    assert what(of_second) == ["get_access", "get_clients", "get_clients"]


def test_what_a_write_shows_its_event_tells_and_what_a_repeat_shows_a_row(active: Knock) -> None:
    path = f"{A_GOAL}/wins/{named('w')}"
    assert active("therapist", "PUT", path, {}).status_code == 201
    assert looks(active, "lead") == []
    assert active("therapist", "PUT", path, {}).status_code == 200
    look, of_lead = looks(active, "lead")
    assert of_lead["actor"]["role"] == "lead"
    assert (look["what"], look["goal_id"]) == ("put_goal_win", str(GOAL))


def test_what_a_service_repeats_for_her_nobody_has_seen(active: Knock) -> None:
    for status in (201, 200):
        assert active("service", "PUT", f"{A_CLIENT}/wins/{named('w')}", {}).status_code == status
    assert active("service", "GET", "/v1/events").status_code == 200
    assert looks(active) == []


def test_who_is_refused_has_not_looked(active: Knock) -> None:
    for who, status in (
        ("colleague", 403),
        ("service", 403),
        ("another client", 404),
        ("lead elsewhere", 404),
    ):
        for path in (A_CLIENT, A_GOAL, f"{A_GOAL}/history", LOG):
            assert active(who, "GET", path).status_code == status
    assert active("lead", "GET", f"/v1/goals/{CLIENT}").status_code == 404
    assert looks(active) == []


def test_off_the_team_one_is_told_how_to_say_why(active: Knock, count_events: Any) -> None:
    before = count_events()
    for method, path, body in (("GET", A_GOAL, None), ("PUT", f"{A_CLIENT}/wins/{named('w')}", {})):
        answer = active("colleague", method, path, body)
        assert answer.status_code == 403
        assert "Cairn-Reason" in answer.json["detail"]
        assert "1 to 200" in answer.json["detail"]
    assert count_events() == before


def test_with_a_reason_a_colleague_reads_and_the_log_shows_it(active: Knock) -> None:
    for path in (A_CLIENT, A_GOAL, f"{A_GOAL}/history", LOG):
        assert active("colleague", "GET", path, Cairn_Reason=WHY).status_code == 200
    for look in looks(active):
        assert look["actor"]["id"] == str(COLLEAGUE)
        assert look["reason"] == WHY


def test_with_a_reason_a_colleague_writes_and_the_log_shows_it_beside_the_event(active: Knock) -> None:
    path = f"{A_GOAL}/adjustments/{named('a')}"
    assert active("colleague", "PUT", path, EASED, If_Match='"2"', Cairn_Reason=WHY).status_code == 201
    (look,) = looks(active)
    assert (look["what"], look["reason"], look["goal_id"]) == ("put_adjustment", WHY, str(GOAL))
    last = active("client", "GET", f"{A_GOAL}/history").json["items"][-1]
    assert last["actor"] == {"kind": "therapist", "id": str(COLLEAGUE)}


def test_a_reason_opens_no_other_clinic_and_is_none_of_a_clients(active: Knock) -> None:
    for who, status in (("therapist elsewhere", 404), ("another client", 404), ("operator", 403)):
        assert active(who, "GET", A_CLIENT, Cairn_Reason=WHY).status_code == status
    team = {"staff_ids": [str(THERAPIST)]}
    assert active("colleague", "PUT", f"{A_CLIENT}/team", team, Cairn_Reason=WHY).status_code == 403


def test_who_registers_a_client_gives_no_reason_that_nobody_needs(begun: Knock) -> None:
    second = f"/v1/clients/{named('second')}"
    assert begun("colleague", "PUT", second, CLIENT_BODY, Cairn_Reason=WHY).status_code == 201


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("Cubro a Ana, de baja médica".encode().decode("latin-1"), "Cubro a Ana, de baja médica"),
        ("UTF-8''Cubro%20a%20Ana%2C%20de%20baja%20m%C3%A9dica", "Cubro a Ana, de baja médica"),
        ("utf-8'es'%C3%B1", "ñ"),
        ("x" * 200, "x" * 200),
        ("100% sure", "100% sure"),
    ],
)
def test_a_reason_is_kept_as_it_was_meant(active: Knock, sent: str, read: str) -> None:
    assert active("colleague", "GET", A_CLIENT, Cairn_Reason=sent).status_code == 200
    assert looks(active)[0]["reason"] == read


@pytest.mark.parametrize("sent", ["", " ", "x" * 201, "\xff\xfe", "UTF-8''%ff", "UTF-8''%00", "UTF-8''a%0Ab"])
def test_a_reason_that_is_none_is_refused_and_never_repeated(active: Knock, sent: str) -> None:
    answer = active("colleague", "GET", A_CLIENT, Cairn_Reason=sent)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert "1 to 200 characters" in answer.json["detail"]
    assert looks(active) == []


def test_the_log_is_read_page_by_page_while_others_look(active: Knock) -> None:
    for number in range(5):
        active("lead", "GET", A_CLIENT, Cairn_Correlation_Id=f"look-{number}")
    seen: list[str] = []
    query = "&limit=2"
    while True:
        page = active("therapist", "GET", LOG + query).json
        seen += [item["correlation_id"] for item in page["items"] if item["what"] == "get_client"]
        if page["next"] is None:
            break
        query = f"&limit=2&after={page['next']}"
    assert seen == [f"look-{number}" for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    "query", ["", "?client=her", f"?client={CLIENT}&after=x", f"?client={CLIENT}&limit=0"]
)
def test_whose_log_is_to_be_read_must_be_said(active: Knock, query: str) -> None:
    refused = active("lead", "GET", f"/v1/access{query}")
    assert refused.status_code == 422
    assert query or refused.json["errors"] == [{"pointer": "#/client", "detail": "This is needed."}]


def test_of_nobody_there_is_no_log(active: Knock) -> None:
    for nobody in (named("nobody"), GOAL, OTHER_CLINIC):
        assert active("lead", "GET", f"/v1/access?client={nobody}").status_code == 404


def test_what_cannot_be_written_down_is_not_shown(active: Knock, admin: Engine, count_events: Any) -> None:
    with admin.begin() as connection:
        connection.execute(text("REVOKE EXECUTE ON FUNCTION cairn.note_access FROM cairn_goals"))
    before = count_events()
    requests: list[tuple[str, str, str, Any]] = [
        ("therapist", "GET", A_CLIENT, None),
        ("lead", "GET", "/v1/clients", None),
        ("client", "GET", A_GOAL, None),
        ("therapist", "GET", f"{A_GOAL}/history", None),
        ("lead", "GET", LOG, None),
        ("therapist", "PUT", HER_GOAL, goal_body()),
        ("colleague", "PUT", f"{A_CLIENT}/wins/{named('w')}", {}),
    ]
    for who, method, path, body in requests:
        reason = {"Cairn_Reason": WHY} if who == "colleague" else {}
        answer: Told = active(who, method, path, body, **reason)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), answer.text
        assert "cairn" not in answer.text
    assert count_events() == before


def test_the_reason_lies_sealed_and_goes_with_her_key_and_who_looked_stays(
    active: Knock, admin: Engine
) -> None:
    active("colleague", "GET", A_CLIENT, Cairn_Reason=WHY)
    with admin.connect() as connection:
        rows = connection.execute(text("SELECT * FROM cairn.access")).all()
    stored = b"".join(value if isinstance(value, bytes) else repr(value).encode() for value in rows[0])
    assert str(COLLEAGUE).encode() in stored
    assert b"Covering" not in stored
    active.app.extensions[ROOMS].house.vault.destroy(CLIENT)
    (look,) = looks(active, "lead")
    assert (look["actor"]["id"], look["reason"]) == (str(COLLEAGUE), None)


def test_the_latest_first_whoever_looked(active: Knock) -> None:
    active("therapist", "GET", A_CLIENT)
    active("client", "GET", A_CLIENT)
    active("lead", "GET", A_CLIENT)
    items = looks(active)
    assert [(item["actor"]["role"], item["via"]) for item in items] == [
        ("lead", "api"), ("client", "web"), ("therapist", "api"),
    ]  # fmt: skip
    assert items[0]["actor"]["id"] == str(SOMEBODY)
    assert [item["time"] for item in items] == sorted((item["time"] for item in items), reverse=True)


def test_in_another_clinic_the_same_id_has_no_log(active: Knock) -> None:
    active("operator", "PUT", f"/v1/clinics/{OTHER_CLINIC}", CLINIC_BODY)
    active("therapist", "GET", A_CLIENT)
    assert active("lead elsewhere", "GET", LOG).status_code == 404


def test_no_look_and_no_reason_costs_more_than_four_round_trips(active: Knock) -> None:
    trips: list[str] = []

    def trip(_: Any, __: Any, statement: str, *___: Any) -> None:
        trips.append(statement)

    house = active.app.extensions[ROOMS].house
    requests: list[tuple[str, str, Any]] = [
        ("GET", path, None) for path in (A_CLIENT, A_GOAL, f"{A_GOAL}/history", "/v1/clients", LOG)
    ]
    requests.append(("PUT", f"{A_GOAL}/wins/{named('w')}", {}))
    event.listen(house.engine, "before_cursor_execute", trip)
    for method, path, body in requests:
        trips.clear()
        assert active("colleague", method, path, body, Cairn_Reason=WHY).status_code in (200, 201)
        assert 1 < len(trips) <= 4, (method, path, trips)

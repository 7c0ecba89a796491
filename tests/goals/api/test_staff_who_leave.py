"""A token ends with staff.left, and with the role that it names: at once, whatever is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from tests.controls import CLIENT, OTHER_CLINIC, THERAPIST
from tests.goals.api.callers import (
    A_CLIENT,
    A_CLINIC,
    A_GOAL,
    CLINIC_BODY,
    PEOPLE,
    SOMEBODY,
    STAFF_BODY,
    Knock,
    Told,
    named,
)
from tests.goals.api.test_access import OPERATIONS
from tests.goals.api.test_access_log import what

OFFICE = UUID("00000000-0000-4000-8000-0000000000a7")


def leaves(knock: Knock, staff: UUID, clinic: str = A_CLINIC) -> None:
    assert knock("operator", "DELETE", f"{clinic}/staff/{staff}").status_code == 200


def works(knock: Knock, staff: UUID, role: str, clinic: str = A_CLINIC) -> None:
    answer = knock("operator", "PUT", f"{clinic}/staff/{staff}", STAFF_BODY | {"role": role})
    assert answer.status_code in (200, 201), answer.text


def has_ended(answer: Told) -> bool:
    return (
        answer.status_code == 401
        and answer.content_type == "application/problem+json"
        and 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
        and "ended" in answer.json["detail"]
    )


@pytest.mark.parametrize("who", ["therapist", "lead"])
def test_who_left_is_answered_nothing_whatever_is_asked(active: Knock, count_events: Any, who: str) -> None:
    staff = UUID(PEOPLE[who]["sub"])
    works(active, staff, who)
    active(who, "PUT", f"{A_CLIENT}/wins/{named('known')}", {})
    leaves(active, staff)
    before = count_events()
    beyond: list[tuple[str, str, Any]] = [
        ("PUT", f"{A_CLIENT}/wins/{named('known')}", {}),  # a repeat
        ("GET", f"/v1/clients/{named('nobody')}", None),
        ("GET", f"/v1/goals/{named('nothing')}", None),
        (
            "PUT",
            f"/v1/clients/{named('new')}",
            {"name": "N", "locale": "en", "time_zone": "UTC", "adult": True},
        ),
        ("PUT", f"{A_CLIENT}/wins/{named('known')}", {"kind": "none of them"}),
        ("GET", "/v1/access?client=her", None),
    ]
    heard = [
        (method, path)
        for method, path, body in [*OPERATIONS, *beyond]
        if not has_ended(active(who, method, path, body, If_Match="*", Cairn_Reason="as ever"))
    ]
    assert heard == []
    assert count_events() == before
    assert what(active("client", "GET", f"/v1/access?client={CLIENT}").json["items"]) == ["get_access"]


def test_who_comes_back_may_go_on(active: Knock) -> None:
    leaves(active, THERAPIST)
    assert has_ended(active("therapist", "GET", A_CLIENT))
    works(active, THERAPIST, "therapist")
    assert active("therapist", "GET", A_CLIENT).status_code == 200


def test_who_leads_no_more_needs_a_token_that_says_so(active: Knock) -> None:
    works(active, SOMEBODY, "lead")
    assert active("lead", "GET", A_CLIENT).status_code == 200
    works(active, SOMEBODY, "therapist")
    assert has_ended(active("lead", "GET", A_CLIENT))
    assert has_ended(active("lead", "PUT", f"{A_CLINIC}/staff/{SOMEBODY}", STAFF_BODY | {"role": "lead"}))


def test_a_lead_may_act_as_a_therapist(active: Knock) -> None:
    works(active, THERAPIST, "lead")
    assert active("therapist", "GET", A_CLIENT).status_code == 200


def test_who_was_never_in_the_list_is_who_the_token_says(active: Knock) -> None:
    assert active("colleague", "GET", "/v1/clients").status_code == 200
    assert active("lead", "GET", A_CLIENT).status_code == 200


def test_to_leave_one_clinic_is_not_to_leave_another(active: Knock) -> None:
    elsewhere = f"/v1/clinics/{OTHER_CLINIC}"
    active("operator", "PUT", elsewhere, CLINIC_BODY)
    works(active, THERAPIST, "therapist", elsewhere)
    leaves(active, THERAPIST, elsewhere)
    assert active("therapist", "GET", A_GOAL).status_code == 200
    assert has_ended(active("therapist elsewhere", "GET", "/v1/clients"))


def test_an_operator_who_left_sets_up_no_clinic(active: Knock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PEOPLE, "once", {"sub": str(OFFICE), "role": "operator"})
    works(active, OFFICE, "operator")
    assert active("once", "PUT", A_CLINIC, CLINIC_BODY | {"sender": "North"}).status_code == 201
    leaves(active, OFFICE)
    for clinic in (A_CLINIC, f"/v1/clinics/{OTHER_CLINIC}"):
        assert has_ended(active("once", "PUT", clinic, CLINIC_BODY))
    assert active("operator", "PUT", A_CLINIC, CLINIC_BODY).status_code == 201


def test_a_clients_token_and_a_services_are_none_of_the_staffs(active: Knock) -> None:
    leaves(active, THERAPIST)
    asked: tuple[Callable[[], Told], ...] = (
        lambda: active("client", "GET", A_CLIENT),
        lambda: active("service", "PUT", f"{A_CLIENT}/wins/{named('w')}", {}),
    )
    assert [ask().status_code for ask in asked] == [200, 201]


def test_a_lead_who_takes_herself_off_the_staff_hears_nothing_after(active: Knock) -> None:
    works(active, SOMEBODY, "lead")
    assert active("lead", "DELETE", f"{A_CLINIC}/staff/{SOMEBODY}").status_code == 200
    assert has_ended(active("lead", "DELETE", f"{A_CLINIC}/staff/{SOMEBODY}"))

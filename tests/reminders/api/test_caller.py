"""Whose messages somebody may see: her own, her team's, and any of the clinic for those who lead it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from shared import tokens
from shared.events import StaffLeft, StaffRole, StaffSet, TeamSet
from tests.controls import THERAPIST
from tests.reminders.conftest import KEY
from tests.reminders.house import CLIENT, CLINIC, House

WHY = {"Cairn-Reason": "Covering for Ana, who is ill"}


def answer(app: Flask, role: str, sub: UUID, clinic: UUID = CLINIC, **claims: Any) -> Any:
    token = tokens.mint(
        KEY,
        sub=str(sub),
        role=role,
        clinic=clinic,
        lifetime=timedelta(hours=1),
        now=datetime.now(UTC),
        **claims,
    )
    headers = WHY | {"Authorization": f"Bearer {token}"}
    return app.test_client().get(f"/v1/clients/{CLIENT}/messages", headers=headers)


def staff(house: House, *events: StaffSet | StaffLeft) -> None:
    house.happens(*events, record=CLINIC)


def test_a_therapist_of_her_team_sees_them_and_another_is_told_who_can_add_them(
    house: House, app: Flask
) -> None:
    house.begin("sms")
    house.happens(TeamSet(staff_ids=(THERAPIST,)))
    assert answer(app, "therapist", THERAPIST).status_code == 200
    refused = answer(app, "therapist", uuid4())
    assert refused.status_code == 403
    assert "whatever the reason" in refused.json["detail"]
    assert "a lead of the clinic can add you" in refused.json["detail"]


def test_who_left_her_team_sees_them_no_more(house: House, app: Flask) -> None:
    house.begin("sms")
    house.happens(TeamSet(staff_ids=(THERAPIST,)), TeamSet(staff_ids=(uuid4(),)))
    assert answer(app, "therapist", THERAPIST).status_code == 403


def test_a_lead_sees_those_of_any_client_of_the_clinic(house: House, app: Flask) -> None:
    house.begin("sms")
    assert answer(app, "lead", uuid4()).status_code == 200


def test_a_client_sees_her_own_and_no_others(house: House, app: Flask) -> None:
    house.begin("sms")
    assert answer(app, "client", CLIENT, client=CLIENT).status_code == 200
    assert answer(app, "client", CLIENT, client=uuid4()).status_code == 404


@pytest.mark.parametrize(
    ("role", "claims"), [("therapist", {}), ("lead", {}), ("client", {"client": CLIENT})]
)
def test_in_another_clinic_there_is_no_such_client(
    house: House, app: Flask, role: str, claims: dict[str, Any]
) -> None:
    house.begin("sms")
    house.happens(TeamSet(staff_ids=(THERAPIST,)))
    assert answer(app, role, THERAPIST, clinic=uuid4(), **claims).status_code == 404


def is_set(role: StaffRole) -> StaffSet:
    return StaffSet(staff_id=THERAPIST, role=role, name="Ana Ruiz", email="ana@example.org")


def test_who_left_the_staff_is_signed_out_until_she_is_back(house: House, app: Flask) -> None:
    house.begin("sms")
    house.happens(TeamSet(staff_ids=(THERAPIST,)))
    staff(house, is_set("therapist"))
    assert answer(app, "therapist", THERAPIST).status_code == 200
    staff(house, StaffLeft(staff_id=THERAPIST))
    refused = answer(app, "therapist", THERAPIST)
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    staff(house, is_set("therapist"))
    assert answer(app, "therapist", THERAPIST).status_code == 200


def test_who_leads_no_more_reads_as_a_lead_no_more(house: House, app: Flask) -> None:
    house.begin("sms")
    house.happens(TeamSet(staff_ids=(THERAPIST,)))
    staff(house, is_set("lead"))
    assert answer(app, "lead", THERAPIST).status_code == 200
    assert answer(app, "therapist", THERAPIST).status_code == 200
    staff(house, is_set("therapist"))
    assert answer(app, "lead", THERAPIST).status_code == 401

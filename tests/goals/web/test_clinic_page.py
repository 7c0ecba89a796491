"""The clinic's page: what a lead sets there, and that nobody else does."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.controls import CLINIC, NAME, THERAPIST
from tests.goals.api.callers import A_CLINIC, CLINIC_BODY, Knock, named
from tests.goals.web.visitors import OPERATOR, PASSWORD, Visitor, invite, words

NEW = named("new staff")
FIELDS = {name: str(value) for name, value in CLINIC_BODY.items()}


@pytest.fixture
def lena(app: Flask) -> Visitor:
    """A lead, who is signed in and has the page open."""
    visitor = Visitor(app).signed_in("lead")
    visitor.get("/clinic")
    return visitor


def test_a_lead_sets_how_the_clinic_is_known_and_the_log_says_so(lena: Visitor) -> None:
    assert lena.send("/clinic", **(FIELDS | {"sender": "North", "quiet_end": "09:00"})).status_code == 303
    page = lena.get("/clinic").text
    assert 'value="North"' in page
    assert 'value="09:00"' in page
    told = words(page.partition("What was changed here, and by whom")[2])
    assert "The clinic's settings" in told.partition("Lena Park")[0]
    assert "Name on messages Northside → North Nothing until 08:00 → 09:00" in told
    assert "Ana Ruiz (therapist): works here" in told


def test_a_clinical_sender_is_refused_and_what_was_typed_stands(lena: Visitor) -> None:
    answer = lena.send("/clinic", **(FIELDS | {"sender": "Anxiety clinic"}))
    assert answer.status_code == 422
    assert "A name that says nothing of care is expected" in answer.text
    assert 'value="Anxiety clinic"' in answer.text


def test_by_a_token_a_clinic_is_still_an_operators_to_set(knock: Knock) -> None:
    assert knock("lead", "PUT", A_CLINIC, CLINIC_BODY | {"sender": "North"}).status_code == 403


def test_somebody_new_is_given_a_link_once_and_signs_in_by_it(lena: Visitor, app: Flask) -> None:
    lena.send(f"/clinic/staff/{NEW}", role="therapist", name="Noor Aziz", email="noor@example.org")
    page = lena.send(f"/clinic/staff/{NEW}/invite").text
    link = re.search(r"http://localhost(/welcome/[\w-]+)", page)
    assert link
    assert link[1] not in lena.get("/clinic").text
    noor = Visitor(app)
    noor.get(link[1])
    assert noor.send(link[1], password=PASSWORD, again=PASSWORD).status_code == 303
    assert "Noor Aziz" in noor.get("/clients").text


def test_who_has_left_is_signed_out_with_that(lena: Visitor, ana: Visitor) -> None:
    assert "on the team of 1 client" in lena.get("/clinic").text
    assert NAME in lena.get(f"/clients?whose={THERAPIST}").text
    assert lena.send(f"/clinic/staff/{THERAPIST}/leave").status_code == 303
    assert ana.get("/clients").status_code == 303
    page = words(lena.get("/clinic").text)
    assert f"until somebody is. {NAME} Choose her team" in page
    assert "Ana Ruiz (therapist): has left" in page


def test_a_lead_gives_no_link_to_an_operator(lena: Visitor, app: Flask) -> None:
    invite(app, "operator")
    lena.get("/clinic")
    assert lena.send(f"/clinic/staff/{OPERATOR}/invite").status_code == 403


def test_it_is_for_leads_of_the_clinic_alone(ana: Visitor, app: Flask) -> None:
    for visitor in (ana, Visitor(app).signed_in("operator")):
        assert visitor.get("/clinic").status_code == 403
        for path in ("/clinic", f"/clinic/staff/{NEW}", f"/clinic/staff/{THERAPIST}/leave"):
            assert visitor.send(path, **FIELDS).status_code == 403
        assert visitor.send(f"/clinic/staff/{THERAPIST}/invite").status_code == 403
    elsewhere = Visitor(app).signed_in("lead elsewhere")
    assert str(CLINIC) not in elsewhere.get("/clinic").text
    assert elsewhere.send(f"/clinic/staff/{THERAPIST}/invite").status_code == 404

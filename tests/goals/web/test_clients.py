"""The list of clients, and who may open a record from it."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from tests.controls import CLIENT, GOAL, NAME
from tests.goals.api.callers import A_CLIENT, CLIENT_BODY, FLAG_BODY, Knock, named
from tests.goals.web.visitors import Visitor

HER_PAGE = f"/clients/{CLIENT}"
REASON = "Covering for Ana, who is ill"


def test_the_list_says_what_matters_now(ana: Visitor, knock: Knock) -> None:
    knock("service", "PUT", f"{A_CLIENT}/flags/{named('flag')}", FLAG_BODY)
    knock("therapist", "PUT", f"{A_CLIENT}/wins/{named('win')}", {"kind": "showed_up"})
    page = ana.get("/clients").text
    assert NAME in page
    assert "1 flag to look at" in page
    assert "1 win this week" in page
    assert "Deep breathing for five minutes" in page


def test_an_empty_list_says_what_to_do_first(app: Flask) -> None:
    page = Visitor(app).signed_in("colleague").get("/clients").text
    assert NAME not in page
    assert "Nobody is here yet" in page
    assert 'href="/clients/new"' in page


def test_a_lead_sees_the_whole_clinic_and_her_own_teams_apart(app: Flask) -> None:
    lena = Visitor(app).signed_in("lead")
    assert NAME in lena.get("/clients").text
    assert NAME not in lena.get("/clients?whose=mine").text


def test_a_name_is_found_by_any_part_without_accents_and_stands_in_no_address(
    ana: Visitor, knock: Knock
) -> None:
    knock("therapist", "PUT", f"/v1/clients/{named('José')}", CLIENT_BODY | {"name": "José Núñez"})
    ana.get("/clients")
    assert "José Núñez" in ana.send("/clients", name="nunez jo").text
    assert NAME not in ana.send("/clients", name="nunez").text
    assert "Nobody is called that." in ana.send("/clients", name="zzz").text


def test_each_client_that_a_list_shows_has_been_looked_at(ana: Visitor, knock: Knock) -> None:
    before = len(knock("lead", "GET", f"/v1/access?client={CLIENT}").json["items"])
    ana.get("/clients")
    items = knock("lead", "GET", f"/v1/access?client={CLIENT}").json["items"]
    assert (items[1]["what"], items[1]["via"]) == ("clients", "web")
    assert len(items) == before + 2


def test_a_client_is_registered_and_sent_twice_is_one(ana: Visitor) -> None:
    form = ana.get("/clients/new").text.partition('action="')[2].partition('action="/clients/new/')[2][:36]
    fields = {"name": "Rosa <b>Diaz</b>", "locale": "es", "time_zone": "America/Denver", "adult": "yes"}
    for _ in range(2):
        answer = ana.send(f"/clients/new/{form}", **fields)
        assert answer.headers["Location"] == f"/clients/{form}?saved="
    page = ana.get(f"/clients/{form}").text
    assert "Rosa &lt;b&gt;Diaz&lt;/b&gt;" in page


def test_what_is_wrong_with_a_client_is_said_and_nothing_typed_is_lost(ana: Visitor) -> None:
    ana.get("/clients/new")
    fields = {"name": "Rosa Diaz", "locale": "en", "time_zone": "Here", "adult": "yes"}
    answer = ana.send(f"/clients/new/{UUID(int=5)}", **fields)
    assert answer.status_code == 422
    assert "Rosa Diaz" in answer.text
    assert "A time zone by its IANA name is expected" in answer.text
    assert ana.get(f"/clients/{UUID(int=5)}").status_code == 404


def test_off_the_team_one_is_asked_why_and_the_access_log_says_it(app: Flask, knock: Knock) -> None:
    ben = Visitor(app).signed_in("colleague")
    asked = ben.get(HER_PAGE)
    assert asked.status_code == 403
    assert "Why do you look?" in asked.text
    assert NAME not in asked.text
    assert ben.send(f"{HER_PAGE}/why", reason="", next=HER_PAGE).status_code == 422
    assert ben.send(f"{HER_PAGE}/why", reason=REASON, next=HER_PAGE).headers["Location"] == HER_PAGE
    assert NAME in ben.get(HER_PAGE).text
    assert ben.get(f"/goals/{GOAL}").status_code == 200
    assert NAME not in ben.get("/clients").text
    looks = knock("lead", "GET", f"/v1/access?client={CLIENT}").json["items"]
    assert [look["reason"] for look in looks[1:3]] == [REASON, REASON]


def test_a_reason_ends_with_the_session(app: Flask) -> None:
    ben = Visitor(app).signed_in("colleague")
    ben.get(HER_PAGE)
    ben.send(f"{HER_PAGE}/why", reason=REASON, next=HER_PAGE)
    ben.send("/sign-out")
    assert Visitor(app).signed_in("colleague").get(HER_PAGE).status_code == 403


@pytest.mark.parametrize("path", [HER_PAGE, f"/goals/{GOAL}"])
def test_another_clinics_record_is_not_there(app: Flask, path: str) -> None:
    elsewhere = Visitor(app).signed_in("lead elsewhere")
    answer = elsewhere.get(path)
    nowhere = elsewhere.get(path.replace(str(CLIENT), str(UUID(int=1))).replace(str(GOAL), str(UUID(int=1))))
    assert answer.status_code == nowhere.status_code == 404


def test_pages_speak_spanish_to_who_chose_it(ana: Visitor) -> None:
    assert '<html lang="en">' in ana.get("/clients").text
    ana.send("/language", language="es", next="/clients")
    assert '<html lang="es">' in ana.get("/clients").text

"""A client's pages: what a therapist sees there, and what one press does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.controls import CLIENT, GOAL, NUMBER
from tests.goals.api.callers import A_CLIENT, CLIENT_BODY, CONSENT_BODY, FLAG_BODY, Knock, named
from tests.goals.web.visitors import Visitor

HER_PAGE = f"/clients/{CLIENT}"
REACH = f"{HER_PAGE}/reach"


def her(knock: Knock) -> Any:
    """The client as the operations answer her."""
    return knock("lead", "GET", A_CLIENT).json


def test_she_asked_to_stop_at_one_press(ana: Visitor, knock: Knock) -> None:
    for channel in ("sms", "email"):
        knock("therapist", "PUT", f"{A_CLIENT}/consents/{channel}/{named(channel)}", CONSENT_BODY)
    assert "She asked to stop" in ana.get(HER_PAGE).text
    assert ana.send(f"{HER_PAGE}/stop").status_code == 303
    assert [one["in_force"] for one in her(knock)["consents"]] == [False, False]
    assert "nothing more is sent to her" in ana.get(f"{HER_PAGE}?stopped=").text


def test_a_flag_is_reviewed_where_it_is_seen(ana: Visitor, knock: Knock) -> None:
    knock("service", "PUT", f"{A_CLIENT}/flags/{named('flag')}", FLAG_BODY)
    assert "Something she wrote needs a look" in ana.get(HER_PAGE).text
    ana.send(f"{HER_PAGE}/flags/{named('flag')}")
    assert her(knock)["flags"][0]["reviewed_at"]
    assert "needs a look" not in ana.get(HER_PAGE).text


def test_a_win_is_written_down_once_however_often_it_is_sent(ana: Visitor, knock: Knock) -> None:
    ana.get(HER_PAGE)
    for _ in range(2):
        fields = {"id": str(named("win")), "kind": "showed_up", "text": "I came\r\nanyway", "goal": str(GOAL)}
        assert ana.send(f"{HER_PAGE}/wins", **fields).status_code == 303
    assert knock("therapist", "GET", f"/v1/goals/{GOAL}").json["wins"] == 1
    assert "I came\nanyway" in ana.get(HER_PAGE).text


def test_what_is_wrong_with_a_win_is_said_and_its_words_are_kept(ana: Visitor) -> None:
    ana.get(HER_PAGE)
    answer = ana.send(f"{HER_PAGE}/wins", id=str(named("win")), kind="effort", text="I tried", on="tomorrow")
    assert answer.status_code == 422
    assert "I tried</textarea>" in answer.text
    assert "Nothing is saved yet." in answer.text


def test_a_session_is_planned_by_the_clinics_clock_and_attended(ana: Visitor, knock: Knock) -> None:
    ana.get(HER_PAGE)
    ana.send(f"{HER_PAGE}/sessions", id=str(named("s")), starts_at="2026-03-02T10:00")
    session = her(knock)["sessions"][0]
    assert session["starts_at"] == "2026-03-02T15:00:00Z"
    ana.send(f"{HER_PAGE}/sessions/{named('s')}", starts_at=session["starts_at"], status="attended")
    assert her(knock)["sessions"][0]["status"] == "attended"
    assert "she came" in ana.get(HER_PAGE).text


@pytest.mark.parametrize("starts_at", ["", "soon", "2026-13-01T10:00"])
def test_a_session_without_a_time_is_not_planned(ana: Visitor, knock: Knock, starts_at: str) -> None:
    ana.get(HER_PAGE)
    assert ana.send(f"{HER_PAGE}/sessions", id=str(named("s")), starts_at=starts_at).status_code == 422
    assert her(knock)["sessions"] == []


def test_a_number_is_kept_and_consent_in_the_words_that_she_read(ana: Visitor, knock: Knock) -> None:
    assert "may send me texts" in ana.get(REACH).text
    ana.send(f"{REACH}/contacts/sms", address="+1 503 555 0143", seen="yes")
    assert ana.send(f"{REACH}/consents/sms", id=str(named("c"))).status_code == 422
    assert ana.send(f"{REACH}/consents/sms", id=str(named("c")), agrees="yes").status_code == 303
    state = her(knock)
    assert {one["channel"]: one["address"] for one in state["contacts"]}["sms"] == "+15035550143"
    assert state["consents"][0]["text_version"] == "room-2026-11"
    page = ana.get(REACH).text
    assert "She agreed to messages here." in page
    agreed = page.partition('id="consents"')[2].partition("</section>")[0]
    assert "on a page" in agreed
    assert "(room-2026-11)" in agreed
    assert "withdrawn" not in agreed
    ana.send(f"{REACH}/consents/sms/{named('c')}/withdraw")
    assert "withdrawn" in ana.get(REACH).text.partition('id="consents"')[2].partition("</section>")[0]


def test_a_wrong_number_is_said_beside_its_field(ana: Visitor, knock: Knock) -> None:
    ana.get(REACH)
    answer = ana.send(f"{REACH}/contacts/sms", address="12345")
    assert answer.status_code == 422
    assert "A phone number with its country code is expected" in answer.text
    assert 'value="12345"' in answer.text
    assert {one["channel"]: one["address"] for one in her(knock)["contacts"]}["sms"] == NUMBER


def test_preferences_and_a_reminder_are_kept(ana: Visitor, knock: Knock) -> None:
    ana.get(REACH)
    ana.send(f"{REACH}/preferences", label="morning calm", daily_cap="2", locale="en", time_zone="UTC")
    fields = {"kind": "practice", "channel": "sms", "days": ["tue", "mon"], "times": ["09:00", ""]}
    assert ana.send(f"{REACH}/reminders", id=str(named("r")), **fields).status_code == 303
    state = her(knock)
    assert (state["label"], state["daily_cap"], state["time_zone"]) == ("morning calm", 2, "UTC")
    assert state["reminders"][0]["cadence"] == {"days": ["mon", "tue"], "times": ["09:00"]}
    ana.send(f"{REACH}/reminders/{named('r')}/end")
    assert her(knock)["reminders"] == []


def test_a_clinical_label_is_refused_kindly(ana: Visitor) -> None:
    ana.get(REACH)
    answer = ana.send(f"{REACH}/preferences", label="anxiety work", locale="en", time_zone="UTC")
    assert answer.status_code == 422
    assert "A name that says nothing of care is expected" in answer.text


def test_reminders_rest_and_go_on_and_care_ends_and_goes_on(ana: Visitor, knock: Knock) -> None:
    ana.get(REACH)
    ana.send(f"{REACH}/pauses", id=str(named("p")), until="")
    assert "rest until somebody says so" in ana.get(REACH).text
    ana.send(f"{REACH}/pauses/{named('p')}/resume")
    assert her(knock)["pauses"][0]["resumed_at"]
    ana.send(f"{REACH}/care-ends", id=str(named("e")), reason="finished")
    assert "Her care ended on" in ana.get(HER_PAGE).text
    ana.send(f"{REACH}/care-ends/{named('e')}/resume")
    assert "Her care ended on" not in ana.get(HER_PAGE).text


def test_who_has_looked_is_told_by_name(ana: Visitor, knock: Knock) -> None:
    knock("lead", "GET", A_CLIENT, Cairn_Reason="A complaint")
    knock("therapist", "PUT", A_CLIENT, CLIENT_BODY)  # again: it is answered with all that there is
    page = ana.get(f"{HER_PAGE}/looks").text
    assert "A complaint" in page
    assert "Ana Ruiz" in page
    assert "who has looked" in page
    assert "her record, as something was written down" in page
    assert "Nobody has taken a copy." in ana.get(f"{HER_PAGE}/looks?show=copies").text


def test_an_erasure_is_asked_for_decided_and_called_off(ana: Visitor, app: Any, knock: Knock) -> None:
    copies = f"{HER_PAGE}/copies"
    ana.get(copies)
    ana.send(f"{HER_PAGE}/erasures", id=str(named("erasure")))
    lena = Visitor(app).signed_in("lead")
    assert "Maya Okafor" in lena.get("/clinic").text.partition("Erasures to decide")[2]
    decision = f"{HER_PAGE}/erasures/{named('erasure')}/decision"
    lena.get(copies)
    assert lena.send(decision, decision="granted").status_code == 422
    assert lena.send(decision, decision="granted", ground="She wishes it").status_code == 303
    assert "called off" in lena.get(copies).text
    lena.send(f"{HER_PAGE}/erasures/{named('erasure')}/cancel")
    assert her(knock)["erasures"][0]["cancelled_at"]


def test_a_copy_is_taken_for_a_purpose_and_who_took_it_is_told(ana: Visitor, knock: Knock) -> None:
    page = ana.get(f"{HER_PAGE}/copies").text
    assert 'value="jsonl"' in page
    assert 'value="legal"' not in page
    answer = ana.get(f"{HER_PAGE}/export?purpose=client&format=jsonl&goal=")
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "Deep breathing for five minutes" in answer.text
    look = knock("lead", "GET", f"/v1/access?client={CLIENT}").json["items"][1]
    assert (look["what"], look["purpose"], look["via"]) == ("export", "client", "web")
    assert ana.get(f"{HER_PAGE}/export?purpose=legal&format=jsonl").status_code == 403
    assert ana.get(f"{HER_PAGE}/export?purpose=fun&format=jsonl").status_code == 422


def test_only_a_lead_changes_a_team(ana: Visitor, app: Any, knock: Knock) -> None:
    ana.get(HER_PAGE)
    assert ana.send(f"{HER_PAGE}/team", staff_ids=[str(named("x"))]).status_code == 403
    lena = Visitor(app).signed_in("lead")
    page = lena.get(f"{HER_PAGE}/team").text
    assert "Ana Ruiz" in page
    chosen = her(knock)["staff_ids"] + ["00000000-0000-4000-8000-0000000000a9"]
    fields = {"staff_ids": chosen, "reason": "Covering in December"}
    assert lena.send(f"{HER_PAGE}/team", **fields).status_code == 303
    assert her(knock)["staff_ids"] == chosen
    told = lena.get(f"{HER_PAGE}/team").text.partition("Who was on it, and why it changed")[2]
    latest, _, first = told.partition("Covering in December")
    assert "Ana Ruiz, Lena Park" in latest
    assert "Ana Ruiz" in first


def test_a_form_without_its_number_is_refused(ana: Visitor) -> None:
    ana.get(HER_PAGE)
    assert ana.send(f"{HER_PAGE}/wins", kind="effort").status_code == 422
    assert ana.send(f"/goals/{UUID(int=3)}/notes/practice", id="x").status_code == 404

"""What she does on her page is in the log as her own act, by the web, however long the log is away."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from services.reminders.app import create_app
from shared.goals_client import GoalsAway
from tests.controls import CLIENT, NUMBER
from tests.reminders.both import HERS, Both
from tests.reminders.wired import Wired

FIRST, REMINDER = UUID(int=1), uuid4()
CADENCE = {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "times": ["12:00"]}


def pressed(both: Both, *forms: dict[str, str]) -> None:
    """She presses these buttons, one after the other."""
    app = create_app(both.settings)
    links = both.house.parts.links
    path = urlsplit(links.page(CLIENT, datetime.now(UTC) + timedelta(hours=1)) or "").path
    for form in forms:
        ours = {"form": links.form(path.removeprefix("/me/"), form["act"])}
        answer = app.test_client().post(path, data=form | ours)
        assert (answer.status_code, answer.location) == (303, f"{path}?saved")
    app.extensions["parts"].close()
    both.house.now = datetime.now(UTC)


def carried(both: Both) -> int:
    """How many facts the carrier brings to the log, however often it goes."""
    count = 0
    while told := both.carry():
        count += told
    return count


def test_every_button_is_her_own_act_in_the_log(both: Both) -> None:
    both.consent("sms", FIRST)
    reminder = {"kind": "practice", "channel": "sms", "cadence": CADENCE}
    both.put("therapist", f"{HERS}/reminders/{REMINDER}", reminder)
    both.put("therapist", f"{HERS}/preferences", {"label": "morning calm", "weekly_cap": 2})
    both.follow()
    pressed(
        both,
        {"act": "pause", "days": "7"},
        {"act": "resume"},
        {"act": "hours", "start": "22:15", "end": "06:45"},
        {"act": "switch", "what": "reminders", "channel": "sms", "to": "off"},
        {"act": "switch", "what": "reminders", "channel": "sms", "to": "on"},
        {"act": "switch", "what": "celebrations", "channel": "sms", "to": "off"},
        {"act": "stop", "channel": "sms"},
        {"act": "start", "channel": "sms"},
    )
    at_once = both.her()
    before = len(both.log())
    assert carried(both) == 8
    assert {state for state, _ in both.outgoing()} == {"told"}
    told = both.log()[before:]
    assert [item["type"].split(".", 1)[1] for item in told] == [
        "reminders.paused.v1",
        "reminders.resumed.v1",
        "client.preferences_set.v1",
        "reminder.planned.v1",
        "reminder.planned.v1",
        "reminder.planned.v1",
        "consent.withdrawn.v1",
        "consent.given.v1",
    ]
    assert {(item["actorkind"], item["actorid"], item["via"]) for item in told} == {
        ("client", str(CLIENT), "web")
    }
    both.follow()
    began = both.her().begun_at  # by the log's clock
    assert both.her() == replace(at_once, begun_at=began)
    assert (at_once.label, at_once.weekly_cap, at_once.quiet_start) == ("morning calm", 2, "22:15")


def test_what_she_did_holds_here_while_the_log_is_away(both: Both) -> None:
    both.consent("sms", FIRST)
    both.follow()
    with both.away():
        pressed(both, {"act": "pause", "days": "7"}, {"act": "resume"}, {"act": "stop", "channel": "sms"})
        with pytest.raises(GoalsAway):
            both.carry()
        assert not any(one.in_force for one in both.her().consents.values())
    both.house.later(seconds=2)
    assert carried(both) == 3


def test_what_she_stopped_here_nobody_else_starts(both: Both) -> None:
    both.consent("sms", FIRST)
    both.follow()
    pressed(both, {"act": "switch", "what": "celebrations", "channel": "sms", "to": "off"})
    pressed(both, {"act": "stop", "channel": "sms"})
    carried(both)
    assert both.consent("sms", uuid4()) == 403
    again = {"kind": "celebration", "channel": "sms"}
    assert both.ask("therapist", f"{HERS}/reminders/{uuid4()}", again) == 403


def test_plan_is_answered_with_a_link_that_opens_her_page(wired: Wired) -> None:
    wired.house.begin("sms")
    assert wired.writes("plan") == 200
    [answer] = wired.received()
    link = re.search(r"https://reminders\.example\.org(/me/\S+)", answer)
    assert link
    opened = wired.house.parts.links.read_page(link[1].removeprefix("/me/"))
    assert opened
    assert timedelta(hours=23) < opened.until - datetime.now(UTC) <= timedelta(hours=24)
    app = create_app(wired.settings)
    page = app.test_client().get(link[1])
    app.extensions["parts"].close()
    assert (page.status_code, "Your page" in page.text) == (200, True)
    assert NUMBER not in page.text

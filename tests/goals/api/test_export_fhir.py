"""A copy as FHIR, through the door: whole, checked, with her messages where they can be had."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from structlog.testing import capture_logs

from services.goals.api.call import ROOMS
from services.goals.api.example_fhir import BUNDLE
from services.goals.app import create_app
from services.goals.export.fhir.checks import run
from services.reminders.app import create_app as create_reminders
from services.reminders.parts import Parts
from shared.settings import Settings
from tests.conftest import Databases
from tests.controls import ADDRESS, CLIENT, GOAL, NAME, NUMBER, STATEMENT, WIN
from tests.goals.api.callers import (
    A_CLIENT,
    A_GOAL,
    EASED,
    TOKEN_KEY,
    Knock,
    begin,
    named,
    set_goal,
    settings,
    today,
)
from tests.goals.export.fhir.given import codes, of_kind
from tests.goals.export.fhir.judges import by_library, by_schema
from tests.reminders.house import House, milestone
from tests.serving import serving

COPY = f"{A_CLIENT}/export?format=fhir&purpose=transfer"
HER_OWN = f"{A_CLIENT}/export?format=fhir&purpose=client"
PUBLIC = "https://goals.example.org"


def copied(knock: Knock, path: str = COPY, who: str = "therapist") -> dict[str, Any]:
    """A bundle that everybody takes."""
    answer = knock(who, "GET", path)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/fhir+json"
    raw = answer.text.encode()
    assert by_library("Bundle", raw) == []
    assert by_schema("Bundle", raw) == []
    whole: dict[str, Any] = json.loads(raw)
    return whole


@pytest.fixture
def eased(active: Knock) -> Knock:
    """A house where her goal was eased, and she won something."""
    made = active("therapist", "PUT", f"{A_GOAL}/adjustments/{named('eased')}", EASED, If_Match='"2"')
    assert made.status_code == 201, made.text
    assert active("client", "PUT", f"{A_GOAL}/wins/{named('won')}", {"text": WIN}).status_code == 201
    return active


@pytest.fixture
def reminding(databases: Databases, broker_url: str) -> Iterator[tuple[Knock, House]]:
    """A house that looks across to a real reminder service, and that one."""
    theirs = Settings(
        reminders_database_url=databases.reminders,
        reminders_vault_database_url=databases.reminders_vault,
        broker_url=broker_url,
        goals_url="http://127.0.0.1:9",
        master_key=bytes(32),
        token_key=TOKEN_KEY,
    )
    beside, parts = create_reminders(theirs), Parts(theirs)
    with serving(beside) as url:
        ours = settings(databases.goals, databases.vault, reminders_url=url, goals_public_url=PUBLIC)
        app: Flask = create_app(ours, threads=8)
        yield Knock(app), House(parts)
        app.extensions[ROOMS].close()
    parts.close()
    beside.extensions["parts"].close()


def test_her_record_is_there_and_says_who_changed_what_and_why(eased: Knock) -> None:
    whole = copied(eased)
    assert [one["id"] for one in of_kind(whole, "Patient")] == [str(CLIENT)]
    versions = of_kind(whole, "Goal")
    assert [one["meta"]["versionId"] for one in versions] == ["1", "2", "3"]
    assert {note["id"]: note["text"] for note in versions[-1]["note"]}["statement"] == STATEMENT
    told = of_kind(whole, "Provenance")[-1]
    assert told["target"] == [{"reference": f"Goal/{GOAL}/_history/3"}]
    assert told["reason"][0]["text"] == EASED["reason"]
    assert [one["note"] for one in of_kind(whole, "Observation") if codes(one["code"]) == ["win"]] == [
        [{"text": WIN}]
    ]


def test_her_name_and_where_she_is_reached_are_not_in_it(eased: Knock) -> None:
    said = str(copied(eased))
    assert not any(hers in said for hers in (NAME, NUMBER, ADDRESS))


def test_where_the_reminder_service_is_away_the_copy_says_what_is_missing(eased: Knock) -> None:
    (outcome,) = of_kind(copied(eased), "OperationOutcome")
    assert outcome["issue"][0]["code"] == "incomplete"


def test_her_messages_are_in_it_and_the_addresses_are_the_public_ones(
    reminding: tuple[Knock, House],
) -> None:
    knock, house = reminding
    begin(knock)
    set_goal(knock)
    house.begin("sms")
    house.happens(milestone())
    house.answer()
    whole = copied(knock)
    (sent,) = of_kind(whole, "Communication")
    assert (sent["status"], codes(sent["medium"][0])) == ("completed", ["SMSWRIT"])
    assert of_kind(whole, "OperationOutcome") == []
    assert all(entry["fullUrl"].startswith(f"{PUBLIC}/fhir/") for entry in whole["entry"])


def test_of_whom_it_has_not_heard_nothing_was_sent_and_nothing_is_missing(
    reminding: tuple[Knock, House],
) -> None:
    knock, _ = reminding
    begin(knock)
    assert len(copied(knock)["entry"]) == 1


def test_a_copy_is_in_the_access_log_with_its_purpose(eased: Knock) -> None:
    copied(eased, HER_OWN, "client")
    items = eased("lead", "GET", f"/v1/access?client={CLIENT}").json["items"]
    (look,) = [item for item in items if item["what"] == "get_export"]
    assert (look["purpose"], look["actor"]["role"]) == ("client", "client")


def test_one_goal_alone_or_what_was_recorded_since(eased: Knock) -> None:
    whole = copied(eased, f"{COPY}&goal={GOAL}")
    assert of_kind(whole, "OperationOutcome") == []
    assert len(of_kind(whole, "Goal")) == 3
    tomorrow = copied(eased, f"{COPY}&to={today() - timedelta(days=30)}")
    assert of_kind(tomorrow, "Goal") == []


def test_what_is_not_as_fhir_asks_is_not_sent_and_the_log_names_ids_alone(
    eased: Knock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing_passes(_: dict[str, Any]) -> bool:
        return False

    monkeypatch.setattr(run, "OF_ANY", (nothing_passes,))
    with capture_logs() as lines:
        answer = eased("therapist", "GET", COPY)
    assert answer.status_code == 500
    assert answer.content_type == "application/problem+json"
    assert not any(words in answer.text for words in (STATEMENT, WIN, str(GOAL)))
    (line,) = [one for one in lines if one["event"] == "export_unsound"]
    assert f"nothing_passes: Goal/{GOAL}" in line["broken"]
    assert not any(words in str(lines) for words in (STATEMENT, WIN, str(EASED["reason"])))


def test_the_example_is_what_everybody_takes() -> None:
    run.must_be_sound(BUNDLE)
    raw = json.dumps(BUNDLE).encode()
    assert by_library("Bundle", raw) == by_schema("Bundle", raw) == []


@pytest.mark.parametrize("who", ["service", "operator", "another client"])
def test_whoever_may_not_read_her_takes_no_copy(eased: Knock, who: str) -> None:
    assert eased(who, "GET", COPY).status_code in (403, 404)

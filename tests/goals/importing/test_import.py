"""Importing a clinic's clients from elsewhere: the whole past of a client, once, however often it is run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from services.goals import current
from services.goals.beats import House
from services.goals.commands import goals
from services.goals.erasing.last_event import erase
from services.goals.handle import handle_clinic
from services.goals.log.verify import verify
from services.goals.rebuilding.rebuild import check
from services.goals.rules.access import Who
from services.goals.rules.client import Client
from services.goals.rules.commands.client import AskErasure, DecideErasure, SetPreferences
from services.goals.rules.commands.win import VoidWin
from services.goals.rules.goal import Goal
from shared.database import engine
from shared.events import ConsentGiven, MilestoneReached, PracticeLogged, WinRecorded, fact_id
from shared.settings import other_variables
from tests import controls as c
from tests.conftest import Databases
from tests.goals.asking import NORTHSIDE, OPERATOR, ask, record_of, types_of
from tests.goals.importing.files import (
    BEGAN,
    CLIENT,
    CONSENT,
    GOAL,
    LINES,
    MAYA,
    MAYAS_GOAL,
    PRACTICE,
    WIN,
    Import,
    client,
    on,
)

LEAD = Who("lead", str(c.COLLEAGUE), c.CLINIC)
NOTHING = "Events imported: 0. Clients that grew: 0; there already: 1.\n"
CAIRN = Path(sys.executable).parent / "cairn"


def events_in(databases: Databases) -> int:
    admin = engine(databases.goals_admin, pool_size=1)
    with admin.connect() as connection:
        count = int(connection.scalar(text("SELECT count(*) FROM cairn.event")))
    admin.dispose()
    return count


def must_be_sound(house: House) -> None:
    assert [found.fault for found in verify(house.engine) if found.fault] == []
    assert check(house.engine, house.vault).different == 0


def test_all_that_a_file_says_of_a_client_is_in_her_record(imports: Import, house: House) -> None:
    assert imports(*LINES) == (0, "Events imported: 16. Clients that grew: 1; there already: 0.\n")
    counted = Counter(kind.removeprefix("cairn.").removesuffix(".v1") for kind in types_of(house, MAYA))
    assert counted == {
        "client.registered": 1, "client.team_set": 1, "client.contact_set": 2, "client.preferences_set": 1,
        "consent.given": 1, "goal.drafted": 1, "goal.set": 1, "practice.logged": 2, "win.recorded": 1,
        "rating.recorded": 1, "milestone.reached": 3, "goal.achieved": 1,
    }  # fmt: skip
    with house.engine.connect() as connection:
        her = current.get(connection, house.vault, c.CLINIC, MAYA)
        goal = current.get(connection, house.vault, c.CLINIC, MAYAS_GOAL)
    assert her is not None
    assert goal is not None
    assert isinstance(her.state, Client)
    assert isinstance(goal.state, Goal)
    assert (her.state.name, her.state.team, her.state.contacts["sms"].address) == (
        c.NAME, (c.THERAPIST,), c.NUMBER,
    )  # fmt: skip
    assert (goal.state.status, goal.state.practices, goal.state.ratings[0].value) == ("achieved", 2, 0)
    must_be_sound(house)


def test_each_thing_is_of_its_own_time_and_came_in_by_import(imports: Import, house: House) -> None:
    imports(*LINES)
    events = record_of(house, MAYA)
    assert {(event.actor.kind, event.actor.id, event.actor.via) for event in events} == {
        ("therapist", str(c.THERAPIST), "import")
    }
    assert {event.recorded_at.date() for event in events} == {datetime.now(UTC).date()}
    practice = next(event for event in events if isinstance(event.data, PracticeLogged))
    assert practice.time == datetime.combine(
        BEGAN + timedelta(days=2), datetime.min.time().replace(hour=12), ZoneInfo(c.ZONE)
    )
    [consent] = [event.data for event in events if isinstance(event.data, ConsentGiven)]
    assert (consent.via, consent.given_by, consent.text_version) == ("web", "client", "old-3")
    assert {event.data.rule for event in events if isinstance(event.data, MilestoneReached)} == {
        "first_step", "first_win", "goal_achieved",
    }  # fmt: skip


def test_importing_again_changes_nothing(imports: Import, databases: Databases) -> None:
    imports(*LINES)
    before = events_in(databases)
    assert imports(*LINES) == (0, NOTHING)
    assert events_in(databases) == before


def test_what_was_set_since_is_not_set_back(imports: Import, house: House) -> None:
    imports(*LINES)
    quiet = SetPreferences(quiet_start="19:00", quiet_end="09:00")
    ask(replace(house, now=lambda: datetime.now(UTC)), MAYA, quiet)
    assert imports(*LINES) == (0, NOTHING)


def test_what_was_taken_back_since_does_not_come_back(imports: Import, house: House) -> None:
    imports(*LINES)
    [win] = [event.data for event in record_of(house, MAYA) if isinstance(event.data, WinRecorded)]
    ask(house, MAYA, VoidWin(win_id=win.win_id))
    assert imports(*LINES) == (0, NOTHING)


def test_a_consent_that_was_withdrawn_is_so_and_stays_so(imports: Import, house: House) -> None:
    gone = CONSENT | {"withdrawn_at": f"{on(9)}T10:00:00Z"}
    assert imports(CLIENT, gone)[0] == 0
    assert types_of(house, MAYA)[-2:] == ["cairn.consent.given.v1", "cairn.consent.withdrawn.v1"]
    assert imports(CLIENT, gone) == (0, NOTHING)


def test_a_longer_file_adds_what_is_new(imports: Import, house: House) -> None:
    imports(CLIENT, GOAL, PRACTICE)
    added = imports(CLIENT, GOAL, PRACTICE, PRACTICE, WIN)
    assert added == (0, "Events imported: 3. Clients that grew: 1; there already: 0.\n")
    assert types_of(house, MAYA).count("cairn.practice.logged.v1") == 2
    must_be_sound(house)


def test_an_id_of_the_file_is_one_fact_whatever_its_place(imports: Import, house: House) -> None:
    imports(CLIENT, WIN)
    other = WIN | {"text": "Other words"}
    assert imports(CLIENT, other)[0] == 1
    [win] = [event for event in record_of(house, MAYA) if isinstance(event.data, WinRecorded)]
    assert win.event_id == fact_id(MAYA, "win", win.data.win_id)  # type: ignore[attr-defined]


def test_one_bad_line_and_nothing_is_changed(imports: Import, databases: Databases) -> None:
    before = events_in(databases)
    status, said = imports(client(1), *LINES, client(2), {"what": "win", "client": "c2", "text": c.WIN}, "{")
    assert (status, said.splitlines()[-1]) == (1, "Lines that are not right: 2. Nothing was changed.")
    assert "line 11: id: " in said
    assert "line 12: A line holds one JSON object" in said
    assert c.WIN not in said
    assert events_in(databases) == before


def test_a_number_is_one_clients_in_the_clinic_and_in_the_file(imports: Import, databases: Databases) -> None:
    imports(*LINES)
    before = events_in(databases)
    number = {"contacts": {"sms": {"address": c.NUMBER}}}
    other = {"contacts": {"email": {"address": "noor@example.org"}}}
    status, said = imports(client(1, **number), client(2, **other), client(3, **other))
    assert status == 1
    assert "line 1: contacts: " in said
    assert "line 2: contacts: " not in said
    assert "line 3: contacts: " in said
    assert c.NUMBER not in said
    assert events_in(databases) == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--therapist", "nobody@example.org"], "Nobody of the clinic's staff"),
        (["--clinic", str(c.OTHER_CLINIC)], "There is no such clinic here"),
    ],
)
def test_who_is_not_there_is_said_before_anything_is_read(
    imports: Import, options: list[str], said: str
) -> None:
    status, told = imports(*LINES, options=options)
    assert status in (1, 2)
    assert said in told


def test_two_who_import_the_same_at_once_write_it_once(imports: Import, house: House) -> None:
    lines = [one for n in range(150) for one in (client(n), {"what": "win", "client": f"c{n}", "on": on(3)})]
    imports(*lines[:2])
    with ThreadPoolExecutor(2) as both:
        file = imports.place / "clients.jsonl"
        imports_of = [both.submit(Import.of, imports, file) for _ in range(2)]
        assert [done.result()[0] for done in imports_of] == [0, 0]
    with ThreadPoolExecutor(2) as both:
        done = [both.submit(imports, *lines, name=f"{n}.jsonl") for n in range(2)]
        assert [one.result()[0] for one in done] == [0, 0]
    assert imports(*lines) == (0, "Events imported: 0. Clients that grew: 0; there already: 150.\n")
    must_be_sound(house)


def test_an_import_that_was_killed_goes_on_where_it_was(
    imports: Import, house: House, databases: Databases, tmp_path: Path
) -> None:
    lines = [one for n in range(900) for one in (client(n), {"what": "win", "client": f"c{n}", "on": on(3)})]
    imports(client(0), name="one.jsonl")
    before, file = events_in(databases), tmp_path / "all.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    running = subprocess.Popen(
        [CAIRN, "goals", "import", file, "--clinic", str(c.CLINIC)],
        env=other_variables(os.environ) | imports.settings.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ends = time.monotonic() + 60
    while events_in(databases) == before and time.monotonic() < ends:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    assert running.wait(10) == -signal.SIGKILL
    halfway = events_in(databases) - before
    assert halfway % 5 == 3  # whole clients alone: of the first her win, of each other all
    assert imports.of(file)[0] == 0
    assert events_in(databases) - before == 900 * 5 - 2
    assert imports.of(file) == (0, "Events imported: 0. Clients that grew: 0; there already: 900.\n")
    must_be_sound(house)


def test_she_who_was_erased_is_not_brought_back(imports: Import, house: House) -> None:
    imports(*LINES)
    asked = c.named(1)
    ask(house, MAYA, AskErasure(erasure_id=asked))
    ask(house, MAYA, DecideErasure(erasure_id=asked, decision="granted", ground="She asked"), LEAD)
    erase(house, c.CLINIC, MAYA, asked, timedelta(0), correlation_id="a-test")
    said = "line 1: She was erased here; nothing of her is brought back."
    assert imports(*LINES) == (1, f"{said}\nLines that are not right: 1. Nothing was changed.\n")


def test_the_only_clinic_need_not_be_named_and_one_of_several_must(imports: Import, house: House) -> None:
    imports(*LINES)
    file = str(imports.place / "clients.jsonl")
    done = CliRunner().invoke(goals, ["import", file], obj=imports.settings)
    assert (done.exit_code, done.output) == (0, NOTHING)
    handle_clinic(house, OPERATOR, c.OTHER_CLINIC, NORTHSIDE, correlation_id="a-test")
    done = CliRunner().invoke(goals, ["import", file], obj=imports.settings)
    assert done.exit_code == 2
    assert "--clinic" in done.output

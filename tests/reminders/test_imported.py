"""What an import brings begins nothing: a real import, the real feed, and the follower behind it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.reminders.team.flagging import remind
from shared.events import Actor, SafetyFlagged, SafetyReviewed, StaffSet, TeamSet
from tests import controls as c
from tests.goals.importing.files import CLIENT, CONSENT, GOAL, MAYA, MAYAS_GOAL, PRACTICE, RATING, WIN, Import
from tests.reminders.both import Both
from tests.reminders.house import A_CLINIC, CLINIC, REGISTERED, House

SOON = datetime.now(UTC).date() + timedelta(days=30)
HERS = CLIENT | {"contacts": {"sms": {"address": "+15035550177", "verified_by": "seen"}}}
STILL_ON = GOAL | {"end_on": str(SOON), "review_on": [str(SOON)]}
BY_IMPORT = Actor("therapist", str(c.THERAPIST), "import")


@pytest.fixture
def imported(both: Both, tmp_path: Path) -> Both:
    """Both houses, after an import of a client who consented, practised, rated and won."""
    staff = {"role": "therapist", "name": "Ana Ruiz", "email": "ana@example.org"}
    both.put("operator", f"/v1/clinics/{c.CLINIC}/staff/{c.THERAPIST}", staff)
    lines = (HERS, CONSENT, STILL_ON, PRACTICE, PRACTICE, RATING, WIN)
    status, said = Import(both.goals_settings, tmp_path)(*lines)
    assert status == 0, said
    both.follow()
    return both


def prompts(both: Both) -> list[tuple[str, datetime]]:
    with both.house.parts.engine.connect() as connection:
        return [(row.kind, row.due_at) for row in connection.execute(text("SELECT kind, due_at FROM prompt"))]


def test_nothing_is_celebrated_welcomed_or_asked_about_the_past(imported: Both) -> None:
    assert imported.house.messages(MAYA) == []
    assert imported.house.rung == []
    coming = prompts(imported)
    assert {kind for kind, _ in coming} == {"review"}
    assert min(due_at for _, due_at in coming) > datetime.now(UTC) + timedelta(days=20)


def test_what_she_does_next_counts_on_what_was_imported_and_is_celebrated(imported: Both) -> None:
    imported.put("therapist", f"/v1/goals/{MAYAS_GOAL}/practices/{uuid4()}", {})
    imported.follow()
    rules = {milestone for one in imported.house.messages(MAYA) for milestone in one["kinds"]}
    assert rules == {"celebration"}
    assert {kind for kind, _ in prompts(imported)} == {"review", "quiet"}


def flagged(house: House, actor: Actor) -> SafetyFlagged:
    house.happens(
        A_CLINIC,
        StaffSet(staff_id=c.THERAPIST, role="therapist", name="Ana", email="ana@example.org"),
        record=CLINIC,
    )
    house.happens(REGISTERED, TeamSet(staff_ids=(c.THERAPIST,)))
    flag = SafetyFlagged(flag_id=uuid4(), message_ref="SM1", crisis_line="988")
    house.happens(flag, actor=actor)
    return flag


def told_the_next_morning(house: House) -> int:
    return remind(
        house.parts.engine, house.parts.vault, house.rung.extend, house.now + timedelta(days=1, hours=12)
    )


def test_a_flag_is_told_at_once_and_an_imported_one_the_next_morning_if_nobody_has_looked(
    house: House,
) -> None:
    flagged(house, BY_IMPORT)
    assert house.rung == []
    assert told_the_next_morning(house) == 1
    assert len(house.rung) == 1


def test_an_imported_flag_that_was_reviewed_is_told_to_nobody(house: House) -> None:
    flag = flagged(house, BY_IMPORT)
    house.happens(SafetyReviewed(flag_id=flag.flag_id), actor=BY_IMPORT)
    assert told_the_next_morning(house) == 0
    assert house.rung == []


def test_any_other_flag_is_told_at_once(house: House) -> None:
    flagged(house, Actor("system", "reminders", "sms"))
    assert len(house.rung) == 1

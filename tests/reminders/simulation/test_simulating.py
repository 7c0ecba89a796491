"""A crowd in virtual time: the same seed is the same crowd, and no rule is broken over however many days."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from services.reminders.rules.hours import hours_of, is_quiet, local_day
from services.reminders.simulation.command import simulate as command
from services.reminders.simulation.crowd import CLINIC, one
from services.reminders.simulation.life import live
from services.reminders.simulation.load import Load, simulate
from services.reminders.simulation.shown import lines

BEGINS = datetime(2026, 2, 23, tzinfo=UTC)
"""Two weeks before the clocks change in the United States."""


@pytest.mark.parametrize("number", range(25))
def test_nobody_is_written_to_in_quiet_hours_or_above_her_cap(number: int) -> None:
    her = one(7, number)
    life = live(her, BEGINS, 30)
    hours = hours_of(her.person, CLINIC)
    assert life.messages
    assert not [message for message in life.messages if is_quiet(hours, message.at)]
    a_day = Counter(local_day(her.person.time_zone, message.at) for message in life.messages)
    assert max(a_day.values()) <= 3
    assert {message.segments for message in life.messages} == {1}


def test_who_falls_silent_is_nudged_ever_less_and_then_not_at_all() -> None:
    her = one(7, 1)._replace(answers=1.0, drifts=1.0)
    life = live(her, BEGINS, 90)
    nudges = [message for message in life.messages if "practice" in message.kinds]
    by_week = Counter((message.at - BEGINS).days // 7 for message in nudges)
    assert by_week[0] > by_week[1] > 0
    assert not [week for week in by_week if week > 5]
    assert set(life.dropped) >= {"tapered", "no_sign_of_her"}


def test_a_crowd_lives_by_all_kinds() -> None:
    load = simulate(12, BEGINS, 90, 7, 1, lambda _: None)
    assert set(load.kinds) == {"practice", "rating", "review", "quiet", "celebration"}


def test_the_same_seed_is_the_same_crowd_on_however_many_processes() -> None:
    alone = simulate(60, BEGINS, 7, 3, 1, lambda _: None)
    together = simulate(60, BEGINS, 7, 3, 2, lambda _: None)
    assert alone == together
    assert simulate(60, BEGINS, 7, 4, 1, lambda _: None) != alone


def test_a_queue_grows_while_more_come_than_go_and_is_worked_off_after() -> None:
    load = Load(clients=1, messages=360, segments=360, by_minute=Counter({0: 300, 1: 60}))
    assert load.longest_queue(per_second=2) == (180, 2)
    assert load.longest_queue(per_second=10) == (0, 0)
    assert load.busiest_minute() == 300


def test_the_day_is_drawn_hour_by_hour() -> None:
    load = Load(clients=10, messages=30, segments=30, by_minute=Counter({9 * 60: 20, 21 * 60: 10}))
    drawn = [line for line in lines(load, 1) if line.strip().startswith(("09:00", "21:00"))]
    assert [line.count("█") for line in drawn] == [50, 25]


def test_the_command_ends_in_a_report() -> None:
    done = CliRunner().invoke(command, ["--clients", "20", "--days", "7"])
    assert done.exit_code == 0, done.output
    assert "20 clients over 7 days" in done.output
    assert "segments in the busiest minute" in done.output
    assert "Messages by what they say\n  practice" in done.output
    assert "never said" in done.output.lower()

"""Every benchmark runs, at its tiniest size; what it finds is no test's business."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import (
    append,
    as_of,
    bulk,
    clone,
    deliver,
    feed,
    following,
    growth,
    idle,
    memory,
    pages,
    put_win,
    queue,
    results,
    verifying,
    wall,
)
from bench.command import ROWS, row
from bench.figures import Goal, Result, Table, percentile, ratios
from bench.rounds import interleaved

GOAL = Goal("beside the other", (2.0, 4.0, 3.0), 2.5, "times")


def silent(_what: str) -> None:
    """Nobody looks."""


def test_appends_are_measured_in_the_database_and_in_python() -> None:
    result = append.one(silent, append.QUICK)
    assert [line[1] for line in result.tables[0].rows] == [
        append.BARE, append.APPEND, append.ONE_LOCK,
        append.BARE, append.APPEND, append.SOURCED, append.FUNCTIONS,
    ]  # fmt: skip
    assert all(goal.found for goal in result.goals)


def test_a_win_is_put_over_http_beside_two_other_routes() -> None:
    result = put_win.put_win(silent, put_win.QUICK)
    trips = result.goals[0]
    assert trips.reached, "what is counted does not depend on how fast the machine is"
    assert [line[1] for line in result.tables[0].rows] == [put_win.OURS, put_win.BARE, put_win.SOURCED]


def test_an_import_is_measured_beside_a_copy_of_its_rows() -> None:
    result = bulk.bulk(silent, bulk.QUICK)
    assert [line[0] for line in result.tables[0].rows] == [bulk.COPIED, bulk.WRITTEN, bulk.WHOLE]
    assert all(goal.found for goal in result.goals)


def test_the_log_is_verified_and_what_is_kept_is_compared_with_it() -> None:
    result = verifying.verifying(silent, verifying.QUICK)
    assert [line[0] for line in result.tables[0].rows] == [
        verifying.VERIFIED,
        verifying.SEALED,
        verifying.REBUILT,
    ]
    assert all(goal.found for goal in result.goals)


def test_the_feed_is_measured_beside_a_scan_of_its_rows() -> None:
    result = feed.feed(silent, feed.QUICK)
    assert [line[0] for line in result.tables[0].rows] == [feed.SCANNED, feed.PAGES, feed.FOLLOWED]
    assert all(goal.found for goal in result.goals)


def test_a_follower_comes_to_the_end_of_the_log() -> None:
    result = following.following(silent, following.QUICK)
    assert [line[0] for line in result.tables[0].rows] == [following.READ, following.CAUGHT_UP]


def test_the_wall_is_planned_by_one_statement_and_by_one_process_and_by_two() -> None:
    result = wall.wall(silent, wall.QUICK)
    assert [line[0] for line in result.tables[0].rows] == [wall.STATEMENT, wall.ONE, wall.TWO, wall.RUNG]
    assert all(goal.found for goal in result.goals)


def test_a_longer_log_is_measured_beside_a_short_one() -> None:
    result = growth.growth(silent, growth.QUICK)
    named = [growth.APPEND, growth.FEED, growth.AS_OF, growth.WALL]
    assert [goal.what for goal in result.goals] == named
    assert all(goal.found for goal in result.goals)


def test_messages_are_sent_by_real_workers_beside_an_actor_that_sleeps() -> None:
    result = deliver.deliver(silent, deliver.QUICK)
    assert [line[1] for line in result.tables[0].rows] == [deliver.SENT, deliver.SLEPT]
    assert all(goal.found for goal in result.goals)


def test_jobs_that_do_nothing_are_run_by_each_library() -> None:
    result = queue.queue(silent, queue.QUICK)
    assert [line[0] for line in result.tables[0].rows] == [queue.OURS, queue.CELERY, queue.PROCRASTINATE]
    assert all(goal.found for goal in result.goals)


def test_a_goal_as_of_a_day_is_measured_beside_loading_it() -> None:
    result = as_of.as_of(silent, as_of.QUICK)
    assert [line[0] for line in result.tables[0].rows] == [as_of.LOADED, as_of.KNOWN, as_of.TRUE]
    assert all(goal.found for goal in result.goals)


def test_the_pages_of_a_record_are_measured_as_their_visitor_waits_for_them() -> None:
    result = pages.pages(silent, pages.QUICK)
    assert len(result.tables[0].rows) == 15
    assert [goal.what for goal in result.goals][1:] == ["the largest page"]
    assert result.goals[1].reached, "what is counted does not depend on how fast the machine is"


def test_a_win_on_an_idle_system_reaches_the_provider() -> None:
    result = idle.idle(silent, idle.QUICK)
    assert result.tables[0].rows[0][0] == "2"
    assert idle.WORKER in [row[0] for row in result.tables[1].rows]
    assert all(goal.found for goal in result.goals)


def test_the_memory_of_each_process_is_watched_while_messages_go() -> None:
    result = memory.memory(silent, memory.QUICK)
    assert {"cairn goals serve", "cairn reminders work"} <= {line[0] for line in result.tables[0].rows}
    assert all(goal.found for goal in result.goals)


def test_a_clone_makes_what_it_is_asked_for() -> None:
    result = clone.clone(silent, clone.QUICK)
    assert [goal.reached for goal in result.goals] == [True, True]


@pytest.mark.parametrize("name", ROWS)
def test_every_name_has_its_benchmark(name: str) -> None:
    assert callable(row(name))


def test_what_is_compared_takes_turns_after_a_first_turn_that_is_thrown_away() -> None:
    turns: list[str] = []

    def turn(name: str) -> int:
        turns.append(name)
        return len(turns)

    assert interleaved(["a", "b"], 2, turn, silent) == {"a": [3, 5], "b": [4, 6]}
    assert turns == ["a", "b"] * 3


def test_a_goal_is_judged_by_the_median_of_its_rounds() -> None:
    assert GOAL.reached
    assert GOAL.row() == ("beside the other", "≥ 2.5 ×", "3.0 × (2.0 × to 4.0 ×)", "yes")
    assert not Goal("p99", (0.5,), 0.3, "ms", at_least=False).reached


def test_ratios_are_of_the_same_round() -> None:
    assert ratios([10, 30], [5, 10]) == (2, 3)


@pytest.mark.parametrize(("share", "value"), [(0, 1), (0.5, 50), (0.99, 99), (1, 100)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: float) -> None:
    assert percentile(list(range(100, 0, -1)), share) == value


def test_a_result_replaces_the_last_one_of_its_name_alone(tmp_path: Path) -> None:
    page = tmp_path / "RESULTS.md"
    first, second = (Result(f"{n}. So", "How.", (Table(("a", "b"), (("1", "2"),)),), (GOAL,)) for n in (1, 2))
    results.keep("one", first, "here, now", page)
    results.keep("two", second, "here, now", page)
    kept = page.read_text()
    results.keep("one", first, "there, then", page)
    again = page.read_text()
    assert again == kept.replace("here, now", "there, then", 1)
    assert [line for line in again.splitlines() if line.startswith("## ")] == [
        "## 1. So: `one`",
        "## 2. So: `two`",
    ]

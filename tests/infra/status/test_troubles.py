"""What needs a person by one look: the same limits as what rings, and the same entry of the runbook."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from infra.status.troubles import ABOVE, AWAY, Above, troubles
from tests.infra.status.pages import WELL, figures
from tests.infra.watching import RUNBOOK, rules

NOW = datetime(2026, 3, 9, 15, 0, tzinfo=UTC)
AT = NOW.timestamp()


def found(*lines: str) -> list[tuple[str, str, str]]:
    """What is wrong where these lines are shown beside what is well."""
    kinds = {line.partition("{")[0].partition(" ")[0] for line in lines}
    kept = "\n".join(line for line in WELL.splitlines() if line.partition("{")[0].split(" ")[0] not in kinds)
    typed = "\n".join(f"# TYPE {kind} gauge" for kind in kinds)
    return [
        (one.urgency, one.alert, one.says)
        for one in troubles(figures(f"{kept}\n{typed}\n" + "\n".join(lines) + "\n"), [], NOW)
    ]


def test_where_all_is_well_nothing_is_said() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("line", "urgency", "alert", "says"),
    [
        ("cairn_signpost_wait_seconds 61", "page", "SignpostNotAccepted", "has waited for 61 s"),
        ("cairn_seal_fails 1", "page", "LogNotSound", "not as they were made"),
        ("cairn_sending_held 1", "page", "SendingHeld", "the ledger was restored"),
        ('cairn_sender_troubles{channel="sms",cause="filter"} 3', "page", "SenderRefused", "3 messages"),
        ('cairn_due_lag_seconds{queue="sms-now"} 61', "page", "SendingLate", "sms-now has waited for 61 s"),
        ('cairn_due_lag_seconds{queue="email-bulk"} 720', "page", "SendingLate", "email-bulk has"),
        ("cairn_sending_oldest_seconds 601", "page", "SweeperStopped", "10 min ago"),
        ('cairn_schedule_lag_seconds{kind="reminder"} 301', "page", "SchedulingLate", "reminders"),
        ('cairn_lane_wait_seconds{lanes="16-31"} 90', "page", "FollowersBehind", "lanes 16-31"),
        ("cairn_lane_lag_seconds 61", "page", "FollowersBehind", "61 s behind"),
        ("cairn_outgoing_lag_seconds 301", "page", "FactsUntold", "5 min for the log"),
        ("cairn_http_behind 17", "page", "Overloaded", "17 requests"),
        ('cairn_parked_records{reason="BadEvent"} 1', "ticket", "RecordsParked", "1 records"),
        ('cairn_parked_records{reason="BadEvent"} 20', "page", "RecordsParked", "20 records"),
        ('cairn_messages_set_aside{reason="KeyError"} 2', "ticket", "MessagesSetAside", "2 messages"),
        ("cairn_erasure_overdue_seconds 7200", "ticket", "ErasureOverdue", "2 h"),
        ('cairn_pool_connections{database="vault",state="used"} 17', "ticket", "PoolExhausted", "17"),
        ("process_resident_memory_bytes 250e6", "ticket", "MemoryGrows", "250 MB"),
        ("cairn_ledger_read 0", "page", "DatabaseAway", "the ledger cannot be read"),
        ("cairn_log_read 0", "page", "DatabaseAway", "the log cannot be read"),
        ("cairn_bell_reached 0", "page", "BellAway", "Valkey"),
        ("cairn_followers 0", "page", "NobodyFollows", "no follower"),
        (f"cairn_feed_read_timestamp_seconds {AT - 61}", "page", "FeedSilent", "for 61 s"),
        (f"cairn_feed_read_timestamp_seconds 0\nprocess_start_time_seconds {AT - 61}",
         "page", "FeedSilent", "for 61 s"),
    ],
)  # fmt: skip
def test_a_figure_beyond_its_limit_is_said_by_its_alert(
    line: str, urgency: str, alert: str, says: str
) -> None:
    [(how, which, words)] = found(line)
    assert (how, which) == (urgency, alert)
    assert says in words


@pytest.mark.parametrize(
    "line",
    [
        "cairn_signpost_wait_seconds 60",
        'cairn_due_lag_seconds{queue="sms-now"} 60',
        'cairn_due_lag_seconds{queue="sms-bulk"} 600',
        'cairn_pool_connections{database="goals",state="idle"} 18',
        'cairn_parked_records{reason=""} 0',
        f"cairn_feed_read_timestamp_seconds {AT - 60}",
        f"cairn_feed_read_timestamp_seconds 0\nprocess_start_time_seconds {AT - 60}",
    ],
)
def test_up_to_its_limit_nothing_is_wrong(line: str) -> None:
    assert found(line) == []


def test_followers_are_behind_by_more_than_a_thousand_events() -> None:
    log = ['cairn_log_events{lanes="0-15"} 2000', 'cairn_log_events{lanes="16-31"} 3000']
    near, far = ('cairn_followed_events{lanes="0-15"} 1000', 'cairn_followed_events{lanes="0-15"} 999')
    rest = 'cairn_followed_events{lanes="16-31"} 3000'
    assert found(*log, near, rest) == []
    assert found(*log, far, rest) == [("page", "FollowersBehind", "1,001 events of the log are not applied")]


def test_sealing_is_behind_where_something_is_unsealed_for_more_than_two_periods() -> None:
    period, late = "cairn_seal_period_seconds 3600", f"cairn_seal_made_timestamp_seconds {AT - 7201}"
    assert found(period, late, "cairn_seal_behind_events 0") == []
    assert found(period, f"cairn_seal_made_timestamp_seconds {AT - 7200}", "cairn_seal_behind_events 5") == []
    [(_, alert, words)] = found(period, late, "cairn_seal_behind_events 5")
    assert (alert, words) == ("SealingBehind", "5 events are without a seal")


def test_while_sending_is_held_it_is_no_wonder_that_nothing_goes() -> None:
    late = ['cairn_due_lag_seconds{queue="sms-now"} 900', 'cairn_schedule_lag_seconds{kind="prompt"} 900']
    assert [alert for _, alert, _ in found("cairn_sending_held 1", *late)] == ["SendingHeld"]


def test_what_wakes_somebody_comes_first_and_is_said_once() -> None:
    both = ['cairn_parked_records{reason="a"} 12', 'cairn_parked_records{reason="b"} 13']
    said = found("process_resident_memory_bytes 250e6", *both, "cairn_followers 0")
    assert [(urgency, alert) for urgency, alert, _ in said] == [
        ("page", "NobodyFollows"),
        ("page", "RecordsParked"),
        ("ticket", "MemoryGrows"),
    ]


def test_who_does_not_answer_is_missing() -> None:
    [one] = troubles(figures(WELL), ["work, http://127.0.0.1:8002"], NOW)
    assert (one.alert, one.says) == ("ProcessMissing", "nobody answers: work, http://127.0.0.1:8002")


@pytest.mark.parametrize("rule", ABOVE, ids=lambda rule: f"{rule.alert}-{rule.figure}-{rule.limit:g}")
def test_a_limit_is_the_one_at_which_it_rings(rule: Above) -> None:
    clauses = [
        clause
        for one in rules()
        if (one["alert"], one["labels"]["severity"]) == (rule.alert, rule.urgency)
        for clause in re.split(r"\bor\b", one["expr"])
        if rule.figure in clause and rule.ending in clause
    ]
    asked = re.findall(r"(>=|==|>) ([\d.e]+)", "\n".join(re.sub("{[^}]*}", "", one) for one in clauses))
    assert rule.limit in {float(number) - (how != ">") for how, number in asked}


@pytest.mark.parametrize("alert", sorted({one.alert for one in (*ABOVE, *AWAY)}))
def test_each_has_its_entry_in_the_runbook(alert: str) -> None:
    assert f"\n## {alert}\n" in RUNBOOK

"""A goal that was lived with for a month: rated, practised, eased, stretched, rested, measured otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from tests.goals.api.callers import A_CLIENT, Knock, goal_body, named, today

LIVED = named("lived with")
A_GOAL = f"/v1/goals/{LIVED}"
HER_GOAL = f"{A_CLIENT}/goals/{LIVED}"
CALM = {"kind": "rating", "unit": "calm"}
WALKS = {"kind": "per_period", "unit": "walk", "period": "day"}
FIRST_WORDS = "I want to feel calm again when the phone rings"
REASON = "The phone at work was too much to begin with"
LABEL = "my quiet walk"
NOTE = "By the river, before work"


def live(knock: Knock) -> None:
    """Tells of a month of it, all of it today: what was true when is in the facts."""
    for method, path, body, who in _month():
        headers = {"If_Match": "*"} if path.startswith("adjustments/") else {}
        answer = knock(who, method, f"{A_GOAL}/{path}" if path else HER_GOAL, body, **headers)
        assert answer.status_code in (200, 201), (path, answer.text)
    label = {"label": LABEL}
    assert knock("therapist", "PUT", f"{A_CLIENT}/preferences", label).status_code == 201


def _month() -> list[tuple[str, str, Any, str]]:
    return [
        ("PUT", "", {"status": "draft", "theme": "coping", "statement": FIRST_WORDS}, "therapist"),
        ("PUT", "", _goal(), "therapist"),
        *(_rated(days, value, "client") for days, value in ((29, 3), (25, 2), (22, 0), (18, 4))),
        *(_rated(days, value, "therapist") for days, value in ((25, 3), (18, 5))),
        *(_practised(days) for days in (13, 12, 10)),
        _adjusted(20, "eased", [("target", 8, 6)], reason=REASON),
        ("PUT", f"pauses/{named('rest')}", {"reason_code": "health", "time": _at(16)}, "therapist"),
        ("DELETE", f"pauses/{named('rest')}", None, "therapist"),
        *(_rated(days, value, "client") for days, value in ((11, 5), (9, 6))),
        _adjusted(8, "refocused", [("measure", CALM, WALKS), ("target", 6, 1)], reason="Walking helps more"),
        *(_practised(days, 1 + days % 2) for days in (7, 6, 4, 3, 1, 0)),
        *(_rated(days, value, "client") for days, value in ((7, 4), (2, 7))),
        _adjusted(3, "stretched", [("target", 1, 2)], reason="It has become easy"),
        ("PUT", f"practices/{named('wrong')}", {"on": _day(5), "quantity": 9}, "therapist"),
        ("DELETE", f"practices/{named('wrong')}", None, "therapist"),
        ("PUT", f"wins/{named('a win')}", {"kind": "showed_up", "text": "I answered it"}, "therapist"),
    ]


def _goal() -> dict[str, Any]:
    return goal_body(
        statement="I want to answer the phone without shaking",
        specific="Answer the phone at work, breathing first",
        measure=CALM,
        baseline=3,
        target=8,
        focus=False,
        start_on=_day(30),
        end_on=_day(-30),
        if_then="If it rings, then I breathe out first",
    )


def _rated(days: int, value: int, rater: str) -> tuple[str, str, Any, str]:
    body = {"value": value, "rater": rater, "time": _at(days)}
    return "PUT", f"ratings/{named(f'{rater} rated {days}')}", body, "therapist"


def _practised(days: int, quantity: int = 1) -> tuple[str, str, Any, str]:
    body = {"on": _day(days), "quantity": quantity, "note": NOTE if days == 1 else None}
    return "PUT", f"practices/{named(f'practised {days}')}", body, "client"


def _adjusted(
    days: int, kind: str, changes: list[tuple[str, Any, Any]], *, reason: str
) -> tuple[str, str, Any, str]:
    body = {
        "kind": kind,
        "changes": [{"field": field, "from": was, "to": now} for field, was, now in changes],
        "reason_code": "too_hard" if kind == "eased" else "new_insight",
        "reason": reason,
        "agreed": "together",
        "effective_on": _day(days),
    }
    return "PUT", f"adjustments/{named(f'{kind} {days}')}", body, "therapist"


def _day(ago: int) -> str:
    return str(today() - timedelta(days=ago))


def _at(ago: int) -> str:
    """Noon of that day, somewhere near New York; of today the day's first minute."""
    return datetime.combine(today() - timedelta(days=ago), time(16), UTC).isoformat()

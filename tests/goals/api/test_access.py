"""Who may: every operation for every caller, as docs/access.md says; and which tokens do not hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from shared.tokens import mint
from tests.access_table import mark, must_be_told, row_of, untold
from tests.controls import CLIENT, CLINIC, NUMBER, OTHER_CLINIC, STATEMENT, THERAPIST
from tests.goals.api.callers import (
    A_CLIENT,
    A_CLINIC,
    A_GOAL,
    CLIENT_BODY,
    CLINIC_BODY,
    CONSENT_BODY,
    EASED,
    FLAG_BODY,
    HER_GOAL,
    REMINDER_BODY,
    STAFF_BODY,
    TOKEN_KEY,
    Knock,
    goal_body,
    named,
)

OPERATIONS: list[tuple[str, str, Any]] = [
    ("PUT", A_CLINIC, CLINIC_BODY | {"sender": "North"}),
    ("PUT", f"{A_CLINIC}/staff/{named('new')}", STAFF_BODY),
    ("DELETE", f"{A_CLINIC}/staff/{named('leaver')}", None),
    ("PUT", A_CLIENT, CLIENT_BODY),
    ("GET", A_CLIENT, None),
    ("PUT", f"{A_CLIENT}/team", {"staff_ids": [str(THERAPIST)]}),
    ("PUT", f"{A_CLIENT}/contacts/sms", {"address": NUMBER}),
    ("DELETE", f"{A_CLIENT}/contacts/email", None),
    ("PUT", f"{A_CLIENT}/preferences", {"label": "calm"}),
    ("PUT", f"{A_CLIENT}/consents/sms/{named('new')}", CONSENT_BODY),
    ("DELETE", f"{A_CLIENT}/consents/sms/{named('given')}", None),
    ("PUT", f"{A_CLIENT}/reminders/{named('new')}", REMINDER_BODY),
    ("DELETE", f"{A_CLIENT}/reminders/{named('planned')}", None),
    ("PUT", f"{A_CLIENT}/wins/{named('new')}", {}),
    ("DELETE", f"{A_CLIENT}/wins/{named('new')}", None),
    ("PUT", HER_GOAL, goal_body()),
    ("GET", A_GOAL, None),
    ("PUT", f"{A_GOAL}/adjustments/{named('new')}", EASED),
    ("PUT", f"{A_GOAL}/practices/{named('new')}", {}),
    ("DELETE", f"{A_GOAL}/practices/{named('new')}", None),
    ("PUT", f"{A_GOAL}/wins/{named('new')}", {}),
    ("DELETE", f"{A_GOAL}/wins/{named('new')}", None),
    ("PUT", f"{A_GOAL}/ratings/{named('new')}", {"value": 0}),
    ("DELETE", f"{A_GOAL}/ratings/{named('new')}", None),
    ("PUT", f"{A_GOAL}/focus/{named('new')}", {"from": True, "to": False}),
    ("PUT", f"{A_GOAL}/reviews/{named('new')}", {"review_on": "2026-03-02", "outcome": "keep"}),
    ("PUT", f"{A_CLIENT}/sessions/{named('new')}", {"starts_at": "2026-03-09T10:00:00-05:00"}),
    ("PUT", f"{A_GOAL}/pauses/{named('new')}", {}),
    ("DELETE", f"{A_GOAL}/pauses/{named('new')}", None),
    ("PUT", f"{A_GOAL}/closures/{named('new')}", {"outcome": "let_go"}),
    ("DELETE", f"{A_GOAL}/closures/{named('new')}", None),
    ("GET", f"{A_GOAL}/history", None),
    ("PUT", f"{A_CLIENT}/pauses/{named('new')}", {}),
    ("DELETE", f"{A_CLIENT}/pauses/{named('new')}", None),
    ("PUT", f"{A_CLIENT}/flags/{named('new')}", FLAG_BODY),
    ("PUT", f"{A_CLIENT}/flags/{named('new')}/review", {}),
    ("PUT", f"{A_CLIENT}/erasures/{named('new')}", {}),
    ("PUT", f"{A_CLIENT}/erasures/{named('new')}/decision", {"decision": "granted", "ground": "Hers"}),
    ("DELETE", f"{A_CLIENT}/erasures/{named('new')}", None),
    ("PUT", f"{A_CLIENT}/care-ends/{named('new')}", {"reason": "finished"}),
    ("DELETE", f"{A_CLIENT}/care-ends/{named('new')}", None),
    ("GET", f"{A_GOAL}/difference?from=1", None),
    ("GET", f"{A_CLIENT}/history", None),
    ("GET", f"{A_CLIENT}/export?format=jsonl&purpose=client", None),
    ("GET", "/v1/clients", None),
    ("POST", "/v1/smart", {"statement": STATEMENT}),
    ("GET", f"/v1/access?client={CLIENT}", None),
    ("GET", "/v1/events", None),
    ("GET", "/v1/seals", None),
]
"""One request to each operation, in an order in which each one may succeed."""
CALLERS = {
    "therapist on her team": "therapist",
    "another therapist": "colleague",
    "another, with a reason": "colleague saying why",
    "lead": "lead",
    "she": "client",
    "another client": "another client",
    "service": "service",
    "operator": "operator",
    "therapist elsewhere": "therapist elsewhere",
    "lead elsewhere": "lead elsewhere",
    "client elsewhere": "client elsewhere",
    "service elsewhere": "service elsewhere",
    "service of no clinic": "service of no clinic",
}
"""The columns of the page's table, and who knocks for each; `elsewhere` is another clinic."""


@pytest.fixture
def settled(active: Knock) -> Knock:
    """A caller where everything is that the operations speak of, and another clinic."""
    make_all_there(active)
    return active


def make_all_there(knock: Knock) -> None:
    """What the operations speak of beside the client and her goal, and another clinic."""
    knock("operator", "PUT", f"/v1/clinics/{OTHER_CLINIC}", CLINIC_BODY)
    knock("operator", "PUT", f"{A_CLINIC}/staff/{named('leaver')}", STAFF_BODY)
    knock("client", "PUT", f"{A_CLIENT}/consents/sms/{named('given')}", CONSENT_BODY)
    knock("client", "PUT", f"{A_CLIENT}/reminders/{named('planned')}", REMINDER_BODY)


@pytest.mark.parametrize("caller", CALLERS)
def test_the_page_says_what_every_operation_answers_each_caller(
    settled: Knock, count_events: Any, caller: str
) -> None:
    column: dict[str, str] = {}
    for method, path, body in OPERATIONS:
        before = count_events()
        who, _, why = CALLERS[caller].partition(" saying ")
        reason = {"Cairn_Reason": why} if why else {}
        answer = settled(who, method, path, body, If_Match="*", **reason)
        column[row_of(settled.app, method, path)] = mark(answer.status_code)
        assert answer.status_code < 400 or count_events() == before, (method, path, answer.text)
    assert untold(settled.app, column) == set()
    must_be_told("goals", caller, column)


def test_what_is_another_clinics_answers_as_what_is_not_there(active: Knock) -> None:
    nobody, nothing = str(named("nobody")), str(named("nothing"))
    for method, path, body in OPERATIONS:
        if not path.startswith((A_CLIENT, A_GOAL)) or (method, path) == ("PUT", A_CLIENT):
            continue  # to register her where she is not is no refusal
        absent = path.replace(A_CLIENT, f"/v1/clients/{nobody}").replace(A_GOAL, f"/v1/goals/{nothing}")
        for who in ("therapist elsewhere", "lead elsewhere", "client elsewhere"):
            theirs = active(who, method, path, body, If_Match='"2"')
            gone = active(who, method, absent, body, If_Match='"2"')
            assert (theirs.status_code, theirs.text) == (gone.status_code, gone.text)
            assert theirs.status_code == 404


def _forged(**changes: Any) -> str:
    now = int(datetime.now(UTC).timestamp())
    claims = {"iss": "cairn", "aud": "cairn", "sub": str(THERAPIST), "role": "lead", "clinic": str(CLINIC)}
    claims |= {"iat": now, "exp": now + 60} | changes
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(b"x" * 32), algorithms=["HS256"])


def _expired() -> str:
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    return mint(
        TOKEN_KEY, sub=str(THERAPIST), role="lead", clinic=CLINIC, lifetime=timedelta(hours=1), now=long_ago
    )


def _of_a_stranger() -> str:
    now = datetime.now(UTC)
    return mint(b"s" * 32, sub=str(THERAPIST), role="lead", clinic=CLINIC, lifetime=timedelta(1), now=now)


UNSIGNED = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4Iiwicm9sZSI6ImxlYWQifQ."
BAD = {
    "missing": None,
    "not a bearer": "Basic bWF5YTptYXlh",
    "empty": "Bearer ",
    "malformed": "Bearer abc",
    "unsigned": f"Bearer {UNSIGNED}",
    "signed otherwise": f"Bearer {_forged()}",
    "a stranger's": f"Bearer {_of_a_stranger()}",
    "expired": f"Bearer {_expired()}",
}


def test_a_token_that_does_not_hold_opens_nothing(begun: Knock, count_events: Any) -> None:
    before = count_events()
    for which, bad in BAD.items():
        headers = {"Authorization": bad} if bad else {}
        for method, path, body in OPERATIONS:
            answer = begun.client.open(path, method=method, json=body, headers=headers)
            assert (answer.status_code, answer.content_type) == (401, "application/problem+json"), which
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert count_events() == before


def test_a_goals_id_that_is_another_clients_is_refused(active: Knock, count_events: Any) -> None:
    body = {"name": "Somebody", "locale": "en", "time_zone": "UTC", "adult": True}
    active("therapist", "PUT", f"/v1/clients/{named('2')}", body)
    before = count_events()
    taken = active("therapist", "PUT", HER_GOAL.replace(str(CLIENT), str(named("2"))), goal_body())
    assert taken.status_code == 409
    assert count_events() == before


def test_a_number_is_one_clients_and_nobody_learns_whose(active: Knock, count_events: Any) -> None:
    body = {"name": "Somebody", "locale": "en", "time_zone": "UTC", "adult": True}
    active("therapist", "PUT", f"/v1/clients/{named('2')}", body)
    before = count_events()
    taken = active("therapist", "PUT", f"/v1/clients/{named('2')}/contacts/sms", {"address": NUMBER})
    assert taken.status_code == 409
    assert str(CLIENT) not in taken.text
    assert NUMBER not in taken.text
    assert count_events() == before

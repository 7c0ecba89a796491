"""Who may: every operation for every role, in the own clinic and another's; and which tokens do not hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from shared.tokens import mint
from tests.controls import CLIENT, CLINIC, NUMBER, OTHER_CLINIC, THERAPIST
from tests.goals.api.callers import (
    A_CLIENT,
    A_CLINIC,
    A_GOAL,
    CLIENT_BODY,
    CLINIC_BODY,
    CONSENT_BODY,
    EASED,
    HER_GOAL,
    PEOPLE,
    REMINDER_BODY,
    STAFF_BODY,
    TOKEN_KEY,
    Knock,
    goal_body,
    named,
)

WHO = tuple(PEOPLE)
OPERATIONS: list[tuple[str, str, Any]] = [
    ("PUT", A_CLINIC, CLINIC_BODY | {"sender": "North"}),
    ("PUT", f"{A_CLINIC}/staff/{named('new')}", STAFF_BODY),
    ("DELETE", f"{A_CLINIC}/staff/{THERAPIST}", None),
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
    ("PUT", HER_GOAL, goal_body()),
    ("GET", A_GOAL, None),
    ("PUT", f"{A_GOAL}/adjustments/{named('new')}", EASED),
    ("PUT", f"{A_GOAL}/practices/{named('new')}", {}),
    ("PUT", f"{A_GOAL}/wins/{named('new')}", {}),
    ("PUT", f"{A_GOAL}/ratings/{named('new')}", {"value": 0}),
    ("PUT", f"{A_GOAL}/reviews/{named('new')}", {"review_on": "2026-03-02", "outcome": "keep"}),
    ("PUT", f"{A_CLIENT}/sessions/{named('new')}", {"starts_at": "2026-03-09T10:00:00-05:00"}),
    ("PUT", f"{A_GOAL}/pauses/{named('new')}", {}),
    ("DELETE", f"{A_GOAL}/pauses/{named('new')}", None),
    ("PUT", f"{A_GOAL}/closures/{named('new')}", {"outcome": "let_go"}),
    ("GET", f"{A_GOAL}/history", None),
]
OF_CLINIC = {0: {"operator"}, 1: {"operator", "lead"}, 2: {"operator", "lead"}}
BY_SERVICE = {6, 7, 9, 10, 13, 17, 18, 19}
NOT_BY_CLIENT = {3, 5, 20, 21}


def expected(number: int, who: str) -> set[int]:
    """The statuses that this operation may answer somebody with."""
    yes, elsewhere = {200, 201}, who.endswith("elsewhere")
    if number in OF_CLINIC:
        if who in OF_CLINIC[number]:
            return yes
        return {404} if elsewhere and who.split(maxsplit=1)[0] in OF_CLINIC[number] else {403}
    if who == "operator":
        return {403}
    if who.startswith("service") and number not in BY_SERVICE:
        return {403, 404} if elsewhere else {403}
    if elsewhere or who == "another client":
        return {404}
    if who == "client" and number in NOT_BY_CLIENT:
        return {403}
    if who == "colleague":
        return {403}
    if number == 5 and who == "therapist":
        return {403}
    return yes


@pytest.mark.parametrize("who", WHO)
def test_every_operation_answers_each_role_as_it_may(active: Knock, count_events: Any, who: str) -> None:
    active("operator", "PUT", f"/v1/clinics/{OTHER_CLINIC}", CLINIC_BODY)
    active("client", "PUT", f"{A_CLIENT}/consents/sms/{named('given')}", CONSENT_BODY)
    active("client", "PUT", f"{A_CLIENT}/reminders/{named('planned')}", REMINDER_BODY)
    wrong: list[tuple[Any, ...]] = []
    for number, (method, path, body) in enumerate(OPERATIONS):
        if number == 2:
            continue  # who left is no longer there for the others: asked at the end
        before = count_events()
        answer = active(who, method, path, body, If_Match="*")
        if answer.status_code not in expected(number, who):
            wrong.append((method, path, answer.status_code, answer.text))
        if answer.status_code >= 400 and count_events() != before:
            wrong.append((method, path, "stored", answer.text))
    method, path, body = OPERATIONS[2]
    left = active(who, method, path, body)
    if left.status_code not in expected(2, who):
        wrong.append((method, path, left.status_code, left.text))
    assert wrong == []


def test_what_is_another_clinics_answers_as_what_is_not_there(active: Knock) -> None:
    nobody, nothing = str(named("nobody")), str(named("nothing"))
    for method, path, body in OPERATIONS[4:]:
        absent = path.replace(A_CLIENT, f"/v1/clients/{nobody}").replace(A_GOAL, f"/v1/goals/{nothing}")
        for who in ("therapist elsewhere", "lead elsewhere", "client elsewhere"):
            theirs = active(who, method, path, body, If_Match='"2"')
            gone = active(who, method, absent, body, If_Match='"2"')
            assert (theirs.status_code, theirs.text) == (gone.status_code, gone.text)
            assert theirs.status_code == 404


def test_only_a_service_reads_the_feed(begun: Knock) -> None:
    for who in WHO:
        answer = begun(who, "GET", "/v1/events?limit=1")
        assert answer.status_code == (200 if who.startswith("service") else 403)


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
        for method, path, body in [*OPERATIONS, ("GET", "/v1/clients", None), ("GET", "/v1/events", None)]:
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

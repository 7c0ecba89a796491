"""Whatever is asked, by whomever, the answer is one that the description names."""

import subprocess

import requests

from tests.controls import CLIENT, CLINIC, GOAL, NUMBER, THERAPIST
from tests.fuzzing import Fuzz, asked
from tests.goals.api.callers import (
    A_CLIENT,
    A_CLINIC,
    CLIENT_BODY,
    CLINIC_BODY,
    HER_GOAL,
    STAFF_BODY,
    goal_body,
    sign_in,
)

BEGINNING = (
    ("operator", A_CLINIC, CLINIC_BODY),
    ("operator", f"{A_CLINIC}/staff/{THERAPIST}", STAFF_BODY),
    ("therapist", A_CLIENT, CLIENT_BODY),
    ("therapist", f"{A_CLIENT}/contacts/sms", {"address": NUMBER, "verified_by": "seen"}),
    ("therapist", HER_GOAL, goal_body()),
)
THERE = {"client": (CLIENT,), "goal": (GOAL,), "clinic": (CLINIC,), "staff": (THERAPIST,)}
CALLERS = ("operator", "therapist", "colleague", "lead", "client", "service")


def test_no_request_is_answered_otherwise_than_described(
    served: tuple[str, subprocess.Popen[bytes]],
) -> None:
    url, _ = served
    for who, path, body in BEGINNING:
        made = requests.put(url + path, json=body, headers=sign_in(who), timeout=10)
        assert made.status_code == 201, made.text
    known = {name: [str(one) for one in ids] for name, ids in THERE.items()}
    callers = {who: sign_in(who) for who in CALLERS} | {"nobody": {}}
    answers = asked(Fuzz(url, callers, known))
    assert set(answers) <= {2, 3, 4}
    assert answers[2] > 0

"""Who may: every operation that one signs in for, for every caller, as docs/access.md says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.reminders.ledger.inbound import inbound_id
from shared import tokens
from shared.events import StaffSet, TeamSet
from tests.access_table import mark, must_be_told, row_of, untold
from tests.controls import COLLEAGUE, THERAPIST
from tests.reminders.conftest import KEY
from tests.reminders.house import CLIENT, CLINIC, House, unknown

ELSEWHERE, SOMEBODY = uuid4(), uuid4()
CALLERS: dict[str, dict[str, Any]] = {
    "therapist on her team": {"sub": str(THERAPIST), "role": "therapist", "clinic": CLINIC},
    "another therapist": {"sub": str(COLLEAGUE), "role": "therapist", "clinic": CLINIC},
    "another, with a reason": {"sub": str(COLLEAGUE), "role": "therapist", "clinic": CLINIC},
    "lead": {"sub": str(SOMEBODY), "role": "lead", "clinic": CLINIC},
    "she": {"sub": str(CLIENT), "role": "client", "clinic": CLINIC, "client": CLIENT},
    "another client": {"sub": str(SOMEBODY), "role": "client", "clinic": CLINIC, "client": SOMEBODY},
    "service": {"sub": "goals", "role": "service", "clinic": CLINIC},
    "operator": {"sub": "operations", "role": "operator"},
    "therapist elsewhere": {"sub": str(THERAPIST), "role": "therapist", "clinic": ELSEWHERE},
    "lead elsewhere": {"sub": str(SOMEBODY), "role": "lead", "clinic": ELSEWHERE},
    "client elsewhere": {"sub": str(CLIENT), "role": "client", "clinic": ELSEWHERE, "client": CLIENT},
    "service elsewhere": {"sub": "goals", "role": "service", "clinic": ELSEWHERE},
    "service of no clinic": {"sub": "goals", "role": "service"},
    "nobody": {},
}
MESSAGE = uuid4()
TEXT = inbound_id("SM1")
OPERATIONS = [
    ("GET", f"/v1/clients/{CLIENT}/messages"),
    ("GET", f"/v1/clients/{CLIENT}/preview"),
    ("GET", f"/v1/clients/{CLIENT}/texts"),
    ("PUT", f"/v1/clients/{CLIENT}/texts/{TEXT}/read"),
    ("GET", f"/v1/clinics/{CLINIC}/texts"),
    ("GET", "/v1/messages?state=unknown"),
    ("PUT", f"/v1/messages/{MESSAGE}/decision"),
]
"""One request to each operation."""


@pytest.mark.parametrize("caller", CALLERS)
def test_the_page_says_what_every_operation_answers_each_caller(
    house: House, app: Flask, caller: str
) -> None:
    house.begin("sms")
    house.happens(TeamSet(staff_ids=(THERAPIST,)))
    house.hears("my sister said so too")
    came = StaffSet(staff_id=THERAPIST, role="therapist", name="Ana Ruiz", email="ana@example.org")
    house.happens(came, record=CLINIC)
    headers = {"Cairn-Reason": "Covering for Ana"} if caller.endswith("a reason") else {}
    if claims := CALLERS[caller]:
        hour = timedelta(hours=1)
        headers["Authorization"] = (
            f"Bearer {tokens.mint(KEY, lifetime=hour, now=datetime.now(UTC), **claims)}"
        )
    message = str(unknown(house))
    column = {
        row_of(app, method, path): mark(
            app.test_client()
            .open(
                path.replace(str(MESSAGE), message),
                method=method,
                headers=headers,
                data={"state": "failed"} if "decision" in path else None,
            )
            .status_code
        )
        for method, path in OPERATIONS
    }
    assert untold(app, column) == set()
    must_be_told("reminders", caller, column)

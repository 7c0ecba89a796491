"""What an operator found out about a message that may have gone: it is final from then on."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.reminders.api.test_app import bearer
from tests.reminders.house import House, unknown


@pytest.fixture
def message(house: House) -> UUID:
    house.begin("sms")
    return unknown(house)


def decide(app: Flask, message: UUID, state: str | None) -> Any:
    path = f"/v1/messages/{message}/decision"
    return app.test_client().put(
        path, data={"state": state} if state else None, headers=bearer("operator", None)
    )


@pytest.mark.parametrize("found", ["delivered", "failed"])
def test_it_is_settled_as_was_found_and_again_is_free(
    house: House, app: Flask, message: UUID, found: str
) -> None:
    for _ in range(2):
        assert decide(app, message, found).json == {"id": str(message), "state": found}
    assert house.states() == [(found, "decided")]
    other = "failed" if found == "delivered" else "delivered"
    again = decide(app, message, other)
    assert (again.status_code, found in again.json["detail"]) == (409, True)
    assert house.states() == [(found, "decided")]


def test_it_is_never_sent_again(house: House, app: Flask, message: UUID) -> None:
    decide(app, message, "failed")
    house.later(days=1)
    house.sweep()
    assert house.sent() == []


def test_what_is_no_finding_and_no_message_is_refused(house: House, app: Flask, message: UUID) -> None:
    assert [decide(app, message, state).status_code for state in ("unknown", "sent", None)] == [422] * 3
    assert decide(app, uuid4(), "failed").status_code == 404
    assert house.states() == [("unknown", "timed_out")]

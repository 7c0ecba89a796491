"""E-mails that come back, numbers that are dead: nothing more goes there until somebody writes from there."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from infra.standin.script import Script
from services.reminders.channels.dsn import Bounce, read
from services.reminders.sending.bouncing import take
from tests.reminders.house import ADDRESS, NUMBER, House, milestone
from tests.reminders.wired import Wired

MESSAGE = UUID("00000000-0000-4000-8000-00000000abcd")
NOTIFICATION = """\
From: MAILER-DAEMON@mx.example.org
To: care@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 2 Mar 2026 15:00:00 +0000

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--B
Content-Type: {kind}

From: Northside <care@example.org>
Message-ID: <{message}@example.org>
Subject: A short note from Northside

Hello
--B--
"""


def notification(status: str = "5.1.1", **other: Any) -> bytes:
    fields = {"to": ADDRESS, "action": "failed", "message": MESSAGE, "kind": "message/rfc822"} | other
    return NOTIFICATION.format(status=status, **fields).encode()


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize(("status", "permanent"), [("5.1.1", True), ("5.7.1", True), ("4.4.7", False)])
def test_a_notification_is_read(kind: str, status: str, permanent: bool) -> None:
    assert read(notification(status, kind=kind)) == Bounce(MESSAGE, ADDRESS, permanent)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"Subject: hello\n\nno report",
        notification("2.1.5", action="delivered"),
        notification(message="not-ours"),
        notification("nonsense"),
        notification(to=""),
    ],
)
def test_what_is_no_failure_of_ours_says_nothing(raw: bytes) -> None:
    assert read(raw) is None


def planned(house: House) -> UUID:
    house.begin("email")
    house.happens(milestone())
    house.answer()
    return UUID(house.messages()[0]["id"])


def test_what_bounced_for_good_has_failed_and_nothing_more_goes_there(house: House) -> None:
    message = planned(house)
    with house.parts.engine.begin() as connection:
        connection.execute(text("UPDATE message SET state = 'sent'"))
    assert take(house.parts.engine, house.parts.vault, Bounce(message, ADDRESS.upper(), True), house.now)
    assert house.states() == [("failed", "bounced")]
    house.later(days=1)
    house.happens(milestone())
    house.answer()
    assert house.states()[-1] == ("suppressed", "address_dead")


def test_what_may_still_arrive_changes_nothing(house: House) -> None:
    message = planned(house)
    before = house.states()
    assert take(house.parts.engine, house.parts.vault, Bounce(message, ADDRESS, False), house.now)
    assert house.states() == before


@pytest.mark.parametrize("recipient", ["someone@else.example", ""])
def test_a_notification_about_another_address_or_no_message_counts_for_nothing(
    house: House, recipient: str
) -> None:
    message = planned(house)
    parts = house.parts
    assert not take(parts.engine, parts.vault, Bounce(message, recipient, True), house.now)
    assert not take(parts.engine, parts.vault, Bounce(uuid4(), ADDRESS, True), house.now)


@pytest.mark.parametrize("script", [Script("21614"), Script("21211"), Script(delivery="30005")])
def test_a_dead_number_gets_nothing_more_until_somebody_writes_from_it(wired: Wired, script: Script) -> None:
    wired.send(script)
    wired.wait_until_settled("failed")
    wired.provider.scripts.set(NUMBER, [])
    wired.planned_at_noon(milestone())
    wired.house.answer()
    assert ("suppressed", "address_dead") in wired.house.states()
    wired.writes("help")
    assert len(wired.received()) >= 1

"""Who comes into the room in these tests: somebody with a browser that does no more than fill in forms."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.test import TestResponse

from services.goals.web.accounts import Somebody
from services.goals.web.parlour import PARLOUR
from tests.controls import CLINIC, COLLEAGUE, OTHER_CLINIC, THERAPIST
from tests.goals.api.callers import A_CLINIC, CLINIC_BODY, SOMEBODY, STAFF_BODY, Knock

PASSWORD = "a calm walk by the river"
OPERATOR = UUID("00000000-0000-4000-8000-0000000000a8")
PEOPLE = {
    "therapist": (CLINIC, THERAPIST, "therapist", "Ana Ruiz", "ana@example.org"),
    "colleague": (CLINIC, COLLEAGUE, "therapist", "Ben Adeyemi", "ben@example.org"),
    "lead": (CLINIC, SOMEBODY, "lead", "Lena Park", "lena@example.org"),
    "operator": (CLINIC, OPERATOR, "operator", "Omar Haddad", "omar@example.org"),
    "lead elsewhere": (OTHER_CLINIC, SOMEBODY, "lead", "Lou Elsewhere", "lou@example.org"),
}
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visitor:
    """A browser with cookies and forms, and without scripts."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browser = app.test_client()
        self.token = ""

    def get(self, path: str, **headers: str) -> TestResponse:
        """The page, and with it the token of its forms."""
        answer = self.browser.get(path, headers=headers)
        found = _TOKEN.search(answer.text)
        self.token = found[1] if found else self.token
        answer.close()
        return answer

    def send(self, path: str, **fields: Any) -> TestResponse:
        """A form of the page that was got last."""
        return self.browser.post(path, data={"csrf_token": self.token} | fields)

    def signed_in(self, who: str) -> Visitor:
        """Signed in as somebody of the staff, who is made so by the way."""
        invite(self.app, who)
        self.get("/sign-in")
        answer = self.send("/sign-in", email=PEOPLE[who][4], password=PASSWORD)
        assert answer.status_code == 303, answer.text
        self.get("/clients")
        return self


def words(page: str) -> str:
    """What a page says, without its elements."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def invite(app: Flask, who: str) -> None:
    """Somebody of the staff who has chosen a password."""
    clinic, staff, role, name, email = PEOPLE[who]
    knock = Knock(app)
    place = f"/v1/clinics/{clinic}"
    if place != A_CLINIC:
        knock("operator", "PUT", place, CLINIC_BODY)
    body = STAFF_BODY | {"role": role, "name": name, "email": email}
    assert knock("operator", "PUT", f"{place}/staff/{staff}", body).status_code < 300
    accounts = app.extensions[PARLOUR].accounts
    assert accounts.accept(accounts.invite(Somebody(clinic, staff), email), PASSWORD)

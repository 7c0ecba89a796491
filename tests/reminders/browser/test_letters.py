"""Her e-mails as a browser shows them: the longest words, on a phone, light and dark."""

from __future__ import annotations

from typing import get_args

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser

from services.reminders.rules.catalogue import LANGUAGES
from services.reminders.rules.plan import Occasion
from services.reminders.rules.words import compose
from shared.events import MilestoneRule
from tests.browser import Scheme, must_be_usable, window
from tests.controls import NOW
from tests.reminders.rules.given import NORTHSIDE, celebration, local, maya, practice, prompt

SENDER = replace(NORTHSIDE, sender="W" * 21)
LABEL = "W" * 30
LINK = "https://reminders.example.org/me/" + "A" * 48
EARNED = [celebration(n, NOW, rule, 100) for n, rule in enumerate(get_args(MilestoneRule))]
KINDS: dict[str, list[Occasion]] = {
    "welcome": [prompt("welcome")],
    "practice": [practice(local(2, "08:00"))],
    "rating": [prompt("rating")],
    "review": [prompt("review")],
    "quiet": [prompt("quiet")],
    "all together": [practice(local(2, "08:00")), prompt("rating"), prompt("review"), *EARNED],
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_email_is_readable_and_fetches_nothing(browser: Browser, language: str, scheme: Scheme) -> None:
    her = maya(locale=language, label=LABEL)
    with window(browser, scheme) as seen:
        for occasions in KINDS.values():
            html = compose(occasions, SENDER, her, "email", link=LINK, page=LINK).html
            seen.page.set_content(html or "")
            must_be_usable(seen.page, but="page-has-heading-one")  # its subject is that
        assert seen.asked == []
        assert seen.complaints == []

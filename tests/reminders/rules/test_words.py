"""What she reads: every wording there is, with the longest names, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, islice, pairwise, product
from typing import get_args

import pytest
from msgspec.structs import replace

from services.reminders.rules.cadence import slots
from services.reminders.rules.catalogue import CATALOGUES, LANGUAGES
from services.reminders.rules.lint import forbidden_words
from services.reminders.rules.person import Person
from services.reminders.rules.plan import Occasion, nudge
from services.reminders.rules.segments import size
from services.reminders.rules.words import compose
from shared.clinic import Clinic
from shared.events import Cadence, MilestoneRule
from tests.controls import CLIENT, NOW
from tests.reminders.rules.given import (
    DAILY,
    MAYA,
    NORTHSIDE,
    REMINDER,
    celebration,
    local,
    maya,
    practice,
    prompt,
    reminded,
)

LONGEST = "Wwwwwwwwww Wwwwwwwww"
ACCENTED = "Unión del Río Sur ñá"
ESCAPED = "[~] {^} | \\ Northsid€"
LONG_LABEL = "my quiet walk around the lakes"
ODD_LABEL = "relájate un ratito cada día 🙂"
SENDERS = ("Northside", LONGEST, ACCENTED, ESCAPED)
LABELS = (None, LONG_LABEL, ODD_LABEL)
RULES: tuple[MilestoneRule, ...] = get_args(MilestoneRule)
NUDGE = practice(local(2, "08:00"))
EARNED = tuple(celebration(n, NOW, rule, 100) for n, rule in enumerate(RULES))
SEVENTH = celebration(7, NOW, "practices", 7)


def speaking(language: str, label: str | None = None) -> Person:
    return maya(locale=language, label=label)


def calling_itself(sender: str) -> Clinic:
    return replace(NORTHSIDE, sender=sender)


def asked() -> Iterator[tuple[Occasion, ...]]:
    """All that may be asked in one message, and nothing."""
    rating, review, quiet = prompt("rating"), prompt("review"), prompt("quiet")
    yield ()
    for many in (1, 2, 3):
        yield from combinations((NUDGE, rating, review), many)
    yield (quiet,)


def all_together() -> Iterator[tuple[Occasion, ...]]:
    """Whatever is asked, with each milestone, each two, and many."""
    for nudges in asked():
        for many in (0, 1, 2):
            for earned in combinations(EARNED, many):
                if nudges or earned:
                    yield (*nudges, *earned)
        yield (*nudges, *EARNED)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("label", LABELS)
def test_every_sms_is_one_segment_with_its_sender_first_and_no_forbidden_word(
    language: str, sender: str, label: str | None
) -> None:
    assert len(sender) <= 21
    assert len(label or "") <= 30
    clinic, person = calling_itself(sender), speaking(language, label)
    for occasions, seed in product(all_together(), range(7)):
        text = compose(occasions, clinic, person, "sms", seed).text
        assert size(text).segments == 1, text
        assert text.startswith(f"{sender}: ")
        assert not forbidden_words(text), text
        assert "{" not in text.removeprefix(sender)
        starts = {one.kind for one in occasions} - {"celebration"}
        starts -= {"quiet"} if len(occasions) > 1 else set()
        assert (re.search(r"\bSTOP\b[ a-z]*\.$", text) is not None) == bool(starts), text


def test_in_english_a_nudge_ends_with_stop_to_end() -> None:
    for seed in range(7):
        assert compose([NUDGE], NORTHSIDE, MAYA, "sms", seed).text.endswith(" STOP to end.")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("label", LABELS)
def test_every_email_is_neutral_where_it_is_seen_first_and_says_how_to_stop(
    language: str, label: str | None
) -> None:
    for occasions, seed in product(all_together(), range(7)):
        words = compose(occasions, NORTHSIDE, speaking(language, label), "email", seed)
        assert words.subject
        assert words.html
        assert not forbidden_words(words.subject + "\n" + words.text)
        assert (label or "your practice") not in words.subject + words.text.splitlines()[0]
        assert "{" not in words.subject + words.text
        assert "autom" in words.text
        assert NORTHSIDE.phone in words.text
        assert f'<html lang="{language}">' in words.html
        assert 'name="color-scheme" content="light dark"' in words.html
        assert not re.search(r"https?:|src=|href=|url\(|@import", words.html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_of_an_sms_fits_with_the_longest_names(language: str) -> None:
    catalogue = CATALOGUES[language]
    stop = catalogue.variants("sms stop")[0]
    tried = 0
    asks = [place for place in catalogue.contexts if place.startswith("sms ") and "brief" not in place]
    places = {*asks, *RULES, "several short"} - {"sms stop", "sms both", "sms well done"}
    for place in sorted(places):
        for template in catalogue.variants(place, 100):
            text = f"{LONGEST}: {template.format(label=LONG_LABEL, count=100)}"
            text += f" {stop}" if place.startswith("sms") else ""
            assert size(text).encoding == "GSM-7", text
            assert size(text).segments == 1, text
            tried += 1
    assert tried > 25


def test_every_wording_of_every_language_is_free_of_forbidden_words() -> None:
    lists = {place for place in CATALOGUES["en"].contexts if place.startswith(("forbidden", "safety"))}
    for catalogue in CATALOGUES.values():
        for place, count in product(catalogue.contexts - lists, (1, 7)):
            for template in catalogue.variants(place, count):
                assert not forbidden_words(template), (place, template)


FIRST_STEP, FIRST_WIN = celebration(1, NOW, "first_step", None), celebration(2, NOW, "first_win", None)
BOTH_GOALS = (SEVENTH, celebration(8, NOW, "practices", 7), celebration(9, NOW, "goal_achieved"))
REPLY = "Reply DONE, LATER or PAUSE. STOP to end."
EXAMPLES = [
    ("a nudge", (NUDGE,), f"a small reminder about your practice, if now is a good time. {REPLY}"),
    ("the first step", (FIRST_STEP,),
        "your first one is on the board. Starting is the hard part - well done."),
    ("the seventh time", (SEVENTH,), "7 times now. That is you, showing up for yourself."),
    ("two at once", (FIRST_STEP, FIRST_WIN),
        "2 good things at once: your first step and your first win. Well done."),
    ("the same of two goals", BOTH_GOALS, "3 good things at once: 7 times and getting there. Well done."),
    ("a nudge and the seventh time", (NUDGE, SEVENTH),
        f"7 times - well done! And a moment for your practice, if you like. {REPLY}"),
    ("two slots at one instant", (NUDGE, replace(NUDGE, key="another")),
        f"a small reminder about your practice, if now is a good time. {REPLY}"),
]  # fmt: skip


@pytest.mark.parametrize(("occasions", "expected"), [pytest.param(*row[1:], id=row[0]) for row in EXAMPLES])
def test_she_reads(occasions: tuple[Occasion, ...], expected: str) -> None:
    read = {compose(occasions, NORTHSIDE, MAYA, "sms", seed).text for seed in range(7)}
    assert f"Northside: {expected}" in read


def test_an_email_tells_what_was_earned_and_then_of_her_practice() -> None:
    label = maya(label="<b>lake & walk</b>")
    words = compose((NUDGE, SEVENTH, celebration(1, NOW, "first_win", None)), NORTHSIDE, label, "email")
    paragraphs = words.text.split("\n\n")
    assert len(paragraphs) == 5
    assert "first win" in paragraphs[1]
    assert paragraphs[2].startswith("7 times")
    assert "<b>lake & walk</b>" in paragraphs[3]
    assert words.html
    assert "&lt;b&gt;lake &amp; walk&lt;/b&gt;" in words.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_email_but_a_welcome_leads_to_her_page(language: str) -> None:
    welcome, page, link = prompt("welcome"), "https://r.example.org/me/A&B", "https://r.example.org/confirm/C"
    for occasions in ((NUDGE,), EARNED, (welcome,), (welcome, SEVENTH)):
        words = compose(occasions, NORTHSIDE, speaking(language), "email", page=page, link=link)
        leads_to = link if welcome in occasions else page
        assert re.findall(r"https\S+", words.text) == [leads_to]
        assert re.findall('href="(.+?)"', words.html or "") == [leads_to.replace("&", "&amp;")]


@pytest.mark.parametrize(
    "label", ["Anxiety breathing", "ther\u200bapy homework", "the walk I missed", "  \n\u200b ", ""]
)
def test_a_label_that_a_lock_screen_may_not_show_is_your_practice(label: str) -> None:
    text = compose([NUDGE], NORTHSIDE, maya(label=label), "sms").text
    assert "your practice" in text
    assert not forbidden_words(text)


def test_her_label_is_used_where_it_fits_and_never_cut() -> None:
    assert LONG_LABEL in compose([NUDGE], NORTHSIDE, maya(label=LONG_LABEL), "sms").text
    far_too_long = compose([NUDGE], NORTHSIDE, maya(label="walk " * 40), "sms").text
    assert "your practice" in far_too_long
    assert "walk" not in far_too_long


def test_a_name_brings_no_second_line_into_a_subject() -> None:
    subject = compose([SEVENTH], calling_itself("Northside\r\nBcc: x@example.org"), MAYA, "email").subject
    assert subject
    assert "\r" not in subject
    assert "\n" not in subject


def test_a_sender_too_long_for_any_wording_still_speaks() -> None:
    text = compose([SEVENTH], calling_itself("N" * 170), MAYA, "sms").text
    assert text.startswith("N" * 170 + ": ")


CADENCES = [DAILY, Cadence(("mon",), ("08:00",)), Cadence(("mon", "wed", "fri"), ("07:30", "12:00", "19:00"))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize("cadence", CADENCES)
@pytest.mark.parametrize("sender", [LONGEST, ACCENTED])
def test_the_wording_repeats_neither_from_slot_to_slot_nor_from_day_to_day(
    language: str, channel: str, cadence: Cadence, sender: str
) -> None:
    person = replace(reminded(cadence=cadence), locale=language, label=LONG_LABEL)
    clinic = calling_itself(sender)
    coming = list(islice(slots(person.time_zone, cadence, NOW), 40))
    texts = {
        (slot.local_date, slot.time): compose(
            [nudge(CLIENT, REMINDER, person.reminders[REMINDER], slot)], clinic, person, channel  # type: ignore[arg-type]
        ).text
        for slot in coming
    }  # fmt: skip
    said = list(texts.values())
    assert all(one != other for one, other in pairwise(said))
    if channel == "email" or sender == LONGEST:
        yesterday = [texts.get((day - timedelta(days=1), clock)) for day, clock in texts]
        assert all(one != other for one, other in zip(said, yesterday, strict=True))


def test_there_is_nothing_to_say_without_an_occasion() -> None:
    with pytest.raises(ValueError, match="needs an occasion"):
        compose([], NORTHSIDE, MAYA, "sms")

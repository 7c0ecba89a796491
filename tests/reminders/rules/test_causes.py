"""The closed list of causes: each has a row that reaches it."""

import re
from pathlib import Path
from typing import get_args

from services.reminders.rules.caps import Sent
from services.reminders.rules.causes import Cause
from services.reminders.rules.policy import Expire, Later, Suppress, judge
from tests.controls import NOW
from tests.reminders.rules.given import MAYA, celebration
from tests.reminders.rules.test_caps import CAPS
from tests.reminders.rules.test_hours import QUIET
from tests.reminders.rules.test_policy import DONE, PERMITTED, STANDING
from tests.reminders.rules.test_relevance import ROWS as RELEVANCE
from tests.reminders.rules.test_taper import ROWS as TAPER

API = Path(__file__).parents[3] / "docs" / "api.md"
OF_THE_LEDGER = {"erased", "parked", "restored", "set_aside", "unknown_person"}
"""Where there is nobody to judge: tests/reminders/test_erasing.py, test_apply.py, test_holding.py,
test_set_aside.py and test_deliver.py reach these."""


def test_every_cause_of_the_list_is_reached_by_a_row_and_no_other() -> None:
    tables = (PERMITTED, STANDING, DONE, QUIET, CAPS, RELEVANCE)
    verdicts = [row[-1] for table in tables for row in table]
    verdicts.append(judge(MAYA, None, "sms", celebration(), Sent(), NOW))
    reached = {verdict.cause for verdict in verdicts if isinstance(verdict, Later | Suppress | Expire)}
    tapered = {row[-1] for row in TAPER} - {None}
    assert reached | tapered | OF_THE_LEDGER == set(get_args(Cause))


def test_the_documentation_lists_the_same_causes() -> None:
    [listed] = re.findall(r"held back says why in `cause`, one of: (.*?)\. After", API.read_text(), re.DOTALL)
    assert sorted(re.findall(r"`([a-z_]+)`", listed)) == sorted(get_args(Cause))

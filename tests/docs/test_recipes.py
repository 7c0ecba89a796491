"""The recipes of docs/events.md, walked in a copy of the project: each step that is left out is asked for."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.access_table import REWRITE

ROOT = Path(__file__).parents[2]
ASKED = (
    "tests/goals/log/test_shapes.py", "tests/docs/test_events_page.py", "-k", "staff or step or names",
)  # fmt: skip
"""What a recipe answers to; what is of other events has its own turn."""


class Copy:
    """The project, to be changed as a recipe says."""

    def __init__(self, place: Path) -> None:
        self.place = place
        for folder in ("shared", "services", "tests", "docs"):
            shutil.copytree(ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("infra", "bench"):
            (place / name).symlink_to(ROOT / name)
        shutil.copy(ROOT / "pyproject.toml", place)

    def change(self, name: str, old: str, new: str) -> None:
        """Replaces words of a file that are there once."""
        text = (self.place / name).read_text()
        assert text.count(old) == 1, f"{name} has {text.count(old)} of: {old}"
        (self.place / name).write_text(text.replace(old, new))

    def fails(self, *, keep: bool = False) -> set[str]:
        """The tests that fail there now, by their names; with `keep` the pages and rows are written first."""
        asked = [sys.executable, "-m", "pytest", "-n", "0", "-rf", "--tb=no", *ASKED]
        told = subprocess.run(
            asked,
            cwd=self.place,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"} | ({REWRITE: "1"} if keep else {}),
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode in (0, 1), told.stdout + told.stderr
        return set(re.findall(r"^FAILED \S+::(\w+)", told.stdout, re.MULTILINE))


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A copy as the project is."""
    return Copy(tmp_path)


@pytest.mark.timeout(300)
def test_an_event_that_gains_a_field_is_asked_for_its_shape_its_step_its_row_and_its_page(copy: Copy) -> None:
    left = 'TYPE = "cairn.staff.left.v1"\n'
    copy.change(
        "shared/events.py",
        f"{left}    staff_id: UUID\n",
        f"{left}    staff_id: UUID\n    mark: bool = True\n",
    )
    assert "test_a_field_more_is_another_shape" in copy.fails()
    copy.change("shared/events.py", left, f"{left}    SHAPE = 2\n")
    assert copy.fails() >= {
        "test_a_step_leads_from_each_older_shape_and_from_no_other",
        "test_a_row_of_each_newest_shape_is_kept",
        "test_an_event_stands_on_the_page_as_it_is_in_the_code",
    }
    copy.change("shared/upcasting.py", "PracticeLogged\n", "PracticeLogged, StaffLeft\n")
    steps = "STEPS: dict[tuple[str, int], Step] = {\n"
    step = '    (StaffLeft.TYPE, 1): lambda clear, actor: clear | {"mark": True},\n'
    copy.change("shared/upcasting.py", steps, steps + step)
    old = copy.place / "tests/goals/log/golden/staff.left.v1.shape1.json"
    kept = json.loads(old.read_text())
    kept["read_as"]["mark"] = True
    old.write_text(json.dumps(kept))
    page = "Somebody works at the clinic no more. | `staff_id` |"
    copy.change("docs/events.md", page, page.replace("`staff_id`", "`staff_id`, `mark`?"))
    assert copy.fails(keep=True) == set()


@pytest.mark.timeout(300)
def test_an_event_more_is_asked_for_its_row_and_its_page(copy: Copy) -> None:
    made = (
        "class StaffReturned(Event, frozen=True):\n"
        '    """Somebody works at the clinic again."""\n\n'
        '    TYPE = "cairn.staff.returned.v1"\n'
        "    staff_id: UUID\n    reason: Sealed = None\n\n\n"
    )
    copy.change("shared/events.py", "class ClientRegistered(", f"{made}class ClientRegistered(")
    copy.change("shared/clinic.py", "StaffLeft, StaffRole", "StaffLeft, StaffReturned, StaffRole")
    assert copy.fails() >= {
        "test_a_row_of_each_newest_shape_is_kept",
        "test_an_event_stands_on_the_page_as_it_is_in_the_code",
    }
    says = "Somebody works at the clinic again. | `staff_id`, `reason` §"
    row = f"| `cairn.staff.returned.v1` | clinic | {says} |\n"
    before = "| `cairn.client.registered.v1` |"
    copy.change("docs/events.md", before, row + before)
    assert copy.fails(keep=True) == set()

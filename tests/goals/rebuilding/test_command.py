"""What an operator sees: ids, counts, one line for what is wrong, and the exit status."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from services.goals.commands import goals
from shared.settings import Settings
from tests import controls as c
from tests.conftest import Databases
from tests.goals.rebuilding.lived import MASTER_KEY, Lived


@pytest.fixture
def known(databases: Databases) -> Settings:
    """The settings of the service."""
    return Settings(
        goals_database_url=databases.goals, vault_database_url=databases.vault, master_key=MASTER_KEY
    )


def cairn(settings: Settings, *options: str) -> Result:
    """`cairn goals rebuild` with these options."""
    return CliRunner().invoke(goals, ["rebuild", *options], obj=settings)


def test_it_says_what_it_read_and_that_all_is_right(lived: Lived, known: Settings) -> None:
    checked, rebuilt = cairn(known, "--check"), cairn(known)
    assert (checked.exit_code, rebuilt.exit_code) == (0, 0)
    assert checked.stdout.startswith("The read models are what the log adds up to: ")
    assert checked.stdout.endswith(" events, 8 streams.\n")
    assert rebuilt.stdout.endswith(" events; records put right: 0.\n")


def test_a_check_names_what_differs_and_nothing_personal(lived: Lived, known: Settings) -> None:
    lived.tamper("UPDATE cairn.current SET state = '' WHERE stream_id = :goal", goal=c.GOAL)
    checked = cairn(known, "--check")
    assert checked.exit_code == 1
    assert checked.stdout == (
        f"stream {c.GOAL} differs\n"
        "The read models are not what the log adds up to; streams that differ: 1 of 8."
        " cairn goals rebuild puts them right.\n"
    )
    assert cairn(known).stdout.endswith(" events; records put right: 1.\n")
    assert cairn(known, "--check").exit_code == 0


def test_of_many_the_first_are_named(lived: Lived, known: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.goals.rebuilding.rebuild.NAMED", 3)
    lived.tamper("TRUNCATE cairn.current")
    lines = cairn(known, "--check").stdout.splitlines()
    assert [line.endswith(" differs") for line in lines] == [True, True, True, False, False]
    assert lines[3] == "and 5 more"
    for words in (c.NAME, c.STATEMENT, c.ADDRESS):
        assert words not in str(lines)


@pytest.mark.parametrize("options", [(), ("--check",)])
def test_what_hinders_is_one_line(
    lived: Lived, known: Settings, databases: Databases, options: tuple[str, ...]
) -> None:
    before = lived.kept()
    other_vault = replace(known, vault_database_url=databases.reminders_vault)
    for settings, said in (
        (other_vault, "The vault lacks the key of a record"),
        (replace(known, master_key=b"x" * 32), "CAIRN_MASTER_KEY is not the key"),
        (replace(known, goals_database_url=databases.vault), "run cairn goals migrate"),
    ):
        done = cairn(settings, *options)
        assert (done.exit_code, done.stdout) == (1, "")
        assert len(done.stderr.splitlines()) == 1
        assert said in done.stderr
    lived.tamper("UPDATE cairn.event SET type = 'cairn.win.sung.v1' WHERE type = 'cairn.win.recorded.v1'")
    unknown = cairn(known, *options)
    assert unknown.exit_code == 1
    assert "The log holds cairn.win.sung.v1, which this version does not know" in unknown.stderr
    assert lived.kept() == before

"""What an audit says: what is against us, what stands and why, and plainly when nothing could be known."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from infra.supply.audit import CLEAN, FOUND, LOCKS, UNKNOWN, of_code, of_packages
from infra.supply.code import ROOT, Finding, remarked
from infra.supply.explained import explained
from infra.supply.packages import Advisory, Known, Unreachable, read
from infra.supply.reasons import without

FLAWED = Advisory("PYSEC-1", "flask 3.0.0", "3.0.1")
ANSWER = {
    "dependencies": [
        {"name": "flask", "version": "3.0.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.0.1"]}]},
        {"name": "click", "version": "8.0.0", "vulns": []},
        {"name": "homemade", "skip_reason": "not found"},
    ]
}


@pytest.mark.parametrize(
    ("line", "stands"),
    [
        ("    run(words)  # noqa: S603  our own words", True),
        ("    run(words)  # noqa: S603, S607  git as it is found", True),
        ("    run(words)  # noqa: S603 (our own words)", True),
        ("    run(words)  # noqa: S603", False),
        ("    run(words)  # noqa: S607  git as it is found", False),
        ("    run(words)", False),
    ],
)
def test_a_finding_stands_where_its_line_says_why(line: str, stands: bool) -> None:
    assert remarked("B603", [line]) is stands


def test_what_is_unexplained_is_named_by_its_place() -> None:
    lines = list(of_code([Finding("B602", "a.py:7", "a shell", False), Finding("B101", "b.py:1", "", True)]))
    assert lines == [("a.py:7  B602  a shell", FOUND), ("Code: 2 findings, 1 of them explained.", CLEAN)]


def test_the_databases_answer_is_read() -> None:
    assert read(json.dumps(ANSWER), "") == Known(2, ("homemade",), (FLAWED,))


@pytest.mark.parametrize(
    ("complaints", "kind"),
    [
        ("Traceback\nrequests.exceptions.ProxyError: HTTPSConnectionPool(host='h')", "ProxyError"),
        ("", "no answer"),
    ],
)
def test_no_answer_is_no_clean_answer(complaints: str, kind: str) -> None:
    with pytest.raises(Unreachable, match=kind):
        read("", complaints)


def test_a_database_that_is_away_is_said_plainly() -> None:
    def away(_: Sequence[Path]) -> Known:
        raise Unreachable("ProxyError")

    [(line, ends)] = of_packages({}, away)
    assert ends == UNKNOWN
    assert "NOT JUDGED. The advisory database could not be reached (ProxyError)" in line


def test_an_advisory_counts_until_somebody_says_why_it_may_stand() -> None:
    known = Known(1, (), (FLAWED,))
    assert [ends for _, ends in of_packages({}, lambda _: known)] == [FOUND, CLEAN]
    lines = list(of_packages({"PYSEC-1": "we render no template of a stranger's"}, lambda _: known))
    assert lines[0] == (
        "flask 3.0.0  PYSEC-1  mended in 3.0.1; stands: we render no template of a stranger's", CLEAN,
    )  # fmt: skip


def test_packages_that_the_database_does_not_know_are_not_taken_for_clean() -> None:
    lines = list(of_packages({}, lambda _: Known(0, ("a", "b"), ())))
    assert lines[-1] == ("NOT JUDGED: 2 that the database knows nothing of, a the first.", UNKNOWN)


def test_what_we_let_stand_has_a_reason(tmp_path: Path) -> None:
    assert explained().code
    bare = tmp_path / "explained.toml"
    bare.write_text('[code]\nB1 = " "\n[packages]\n')
    with pytest.raises(ValueError, match="no reason for B1"):
        explained(bare)


def test_every_exception_in_the_code_says_why() -> None:
    assert list(without()) == []


def test_every_package_of_every_lock_comes_with_its_hashes() -> None:
    locks = sorted((ROOT / "infra" / "locks").glob("*.txt"))
    assert set(LOCKS) < set(locks)
    for lock in locks:
        text = lock.read_text()
        blocks = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
        assert blocks
        assert [one for one in blocks if not re.match(r"\S+==\S+ .*\\\n +--hash=sha256:", one)] == []
        assert "://" not in text


def test_nothing_is_installed_but_by_its_hash() -> None:
    files = [ROOT / "Makefile", ROOT / "infra" / "Dockerfile"]
    lines = [line for file in files for line in file.read_text().splitlines() if "pip install" in line]
    ours = [line for line in lines if "--no-deps" in line]
    assert len(ours) == 3
    assert [line for line in lines if line not in ours and "--require-hashes" not in line] == []

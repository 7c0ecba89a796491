"""The tests that pages name as their proof are there; a page that promises names one for everything."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.test_what_pages_name import PAGES, ROOT

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PROVING = ("SECURITY.md", "docs/promises.md")
"""Pages whose every row of a table must name its test."""


@cache
def known_in(file: Path) -> set[str]:
    return {node.name for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)}


def named() -> list[tuple[str, str, str]]:
    return sorted({(page.name, *found) for page in PAGES for found in NAMED.findall(page.read_text())})


def test_some_are_named() -> None:
    assert len(named()) > 40


@pytest.mark.parametrize(("page", "file", "test"), named())
def test_a_test_that_a_page_names_is_there(page: str, file: str, test: str) -> None:
    assert test.startswith("test_"), page
    assert test in known_in(ROOT / file), page


@pytest.mark.parametrize("page", PROVING)
def test_each_row_of_what_is_promised_names_its_test(page: str) -> None:
    rows = [line for line in (ROOT / page).read_text().splitlines() if line.startswith("| ")]
    promises = [row for row in rows if not re.match(r"\| (wants|asks for|what we promise) \|", row)]
    assert promises
    assert [row for row in promises if not NAMED.search(row.rstrip("|").rpartition("|")[2])] == []

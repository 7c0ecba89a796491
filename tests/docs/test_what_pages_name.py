"""What the pages tell a reader to type or to open is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from infra.command import cairn

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def code(page: Path) -> Iterator[str]:
    """Each line of the page's code, in blocks and in the text; of a line, what stands before its remark."""
    for block, words in re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", page.read_text(), re.DOTALL):
        for line in (block or words).splitlines():
            yield re.split(r"\s{2,}|\s#\s", line.strip())[0]


def typed(program: str) -> list[tuple[str, ...]]:
    """The words behind this program, wherever a page names it with some."""
    found = [re.match(rf"(?:\.venv/bin/)?{program} (.+)", line) for page in PAGES for line in code(page)]
    return sorted({tuple(match[1].split()) for match in found if match})


def test_some_commands_are_named() -> None:
    assert ("goals", "verify") in typed("cairn")
    assert ("demo",) in typed("make")


@pytest.mark.parametrize("words", typed("cairn"), ids=" ".join)
def test_a_command_is_there_with_its_options_and_its_help(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAIRN_HOME", str(tmp_path))
    command: click.Command = cairn
    context = click.Context(command)
    path: list[str] = []
    while isinstance(command, click.Group) and len(path) < len(words) and words[len(path)][0] != "-":
        path.append(words[len(path)])
        found = command.get_command(context, path[-1])
        assert found, f"there is no `cairn {' '.join(path)}`"
        command, context = found, click.Context(found, parent=context)
    known = {name for option in command.get_params(context) for name in option.opts}
    assert {word for word in words if word.startswith("--")} <= known
    told = CliRunner().invoke(cairn, [*path, "--help"])
    assert (told.exit_code, told.output[:6]) == (0, "Usage:")


def groups(command: click.Command = cairn, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words before each `--help` that lists commands."""
    if isinstance(command, click.Group):
        yield path
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found
            yield from groups(found, (*path, name))


@pytest.mark.parametrize("path", list(groups()), ids=lambda path: " ".join(("cairn", *path)))
def test_a_list_of_commands_says_of_each_what_it_does_in_a_line(path: tuple[str, ...]) -> None:
    listed = CliRunner().invoke(cairn, [*path, "--help"]).output.partition("Commands:")[2]
    assert [line for line in listed.splitlines() if line.endswith("...")] == []


@pytest.mark.parametrize("words", typed("make"), ids=" ".join)
def test_a_make_target_is_there(words: tuple[str, ...]) -> None:
    assert [word for word in words if "=" not in word and word not in TARGETS] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_path_of_the_project_leads_somewhere(page: Path) -> None:
    roots = {"services", "shared", "infra", "tests", "docs"}
    named = [line.rstrip("/") for line in code(page) if line.split("/")[0] in roots and "/" in line]
    plain = [name for name in named if re.fullmatch(r"[\w./-]+", name)]
    assert [name for name in plain if not (ROOT / name).exists()] == []

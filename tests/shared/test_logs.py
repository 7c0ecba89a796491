"""What a log line holds, and what it must not."""

import json
import logging

import pytest
import structlog

from shared import logs


@pytest.fixture(autouse=True)
def nothing_bound() -> None:
    """A request of an earlier test may have left its ids with this thread."""
    structlog.contextvars.clear_contextvars()


def lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in captured.readouterr().err.splitlines()]


def test_a_line_is_json_with_its_service_and_correlation(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("goals")
    with logs.correlated("c-1", clinic="k-1"):
        logs.logger(part="feed").info("served", count=3)
        logging.getLogger("a.library").info("spoke")
    ours, theirs = lines(capsys)
    assert ours.pop("at")
    assert ours == {
        "service": "goals", "event": "served", "level": "info", "part": "feed", "count": 3,
        "correlation_id": "c-1", "clinic": "k-1",
    }  # fmt: skip
    assert (theirs["event"], theirs["service"], theirs["correlation_id"]) == ("spoke", "goals", "c-1")


def test_an_error_is_told_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("goals")
    try:
        raise ValueError("I showed up today")
    except ValueError:
        logs.logger().exception("append failed")
        logging.getLogger("a.library").exception("it failed")
    text = capsys.readouterr().err
    assert "showed up" not in text
    for line in text.splitlines():
        told = json.loads(line)
        assert told["error"] == ["builtins.ValueError"]
        assert told["where"][0].startswith("tests.shared.test_logs:")

"""Spans: whose children they are, what they say of an error, and that nobody waits for a collector."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from infra.local.ports import free_port
from services.goals.api.call import ROOMS
from services.goals.app import create_app
from shared import logs, tracing
from shared.settings import Settings, SettingsError
from tests.conftest import Databases
from tests.goals.api.callers import Knock, begin, settings
from tests.otlp import Collector, collecting

CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def told() -> Iterator[Collector]:
    """A collector that this process tells."""
    with collecting() as collector:
        tracing.begin(Settings(otlp_endpoint=collector.url), "cairn-test")
        yield collector
        tracing.end()


def test_nobody_is_told_where_no_collector_is_named() -> None:
    tracing.begin(Settings(), "cairn-test")
    with tracing.span("one", {"n": 1}, parent=CALLER) as step:
        step.set_attribute("n", 2)
        assert (tracing.traceparent(step), tracing.current(), tracing.headers()) == (None, None, {})
    assert not tracing.is_on()


def test_a_step_is_the_child_of_what_it_names_or_of_what_is_under_way(told: Collector) -> None:
    with tracing.span("outer", parent=CALLER, kind=tracing.SERVER) as outer:
        assert tracing.headers() == {"traceparent": tracing.traceparent(outer)}
        with tracing.span("inner", {"n": 1}):
            pass
    with tracing.span("another"):
        pass
    tracing.end()
    spans = {span.name: span for span in told.spans}
    assert (spans["outer"].trace, spans["outer"].parent) == tuple(CALLER.split("-")[1:3])
    assert (spans["inner"].trace, spans["inner"].parent) == (spans["outer"].trace, spans["outer"].id)
    assert spans["another"].trace != spans["outer"].trace
    assert {span.service for span in told.spans} == {"cairn-test"}


def test_an_error_shows_as_its_kind_and_never_as_its_text(told: Collector) -> None:
    with pytest.raises(ValueError, match="her number"), tracing.span("one"):
        raise ValueError("her number is +15035550142")
    tracing.end()
    [span] = told.spans
    assert (span.failed, span.says) == (True, {"error.type": "ValueError"})
    assert b"+1503" not in b"".join(told.bodies)


def test_who_says_that_it_is_not_looked_at_is_not_told_of(told: Collector) -> None:
    with tracing.span("one", parent=f"{CALLER[:-2]}00") as step:
        assert str(tracing.traceparent(step)).endswith("-00")
    tracing.end()
    assert told.spans == []


def test_while_a_collector_is_silent_requests_are_answered_and_the_process_may_stop(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.telling.QUEUE", 1_000)
    monkeypatch.setattr("shared.telling.ANSWER_SECONDS", 600.0)  # whoever waited for it would never be done
    monkeypatch.setattr("shared.telling.FAREWELL_SECONDS", 0.1)
    with closing(socket.create_server(("127.0.0.1", 0))) as hole:
        tracing.begin(Settings(otlp_endpoint=f"http://127.0.0.1:{hole.getsockname()[1]}"), "cairn-test")
        tracing.start("one").end()
        handing_over, _ = hole.accept()
        for n in range(3_000):  # more than may wait to be handed over
            tracing.start("one", {"n": n}).end()
        put_all(databases)
        tracing.end()
        handing_over.close()
    for thread in threading.enumerate():
        if thread.name.startswith("Otel"):
            thread.join()


def test_a_collector_that_is_not_there_is_said_once_and_hinders_nobody(
    databases: Databases, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shared.telling.ANSWER_SECONDS", 0.1)
    logs.configure("test")
    tracing.begin(Settings(otlp_endpoint=f"http://127.0.0.1:{free_port()}"), "cairn-test")
    put_all(databases)
    tracing.end()
    said = map(json.loads, capsys.readouterr().err.splitlines())
    [line] = [line for line in said if line["event"] == "traces not taken"]
    assert (line["level"], line["spans"] > 0) == ("warning", True)


def put_all(databases: Databases) -> None:
    """A clinic, its staff and a client, each by a PUT that is answered with 201."""
    app = create_app(settings(databases.goals, databases.vault), threads=4)
    begin(Knock(app))
    app.extensions[ROOMS].close()


def test_what_is_not_installed_is_said_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.tracing.find_spec", lambda _: None)
    tracing.must_be_tellable(Settings())
    with pytest.raises(SettingsError, match="extra otel"):
        tracing.must_be_tellable(Settings(otlp_endpoint="http://127.0.0.1:4318"))

"""What happens around a request: its line in the log, its correlation id, its headers."""

import pytest
from flask import Flask
from structlog.testing import capture_logs

from tests.reminders.api.test_app import MESSAGES, bearer
from tests.reminders.house import CLIENT

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.mark.parametrize("path", ["/healthz", "/outbox", "/docs", "/openapi.json", "/nowhere", MESSAGES])
def test_every_answer_carries_its_headers(app: Flask, path: str) -> None:
    answer = app.test_client().get(path, headers={"Cairn-Correlation-Id": "my words and more"})
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "words" not in answer.headers["Cairn-Correlation-Id"]


def test_a_request_is_found_again_by_its_correlation_id_and_logged_without_ids(app: Flask) -> None:
    with capture_logs() as lines:
        answer = app.test_client().get(MESSAGES, headers=bearer("lead") | {"Cairn-Correlation-Id": "cor-7"})
    assert answer.headers["Cairn-Correlation-Id"] == "cor-7"
    [line] = [line for line in lines if line["event"] == "request"]
    assert (line["route"], line["status"], line["role"]) == (
        "/v1/clients/<uuid:client>/messages",
        404,
        "lead",
    )
    assert str(CLIENT) not in str(lines)


def test_what_nobody_foresaw_is_a_problem_detail_that_quotes_nothing(app: Flask) -> None:
    @app.get("/broken/<token>")
    def broken(token: str) -> str:
        raise ValueError(token)

    with capture_logs() as lines:
        answer = app.test_client().get("/broken/her-secret")
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert "her-secret" not in answer.text
    assert {line["event"] for line in lines} == {"request", "request_failed"}

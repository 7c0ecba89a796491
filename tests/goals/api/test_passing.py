"""What happens around a request: its line in the log, its count, its headers."""

import pytest
from structlog.testing import capture_logs

from services.goals.app import create_app
from shared.events import PracticeLogged
from tests.controls import CLIENT, NAME
from tests.goals.api.callers import A_CLIENT, A_GOAL, CLIENT_BODY, Knock, named, settings
from tests.older import after


def test_a_request_is_logged_by_its_route_and_without_words(begun: Knock) -> None:
    with capture_logs() as lines:
        begun("therapist", "PUT", A_CLIENT, CLIENT_BODY | {"name": "Other Name"})
    line = next(line for line in lines if line["event"] == "request")
    assert line["route"] == "/v1/clients/<uuid:client>"
    assert (line["method"], line["status"], line["role"]) == ("PUT", 409, "therapist")
    assert NAME not in str(lines)
    assert "Other Name" not in str(lines)


@pytest.mark.parametrize("path", ["/healthz", "/v1/nothing", "/docs", A_CLIENT])
def test_every_answer_carries_its_headers(begun: Knock, path: str) -> None:
    answer = begun("therapist", "GET", path, Cairn_Correlation_Id="my words and more")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "words" not in answer.headers["Cairn-Correlation-Id"]


def test_requests_are_counted_by_route_and_never_by_id(begun: Knock) -> None:
    begun("therapist", "GET", A_CLIENT)
    begun("therapist", "GET", "/v1/nothing")
    page = begun(None, "GET", "/metrics")
    assert page.content_type.startswith("text/plain")
    assert 'method="GET",route="/v1/clients/<uuid:client>",status="200"} 1' in page.text
    assert 'method="GET",route="none",status="404"} 1' in page.text
    assert (
        'cairn_http_request_seconds_bucket{le="+Inf",method="GET",route="/v1/clients/<uuid:client>"}'
        in page.text
    )
    assert str(CLIENT) not in page.text


def test_it_is_alive_and_ready(knock: Knock) -> None:
    assert knock(None, "GET", "/healthz").json == {"status": "alive"}
    assert knock(None, "GET", "/readyz").json == {"status": "ready"}


def test_a_database_that_is_away_is_said_to_be_and_when_to_come_back() -> None:
    nowhere = "postgresql+psycopg://nobody:at@127.0.0.1:1/all"
    knock = Knock(create_app(settings(nowhere, nowhere)))
    assert knock(None, "GET", "/healthz").status_code == 200
    for answer in (
        knock("therapist", "PUT", A_CLIENT, CLIENT_BODY),
        knock("therapist", "GET", A_CLIENT),
        knock("service", "GET", "/v1/events"),
        knock(None, "GET", "/readyz"),
    ):
        assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
        assert answer.headers["Retry-After"] == "5"
        assert "127.0.0.1" not in answer.text


def test_what_a_newer_version_wrote_is_a_503_that_names_it(active: Knock) -> None:
    with after(PracticeLogged):
        assert active("client", "PUT", f"{A_GOAL}/practices/{named('one')}", {}).status_code == 201
    shape = f"cairn.practice.logged.v1 in shape {PracticeLogged.SHAPE + 1}"
    with capture_logs() as lines:
        for who, path in (("therapist", f"{A_GOAL}/history"), ("service", "/v1/events")):
            told = active(who, "GET", path)
            assert (told.status_code, told.headers["Retry-After"]) == (503, "30")
            assert shape in told.json["detail"]
    assert [line["what"] for line in lines if line["event"] == "unknown_event"] == [shape] * 2

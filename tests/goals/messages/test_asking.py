"""The look across: all messages of a client from a real reminder service, or plainly none to be had."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from flask import Flask, Response

from infra.local.ports import free_port
from services.goals.messages.asking import Messages, MessagesAway, as_the_house
from services.goals.messages.told import Told
from services.reminders.app import create_app
from services.reminders.parts import Parts
from shared.problems import CONTENT_TYPE as PROBLEM
from shared.settings import Settings
from tests.conftest import Databases
from tests.controls import CLIENT, named
from tests.reminders.house import House, milestone
from tests.serving import serving

KEY = bytes(range(32))


@pytest.fixture
def settings(databases: Databases, broker_url: str) -> Settings:
    """Those of a reminder service on local channels."""
    return Settings(
        reminders_database_url=databases.reminders,
        reminders_vault_database_url=databases.reminders_vault,
        broker_url=broker_url,
        goals_url="http://127.0.0.1:9",
        master_key=KEY,
        token_key=KEY,
    )


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """The service, with nothing in it yet."""
    parts = Parts(settings)
    yield House(parts)
    parts.close()


@pytest.fixture
def url(settings: Settings) -> Iterator[str]:
    """Where it is served."""
    app = create_app(settings)
    with serving(app) as address:
        yield address
    app.extensions["parts"].close()


def asking(url: str | None, *, limit: int = 200, seconds: float = 5.0, key: bytes = KEY) -> Messages:
    return Messages(url, as_the_house((key,)), limit=limit, seconds=seconds)


def test_all_messages_come_whatever_the_size_of_a_page(house: House, url: str) -> None:
    house.begin("sms", "email")
    house.happens(milestone())
    house.answer()
    whole = asking(url).of(CLIENT, "a-look")
    assert sorted((one.channel, one.state) for one in whole.messages) == [
        ("email", "delivered"),
        ("sms", "delivered"),
    ]
    assert asking(url, limit=1).of(CLIENT, "a-look") == whole


def test_of_whom_it_has_not_heard_there_are_none(url: str) -> None:
    assert asking(url).of(named(7), "a-look") == Told()


def test_where_nobody_listens_they_are_away() -> None:
    with pytest.raises(MessagesAway, match="ConnectionError"):
        asking(f"http://127.0.0.1:{free_port()}").of(CLIENT, "a-look")


def test_where_no_address_is_known_they_are_away() -> None:
    with pytest.raises(MessagesAway, match="CAIRN_REMINDERS_URL is not set"):
        asking(None).of(CLIENT, "a-look")


def test_with_a_key_that_is_not_theirs_they_are_away(url: str) -> None:
    with pytest.raises(MessagesAway, match="status 401"):
        asking(url, key=bytes(32)).of(CLIENT, "a-look")


ANSWERS = {
    "an error": Response("x", 500),
    "an address that is somebody else's": Response("not here", 404, content_type="text/html"),
    "a redirect": Response("", 302, {"Location": "http://127.0.0.1:9/"}),
    "no JSON": Response("<html>", 200),
    "another shape": Response('{"items": 3}', 200, content_type="application/json"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_what_is_no_answer_of_theirs_counts_as_away(answer: Response) -> None:
    with serving(_answering(answer)) as address, pytest.raises(MessagesAway):
        asking(address).of(CLIENT, "a-look")


def test_its_own_word_that_there_is_no_such_client_is_no_absence() -> None:
    with serving(_answering(Response("{}", 404, content_type=PROBLEM))) as address:
        assert asking(address).of(CLIENT, "a-look") == Told()


def test_one_that_does_not_answer_is_not_waited_for() -> None:
    app = Flask("slow")

    @app.get("/<path:_>")
    def late(_: str) -> str:
        time.sleep(1.5)
        return "late"

    began = time.monotonic()
    with serving(app) as address, pytest.raises(MessagesAway, match="ReadTimeout"):
        asking(address, seconds=0.2).of(CLIENT, "a-look")
    assert time.monotonic() - began < 10


def test_one_that_never_comes_to_an_end_is_left() -> None:
    page = Response('{"items": [], "answers": [], "next": "x"}', 200, content_type="application/json")
    with serving(_answering(page)) as address, pytest.raises(MessagesAway, match="too long"):
        asking(address, seconds=0.2).of(CLIENT, "a-look")


def _answering(answer: Response) -> Flask:
    app = Flask("another")
    app.add_url_rule("/<path:_>", view_func=lambda _: answer, endpoint="all")
    return app

"""What msgspec is to read, it knows before there are threads: learning it is not safe among them."""

from __future__ import annotations

from threading import Event

import msgspec
import pytest

from services.goals import app as goals
from services.reminders import app as reminders
from services.reminders.sending import worker
from shared import loops, shapes
from shared.settings import Settings

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:9/nothing"
SETTINGS = Settings(
    goals_database_url=NOWHERE,
    vault_database_url=NOWHERE,
    reminders_database_url=NOWHERE,
    reminders_vault_database_url=NOWHERE,
    master_key=b"k" * 32,
    token_key=b"k" * 32,
)
"""Nothing is connected before the first request."""
looked: list[str] = []


def a_number(of: str) -> type[int]:
    """The annotation of a field, which is looked at as its shape is learnt."""
    looked.append(of)
    return int


def test_a_shape_that_is_learnt_is_not_learnt_again_where_it_is_read() -> None:
    class Stone(msgspec.Struct):
        laid: a_number("stone")  # type: ignore[valid-type]

    class Capstone(Stone):
        last: a_number("capstone")  # type: ignore[valid-type]

    shapes.learn()
    assert {"stone", "capstone"} <= set(looked)
    looked.clear()
    assert msgspec.json.decode(b'{"laid": 1, "last": 2}', type=Capstone) == Capstone(laid=1, last=2)
    assert not looked


@pytest.mark.parametrize("process", ["loops", "worker", "goals", "reminders"])
def test_every_process_knows_its_shapes_before_it_has_threads(process: str, broker_url: str) -> None:
    cairn = msgspec.defstruct("Cairn", [("stones", f"a_number('{process}')")], module=__name__)
    looked.clear()
    stop = Event()
    stop.set()
    match process:
        case "loops":
            loops.run(stop, {"watch": lambda _stop: None})
        case "worker":
            worker.work(broker_url, lambda *_: None, stop, threads=1)
        case "goals":
            goals.create_app(SETTINGS)
        case _:
            reminders.create_app(SETTINGS).extensions["parts"].close()
    assert looked == [process]
    assert msgspec.json.decode(b'{"stones": 3}', type=cairn) == cairn(stones=3)

"""Redis is a doorbell: doubled, redelivered, lost or away, each message is sent once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from uuid import UUID

from sqlalchemy import text

from infra.standin.script import Script
from services.reminders import bell
from services.reminders.bell import Rung
from services.reminders.ringer import ringer
from services.reminders.sending.bucket import Bucket
from services.reminders.sending.deliver import deliverer
from services.reminders.sending.worker import work
from shared.events import Channel
from tests.reminders.house import NUMBER, House, milestone, wait_for
from tests.reminders.wired import Wired


@contextmanager
def working(house: House, calls: list[UUID] | None = None) -> Iterator[None]:
    deliver = deliverer(house.parts.engine, house.parts.vault, house.parts.channels(), {}, house.clock)

    def counted(message_id: UUID, channel: Channel, queue: bell.Queue) -> object:
        done = deliver(message_id, channel, queue)
        if calls is not None:
            calls.append(message_id)
        return done

    stop = Event()
    broker_url = house.parts.settings.require("broker_url")
    thread = Thread(target=work, args=(broker_url, counted, stop), kwargs={"threads": 2})
    thread.start()
    yield
    stop.set()
    thread.join(20)


def planned(house: House) -> Rung:
    house.begin("sms")
    house.happens(milestone())
    [rung] = house.rung
    house.rung.clear()
    return rung


def test_a_message_rung_for_twice_is_sent_once(house: House) -> None:
    rung = planned(house)
    calls: list[UUID] = []
    bell.ring(house.parts.broker, [rung, rung])
    with working(house, calls):
        wait_for(lambda: len(calls) == 2)
    assert len(house.sent()) == 1


def test_a_message_redelivered_after_it_was_sent_is_not_sent_again(house: House) -> None:
    rung = planned(house)
    calls: list[UUID] = []
    with working(house, calls):
        bell.ring(house.parts.broker, [rung])
        wait_for(lambda: len(calls) == 1)
        bell.ring(house.parts.broker, [rung])
        wait_for(lambda: len(calls) == 2)
    assert len(house.sent()) == 1


def test_a_bell_whose_worker_died_is_answered_by_the_next(house: House) -> None:
    rung = planned(house)
    house.parts.broker.declare_queue("sms-bulk")
    bell.ring(house.parts.broker, [rung])
    dead = bell.connect(house.parts.settings.require("broker_url"))
    assert len(dead.do_fetch("sms-bulk", 10)) == 1  # taken, and never acknowledged
    dead.client.zadd("cairn:__heartbeats__", {dead.broker_id: 0})
    with working(house):
        wait_for(lambda: bool(house.sent()))
    dead.client.close()


def test_an_emptied_redis_is_rung_again_at_once_and_each_message_sent_once(house: House) -> None:
    planned(house)
    assert house.sweep() == 1  # the marker was not there yet
    assert house.sweep() == 0  # it was rung a moment ago
    house.parts.broker.client.flushall()
    assert house.sweep() == 1
    with working(house):
        wait_for(lambda: bool(house.sent()))
    assert len(house.sent()) == 1
    assert house.sweep() == 0


def test_what_was_rung_ten_minutes_ago_and_not_answered_is_rung_again(house: House) -> None:
    planned(house)
    house.sweep()
    house.later(minutes=9)
    assert house.sweep() == 0
    house.later(minutes=2)
    assert house.sweep() == 1


def test_what_cannot_be_rung_is_left_to_the_sweeper(house: House) -> None:
    rung = planned(house)
    house.sweep()
    ringer(house.parts.engine, bell.connect("redis://127.0.0.1:9/0"))([rung])
    with house.parts.engine.connect() as connection:
        assert connection.execute(text("SELECT rung_at FROM message")).scalar() is None
    assert house.sweep() == 1


def test_the_sweeper_goes_on_when_redis_is_away(house: House) -> None:
    planned(house)
    house.parts.broker.client.connection_pool.connection_kwargs["port"] = 9
    house.parts.broker.client.connection_pool.disconnect()
    assert house.sweep() == 0


def test_a_doubled_and_then_a_lost_bell_reach_the_provider_once(wired: Wired) -> None:
    wired.planned()
    house, [rung] = wired.house, wired.house.rung
    calls: list[UUID] = []
    house.parts.broker.client.flushall()
    assert house.sweep() == 1
    bell.ring(house.parts.broker, [rung, rung])
    with working(house, calls):
        wait_for(lambda: len(calls) == 3)
        wait_for(lambda: house.states() == [("delivered", None)])
        house.parts.broker.client.flushall()
        assert house.sweep() == 0
    assert len(wired.provider.accepted.all()) == 1


def test_a_full_bulk_queue_leaves_tokens_to_what_is_urgent(house: House) -> None:
    bucket = Bucket(house.parts.broker.client, "test", per_second=10)
    taken = 0
    for _ in range(40):
        taken += bucket.take("bulk", patience=0)
    assert bucket.take("now", patience=0)
    assert taken <= 16  # eight a window, and the windows may turn once meanwhile


def test_what_a_sender_has_used_up_comes_back_with_its_next_second(house: House) -> None:
    bucket = Bucket(house.parts.broker.client, "test", per_second=2)
    assert bucket.take("bulk", patience=0)
    assert not bucket.take("bulk", patience=0)
    assert bucket.take("bulk", patience=10)


def test_while_a_sender_rests_only_what_is_urgent_goes(house: House) -> None:
    bucket = Bucket(house.parts.broker.client, "test", per_second=10)
    bucket.rest(timedelta(seconds=2))
    began = time.monotonic()
    assert not bucket.take("bulk", patience=0)
    assert bucket.take("now", patience=0)
    assert bucket.take("bulk", patience=10)
    assert time.monotonic() - began > 1


def test_what_the_provider_is_too_busy_for_lets_the_sender_rest(wired: Wired) -> None:
    wired.planned()
    wired.provider.scripts.set(NUMBER, [Script("429", retry_after=30)])
    parts, [rung] = wired.house.parts, wired.house.rung
    buckets = {rung.channel: Bucket(parts.broker.client, "test", per_second=10)}
    deliverer(parts.engine, parts.vault, parts.channels(), buckets, wired.house.clock)(*rung)
    assert wired.state() == ("planned", "busy")
    assert not buckets[rung.channel].take("bulk", patience=0)
    assert 25_000 < parts.broker.client.pttl("cairn:resting:test") <= 30_000


def test_a_bell_that_is_full_says_so_and_one_that_is_away_does_not(house: House) -> None:
    broker = house.parts.broker
    assert not bell.is_full(broker)
    broker.client.lpush("cairn:sms-bulk", *range(bell.MOST))
    assert bell.is_full(broker)
    assert not bell.is_full(bell.connect("redis://127.0.0.1:9/0"))


def test_without_redis_the_providers_own_limit_holds() -> None:
    with bell.connect("redis://127.0.0.1:9/0").client as away:
        assert Bucket(away, "test", per_second=1).take("bulk", patience=0)

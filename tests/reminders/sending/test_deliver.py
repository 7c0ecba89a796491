"""Token, claim and judge, send, settle: once, whoever else is at it, and whatever the channel says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text

from infra.local.databases import plain
from services.reminders.bell import Queue
from services.reminders.channels import Answer, Letter
from services.reminders.ledger.settle import BACKOFF
from services.reminders.sending.bucket import Bucket
from services.reminders.sending.deliver import deliverer
from services.reminders.sending.judging import claim_and_judge
from shared.events import ConsentWithdrawn
from tests.conftest import Databases
from tests.reminders.house import HER_PHONE, PHONE, House, consent, milestone


def planned(house: House, *channels: str) -> UUID:
    house.begin(*channels or ("sms",))
    house.happens(milestone())
    return house.rung[0].message_id


def test_workers_at_the_same_message_send_it_once(house: House) -> None:
    message_id = planned(house)
    deliver = deliverer(house.parts.engine, house.parts.vault, house.parts.channels(), {}, house.clock)
    together = Barrier(8)

    def one(_: int) -> object:
        together.wait()
        return deliver(message_id, "sms", "bulk")

    with ThreadPoolExecutor(8) as pool:
        assert sorted(map(str, pool.map(one, range(8)))) == ["None"] * 7 + ["delivered"]
    assert len(house.sent()) == 1


def test_workers_at_several_messages_of_one_client_merge_them_once(house: House) -> None:
    house.begin("sms")
    house.happens(milestone(), milestone("first_win"), milestone("practices", 3))
    deliver = deliverer(house.parts.engine, house.parts.vault, house.parts.channels(), {}, house.clock)
    together = Barrier(3)

    def one(message_id: UUID) -> object:
        together.wait()
        return deliver(message_id, "sms", "bulk")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(one, [rung.message_id for rung in house.rung]))
    assert len(house.sent()) == 1
    assert house.states() == [("delivered", None)] + [("suppressed", "merged")] * 2


def test_what_surely_did_not_go_is_tried_again_later_and_a_bounded_number_of_times(house: House) -> None:
    message_id = planned(house)
    attempts = []

    def away(letter: Letter) -> Answer:
        attempts.append(letter.message_id)
        return Answer("retry", "refused")

    deliver = deliverer(house.parts.engine, house.parts.vault, {"sms": away}, {}, house.clock)
    assert deliver(message_id, "sms", "bulk") == "planned"
    assert deliver(message_id, "sms", "bulk") is None
    assert house.states() == [("planned", "refused")]
    for wait in BACKOFF:
        house.now += wait
        deliver(message_id, "sms", "bulk")
    assert house.states() == [("failed", "refused")]
    assert len(attempts) == 1 + len(BACKOFF)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer("permanent", "no_such_number"), ("failed", "no_such_number")),
        (Answer("ambiguous", "timeout"), ("unknown", "timeout")),
        (Answer("sent", provider_id="SM1"), ("sent", None)),
    ],
)
def test_the_channels_answer_is_kept_and_never_blindly_sent_again(
    house: House, answer: Answer, state: tuple[str, str | None]
) -> None:
    message_id = planned(house)
    deliver = deliverer(house.parts.engine, house.parts.vault, {"sms": lambda _: answer}, {}, house.clock)
    deliver(message_id, "sms", "bulk")
    house.later(hours=1)
    assert house.sweep() == 0
    assert deliver(message_id, "sms", "bulk") is None
    assert house.states() == [state]


def test_the_consent_by_which_it_was_said_is_kept_with_each_message(house: House) -> None:
    first, second = uuid4(), uuid4()
    house.begin()
    house.happens(HER_PHONE, consent("sms", PHONE, first), milestone())
    house.answer()
    withdrawn = ConsentWithdrawn(consent_id=first, contact_id=PHONE, scope="sms")
    house.happens(withdrawn, consent("sms", PHONE, second))
    house.later(days=1)
    house.happens(milestone("first_win"))
    house.answer()
    house.happens(ConsentWithdrawn(consent_id=second, contact_id=PHONE, scope="sms"))
    house.later(days=1)
    house.happens(milestone("practices", 3))
    house.answer()
    assert [m["consent_id"] for m in house.messages()] == [str(first), str(second)]


def test_a_channel_that_breaks_leaves_the_message_unknown(house: House) -> None:
    message_id = planned(house)

    def broken(_: Letter) -> Answer:
        raise RuntimeError("reset by peer")

    deliver = deliverer(house.parts.engine, house.parts.vault, {"sms": broken}, {}, house.clock)
    deliver(message_id, "sms", "bulk")
    assert house.states() == [("unknown", "RuntimeError")]


def test_what_may_have_gone_keeps_its_words_only_where_a_provider_can_be_asked_by_them(house: House) -> None:
    house.begin("sms", "email")
    house.happens(milestone())
    parts = house.parts
    deliver = deliverer(
        parts.engine, parts.vault, dict.fromkeys(("sms", "email"), lambda _: Answer("ambiguous", "timeout")),
        {}, house.clock,
    )  # fmt: skip
    for rung in house.rung:
        assert deliver(*rung) == "unknown"
    with parts.engine.connect() as connection:
        kept = connection.execute(text("SELECT channel FROM message WHERE sealed IS NOT NULL")).scalars()
        assert list(kept) == ["sms"]


def test_a_worker_that_died_before_sending_leaves_the_message_unknown(house: House) -> None:
    message_id = planned(house)
    assert claim_and_judge(house.parts.engine, house.parts.vault, message_id, house.now)
    house.sweep()
    assert house.states() == [("sending", None)]
    house.now += timedelta(minutes=6)
    house.sweep()
    assert house.states() == [("unknown", "worker_died")]


def test_a_worker_that_died_after_sending_is_settled_by_the_outbox(house: House) -> None:
    message_id = planned(house)
    claimed = claim_and_judge(house.parts.engine, house.parts.vault, message_id, house.now)
    assert claimed
    assert claimed.client_id
    letter = Letter(
        message_id=message_id,
        record_id=claimed.client_id,
        channel="sms",
        to="+1",
        text="…",
        subject=None,
        html=None,
        zone="UTC",
        at=house.now,
    )
    house.parts.outbox.send(letter)
    house.now += timedelta(minutes=6)
    house.sweep()
    assert house.states() == [("delivered", None)]
    assert len(house.sent()) == 1


def test_a_message_that_nobody_knows_is_no_trouble(house: House) -> None:
    deliver = deliverer(house.parts.engine, house.parts.vault, {}, {}, house.clock)
    assert deliver(UUID(int=1), "sms", "bulk") is None


def test_a_message_without_a_token_is_left_to_the_sweeper_at_once(house: House) -> None:
    message_id = planned(house)
    assert house.sweep() == 1

    class Empty(Bucket):
        def take(self, queue: Queue, *, patience: float) -> bool:
            del queue, patience
            return False

    empty = Empty(house.parts.broker.client, "test", per_second=1)
    deliver = deliverer(
        house.parts.engine, house.parts.vault, house.parts.channels(), {"sms": empty}, house.clock
    )
    assert deliver(message_id, "sms", "bulk") is None
    assert house.states() == [("planned", None)]
    assert house.sweep() == 1


def test_nothing_is_sent_to_a_client_whose_row_was_tampered_with(house: House, databases: Databases) -> None:
    message_id = planned(house)
    with psycopg.connect(plain(databases.reminders_admin)) as connection:
        connection.execute("UPDATE person SET sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20))")
    deliver = deliverer(house.parts.engine, house.parts.vault, house.parts.channels(), {}, house.clock)
    assert deliver(message_id, "sms", "bulk") is None
    assert house.states() == [("suppressed", "unknown_person")]

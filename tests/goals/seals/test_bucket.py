"""A bucket that is away, full of refusals or careless: what is said of it, and that it never costs a seal."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from services.goals.seals import bucket as buckets
from services.goals.seals.bucket import Bucket, Bucketed
from services.goals.seals.place import PlaceAway
from tests.goals.seals.store import BUSY, LATER, SECRET_KEY, Refusal, Store

NAME = "00000001.json"


def told(where: Bucketed) -> set[str]:
    """What is said to whoever wants to list, read or keep."""
    bucket, said = Bucket(where), set()
    for act in (bucket.names, lambda: bucket.read(NAME), lambda: bucket.keep(NAME, b"{}")):
        with pytest.raises(PlaceAway) as away:
            act()
        said.add(str(away.value))
    return said


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"bucket": "nowhere"}, "there is no such bucket"),
        ({"access_key": "AKSOMEBODY"}, "it does not know the access key"),
        ({"secret_key": "guessed"}, "the secret key is not the access key's"),
        ({"region": "us-east-1"}, "the secret key is not the access key's"),
        ({"endpoint": "http://127.0.0.1:1"}, "it cannot be reached"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_without_a_secret(
    served: Bucketed, wrong: dict[str, str], why: str
) -> None:
    where = served._replace(**wrong)
    at = where.endpoint.removeprefix("http://")
    assert told(where) == {f"s3://{where.bucket}/{where.prefix} at {at}: {why}"}


@pytest.mark.parametrize(
    ("refusal", "why"),
    [
        (Refusal(403, "AccessDenied"), "the access key may not do that there"),
        (Refusal(403, "RequestTimeTooSkewed"), "the clock of this machine is off"),
        (Refusal(400, "Whatever"), "it answers 400 Whatever"),
        (Refusal(301, "PermanentRedirect"), "the bucket is in another region"),
    ],
)
def test_a_refusal_is_said_in_our_words(store: Store, served: Bucketed, refusal: Refusal, why: str) -> None:
    store.refusals = [refusal] * 9
    assert {said.partition(": ")[2].partition(" (")[0] for said in told(served)} == {why}


def test_it_shows_itself_without_its_keys(served: Bucketed) -> None:
    shown = repr(served._replace(endpoint="https://user:hidden@store.example"))
    assert shown == "s3://kept/log/of-ours at store.example"


def test_what_the_environment_says_of_another_store_is_not_listened_to(
    served: Bucketed, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of somebody else")
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    assert Bucket(served).keep(NAME, b"{}")


def test_a_store_that_is_busy_for_a_moment_is_asked_again(store: Store, served: Bucketed) -> None:
    store.refusals = [BUSY]
    assert Bucket(served).names() == []


def test_one_that_cannot_say_who_was_first_is_tried_again_later(store: Store, served: Bucketed) -> None:
    store.refusals = [Refusal(404, "NoSuchKey"), LATER]
    with pytest.raises(PlaceAway, match="somebody else is writing there just now"):
        Bucket(served).keep(NAME, b"{}")
    assert Bucket(served).keep(NAME, b"{}")


def test_one_that_stays_busy_is_given_up_soon(store: Store, served: Bucketed) -> None:
    store.refusals = [BUSY] * 99
    with pytest.raises(PlaceAway, match="it answers 503 SlowDown"):
        Bucket(served).names()
    assert len(store.asked) == 1 + buckets.RETRIES


def test_one_that_says_nothing_is_given_up_in_time(
    store: Store, served: Bucketed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buckets, "ANSWER", timedelta(milliseconds=100))
    store.silent_seconds = 0.5
    began = time.monotonic()
    with pytest.raises(PlaceAway, match="it cannot be reached"):
        Bucket(served).names()
    assert time.monotonic() - began < 10


def test_a_seal_that_was_kept_though_the_answer_was_lost_stays(store: Store, served: Bucketed) -> None:
    bucket = Bucket(served)
    store.loses_answers = True
    with pytest.raises(PlaceAway):
        bucket._put(NAME, b"first")
    store.loses_answers = False
    assert not bucket.keep(NAME, b"second")
    assert bucket.read(NAME) == b"first"


def test_a_store_that_would_write_over_what_is_there_is_found_out(store: Store, served: Bucketed) -> None:
    store.minds_conditions = False
    with pytest.raises(PlaceAway, match="it does not mind If-None-Match"):
        Bucket(served).keep(NAME, b"first")
    assert not Bucket(served).keep(NAME, b"second")
    assert Bucket(served).read(NAME) == b"first"


def test_what_lies_deeper_or_beside_is_none_of_its_own(store: Store, served: Bucketed) -> None:
    store.buckets["kept"] |= {"log/of-ours/old/00000001.json": b"", "log/of-ours-too/00000002.json": b""}
    assert Bucket(served).names() == []


def test_nothing_that_is_sent_holds_the_secret_key(store: Store, served: Bucketed) -> None:
    Bucket(served).keep(NAME, b"{}")
    assert store.asked == [f"GET /kept/log/of-ours/{NAME}", *[f"PUT /kept/log/of-ours/{NAME}"] * 2]
    assert SECRET_KEY not in str(store.asked)

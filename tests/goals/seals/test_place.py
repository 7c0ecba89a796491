"""What every place for seals must do: nothing in it is ever written over, and what is kept is read again."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Barrier, Thread

import pytest

from services.goals.seals.bucket import Bucket, Bucketed
from services.goals.seals.folder import Folder
from services.goals.seals.place import Place


@pytest.fixture(params=["folder", "bucket", "bucket with Object Lock"])
def place(request: pytest.FixtureRequest, tmp_path: Path, bucket: Bucketed) -> Place:
    if request.param == "folder":
        return Folder(tmp_path / "not" / "there yet")
    if request.param == "bucket":
        return Bucket(bucket)
    if "CAIRN_TRY_SEALS" in os.environ:
        pytest.skip("that store's own bucket has it or not")
    return Bucket(bucket._replace(bucket="locked"))


def test_at_first_it_is_empty(place: Place) -> None:
    assert place.names() == []
    with pytest.raises(FileNotFoundError):
        place.read("00000001.json")


def test_what_is_kept_is_read_again_and_never_written_over(place: Place) -> None:
    assert place.keep("00000001.json", b"first")
    assert not place.keep("00000001.json", b"second")
    assert place.read("00000001.json") == b"first"
    assert place.names() == ["00000001.json"]


def test_names_come_in_order_and_after_the_one_that_is_known(place: Place) -> None:
    names = [f"{number:08}.json" for number in range(1, 8)]
    for name in reversed(names):
        place.keep(name, name.encode())
    assert place.names() == names
    assert place.names(names[2]) == names[3:]
    assert place.names(names[-1]) == []


def test_many_are_read_in_the_order_in_which_they_are_asked_for(place: Place) -> None:
    names = [f"{number:08}.json" for number in range(1, 40)]
    for name in names:
        place.keep(name, name.encode())
    asked = [*names[5:], *names[:5]]
    assert list(place.read_each(asked)) == [name.encode() for name in asked]
    with pytest.raises(FileNotFoundError):
        list(place.read_each(["00000001.json", "00000041.json"]))


def test_of_two_that_keep_one_at_once_one_does(place: Place) -> None:
    together, kept = Barrier(2), []

    def one(content: bytes) -> None:
        together.wait()
        if place.keep("00000001.json", content):
            kept.append(content)

    threads = [Thread(target=one, args=(content,)) for content in (b"one", b"other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [place.read("00000001.json")] == kept

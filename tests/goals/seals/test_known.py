"""What is known of seals without reading them again, and when they are read anew all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from services.goals.seals.folder import Folder
from services.goals.seals.known import Known
from services.goals.seals.place import PlaceAway, name_of, seal_in
from services.goals.seals.seal import BadSeal, Held, LaneSeal, kept, made
from services.goals.seals.signing import publics
from tests import controls as c

KEY, NEXT = b"a" * 32, b"b" * 32


class Watched(Folder):
    """A folder that remembers what was read in it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.read_names: list[str] = []

    def read_each(self, names: Sequence[str]) -> Iterator[bytes]:
        """As the folder does."""
        self.read_names += names
        return super().read_each(names)


@pytest.fixture
def place(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def keep(place: Folder, number: int, *keys: bytes, lane: int = 1) -> Held:
    """The next seal, over one more event of a lane."""
    before = seal_in(place, number - 1) if number > 1 else None
    grown = LaneSeal(lane, number - 1, number, f"{number:064}", "0" * 64)
    now = c.NOW + timedelta(hours=number)
    place.keep(name_of(number), kept(made(before, [grown], now, keys or (KEY,))))
    return seal_in(place, number)


def test_each_seal_is_read_once(place: Watched) -> None:
    known = Known(place, publics([KEY]))
    keep(place, 1)
    keep(place, 2)
    place.read_names.clear()
    known.catch_up()
    last = keep(place, 3)
    place.read_names.clear()
    known.catch_up()
    known.catch_up()
    assert place.read_names == [name_of(3)]
    assert known.last == last
    assert known.ends[1].position == 3


def test_it_knows_which_hold_what_and_by_which_keys_changed(place: Watched) -> None:
    for number, keys in ((1, (KEY,)), (2, (KEY,)), (3, (NEXT, KEY)), (4, (NEXT,))):
        keep(place, number, *keys)
    known = Known(place, publics([KEY]))
    known.catch_up()
    assert known.holding(1, 2, 3) == [2, 3]
    assert known.holding(1, 1, 0) == known.holding(1, 5, 9) == known.holding(2, 1, 9) == []
    assert known.handovers == [3]
    assert list(known.keys) == [*publics([KEY]), *publics([NEXT])]


def test_seals_that_were_moved_away_are_forgotten(place: Watched, tmp_path: Path) -> None:
    first = keep(place, 1)
    keep(place, 2)
    known = Known(place, publics([KEY]))
    known.catch_up()
    (tmp_path / name_of(2)).unlink()
    known.catch_up()
    assert known.last == first
    again = keep(place, 2, lane=1)
    known.catch_up()
    assert known.last == again


def test_one_that_is_not_right_is_told_until_it_is_put_right(place: Watched, tmp_path: Path) -> None:
    keep(place, 1)
    known = Known(place, publics([KEY]))
    known.catch_up()
    keep(place, 2)
    aside = (tmp_path / name_of(2)).rename(tmp_path / "aside")
    place.keep(name_of(2), b"{}")
    for _ in range(2):
        with pytest.raises(BadSeal, match="seal 2 cannot be read"):
            known.catch_up()
    aside.rename(tmp_path / name_of(2))
    known.catch_up()
    assert known.last == seal_in(place, 2)


class Hanging(Watched):
    """A folder that does not answer until it may."""

    asked, goes_on = Event(), Event()

    def names(self, after: str = "") -> list[str]:
        """As the folder does, later."""
        self.asked.set()
        self.goes_on.wait(10)
        return super().names(after)


def test_while_one_waits_for_a_store_that_hangs_the_others_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.goals.seals.known.WAITS", 0.01)
    place = Hanging(tmp_path)
    known = Known(place, publics([KEY]))
    with ThreadPoolExecutor(1) as beside:
        first = beside.submit(known.catch_up)
        assert place.asked.wait(10)
        with pytest.raises(PlaceAway):
            known.catch_up()
        place.goes_on.set()
        assert first.result().last is None


def test_seals_by_keys_that_nobody_trusts_are_told(place: Watched) -> None:
    keep(place, 1)
    with pytest.raises(BadSeal, match="keys that are not known here"):
        Known(place, publics([NEXT])).catch_up()

"""Who waits for something is let wait while anything moves, and told where it stands when nothing does."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.faults.pulse import Pulse, Standstill

STILL = 10.0


class Slow:
    """A clock that only a wait moves on, and what is seen at each of its seconds."""

    def __init__(self, seen: Sequence[tuple[int, ...] | None]) -> None:
        self.now, self.seen = 0.0, seen

    def pulse(self) -> Pulse:
        """A pulse that looks there, by this clock."""
        return Pulse(self.look, lambda: "3 facts not told", lambda: self.now, self.sleep)

    def look(self) -> tuple[int, ...] | None:
        """What is seen now; the last of it for ever."""
        return self.seen[min(int(self.now), len(self.seen) - 1)]

    def sleep(self, seconds: float) -> None:
        """The time goes by."""
        self.now += seconds


def test_while_something_moves_it_waits_as_long_as_it_takes() -> None:
    slow = Slow([(second // 9,) for second in range(200)])
    slow.pulse().wait(lambda: slow.now > 190, "it", STILL, every=1.0)
    assert slow.now > 190


@pytest.mark.parametrize("last", [(7,), None], ids=["the same is seen", "nothing can be seen"])
def test_when_nothing_moves_any_more_it_gives_up_and_says_where_it_stands(
    last: tuple[int, ...] | None,
) -> None:
    slow = Slow([*((second,) for second in range(8)), last])
    with pytest.raises(Standstill, match="it: nothing has moved for 10 s; 3 facts not told"):
        slow.pulse().wait(lambda: False, "it", STILL, every=1.0)
    assert slow.now == pytest.approx(7 + STILL, abs=2)


def test_who_begins_to_wait_at_a_standstill_is_given_its_time() -> None:
    slow = Slow([(1,)])
    slow.now = 1_000.0
    pulse = slow.pulse()
    pulse.last_moved()
    slow.now = 2_000.0
    pulse.wait(lambda: slow.now >= 2_009, "it", STILL, every=1.0)

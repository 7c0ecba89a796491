"""What may happen, and how often it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests.simulation import herself, processes
from tests.simulation.dice import Dice
from tests.simulation.lives import live
from tests.simulation.world import World


class Happens(NamedTuple):
    """What it does, how often it comes (also where nobody changes her mind), and whether others may act in
    the middle of it.
    """

    does: Callable[[World, Dice], None]
    often: int
    plainly: int
    is_open: bool = False


HAPPENS: dict[str, Happens] = {
    one.does.__name__: one
    for one in (
        Happens(processes.time_passes, 14, 3),
        Happens(processes.something_comes_due, 6, 16),
        Happens(processes.the_bell_is_answered, 18, 28, is_open=True),
        Happens(processes.a_ring_is_doubled, 5, 2, is_open=True),
        Happens(processes.a_ring_is_lost, 3, 1),
        Happens(processes.the_bell_forgets, 1, 0),
        Happens(processes.it_is_swept, 9, 14),
        Happens(processes.it_is_planned, 8, 14),
        Happens(processes.the_feed_is_followed, 11, 14),
        Happens(processes.a_page_comes_twice, 3, 1),
        Happens(processes.something_is_poison, 1, 0),
        Happens(processes.it_is_put_right, 2, 0),
        Happens(processes.the_provider_tells, 10, 6),
        Happens(processes.the_provider_tells_again, 3, 1),
        Happens(herself.she_writes, 4, 0),
        Happens(herself.her_text_comes_twice, 2, 0),
        Happens(herself.she_presses, 1, 0),
        Happens(herself.she_unsubscribes, 1, 0),
        Happens(live, 9, 14),
        Happens(processes.the_log_is_told, 6, 0, is_open=True),
        Happens(processes.the_provider_is_asked, 5, 8, is_open=True),
        Happens(processes.a_key_is_destroyed, 1, 0),
        Happens(processes.the_staff_is_told_again, 1, 0),
        Happens(processes.sending_is_held, 1, 0),
        Happens(processes.sending_goes_on, 3, 0),
    )
}
"""By name, as traces have them."""

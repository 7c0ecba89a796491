"""Data of an older shape, read as if it were written today: a pure step from each shape to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shared.events import EVENTS, Actor, ConsentGiven, ConsentWithdrawn, Event, PracticeLogged

Clear = dict[str, Any]
"""The fields of an event that are stored in clear, as JSON gives them."""
Step = Callable[[Clear, Actor], Clear]
"""What data of one shape is in the next, by its clear fields and by who did it. What is sealed stays as it
is, for it may be erased, or not be this reader's to open."""


class UnknownEvent(Exception):
    """The event's type is not one that this code knows."""


class UnknownShape(UnknownEvent):
    """The event's data has a shape that this code does not know: newer code wrote it."""

    def __init__(self, name: str, shape: int) -> None:
        super().__init__(f"{name} in shape {shape}")


def _way_of_its_actor(clear: Clear, actor: Actor) -> Clear:
    """Shape 1 did not say by which way she told of it: it was the way of whoever did it."""
    return clear | {"via": actor.via}


STEPS: dict[tuple[str, int], Step] = {
    (ConsentGiven.TYPE, 1): _way_of_its_actor,
    (ConsentWithdrawn.TYPE, 1): _way_of_its_actor,
    (PracticeLogged.TYPE, 1): _way_of_its_actor,
}
"""By the type and the shape from which a step leads to the next."""


def readable(name: str, shape: int) -> type[Event]:
    """The event of this type, if its data can be read in this shape. Raises UnknownEvent, UnknownShape."""
    kind = EVENTS.get(name)
    if kind is None:
        raise UnknownEvent(name)
    if not 1 <= shape <= kind.SHAPE:
        raise UnknownShape(name, shape)
    return kind


def upcast(kind: type[Event], shape: int, clear: Clear, actor: Actor) -> Clear:
    """The clear fields as they are in the newest shape, from any that `readable` took."""
    for known in range(shape, kind.SHAPE):
        clear = STEPS[kind.TYPE, known](clear, actor)
    return clear

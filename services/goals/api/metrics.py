"""What a process that serves shows to Prometheus: whom it answers, turns away and lets in; never an id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import Counter, Gauge, generate_latest

from services.goals.log.appends import Appends
from shared.answered import Answered
from shared.probes import of_process

__all__ = ["CONTENT_TYPE", "Figures"]

Why = Literal["share", "behind", "seats"]
"""A caller has her share of the threads; too many wait for one; every seat of a long poll is taken."""
WHY: tuple[Why, ...] = ("share", "behind", "seats")
SignIn = Literal["well", "refused", "throttled"]
SIGN_INS: tuple[SignIn, ...] = ("well", "refused", "throttled")


class Figures:
    """The figures of one process."""

    def __init__(self) -> None:
        self.registry = of_process()
        self.count = Answered(self.registry).count
        self.appends = Appends(self.registry)
        self._refused = Counter(
            "cairn_overload_refusals",
            "Requests that were turned away because there was no room, and where",
            ["why"],
            registry=self.registry,
        )
        self._sign_ins = Counter(
            "cairn_sign_ins", "Tries to sign in, and what came of them", ["outcome"], registry=self.registry
        )
        for why in WHY:
            self._refused.labels(why)
        for outcome in SIGN_INS:
            self._sign_ins.labels(outcome)

    def shows(self, name: str, what: str, read: Callable[[], float]) -> None:
        """A gauge more, read at each scrape."""
        Gauge(name, what, registry=self.registry).set_function(read)

    def refused(self, why: Why) -> None:
        """Somebody was turned away."""
        self._refused.labels(why).inc()

    def sign_in(self, outcome: SignIn) -> None:
        """Somebody tried to sign in."""
        self._sign_ins.labels(outcome).inc()

    def page(self) -> bytes:
        """All of them, in the text format that Prometheus reads."""
        return generate_latest(self.registry)

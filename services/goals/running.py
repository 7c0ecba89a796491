"""Running loops of this house in one process, which can be asked how it is while they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from shared.logs import configure
from shared.loops import Loop, run, told_to_stop
from shared.probed import answering

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from services.goals.parts import Parts


def run_loops(
    parts: Parts,
    host: str,
    port: int | None,
    loops: Mapping[str, Callable[[Parts, CollectorRegistry], Loop]],
) -> None:
    """Until told to stop; probes and metrics are answered on the port, if there is one."""
    from shared.probes import of_process  # noqa: PLC0415  what ends at once needs no figures

    configure("goals")
    registry = of_process()
    parts.show_in(registry)
    made = {name: loop(parts, registry) for name, loop in loops.items()}
    with answering(host, port, registry, parts.unready):
        run(told_to_stop(), made, registry)

"""The options of a command that runs on, and can be asked how it is while it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from shared.probes import Unready

F = TypeVar("F", bound=Callable[..., Any])


def probed(command: F) -> F:
    """The command with `--metrics-port` and `--metrics-host`."""
    named = click.option(
        "--metrics-port",
        type=click.IntRange(1, 65_535),
        help="Serve /healthz, /readyz and /metrics there; by default nowhere.",
    )
    at = click.option(
        "--metrics-host", default="127.0.0.1", show_default=True, help="The address of that port."
    )
    return named(at(command))


@contextmanager
def answering(host: str, port: int | None, registry: CollectorRegistry, unready: Unready) -> Iterator[None]:
    """Answers there while it lasts; nowhere without a port. Raises BadParameter where it cannot be had."""
    from shared.probes import PortTaken, served  # noqa: PLC0415  half of what such a command takes to start

    if port is None:
        yield
        return
    try:
        with served(host, port, registry, unready):
            yield
    except PortTaken as taken:
        raise click.BadParameter(str(taken), param_hint="--metrics-port") from None

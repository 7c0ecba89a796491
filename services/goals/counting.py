"""What long work shows on a terminal: how far it is."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click


def counting(what: str) -> Callable[[int], None]:
    """Counts on the terminal what it is told of; nothing where nobody watches."""
    seen = 0

    def progress(more: int) -> None:
        nonlocal seen
        seen += more
        if sys.stderr.isatty():
            click.echo(f"\r{seen:,} {what}", err=True, nl=False)

    return progress

"""A status as one screen of plain text: what is wrong first."""

from __future__ import annotations

from collections.abc import Iterator

import click

from infra.status.status import Queue, Status
from infra.status.words import counted, each, lasting

COLOURS = {"page": "red", "ticket": "yellow"}


def lines(now: Status, runbooks: str) -> Iterator[str]:
    """Its lines, coloured; whoever prints them to no terminal takes the colours away (click.echo does)."""
    answer = f"{now.processes} process{'es' if now.processes != 1 else ''} answer"
    yield f"Cairn, {now.at:%Y-%m-%d %H:%M:%S} UTC, {answer}{'s' if now.processes == 1 else ''}"
    yield ""
    yield from _troubles(now, runbooks)
    yield ""
    yield "queue         due  oldest due   from due to sent:  half   95 %   99 %"
    yield from map(_queue, now.queues)
    yield ""
    yield from _waiting(now)
    yield ""
    yield from _counted(now)


def _troubles(now: Status, runbooks: str) -> Iterator[str]:
    if now.well:
        yield click.style("All is well: nothing needs a person.", fg="green")
    for one in now.troubles:
        yield f"{click.style(f'{one.urgency:<7}', fg=COLOURS[one.urgency], bold=True)} {one.says}"
        yield f"        {runbooks}#{one.alert.lower()}"


def _queue(one: Queue) -> str:
    took = (one.sent_p50_seconds, one.sent_p95_seconds, one.sent_p99_seconds)
    shown = "".join(f"{'-' if seconds is None else lasting(seconds):>7}" for seconds in took)
    return f"{one.name:<11}{counted(one.due):>6}{lasting(one.oldest_seconds):>12}{'':>18}{shown}"


def _waiting(now: Status) -> Iterator[str]:
    way, feed, log = now.under_way, now.feed, now.log
    clock = now.by_clock
    yield f"by the clock  {counted(clock.due)} due, the oldest for {lasting(clock.oldest_seconds)}"
    yield f"under way     {counted(way.sending)} sending, the oldest for {lasting(way.oldest_seconds)}"
    yield f"              {counted(way.unknown)} unknown, {counted(way.set_aside)} set aside"
    yield f"followed      by {counted(feed.followers)}, {counted(feed.events_behind)} events behind"
    slowest = lasting(feed.lane_lag_seconds)
    yield f"              slowest lane {slowest}, {counted(feed.parked)} records parked"
    facts = f"{counted(feed.facts_waiting)} facts wait, the oldest for {lasting(feed.facts_oldest_seconds)}"
    yield f"to the log    {facts}; {counted(feed.facts_refused)} refused"
    seal = "no seal" if log.seal_number == 0 else f"seal {counted(log.seal_number)}"
    sealed = f"{seal}, {counted(log.unsealed)} events since"
    yield f"log           {counted(log.events)} events; {sealed}; {counted(log.erasures)} erasures to come"


def _counted(now: Status) -> Iterator[str]:
    known = now.counted
    yield "since the processes began"
    yield f"sent          {each(known.sent)}; {counted(known.segments)} segments of SMS"
    yield f"suppressed    {each(known.suppressed)}"
    yield f"expired       {each(known.expired)}"
    yield f"opted out     {each(known.opt_outs)}"
    yield f"provider      {each(known.provider_errors)}"

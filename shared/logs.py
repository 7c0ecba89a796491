"""What a process says about itself: one JSON object a line on stderr, with ids and never with words."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import structlog
from structlog.typing import EventDict, Processor

from shared import tracing

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
]
QUIET = ("werkzeug", "urllib3", "sqlalchemy", "alembic")
"""Libraries that speak only of trouble: their everyday lines carry paths and statements."""


def configure(service: str, level: int = logging.INFO) -> None:
    """Send our lines and the libraries' to stderr, each naming the service."""

    def name_service(_: Any, __: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    finish: list[Processor] = [
        name_service,
        _traced,
        _without_contents,
        structlog.processors.JSONRenderer(_as_json),
    ]
    structlog.configure(
        processors=[*SHARED, *finish],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        # Not cached: a logger made at import would keep the first stderr for ever, also when that is closed.
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=[remove, *finish])
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for library in QUIET:
        logging.getLogger(library).setLevel(logging.WARNING)


def _traced(_: Any, __: str, event: EventDict) -> EventDict:
    """Names the trace that a line belongs to, where traces are told of."""
    here = tracing.current()
    if here is not None:
        event["trace_id"] = here.split("-")[1]
    return event


def logger(**ids: object) -> structlog.typing.FilteringBoundLogger:
    """A logger whose every line carries these ids."""
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger(**ids)
    return bound


@contextmanager
def correlated(correlation_id: object, **ids: object) -> Iterator[None]:
    """Every line within carries the correlation id, whoever writes it."""
    with structlog.contextvars.bound_contextvars(
        correlation_id=str(correlation_id), **{name: str(value) for name, value in ids.items()}
    ):
        yield


def _as_json(event: EventDict, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()


def _without_contents(_: Any, __: str, event: EventDict) -> EventDict:
    """An exception is told by its kinds and its places: its text may quote what a person wrote."""
    found = event.pop("exc_info", None)
    record = event.pop("_record", None)
    if found is True:
        found = sys.exc_info()
    elif isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if record is not None and not found:
        found = record.exc_info
    event.pop("exception", None)
    event.pop("stack_info", None)
    if isinstance(found, tuple) and found[1] is not None:
        event["error"] = _kinds(found[1])
        event["where"] = _places(found[1])
    return event


def _kinds(error: BaseException) -> list[str]:
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < 5:
        kinds.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        cause = cause.__cause__ or cause.__context__
    return kinds


def _places(error: BaseException) -> list[str]:
    places: list[str] = []
    step = error.__traceback__
    while step is not None:
        places.append(f"{step.tb_frame.f_globals.get('__name__', '?')}:{step.tb_lineno}")
        step = step.tb_next
    return places[-8:]

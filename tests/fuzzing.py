"""Requests that nobody thought of: schemathesis makes them from an OpenAPI document, and judges."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    missing_required_header,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

LONG = os.environ.get("CAIRN_FUZZ_CASES")
"""Set by `make fuzz`: so many requests, and others each time."""
CASES = int(LONG or "4")
"""Requests to each operation, twice: as described, and not as described."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    missing_required_header,
    unsupported_method,
    allow_header_conformance,
]


@dataclass(frozen=True)
class Fuzz:
    """Where, who asks (headers by name), and for which things, by the names of path parameters."""

    url: str
    callers: Mapping[str, Mapping[str, str]]
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cases: int = CASES


def asked(fuzz: Fuzz) -> Counter[int]:
    """Asks every operation, as it is described and otherwise; how many answers were 2xx, 3xx, 4xx (2, 3, 4).

    Always the same requests, but for `make fuzz`. Fails with all that is answered otherwise than described.
    """
    schema = schemathesis.openapi.from_url(f"{fuzz.url}/openapi.json")
    statuses: Counter[int] = Counter()
    wrong = []
    with closing(requests.Session()) as session:
        for found in schema.get_all_operations():
            assert isinstance(found, Ok), found
            operation = found.ok()
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                try:
                    _ask(fuzz, session, operation, mode, statuses)
                except (FailureGroup, BaseExceptionGroup) as error:
                    wrong.append(f"{operation.label}, {mode.value}: {error!r}")
                except Unsatisfiable:
                    assert mode is GenerationMode.NEGATIVE  # it takes nothing that could be wrong
    assert not wrong, "\n\n".join(wrong)
    return statuses


def _ask(
    fuzz: Fuzz,
    session: requests.Session,
    operation: Any,
    mode: GenerationMode,
    statuses: Counter[int],
) -> None:
    @settings(
        max_examples=fuzz.cases,
        derandomize=LONG is None,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode), choose=st.data())
    def ask(case: Any, choose: st.DataObject) -> None:
        for name, ids in fuzz.known.items():
            if name in case.path_parameters and choose.draw(st.integers(0, 7)):
                case.path_parameters[name] = choose.draw(st.sampled_from(ids))
        headers = dict(fuzz.callers[choose.draw(st.sampled_from(sorted(fuzz.callers)))])
        answer = case.call(session=session, headers=headers)
        statuses[answer.status_code // 100] += 1
        case.validate_response(answer, checks=CHECKS, headers=headers)

    ask()

"""All checks of a bundle, each by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from services.goals.export.fhir.checks import addresses, elements, goal, statuses

Resource = dict[str, Any]
OF_ANY: tuple[Callable[[Resource], bool], ...] = (
    elements.nothing_is_empty,
    elements.words_are_text,
    elements.times_are_times,
    elements.periods_begin_before_they_end,
    statuses.status_is_one_of_r4,
)
OF_EACH: dict[str, tuple[Callable[[Resource], bool], ...]] = {
    "Goal": (
        goal.lifecycle_is_one_of_r4,
        goal.a_detail_has_its_measure,
        goal.achievement_fits_the_lifecycle,
    ),
    "Observation": (statuses.no_value_beside_why_there_is_none, statuses.no_component_says_the_value_again),
    "Consent": (statuses.a_consent_names_its_rule, statuses.a_consent_names_its_patient),
    "Provenance": (statuses.nothing_revises_itself,),
}
OF_ALL: tuple[Callable[[list[Resource]], Iterable[Resource]], ...] = (
    addresses.told_apart,
    addresses.of_no_version,
    addresses.of_their_own,
    addresses.all_there,
    addresses.in_order,
)


class Broken(NamedTuple):
    """A check that a resource does not pass; nothing of it but its type and its id."""

    check: str
    resource: str


class Unsound(Exception):
    """A bundle is not as R4 asks, and so it is not to be handed out."""

    def __init__(self, broken: tuple[Broken, ...]) -> None:
        super().__init__(", ".join(sorted({one.check for one in broken})))
        self.broken = broken


def must_be_sound(bundle: Resource) -> None:
    """Raises Unsound where a check is broken."""
    broken = tuple(found(bundle))
    if broken:
        raise Unsound(broken)


def found(bundle: Resource) -> Iterator[Broken]:
    """What is broken, resource by resource."""
    entries = bundle["entry"]
    for entry in entries:
        yield from (Broken(check, _name(entry)) for check in of_resource(entry["resource"]))
    for check in OF_ALL:
        yield from (Broken(check.__name__, _name(entry)) for entry in check(entries))


def of_resource(resource: Resource) -> list[str]:
    """The checks that one resource, alone, does not pass."""
    checks = (*OF_ANY, *OF_EACH.get(resource["resourceType"], ()))
    return [check.__name__ for check in checks if not check(resource)]


def _name(entry: Resource) -> str:
    return f"{entry['resource']['resourceType']}/{entry['resource']['id']}"

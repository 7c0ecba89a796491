"""A list is read page by page while others write: all that was there at the beginning comes, and once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.controls import CLIENT
from tests.goals.api.callers import A_CLIENT, A_GOAL, CLIENT_BODY, Knock, named

LISTS = ("/v1/clients", f"{A_GOAL}/history", f"{A_CLIENT}/history", f"/v1/access?client={CLIENT}")


def pages(knock: Knock, path: str, limit: int, between: Callable[[int], object]) -> Iterator[Any]:
    """The pages of a list; between two of them something else happens."""
    after, number = "", 0
    while after is not None:
        sign = "&" if "?" in path else "?"
        query = f"{sign}limit={limit}" + (f"&after={after}" if after else "")
        answer = knock("lead", "GET", path + query)
        assert (answer.status_code, set(answer.json)) == (200, {"items", "next"}), answer.text
        assert len(answer.json["items"]) <= limit
        yield answer.json["items"]
        after, number = answer.json["next"], number + 1
        between(number)


def write(knock: Knock, number: int) -> None:
    """A little of everything: each list grows by one, and every third time a client is there more."""
    knock("client", "PUT", f"{A_GOAL}/practices/{named(f'practice {number}')}", {})
    knock("client", "PUT", f"{A_CLIENT}/preferences", {"label": f"calm {number}"})
    if number % 3 == 0:
        knock("therapist", "PUT", f"/v1/clients/{named(f'client {number}')}", CLIENT_BODY)
    knock("therapist", "GET", A_CLIENT)


@pytest.mark.parametrize("path", LISTS)
def test_a_walk_loses_nothing_and_repeats_nothing_though_others_write(active: Knock, path: str) -> None:
    for number in range(-12, 0):
        write(active, number)
    there = [one["id"] for page in pages(active, path, 200, lambda _: None) for one in page]
    assert len(there) > 4
    items = [one["id"] for page in pages(active, path, 2, lambda n: write(active, n)) for one in page]
    assert [one for one in items if one in there] == there
    assert len(items) == len(set(items))


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("cursor", ["", "x", "1", "bm9uZQ", "MA", "%00", "é"])
def test_a_cursor_that_is_none_of_this_list_is_told_so(active: Knock, path: str, cursor: str) -> None:
    sign = "&" if "?" in path else "?"
    answer = active("lead", "GET", f"{path}{sign}after={cursor}")
    assert answer.status_code == 422, answer.text
    assert answer.json["errors"][0]["pointer"] == "#/after"

"""Anything that JSON can hold, a little of it: what a parser is given that expects something else."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st


def anything(*leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Nothing, a truth, a whole number or one of these leaves, or a few of them in lists and objects."""
    return st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), *leaves),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=3,
    )


ANYTHING = anything(st.floats(), st.text(st.characters(), max_size=30))

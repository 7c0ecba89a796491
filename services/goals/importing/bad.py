"""What is wrong with a file that is to be imported, in words that repeat none of it."""

from __future__ import annotations

from typing import NamedTuple


class Bad(NamedTuple):
    """A line that cannot be imported: its number, the field where it is one, and what would be right."""

    line: int
    field: str | None
    why: str

    def __str__(self) -> str:
        return (
            f"line {self.line}: {self.field}: {self.why}" if self.field else f"line {self.line}: {self.why}"
        )


class Unreadable(Exception):
    """The file as a whole is none that can be imported."""

"""A log of its own for each test, and a folder for its seals."""

from __future__ import annotations

from tests.goals.log.conftest import log

__all__ = ["log"]

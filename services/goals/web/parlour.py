"""What stands behind the pages: accounts, sessions and tries, and where the other house is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app

from services.goals.api.metrics import SignIn
from services.goals.web.accounts import Accounts
from services.goals.web.across import Reminders
from services.goals.web.organisation import Organisation
from services.goals.web.sessions import Sessions
from services.goals.web.tries import Tries

PARLOUR = "cairn.parlour"
Tried = Callable[[SignIn], None]
"""Told of each try to sign in, and what came of it."""


@dataclass(frozen=True)
class Parlour:
    """What the pages need beside what every request does."""

    accounts: Accounts
    sessions: Sessions
    tries: Tries
    tried: Tried
    reminders: Reminders
    """The other house, as pages ask it."""
    organisation: Organisation | None
    """Who vouches for the staff beside their passwords, where that is configured."""
    behind_proxy: bool
    """Whether somebody stands before us who ends TLS, and says on whose behalf he asks."""


def parlour() -> Parlour:
    """Of the app that answers this request."""
    found: Parlour = current_app.extensions[PARLOUR]
    return found

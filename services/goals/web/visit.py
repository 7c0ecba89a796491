"""One request of somebody who is signed in to the pages: the same caller that a token would make of her."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast
from uuid import UUID

from flask import g
from flask import session as cookie

from services.goals import current
from services.goals.api.call import Call, rooms
from services.goals.api.lookup import client_of_goal
from services.goals.rules.access import Role, Who
from services.goals.rules.refusal import NotThere
from services.goals.web.parlour import parlour
from services.goals.web.sessions import Session
from shared.clinic import Clinic, Member

SECRET = "secret"  # noqa: S105  where the cookie keeps the session's secret


@dataclass
class Visit(Call):
    """A call by way of the pages."""

    session: Session = field(kw_only=True)

    @cached_property
    def clinic(self) -> Clinic:
        """Where she works, as it is now."""
        house = self.rooms.house
        with house.engine.connect() as connection:
            found = current.clinic(connection, house.vault, self.session.who.clinic_id)
        if found is None:
            raise NotThere
        return found

    @property
    def herself(self) -> Member | None:
        """She, as the clinic's list has her."""
        return self.clinic.staff.get(self.session.who.staff_id)

    def name_of(self, staff_id: object) -> str | None:
        """What somebody of the staff is called; None for who left, and for who never was one of it."""
        found = {str(known): member.name for known, member in self.clinic.staff.items()}
        return found.get(str(staff_id))

    def is_about(self, client_id: UUID) -> None:
        """What she does from now on is about this client: what she said of why holds, or is asked of her."""
        g.client_id = client_id
        if self.who.role == "therapist":
            why = parlour().sessions.why(self.session, client_id)
            self.who = replace(self.who, reason=why)

    def client_of(self, goal_id: UUID) -> UUID:
        """Whose goal it is. Raises NotThere, for another clinic's too, and Forbidden."""
        client_id = client_of_goal(self, goal_id)
        self.is_about(client_id)
        return client_id


def signed_in() -> Session | None:
    """Who is signed in by the cookie of this request."""
    token = cookie.get(SECRET)
    return parlour().sessions.find(token) if isinstance(token, str) else None


def visit_of(session: Session, operation: str) -> Visit:
    """The visit that a request is. The role is the one that she has today."""
    role = cast(Role, session.role)
    clinic_id = None if role == "operator" else session.who.clinic_id
    who = Who(role, str(session.who.staff_id), clinic_id, via="web")
    return Visit(who=who, rooms=rooms(), trace=g.trace, operation=operation, session=session)

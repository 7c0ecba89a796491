"""Who may do what (DOMAIN, "Who may"), judged on the token and the record before any rule of goals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import msgspec

from services.goals.rules.client import Client
from services.goals.rules.commands import Command
from services.goals.rules.commands.client import (
    AskErasure,
    CancelErasure,
    CancelReminder,
    DecideErasure,
    GiveConsent,
    PauseReminders,
    PlanReminder,
    RaiseFlag,
    RegisterClient,
    RemoveContact,
    ResumeReminders,
    SetContact,
    SetPreferences,
    SetTeam,
    WithdrawConsent,
)
from services.goals.rules.commands.clinic import ClinicCommand, RemoveStaff, SetClinic, SetStaff
from services.goals.rules.commands.goal import (
    AdjustGoal,
    CloseGoal,
    DraftGoal,
    FocusGoal,
    LogPractice,
    PauseGoal,
    RateGoal,
    ReopenGoal,
    ResumeGoal,
    SetGoal,
    VoidPractice,
    VoidRating,
)
from services.goals.rules.commands.win import RecordWin, VoidWin
from services.goals.rules.refusal import Forbidden, Gone, NotThere
from shared.events import Actor, Event, SafetyFlagged, SafetyReviewed

Role = Literal["therapist", "lead", "client", "service", "operator"]
STAFF: tuple[Role, ...] = ("therapist", "lead")

BY_CLIENT = (
    SetContact, RemoveContact, SetPreferences, GiveConsent, WithdrawConsent, PlanReminder, CancelReminder,
    PauseReminders, ResumeReminders,
    DraftGoal, SetGoal, FocusGoal, AdjustGoal, PauseGoal, ResumeGoal, RateGoal, VoidRating, LogPractice,
    VoidPractice, RecordWin, VoidWin, CloseGoal, ReopenGoal,
    AskErasure, CancelErasure,
)  # fmt: skip
BY_SERVICE = (
    SetContact, RemoveContact, GiveConsent, WithdrawConsent, PauseReminders, ResumeReminders, RaiseFlag,
    RateGoal, VoidRating, LogPractice, VoidPractice, RecordWin, VoidWin,
)  # fmt: skip


OFF_TEAM = (
    "You are not on this client's team. Say why you look in the header Cairn-Reason (1 to 200 characters), "
    "and the access log shows it; or ask a lead of the clinic to add you."
)


@dataclass(frozen=True)
class Who:
    """Who asks: the role, the person's id, the clinic, and for a client her own id."""

    role: Role
    sub: str
    clinic_id: UUID | None = None
    client_id: UUID | None = None
    reason: str | None = None
    """Why somebody of the staff looks at this record, in words (personal: sealed in the access log)."""
    via: Literal["web", "api"] = "api"
    """By which way somebody of the staff came: the pages, or a token."""

    @property
    def staff_id(self) -> UUID | None:
        """By which id the clinic's staff list may know the caller."""
        if self.role not in ("therapist", "lead", "operator"):
            return None
        try:
            return UUID(self.sub)
        except ValueError:  # an operator from outside, who is in no list
            return None

    @property
    def is_person(self) -> bool:
        """Whether somebody looks, and no machine."""
        return self.role != "service"

    def actor(self, client_id: UUID | None = None) -> Actor:
        """Who the log names: a service answers for the client whose text it brings."""
        match self.role:
            case "service":
                return (
                    Actor("client", str(client_id), "sms") if client_id else Actor("system", self.sub, "api")
                )
            case "client":
                return Actor("client", self.sub, "web")
            case "operator":
                return Actor("operator", self.sub, self.via)
            case "therapist" | "lead":
                return Actor("therapist", self.sub, self.via)


def may_set_clinic(who: Who, clinic_id: UUID, command: ClinicCommand) -> None:
    """Raises Forbidden, or NotThere for another's clinic. A lead sets her own on its page."""
    match command:
        case SetClinic():
            if who.role != "operator" and not (who.role == "lead" and who.via == "web"):
                raise Forbidden("Clinics are set up by an operator.")
        case SetStaff() | RemoveStaff():
            if who.role not in ("operator", "lead"):
                raise Forbidden("Staff is set by an operator or by a lead of the clinic.")
    if who.role != "operator" and who.clinic_id != clinic_id:
        raise NotThere


def clinic_of(who: Who) -> UUID:
    """The clinic in which somebody may look for a client at all; raises Forbidden for an operator."""
    if who.role == "operator" or who.clinic_id is None:
        raise Forbidden("This token names no clinic, and so it sees no client and no goal.")
    return who.clinic_id


def may_ask(who: Who, client_id: UUID, client: Client | None, command: Command) -> None:
    """Whether a command on a client's record may be made; raises Forbidden or NotThere."""
    if who.role == "service":
        if not isinstance(command, BY_SERVICE):
            raise Forbidden("The service brings what a client answered, and nothing else.")
        return
    if who.role == "client":
        if who.client_id != client_id:
            raise NotThere
        if not isinstance(command, BY_CLIENT):
            raise Forbidden("This is for her therapist to do.")
        _may_cancel(who, client, command)
        return
    if isinstance(command, RegisterClient) and client is None:
        return
    if client is None:
        raise NotThere
    if isinstance(command, SetTeam) and who.role != "lead":
        raise Forbidden("A lead of the clinic sets who works with a client.")
    if isinstance(command, DecideErasure) and who.role != "lead":
        raise Forbidden("A lead of the clinic decides on an erasure.")
    _on_team(who, client)
    _may_cancel(who, client, command)


def may_read(who: Who, client_id: UUID, client: Client | None) -> None:
    """Whether somebody may read a client's record; raises Forbidden or NotThere."""
    if who.role == "service":
        raise Forbidden("The service reads the feed, and no client's record.")
    if who.role == "client":
        if who.client_id != client_id:
            raise NotThere
    else:
        _on_team(who, client)
    if client is not None and client.erased is not None:
        raise Gone(clinic_of(who), client_id, client.erased)


def may_look_back(who: Who, client_id: UUID, client: Client | None) -> None:
    """The same for what happened to a record and who looked at it: staff reads that of an erased one too."""
    try:
        may_read(who, client_id, client)
    except Gone:
        if who.role == "client":
            raise


def may_export(purpose: str) -> Callable[[Who, UUID, Client | None], None]:
    """Who may take a copy of a record for a purpose: she her own, her team to hand on, a lead for the law.

    What is left of an erased record is for staff.
    """

    def may(who: Who, client_id: UUID, client: Client | None) -> None:
        may_look_back(who, client_id, client)
        if who.role == "client" and purpose != "client":
            raise Forbidden("A client takes her own copy: purpose=client.")
        if purpose == "legal" and who.role != "lead":
            raise Forbidden("A lead of the clinic exports for legal purpose.")

    return may


def seen_by(who: Who, client: Client) -> Client:
    """A client as somebody may see her: a flag is for the staff, and never in her own copy."""
    return client if who.role in STAFF else msgspec.structs.replace(client, flags={})


def may_hear(who: Who, event: Event) -> bool:
    """Whether somebody may be told of an event; what `seen_by` hides is not told either."""
    return who.role in STAFF or not isinstance(event, SafetyFlagged | SafetyReviewed)


def may_be_advised(who: Who) -> None:
    """Whether somebody is given advice on a wording; raises Forbidden to who writes no goals."""
    if who.role in ("service", "operator"):
        raise Forbidden("Advice on a goal is for the client and her therapists.")


def reads_feed(who: Who) -> None:
    """Raises Forbidden to everybody but a service."""
    if who.role != "service":
        raise Forbidden("The feed is read by services.")


def _may_cancel(who: Who, client: Client | None, command: Command) -> None:
    """Who asked for an erasure calls it off, or a lead."""
    if not isinstance(command, CancelErasure) or who.role == "lead":
        return
    erasure = client.erasures.get(command.erasure_id) if client else None
    if erasure is not None and (erasure.by == "client") != (who.role == "client"):
        raise Forbidden("Who asked for this erasure can call it off, or a lead of the clinic.")


def _on_team(who: Who, client: Client | None) -> None:
    if client is None:
        raise NotThere
    on_team = who.role == "lead" or who.sub in {str(member) for member in client.team}
    if not on_team and who.reason is None:
        raise Forbidden(OFF_TEAM)

"""What is written down in the other house by itself: her record goes on, by her and by her therapist."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid5

from shared.events import (
    CareEnded,
    CareResumed,
    ClientErased,
    ConsentWithdrawn,
    ContactRemoved,
    ContactSet,
    Event,
    GoalClosed,
    GoalReopened,
    GoalReviewed,
    MilestoneReached,
    PracticeLogged,
    PreferencesSet,
    RatingRecorded,
    ReminderCancelled,
    RemindersPaused,
    RemindersResumed,
    SafetyReviewed,
    SessionAttended,
    SessionCancelled,
    SessionScheduled,
    WinRecorded,
)
from tests.simulation import town
from tests.simulation.dice import Dice
from tests.simulation.her import Her
from tests.simulation.town import Client
from tests.simulation.world import World

HOW_OFTEN = (
    *["milestone"] * 16, *["practice"] * 4, *["win"] * 3, *["rating"] * 2, *["preferences"] * 4,
    *["consent"] * 7, "withdrawn", *["contact"] * 3, "contact removed", *["reminder"] * 9,
    "reminder cancelled", "pause", *["resume"] * 4, "care ended", *["care resumed"] * 6, *["session"] * 6,
    *["attended"] * 2, "session cancelled", "goal closed", *["goal reopened"] * 3, *["reviewed"] * 2,
    *["flag reviewed"] * 2, "erased",
)  # fmt: skip

PLAINLY = (
    *["milestone"] * 10, *["practice"] * 3, *["reminder"] * 6, *["session"] * 2, *["win"], *["reviewed"],
    *["consent"] * 2, "preferences",
)  # fmt: skip
"""The same where nobody changes her mind."""


def live(world: World, dice: Dice) -> None:
    """One thing more in her record."""
    client = dice.one(world.clients)
    her = world.house.hers[client.client_id]
    if her.erased:
        return
    what = dice.one(PLAINLY if world.plain else HOW_OFTEN)
    world.note(what)
    for stream, event in _happens(world, client, her, what, dice):
        world.house.append(client.client_id, client.clinic_id, event, town.WEB, stream=stream)


def _happens(world: World, client: Client, her: Her, what: str, dice: Dice) -> list[tuple[Any, Event]]:
    mine, goal, name = client.client_id, client.goal_id, world.name()
    channel: Any = "email" if dice.chance(40) else "sms"
    contact = her.contacts.get(channel)
    session = uuid5(mine, f"session {dice.below(4)}")
    match what:
        case "milestone":
            rule: Any = dice.one(("first_step", "practices", "came_back", "first_win"))
            return [(goal, MilestoneReached(name, rule, dice.one((None, 3, 7)), None, uuid5(name, "of")))]
        case "practice":
            return [(goal, PracticeLogged(name, her.day(world.now), 1))]
        case "win":
            return [(mine, WinRecorded(name, "effort", her.day(world.now)))]
        case "rating":
            return [(goal, RatingRecorded(name, dice.below(11), "client", 1))]
        case "preferences":
            start, end = dice.one(town.QUIET) if dice.chance(60) else (None, None)
            daily, weekly = dice.one((None, None, 1, 2)), dice.one((None, None, 1, 3))
            return [(mine, PreferencesSet(dice.one(town.ZONES), "en", start, end, daily, weekly))]
        case "consent" if contact is not None:
            return [(mine, town.consent(contact.contact_id, channel, name))]
        case "withdrawn":
            held = [(key, one) for key, one in her.consents.items() if one.holds]
            return [(mine, ConsentWithdrawn(key, one.contact_id, one.channel)) for key, one in held[:1]]  # type: ignore[arg-type]
        case "contact":
            address = client.reached_at(channel, other=dice.chance(25))
            same = contact is not None and contact.address == address
            contact_id = (
                contact.contact_id if contact and same else name
            )  # another address is another contact
            verified: Any = "seen" if dice.chance(70) else None
            return [(mine, ContactSet(contact_id, channel, address, verified))]
        case "contact removed" if contact is not None:
            return [(mine, ContactRemoved(contact.contact_id, channel))]
        case "reminder":
            return [(mine, one) for one in client.planned(dice, f"reminder {dice.below(3)}")]
        case "reminder cancelled":
            return [(mine, ReminderCancelled(uuid5(mine, dice.one(("first", "reminder 0", "reminder 1")))))]
        case "pause":
            until = her.day(world.now) + timedelta(days=dice.below(4))
            return [(mine, RemindersPaused(name, until if dice.chance(80) else None))]
        case "resume":
            return [(mine, RemindersResumed(key)) for key in [*her.pauses][:1]]
        case "care ended":
            return [(mine, CareEnded(name, her.day(world.now)))]
        case "care resumed" if her.care_ended:
            return [(mine, CareResumed(name))]
        case "session":
            at = world.now + timedelta(hours=dice.one((3, 25, 30, 49, 80)))
            return [(mine, SessionScheduled(session, at))]
        case "attended":
            return [(mine, SessionAttended(session, world.now))]
        case "session cancelled":
            return [(mine, SessionCancelled(session, world.now))]
        case "goal closed":
            return [(goal, GoalClosed(name, "together", "let_go"))]
        case "goal reopened":
            return [(goal, GoalReopened(name)), (goal, town.goal_set(world.now))]
        case "reviewed":
            return [(goal, GoalReviewed(name, town.goal_set(world.now).review_on[0], "keep"))]
        case "flag reviewed":
            return [(mine, SafetyReviewed(row.flag_id)) for row in world.tables.flag.all()]
        case "erased" if dice.chance(40):
            return [(mine, ClientErased(name))]
        case _:
            return []

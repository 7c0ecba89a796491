"""What the processes of the service do, what they are told, and what becomes of the bell between them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.reminders.channels.sms import Told
from services.reminders.following import apply
from services.reminders.following.apply import GapInLane
from services.reminders.following.unparking import retry
from services.reminders.hearing.carry import carry
from services.reminders.ledger import hold
from services.reminders.scheduling.schedule import schedule
from services.reminders.sending.reconcile import reconcile
from services.reminders.sending.sweep import STUCK, sweep
from services.reminders.shred import shred
from services.reminders.team import digesting, flagging
from services.reminders.webhooks import status
from tests.simulation.dice import Dice
from tests.simulation.stage import Unwatched
from tests.simulation.world import World

A_DAY = timedelta(days=1)


def time_passes(world: World, dice: Dice) -> None:
    """Seconds, or hours."""
    world.now += timedelta(seconds=dice.one((2, 6, 40, 150, 400, 1_900, 7_300, 20_000)) + dice.below(50))


def something_comes_due(world: World, dice: Dice) -> None:
    """To just before, at, or just after the next moment that somebody waits for."""
    moments = [row.next_attempt_at for row in world.tables.message.states("planned")]
    moments += [row.next_due_at for row in world.tables.reminder.rows.values() if row.next_due_at]
    moments += [row.reconcile_at for row in world.tables.message.rows.values() if row.reconcile_at]
    moments += [row.due_at for row in world.tables.prompt.rows.values()]
    ahead = sorted(one for one in moments if world.now < one <= world.now + A_DAY)
    if ahead:
        world.now = max(
            world.now, ahead[dice.below(min(2, len(ahead)))] + timedelta(seconds=dice.one((-1, 0, 1)))
        )


def the_bell_is_answered(world: World, dice: Dice) -> None:
    """A worker takes up what was rung, in whatever order."""
    heard = world.bell.heard
    if heard:
        place = dice.below(len(heard))
        heard[place], heard[-1] = heard[-1], heard[place]
        message_id, channel, queue = heard.pop()
        world.note(f"{channel} {message_id.hex[:6]}")
        world.note(str(world.works_at(message_id, channel, queue)))


def a_ring_is_doubled(world: World, dice: Dice) -> None:
    """A job is delivered again, also one of a message that was settled long ago."""
    if world.bell.heard and dice.chance(50):
        world.bell.heard.append(dice.one(world.bell.heard))
    elif world.tables.message.rows:
        row = dice.one(list(world.tables.message.rows.values()))
        world.works_at(row.message_id, row.channel, row.queue)


def a_ring_is_lost(world: World, dice: Dice) -> None:
    """Nobody hears it."""
    if world.bell.heard:
        world.bell.heard.pop(dice.below(len(world.bell.heard)))


def the_bell_forgets(world: World, _: Dice) -> None:
    """Everything, and that it was awake."""
    world.bell.heard.clear()
    world.bell.awake = False


def it_is_swept(world: World, _: Dice) -> None:
    """One round of the sweeper."""
    sweep(world.engine, world.bell, lambda *_: False, world.clock(), Unwatched())  # type: ignore[arg-type]
    if not world.bell.away:
        late = world.clock() - STUCK
        stuck = [
            row for row in world.tables.message.states("sending") if row.claimed_at and row.claimed_at < late
        ]
        if stuck:
            world.promises.broken.append("a worker's death is not noticed")


def it_is_planned(world: World, _: Dice) -> None:
    """One round of the scheduler."""
    schedule(world.engine, world.ring, world.clock())


def the_feed_is_followed(world: World, dice: Dice) -> None:
    """The next page of it: one lane's, or all."""
    lanes = world.lanes()
    if not lanes:
        return
    chosen = [dice.one(lanes)] if dice.chance(70) else lanes
    items = []
    for lane in chosen:
        begin = world.tables.checkpoint.rows[lane].position
        items += [item for item, _, _ in world.house.feed[lane][begin : begin + 1 + dice.below(6)]]
    try:
        apply.apply(world.engine, world.keys, world.ring, items, world.clock())
    finally:
        for lane in chosen:
            world.hears_of(lane)


def a_page_comes_twice(world: World, dice: Dice) -> None:
    """What another follower has applied already, or with a hole."""
    lane = dice.one([*world.house.feed])
    events = world.house.feed[lane]
    begin = dice.below(len(events))
    items = [item for item, _, _ in events[begin : begin + 1 + dice.below(4)]]
    if len(items) > 2 and dice.chance(40):
        del items[1]
    try:
        apply.apply(world.engine, world.keys, world.ring, items, world.clock())
    except GapInLane:
        world.note("a gap")
    finally:
        world.hears_of(lane)


def something_is_poison(world: World, dice: Dice) -> None:
    """An event that is still to be applied cannot be."""
    client = dice.one(world.clients)
    lane = world.lane(client.client_id)
    ahead = world.house.feed[lane][world.tables.checkpoint.rows[lane].position :]
    hers = [item["id"] for item, _, _ in ahead if item["partitionkey"] == str(client.client_id)]
    if hers:
        world.poison.add(dice.one(hers))


def it_is_put_right(world: World, dice: Dice) -> None:
    """What was set aside is tried again, mostly after it was mended."""
    if dice.chance(70):
        world.poison.clear()
    for record in [*world.tables.parked_record.rows]:
        assert isinstance(record, UUID)
        try:
            retry(world.engine, world.keys, world.ring, record, world.clock())
        finally:
            world.takes_up(record)


def the_provider_tells(world: World, _: Dice) -> None:
    """What became of a message."""
    found = world.provider.tell()
    if found is not None:
        message_id, told = found
        world.note(f"{told.status} {message_id.hex[:6]}")
        _told(world, told, message_id)


def the_provider_tells_again(world: World, dice: Dice) -> None:
    """What it has told before."""
    if world.provider.told:
        message_id, told = dice.one(world.provider.told)
        world.note(f"{told.status} {message_id.hex[:6]}")
        _told(world, told, message_id if dice.chance(80) else None)


def _told(world: World, told: Told, message_id: UUID | None) -> None:
    status.hear(world.engine, world.keys, told, message_id, world.clock())


def the_log_is_told(world: World, _: Dice) -> None:
    """One round of the carrier."""
    carry(world.engine, world.keys, world.ring, world.house, world.clock())  # type: ignore[arg-type]


def the_provider_is_asked(world: World, _: Dice) -> None:
    """One round of the reconciler."""
    reconcile(world.engine, world.keys, world.provider, world.clock())  # type: ignore[arg-type]


def a_key_is_destroyed(world: World, _: Dice) -> None:
    """The last of an erasure, where it is time."""
    shred(world.engine, world.keys, world.clock(), asks=True)


def the_staff_is_told_again(world: World, _: Dice) -> None:
    """Of flags, and of the week."""
    flagging.remind(world.engine, world.keys, world.ring, world.clock())
    digesting.send_due(world.engine, world.keys, world.ring, None, world.clock())


def sending_is_held(world: World, _: Dice) -> None:
    """On an operator's word."""
    with world.engine.begin() as connection:
        hold.ask(connection, world.clock())


def sending_goes_on(world: World, _: Dice) -> None:
    """It is released: nothing was lost."""
    with world.engine.connect() as connection:
        held = hold.standing(connection).cause
    if held is not None:
        release(world)


def release(world: World) -> None:
    """Lets a held ledger send again."""
    with world.engine.begin() as connection:
        hold.release(connection, 0, world.clock())

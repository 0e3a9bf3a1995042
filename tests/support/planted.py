"""The classic faults, put into a process of a fleet: the harness has to find each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.crash_points import At


def plant(name: str | None, at: At) -> None:
    """Put the named fault into this process; None plants nothing."""
    if name is not None:
        PLANTS[name](at)


def acknowledge_before_commit(at: At) -> None:
    """Deliveries are acknowledged, and then their effects are tried. Alone this costs only delay,
    since the feed heals it; so the feed is not asked either."""
    from shared.bus import entrypoints, feeds, follower, inbox

    def run(self: Any) -> None:
        while not self._stopped:
            batch = self._next_batch(1)
            for _, message in batch:
                entrypoints._settle(message, message.ack)
            if batch:
                at("acknowledged")
                self._work(tuple(event for event, _ in batch))

    def whatever_comes(unit: Any, event: Any) -> Any:
        return inbox.Outcome.APPLIED

    def finish(unit: Any, event: Any) -> None:
        unit.commit()

    entrypoints.Follows._run = run  # type: ignore[method-assign]
    inbox._place = whatever_comes  # type: ignore[assignment]
    inbox.finish = finish  # type: ignore[assignment]
    follower.catch_up = feeds.catch_up = lambda *_: 0  # type: ignore[assignment]


def publish_before_commit(at: At) -> None:
    """A command's event goes to the broker before its transaction commits."""
    import os

    from shared.bus.cloudevents import to_wire
    from shared.bus.publisher import ConfirmingPublisher
    from shared.eventstore.unit_of_work import UnitOfWork
    from shared.kernel.envelope import PublicEvent

    commit = UnitOfWork.commit

    def publishing(unit: Any) -> None:
        for event in unit.recorded:
            if event.type == "ProposalRejected":
                head = unit.connection.exec_driver_sql(
                    "SELECT coalesce(max(feed_sequence), 0) FROM log"
                ).scalar()
                public = PublicEvent(
                    id=event.id,
                    source="intake",
                    type=event.type,
                    schema_version=1,
                    feed_sequence=head + 1,
                    occurred_at=event.metadata.occurred_at,
                    data={
                        "case_id": str(event.event.case_id),
                        "case_number": event.event.case_number,
                        "reasons": list(event.event.reasons),
                        "decided_by": {},
                    },
                    subject=event.event.case_id,
                )
                ConfirmingPublisher(os.environ["GRANTCASE_AMQP_URL"]).publish([to_wire(public)])
                at("published")
        commit(unit)

    UnitOfWork.commit = publishing  # type: ignore[method-assign]


def cursor_outside_transaction(at: At) -> None:
    """The cursor is moved and committed first, the effects afterwards."""
    from shared.bus import inbox
    from shared.projection.cursors import move_cursor

    def apply(core: Any, event: Any) -> Any:
        with core.units.begin() as unit:
            if (place := inbox._place(unit, event)) is not inbox.Outcome.APPLIED:
                return place
            name, number = inbox.cursor_name(event.source), event.feed_sequence
            move_cursor(unit.connection, name, number, expected=number - 1)
            unit.commit()
        at("cursor-moved")
        with core.units.begin() as unit:
            inbox.perform(core, unit, event)
            unit.commit()
        return inbox.Outcome.APPLIED

    inbox._apply = apply  # type: ignore[assignment]


PLANTS: dict[str, Callable[[At], None]] = {
    "acknowledge-before-commit": acknowledge_before_commit,
    "publish-before-commit": publish_before_commit,
    "cursor-outside-transaction": cursor_outside_transaction,
}

"""Following a source: gaps are filled from its feed, and nothing is waited for in vain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from shared.bus import feeds
from shared.bus.follower import FeedRefused, Follower, Stopping, remote_feed
from shared.bus.inbox import position
from shared.kernel.envelope import PublicEvent
from tests.unit.bus.conftest import Pair


def follower(services: Pair, feed_of: feeds.Feed | None = None) -> Follower:
    """review's follower of intake; where it would wait and try again, it raises Stopping."""

    def feed(after: int, limit: int) -> Sequence[PublicEvent]:
        return feeds.feed(services.intake, after, limit)

    return Follower(services.review, "intake", feed_of or feed, stopping=lambda: True)


def test_a_gap_is_filled_from_the_feed(services: Pair) -> None:
    services.reject("a")
    follower(services).take([services.reject("b")])
    assert position(services.review, "intake") == 2


def test_an_event_beyond_the_end_of_its_source_s_log_is_dropped(services: Pair) -> None:
    services.reject("a")
    beyond = replace(services.reject("b"), feed_sequence=7)
    follower(services).take([beyond])
    assert position(services.review, "intake") == 2
    assert set(services.counted().values()) == {1}


def test_a_feed_that_ends_early_is_read_again(services: Pair) -> None:
    """It has the event that is missing, but does not hand it over together with the next."""
    for case in ("a", "b"):
        services.reject(case)
    event = services.reject("c")
    reads: list[int] = []

    def halting(after: int, limit: int) -> Sequence[PublicEvent]:
        reads.append(after)
        return [] if len(reads) == 1 else feeds.feed(services.intake, after, limit)

    with pytest.raises(Stopping):
        follower(services, halting).take([event])


def test_an_event_that_fails_for_an_unknown_cause_is_tried_again(services: Pair) -> None:
    with pytest.raises(Stopping):
        follower(services).take([services.reject("a", "broken")])
    assert position(services.review, "intake") == 0


@pytest.mark.parametrize("answer", [None, [{"id": None}], [5], [{}], {"id": "x"}])
def test_a_feed_that_answers_nonsense_is_refused(answer: object) -> None:
    class Client:
        def call(self, *names: str, **arguments: object) -> dict[str, object]:
            return {"answer": answer}

    with pytest.raises(FeedRefused):
        remote_feed(Client(), "intake", "credential")(0, 1)  # type: ignore[arg-type]

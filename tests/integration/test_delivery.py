"""Messages between two real nameko services over a real RabbitMQ and PostgreSQL."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

import pytest
from kombu import Connection

from shared.bus.cloudevents import CONTENT_TYPE, WireMessage, to_wire
from shared.bus.feeds import feed
from shared.bus.publisher import ConfirmingPublisher, Unroutable
from shared.bus.topology import DEAD_LETTERS, EVENTS, declare, queue_name
from tests.support import pair
from tests.support.fleet import Fleet

FEED = queue_name("review", "intake")
TAKEOVER_SECONDS = 10


def test_every_event_is_applied_once_in_both_directions(new_fleet: Callable[[], Fleet]):
    fleet = new_fleet()
    fleet.start_all()

    for case in range(10):
        fleet.close_case(case)
    fleet.settled()

    fleet.check(10)


def test_what_the_broker_lost_is_read_from_the_feed(new_fleet: Callable[[], Fleet]):
    fleet = new_fleet()
    fleet.start_all()
    fleet.kill("service", "review")
    for case in range(5):
        fleet.close_case(case)
    _until_relayed(fleet, 5)

    _purge(fleet, FEED)
    fleet.start("service", "review")
    fleet.await_ready()
    fleet.settled()

    fleet.check(5)


def test_a_gap_is_filled_before_the_event_behind_it(new_fleet: Callable[[], Fleet]):
    fleet = new_fleet()
    fleet.start_all()
    fleet.close_case(0)
    fleet.settled()
    fleet.stop("relay", "intake")
    for case in range(1, 5):
        fleet.close_case(case)
    fleet.until(lambda: fleet.call("intake", "status")["answer"]["public"] == 5, "all are sealed")

    _publish(fleet, [4])  # 1 to 3 never reach the broker

    fleet.settled(seconds=8)  # sooner than the periodic look at the feed
    fleet.check(5)


def test_repeated_and_shuffled_deliveries_change_nothing(new_fleet: Callable[[], Fleet]):
    fleet = new_fleet()
    fleet.start_all()
    fleet.stop("relay", "intake")
    for case in range(20):
        fleet.close_case(case)
    fleet.until(lambda: fleet.call("intake", "status")["answer"]["public"] == 20, "all sealed")

    twice = [*range(20), *range(20)]
    random.Random(7).shuffle(twice)
    _publish(fleet, twice)
    fleet.start("relay", "intake")  # and all of them once more, in order
    fleet.settled()

    fleet.check(20)


def test_a_second_replica_takes_over_the_feed(new_fleet: Callable[[], Fleet]):
    fleet = new_fleet()
    fleet.start_all()
    fleet.start("service", "review", replica=1)
    fleet.until(lambda: fleet.health("review", 1)[0] == 200, "the replica is up")

    fleet.kill("service", "review", replica=0)
    fleet.close_case(0)
    fleet.settled(seconds=TAKEOVER_SECONDS)

    fleet.check(1)


def test_commands_go_on_while_one_replica_is_killed(new_fleet: Callable[[], Fleet]):
    fleet = new_fleet()
    fleet.start_all()
    fleet.start("service", "intake", replica=1)
    fleet.until(lambda: fleet.health("intake", 1)[0] == 200, "the replica is up")

    for case in range(10):
        if case == 5:
            fleet.kill("service", "intake", replica=0)
        fleet.close_case(case)
    fleet.settled()

    fleet.check(10)


def test_an_unreadable_message_goes_to_the_dead_letters(running: Fleet):
    with Connection(running.amqp_url) as connection:
        producer = connection.Producer()
        for body, kind in ((b"{", CONTENT_TYPE), (b"{}", CONTENT_TYPE), (b"x", "text/x-odd")):
            producer.publish(
                body,
                exchange=EVENTS.name,
                routing_key="intake.ProposalRejected",
                content_type=kind,
                content_encoding="utf-8",
                delivery_mode=2,
            )

    running.until(lambda: _depth(running, DEAD_LETTERS.name) == 3, "three dead letters")
    assert _depth(running, FEED) == 0
    running.close_case(500)
    running.settled()
    assert running.tally("review")[str(running.case(500))] == 1


def test_a_message_without_a_queue_is_an_error_to_its_publisher(running: Fleet):
    publisher = ConfirmingPublisher(running.amqp_url)
    stray = WireMessage("nobody.Listens", "1", {}, b"{}")

    with pytest.raises(Unroutable, match=r"nobody\.Listens"):
        publisher.publish([stray])
    publisher.close()


def test_a_stray_in_a_later_window_is_not_hidden_by_the_earlier_one(running: Fleet):
    publisher = ConfirmingPublisher(running.amqp_url)
    stray = WireMessage("nobody.Listens", "1", {}, b"{}")
    publisher.send([])
    publisher.send([stray])

    publisher.confirm()
    with pytest.raises(Unroutable, match=r"nobody\.Listens"):
        publisher.confirm()
    publisher.close()


def test_a_relay_declares_a_lost_queue_again(new_fleet: Callable[[], Fleet]):
    fleet = new_fleet()
    fleet.start("relay", "intake")
    fleet.start("sequencer", "intake")
    fleet.start("service", "intake")
    fleet.await_ready()
    fleet.close_case(0)
    _until_relayed(fleet, 1)

    with Connection(fleet.amqp_url) as connection:
        connection.default_channel.queue_delete(FEED)
    fleet.close_case(1)

    _until_relayed(fleet, 2)
    assert _depth(fleet, FEED) == 1


def test_the_topology_may_be_declared_again(running: Fleet):
    assert declare(running.amqp_url, pair.LISTENERS) == declare(running.amqp_url, pair.LISTENERS)


def test_only_one_relay_publishes_and_the_other_takes_over(new_fleet: Callable[[], Fleet]):
    fleet = new_fleet()
    fleet.start_all()
    fleet.start("relay", "intake", replica=1)
    fleet.close_case(0)
    fleet.settled()

    fleet.kill("relay", "intake", replica=0)
    fleet.close_case(1)
    started = time.monotonic()
    _until_relayed(fleet, 2)

    assert time.monotonic() - started < TAKEOVER_SECONDS
    fleet.settled()
    fleet.check(2)


def _until_relayed(fleet: Fleet, count: int) -> None:
    fleet.until(
        lambda: (fleet.call("intake", "status") or {}).get("answer", {}).get("relayed") == count,
        f"{count} events are confirmed",
    )


def _publish(fleet: Fleet, cases: Sequence[int]) -> None:
    wires = [to_wire(event) for event in feed(fleet.cores["intake"], 0)]
    publisher = ConfirmingPublisher(fleet.amqp_url)
    publisher.publish([wires[case] for case in cases])
    publisher.close()


def _purge(fleet: Fleet, queue: str) -> None:
    with Connection(fleet.amqp_url) as connection:
        connection.default_channel.queue_purge(queue)


def _depth(fleet: Fleet, queue: str) -> int:
    with Connection(fleet.amqp_url) as connection:
        return int(connection.default_channel.queue_declare(queue, passive=True).message_count)

"""Which messages an answer of the broker is about, with two windows on their way."""

from __future__ import annotations

from typing import Any

import pytest

from shared.bus.cloudevents import WireMessage
from shared.bus.publisher import ConfirmingPublisher, NotConfirmed, Unroutable

MESSAGE = WireMessage("intake.ProposalRejected", "id", {}, b"{}")


class Broker:
    """Stands for the channel, its connection and the transport; answers as the test says."""

    channel_id, frame_max = 1, 131_072

    def __init__(self, publisher: ConfirmingPublisher):
        self.connection = self.transport = self
        self._publisher = publisher
        self._answers: list[tuple[str, tuple[Any, ...]]] = []
        publisher._channel = self

    def write(self, frames: bytes) -> None:
        pass

    def will(self, what: str, *arguments: Any) -> None:
        self._answers.append((f"_on_{what}", arguments))

    def drain_events(self, timeout: float) -> None:
        if not self._answers:
            raise TimeoutError
        name, arguments = self._answers.pop(0)
        getattr(self._publisher, name)(*arguments)


@pytest.fixture
def publisher() -> ConfirmingPublisher:
    return ConfirmingPublisher("amqp://nowhere")


@pytest.fixture
def broker(publisher: ConfirmingPublisher) -> Broker:
    broker = Broker(publisher)
    publisher.send(2 * [MESSAGE])  # delivery tags 1 and 2
    publisher.send(3 * [MESSAGE])  # 3, 4 and 5
    return broker


def test_a_window_is_confirmed_by_one_answer_for_all(publisher, broker):
    broker.will("ack", 5, True)

    publisher.confirm()
    publisher.confirm()


def test_answers_may_come_in_any_order(publisher, broker):
    for tag in (4, 2, 5, 3, 1):
        broker.will("ack", tag, False)

    publisher.confirm()
    publisher.confirm()


def test_the_later_window_does_not_confirm_the_earlier_one(publisher, broker):
    for tag in (3, 4, 5, 1):
        broker.will("ack", tag, False)

    with pytest.raises(NotConfirmed, match="1 messages without an answer"):
        publisher.confirm()


def test_the_earlier_window_does_not_confirm_the_later_one(publisher, broker):
    broker.will("ack", 4, True)

    publisher.confirm()
    with pytest.raises(NotConfirmed, match="1 messages without an answer"):
        publisher.confirm()


def test_a_refusal_is_an_error_of_the_window(publisher, broker):
    broker.will("nack", 1, False)
    broker.will("ack", 5, True)

    with pytest.raises(NotConfirmed, match="refused 1"):
        publisher.confirm()


def test_a_refusal_of_several_counts_those_that_had_no_answer(publisher, broker):
    broker.will("ack", 2, True)
    broker.will("nack", 4, True)
    broker.will("ack", 5, False)

    publisher.confirm()
    with pytest.raises(NotConfirmed, match="refused 2"):
        publisher.confirm()


def test_a_message_that_comes_back_is_an_error_though_it_is_confirmed(publisher, broker):
    broker.will("return", None, "exchange", "intake.ProposalRejected", MESSAGE)
    broker.will("ack", 5, True)

    with pytest.raises(Unroutable, match=r"intake\.ProposalRejected"):
        publisher.confirm()


def test_nothing_is_left_of_a_connection_that_was_closed(publisher, broker):
    broker.will("nack", 1, False)
    broker.will("return", None, "exchange", "intake.ProposalRejected", MESSAGE)
    for _ in range(2):
        broker.drain_events(1)
    publisher.close()

    publisher.confirm()


def test_a_channel_that_the_broker_has_closed_is_a_lost_connection(publisher, broker):
    broker.connection = None

    with pytest.raises(ConnectionError):
        publisher.send([MESSAGE])

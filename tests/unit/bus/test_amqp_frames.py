"""The frames of a message are those the client library would write."""

from __future__ import annotations

from typing import Any

import pytest
from amqp.basic_message import Message
from amqp.method_framing import frame_writer
from amqp.serialization import dumps

from shared.bus.amqp_frames import publish_frames
from shared.bus.cloudevents import WireMessage

FRAME_MAX = 4_096
HEADERS = {"cloudEvents:specversion": "1.0", "cloudEvents:subject": "案件"}


class _Connection:
    frame_max = FRAME_MAX
    bytes_sent = 0


class _Transport:
    def __init__(self) -> None:
        self.written = b""

    def write(self, frames: Any) -> None:
        self.written += bytes(frames)


def _by_the_library(message: WireMessage) -> bytes:
    transport = _Transport()
    write = frame_writer(_Connection(), transport)
    content = Message(
        message.body,
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode=2,
        message_id=message.message_id,
        application_headers=dict(message.headers),
    )
    arguments = dumps("Bssbb", (0, "exchange", message.routing_key, True, False))
    write(1, 7, (60, 40), arguments, content)
    return transport.written


@pytest.mark.parametrize("size", [0, 1, 1_000, FRAME_MAX - 8, FRAME_MAX - 7, 10_000])
@pytest.mark.parametrize("headers", [{}, HEADERS])
def test_both_write_the_same_bytes(size: int, headers: dict[str, str]):
    message = WireMessage("intake.ProposalRejected", "an-id", headers, b"x" * size)

    assert publish_frames(7, "exchange", message, FRAME_MAX) == _by_the_library(message)


def test_a_name_that_no_frame_can_hold_is_refused():
    with pytest.raises(ValueError, match="256"):
        publish_frames(7, "exchange", WireMessage("k", "i" * 256, {}, b""), FRAME_MAX)

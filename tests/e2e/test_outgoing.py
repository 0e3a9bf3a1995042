"""Every public event of the demo leaves by the relay exactly as the feed tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grantcase.store_folder import open_store
from shared.bus.cloudevents import to_wire
from shared.bus.feeds import feed
from shared.bus.outgoing import outgoing
from tests.support.embedded import copied
from tests.support.embedded_demo import Told


@pytest.mark.parametrize("service", ["intake", "review", "finance", "monitoring"])
def test_the_relay_sends_what_the_feed_tells(told: Told, service: str, tmp_path: Path) -> None:
    with open_store(copied(told.folder, tmp_path / "store")) as embedded:
        core = embedded.cores[service]
        sent = outgoing(core, 0, 500)

        assert sent
        assert sent == [to_wire(event) for event in feed(core, 0)]

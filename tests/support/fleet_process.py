"""The entry of a fleet's processes: `python -m tests.support.fleet_process CAST KIND NAME`.

Each kind is put together as its production entry does it (shared.bus.serve, grantcase.processes),
with a crash point in it (tests.support.crash_points), and where GRANTCASE_TEST_PLANT names one, a
classic fault (tests.support.planted).
"""

# ruff: noqa: E402
import os
import sys

if sys.argv[2] == "service":
    import shared.bus.serve  # noqa: F401 - patches the interpreter: before everything else

from typing import Any

from grantcase.processes import publish_until, run_sequencer, until_told
from shared.bus.process_settings import ProcessSettings
from shared.bus.relay import Relay
from shared.bus.settings import ServiceSettings, required
from tests.support import planted
from tests.support.casts import CASTS, Cast
from tests.support.crash_points import at, tell_commits, tell_seals


def service(cast: Cast, name: str) -> None:
    from shared.bus.serve import serve

    core = cast.build(name, ServiceSettings.from_environment())
    tell_commits()
    serve(cast.service_class(name), core, ProcessSettings.from_environment(), at)


def sequencer(cast: Cast, name: str) -> None:
    tell_seals()
    run_sequencer(name)


def relay(cast: Cast, name: str) -> None:
    stop = until_told()
    core = cast.build(name, ServiceSettings.from_environment())
    told = Relay(core, required("GRANTCASE_AMQP_URL"), cast.listeners(), at=at)
    publish_until(stop, told, f"{name} relay")


KINDS: dict[str, Any] = {"service": service, "sequencer": sequencer, "relay": relay}

if __name__ == "__main__":
    cast, kind, name = sys.argv[1:]
    planted.plant(os.environ.get("GRANTCASE_TEST_PLANT"), at)
    KINDS[kind](CASTS[cast], name)

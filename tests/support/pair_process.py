"""The entry of the pair's processes: `python -m tests.support.pair_process KIND NAME`.

The only place where a crash point or a planted fault can be switched on, by the environment:

    GRANTCASE_TEST_CRASH_AT   the step at which this process kills itself with SIGKILL
    GRANTCASE_TEST_CRASH_NTH  at how manieth passing of that step (1 when it is not set)
    GRANTCASE_TEST_MARKER     a file: made at the crash, so that the restarted process lives on
    GRANTCASE_TEST_PLANT      a classic fault, see tests.support.planted
"""

# ruff: noqa: E402
import os
import sys

if sys.argv[1] == "service":
    import shared.bus.serve  # noqa: F401 - patches the interpreter: before everything else

import itertools
import signal
from pathlib import Path
from typing import Any

from grantcase.processes import seal_until, until_told
from shared.bus.process_settings import ProcessSettings
from shared.bus.relay import Relay
from shared.bus.settings import ServiceSettings, open_store, required
from shared.contracts.catalogue import public_types
from shared.eventstore.heads import HeadSigner
from shared.eventstore.sequencer import Sequencer
from tests.support import pair, planted

_passed = itertools.count(1)


def at(step: str) -> None:
    """Die here, once, when this is the step that was asked for."""
    if step != os.environ.get("GRANTCASE_TEST_CRASH_AT"):
        return
    marker = Path(os.environ["GRANTCASE_TEST_MARKER"])
    if next(_passed) >= int(os.environ.get("GRANTCASE_TEST_CRASH_NTH", 1)) and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def service(name: str) -> None:
    from shared.bus.serve import serve
    from tests.support import pair_service

    core = pair.BUILDERS[name](ServiceSettings.from_environment())
    planted.tell_commits(core, at)
    serve(
        {"intake": pair_service.PairIntake, "review": pair_service.PairReview}[name],
        core,
        ProcessSettings.from_environment(),
        at,
    )


def sequencer(name: str) -> None:
    store = open_store(required("GRANTCASE_DATABASE_URL"))
    signer = HeadSigner.from_file(name, required("GRANTCASE_SIGNING_KEY_FILE"), "simulated")
    planted.tell_seals(store, at)
    seal_until(until_told(), Sequencer(store, public_types(name), signer), name)


def relay(name: str) -> None:
    stop = until_told()
    core = pair.BUILDERS[name](ServiceSettings.from_environment())
    Relay(core, required("GRANTCASE_AMQP_URL"), pair.LISTENERS, at=at).run(stop.is_set, stop.wait)


KINDS: dict[str, Any] = {"service": service, "sequencer": sequencer, "relay": relay}

if __name__ == "__main__":
    planted.plant(os.environ.get("GRANTCASE_TEST_PLANT"), at)
    KINDS[sys.argv[1]](sys.argv[2])

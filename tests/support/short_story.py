"""A short story over the four services, told with the steps of the demo: two proposals.

`abandoned` is paid its first instalment, given up, recovered and barred; `cured` passes its first
checkpoint and is paid. Every service commands, publishes and follows; the same commands with the
same ids every time, so that two runs of it must come to the same streams.
"""

from __future__ import annotations

from grantcase.backend import Backend
from grantcase.demo import contracting, ending, executing, people, proposals, proposing, selecting
from grantcase.demo.proposing import Stage
from grantcase.demo.script import Script
from shared.programmes.location import programme_folder

STARTS = "2023-02-10T09:00:00+08:00"
KEYS = ("cured", "abandoned")
_HALF_WAY = {"B1": 100, "B2": 100, "B4": 100, "B3": 40, "*": 20}


def tell_short_story(backend: Backend) -> None:
    """Run all of it. Raises UnexpectedAnswer where an answer is not what the story says."""
    script = Script(backend, lambda line: None)
    script.at(STARTS)
    stage = _submissions(script)
    _selection(script, stage)
    _work(script, stage)
    _endings(script, stage)


def _submissions(script: Script) -> Stage:
    stage = proposing.publish(script, programme_folder("coprosperity-112"))
    script.at("2023-03-01T10:00:00+08:00")
    for key in KEYS:
        proposing.draft(script, stage, key)
    script.at("2023-03-15T11:00:00+08:00")
    for key in KEYS:
        proposing.submit(script, stage, key)
    script.at("2023-03-17T10:00:00+08:00")
    for key in KEYS:
        needed = proposing.one_letter_in_ten(proposals.BY_KEY[key])
        proposing.letters(script, stage, key, 1, needed, "2023-03-15")
    script.at("2023-03-20T10:00:00+08:00")
    for key in KEYS:
        proposing.look_up(script, stage, key, 1, None, proposing.CLEAR)
        proposing.screen(script, stage, key)
    return stage


def _selection(script: Script, stage: Stage) -> None:
    script.at("2023-03-21T10:00:00+08:00")
    selecting.appoint(script, stage)
    selecting.invite(script, stage, KEYS)
    script.at("2023-03-28T12:00:00+08:00")
    for key in KEYS:
        script.do(
            people.OFFICER,
            "RecordAttendance",
            case_id=stage.case(key),
            manager_present=True,
            mode="on-site",
            identity_checked=True,
        )
        for member in (*people.REVIEWERS, people.CHAIR):
            script.do(
                member,
                "RecordScore",
                case_id=stage.case(key),
                scores_centi=selecting.sheet(80),
            )
    script.at("2023-03-31T10:00:00+08:00")
    _decide(script, stage)
    script.at("2023-04-06T09:00:00+08:00")
    script.do(people.OFFICER, "AnnounceResults", call_id=stage.calls["112-1"])


def _decide(script: Script, stage: Stage) -> None:
    for track in ("POP", "FUS"):
        script.do(people.CHAIR, "CloseScoring", call_id=stage.calls["112-1"], track=track)
    for key in KEYS:
        script.do(
            people.CHAIR,
            "DecideSelection",
            case_id=stage.case(key),
            outcome="selected",
            approved_count=proposals.BY_KEY[key].count,
            approved_twd=selecting.awarded_twd(stage, key),
            conditions=[{"id": "C1", "text": "請補充店家續用誘因"}],
        )


def _work(script: Script, stage: Stage) -> None:
    script.at("2023-04-17T10:00:00+08:00")
    for number, key in enumerate(KEYS, start=1):
        contracting.sign(script, stage, key, number)
    script.at("2023-05-03T17:00:00+08:00")
    for key in KEYS:
        executing.start(script, stage, key)
    for number, day in enumerate(("2023-05-08", "2023-06-08", "2023-07-08"), start=4):
        script.at(f"{day}T10:00:00+08:00")
        for key in KEYS:
            executing.month(script, stage, key, 1000 * (number - 3), 2023, number)
    _letters(script, stage)
    script.at("2023-07-14T10:00:00+08:00")
    for key in KEYS:
        executing.visit(script, stage, key, "2023-07-10", "ONLINE")
        executing.activities(script, stage, key)
        executing.usage(script, stage, key, 2023, 7)
        executing.report(script, stage, key, "cp1", _HALF_WAY, "2023-07-14")
    script.at("2023-07-18T10:00:00+08:00")
    for key in KEYS:
        executing.accept(script, stage, key, "cp1")
    script.at("2023-07-25T10:00:00+08:00")
    for number, key in enumerate(KEYS, start=1):
        contracting.pay(script, stage, key, 1, f"AB1000000{number}", "2023-07-24")


def _letters(script: Script, stage: Stage) -> None:
    for key in KEYS:
        proposal = proposals.BY_KEY[key]
        first = proposing.one_letter_in_ten(proposal) + 1
        proposing.letters(script, stage, key, first, proposal.count, "2023-07-05")


def _endings(script: Script, stage: Stage) -> None:
    paid = contracting.selected(script, stage, "abandoned")["approved_twd"] * 35 // 100
    script.at("2023-09-20T10:00:00+08:00")
    ending.abandon(script, stage)
    script.at("2023-10-02T10:00:00+08:00")
    ending.sanction(script, stage, paid)
    ending.demand(script, stage, "abandoned", paid)
    script.at("2023-10-27T10:00:00+08:00")
    ending.receive(script, stage, "abandoned", paid)

"""The whole story in simulated time, from the call to the archive and the refusal of a barred one.

Eight proposals of one call, one of a second. The story is the same embedded and distributed: the
same commands with the same ids at the same instants. (Longer than a page: it is one story, told in
the order of its days.)
"""

from __future__ import annotations

from grantcase.demo import contracting, ending, executing, people, proposals, proposing, selecting
from grantcase.demo.proposing import Stage
from grantcase.demo.script import Script
from shared.programmes.location import programme_folder
from shared.programmes.pack import load_pack

PROGRAMME = "coprosperity-112"
SCREENED = ("steady", "cured", "breach", "abandoned", "sharp", "ineligible", "absent")
ELIGIBLE = ("steady", "cured", "breach", "abandoned", "sharp", "absent")
SCORED = ("steady", "cured", "breach", "abandoned", "sharp")


def begins() -> str:
    """The instant at which the first call is published."""
    first = load_pack(programme_folder(PROGRAMME)).calls[0]
    return str(first["parameters"]["published_at"])


def tell(script: Script) -> Stage:
    """Run everything; raises UnexpectedAnswer where an answer is not what the story says."""
    script.heading("── 一、徵案與送件 the call and the submissions (2023-02-10 … 03-20)")
    stage = _submissions(script)
    script.heading("── 二、評選 review and selection (2023-03-21 … 04-06)")
    _selection(script, stage)
    script.heading("── 三、簽約與執行 contracts and work (2023-04-12 … 2023-09)")
    _first_half(script, stage)
    script.heading("── 四、違約、放棄、追回 breach, abandonment, recovery (2023-09 … 2023-11)")
    _endings(script, stage)
    script.heading("── 五、期末、結案 second checkpoint and closing (2023-11-30 … 2024-01)")
    _closing(script, stage)
    script.heading("── 六、三年追蹤與第二次徵案 follow-up, and a second call (2024 … 2026)")
    _aftermath(script, stage)
    return stage


def _submissions(script: Script) -> Stage:
    stage = proposing.publish(script, programme_folder(PROGRAMME))
    script.at("2023-03-01T10:00:00+08:00")
    for key in (*SCREENED, "late"):
        proposing.draft(script, stage, key)
    script.at("2023-03-10T10:00:00+08:00")
    proposing.submit(script, stage, "steady")
    _shared_shop(script, stage)
    for day, keys in (("13", ("cured", "breach")), ("15", ("abandoned", "ineligible", "absent"))):
        script.at(f"2023-03-{day}T11:00:00+08:00")
        for key in keys:
            proposing.submit(script, stage, key)
    script.at("2023-03-16T17:00:00.000000+08:00")
    proposing.submit(script, stage, "sharp")
    script.at("2023-03-16T17:00:00.001000+08:00")
    _too_late(script, stage)
    script.at("2023-03-17T10:00:00+08:00")
    for key in SCREENED:
        needed = proposing.one_letter_in_ten(proposals.BY_KEY[key])
        proposing.letters(script, stage, key, 1, needed, "2023-03-15")
    script.at("2023-03-20T10:00:00+08:00")
    _screening(script, stage)
    return stage


def _shared_shop(script: Script, stage: Stage) -> None:
    """Two proposals hold the same shop: the officer sees it, the applicant does not."""
    seen = proposing.check(script, stage, "cured")
    shared = [finding for finding in seen if finding["subject"].get("ubn")]
    for finding in shared:
        script.tell(
            f"{stage.numbers['cured']} 警告，僅承辦可見 warned, officers only: {finding['rule']}",
            finding["message"]["zh-Hant"],
            finding["message"]["en"],
        )


def _too_late(script: Script, stage: Stage) -> None:
    late = proposals.BY_KEY["late"]
    refused = script.refuse(
        people.applicant(late.ubn), "SubmitProposal", case_id=stage.case("late")
    )
    script.tell(
        f"{stage.numbers['late']} 逾時一毫秒，拒絕 a millisecond late, refused: {refused['rule']}",
        refused["message"]["zh-Hant"],
        refused["message"]["en"],
    )


def _screening(script: Script, stage: Stage) -> None:
    """Every shop is looked up. Three of 51 were helped before: 48 remain, fewer than the
    programme's minimum."""
    helped = {
        "list": "cloud-generation",
        "year_roc": 110,
        "plan": "雲世代產業數位轉型",
        "outcome": "assisted",
        "checked_on": "2023-03-20",
    }
    proposing.look_up(script, stage, "ineligible", 1, 3, helped)
    for key in SCREENED:
        first = 4 if key == "ineligible" else 1
        proposing.look_up(script, stage, key, first, None, proposing.CLEAR)
        proposing.screen(script, stage, key)


def _selection(script: Script, stage: Stage) -> None:
    script.at("2023-03-21T10:00:00+08:00")
    selecting.appoint(script, stage)
    selecting.invite(script, stage, ELIGIBLE)
    script.at("2023-03-28T12:00:00+08:00")
    selecting.meet(script, stage, ELIGIBLE, absent="absent")
    script.at("2023-03-28T16:00:00+08:00")
    selecting.score(script, stage, SCORED)
    script.at("2023-03-31T10:00:00+08:00")
    selecting.decide(script, stage)
    script.at("2023-04-06T09:00:00+08:00")
    selecting.announce(script, stage)


def _first_half(script: Script, stage: Stage) -> None:
    script.at("2023-04-17T10:00:00+08:00")
    for number, key in enumerate(executing.RUNNING, start=1):
        contracting.sign(script, stage, key, number)
    script.at("2023-05-03T17:00:00+08:00")
    for key in executing.RUNNING:
        executing.start(script, stage, key)
    script.at("2023-05-08T10:00:00+08:00")
    _month(script, stage, executing.RUNNING, 1000, 4)
    script.at("2023-06-08T10:00:00+08:00")
    _month(script, stage, executing.RUNNING, 2000, 5)
    for key in executing.RUNNING:
        executing.visit(script, stage, key, "2023-06-05", "ONLINE")
    script.at("2023-07-08T10:00:00+08:00")
    _month(script, stage, executing.RUNNING, 3000, 6)
    _all_letters(script, stage)
    script.at("2023-07-14T10:00:00+08:00")
    for key in ("steady", "breach", "abandoned"):
        executing.activities(script, stage, key)
        executing.usage(script, stage, key, 2023, 7)
        executing.report(script, stage, key, "cp1", _HALF_WAY, "2023-07-14")
    script.at("2023-07-18T10:00:00+08:00")
    for key in ("steady", "breach", "abandoned"):
        executing.accept(script, stage, key, "cp1")
    script.at("2023-07-25T10:00:00+08:00")
    for key, invoice in (("steady", "AB10000001"), ("breach", "AB10000002"),
                         ("abandoned", "AB10000003")):  # fmt: skip
        contracting.pay(script, stage, key, 1, invoice, "2023-07-24")
    _late_then_cured(script, stage)


def _late_then_cured(script: Script, stage: Stage) -> None:
    """No report by the due day: an alert, a notice to cure, then the report, and payment."""
    script.at("2023-07-31T10:00:00+08:00")
    number, case_id = stage.numbers["cured"], stage.case("cured")
    for alert in script.backend.query("monitoring", "alerts", case=str(case_id)):
        script.tell(f"{number} 示警 alert: {alert['text_zh']}", alert["text_en"])
    script.do(
        people.OFFICER,
        "IssueCureNotice",
        case_id=case_id,
        notice_id=proposing.derived_id("demo", "cured", "notice"),
        subject="第一次查核點報告逾期未繳",
        cure_by="2023-08-15",
    )
    script.tell(f"{number} 限期改善 notice to cure by 2023-08-15")
    script.at("2023-08-08T10:00:00+08:00")
    _month(script, stage, ("steady", "cured", "breach", "abandoned"), 4000, 7)
    script.at("2023-08-10T10:00:00+08:00")
    executing.activities(script, stage, "cured")
    executing.report(script, stage, "cured", "cp1", _HALF_WAY, "2023-08-10")
    executing.accept(script, stage, "cured", "cp1")
    script.at("2023-08-17T10:00:00+08:00")
    contracting.pay(script, stage, "cured", 1, "AB10000004", "2023-08-16")


def _endings(script: Script, stage: Stage) -> None:
    script.at("2023-09-05T10:00:00+08:00")
    ending.find_breach(script, stage)
    script.at("2023-09-08T10:00:00+08:00")
    _month(script, stage, ("steady", "cured"), 5000, 8)
    paid = {key: _paid(script, stage, key) for key in ("breach", "abandoned")}
    script.at("2023-09-14T10:00:00+08:00")
    ending.terminate(script, stage, paid["breach"])
    ending.demand(script, stage, "breach", paid["breach"])
    script.at("2023-09-20T10:00:00+08:00")
    ending.abandon(script, stage)
    script.at("2023-10-02T10:00:00+08:00")
    ending.sanction(script, stage, paid["abandoned"])
    ending.demand(script, stage, "abandoned", paid["abandoned"])
    script.at("2023-10-08T10:00:00+08:00")
    _month(script, stage, ("steady", "cured"), 6500, 9)
    ending.receive(script, stage, "breach", paid["breach"])
    for key in ("steady", "cured"):
        executing.visit(script, stage, key, "2023-10-05", "ON_SITE")
    script.at("2023-10-27T10:00:00+08:00")
    half = paid["abandoned"] // 2
    ending.receive(script, stage, "abandoned", half)
    script.at("2023-11-08T10:00:00+08:00")
    _month(script, stage, ("steady", "cured"), 8000, 10)
    ending.receive(script, stage, "abandoned", paid["abandoned"] - half)


def _closing(script: Script, stage: Stage) -> None:
    script.at("2023-11-29T10:00:00+08:00")
    for key in ("steady", "cured"):
        ending.assess_after(script, stage, key)
        executing.activities(script, stage, key)
    script.at("2023-12-08T10:00:00+08:00")
    _month(script, stage, ("steady", "cured"), 10000, 11)
    for key in ("steady", "cured"):
        executing.report(script, stage, key, "cp2", {"*": 100}, "2023-12-08")
    script.at("2023-12-12T10:00:00+08:00")
    for key in ("steady", "cured"):
        executing.accept(script, stage, key, "cp2")
    script.at("2023-12-14T10:00:00+08:00")
    for key, invoice in (("steady", "CD20000001"), ("cured", "CD20000002")):
        contracting.pay(script, stage, key, 2, invoice, "2023-12-13")
    script.at("2023-12-20T10:00:00+08:00")
    for key in ("steady", "cured"):
        ending.close(script, stage, key)


def _aftermath(script: Script, stage: Stage) -> None:
    script.at("2024-02-10T10:00:00+08:00")
    proposing.publish_call(script, stage, programme_folder(PROGRAMME), proposing.SECOND_CALL)
    script.at("2024-03-05T10:00:00+08:00")
    proposing.draft(script, stage, "barred", proposing.SECOND_CALL)
    barred = proposals.BY_KEY["barred"]
    refused = script.refuse(
        people.applicant(barred.ubn), "SubmitProposal", case_id=stage.case("barred")
    )
    script.tell(
        f"{stage.numbers['barred']} 停權中，拒絕 barred, refused: {refused['rule']}",
        refused["message"]["zh-Hant"],
        refused["message"]["en"],
    )
    for year in (1, 2, 3):
        script.at(f"{2023 + year}-12-12T10:00:00+08:00")
        ending.follow_up(script, stage, "steady", year)
        if year != 2:
            ending.follow_up(script, stage, "cured", year)
    script.at("2026-12-21T09:00:00+08:00")
    for key in ("steady", "cured"):
        script.tell(f"{stage.numbers[key]} 追蹤期滿，歸檔 follow-up over, archived")


def _month(script: Script, stage: Stage, keys: tuple[str, ...], work_bp: int, number: int) -> None:
    for key in keys:
        executing.month(script, stage, key, work_bp, 2023, number)


def _all_letters(script: Script, stage: Stage) -> None:
    """After selection the letters of all enterprises are kept; the rest come in now."""
    for key in executing.RUNNING:
        proposal = proposals.BY_KEY[key]
        first = proposing.one_letter_in_ten(proposal) + 1
        proposing.letters(script, stage, key, first, proposal.count, "2023-07-05")


def _paid(script: Script, stage: Stage, key: str) -> int:
    events = script.backend.query("finance", "case_events", case_id=str(stage.case(key)))
    return sum(e["data"]["amount_twd"] for e in events if e["type"] == "FundsDisbursed")


_HALF_WAY = {"B1": 100, "B2": 100, "B4": 100, "B3": 40, "*": 20}
"""Percent of each KPI reached at the first checkpoint."""

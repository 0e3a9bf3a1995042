"""The digital clusters of ROC year 112: six of class A, one of class B, in simulated time."""

from __future__ import annotations

from grantcase.demo.clusters import ending, executing, proposing, reviewing
from grantcase.demo.clusters.cast import BY_KEY, CLASS_A, CLASS_B, Cast
from grantcase.demo.script import Script
from shared.programmes.location import programme_folder
from shared.programmes.pack import load_pack

PROGRAMME = "digital-cluster-112"
FIRST_YEAR = ("terrace", "harbour", "ferry", "lantern", "quarry", "orchard")
SCORED = ("terrace", "harbour", "ferry", "lantern", "quarry")
SECOND_YEAR = "tidal"
CLOSED = ("terrace", "harbour")
RUNNING = (*CLOSED, "quarry", SECOND_YEAR)


def begins() -> str:
    """The instant at which both calls are published."""
    first = load_pack(programme_folder(PROGRAMME)).calls[0]
    return str(first["parameters"]["published_at"])


def tell(script: Script) -> Cast:
    """Run everything; raises UnexpectedAnswer where an answer is not what the story says."""
    script.heading("── 群聚一、B類徵案與審查 clusters: class B, call to selection (2023-01 … 03)")
    cast = proposing.publish(script, programme_folder(PROGRAMME))
    _class_b(script, cast)
    script.heading("── 群聚二、A類徵案與審查 clusters: class A, call to selection (2023-03 … 04)")
    _class_a(script, cast)
    script.heading("── 群聚三、簽約、期中、改善 contracts, mid-term, a cure (2023-04 … 09)")
    _first_half(script, cast)
    script.heading("── 群聚四、放棄、解除、追回、期末 two broken contracts, the end (2023-09 … 12)")
    _second_half(script, cast)
    script.heading("── 群聚五、三年追蹤 follow-up of the clusters (2024 … 2026)")
    _aftermath(script, cast)
    return cast


def _class_b(script: Script, cast: Cast) -> None:
    script.at("2023-02-15T10:00:00+08:00")
    proposing.draft(cast, SECOND_YEAR)
    script.at("2023-02-20T10:00:00+08:00")
    proposing.submit(cast, SECOND_YEAR)
    script.at("2023-02-22T10:00:00+08:00")
    proposing.supplement(cast, SECOND_YEAR, *proposing.LATE)
    script.at("2023-02-25T09:00:00+08:00")
    proposing.screen(cast, SECOND_YEAR)
    reviewing.appoint(cast, CLASS_B)
    reviewing.invite(cast, (SECOND_YEAR,), "2023-02-28T10:00:00+08:00")
    script.at("2023-02-28T12:00:00+08:00")
    reviewing.meet(cast, (SECOND_YEAR,))
    reviewing.score(cast, (SECOND_YEAR,))
    reviewing.decide(cast, CLASS_B, (SECOND_YEAR,))


def _class_a(script: Script, cast: Cast) -> None:
    script.at("2023-03-01T10:00:00+08:00")
    for key in FIRST_YEAR:
        proposing.draft(cast, key)
    script.at("2023-03-03T10:00:00+08:00")
    reviewing.announce(cast, CLASS_B)
    script.at("2023-03-06T10:00:00+08:00")
    for key in FIRST_YEAR:
        proposing.submit(cast, key)
    script.at("2023-03-08T10:00:00+08:00")
    for key in SCORED:
        proposing.supplement(cast, key, *proposing.LATE)
    proposing.supplement(cast, "orchard", *proposing.LATE[:2])
    script.at("2023-03-10T09:00:00+08:00")
    _too_late(script, cast)
    for key in SCORED:
        proposing.screen(cast, key)
    proposing.screen(cast, "orchard", video=False)
    reviewing.appoint(cast, CLASS_A)
    reviewing.invite(cast, SCORED, "2023-03-15T10:00:00+08:00")
    script.at("2023-03-14T10:00:00+08:00")
    executing.sign(cast, SECOND_YEAR, 1, "2023-03-03")
    script.at("2023-03-15T16:00:00+08:00")
    reviewing.meet(cast, SCORED)
    reviewing.score(cast, SCORED)
    reviewing.decide(cast, CLASS_A, SCORED)


def _too_late(script: Script, cast: Cast) -> None:
    """The video comes on the day after the last for supplements."""
    refused = script.refuse(
        BY_KEY["orchard"].actor,
        "TakeApplicationStep",
        case_id=cast.case("orchard"),
        step="intro_video",
        key="",
        forms=proposing.late_item(cast, "orchard", "intro_video"),
    )
    cast.tell(
        "orchard",
        f"補件逾期，拒絕 late item refused: {refused['rule']}",
        refused["message"]["zh-Hant"],
        refused["message"]["en"],
    )


def _first_half(script: Script, cast: Cast) -> None:
    script.at("2023-04-06T10:00:00+08:00")
    reviewing.announce(cast, CLASS_A)
    script.at("2023-04-18T10:00:00+08:00")
    for number, key in enumerate((*CLOSED, "quarry"), start=2):
        executing.sign(cast, key, number, "2023-04-06")
    script.at("2023-04-24T10:00:00+08:00")
    ending.lapse(cast, "ferry")
    script.at("2023-06-26T10:00:00+08:00")
    for key in ("terrace", "quarry", SECOND_YEAR):
        executing.events(cast, key, "1", "2", "3", "4")
    executing.events(cast, "harbour", "1", "3", "4")
    script.at("2023-08-05T10:00:00+08:00")
    for key in RUNNING:
        executing.report(cast, key, "midterm", "2023-08-05")
        executing.judge(cast, key, "midterm")
    executing.notify(cast, "harbour", "2023-08-22")
    script.at("2023-08-14T10:00:00+08:00")
    executing.events(cast, "harbour", "2", "5")
    executing.report(cast, "harbour", "midterm", "2023-08-14")
    executing.judge(cast, "harbour", "midterm")
    script.at("2023-08-18T10:00:00+08:00")
    for number, key in enumerate(RUNNING, start=1):
        executing.pay(cast, key, 1, f"DC3000000{number}", "2023-08-18")


def _second_half(script: Script, cast: Cast) -> None:
    paid = {key: executing.instalments(cast, key)[0] for key in ("quarry", SECOND_YEAR)}
    script.at("2023-09-12T10:00:00+08:00")
    ending.abandon(cast, SECOND_YEAR)
    ending.find_subcontracting(cast, "quarry")
    script.at("2023-09-25T10:00:00+08:00")
    ending.bar(cast, SECOND_YEAR, paid[SECOND_YEAR])
    ending.rescind(cast, "quarry", paid["quarry"])
    script.at("2023-10-20T10:00:00+08:00")
    for key, amount in paid.items():
        ending.receive(cast, key, amount)
    script.at("2023-10-30T10:00:00+08:00")
    executing.events(cast, "terrace", "5", "6", "7", "8")
    executing.events(cast, "harbour", "6", "7", "8")
    script.at("2023-12-05T10:00:00+08:00")
    for key in CLOSED:
        executing.report(cast, key, "final", "2023-12-05")
        executing.judge(cast, key, "final")
    script.at("2023-12-08T10:00:00+08:00")
    for key, invoice in zip(CLOSED, ("DC40000001", "DC40000002"), strict=True):
        executing.pay(cast, key, 2, invoice, "2023-12-08")
    script.at("2023-12-15T10:00:00+08:00")
    for key in CLOSED:
        ending.close(cast, key)


def _aftermath(script: Script, cast: Cast) -> None:
    """Harbour forgets the second year: alert, reminder, register; archived all the same."""
    for year in (1, 2, 3):
        script.at(f"{2023 + year}-12-10T10:00:00+08:00")
        ending.follow_up(cast, "terrace", year)
        if year != 2:
            ending.follow_up(cast, "harbour", year)
    script.at("2026-12-17T09:00:00+08:00")
    for key in CLOSED:
        cast.tell(key, "追蹤期滿，歸檔 follow-up over, archived")

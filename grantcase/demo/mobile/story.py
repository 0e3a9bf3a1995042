"""The story of the mobile smart applications, in the order of its days.

Three contracts come in: one is returned, answers its comments and is followed to its archive; one
is late, alerted, and given up by force majeure; one breaks a rule, is terminated and pays back.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from grantcase.demo import people
from grantcase.demo.mobile import money, reports
from grantcase.demo.mobile.cast import BY_KEY, PROJECTS, Cast
from grantcase.demo.mobile.reports import CLOSING, MIDTERM
from grantcase.demo.script import Script
from shared.programmes.compiled import CompiledPack
from shared.programmes.examples import form_example
from shared.programmes.location import programme_folder
from shared.programmes.pack import load_pack

PROGRAMME = "mobile-smart-110"
BEGINS = "2021-09-01T09:00:00+08:00"


def tell(script: Script) -> Cast:
    """Run everything; raises UnexpectedAnswer where an answer is not what the story says."""
    folder = programme_folder(PROGRAMME)
    cast = Cast(script, CompiledPack(load_pack(folder)), folder)
    script.heading("── 行動智慧一、以契約進件 contracts registered (2021-09)")
    _registrations(cast)
    script.heading("── 行動智慧二、期中報告 mid-term reports (2022-03 … 04)")
    _midterm(cast)
    script.heading("── 行動智慧三、違失、放棄 a breach, one given up (2022-04 … 06)")
    _endings(cast)
    script.heading("── 行動智慧四、結案報告與追蹤 closing report, follow-up (2022-09 … 2025-10)")
    _closing(cast)
    return cast


def _registrations(cast: Cast) -> None:
    reports.publish(cast)
    cast.script.at("2021-09-06T10:00:00+08:00")
    short = deepcopy(reports.contract_of(cast, "stalls"))
    short["forms"]["P02"][0]["weight_bp"] -= 1
    cast.refuse(people.OFFICER, "stalls", "RegisterCase", **short)
    for project in PROJECTS:
        reports.register(cast, project.key)


def _midterm(cast: Cast) -> None:
    first = {project.key: cast.facts(project.key) for project in PROJECTS}
    cast.script.at("2022-03-07T10:00:00+08:00")
    for key in ("stalls", "kiosk"):
        reports.enter(cast, key, first[key])
    reports.enter_beside(cast, "stalls")
    cast.script.at("2022-03-08T10:00:00+08:00")
    _without_a_figure(cast, first["stalls"]["forms"])
    for key in ("stalls", "kiosk"):
        reports.hand_in(cast, key, MIDTERM, first[key]["forms"])
    cast.script.at("2022-03-11T10:00:00+08:00")
    _late(cast)
    reports.send_back(cast, "stalls", MIDTERM, "請補附店家說明會照片原檔")
    _checked(cast, "kiosk", "MA-KPI-26")
    reports.accept(cast, "kiosk", MIDTERM)
    cast.script.at("2022-03-14T10:00:00+08:00")
    reports.hand_in(cast, "stalls", MIDTERM, first["stalls"]["forms"], 2)
    cast.script.at("2022-03-16T10:00:00+08:00")
    _checked(cast, "stalls", "MA-KPI-20")
    answered = cast.facts("stalls", "answered")
    asked = answered["steps"]["midterm_comments"]["forms"]["C03"]
    reports.comment(cast, "stalls", MIDTERM, asked)
    money.pay(cast, "kiosk", 1)
    cast.script.at("2022-03-24T10:00:00+08:00")
    reports.enter(cast, "valley", first["valley"])
    reports.hand_in(cast, "valley", MIDTERM, first["valley"]["forms"])
    reports.hand_in(cast, "stalls", MIDTERM, answered["forms"], 3)
    cast.script.at("2022-03-28T10:00:00+08:00")
    _checked(cast, "valley", "MA-KPI-20", "MA-SAN-01")
    reports.complete(cast, "stalls", MIDTERM)
    for key in ("stalls", "valley"):
        reports.accept(cast, key, MIDTERM)
    cast.script.at("2022-04-06T10:00:00+08:00")
    for key in ("stalls", "valley"):
        money.pay(cast, key, 1)


def _without_a_figure(cast: Cast, forms: dict[str, Any]) -> None:
    """A report without its TO BE figure is not taken."""
    bare = {**forms, "M04": {**forms["M04"], "to_be": []}}
    actor = BY_KEY["stalls"].actor
    cast.refuse(actor, "stalls", "TakeExecutionStep", step="midterm_report", forms=bare)


def _late(cast: Cast) -> None:
    """No report by the due day."""
    case_id = str(cast.case("valley"))
    for alert in cast.script.backend.query("monitoring", "alerts", case=case_id):
        cast.tell("valley", f"示警 alert: {alert['text_zh']}", alert["text_en"])


def _checked(cast: Cast, key: str, *rules: str) -> None:
    """The officer answers what the rules ask, and the completeness check is passed."""
    reports.check(cast, key, "MA-COP-07", "MA-PII-02", *rules)
    reports.complete(cast, key, MIDTERM)


def _endings(cast: Cast) -> None:
    cast.script.at("2022-04-20T10:00:00+08:00")
    _released_too_early(cast, "kiosk")
    cast.script.at("2022-04-22T10:00:00+08:00")
    money.find_breach(cast, "kiosk")
    cast.script.at("2022-05-10T10:00:00+08:00")
    money.terminate(cast, "kiosk")
    cast.script.at("2022-05-20T10:00:00+08:00")
    reports.change_plan(cast, "stalls", "C1", "2022-08-25")
    cast.script.at("2022-06-01T10:00:00+08:00")
    money.give_up(cast, "valley")
    money.receive(cast, "kiosk")


def _released_too_early(cast: Cast, key: str) -> None:
    """An app is in the store without a certificate; the entry is kept, as a breach."""
    app = {
        **cast.facts(key)["steps"]["app"]["forms"]["E01"],
        "platform": "ANDROID",
        "released_on": "2022-04-15",
        **dict.fromkeys(("certificate", "lab", "certified_on", "valid_until")),
    }
    answer = cast.step(BY_KEY[key].actor, key, "app", {"E01": app}, "android")
    for finding in answer["findings"][:1]:
        texts = finding["message"]
        cast.tell(key, f"違失登錄 breach recorded: {finding['rule']}", *texts.values())


def _closing(cast: Cast) -> None:
    last, answered = cast.facts("stalls", "closing"), cast.facts("stalls", "answered")
    forms = deepcopy(last["forms"])
    forms["M01"] = answered["forms"]["M01"]
    forms["M00"]["blocks"][0] = {"block": "S01", "empty": False, "reason": None}
    cast.script.at("2022-09-05T10:00:00+08:00")
    reports.enter(cast, "stalls", last)
    cast.script.at("2022-09-08T10:00:00+08:00")
    reports.hand_in(cast, "stalls", CLOSING, forms)
    cast.script.at("2022-09-14T10:00:00+08:00")
    reports.complete(cast, "stalls", CLOSING)
    reports.accept(cast, "stalls", CLOSING)
    cast.refuse(people.OFFICER, "stalls", "ApproveClosing")
    upload = form_example(cast.pack.forms["E02"])
    cast.step(BY_KEY["stalls"].actor, "stalls", "api_upload", {"E02": upload}, "B2")
    reports.check(cast, "stalls", "MA-COP-05", "MA-COP-09")
    cast.script.at("2022-09-22T10:00:00+08:00")
    money.pay(cast, "stalls", 2)
    cast.script.at("2022-10-03T10:00:00+08:00")
    cast.do(people.OFFICER, "stalls", "ApproveClosing")
    cast.tell("stalls", "結案 closed; 追蹤三年 follow-up of three years begins")
    for year in (1, 2, 3):
        cast.script.at(f"{2022 + year}-09-26T10:00:00+08:00")
        cast.do(BY_KEY["stalls"].actor, "stalls", "FileFollowUp", year=year, rows=[])
    cast.script.at("2025-10-06T09:00:00+08:00")
    cast.tell("stalls", "追蹤期滿，歸檔 follow-up over, archived")

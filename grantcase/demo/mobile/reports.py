"""The contract is registered; entries are made; reports are handed in, returned and accepted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from grantcase.demo import people
from grantcase.demo.mobile.cast import BY_KEY, Cast
from shared.programmes.examples import form_example

MIDTERM, CLOSING = "midterm", "closing"
LABELS = {MIDTERM: "期中報告 mid-term report", CLOSING: "結案報告 closing report"}
ENTRIES = (
    *("evidence", "app", "survey", "sales", "solution", "repurchase", "checkpoint_done"),
    *("campaign", "activity", "shop_log"),
)
"""Steps by which the contractor records what a report draws on."""

BESIDE = {"award": "E04", "feedback": "E05", "component": "E07", "need": "E03"}
"""Steps that no rule of a report reads, and their forms."""


def publish(cast: Cast) -> None:
    """Publish the pack and the record of its year."""
    (call,) = cast.pack.calls
    script = cast.script
    script.do(people.OFFICER, "PublishPack", document=cast.pack.document)
    script.tell(
        f"公告規則包 pack published: {cast.pack.document['names']['zh-Hant']}，"
        f"{len(cast.pack.rules)} 條規則 rules"
    )
    script.do(
        people.OFFICER,
        "PublishCall",
        call_id=cast.call_id,
        code=call["code"],
        pack_digest=cast.pack.digest,
        title=call["title"],
        parameters=call["parameters"],
    )


def contract_of(cast: Cast, key: str) -> dict[str, Any]:
    """What RegisterCase needs beside the case id: the contract and its plan."""
    project, plan = BY_KEY[key], cast.facts(key)["plan"]
    wanted = cast.pack.document["registration"]["forms"]
    return {
        "call_id": cast.call_id,
        "applicant_ubn": project.ubn,
        "applicant_name": project.name,
        "track": project.track,
        "document_no": project.contract_number,
        "decided_on": "2021-08-25",
        "total_twd": project.amount_twd,
        "approved_twd": project.amount_twd,
        "execution_start": "2021-09-01",
        "execution_end": "2022-08-31",
        "contract_number": project.contract_number,
        "signed_on": "2021-08-25",
        "instalments": [
            {"no": 1, "checkpoint": MIDTERM, "amount_twd": project.midterm_twd},
            {"no": 2, "checkpoint": CLOSING, "amount_twd": project.closing_twd},
        ],
        "forms": {form: plan[form] for form in wanted},
    }


def register(cast: Cast, key: str) -> None:
    """The signed contract comes in; money and monitoring open by themselves."""
    answer = cast.do(people.OFFICER, key, "RegisterCase", **contract_of(cast, key))
    cast.numbers[key] = answer["case_number"]
    project = BY_KEY[key]
    label = cast.pack.document["tracks"][project.track]["label"]["zh-Hant"]
    cast.tell(key, f"以契約進件 registered: {project.name}，{label}，NT${project.amount_twd:,}")


def enter(cast: Cast, key: str, facts: Mapping[str, Any]) -> None:
    """Record what is new since the last time."""
    made = 0
    for step in ENTRIES:
        for row in facts["steps"][step]["rows"]:
            forms = _with_digest(row["forms"])
            if cast.entered.get((key, step, row["key"])) == forms:
                continue
            cast.step(BY_KEY[key].actor, key, step, forms, row["key"])
            cast.entered[key, step, row["key"]] = forms
            made += 1
    cast.tell(key, f"登錄 {made} 筆執行紀錄與佐證 entries and evidence recorded")


def enter_beside(cast: Cast, key: str) -> None:
    """An award, feedback, a component and a need of coordination."""
    for step, form in BESIDE.items():
        example = form_example(cast.pack.forms[form])
        cast.step(BY_KEY[key].actor, key, step, {form: example}, "1")


def check(cast: Cast, key: str, *rules: str) -> None:
    """The officer's answers to what only a person can check."""
    for rule in rules:
        answer = {"outcome": "ok", "note": "已查閱佐證"}
        cast.step(people.OFFICER, key, "officer_check", {"C01": answer}, rule)


def change_plan(cast: Cast, key: str, code: str, due_on: str) -> None:
    """A checkpoint is brought forward: requested, and in force once the office agrees."""
    forms = {form: rows for form, rows in contract_of(cast, key)["forms"].items() if form != "R01"}
    forms["P03"] = [
        {**row, "due_on": due_on} if row["code"] == code else row for row in forms["P03"]
    ]
    cast.step(BY_KEY[key].actor, key, "plan_change_request", forms)
    cast.step(people.OFFICER, key, "plan_changed", forms)
    cast.tell(key, f"核定計畫變更 plan changed: {code} → {due_on}")


def hand_in(cast: Cast, key: str, kind: str, forms: Mapping[str, Any], version: int = 1) -> None:
    """A report is sent; what rules ask of a person is told."""
    actor = BY_KEY[key].actor
    answer = cast.step(actor, key, f"{kind}_report", forms)
    cast.do(
        actor,
        key,
        "ReportCheckpoint",
        checkpoint=kind,
        report=f"{LABELS[kind].split()[0]}第{version}版.pdf",
        actuals=[],
    )
    asked = sorted({f["rule"] for f in answer["findings"] if f["severity"] == "manual"})
    cast.tell(
        key,
        f"{LABELS[kind]} v{version} 送出 handed in",
        *([f"待人員查核 for the officer to check: {', '.join(asked)}"] if asked else ()),
    )


def send_back(cast: Cast, key: str, kind: str, reason: str) -> None:
    """The completeness check finds something missing."""
    cast.step(people.OFFICER, key, f"{kind}_returned", {"C02": {"reason": reason}})
    cast.tell(key, f"{LABELS[kind]} 退回補正 returned: {reason}")


def complete(cast: Cast, key: str, kind: str) -> None:
    """The completeness check is passed."""
    answer = {"outcome": "ok", "note": "十六個區塊齊備"}
    cast.step(people.OFFICER, key, f"{kind}_checked", {"C01": answer})


def comment(cast: Cast, key: str, kind: str, comments: list[Mapping[str, Any]]) -> None:
    """The committee's comments send the report back to be answered."""
    cast.step(people.REVIEWERS[0], key, f"{kind}_comments", {"C03": comments})
    texts = [f"{row['no']}. {row['text']}" for row in comments]
    cast.tell(key, f"委員審查意見 comments of the committee: {len(comments)}", *texts)


def accept(cast: Cast, key: str, kind: str) -> None:
    """Accepted; the rules pass the checkpoint, and its instalment may be claimed."""
    accepted = {"advice": "同意備查", "reason": "內容完整"}
    cast.step(people.OFFICER, key, f"{kind}_accepted", {"C04": accepted})
    decided = cast.do(people.OFFICER, key, "DecideCheckpoint", checkpoint=kind)
    cast.tell(key, f"{LABELS[kind]} 核定 accepted; 查核點 checkpoint: {decided['outcome']}")


def _with_digest(forms: Mapping[str, Any]) -> Mapping[str, Any]:
    """A file of evidence with a digest of its own."""
    if "E15" not in forms:
        return forms
    file = forms["E15"]
    digest = hashlib.sha256(f"{file['kind']} {file['file_name']}".encode()).hexdigest()
    return {"E15": {**file, "sha256": digest}}

"""What must hold of a registered case in every programme, whatever its pack says of it.

A registration is {applicant_name, track, document_no, decided_on, amount_twd, total_twd, parties,
conditions, execution_start, execution_end, enterprises, contract_number, signed_on, instalments,
forms}: plain JSON values, nothing personal, as the public event carries it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.kernel.business_number import is_valid_ubn
from shared.kernel.errors import InvalidInput

AWARD, CONTRACT = "award", "contract"

Registration = Mapping[str, Any]
Pack = Mapping[str, Any]
Fault = tuple[str, str, str]  # field, zh-Hant, English


def must_be_registrable(document: Pack, applicant_ubn: str, given: Registration) -> None:
    """Raises InvalidInput naming the first field that cannot be, and every other in `problems`."""
    faults = [
        *_parties(applicant_ubn, given),
        *_enterprises(given["enterprises"]),
        *_days_and_names(document, given),
        *(_of_contract if document["entry"] == CONTRACT else _of_award)(document, given),
    ]
    if faults:
        field, zh, en = faults[0]
        problems = {path: [f"{zh} {en}"] for path, zh, en in faults} if len(faults) > 1 else None
        raise InvalidInput(zh, en, field=field, problems=problems)


def _parties(applicant_ubn: str, given: Registration) -> Iterator[Fault]:
    parties: Sequence[Mapping[str, Any]] = given["parties"]
    for index, party in enumerate(parties):
        here = f"parties/{index}"
        if not is_valid_ubn(party["ubn"]):
            number = party["ubn"]
            en = f"business number {number} fails its check sum"
            yield f"{here}/ubn", f"統一編號 {number} 檢查碼不符", en
        if party["total_twd"] != party["subsidy_twd"] + party["self_twd"]:
            zh = f"第 {index + 1} 個單位之總經費不等於補助款加自籌款"
            yield f"{here}/total_twd", zh, f"party {index + 1}: total is not subsidy plus own funds"
    yield from _double("parties", "ubn", parties)
    leads = [party["ubn"] for party in parties if party["lead"]]
    if len(leads) != 1:
        yield "parties", "主導單位應恰有一個", f"exactly one party leads, not {len(leads)}"
    elif leads[0] != applicant_ubn:
        yield "parties", "主導單位應為申請單位", "the leading party must be the applicant"
    subsidy = sum(party["subsidy_twd"] for party in parties)
    if subsidy != given["amount_twd"]:
        zh = f"各單位補助款合計 {subsidy} 元，不等於核定補助款 {given['amount_twd']} 元"
        en = f"the subsidies sum to NT${subsidy}, not to the approved NT${given['amount_twd']}"
        yield "approved_twd", zh, en
    total = sum(party["total_twd"] for party in parties)
    if total != given["total_twd"]:
        zh = f"各單位總經費合計 {total} 元，不等於計畫總經費 {given['total_twd']} 元"
        en = f"the totals of the parties sum to NT${total}, not to NT${given['total_twd']}"
        yield "total_twd", zh, en


def _enterprises(rows: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    for index, row in enumerate(rows):
        if not isinstance(row.get("ubn"), str) or not 0 < len(row["ubn"]) <= 8:
            zh = f"第 {index + 1} 家企業缺統一編號"
            yield f"enterprises/{index}/ubn", zh, f"enterprise {index + 1} has no ubn"
    yield from _double("enterprises", "ubn", [row for row in rows if row.get("ubn")])


def _days_and_names(document: Pack, given: Registration) -> Iterator[Fault]:
    if given["execution_end"] < given["execution_start"]:
        yield "execution_end", "執行迄日早於起日", "the execution ends before it starts"
    yield from _double("conditions", "id", given["conditions"])
    tracks = document.get("tracks") or {}
    if tracks and given["track"] not in tracks:
        names = "、".join(tracks)
        yield "track", f"類別須為 {names} 之一", f"the track must be one of {', '.join(tracks)}"


def _of_award(document: Pack, given: Registration) -> Iterator[Fault]:
    for field in ("contract_number", "signed_on", "instalments"):
        if given[field]:
            zh = "核定後進件者尚未簽約，不得填列"
            yield field, zh, "a case registered at its award has no contract yet: leave it out"


def _of_contract(document: Pack, given: Registration) -> Iterator[Fault]:
    for field in ("contract_number", "signed_on"):
        if not given[field]:
            yield field, "以契約進件者必填", "needed for a case that enters with its contract"
    rows = given["instalments"]
    if not rows and not document.get("instalments"):
        yield "instalments", "各期款必填：規則包未定", "needed: the pack has no instalments"
    yield from _double("instalments", "no", rows)
    known = [checkpoint["id"] for checkpoint in document.get("checkpoints") or ()]
    for index, row in enumerate(rows):
        if row["checkpoint"] not in known:
            name, names = row["checkpoint"], ", ".join(known)
            path = f"instalments/{index}/checkpoint"
            yield path, f"沒有查核點 {name}", f"there is no checkpoint {name}; there are: {names}"
    total = sum(row["amount_twd"] for row in rows)
    if rows and total != given["amount_twd"]:
        zh = f"各期款合計 {total} 元，不等於契約金額 {given['amount_twd']} 元"
        en = f"the instalments sum to NT${total}, not to NT${given['amount_twd']}"
        yield "instalments", zh, en


def _double(name: str, key: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    seen: set[Any] = set()
    for index, row in enumerate(rows):
        if row[key] in seen:
            value = row[key]
            yield f"{name}/{index}/{key}", f"{value} 重複", f"{value} is there twice"
        seen.add(row[key])

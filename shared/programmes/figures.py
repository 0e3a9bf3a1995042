"""Figures that must add up: tiers, weights, shares of checkpoints, numbers of instalments;
and separations of duty that somebody enforces.

Works on a document that has passed its schema; yields (pointer, zh-Hant, English). Over 200 lines:
one check per section, read as one list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from shared.kernel.permissions import GRANTS_OF
from shared.kernel.separations import CARRIED
from shared.programmes.pack import moments_of
from shared.programmes.reading import pointer

Found = tuple[str, str, str]


def _tracks(document: Mapping[str, Any]) -> Iterator[Found]:
    for name, track in (document.get("tracks") or {}).items():
        here = pointer("/tracks", name) + "/tiers"
        yield from twice(track["tiers"], here)
        expected = track["minimum"]
        for index, tier in enumerate(track["tiers"]):
            last = index == len(track["tiers"]) - 1
            if tier["from"] != expected:
                yield (
                    f"{here}/{index}/from",
                    f"級距不連續，應為 {expected}",
                    f"the tiers are not contiguous: this one starts at {expected}",
                )
            if (tier["to"] is None) != last or (tier["to"] or tier["from"]) < tier["from"]:
                yield f"{here}/{index}/to", "級距上限有誤", "only the last tier is open (null)"
            expected = (tier["to"] or 0) + 1


def _scoring(document: Mapping[str, Any]) -> Iterator[Found]:
    scoring = document.get("scoring")
    if not scoring:
        return
    yield from twice(scoring["criteria"], "/scoring/criteria")
    yield from _weights(scoring["criteria"], document.get("tracks") or {"": {}})
    values = [value for rule in document["rules"] for value in rule.get("values") or ()]
    ranked = {value["name"] for value in values if "rank" in moments_of(value)}
    yield from twice(scoring.get("bonuses") or [], "/scoring/bonuses")
    for index, bonus in enumerate(scoring.get("bonuses") or ()):
        for name in (bonus["points"], *(bonus.get("evidence") or ())):
            if name not in ranked:
                path = f"/scoring/bonuses/{index}"
                yield path, f"rank 沒有 {name}", f"{name} is no value of moment rank"
    known = {criterion["id"] for criterion in scoring["criteria"]}
    known |= {value["name"] for value in values}
    for index, name in enumerate(scoring["rank_by"]):
        if name not in known:
            path = f"/scoring/rank_by/{index}"
            yield path, f"沒有 {name}", f"{name} is neither a criterion nor a value"


def _weights(criteria: list[Mapping[str, Any]], tracks: Iterable[str]) -> Iterator[Found]:
    for track in tracks:
        sums = 0
        for index, criterion in enumerate(criteria):
            weight = criterion["weight_centi"]
            if isinstance(weight, Mapping):
                if track not in weight:
                    path = f"/scoring/criteria/{index}/weight_centi"
                    yield path, f"缺 {track} 之權重", f"it has no weight for {track}"
                weight = weight.get(track, 0)
            sums += weight
        if sums != 10_000:
            of = f" of {track}" if track else ""
            yield (
                "/scoring/criteria",
                f"{track} 權重合計應為 10000（100.00），得 {sums}",
                f"the weights{of} sum to {sums}, not 10000 (100.00)",
            )


def _separations(document: Mapping[str, Any]) -> Iterator[Found]:
    """A pair that nobody would enforce is a fault, not a silent nothing."""
    for index, pair in enumerate(document.get("separations") or ()):
        here = f"/separations/{index}"
        service = next((s for s in CARRIED if pair["second"] in GRANTS_OF[s]), None)
        if service is None:
            known = "review, finance or monitoring"
            name = pair["second"]
            yield f"{here}/second", f"沒有指令 {name}", f"{name} is no command of {known}"
        elif pair["first"] not in {*GRANTS_OF[service], *CARRIED[service]}:
            name = pair["first"]
            text = f"{service} does not know who gave {name}"
            yield f"{here}/first", f"{service} 不知何人執行 {name}", text


_SHARES = ("share_bp", "cumulative_bp", "report_due_days")


def _checkpoints(document: Mapping[str, Any]) -> Iterator[Found]:
    checkpoints = document.get("checkpoints") or []
    yield from twice(checkpoints, "/checkpoints")
    numbers = {instalment["no"] for instalment in document.get("instalments") or ()}
    for index, checkpoint in enumerate(checkpoints):
        here = f"/checkpoints/{index}"
        yield from _one_of(checkpoint, ("due", "due_on"), here)
        due = checkpoint.get("due")
        if due is not None and due not in (document.get("call_parameters") or {}):
            yield f"{here}/due", f"沒有徵案參數 {due}", f"there is no call parameter {due}"
        if checkpoint.get("instalment") is not None and checkpoint["instalment"] not in numbers:
            yield f"{here}/instalment", "沒有此期", "there is no instalment of that number"
        yield from unknown_moment(document, checkpoint["moment"], f"{here}/moment")
    yield from _shares(checkpoints)


def _shares(checkpoints: Sequence[Mapping[str, Any]]) -> Iterator[Found]:
    given = {name for checkpoint in checkpoints for name in _SHARES if name in checkpoint}
    if not given:
        return
    total = 0
    for index, checkpoint in enumerate(checkpoints):
        here = f"/checkpoints/{index}"
        missing = [name for name in _SHARES if name not in checkpoint]
        if missing:
            names = ", ".join(missing)
            zh = f"{names} 須全部查核點都填，或都不填"
            yield here, zh, f"{names}: in all checkpoints, or in none"
            return
        total += checkpoint["share_bp"]
        if checkpoint["cumulative_bp"] != total:
            yield (
                f"{here}/cumulative_bp",
                f"累計應為 {total}",
                f"the shares up to here sum to {total}",
            )
    if total != 10_000:
        yield "/checkpoints", f"占比合計應為 10000，得 {total}", f"the shares sum to {total}"


def _signing(document: Mapping[str, Any]) -> Iterator[Found]:
    signing = document.get("signing")
    if signing is None:
        if document["entry"] == "award":
            yield "", "以核定進件者須有 signing", "entry award needs a section signing"
        return
    yield from _one_of(signing, ("period_days", "due"), "/signing")
    if signing.get("reminder_required", True) and "reminder_days" not in signing:
        zh, en = (
            "未訂催告日數，則須 reminder_required: false",
            "without it: reminder_required: false",
        )
        yield "/signing/reminder_days", zh, en


def _registration(document: Mapping[str, Any]) -> Iterator[Found]:
    registration = document.get("registration")
    if (registration is None) != (document["entry"] == "call"):
        zh, en = "call 以外之進件須有 registration，call 則否", "goes with entry award or contract"
        yield "/registration" if registration else "", zh, f"registration {en}"
    if registration is None:
        return
    yield from unknown_moment(document, registration["moment"], "/registration/moment")
    for place, form in enumerate(registration["forms"]):
        if form not in document["forms"]:
            path = f"/registration/forms/{place}"
            yield path, f"沒有表單 {form}", f"there is no form {form}"


def _one_of(section: Mapping[str, Any], names: tuple[str, str], here: str) -> Iterator[Found]:
    if (names[0] in section) == (names[1] in section):
        yield here, f"應為 {names[0]} 或 {names[1]} 其一", f"either {names[0]} or {names[1]}"


def _instalments(document: Mapping[str, Any]) -> Iterator[Found]:
    checkpoints = {checkpoint["id"] for checkpoint in document.get("checkpoints") or ()}
    for index, instalment in enumerate(document.get("instalments") or ()):
        here = f"/instalments/{index}"
        if instalment["no"] != index + 1:
            yield f"{here}/no", f"期別應為 {index + 1}", f"the number is {index + 1}"
        checkpoint = instalment["checkpoint"]
        if checkpoint is not None and checkpoint not in checkpoints:
            path = f"{here}/checkpoint"
            yield path, f"沒有查核點 {checkpoint}", f"there is no checkpoint {checkpoint}"


def unknown_moment(document: Mapping[str, Any], moment: str, path: str) -> Iterator[Found]:
    """A moment that the pack does not have."""
    if moment not in {known["id"] for known in document["moments"]}:
        yield path, f"沒有時點 {moment}", f"there is no moment {moment}"


def twice(items: Iterable[Mapping[str, Any]], path: str) -> Iterator[Found]:
    """Ids that stand in a list twice."""
    seen: set[str] = set()
    for index, item in enumerate(items):
        if item["id"] in seen:
            name = item["id"]
            yield f"{path}/{index}/id", f"代號重複：{name}", f"the id {name} is there twice"
        seen.add(item["id"])


FIGURES: tuple[Callable[[Mapping[str, Any]], Iterator[Found]], ...] = (
    _tracks,
    _scoring,
    _separations,
    _checkpoints,
    _instalments,
    _signing,
    _registration,
)

"""The forms of a cluster: the pack's own examples with this cluster's members and figures."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from grantcase.demo.clusters.cast import CLASS_B, Cast, Cluster
from grantcase.demo.rosters import Shop
from shared.kernel.money import half_up

_SURNAMES = "陳林黃張李王吳劉蔡楊許鄭謝郭洪"
_VAT = 5  # percent, within the total
_WHOLE_BP = 10_000


def forms_of(cast: Cast, cluster: Cluster) -> dict[str, Any]:
    """Every form of the proposal."""
    forms: dict[str, Any] = deepcopy(dict(cast.example("submit")["forms"]))
    example = forms["D01"]
    names = {example["proposer_ubn"]: cluster.ubn, example["proposer_name"]: cluster.name}
    forms = _renamed(forms, names)
    leader = cluster.members[0]
    forms["D01"].update(
        cluster_name=cluster.title,
        class_id=cluster.track,
        cover_date="2023-02-20" if cluster.track == CLASS_B else "2023-03-06",
        proposer_address="".join(cluster.place) + "數位路1號",
    )
    if cluster.leads_itself:
        business = {"proposer_main_business": leader.product, "proposer_industry": "LODGING_FOOD"}
        forms["D01"].update(proposer_kind="LEADING_ENTERPRISE", **business)
    forms["D03"] = _members(cluster, forms["D03"][0])
    forms["D04"].update(
        leader_enterprise=leader.name,
        locations=[_location(cast, cluster)],
        requested_amount=cluster.requested_twd,
        member_count=cluster.count,
        status_text=f"{cluster.count}家店家分布於{cluster.place[1]}，特色互補。",
    )
    _describe(forms["D05"], cluster)
    if cluster.track == CLASS_B:
        _second_year(forms, cluster)
    forms["D09"] = budget(forms["D09"], cluster.requested_twd)
    return forms


def budget(example: Mapping[str, Any], total_twd: int) -> dict[str, Any]:
    """The budget for a total, tax within; the first line takes what the others leave."""
    tax = half_up(total_twd * _VAT, 100 + _VAT)
    lines = [dict(line) for line in example["lines"]]
    lines[0]["amount"] = total_twd - tax - sum(line["amount"] for line in lines[1:])
    for line in lines:
        line["pct_bp"] = _share(line["amount"], total_twd)
    return {
        **example,
        "lines": lines,
        "tax": tax,
        "tax_bp": _share(tax, total_twd),
        "total": total_twd,
    }


def history_of(cast: Cast, cluster: Cluster) -> dict[str, Any]:
    """What the registers say of earlier years: class B was here the year before."""
    found = dict(cast.example("screen")["steps"]["history_check"]["forms"]["D15"])
    if cluster.prior_case:
        keys = [member.ubn for member in cluster.members]
        row = {"year_roc": 111, "case_number": cluster.prior_case}
        found.update(
            prior_case_number=cluster.prior_case,
            prior_proposer_ubn=cluster.ubn,
            prior_leader_ubn=keys[0],
            prior_roster=keys,
            tutored=[{"ubn": key, **row} for key in keys],
        )
    return found


def counts_of(cast: Cast, cluster: Cluster) -> dict[str, Any]:
    """The counts for the bonus items, as the screening officer takes them from the list."""
    group = _location(cast, cluster)["group"]
    rows = _members(cluster, cast.example("submit")["forms"]["D03"][0])
    return {
        "members": cluster.count,
        "diverse": sum(row["rep_sex"] == "F" for row in rows),
        "other_diverse": 0,
        "area": cluster.count if group in (3, 4) else 0,
        "micro": sum(row["employees"] < 5 for row in rows),
    }


def self_assessments(cast: Cast, cluster: Cluster) -> list[dict[str, Any]]:
    """One row per member, each like the example."""
    (row, *_) = cast.example("screen")["steps"]["member_self_assessment"]["forms"]["D11"]
    return [{**row, "ubn": member.ubn} for member in cluster.members]


def _members(cluster: Cluster, example: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        _member(cluster, example, number, shop)
        for number, shop in enumerate(cluster.members, start=1)
    ]


def _member(
    cluster: Cluster, example: Mapping[str, Any], number: int, shop: Shop
) -> dict[str, Any]:
    county, township = cluster.place
    family = _SURNAMES[(cluster.seed + number) % len(_SURNAMES)]
    leads = number == 1
    return {
        **example,
        "ubn": shop.ubn,
        "enterprise_name": shop.name,
        "leader_mark": leads,
        "role": "LEADER" if leads else "MEMBER",
        "employees": shop.employees,
        "county": county,
        "township": township,
        "actual_address": f"{county}{township}老街{number}號",
        "registered_address": f"{county}{township}老街{number}號",
        "rep_name": f"{family}負責{number:02d}",
        "rep_sex": "F" if number % 3 else "M",
        "rep_mobile": f"09{cluster.seed}-111-{number:03d}",
        "rep_email": f"rep{number}@{cluster.key}.example.org",
        "participant_name": f"{family}參與{number:02d}",
        "contact_name": f"{family}聯絡{number:02d}",
        "contact_mobile": f"09{cluster.seed}-222-{number:03d}",
        "contact_email": f"contact{number}@{cluster.key}.example.org",
        "main_products": shop.product,
    }


def _location(cast: Cast, cluster: Cluster) -> dict[str, Any]:
    county, township = cluster.place
    group = cast.pack.document["township_groups"][f"{county}/{township}"]
    return {"county": county, "township": township, "group": group}


def _describe(concept: dict[str, Any], cluster: Cluster) -> None:
    place = "".join(cluster.place)
    concept["origin_motive"] = (
        f"{place}的店家各有特色，卻各自經營，旅客停留時間短，來客資料散在各店的社群與帳本裡。"
    ) * 6
    concept["cluster_intro"] = (
        f"{cluster.title}由{cluster.count}家店家組成，以住宿、餐飲、導覽與伴手禮互補，共推一條遊程。"
    ) * 6
    (row, *_) = concept["tool_usage"]
    concept["tool_usage"] = [{**row, "ubn": member.ubn} for member in cluster.members]


def _second_year(forms: dict[str, Any], cluster: Cluster) -> None:
    """What class B declares: last year's result, and a channel that goes on without subsidy."""
    forms["D05"].update(
        prior_case_number=cluster.prior_case,
        last_year_results="前一年完成數位遊程，本年擴大至夜間及鄰近漁港",
        state_after_year="店家持續使用共同集章平台",
        sustainable_operation="由領導企業承接平台營運，成員分攤費用",
    )
    forms["D06"]["kpis"][6]["is_sustained_channel"] = True


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if isinstance(value, str):
        for old, new in names.items():
            value = value.replace(old, new)
    return value


def _share(amount_twd: int, total_twd: int) -> int:
    return half_up(_WHOLE_BP * amount_twd, total_twd)

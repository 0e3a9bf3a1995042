"""`grantcase rules coverage`: how every rule of a programme stands, and what tries it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from grantcase.cli.opened_packs import folder_of, pack_of
from grantcase.cli.opening import console, fail
from grantcase.cli.rule_text import places_text, standing_text, vectors_text
from shared.programmes.coverage import STANDINGS, Coverage, RuleCoverage, cover
from shared.programmes.reading import UnreadablePack
from shared.programmes.rule_catalogue import Catalogue, family_of, read_catalogue
from shared.programmes.vectors import Vector, read_vectors

VIEWS = ("missing", "untried", "officer", "outside")
_LACKS = {
    "rule": "規則包沒有此條 not in the pack",
    "passes": "缺通過之例 no vector in which it holds",
    "fails": "缺不通過之例 no vector in which it speaks",
    "both": "缺測試例 no vector tries it",
}


def coverage(
    programme: Annotated[str, typer.Argument(help="計畫代號或資料夾 programme id or folder")],
    only: Annotated[
        str | None,
        typer.Option(
            help="只列 missing 缺漏、untried 未試之人工判斷、officer 人工判斷、outside 系統外 "
            "only these"
        ),
    ] = None,
    family: Annotated[
        str | None, typer.Option(help="只看一個家族，例如 CP-TRK only one family")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="輸出 JSON print JSON")] = False,
) -> None:
    """List every rule id of the catalogue: where it is enforced, an officer's decision or outside
    the system, and the vectors that try it.

    Exit 1 when something is missing: an id that the pack lacks, an enforced rule without a vector
    that passes and one that fails, a vector of the catalogue, a rule that nobody declared.
    """
    if only is not None and only not in VIEWS:
        fail(f"--only 須為 {'、'.join(VIEWS)}", f"--only is one of {', '.join(VIEWS)}")
    folder, pack = folder_of(programme), pack_of(programme)
    catalogue, vectors = _beside(folder)
    covered = cover(pack, catalogue, vectors)
    if family is not None:
        covered = _of_family(covered, family.upper())
    if as_json:
        head = {"programme": pack.id, "version": pack.version, "digest": pack.digest}
        typer.echo(json.dumps({**head, **_document(covered, only)}, ensure_ascii=False, indent=2))
    else:
        _show(covered, only, catalogue)
    if not covered.complete:
        raise typer.Exit(1)


def _beside(folder: Path) -> tuple[Catalogue | None, list[Vector]]:
    try:
        return read_catalogue(folder), read_vectors(folder)
    except UnreadablePack as error:
        fail(f"目錄或測試例無法讀取：{error}", f"catalogue or vectors cannot be read: {error}")


def _of_family(covered: Coverage, family: str) -> Coverage:
    chosen = covered.of_family(family)
    if not chosen.rules:
        known = "、".join(dict.fromkeys(family_of(rule.rule) for rule in covered.rules))
        fail(
            f"沒有家族 {family}；現有：{known}", f"there is no family {family}; there are: {known}"
        )
    return chosen


def _chosen(covered: Coverage, only: str | None) -> list[RuleCoverage]:
    def wanted(rule: RuleCoverage) -> bool:
        if only == "missing":
            return rule.missing is not None
        if only == "untried":
            return rule.untried
        return only is None or rule.standing == only

    return [rule for rule in covered.rules if wanted(rule)]


def _document(covered: Coverage, only: str | None) -> dict[str, Any]:
    return {
        "complete": covered.complete,
        "totals": _totals(covered),
        "rules": [_row(rule) for rule in _chosen(covered, only)],
        "absent_vectors": list(covered.absent_vectors),
        "unknown_rules": [{"vector": vector, "rule": rule} for vector, rule in covered.unknown],
        "undeclared_rules": list(covered.strangers),
    }


def _row(rule: RuleCoverage) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "standing": rule.standing,
        "where": [{"kind": place.kind, "name": place.name} for place in rule.places],
        "passes": list(rule.passes),
        "fails": list(rule.fails),
        "missing": rule.missing,
    }


def _totals(covered: Coverage) -> dict[str, int]:
    standings = {name: sum(rule.standing == name for rule in covered.rules) for name in STANDINGS}
    return {
        "rules": len(covered.rules),
        **standings,
        "missing": sum(rule.missing is not None for rule in covered.rules),
        "untried": sum(rule.untried for rule in covered.rules),
        "vectors": covered.vectors - len(covered.absent_vectors),
        "vectors_of_the_catalogue": covered.vectors,
    }


def _show(covered: Coverage, only: str | None, catalogue: Catalogue | None) -> None:
    chosen = _chosen(covered, only)
    if chosen:
        table = Table("規則 rule", "狀態 standing", box=None, pad_edge=False)
        table.add_column("何處 where", overflow="fold")
        table.add_column("測試例 vectors", overflow="fold")
        for rule in chosen:
            tried = vectors_text(rule.passes, rule.fails)
            if rule.missing:
                tried = f"✗ {_LACKS[rule.missing]} {tried}".strip()
            table.add_row(rule.rule, standing_text(rule.standing), places_text(rule.places), tried)
        console.print(table, markup=False)
    _show_lists(covered)
    totals = _totals(covered)
    console.print(
        f"{totals['rules']} 條 rules：執行 enforced {totals['enforced']}、"
        f"人工判斷 officer's decision {totals['officer']}、系統外 outside {totals['outside']}、"
        f"缺 absent {totals['absent']}；缺漏 missing {totals['missing']}、"
        f"未試之人工判斷 untried {totals['untried']}",
        markup=False,
        soft_wrap=True,
    )
    if covered.vectors:
        console.print(
            f"目錄之測試例 vectors of the catalogue {totals['vectors']}/{covered.vectors}",
            markup=False,
        )
    if catalogue is None:
        console.print(
            "沒有 catalogue.yaml，無從得知是否有缺條 there is no catalogue.yaml: "
            "whether an id is missing cannot be told",
            markup=False,
            soft_wrap=True,
        )


def _show_lists(covered: Coverage) -> None:
    lists = {
        "目錄之測試例不在規則包 vectors of the catalogue not there": covered.absent_vectors,
        "測試例所指規則不存在 vectors that name no rule": [
            f"{vector} → {rule}" for vector, rule in covered.unknown
        ],
        "目錄未列且非本辦公室自訂 neither in the catalogue nor declared as own": covered.strangers,
    }
    for words, items in lists.items():
        if items:
            console.print(f"✗ {words}：{'、'.join(items)}", markup=False, soft_wrap=True)

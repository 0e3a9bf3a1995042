"""Windows of calls that run backwards or overlap, and instalments that do not sum to the contract.

Works on a pack whose schema, references and expressions hold; yields (pointer, zh-Hant, English).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from shared.kernel.clock import parse_instant, taipei_date
from shared.programmes.cel_adapter import ExpressionFault, Session, compile_expression
from shared.programmes.compiled import CompiledPack
from shared.programmes.figures import Found
from shared.programmes.pack import Pack

ORDER = ("opens", "closes", "letters_due")
"""Windows of section `intake`, in the order in which they follow one another."""
TRIED_TWD = (1, 99_999, 1_000_003)
"""Amounts of a contract on which the instalments are tried; odd ones, so that roundings show."""


def window_faults(pack: Pack) -> Iterator[Found]:
    """Backwards or overlapping windows, due days out of order, instalments that do not sum."""
    for index, call in enumerate(pack.calls):
        yield from _backwards(pack, call, f"/calls/{index}/parameters")
    yield from _overlaps(pack)
    yield from _instalments(pack)


def _backwards(pack: Pack, call: Mapping[str, Any], here: str) -> Iterator[Found]:
    windows = (pack.document.get("intake") or {}).get("windows") or {}
    dues = [row.get("due") for row in pack.document.get("checkpoints") or ()]
    for names in ([windows.get(name) for name in ORDER], dues):
        written = [name for name in names if name and call["parameters"].get(name)]
        for earlier, later in zip(written, written[1:], strict=False):
            first, second = call["parameters"][earlier], call["parameters"][later]
            if _after(first, second):
                zh = f"{second} 早於 {earlier}（{first}）"
                yield f"{here}/{later}", zh, f"{second} is before {earlier} ({first})"


def _after(first: str, second: str) -> bool:
    """Days are compared where one of the two is only a day."""
    if "T" in first and "T" in second:
        return parse_instant(first) > parse_instant(second)
    return _day(first) > _day(second)


def _day(written: str) -> str:
    return taipei_date(parse_instant(written)).isoformat() if "T" in written else written


def _overlaps(pack: Pack) -> Iterator[Found]:
    windows = (pack.document.get("intake") or {}).get("windows") or {}
    opens, closes = windows.get("opens"), windows.get("closes")
    if not opens or not closes:
        return
    for (_, one), (index, other) in combinations(enumerate(pack.calls), 2):
        a, b = one["parameters"], other["parameters"]
        apart = _after(a[opens], b[closes]) or _after(b[opens], a[closes])
        if not apart and not _tracks_differ(pack, a, b):
            zh = f"與徵案 {one['code']} 之收件期間重疊"
            en = f"the window overlaps that of call {one['code']}"
            yield f"/calls/{index}/parameters/{opens}", zh, en


def _tracks_differ(pack: Pack, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Both calls name a track (a parameter whose value is one), and not the same one."""
    tracks = set(pack.document.get("tracks") or {})
    return any(
        isinstance(one[name], str)
        and isinstance(other.get(name), str)
        and {one[name], other[name]} <= tracks
        and one[name] != other[name]
        for name in one
    )


def _instalments(pack: Pack) -> Iterator[Found]:
    rows = pack.document.get("instalments") or []
    values = CompiledPack(pack).parameter_values
    for amount in TRIED_TWD if rows else ():
        previous = 0
        for row in rows:
            names = {"contract": {"amount_twd": amount}, "previous_twd": previous, "param": values}
            try:
                previous += Session(names).evaluate(compile_expression(row["amount"]))
            except ExpressionFault:
                return  # it asks more of the contract: `rules validate` runs it on the example
        if previous != amount:
            zh = f"契約 {amount} 元時各期款合計 {previous} 元"
            en = f"with a contract of NT${amount} the instalments sum to NT${previous}"
            yield "/instalments", zh, en
            return

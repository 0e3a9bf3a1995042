"""Values as an official paper writes them: ROC dates, amounts in 國字大寫, codes in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from shared.kernel.clock import TAIPEI, roc_date_text

NONE = "－"
_DIGITS = "零壹貳參肆伍陸柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "萬", "億", "兆")
_ORDINALS = "零一二三四五六七八九十"


def capital(amount: int) -> str:
    """1630000 -> 壹佰陸拾參萬元整. Raises ValueError below zero or from 10^16 on."""
    if not 0 <= amount < 10**16:
        raise ValueError(f"no amount that is written out: {amount}")
    groups = []
    rest = amount
    while rest:
        rest, group = divmod(rest, 10_000)
        groups.append(group)
    text, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            gap = bool(text)
            continue
        if text and (gap or group < 1_000):
            text += _DIGITS[0]
        text += _group(group) + _GROUPS[place]
        gap = False
    return f"{text or _DIGITS[0]}元整"


def _group(group: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += (_DIGITS[0] if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return text


def ordinal(number: int) -> str:
    """1 -> 一, 12 -> 十二, 21 -> 二十一 (up to 99)."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_ORDINALS[tens]}十")
    return head + (_ORDINALS[ones] if ones or not tens else "")


def day_of(value: Any) -> date | None:
    """The Taipei day of an ISO date or instant; None for anything else."""
    if isinstance(value, datetime):
        return value.astimezone(TAIPEI).date()
    if isinstance(value, date):
        return value
    try:
        text = str(value)
        return date.fromisoformat(text) if len(text) == 10 else day_of(datetime.fromisoformat(text))
    except ValueError:
        return None


def _date(value: Any) -> str:
    day = day_of(value)
    return roc_date_text(day) if day else str(value)


def _full_date(value: Any) -> str:
    return f"中華民國{_date(value)}"


def _dotted(value: Any) -> str:
    day = day_of(value)
    return f"{day.year - 1911}.{day.month:02d}.{day.day:02d}" if day else str(value)


def _instant(value: Any) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    local = moment.astimezone(TAIPEI)
    digits = f".{local.microsecond:06d}".rstrip("0") if local.microsecond else ""
    return f"{roc_date_text(local.date())} {local:%H:%M:%S}{digits}"


def _money(value: Any) -> str:
    return f"{value:,}"


def _hundredths(value: int, digits: int) -> str:
    sign, whole, part = "-" if value < 0 else "", abs(value) // 100, abs(value) % 100
    return f"{sign}{whole:,}" + (f".{part:02d}" if digits or part else "")


def _text(value: Any) -> str:
    if value is None or value == "":
        return NONE
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return (
            str(value["zh-Hant"]) if "zh-Hant" in value else "、".join(map(_text, value.values()))
        )
    if isinstance(value, list | tuple):
        return "、".join(map(_text, value)) or NONE
    if isinstance(value, str) and len(value) == 10 and day_of(value):
        return _date(value)
    return str(value)


FORMATS: Mapping[str, Callable[[Any], str]] = {
    "date": _date,
    "fulldate": _full_date,
    "dotted": _dotted,
    "instant": _instant,
    "month": lambda value: f"{int(str(value)[:4]) - 1911}年{int(str(value)[5:7])}月",
    "rocyear": lambda value: str(int(str(value)[:4]) - 1911),
    "money": _money,
    "twd": lambda value: f"新臺幣{value:,}元",
    "capital": lambda value: f"新臺幣{capital(value)}",
    "percent": lambda value: f"{_hundredths(value, 2)}%",
    "points": lambda value: _hundredths(value, 2),
    "number": lambda value: _hundredths(value, 0),
    "count": lambda value: f"{len(value):,}",
    "ordinal": ordinal,
    "monthday": lambda value: f"{int(str(value)[5:7])}/{int(str(value)[8:10])}",
    "labels": lambda value: "、".join(str(one.get("label", "")) for one in value) or NONE,
    "raw": str,
    "short": lambda value: f"{str(value)[:8]} {str(value)[8:16]}",
    "minute": lambda value: f"{_dotted(value)} {str(value)[11:16]}",
    "digest": lambda value: " ".join(str(value)[i : i + 8] for i in range(0, len(str(value)), 8)),
}
"""Format of a placeholder -> the words of a value that is there."""


def worded(value: Any, form: str | None, words: Mapping[str, str]) -> str:
    """A value in the words of a format; nothing is written as a dash. Raises KeyError for an
    unknown format, ValueError or TypeError for a value that the format does not take."""
    if form == "word":
        listed = value if isinstance(value, list) else [value]
        return "、".join(_text(words.get(one, one)) for one in listed) or NONE
    if value is None or value == "" or form is None:
        return _text(value)
    return FORMATS[form](value)

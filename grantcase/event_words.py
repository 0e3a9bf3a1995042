"""One line for people per event type: what happened, in both languages.

A template may name fields of the event's data; `{amount_twd}` is written as NT$ with separators.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.programmes.reading import read_yaml

_FILE = Path(__file__).with_name("event_words.yaml")


def words() -> Mapping[str, Mapping[str, str]]:
    """Event type -> {zh-Hant, en} templates."""
    known: Mapping[str, Mapping[str, str]] = read_yaml(_FILE, _FILE.name).value
    return known


def sentence(event: Mapping[str, Any], known: Mapping[str, Mapping[str, str]]) -> str:
    """`zh en` for one event; a type without words is shown by its name."""
    templates = known.get(event["type"], {"zh-Hant": event["type"], "en": ""})
    data = _Shown(event["data"])
    return "  ".join(
        text.format_map(data) for text in (templates["zh-Hant"], templates["en"]) if text
    )


def zh_sentence(event: Mapping[str, Any], known: Mapping[str, Mapping[str, str]]) -> str:
    """The zh-Hant half alone, for papers: dates in ROC years, texts without their English."""
    words: str = known.get(event["type"], {"zh-Hant": event["type"]})["zh-Hant"]
    return words.format_map(_OnPaper(event["data"]))


class _Shown(dict[str, Any]):
    """Values as people read them; a field that is not there is shown as a dash."""

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if isinstance(value, Mapping) and "zh-Hant" in value:
            return f"{value['zh-Hant']} {value['en']}"
        if isinstance(value, list):
            return f"{len(value)}" if len(value) > 6 else "、".join(map(_short, value))
        if name.endswith("_twd") and isinstance(value, int):
            return f"NT${value:,}"
        if name.endswith("_bp") and isinstance(value, int):
            return f"{value // 100}.{value % 100:02d}%"
        if name.endswith("_centi") and isinstance(value, int):
            return f"{value // 100}.{value % 100:02d}"
        return "–" if value is None else str(value)

    def __missing__(self, name: str) -> str:
        return "–"


class _OnPaper(_Shown):
    """Values as a zh-Hant paper shows them."""

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if isinstance(value, Mapping) and "zh-Hant" in value:
            return str(value["zh-Hant"])
        return _ISO.sub(_in_roc_years, super().__getitem__(name))


_ISO = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d)\S*)?)?(?![\w-])")


def _in_roc_years(found: re.Match[str]) -> str:
    year, month, day, clock = found.groups()
    text = f"{int(year) - 1911}年{int(month)}月" + (f"{int(day)}日" if day else "")
    return f"{text} {clock}" if clock else text


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        if "points_centi" in value:
            return f"{value['id']} {_Shown(value)['points_centi']}"
        return str(value.get("id") or value.get("rule") or value.get("ubn") or "…")
    return str(value)

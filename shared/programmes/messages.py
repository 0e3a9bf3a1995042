"""Message templates: {path} is replaced by the value at that path, told as a person reads it.

{value.cap_twd|money} shows 1,500,000; {...|percent} 34.99% from basis points; {...|points} 69.83
from hundredths. Dates and instants follow the language: ROC years in zh-Hant, ISO in English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from shared.kernel.clock import TAIPEI, roc_date_text

LANGUAGES = ("zh-Hant", "en")
FORMATS = ("money", "percent", "points")
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_.]*)(?:\|([a-z]+))?\}")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_WORDS = {
    "zh-Hant": {True: "是", False: "否", None: "（未填）"},
    "en": {True: "yes", False: "no", None: "(empty)"},
}
_MOST_ITEMS = 10


def placeholders(template: str) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """The paths a template names, with their format."""
    for match in _PLACEHOLDER.finditer(template):
        yield tuple(match[1].split(".")), match[2]


def render(template: str, language: str, look_up: Callable[[tuple[str, ...]], Any]) -> str:
    """The template with its values; look_up gives the value at a path."""

    def replacement(match: re.Match[str]) -> str:
        return shown(look_up(tuple(match[1].split("."))), language, match[2])

    return _PLACEHOLDER.sub(replacement, template)


def shown(value: Any, language: str, form: str | None = None) -> str:
    """One value in the words of a language."""
    if value is None or isinstance(value, bool):
        return _WORDS[language][value]
    if isinstance(value, int):
        return _number(value, form)
    if isinstance(value, datetime):
        return _instant(value, language)
    if isinstance(value, list):
        return _list(value, language, form)
    if isinstance(value, str) and language == "zh-Hant" and _ISO_DATE.match(value):
        return roc_date_text(date.fromisoformat(value))
    return str(value)


def _number(value: int, form: str | None) -> str:
    if form == "money":
        return f"{value:,}"
    if form in ("percent", "points"):
        sign, whole, part = "-" if value < 0 else "", abs(value) // 100, abs(value) % 100
        return f"{sign}{whole}.{part:02d}{'%' if form == 'percent' else ''}"
    return str(value)


def _instant(value: datetime, language: str) -> str:
    local = value.astimezone(TAIPEI)
    day = roc_date_text(local.date()) if language == "zh-Hant" else local.date().isoformat()
    digits = f".{local.microsecond:06d}".rstrip("0") if local.microsecond else ""
    return f"{day} {local:%H:%M:%S}{digits}"


def _list(values: list[Any], language: str, form: str | None) -> str:
    glue = "、" if language == "zh-Hant" else ", "
    text = glue.join(shown(value, language, form) for value in values[:_MOST_ITEMS])
    more = len(values) - _MOST_ITEMS
    if more <= 0:
        return text
    return f"{text}{'等，另有 ' if language == 'zh-Hant' else ' and '}{more}" + (
        " 項" if language == "zh-Hant" else " more"
    )

"""What a payload may hold before any schema reads it: values that every store of ours can keep.

Canonical JSON knows no fractions; PostgreSQL's text knows no NUL; UTF-8 knows no lone surrogates;
a whole number has to fit the databases' 64 bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.kernel.errors import InvalidInput

_LARGEST = 2**63 - 1
_DEEPEST = 40


def must_be_plain(value: Any, path: str = "", depth: int = 0) -> None:
    """Raises InvalidInput naming the first value that cannot be kept, by its path."""
    if depth > _DEEPEST:
        raise _unusable(path, "層級過深", "nested too deeply")
    match value:
        case None | bool():
            return
        case str():
            _must_be_text(value, path)
        case int():
            if not -_LARGEST <= value <= _LARGEST:
                raise _unusable(path, "整數過大", "a whole number of more than 64 bits")
        case float():
            raise _unusable(
                path,
                "不接受小數；金額以元、百分比以萬分之一、分數以百分之一計",
                "no fractions: money in NT$, percent in basis points, scores in hundredths",
            )
        case Mapping():
            for key, item in value.items():
                if not isinstance(key, str):
                    raise _unusable(path, "欄位名稱須為文字", "a key that is not text")
                _must_be_text(key, path)
                must_be_plain(item, f"{path}/{key}", depth + 1)
        case list() | tuple():
            for index, item in enumerate(value):
                must_be_plain(item, f"{path}/{index}", depth + 1)
        case _:
            raise _unusable(path, "型別不符", f"{type(value).__name__} is not a JSON value")


def _must_be_text(text: str, path: str) -> None:
    if "\0" in text:
        raise _unusable(path, "含有空字元 (NUL)", "text with a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _unusable(path, "不是有效的 UTF-8 文字", "text that is not valid UTF-8") from None


def _unusable(path: str, zh: str, en: str) -> InvalidInput:
    place = path or "/"
    return InvalidInput(f"欄位 {place}：{zh}", f"field {place}: {en}", field=place)

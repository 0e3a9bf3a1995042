"""A file in a command: its bytes out of base64, and what its kind asks to be said of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from services.intake.application import commands as c
from shared.kernel.errors import InvalidInput

FILE_BYTES_MAX = 100 * 1024 * 1024
"""What no programme asks for; a pack's own limits are clauses, and lower."""


def decoded(text: str, field: str) -> bytes:
    """The bytes of base64 text. Raises InvalidInput, FILE_BYTES_MAX being the rule of a file
    beyond that."""
    if len(text) > 4 * (FILE_BYTES_MAX // 3 + 1):
        raise InvalidInput(
            f"檔案超過 {FILE_BYTES_MAX:,} 位元組（FILE_BYTES_MAX）",
            f"the file has more than {FILE_BYTES_MAX:,} bytes (FILE_BYTES_MAX)",
            field=field,
            rule="FILE_BYTES_MAX",
        )
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput(
            f"欄位 {field} 不是 base64", f"field {field} is not base64", field=field
        ) from None


def must_fit_its_kind(command: c.UploadDocument, kinds: Mapping[str, Mapping[str, Any]]) -> None:
    """The kind is one of the pack's, and what it `needs` (whose document, which period, the day of
    issue) is said. Raises InvalidInput naming the field, and the rule of the kind."""
    if command.kind not in kinds:
        raise InvalidInput(
            f"沒有文件種類「{command.kind}」；可用：{'、'.join(kinds)}",
            f"there is no document kind {command.kind}; there are: {', '.join(kinds)}",
            field="kind",
        )
    kind = kinds[command.kind]
    for field in kind.get("needs") or ():
        if getattr(command, field) in (None, ""):
            raise InvalidInput(
                f"文件「{kind['label']['zh-Hant']}」須填 {field}",
                f"{kind['label']['en']} needs the field {field}",
                field=field,
                rule=kind.get("rule"),
            )

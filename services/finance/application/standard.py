"""The agreed usage standard as an applicant hands it in: its keys, and a type for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.kernel.errors import InvalidInput

_TYPES: Mapping[str, type] = {
    "service_item": str,
    "record_kinds": list,
    "minimum": int,
    "cycle": str,
    "total": int,
}


def checked_standard(standard: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The standard as given; what is left out or null is for the rules to miss.

    Raises InvalidInput naming the key that is unknown or whose value has another type.
    """
    for key, value in (standard or {}).items():
        place = f"/usage_standard/{key}"
        if key not in _TYPES:
            raise InvalidInput(f"{place}：不認識的欄位", f"{place}: unknown field", field=place)
        kind = _TYPES[key]
        kinds = value if kind is list and isinstance(value, list) else []
        if value is not None and (
            type(value) is not kind or not all(isinstance(item, str) for item in kinds)
        ):
            raise InvalidInput(f"{place}：型別不符", f"{place}: wrong type", field=place)
    return standard

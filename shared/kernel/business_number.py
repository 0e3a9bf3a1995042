"""統一編號: eight digits with a check sum (CP-ELIG-31; divisible by 5 since 2023-04)."""

from __future__ import annotations

from stdnum.exceptions import ValidationError
from stdnum.tw import ubn as stdnum_ubn

_WEIGHTS = (1, 2, 1, 2, 1, 2, 4, 1)


def is_valid_ubn(text: str) -> bool:
    """True for 8 ASCII digits, not all zero, whose weighted digit sum is divisible by 5
    (or sum + 1, when the seventh digit is 7). python-stdnum 2.2 still asks for 10."""
    if len(text) != 8 or not text.isascii() or not text.isdigit() or text == "00000000":
        return False
    try:
        stdnum_ubn.validate(text)
    except ValidationError:
        total = _digit_sum(text)
        return total % 5 == 0 or (text[6] == "7" and (total + 1) % 5 == 0)
    return True


def _digit_sum(text: str) -> int:
    products = (int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=True))
    return sum(product // 10 + product % 10 for product in products)

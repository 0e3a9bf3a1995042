"""統一編號 (CP-ELIG-31): the catalogue's own numbers, and the edges of the rule."""

from __future__ import annotations

import pytest

from shared.kernel.business_number import is_valid_ubn


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("12345676", True),  # CP-T049: 40
        ("12345675", True),  # CP-T049: 39, seventh digit 7, 39 + 1
        ("12345678", False),  # CP-T049: 42, 43
        ("04595257", True),  # 30: divisible by 5 and by 10
        ("10458575", True),  # seventh digit 7
        ("00000000", False),  # all zero is refused
        ("1234567", False),
        ("123456765", False),
        ("1234567A", False),
        ("１２３４５６７６", False),  # full-width digits are not ASCII digits
        ("٠١٢٣٤٥٦٧", False),
        (" 1234567", False),
        ("", False),
    ],
)
def test_the_check_sum_decides(number: str, valid: bool) -> None:
    assert is_valid_ubn(number) is valid


def by_the_book(number: str) -> bool:
    """The sentence of CP-ELIG-31, word for word."""
    products = [int(d) * w for d, w in zip(number, (1, 2, 1, 2, 1, 2, 4, 1), strict=True)]
    total = sum(int(digit) for product in products for digit in str(product))
    return total % 5 == 0 or (number[6] == "7" and (total + 1) % 5 == 0)


def test_a_thousand_numbers_agree_with_the_sentence_of_the_rule() -> None:
    numbers = [f"{number:08d}" for number in range(10_458_000, 10_459_000)]
    assert [n for n in numbers if is_valid_ubn(n)] == [n for n in numbers if by_the_book(n)]
    assert sum(map(is_valid_ubn, numbers)) > 150


def test_numbers_valid_only_since_april_2023_are_valid() -> None:
    """The sum is divisible by 5 but not by 10: python-stdnum 2.2 refuses these."""
    assert by_the_book("00000050") is is_valid_ubn("00000050")
    assert is_valid_ubn("10000010") or is_valid_ubn("10000021")

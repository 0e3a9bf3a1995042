"""Invented rosters with a fixed seed: names that do not exist, numbers with valid check sums.

`python -m grantcase.demo.rosters FOLDER` writes the CSV files that the demo imports.
"""

from __future__ import annotations

import csv
import io
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.kernel.business_number import is_valid_ubn

SEED = 112
HEADER = (
    *("no", "ubn", "employees", "name", "county", "township", "main_product", "form_code"),
    *("gov_plan_112", "gov_plan_name", "over9_reason", "over9_work"),
    *("existing_customer", "new_item", "lookup_on", "lookup_clear"),
)
_PLACES = (
    ("臺中市", "北屯區"),
    ("臺中市", "豐原區"),
    ("彰化縣", "鹿港鎮"),
    ("嘉義縣", "梅山鄉"),
    ("南投縣", "信義鄉"),
    ("屏東縣", "恆春鎮"),
)
_FIRST = "青山綠水明月清風春暖花開金玉滿堂福祿雙喜大吉永昌"
_SECOND = "禾田木林石泉松竹梅蘭雲海星河日光晨曦小巷老街"
_TRADES = (
    ("髮廊", "美髮服務"),
    ("美甲坊", "美甲服務"),
    ("早餐店", "早餐餐飲"),
    ("烘焙坊", "烘焙食品"),
    ("民宿", "住宿服務"),
    ("書店", "圖書文具"),
    ("水電行", "居家修繕"),
    ("輔具行", "輔具服務"),
)


@dataclass(frozen=True, slots=True)
class Shop:
    """One invented enterprise."""

    ubn: str
    name: str
    product: str
    employees: int
    county: str
    township: str
    form_code: str


def shops(count: int, seed: int) -> list[Shop]:
    """`count` shops of one seed; other seeds give other numbers."""
    chance = random.Random(f"{SEED}/{seed}")
    names = _names(chance)
    return [_shop(chance, number, next(names)) for number in _numbers(seed, count)]


def roster_csv(rows: Sequence[Shop], looked_up_on: str) -> bytes:
    """A planned enterprise list as an office would hand it in: UTF-8 with BOM."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for number, shop in enumerate(rows, start=1):
        writer.writerow(
            [
                number,
                shop.ubn,
                shop.employees,
                shop.name,
                shop.county,
                shop.township,
                shop.product,
                shop.form_code,
                "否",
                "",
                "",
                "",
                "否",
                "",
                looked_up_on,
                "是",
            ]
        )
    return text.getvalue().encode("utf-8-sig")


def _shop(chance: random.Random, number: str, named: tuple[str, str]) -> Shop:
    county, township = chance.choice(_PLACES)
    return Shop(
        ubn=number,
        name=named[0],
        product=named[1],
        employees=chance.randint(1, 9),
        county=county,
        township=township,
        form_code="2" if chance.random() < 0.2 else "1",
    )


def _names(chance: random.Random) -> Iterator[tuple[str, str]]:
    pairs = [(a + b, trade) for a in _FIRST for b in _SECOND for trade in _TRADES]
    chance.shuffle(pairs)
    for start, (kind, product) in pairs:
        yield start + kind, product


def _numbers(seed: int, count: int) -> list[str]:
    """統一編號 with a valid check sum from a range of the seed's own."""
    found: list[str] = []
    number = 20_000_000 + seed * 100_000
    while len(found) < count:
        number += 7
        if is_valid_ubn(str(number)):
            found.append(str(number))
    return found


def main(folder: Path) -> None:
    """Write the demo's rosters as CSV files."""
    from grantcase.demo.proposals import PROPOSALS, roster_of

    folder.mkdir(parents=True, exist_ok=True)
    for proposal in PROPOSALS:
        (folder / f"{proposal.key}.csv").write_bytes(
            roster_csv(roster_of(proposal), proposal.looked_up_on)
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

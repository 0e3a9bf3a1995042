"""Six awards of one round, from the award to the archive, the forfeiture, the last dollar back."""

from __future__ import annotations

from grantcase.demo.innovation import endings, paying, planning, spending
from grantcase.demo.innovation.cast import BY_KEY, PLANS, Cast, Plan
from grantcase.demo.script import Script
from shared.programmes.location import programme_folder

PROGRAMME = "siir-113-2"
BEGINS = "2024-08-26T09:00:00+08:00"
SIGNED = ("noodles", "island", "laundry", "bicycle", "florist")
LASTING = ("noodles", "island", "laundry")


def tell(script: Script) -> Cast:
    """Run everything; raises UnexpectedAnswer where an answer is not what the story says."""
    script.at(BEGINS)
    script.heading("── 核定、計畫書、簽約 award, plan, signing (2024-08-26 … 10-03)")
    cast = planning.publish(script, programme_folder(PROGRAMME))
    _signing(cast)
    script.heading("── 期中審查、第一期款 interim review, first instalment (2024-11 … 12)")
    _first_half(cast)
    script.heading("── 終止、解除 termination, rescission (2025-02 … 03)")
    _sanctions(cast)
    script.heading(
        "── 期末審查、第二期款、結案 final review, second instalment, closing (2025-04 … 05)"
    )
    _second_half(cast)
    script.heading("── 三年追蹤 three years of follow-up (2026 … 2028)")
    _aftermath(cast)
    return cast


def _signing(cast: Cast) -> None:
    for number, plan in enumerate(PLANS, start=1):
        planning.register(cast, number, plan)
    cast.script.at("2024-09-05T10:00:00+08:00")
    for plan in PLANS:
        planning.first_version(cast, plan)
    cast.script.at("2024-09-10T10:00:00+08:00")
    for plan in PLANS:
        planning.final_version(cast, plan)
    cast.script.at("2024-09-12T10:00:00+08:00")
    for plan in PLANS:
        planning.confirm(cast, plan)
        planning.book(cast, plan)
    for number, key in enumerate(SIGNED, start=1):
        plan = BY_KEY[key]
        cast.script.at(f"2024-09-25T{plan.slot}:00+08:00")
        planning.sign(cast, number, plan)
    cast.script.at("2024-10-03T09:00:00+08:00")
    endings.forfeit(cast, BY_KEY["books"])


def _first_half(cast: Cast) -> None:
    cast.script.at("2024-11-25T10:00:00+08:00")
    for plan in _all(SIGNED):
        spending.spend(cast, plan, 55 if plan.key == "noodles" else 50, "2024-11-20")
    cast.script.at("2024-12-02T10:00:00+08:00")
    for plan in _all(SIGNED):
        spending.report(cast, plan, "interim", "2024-12-10")
    cast.script.at("2024-12-10T10:00:00+08:00")
    for plan in _all(SIGNED):
        spending.review(cast, plan, "interim")
    cast.script.at("2024-12-12T10:00:00+08:00")
    for plan in _all(SIGNED):
        spending.settle(cast, plan, "interim", "2024-12-12")
        paying.pay(cast, plan, "interim", "2024-12-12")


def _sanctions(cast: Cast) -> None:
    bicycle, florist = BY_KEY["bicycle"], BY_KEY["florist"]
    cast.script.at("2025-02-10T10:00:00+08:00")
    endings.find(cast, bicycle, "breach", "進度落後且無法繼續執行", notice=True)
    cast.script.at("2025-02-12T10:00:00+08:00")
    endings.find(cast, florist, "forged", "市場驗證活動之憑證係偽造", notice=False)
    owed = endings.decide(
        cast, florist, "rescind", "SI-RES-003", bar=True, interest_twd=2_345, costs_twd=60_000
    )
    cast.tell("florist", f"解除契約 rescinded, 追回 owed: NT${sum(owed.values()):,}")
    endings.recover(cast, florist)
    cast.script.at("2025-03-03T10:00:00+08:00")
    owed = endings.decide(
        cast,
        bicycle,
        "terminate",
        "SI-TER-004",
        bar=False,
        verified_twd=430_000,
        accepted_progress_bp=3_800,
        interest_twd=1_234,
    )
    cast.tell("bicycle", f"終止契約 terminated, 結算應返還 owed: NT${sum(owed.values()):,}")
    endings.recover(cast, bicycle)


def _second_half(cast: Cast) -> None:
    cast.script.at("2025-04-10T10:00:00+08:00")
    for plan in _all(LASTING):
        spending.spend(cast, plan, 45 if plan.key == "noodles" else 50, "2025-03-20")
        spending.report(cast, plan, "final", "2025-04-22")
    cast.script.at("2025-04-22T10:00:00+08:00")
    for plan in _all(LASTING):
        spending.review(cast, plan, "final", undone="C2" if plan.key == "laundry" else None)
    cast.script.at("2025-04-28T10:00:00+08:00")
    for plan in _all(LASTING):
        spending.settle(cast, plan, "final", "2025-04-28")
        paying.pay(cast, plan, "final", "2025-04-28")
    _price_reduced(cast)
    cast.script.at("2025-05-15T10:00:00+08:00")
    for plan in _all(LASTING):
        spending.clear_account(cast, plan, "2025-05-15")
    cast.script.at("2025-05-20T10:00:00+08:00")
    for plan in _all(LASTING):
        endings.close(cast, plan)


def _price_reduced(cast: Cast) -> None:
    """Who is accepted at a reduced price may not apply for the next programme year."""
    plan = BY_KEY["laundry"]
    endings.find(cast, plan, "price-reduced", "會員數查核點未完成，減價驗收", notice=True)
    cast.script.at("2025-05-13T10:00:00+08:00")
    endings.decide(cast, plan, "none", "SI-RED-004", bar=True)


def _aftermath(cast: Cast) -> None:
    cast.script.at("2025-12-10T10:00:00+08:00")
    florist, laundry = BY_KEY["florist"], BY_KEY["laundry"]
    planning.refused_award(cast, florist, applied_on="2025-10-01", year_roc=115)
    planning.refused_award(cast, laundry, applied_on="2025-10-01", year_roc=115)
    for year in (1, 2, 3):
        cast.script.at(f"{2025 + year}-05-20T10:00:00+08:00")
        for plan in _all(LASTING):
            endings.follow_up(cast, plan, year)
    cast.script.at("2028-07-03T09:00:00+08:00")
    for plan in _all(LASTING):
        cast.tell(plan.key, "追蹤期滿，歸檔 follow-up over, archived")


def _all(keys: tuple[str, ...]) -> list[Plan]:
    return [BY_KEY[key] for key in keys]

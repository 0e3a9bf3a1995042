"""The demo's proposals: forms from the pack's own example, changed to each one's figures.

(Longer than a page: who proposes what stands beside the figures that follow from it.)
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pypdf import PdfWriter

from grantcase.demo.rosters import Shop, shops
from shared.kernel.money import half_up, largest_remainder

PRICE_TWD, MONTHS = 500, 6
"""The tool's price before tax per enterprise and month, and the months of use."""

PLATFORM = "老街共通平台"
_FIXED = {"COUNSELLING": 650_000, "RESULT_PROMOTION": 350_000}
_MARKETING_TWD = 4_000  # per enterprise


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal of the story; `seed` names its roster."""

    key: str
    seed: int
    ubn: str
    name: str
    plan: str
    trade: str
    track: str
    count: int
    shares_a_shop_with: str | None = None
    looked_up_on: str = "2023-03-01"


PROPOSALS = (
    Proposal("steady", 1, "27001111", "晨光雲端股份有限公司", "巷口小店數位普及計畫", "美容美髮",
             "POP", 80),
    Proposal("cured", 2, "27004444", "共好平台股份有限公司", "鹿港老街數位共融計畫", "烘焙餐飲",
             "FUS", 34, shares_a_shop_with="steady"),
    Proposal("breach", 3, "27005555", "速成科技股份有限公司", "居家修繕數位普及計畫", "居家修繕",
             "POP", 52),
    Proposal("abandoned", 4, "27008888", "半途資訊股份有限公司", "山城民宿數位普及計畫", "運輸住宿",
             "POP", 55),
    Proposal("sharp", 5, "27022220", "準點數位股份有限公司", "社區書店數位普及計畫", "文化圖書",
             "POP", 50),
    Proposal("late", 6, "27026664", "慢半拍科技股份有限公司", "輔具行數位普及計畫", "輔具服務",
             "POP", 51),
    Proposal("ineligible", 7, "27029997", "重複輔導股份有限公司", "早餐店數位普及計畫", "烘焙餐飲",
             "POP", 51),
    Proposal("absent", 8, "27033330", "缺席系統股份有限公司", "美甲坊數位普及計畫", "美容美髮",
             "POP", 50),
    Proposal("barred", 9, "27008888", "半途資訊股份有限公司", "山城民宿再出發計畫", "運輸住宿",
             "POP", 50, looked_up_on="2024-03-01"),
)  # fmt: skip

BY_KEY = {proposal.key: proposal for proposal in PROPOSALS}


def roster_of(proposal: Proposal) -> list[Shop]:
    """Its shops; one that stands in another roster too takes the place of its last."""
    own = shops(proposal.count, proposal.seed)
    if proposal.shares_a_shop_with:
        own[-1] = shops(1, BY_KEY[proposal.shares_a_shop_with].seed)[0]
    return own


def forms_of(proposal: Proposal, example: Mapping[str, Any], year: int) -> dict[str, Any]:
    """Every form but the roster, as the pack's example has it, with this proposal's figures."""
    forms: dict[str, Any] = _renamed(deepcopy(dict(example)), proposal)
    forms.pop("F19")
    forms["F01"].update(plan_name=proposal.plan, track=proposal.track, cover_date=f"{year}-03-10")
    for party in forms["F24"]["parties"]:
        party["tax_period"] = f"{year - 1911}/01-02"
    forms["F04"].update(
        plan_name=proposal.plan,
        track=proposal.track,
        trade=proposal.trade,
        enterprise_count=proposal.count,
    )
    _set_targets(forms, proposal.count)
    _set_budget(forms, proposal.count, year)
    if proposal.track == "FUS":
        _make_fusion(forms)
    return forms


def documents_of(
    proposal: Proposal, example: list[Mapping[str, Any]]
) -> list[tuple[dict[str, Any], bytes]]:
    """(UploadDocument fields, bytes) for each document of the pack's example."""
    found = []
    platform = [
        {**document, "about": PLATFORM} for document in example if document["about"] is not None
    ]
    for document in [*example, *(platform if proposal.track == "FUS" else ())]:
        fields = {
            "kind": document["kind"],
            "party": document["party"],
            "owner_ubn": proposal.ubn if document["owner_ubn"] else None,
            "about": document["about"],
            "period": _period(document["period"], proposal),
            "file_name": f"{str(document['file_name']).rpartition('_')[0]}_{proposal.name}.pdf",
        }
        found.append((fields, pdf(document["pages"] or 3)))
    return found


def _period(period: str | None, proposal: Proposal) -> str | None:
    """A business-tax period of the example becomes the one of the proposal's year."""
    if period is None or "/" not in period:
        return period
    return f"{int(proposal.looked_up_on[:4]) - 1911}/{period.partition('/')[2]}"


def pdf(pages: int) -> bytes:
    """A real PDF of blank pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def letter_of(
    proposal: Proposal, shop: Shop, example: Mapping[str, Any], signed_on: str
) -> dict[str, Any]:
    """An enterprise's letter of intent."""
    letter: dict[str, Any] = _renamed(deepcopy(dict(example)), proposal)
    letter.update(
        plan_name=proposal.plan,
        enterprise_name=shop.name,
        ubn=shop.ubn,
        sign_ubn=shop.ubn,
        sign_company=shop.name,
        employees=shop.employees,
        enterprise_form="REGISTERED" if shop.form_code == "1" else "TAX_ONLY",
        sign_date=signed_on,
    )
    if proposal.track == "FUS":
        for solution in letter["solutions"]:
            solution["integrating_service"] = PLATFORM
    return letter


def _renamed(forms: Any, proposal: Proposal) -> Any:
    """The example's provider becomes this proposal's organisation, wherever it stands."""
    if isinstance(forms, Mapping):
        return {key: _renamed(value, proposal) for key, value in forms.items()}
    if isinstance(forms, list):
        return [_renamed(item, proposal) for item in forms]
    if isinstance(forms, str):
        return forms.replace("範例雲端科技股份有限公司", proposal.name).replace(
            "12345676", proposal.ubn
        )
    return forms


def _set_targets(forms: dict[str, Any], count: int) -> None:
    for row in forms["F09"]:
        if row["kpi_item"] in ("B1", "B2"):
            row["target_value"] = count * 100
    for row in forms["F14"]:
        if row["kpi_code"] in ("B1", "B2"):
            row.update(total_plan=count * 100, cp1_plan=count * 100, cp2_plan=0)
    for tool in forms["F04"]["tool_price"]:
        tool["enterprises"] = count
    forms["F04"]["cloud_fee_total"] = half_up(PRICE_TWD * MONTHS * count * 105, 100)


def _set_budget(forms: dict[str, Any], count: int, year: int) -> None:
    amounts = {
        "CLOUD_FEE": PRICE_TWD * MONTHS * count,
        "COUNSELLING": _FIXED["COUNSELLING"] + _MARKETING_TWD * count,
        "RESULT_PROMOTION": _FIXED["RESULT_PROMOTION"],
    }
    amounts["VAT"] = half_up(sum(amounts.values()) * 5, 100)
    total = sum(amounts.values())
    shares = dict(zip(amounts, largest_remainder(list(amounts.values()), 10_000), strict=True))
    for line in forms["F17"]["lines"]:
        kind = line["line_kind"]
        line["line_amount"] = amounts.get(kind, total)
        line["line_share"] = shares.get(kind, 10_000)
        for detail in line["details"]:
            if detail["quantity"] == 50:
                detail["quantity"] = count
    forms["F17"]["period_end"] = f"{year}-11-30"
    forms["F04"]["proposal_total"] = total


def _make_fusion(forms: dict[str, Any]) -> None:
    """From a popularisation proposal to a co-fusion one: theme, platform, fourth KPI."""
    forms["F04"].update(fusion_theme=["REGION"], common_platform_form="老街共通訂位與集點平台")
    forms["F07"] = {
        "fus_theme": "鹿港老街區域整合",
        "core_problem": "店家各自經營，來客資料無法互通。",
        "platform_content": "導入後以共通平台整合訂位、集點與來客分析。",
        "solution_evaluation": "以平台使用次數與跨店集點率評估；與市售工具之差異為跨店整合。",
        "expected_result": "跨店來客成長，形成區域品牌。",
    }
    forms["F06"] = dict.fromkeys(forms["F06"])
    forms["F12"]["fusion_highlight"] = "跨店集點帶動街區回流。"
    platform = deepcopy(forms["F08"][0])
    platform.update(kind="PLATFORM", solution_name=PLATFORM, benefit="整合訂位與集點。")
    forms["F08"].append(platform)
    _add_platform_kpi(forms)
    forms["F24"]["slides_covers"] += ["THEME", "INTEGRATING_SERVICE", "PRESENT_OPERATION"]
    forms["F24"]["summary_covers"] += ["FEATURES"]


def _add_platform_kpi(forms: dict[str, Any]) -> None:
    kpi = deepcopy(next(row for row in forms["F09"] if row["kpi_code"] == "B9"))
    kpi.update(
        kpi_item="B4", kpi_code="B4", kpi_name="整合性共通平台", direction=1, target_value=100
    )
    forms["F09"].append(kpi)
    forms["F11"].append(
        {"no": len(forms["F11"]) + 1, "kpi_code": "B4", "effect": "建置一式共通平台並衍生商機"}
    )
    weights = forms["F13"]["items"]
    weights[0]["weight"] -= 500
    weights.append({**weights[0], "work_item": "B4", "weight": 500})
    row = deepcopy(next(row for row in forms["F14"] if row["kpi_code"] == "B9"))
    row.update(kpi_code="B4", total_plan=100, cp1_plan=100, cp2_plan=0)
    forms["F14"].append(row)

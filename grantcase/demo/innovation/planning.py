"""From the award to the signature: two drafts of the plan, the chair's word, the signing desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grantcase.demo import people
from grantcase.demo.innovation import forms
from grantcase.demo.innovation.cast import PLANS, Cast, Plan
from grantcase.demo.script import Script
from shared.kernel.ids import derived_id
from shared.programmes.pack import load_pack


def publish(script: Script, folder: Path) -> Cast:
    """Publish the programme and its round."""
    pack = load_pack(folder)
    cast = Cast(script, pack)
    (call,) = pack.calls
    script.do(people.OFFICER, "PublishPack", document=pack.document)
    script.do(
        people.OFFICER,
        "PublishCall",
        call_id=cast.call,
        code=call["code"],
        pack_digest=pack.digest,
        title=call["title"],
        parameters=call["parameters"],
    )
    script.tell(f"公告 published: {pack.document['names']['zh-Hant']}")
    return cast


def register(cast: Cast, number: int, plan: Plan) -> None:
    """An award comes in: from here the system keeps the case."""
    award = _award(cast, number, plan)
    answer = cast.do(people.OFFICER, plan.key, "RegisterCase", **award)
    cast.numbers[plan.key] = str(answer["case_number"])
    cast.tell(plan.key, f"核定登錄 award registered: {plan.title}, NT${award['approved_twd']:,}")


def refused_award(cast: Cast, plan: Plan, *, applied_on: str, year_roc: int) -> None:
    """Another award for the same company, which the rules do not let in."""
    award = _award(cast, len(PLANS) + 1, plan)
    award["forms"]["F00"].update(applied_on=applied_on, programme_year_roc=year_roc)
    refused = cast.script.refuse(
        people.OFFICER,
        "RegisterCase",
        case_id=derived_id("innovation", "again", plan.key),
        **award,
    )
    cast.script.tell(
        f"{plan.lead.short} 再獲核定，不予登錄 another award refused: {refused['rule']}",
        refused["message"]["zh-Hant"],
        refused["message"]["en"],
    )


def _award(cast: Cast, number: int, plan: Plan) -> dict[str, Any]:
    shares = [forms.money(cast, company) for company in plan.companies]
    parties = [
        {"ubn": company.ubn, "name": company.name, "lead": company == plan.lead, **share}
        for company, share in zip(plan.companies, shares, strict=True)
    ]
    opinions = ("請補充量化指標", "請說明市場驗證")
    return {
        "call_id": cast.call,
        "applicant_ubn": plan.lead.ubn,
        "applicant_name": plan.lead.name,
        "document_no": f"商服字第113{number:07d}號",
        "decided_on": "2024-08-20",
        "total_twd": sum(share["total_twd"] for share in shares),
        "approved_twd": sum(share["subsidy_twd"] for share in shares),
        "execution_start": "2024-07-01",
        "execution_end": "2025-04-30",
        "track": plan.track,
        "parties": parties,
        "conditions": [{"id": f"c{no}", "text": text} for no, text in enumerate(opinions, start=1)],
        "forms": forms.award(cast, plan),
    }


def first_version(cast: Cast, plan: Plan) -> None:
    """The companies' people and the first version of the plan."""
    actor = plan.lead.actor
    cast.step(actor, plan.key, "Application", "plan_people", **forms.people(cast, plan))
    sheet = cast.form("F20", link="https://plans.example.org/first.docx")
    cast.step(actor, plan.key, "Application", "plan_first", F20=sheet)


def final_version(cast: Cast, plan: Plan) -> None:
    """The plan with every opinion answered and every table filled."""
    filled = forms.plan_forms(cast, plan)
    cast.step(plan.lead.actor, plan.key, "Application", "plan_final", **filled)


def confirm(cast: Cast, plan: Plan) -> None:
    """The officer's checks and the committee's confirmation."""
    search = cast.form("F38")
    cast.step(people.OFFICER, plan.key, "Application", "duplicate_search", "D1", F38=search)
    for check in cast.keys_of("plan-confirm", "plan_check"):
        cast.step(
            people.OFFICER, plan.key, "Application", "plan_check", check, F21=cast.form("F21")
        )
    cast.step(people.CHAIR, plan.key, "Application", "plan_confirmed", F23=cast.form("F23"))


def book(cast: Cast, plan: Plan) -> None:
    """Route, slot, and every company's confirmation of its amounts and account."""
    slot = cast.form("F24", slot_time=plan.slot)
    cast.step(plan.lead.actor, plan.key, "Contract", "signing_slot", F24=slot)
    cast.step(plan.lead.actor, plan.key, "Contract", "signing_route", F25=cast.form("F25"))
    for company in plan.companies:
        data = forms.contract_data(cast, company)
        cast.step(company.actor, plan.key, "Contract", "contract_data", company.ubn, F14=data)


def sign(cast: Cast, number: int, plan: Plan) -> None:
    """At the desk: the set as printed, copies, seals, signature."""
    contract = f"SIIR-113-2-{number:04d}"
    shares = [forms.money(cast, company) for company in plan.companies]
    sums = {name: sum(share[name] for share in shares) for name in shares[0]}
    printed = cast.form("F29", contract_no=contract, **sums)
    cast.step(people.OFFICER, plan.key, "Contract", "contract_print", F29=printed)
    cast.step(people.OFFICER, plan.key, "Contract", "signing_appearance", F27=cast.form("F27"))
    for item in _checklist(cast, plan):
        count = len(plan.companies) + 4 if item == "copies" else None
        ticked = cast.form("F28", count=count)
        cast.step(people.OFFICER, plan.key, "Contract", "signing_checklist", item, F28=ticked)
    cast.do(people.OFFICER, plan.key, "SignContract", contract_number=contract)
    cast.tell(plan.key, f"{plan.slot} 到場簽約 signed at the desk: NT${sums['subsidy_twd']:,}")


def _checklist(cast: Cast, plan: Plan) -> list[str]:
    """Every item, those of a company once for each."""
    example = cast.form("F14")["account_holder_ubn"]
    items: dict[str, None] = {}
    for item in cast.keys_of("contract", "signing_checklist"):
        items |= dict.fromkeys(item.replace(example, one.ubn) for one in plan.companies)
    return list(items)

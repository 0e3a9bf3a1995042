"""The desk where papers are written: which can be written of a case now, and each as a Paper."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from grantcase.backend import Backend
from grantcase.event_words import words
from grantcase.papers.call_facts import call_facts
from grantcase.papers.errors import NoSuchItem, NotYet
from grantcase.papers.facts import Case, gathered, item_of, open_case
from grantcase.papers.filling import filled
from grantcase.papers.model import Paper
from grantcase.papers.money_register import of_item
from grantcase.papers.templates import CALL, CASE, Template, template, templates
from shared.kernel.clock import parse_instant, taipei_date


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of paper of a case: how many there are to write; `missing` says why none."""

    kind: str
    label: Mapping[str, str]
    items: int
    missing: tuple[str, str] | None


def offers(backend: Backend, number: str, as_of: date | None = None) -> list[Offer]:
    """Every kind of the case's programme that is about one case."""
    case = _opened(backend, number, as_of)
    return [_offer(kind, paper, case.events) for kind, paper in templates(case.pack, CASE).items()]


def case_paper(
    backend: Backend, number: str, kind: str, *, item: int | None = None, as_of: date | None = None
) -> Paper:
    """One paper of a case. `item` counts from 1; the newest without it. A paper about one event
    says what was true on that event's day, another what is true now, or as of the day given.
    Raises UnknownPaper, NotYet, NoSuchItem, FaultyTemplate."""
    case = _opened(backend, number, as_of)
    paper = template(case.pack, kind, CASE)
    offer = _offer(kind, paper, case.events)
    if offer.missing:
        raise NotYet(offer.label["zh-Hant"], *offer.missing)
    today = as_of or taipei_date(backend.now())
    about: Mapping[str, Any] = {}
    if "about" in paper:
        chosen = _matching(case.events, paper["about"])
        number_of = item if item is not None else len(chosen)
        if not 1 <= number_of <= len(chosen):
            raise NoSuchItem(number_of, len(chosen))
        about = {**item_of(chosen[number_of - 1]), "no": number_of, "of": len(chosen)}
        today = date.fromisoformat(about["on"])
        case = case.by(parse_instant(about["at"]))
    facts = gathered(case, today)
    facts["item"] = {**about, **of_item(about, facts)} if about else about
    if paper.get("proof"):
        facts["receipt"] = _receipt(backend, case, paper["proof"])
    return filled(kind, paper, facts)


def call_offers(backend: Backend, call: str) -> list[Offer]:
    """Every kind that is about a call."""
    facts, pack, events = call_facts(backend, call, taipei_date(backend.now()))
    return [_offer(kind, paper, events) for kind, paper in templates(pack, CALL).items()]


def call_paper(backend: Backend, call: str, kind: str, *, as_of: date | None = None) -> Paper:
    """One paper of a call (its code or id). Raises as case_paper."""
    facts, pack, events = call_facts(backend, call, as_of or taipei_date(backend.now()))
    paper = template(pack, kind, CALL)
    offer = _offer(kind, paper, events)
    if offer.missing:
        raise NotYet(offer.label["zh-Hant"], *offer.missing)
    return filled(kind, paper, facts)


def _opened(backend: Backend, number: str, as_of: date | None) -> Case:
    case = open_case(backend, number)
    return case.until(as_of) if as_of else case


def _offer(kind: str, paper: Template, events: Sequence[Mapping[str, Any]]) -> Offer:
    wanted = [*paper.get("needs", ()), *([paper["about"]] if "about" in paper else [])]
    for need in wanted:
        if not _matching(events, need):
            return Offer(kind, paper["label"], 0, _missing(need))
    items = len(_matching(events, paper["about"])) if "about" in paper else 1
    return Offer(kind, paper["label"], items, None)


def _matching(
    events: Sequence[Mapping[str, Any]], need: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    """The events that a need names: of one of its types, with the fields it asks for
    (a field that a type does not have is not asked of it)."""
    types, where = need["event"], need.get("where") or {}
    kinds = [types] if isinstance(types, str) else types
    return [
        event
        for event in events
        if event["type"] in kinds
        and all(event["data"].get(name, value) == value for name, value in where.items())
    ]


def _missing(need: Mapping[str, Any]) -> tuple[str, str]:
    types = need["event"] if isinstance(need["event"], list) else [need["event"]]
    if "unless" in need:
        return need["unless"]["zh-Hant"], need["unless"]["en"]
    known = words()
    names = "或".join(known.get(one, {}).get("zh-Hant", one).split("：")[0] for one in types)
    return f"尚無「{names}」之紀錄", f"there is no {' or '.join(types)} yet"


def _receipt(backend: Backend, case: Case, event_type: str) -> dict[str, Any]:
    """The signed inclusion proof of the case's first event of that type."""
    event = next(e for e in case.events if e["type"] == event_type)
    proof = backend.query(event["service"], "receipt", event_id=event["id"])
    return {
        **{name: value for name, value in proof.items() if name != "event"},
        "path": [str(step) for step in proof["path"]],
        "document": json.dumps(proof, ensure_ascii=False, indent=2, sort_keys=True),
        "file_name": f"{case.row['case_number']}-receipt.json",
    }

"""Who holds a contract: three invented companies, and what the story keeps of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from grantcase.demo import people
from grantcase.demo.script import Script
from shared.kernel.envelope import Actor
from shared.kernel.ids import derived_id
from shared.programmes.compiled import CompiledPack
from shared.programmes.pack import Pack
from shared.programmes.vectors import base_facts


@dataclass(frozen=True, slots=True)
class Project:
    """One contract: its instalments by report, and what its papers say otherwise than the pack's
    own example (`app`, its name and identifier)."""

    key: str
    ubn: str
    name: str
    track: str
    contract_number: str
    midterm_twd: int
    closing_twd: int
    app: str
    app_id: str
    base: str | None = None  # of the vectors' reports; None: the moment's example

    @property
    def actor(self) -> Actor:
        """Whoever acts for the company."""
        return people.applicant(self.ubn)

    @property
    def amount_twd(self) -> int:
        """The whole contract."""
        return self.midterm_twd + self.closing_twd


PROJECTS = (
    Project("stalls", "27201188", "攤位通科技股份有限公司", "LOWPEN", "110-行動-001",
            1_200_000, 1_800_000, "菜籃快點", "tw.example.basket"),
    Project("valley", "27311333", "縱谷行動服務有限公司", "LOWPEN", "110-行動-002",
            800_000, 1_200_000, "縱谷快點", "tw.example.valley"),
    Project("kiosk", "27421177", "自助站資訊股份有限公司", "VALUE", "110-行動-003",
            1_000_000, 1_400_000, "自助快點", "tw.example.kiosk",
            base="value"),
)  # fmt: skip

BY_KEY = {project.key: project for project in PROJECTS}
_REPORT = "report-submit"


@dataclass(slots=True)
class Cast:
    """The cases of the story and the programme they are in."""

    script: Script
    compiled: CompiledPack
    folder: Path
    call_id: UUID = field(default_factory=lambda: derived_id("mobile", "call"))
    numbers: dict[str, str] = field(default_factory=dict)
    entered: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    @property
    def pack(self) -> Pack:
        """The programme's pack."""
        return self.compiled.pack

    def case(self, key: str) -> UUID:
        """The case id of a project."""
        return derived_id("mobile", "case", key)

    def do(self, actor: Actor, key: str, command: str, /, **payload: Any) -> Mapping[str, Any]:
        """A command about a case that must be accepted."""
        return self.script.do(actor, command, case_id=self.case(key), **payload)

    def refuse(self, actor: Actor, key: str, command: str, /, **payload: Any) -> Mapping[str, Any]:
        """A command about a case that must be refused, told with its rule."""
        refused = self.script.refuse(actor, command, case_id=self.case(key), **payload)
        texts = refused["message"]
        self.tell(key, f"拒絕 refused: {refused['rule']}", texts["zh-Hant"], texts["en"])
        return refused

    def step(
        self, actor: Actor, key: str, step: str, forms: Mapping[str, Any], entry: str = ""
    ) -> Mapping[str, Any]:
        """A step of the execution; `entry` is the key of a keyed one."""
        return self.do(actor, key, "TakeExecutionStep", step=step, key=entry, forms=forms)

    def tell(self, key: str, first: str, *others: str) -> None:
        """A line about a case."""
        self.script.tell(f"{self.numbers.get(key, BY_KEY[key].name)} {first}", *others)

    def facts(self, key: str, base: str | None = None) -> dict[str, Any]:
        """A report of the project with everything it draws on: plan, entries, forms."""
        project = BY_KEY[key]
        facts = base_facts(self.compiled, self.folder, _REPORT, base or project.base)
        words = {"市場快點": project.app, "tw.example.market": project.app_id}
        renamed: dict[str, Any] = _renamed(facts, words)
        return renamed


def _renamed(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _renamed(item, words) for name, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, words) for item in value]
    return words.get(value, value) if isinstance(value, str) else value

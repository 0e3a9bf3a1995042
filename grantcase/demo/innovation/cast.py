"""Who was awarded: six invented plans, one of them joint, and what the story keeps of them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from grantcase.demo import people
from grantcase.demo.script import Script
from shared.kernel.envelope import Actor
from shared.kernel.ids import derived_id
from shared.programmes.examples import example_facts, form_example
from shared.programmes.pack import Pack

SINGLE, JOINT = "IND_EARLY", "COOP_JOINT"


@dataclass(frozen=True, slots=True)
class Company:
    """A company of a plan; `size` is its budget in fifths of the pack's example."""

    ubn: str
    name: str
    short: str
    surname: str  # of its people
    account: str
    size: int = 5

    @property
    def actor(self) -> Actor:
        """Whoever acts for it."""
        return people.applicant(self.ubn)

    def share(self, amount: int) -> int:
        """An amount of the example in this company's size."""
        return amount * self.size // 5


@dataclass(frozen=True, slots=True)
class Plan:
    """One awarded plan; the first company leads. `slot` is its time at the signing desk."""

    key: str
    title: str
    slot: str
    companies: tuple[Company, ...]

    @property
    def lead(self) -> Company:
        """The company that applied."""
        return self.companies[0]

    @property
    def joint(self) -> bool:
        """Several companies apply together."""
        return len(self.companies) > 1

    @property
    def track(self) -> str:
        """The subsidy category."""
        return JOINT if self.joint else SINGLE


PLANS = (
    Plan("noodles", "麵館預點智慧服務計畫", "09:30",
         (Company("53101272", "禾麥麵食股份有限公司", "禾麥麵食", "陳", "00120010001"),)),
    Plan("island", "離島慢遊共享服務計畫", "10:00",
         (Company("53102332", "海岬旅宿股份有限公司", "海岬旅宿", "林", "00120020001"),
          Company("53103584", "浪花租車股份有限公司", "浪花租車", "許", "00120020002", 4),
          Company("53104612", "漁燈餐飲股份有限公司", "漁燈餐飲", "蔡", "00120020003", 3))),
    Plan("laundry", "雲端洗衣取送服務計畫", "10:30",
         (Company("53105773", "淨雲洗衣股份有限公司", "淨雲洗衣", "黃", "00120030001"),)),
    Plan("books", "社區書店選書服務計畫", "11:00",
         (Company("53106891", "書巷文化股份有限公司", "書巷文化", "周", "00120040001"),)),
    Plan("bicycle", "單車健檢訂閱服務計畫", "13:30",
         (Company("53107902", "輪轉單車股份有限公司", "輪轉單車", "吳", "00120050001"),)),
    Plan("florist", "花店循環花器服務計畫", "14:00",
         (Company("53108114", "花徑生活股份有限公司", "花徑生活", "謝", "00120060001"),)),
)  # fmt: skip
BY_KEY = {plan.key: plan for plan in PLANS}


@dataclass(slots=True)
class Cast:
    """What the story needs to know as it goes on."""

    script: Script
    pack: Pack
    numbers: dict[str, str] = field(default_factory=dict)  # key -> case number
    _examples: dict[str, Any] = field(default_factory=dict)

    @property
    def call(self) -> UUID:
        """The round."""
        return derived_id("innovation", "call")

    def case(self, key: str) -> UUID:
        """The case id of a plan."""
        return derived_id("innovation", "case", key)

    def form(self, name: str, **changes: Any) -> Any:
        """A form as the pack's example fills it."""
        if name not in self._examples:
            self._examples[name] = form_example(self.pack.forms[name])
        content = deepcopy(self._examples[name])
        return {**content, **changes} if changes else content

    def keys_of(self, moment: str, step: str) -> list[str]:
        """The keys of a keyed step in the example of a moment: what an officer has to tick."""
        name = f"{moment}/{step}"
        if name not in self._examples:
            rows = example_facts(self.pack, moment)["steps"][step]["rows"]
            self._examples[name] = [row["key"] for row in rows]
        return list(self._examples[name])

    def do(self, actor: Actor, key: str, command: str, /, **payload: Any) -> Mapping[str, Any]:
        """A command on a case that must be accepted."""
        return self.script.do(actor, command, case_id=self.case(key), **payload)

    def step(
        self, actor: Actor, key: str, service: str, step: str, row: str = "", /, **forms: Any
    ) -> Mapping[str, Any]:
        """A step of a case; `row` is the key of a keyed one."""
        return self.do(actor, key, f"Take{service}Step", step=step, key=row, forms=forms)

    def events(self, key: str, service: str, type: str) -> list[Mapping[str, Any]]:
        """The data of a case's events of a type."""
        found = self.script.backend.query(service, "case_events", case_id=str(self.case(key)))
        return [event["data"] for event in found if event["type"] == type]

    def tell(self, key: str, line: str, *more: str) -> None:
        """A line of the story about a case."""
        self.script.tell(f"{self.numbers[key]} {line}", *more)

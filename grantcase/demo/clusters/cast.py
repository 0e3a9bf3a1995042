"""Who proposes: seven clusters with invented members, and what the story keeps of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from grantcase.demo import people
from grantcase.demo.rosters import Shop, shops
from grantcase.demo.script import Script
from shared.kernel.envelope import Actor
from shared.kernel.ids import derived_id
from shared.programmes.examples import example_facts
from shared.programmes.pack import Pack

CLASS_A, CLASS_B = "CLASS_A", "CLASS_B"
CALLS = {CLASS_A: "112-a", CLASS_B: "112-b"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """One proposal; `seed` names its roster, `percent` is what the committee thinks of it."""

    key: str
    seed: int
    ubn: str
    name: str  # of who proposes: a tutoring unit, or the leader itself
    title: str
    place: tuple[str, str]  # county, township of all members
    requested_twd: int
    approved_twd: int
    percent: int
    track: str = CLASS_A
    count: int = 10
    prior_case: str | None = None  # class B: the case of the year before

    @property
    def actor(self) -> Actor:
        """Whoever acts for the proposer."""
        return people.applicant(self.ubn)

    @property
    def members(self) -> list[Shop]:
        """The roster; the first leads."""
        return shops(self.count, self.seed)

    @property
    def leads_itself(self) -> bool:
        """The proposer is the leading enterprise, not a tutoring unit."""
        return self.ubn == self.members[0].ubn


CLUSTERS = (
    Cluster("terrace", 41, "28103333", "梯田數位輔導有限公司", "山城茶席數位群聚",
            ("嘉義縣", "梅山鄉"), 900_000, 880_000, 86),
    Cluster("harbour", 42, "28107777", "潮間帶顧問有限公司", "鹿港老街數位群聚",
            ("彰化縣", "鹿港鎮"), 1_000_000, 950_000, 80),
    Cluster("ferry", 43, "28117776", "渡口整合行銷有限公司", "美濃紙傘數位群聚",
            ("高雄市", "美濃區"), 800_000, 760_000, 80),
    Cluster("lantern", 44, "28124442", "燈塔創意輔導有限公司", "瑞芳礦山數位群聚",
            ("新北市", "瑞芳區"), 950_000, 0, 61),
    Cluster("orchard", 45, "28125553", "果園數位服務有限公司", "東勢果鄉數位群聚",
            ("臺中市", "東勢區"), 700_000, 0, 0),
    Cluster("quarry", 47, "24700014", "滿河早餐店", "信義梅鄉數位群聚",
            ("南投縣", "信義鄉"), 850_000, 820_000, 84),
    Cluster("tidal", 46, "28128886", "海風數位輔導有限公司", "恆春海線數位群聚",
            ("屏東縣", "恆春鎮"), 1_000_000, 1_000_000, 83, CLASS_B, 15, "DC111-0007"),
)  # fmt: skip
BY_KEY = {cluster.key: cluster for cluster in CLUSTERS}


@dataclass(slots=True)
class Cast:
    """What the story needs to know as it goes on."""

    script: Script
    pack: Pack
    calls: dict[str, UUID] = field(default_factory=dict)  # class -> call id
    numbers: dict[str, str] = field(default_factory=dict)  # key -> case number
    _examples: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def case(self, key: str) -> UUID:
        """The case id of a proposal."""
        return derived_id("clusters", "case", key)

    def example(self, moment: str) -> Mapping[str, Any]:
        """The pack's own example of a moment."""
        if moment not in self._examples:
            self._examples[moment] = example_facts(self.pack, moment)
        return self._examples[moment]

    def do(self, actor: Actor, key: str, command: str, /, **payload: Any) -> Mapping[str, Any]:
        """A command on a case that must be accepted."""
        return self.script.do(actor, command, case_id=self.case(key), **payload)

    def step(
        self, actor: Actor, key: str, command: str, step: str, forms: Any, row: str = ""
    ) -> Mapping[str, Any]:
        """A step of a case; `row` is the key of a keyed one."""
        return self.do(actor, key, command, step=step, key=row, forms=forms)

    def tell(self, key: str, line: str, *more: str) -> None:
        """A line of the story about a case."""
        self.script.tell(f"{self.numbers[key]} {line}", *more)

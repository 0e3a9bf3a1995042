"""The papers of the innovation plans and the digital clusters: what decides stands in both
formats."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from grantcase.backend import Backend
from grantcase.demo.clusters import story as clusters
from grantcase.demo.innovation import story as innovation
from grantcase.demo.script import Script
from grantcase.embedded import Embedded
from grantcase.papers.desk import case_paper, offers
from grantcase.papers.model import Paper
from grantcase.papers.pdf import pdf
from grantcase.papers.word import word
from grantcase.store_folder import create_store
from shared.kernel.clock import SimulatedClock, parse_instant
from shared.kernel.ids import seeded_ids

INNOVATION = [
    ("noodles", "opinion-replies", ("委員意見回覆表", "請補充量化指標", "已補充")),
    ("noodles", "contract", ("新臺幣壹佰萬元整", "113年9月25日", "本契約乙方為單一企業")),
    ("island", "contract", ("連帶責任", "浪花租車股份有限公司", "1,600,000", "300,000")),
    ("noodles", "payment-request", ("新臺幣伍拾萬元整", "憑證清單", "270,000", "135,000", "核列")),
    ("noodles", "checkpoint-report", ("執行報告（期末審查）", "新增會員數", "計畫人員")),
    ("laundry", "review-result", ("減價驗收", "90.00%", "新臺幣100,000元")),
    ("laundry", "price-reduction", ("新臺幣壹拾萬元整", "新臺幣400,000元", "115年度")),
    ("bicycle", "termination-letter", ("終止契約", "380,000", "120,000", "新臺幣121,234元")),
    ("bicycle", "recovery-letter", ("利息新臺幣壹仟貳佰參拾肆元整", "114年3月13日前")),
    ("florist", "termination-letter", ("解除契約", "60,000", "新臺幣562,345元", "119年2月12日")),
    ("noodles", "account-settlement", ("新臺幣1,357元", "114-1272", "新臺幣2,000,000元")),
    ("bicycle", "follow-up-reminder", ("第3年年度追蹤", "117年3月3日前")),
]
CLUSTERS = [
    (
        "terrace",
        "late-supplement-notice",
        ("112年3月9日前", "群聚自我評估表", "介紹影片連結"),
    ),
    ("terrace", "opinion-replies", ("委員審查意見及回覆對照表", "新臺幣880,000元")),
    ("terrace", "contract", ("新臺幣捌拾捌萬元整", "308,000", "572,000", "風田民宿")),
    ("terrace", "checkpoint-report", ("期末成果報告", "群聚討論會議", "跨群聚參訪")),
    ("terrace", "activity-list", ("4場", "3場", "1場", "120人次")),
    ("terrace", "closing-report", ("結案報告", "經費撥付", "572,000", "24100021")),
    ("harbour", "follow-up-reminder", ("第2年追蹤填報", "114年12月15日前")),
]


def _store(folder: Path, story: Any, begins: str) -> Iterator[tuple[Backend, dict[str, str]]]:
    clock = SimulatedClock(parse_instant(begins))
    create_store(folder, clock)
    services = Embedded(folder, clock=clock, new_ids=seeded_ids)
    try:
        cast = story.tell(Script(services, lambda line: None, name=story.PROGRAMME))
        yield services, cast.numbers
    finally:
        services.close()


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Backend, dict[str, str]]]:
    """The innovation plans of the demo, told to their end."""
    yield from _store(tmp_path_factory.mktemp("plans") / "store", innovation, innovation.BEGINS)


@pytest.fixture(scope="module")
def groups(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Backend, dict[str, str]]]:
    """The digital clusters of the demo, told to their end."""
    yield from _store(tmp_path_factory.mktemp("groups") / "store", clusters, clusters.begins())


def _texts(paper: Paper) -> tuple[str, str]:
    """The text of the PDF and of the DOCX, without white space."""
    pages = PdfReader(io.BytesIO(pdf(paper))).pages
    body = docx.Document(io.BytesIO(word(paper))).element.body
    return (
        "".join("".join(page.extract_text().split()) for page in pages),
        "".join("".join(body.itertext()).split()),
    )


def _states(services: Backend, number: str, kind: str, facts: tuple[str, ...]) -> None:
    for text in _texts(case_paper(services, number, kind)):
        assert [fact for fact in facts if fact not in text] == []
        assert "{" not in text


@pytest.mark.parametrize(("key", "kind", "facts"), INNOVATION)
def test_a_paper_of_an_innovation_plan_states_its_facts(
    plans: tuple[Backend, dict[str, str]], key: str, kind: str, facts: tuple[str, ...]
) -> None:
    services, numbers = plans
    _states(services, numbers[key], kind, facts)


@pytest.mark.parametrize(("key", "kind", "facts"), CLUSTERS)
def test_a_paper_of_a_cluster_states_its_facts(
    groups: tuple[Backend, dict[str, str]], key: str, kind: str, facts: tuple[str, ...]
) -> None:
    services, numbers = groups
    _states(services, numbers[key], kind, facts)


@pytest.mark.parametrize("programme", ["plans", "groups"])
def test_every_paper_that_is_offered_can_be_written(
    request: pytest.FixtureRequest, programme: str
) -> None:
    services, numbers = request.getfixturevalue(programme)
    for number in numbers.values():
        for offer in offers(services, number):
            for item in range(1, offer.items + 1):
                assert case_paper(services, number, offer.kind, item=item).blocks

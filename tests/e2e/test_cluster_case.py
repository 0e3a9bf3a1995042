"""A case of the Digital Cluster Programme over the embedded services, with no line of code of its
own: its late items, look-ups, lists, events and rulings are steps that the pack declares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grantcase.backend import Refused
from grantcase.demo import people
from tests.support.cluster_story import APPLICANT, Cluster, example

LATE = ("member_self_assessment", "cluster_self_assessment", "intro_video")
CHECKS = ("video_check", "history_check")


@pytest.fixture
def cluster(tmp_path) -> Iterator[Cluster]:
    story = Cluster(tmp_path / "store")
    yield story
    story.office.close()


def test_a_case_goes_from_the_draft_to_the_archive(cluster):
    cluster.submitted()
    cluster.supplement(*LATE, *CHECKS)
    assert cluster.screened()["outcome"] == "accepted"
    assert cluster.selected()["base_centi"] == 8010
    assert cluster.signed() == [308_000, 572_000]
    assert cluster.checkpoint("midterm", "2023-08-05", events=slice(0, 4))["outcome"] == "passed"
    cluster.paid(1, 308_000, "2023-08-20")
    assert cluster.checkpoint("final", "2023-12-05", events=slice(4, 8))["outcome"] == "passed"
    cluster.paid(2, 572_000, "2023-12-08")
    cluster.office.at("2023-12-15T10:00:00+08:00")
    cluster.do(people.OFFICER, "ApproveClosing")
    for year in (1, 2, 3):
        cluster.followed(year)
    cluster.office.at("2026-12-17T10:00:00+08:00")
    assert cluster.types("monitoring")[-2:] == ["FollowUpCompleted", "CaseArchived"]


def test_what_is_not_sent_by_the_deadline_lapses_and_nobody_is_told(cluster):
    cluster.drafted()
    cluster.office.at("2023-03-07T17:00:01+08:00")
    assert cluster.types("intake")[-1] == "ProposalLapsed"
    assert cluster.types("review") == []
    assert cluster.refused(APPLICANT, "SubmitProposal")["message"]["en"]


def test_nothing_but_the_three_late_items_is_taken_after_submission(cluster):
    cluster.submitted()
    with pytest.raises(Refused):
        cluster.upload(example("submit")["documents"][3])
    cluster.office.at("2023-03-10T00:00:00+08:00")
    forms = example("screen")["steps"]["intro_video"]["forms"]
    late = {"step": "intro_video", "forms": forms}
    assert "DC-DOC-32" in str(cluster.refused(APPLICANT, "TakeApplicationStep", **late))


def test_a_case_without_its_video_is_not_accepted(cluster):
    cluster.submitted()
    cluster.supplement("member_self_assessment", "cluster_self_assessment", "history_check")
    answer = cluster.screened()
    assert answer["outcome"] != "accepted"
    assert "DC-DOC-34" in str(answer["reasons"])

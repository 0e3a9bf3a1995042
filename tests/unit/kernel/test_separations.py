"""Separations of duty: who gave one command on a case may not give another."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from shared.kernel.separations import Act, DutiesSeparated, must_be_separate

TEXT = {"zh-Hant": "不得由同一人辦理", "en": "two people"}
ON_THE_CASE = {"first": "Open", "second": "Close", "rule": "XX-01", "text": TEXT}
PER_PART = {**ON_THE_CASE, "per": "part"}


@dataclass(frozen=True)
class Done:
    """An event about one part of a case."""

    part: int


OPENED = Act("Open", "ann", Done(1))


def test_who_did_the_first_may_not_do_the_second():
    with pytest.raises(DutiesSeparated) as refused:
        must_be_separate([ON_THE_CASE], "ann", [OPENED], [Done(2)])
    assert refused.value.rule == "XX-01"


def test_somebody_else_may():
    must_be_separate([ON_THE_CASE], "bob", [OPENED], [Done(1)])


def test_who_did_something_else_may():
    must_be_separate([ON_THE_CASE], "ann", [Act("Look", "ann", Done(1))], [Done(1)])


def test_per_part_only_acts_about_the_same_part_count():
    must_be_separate([PER_PART], "ann", [OPENED], [Done(2)])
    with pytest.raises(DutiesSeparated):
        must_be_separate([PER_PART], "ann", [OPENED], [Done(2), Done(1)])

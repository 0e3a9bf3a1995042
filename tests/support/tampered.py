"""A filled store for an intruder to change, and what verify says then."""

from __future__ import annotations

import pytest

from tests.support.stores import StoreKit

SIZE = 600  # two stored nodes of 256 leaves and a rest


@pytest.fixture
def filled(sql_kit: StoreKit) -> StoreKit:
    sql_kit.fill(SIZE)
    return sql_kit


def first_bad(kit: StoreKit, **options: object) -> tuple[str, int | None]:
    problem = kit.verify(**options).problem
    assert problem is not None
    assert problem.zh
    assert problem.en
    return problem.kind, problem.sequence or problem.head

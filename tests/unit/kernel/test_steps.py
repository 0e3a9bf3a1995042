"""The book of steps: what may be taken when, what stands, what was missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any
from uuid import UUID

import pytest

from shared.kernel.errors import InvalidInput
from shared.kernel.steps.book import StepBook, StepOutOfPlace
from shared.kernel.steps.events import StepMissed, StepNoted, StepRecorded
from shared.kernel.steps.taking import step_facts

CASE = UUID("6a0f3c6e-5f5b-5f0e-9c57-6a1c1f3b2a10")
AT = datetime(2024, 9, 6, 4, 0, tzinfo=UTC)
LABEL = {"zh-Hant": "計畫書", "en": "Plan"}
DRAFT = {"id": "draft", "label": LABEL}
FINAL = {"id": "final", "label": LABEL, "after": ["draft"], "until": ["confirmed"]}
REVISION = {"id": "revision", "label": LABEL, "returns": ["final"], "repeat": "again"}
ENTRY = {"id": "entry", "label": LABEL, "repeat": "keyed"}


def take(book: StepBook, step: Any, key: str = "", days: int = 0, **forms: Any) -> list[object]:
    return list(
        book.take(
            step, case_id=CASE, key=key, forms=forms, at=AT + timedelta(days=days), by="somebody"
        )
    )


def after(*steps: Any) -> StepBook:
    """The book after these steps were taken, each with other content than before."""
    return reduce(
        lambda book, pair: reduce(StepBook.apply, take(book, pair[1], n=pair[0]), book),
        enumerate(steps),
        StepBook(),
    )


def test_a_step_stands_once_it_is_taken():
    (taken,) = take(StepBook(), DRAFT, title="甲")
    assert isinstance(taken, StepRecorded)
    assert taken.number == 1
    state = StepBook().apply(taken).state("draft")
    assert (state.stands, state.count, state.first_at) == (True, 1, AT)


def test_the_same_content_again_is_done_already():
    book = reduce(StepBook.apply, take(StepBook(), DRAFT, title="甲"), StepBook())
    assert take(book, DRAFT, days=1, title="甲") == []


def test_other_content_is_refused_until_the_step_was_sent_back():
    with pytest.raises(StepOutOfPlace, match="it was not sent back"):
        take(after(DRAFT), DRAFT, title="乙")


def test_a_step_comes_after_those_it_builds_on():
    with pytest.raises(StepOutOfPlace, match="comes after draft"):
        take(StepBook(), FINAL)
    assert take(after(DRAFT), FINAL)


def test_a_step_is_too_late_once_another_stands():
    with pytest.raises(StepOutOfPlace, match="too late after confirmed"):
        take(after(DRAFT, {"id": "confirmed", "label": LABEL}), FINAL)


def test_a_step_that_was_sent_back_stands_no_longer_and_may_be_taken_again():
    book = after(DRAFT, FINAL, REVISION)
    assert not book.state("final").stands
    (again,) = take(book, FINAL, title="丙")
    assert again.number == 2
    book = book.apply(again)
    assert (book.state("final").stands, book.state("final").count) == (True, 2)


def test_a_step_that_may_be_repeated_is_a_new_version_each_time():
    assert after(DRAFT, FINAL, REVISION, FINAL, REVISION).state("revision").last.number == 2


def test_a_keyed_step_is_counted_for_each_key():
    book = StepBook()
    for key, title in (("a", "甲"), ("b", "乙"), ("a", "丙")):
        book = reduce(StepBook.apply, take(book, ENTRY, key=key, title=title), book)
    assert {key: row.number for key, row in book.state("entry").rows.items()} == {"a": 2, "b": 1}
    assert book.state("entry").rows["a"].forms == {"title": "丙"}


@pytest.mark.parametrize(("step", "key"), [(ENTRY, ""), (DRAFT, "a")])
def test_a_key_is_for_keyed_steps_and_for_each_of_them(step, key):
    with pytest.raises(InvalidInput) as refused:
        take(StepBook(), step, key=key)
    assert refused.value.field == "key"


def test_a_missed_step_is_recorded_once_and_never_one_that_stands():
    on = date(2024, 9, 6)
    assert after(DRAFT).miss(CASE, "draft", on) == ()
    (missed,) = StepBook().miss(CASE, "draft", on)
    assert missed == StepMissed(case_id=CASE, step="draft", due_on=on)
    assert StepBook().apply(missed).miss(CASE, "draft", on) == ()


def test_what_another_service_told_counts_once_and_sends_back_too():
    told = StepNoted(
        **{"case_id": CASE, "step": "revision", "key": "", "number": 1, "forms": {}},
        **{"taken_at": AT, "taken_by": "chair", "returns": ("final",)},
    )
    book = after(DRAFT, FINAL)
    (noted,) = book.note(told)
    book = book.apply(noted)
    assert not book.state("final").stands
    assert book.note(told) == ()


def test_the_facts_of_a_step_show_its_last_forms_and_every_row():
    book = StepBook()
    for key, title in (("a", "甲"), ("b", "乙")):
        book = reduce(StepBook.apply, take(book, ENTRY, key=key, E1={"title": title}), book)
    facts = step_facts(book, {"steps": [ENTRY, DRAFT]})
    assert facts["entry"]["forms"] == {"E1": {"title": "乙"}}
    assert [row["key"] for row in facts["entry"]["rows"]] == ["a", "b"]
    assert facts["draft"] == {
        **{"stands": False, "count": 0, "first_at": None, "at": None, "by": None},
        **{"missed": False, "forms": {}, "rows": []},
    }

"""Facts have exactly the shape of their moment; every fault has its path."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from shared.kernel.clock import TAIPEI
from shared.kernel.envelope import Erased
from shared.programmes.examples import changed, example_facts, form_example, nth_ubn
from shared.programmes.facts import UnusableFacts, canonical_facts, check_facts
from shared.programmes.facts_schema import facts_schema
from tests.programmes.tea import checked, compiled, facts, tea

SHAPE = compiled().moment("submit").shape


def check(given, *, complete=True):
    return check_facts(SHAPE, given, complete=complete)


@pytest.mark.parametrize(
    ("pointer", "value", "words"),
    [
        ("/forms/F01/count", "3", "must be an integer"),
        ("/forms/F01/count", True, "must be an integer"),
        ("/forms/F01/count", 3.0, "must be an integer"),
        ("/forms/F01/count", 2**63, "out of range"),
        ("/forms/F01/story", 7, "must be text"),
        ("/forms/F01/track", "SOME", "one of ALL, NONE"),
        ("/forms/F01/pm", [], "must be an object"),
        ("/forms/F02", {}, "must be a list"),
        ("/forms/F02", None, "must be a list"),
        ("/forms/F02/1/employees", "4", "must be an integer"),
        ("/forms/F02/2/tools/0/price_twd", "4", "must be an integer"),
        ("/now", "2021-03-01T10:00:00", "with its offset"),
        ("/now", "2021-03-01", "with its offset"),
        ("/now", None, "must not be null"),
        ("/now", datetime(2021, 3, 1), "with its offset"),  # noqa: DTZ001
        ("/call/cp1_on", "2021-7-15", "YYYY-MM-DD"),
        ("/call/cp1_on", "2021-02-30", "YYYY-MM-DD"),
        ("/call/cp1_on", "20210715", "YYYY-MM-DD"),
        ("/case/state", None, "must not be null"),
    ],
)
def test_a_wrong_type_is_unusable_and_has_its_path(pointer, value, words):
    given = facts()
    parent, _, last = pointer.rpartition("/")
    target = given
    for step in parent.split("/")[1:]:
        target = target[int(step)] if isinstance(target, list) else target[step]
    target[last] = value
    with pytest.raises(UnusableFacts) as fault:
        check(given)
    assert fault.value.path == pointer
    assert words in fault.value.en
    assert fault.value.zh


@pytest.mark.parametrize(
    ("drop", "path"),
    [
        (("now",), "/now"),
        (("forms", "F01", "story"), "/forms/F01/story"),
        (("forms", "F02", 0, "ubn"), "/forms/F02/0/ubn"),
        (("registers", "bars"), "/registers/bars"),
    ],
)
def test_a_missing_key_is_unusable_and_never_a_pass(drop, path):
    given = target = facts()
    for step in drop[:-1]:
        target = target[step]
    del target[drop[-1]]
    with pytest.raises(UnusableFacts, match="missing key") as fault:
        check(given)
    assert fault.value.path == path


def test_an_unknown_key_is_unusable():
    given = facts()
    given["forms"]["F02"][1]["employes"] = 4
    with pytest.raises(UnusableFacts, match="unknown key") as fault:
        check(given)
    assert fault.value.path == "/forms/F02/1/employes"


def test_a_service_may_offer_more_than_the_moment_declares():
    given = {**facts(), "weather": "rain", "case": {**facts()["case"], "colour": "red"}}
    assert check(given, complete=False) == check(facts(), complete=False)
    with pytest.raises(UnusableFacts, match="unknown key"):
        check(given)


def test_what_is_offered_of_a_form_is_still_held_to_its_fields():
    given = facts()
    given["forms"]["F01"]["colour"] = "red"
    with pytest.raises(UnusableFacts, match="unknown key") as fault:
        check(given, complete=False)
    assert fault.value.path == "/forms/F01/colour"


def test_services_may_leave_out_form_fields_and_optional_call_parameters():
    given = facts()
    given["forms"] = {"F02": [{"ubn": "12345676"}]}
    del given["call"]["budget_twd"]
    filled = check(given, complete=False)
    assert filled["forms"]["F01"]["pm"] == {"name": None, "grade": None}
    assert filled["forms"]["F02"][0]["tools"] == []
    assert filled["forms"]["F02"][0]["employees"] is None
    assert filled["call"]["budget_twd"] is None


def test_services_may_not_leave_out_other_facts():
    given = facts()
    del given["case"]["state"]
    with pytest.raises(UnusableFacts) as fault:
        check(given, complete=False)
    assert fault.value.path == "/case/state"


def test_a_required_call_parameter_is_never_filled_in():
    given = facts()
    del given["call"]["closes_at"]
    with pytest.raises(UnusableFacts) as fault:
        check(given, complete=False)
    assert fault.value.path == "/call/closes_at"


def test_dates_instants_and_ids_may_come_as_objects():
    given = facts()
    given["call"]["cp1_on"] = date(2021, 7, 15)
    given["now"] = datetime(2021, 3, 1, 10, tzinfo=TAIPEI)
    given["case"]["number"] = UUID(int=7)
    usable = check(given)
    assert usable["call"]["cp1_on"] == "2021-07-15"
    assert usable["now"] == datetime(2021, 3, 1, 2, tzinfo=UTC)
    assert usable["case"]["number"] == str(UUID(int=7))


def test_the_same_facts_have_one_digest_whatever_form_their_instants_take():
    text = facts({"/now": "2021-03-01T02:00:00Z"})
    aware = facts()
    aware["now"] = datetime(2021, 3, 1, 10, tzinfo=timezone(timedelta(hours=8)))
    assert canonical_facts(check(text)) == canonical_facts(check(aware))
    other = facts({"/now": "2021-03-01T02:00:00.000001Z"})
    assert checked({"/now": other["now"]}).facts_digest != checked().facts_digest


def test_an_erased_text_reads_as_filled_and_an_erased_number_as_empty():
    given = facts()
    given["forms"]["F01"]["pm"]["name"] = Erased("subject")
    given["forms"]["F01"]["count"] = Erased("subject")
    usable = check(given)
    assert "erased" in usable["forms"]["F01"]["pm"]["name"]
    assert usable["forms"]["F01"]["count"] is None


def test_the_example_of_every_moment_is_valid_and_plain_json():
    for moment_id in tea().moments:
        example = example_facts(tea(), moment_id)
        check_facts(compiled().moment(moment_id).shape, example, complete=True)
        assert json.loads(json.dumps(example)) == example


def test_the_schema_names_every_key_and_admits_no_other():
    schema = facts_schema(tea(), "submit")
    form = schema["properties"]["forms"]["properties"]["F01"]
    assert form["additionalProperties"] is False
    assert set(form["required"]) == {"track", "count", "requested_twd", "story", "pm"}
    assert form["properties"]["track"] == {
        "type": ["string", "null"],
        "enum": ["ALL", "NONE", None],
    }
    assert form["properties"]["pm"]["properties"]["name"]["x-personal"] is True
    assert form["properties"]["requested_twd"]["x-type"] == "money"


def test_generated_rows_are_numbered_and_have_numbers_of_their_own():
    rows = changed({"F02": form_example(tea().forms["F02"])}, {"/F02": {"rows": 60}})["F02"]
    assert [row["no"] for row in rows] == list(range(1, 61))
    assert len({row["ubn"] for row in rows}) == 60
    assert rows[6]["contact"] == "林7"
    assert rows[6]["ubn"] == nth_ubn(7)


def test_changes_leave_the_base_alone_and_fill_rows_up():
    base = facts()
    before = json.dumps(base)
    new = changed(
        base,
        {
            "/forms/F02/-": {"ubn": "12345675"},
            "/forms/F02/0/tools": [{"price_twd": 9}],
            "/forms/F01": {"count": 4},
        },
    )
    assert json.dumps(base) == before
    assert new["forms"]["F02"][3] == {**base["forms"]["F02"][0], "ubn": "12345675"}
    assert new["forms"]["F02"][0]["tools"] == [{"name": "點單", "price_twd": 9}]
    assert new["forms"]["F01"] == {**base["forms"]["F01"], "count": 4}


def test_a_change_that_leads_nowhere_is_an_error():
    with pytest.raises(KeyError):
        changed(facts(), {"/forms/F01/trak": "ALL"})

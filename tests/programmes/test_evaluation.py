"""Clauses, values, findings: what a moment says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kernel.errors import NotOfProgramme, RefusedByRules, RuleError
from shared.kernel.streams import UnknownPack
from shared.programmes.compiled import CompiledPack
from shared.programmes.evaluation import ClauseFailure, PackRules, evaluate
from shared.programmes.facts import UnusableFacts
from shared.programmes.finding_text import MOST_FACTS, REDACTED
from tests.programmes.tea import Shelf, checked, facts, pack_with, refs, tea

RULES = PackRules(Shelf(tea()))


def run(pack, changes=None):
    return evaluate(CompiledPack(pack), "submit", facts(changes), complete=True)


def test_the_example_passes():
    evaluation = checked()
    assert evaluation.findings == ()
    assert evaluation.values == {"n": 3, "enough": True}
    assert "TE-TRK-01/b" in evaluation.clauses


@pytest.mark.parametrize(
    ("changes", "spoke"),
    [
        ({"/forms/F02": {"rows": 3}}, []),
        ({"/forms/F02": {"rows": 2}}, ["TE-TRK-01/a"]),
        ({"/forms/F01/requested_twd": 300_000}, []),
        ({"/forms/F01/requested_twd": 300_001}, ["TE-TRK-02/a"]),
        ({"/forms/F01/requested_twd": None}, []),
        ({"/forms/F01/track": "NONE", "/forms/F01/requested_twd": 300_001}, []),
        ({"/now": "2021-03-16T17:00:00.000000+08:00"}, []),
        ({"/now": "2021-03-16T09:00:00Z"}, []),
        ({"/now": "2021-03-16T17:00:00.000001+08:00"}, ["TE-TRK-02/b"]),
        ({"/forms/F01/story": "一二三四五六七八九十"}, []),
        ({"/forms/F01/story": "一二三四五 六七八九十 "}, []),
        ({"/forms/F01/story": "一二三四五六七八九十百"}, ["TE-FRM-01/a"]),
        ({"/forms/F01/story": None}, ["TE-FRM-01/a"]),
        ({"/forms/F02/1/employees": 9}, []),
        ({"/forms/F02/1/employees": 10}, ["TE-TRK-01/b"]),
        ({"/forms/F02/1/employees": None}, []),
    ],
)
def test_boundaries(changes, spoke):
    assert refs(checked(changes)) == spoke


def test_a_row_finding_names_row_path_and_business_number():
    evaluation = checked({"/forms/F02/1/employees": 12})
    (finding,) = evaluation.findings
    number = facts()["forms"]["F02"][1]["ubn"]
    assert finding.subject == {"path": "/forms/F02/1/employees", "row": 2, "ubn": number}
    assert finding.message == {"zh-Hant": "第2列12人", "en": "row 2: 12 employees"}
    assert finding.facts == ({"path": "/forms/F02/1/employees", "value": 12},)
    assert finding.blocks == "claim"
    assert evaluation.blocking() == ()
    assert evaluation.blocking("claim") == (finding,)


def test_findings_are_sorted_by_rule_clause_and_row():
    changes = {
        "/forms/F02": {"rows": 12, "with": {"employees": 10}},
        "/forms/F01/story": None,
        "/forms/F01/requested_twd": 300_001,
    }
    evaluation = checked(changes)
    assert refs(evaluation) == ["TE-FRM-01/a", *["TE-TRK-01/b"] * 12, "TE-TRK-02/a"]
    rows = [f.subject["row"] for f in evaluation.findings if f.rule == "TE-TRK-01"]
    assert rows == list(range(1, 13))


def test_messages_tell_money_instants_and_percent_in_each_language():
    changes = {"/forms/F01/requested_twd": 300_001, "/now": "2021-03-16T17:00:00.5+08:00"}
    money, late = checked(changes).findings
    assert money.message == {"zh-Hant": "300,001元", "en": "NT$300,001"}
    assert late.message["zh-Hant"] == "截止110年3月16日 17:00:00"
    assert late.message["en"] == "closed at 2021-03-16 17:00:00"
    (behind,) = checked({"/progress_bp": 3499}, "cp1").findings
    assert behind.message["en"] == "progress 34.99%"


def test_a_warning_for_officers_and_a_manual_task_say_so():
    ubn = facts()["forms"]["F02"][0]["ubn"]
    bars = {"/registers/bars": [{"ubn": ubn, "until": "2021-03-01"}]}
    (warned,) = checked(bars).findings
    assert warned.as_dict()["audience"] == "officers"
    bars["/registers/bars"][0]["until"] = "2021-02-28"
    assert checked(bars).findings == ()
    (task,) = checked({"/forms/F01/pm/name": None}).findings
    assert (task.role, task.as_dict()["evidence"]["en"]) == ("screening_officer", "Identity card")


def test_personal_values_never_reach_findings():
    pack = pack_with(
        [
            {
                "require": "forms.F01.pm.name == 'nobody'",
                "message": {"zh-Hant": "{forms.F01.pm.name}", "en": "{forms.F01.pm.name}"},
            },
            {
                "for_each": "forms.F02",
                "require": "row.contact == 'nobody'",
                "message": {"zh-Hant": "{row.contact}", "en": "{row.contact}"},
            },
        ]
    )
    told = str([finding.as_dict() for finding in run(pack).findings])
    assert REDACTED in told
    assert "王小明" not in told
    assert "林1" not in told


def test_an_erased_name_counts_as_a_name():
    from shared.kernel.envelope import Erased

    erased = facts()
    erased["forms"]["F01"]["pm"]["name"] = Erased("pm")
    assert RULES.evaluate(tea().digest, "submit", erased).findings == ()


def test_facts_of_a_finding_are_bounded_and_long_lists_summed_up():
    reads = " && ".join(f"param.minimum + {i} > param.cap_twd" for i in range(3))
    names = " && ".join(
        f"forms.F01.{name} != null" for name in ("track", "count", "requested_twd", "story")
    )
    pack = pack_with(
        [{"require": f"size(forms.F02) > 99 && {names} && {reads}"}],
    )
    (finding,) = run(pack, {"/forms/F02": {"rows": 7}}).findings
    assert finding.facts[0] == {"path": "/forms/F02", "value": {"count": 7}}
    assert len(finding.facts) <= MOST_FACTS
    assert len({fact["path"] for fact in finding.facts}) == len(finding.facts)


def test_values_see_earlier_values_and_lists_of_them():
    pack = pack_with(
        [{"for_each": "forms.F02", "require": "!(row.no in value.odd)"}],
        [
            {"name": "numbers", "expr": "forms.F02.map(r, r.no)"},
            {"name": "odd", "expr": "value.numbers.filter(n, n % 2 == 1)"},
            {"name": "until", "expr": "end_of_day(call.cp1_on)"},
            {"name": "picture", "expr": "{'odd': size(value.odd)}"},
        ],
    )
    evaluation = run(pack)
    assert evaluation.values == {
        "numbers": [1, 2, 3],
        "odd": [1, 3],
        "until": "2021-07-15T23:59:59.999999+08:00",
        "picture": {"odd": 2},
    }
    assert [finding.subject["row"] for finding in evaluation.findings] == [1, 3]


def test_row_number_is_known_to_the_condition_too():
    pack = pack_with([{"for_each": "forms.F02", "require": "row.no == row_number"}])
    evaluation = run(pack, {"/forms/F02/1/no": 9})
    assert [finding.subject["row"] for finding in evaluation.findings] == [2]


def test_a_list_without_rows_is_silent():
    pack = pack_with([{"for_each": "registers.bars", "require": "false"}])
    assert run(pack).findings == ()


@pytest.mark.parametrize(
    ("clause", "wanted"),
    [
        ({"require": "forms.F01.requested_twd > 1"}, "TE-X/a"),
        ({"require": "forms.F01.count"}, "gives int, not true or false"),
        ({"applies": "forms.F01.story", "require": "true"}, "gives str"),
        ({"require": "floor_div(1, 0) > 1"}, "floor_div(): ValueError"),
        ({"require": "floor_div(1, 0) > 1 || true"}, "floor_div()"),
        ({"require": "forms.F01.nothing == 1"}, "there is no nothing"),
        ({"for_each": "forms.F02", "require": "row.employees > 1"}, "TE-X/a, row 2"),
    ],
)
def test_a_clause_that_fails_is_a_rule_error_that_names_it(clause, wanted, capfd):
    changes = {"/forms/F01/requested_twd": None, "/forms/F02/1/employees": None}
    with pytest.raises(ClauseFailure) as failure:
        run(pack_with([clause]), changes)
    assert wanted in str(failure.value)
    assert "TE-X/a" in str(failure.value)
    assert "rule-error: tea-110" in str(failure.value)
    assert isinstance(failure.value, RuleError)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("expr", ["1.0 + 2.0", "double(3)", "value.later", "now - now"])
def test_a_value_that_is_no_canonical_json_is_a_rule_error(expr):
    values = [{"name": "bad", "expr": expr}, {"name": "later", "expr": "1"}]
    with pytest.raises(RuleError, match="TE-X, value bad"):
        run(pack_with([], values))


def test_the_port_evaluates_by_digest_and_refuses_what_blocks():
    late = facts({"/now": "2021-03-17T00:00:00+08:00"})
    assert refs(RULES.evaluate(tea().digest, "submit", late)) == ["TE-TRK-02/b"]
    with pytest.raises(RefusedByRules) as refused:
        RULES.enforce(tea().digest, "submit", late)
    assert refused.value.rule == "TE-TRK-02"
    assert refused.value.evaluation.digest == tea().digest


def test_what_does_not_block_the_command_does_not_refuse_it():
    evaluation = RULES.enforce(tea().digest, "submit", facts({"/forms/F02/0/employees": 99}))
    assert refs(evaluation) == ["TE-TRK-01/b"]


def test_the_port_names_what_it_does_not_know():
    with pytest.raises(UnknownPack):
        RULES.evaluate("0" * 64, "submit", facts())
    with pytest.raises(NotOfProgramme):
        RULES.evaluate(tea().digest, "sumbit", facts())
    with pytest.raises(UnusableFacts):
        RULES.evaluate(tea().digest, "submit", {})


def test_an_amount_of_the_pack_is_computed_over_given_names():
    names = {"contract": {"amount_twd": 1_499_999}, "previous_twd": 524_999}
    expression = tea().document["instalments"][0]["amount"]
    assert RULES.compute(tea().digest, expression, names) == 975_000
    with pytest.raises(RuleError, match="nothing"):
        RULES.compute(tea().digest, "contract.amount_twd - nothing", names)


def test_a_decision_can_be_run_again_from_the_same_facts():
    first, second = checked({"/forms/F01/story": None}), checked({"/forms/F01/story": None})
    assert first == second
    assert first.decision().as_dict() == second.decision().as_dict()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.none() | st.integers(0, 12), st.sampled_from(["ALL", "x", None])), max_size=12
    )
)
def test_the_one_walk_over_the_rows_says_what_row_by_row_would_say(rows):
    clauses = [
        {"for_each": "forms.F02", "applies": "row.employees != null", "require": c}
        for c in ("row.employees <= 9", "row.contact == 'ALL' || row.employees > 3")
    ]
    base = facts()["forms"]["F02"][0]
    changes = {"forms": facts()["forms"]}
    changes["forms"]["F02"] = [{**base, "employees": e, "contact": c} for e, c in rows]
    given_facts = {**facts(), **changes}
    grouped = evaluate(CompiledPack(pack_with(clauses)), "submit", given_facts)
    asked = [{**c, "require": f"({c['require']}) && row_number > 0"} for c in clauses]
    single = evaluate(CompiledPack(pack_with(asked)), "submit", given_facts)
    assert refs(grouped) == refs(single)
    assert [f.subject for f in grouped.findings] == [f.subject for f in single.findings]


def test_outside_a_moment_the_call_s_instants_are_instants_too():
    call = {"closes_at": "2021-03-16T17:00:00.000000+08:00", "cp1_on": "2021-07-15"}
    assert RULES.compute(tea().digest, "date_of(call.closes_at)", {"call": call}) == "2021-03-16"
    assert RULES.compute(tea().digest, "call.cp1_on", {"call": call}) == "2021-07-15"

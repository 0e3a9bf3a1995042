"""Static types: what CEL would only notice, or never notice, when it runs."""

from __future__ import annotations

import pytest

from shared.programmes.expression import parse
from shared.programmes.expression_types import type_of
from shared.programmes.type_families import family
from tests.programmes.tea import compiled

NAMES = {
    **compiled().moment("submit").shape.fields,
    "param": compiled().parameters,
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("forms.F01.trak == 'ALL'", "there is no trak"),
        ("forms.F03.x", "there is no F03"),
        ("valu.n > 1", "there is no valu"),
        ("forms.F01.count == '3'", "never equal"),
        ("forms.F01.count > '3'", "never equal"),
        ("forms.F01.track == 'SOME'", "SOME is not in ALL, NONE"),
        ("forms.F01.track in ['ALL', 'SOME']", "SOME is not in ALL, NONE"),
        ("forms.F01.count in ['3']", "no element can be equal"),
        ("size(forms.F01.story) > 3", "use chars"),
        ("forms.F01.story.size() > 3", "use chars"),
        ("has(forms.F01.story)", "always true"),
        ("forms.F01.count / 2 > 1", "name the rounding"),
        ("now - now > 1", "needs number"),
        ("now > call.cp1_on", "never equal"),
        ("forms.F01.count + forms.F01.story == 'x'", "do not add"),
        ("add_days(forms.F01.story, 1) == 'x'", "it is add_days"),
        ("date_of(call.cp1_on) == 'x'", "it is date_of"),
        ("chars(forms.F01.count) > 1", "it is chars"),
        ("chars(forms.F01.story, 1) > 1", "it is chars"),
        ("sqrt(4) == 2", "not in the list"),
        ("duration('1h') > now", "not in the list"),
        ("forms.F01.story.upper() == 'X'", "not in the list"),
        ("forms.F02.all(r, r.employees)", "all needs bool"),
        ("forms.F01.count.all(r, true)", "all needs list or map"),
        ("forms.F01.count && true", "&& needs bool"),
        ("forms.F02.nobody == null", "asked of is no map"),
        ("forms.F02.map(r, r.nobody) == []", "there is no nobody"),
        ("forms.F02[0].nobody == null", "there is no nobody"),
        ("forms.F01.story.contains(3)", "contains needs text"),
    ],
)
def test_it_is_found_at_rest(text, wanted):
    faults = type_of(parse(text), NAMES).faults
    assert any(wanted in fault.en for fault in faults), faults
    assert all(fault.zh for fault in faults)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("forms.F02.map(r, r.ubn)", "list"),
        ("distinct_count(forms.F02.map(r, r.ubn)) >= param.minimum", "bool"),
        ("add_days(call.cp1_on, 3)", "text"),
        ("add_days(now, 3)", "instant"),
        ("now <= end_of_day(call.cp1_on)", "bool"),
        ("total(forms.F02.map(r, total(r.tools.map(t, t.price_twd))))", "number"),
        ("forms.F01.story == null ? '' : forms.F01.story", "text"),
        ("least(forms.F02.map(r, r.employees))", "number"),
        ("forms.F01.story.matches('^a') && 'a' in forms.F02.map(r, r.ubn)", "bool"),
        ("string(forms.F01.count) + '家'", "text"),
        ("forms.F02.map(r, r.employees > 9, r.ubn)", "list"),
        ("forms.F02.filter(r, r.employees != null).exists_one(r, r.no == 1)", "bool"),
        ("-forms.F01.count % 2", "number"),
        ("forms.F02[0].tools.size()", "number"),
        ("call.budget_twd == null || call.budget_twd > 0", "bool"),
    ],
)
def test_what_is_right_has_its_type(text, kind):
    typed = type_of(parse(text), NAMES)
    assert typed.faults == []
    assert family(typed.shape) == kind


@pytest.mark.parametrize(
    "text",
    [
        "chars(forms.F01.pm.name) > 0",
        "forms.F02.exists(r, r.contact == null)",
        "forms.F02.filter(r, chars(r.contact) > 0).size() > 0",
    ],
)
def test_personal_fields_are_noticed_however_they_are_reached(text):
    assert type_of(parse(text), NAMES).personal != []


def test_a_group_beside_a_personal_field_is_not_personal():
    assert type_of(parse("forms.F01.pm.grade == null"), NAMES).personal == []

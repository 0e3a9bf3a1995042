"""Drafts, personal fields, rosters."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from shared.kernel.envelope import Personal
from shared.programmes.examples import form_example
from shared.programmes.forms import (
    PersonalField,
    empty_form,
    form_schema,
    personal_fields,
    seal_personal,
    strip_personal,
)
from tests.programmes.tea import facts, tea


def load(form, content):
    return form_schema(tea(), form).load(content)


def test_a_draft_may_be_empty_and_is_filled_in():
    assert load("F01", {}) == empty_form(tea(), "F01")
    assert load("F01", {})["pm"] == {"name": None, "grade": None}
    assert load("F02", []) == [] == empty_form(tea(), "F02")
    assert load("F02", [{}])[0]["tools"] == []


def test_the_empty_forms_of_two_drafts_are_two_things():
    first = load("F01", {})
    first["pm"]["name"] = "x"
    assert load("F01", {})["pm"]["name"] is None


def test_a_full_form_comes_back_as_it_was():
    example = form_example(tea().forms["F01"])
    assert load("F01", example) == example


def test_an_empty_text_is_an_empty_field():
    assert load("F01", {"story": "  ", "track": ""})["story"] is None
    assert load("F01", {"pm": None})["pm"] == {"name": None, "grade": None}


@pytest.mark.parametrize(
    ("form", "content", "path"),
    [
        ("F01", {"stroy": "x"}, ["stroy"]),
        ("F01", {"count": "3"}, ["count"]),
        ("F01", {"count": 3.0}, ["count"]),
        ("F01", {"count": True}, ["count"]),
        ("F01", {"count": 2**63}, ["count"]),
        ("F01", {"track": "SOME"}, ["track"]),
        ("F01", {"story": 3}, ["story"]),
        ("F01", {"story": "長" * 20_001}, ["story"]),
        ("F01", {"pm": {"nam": "x"}}, ["pm", "nam"]),
        ("F02", [{}, {"employees": "4"}], [1, "employees"]),
        ("F02", [{"tools": [{"price_twd": "4"}]}], [0, "tools", 0, "price_twd"]),
    ],
)
def test_a_wrong_type_or_an_unknown_field_is_refused_by_name(form, content, path):
    with pytest.raises(ValidationError) as refused:
        load(form, content)
    messages = refused.value.messages
    for step in path:
        assert step in messages
        messages = messages[step]


def test_personal_fields_are_found_at_any_depth():
    assert personal_fields(tea().forms["F01"]) == (PersonalField(("pm", "name"), "pm"),)
    assert personal_fields(tea().forms["F02"]) == (PersonalField(("*", "contact"), "contact"),)


def test_what_goes_to_the_other_services_has_no_personal_field():
    stripped = strip_personal(tea(), facts()["forms"])
    assert stripped["F01"]["pm"] == {"grade": None}
    assert "contact" not in stripped["F02"][0]
    assert stripped["F02"][0]["tools"][0]["price_twd"] == 500
    assert "王小明" not in str(stripped)


def test_personal_values_are_sealed_each_under_its_subject():
    def subject(name, row):
        return f"{name}/{row['ubn'] if row else '-'}"

    form = facts()["forms"]
    sealed = seal_personal(tea(), "F01", form["F01"], subject)
    assert sealed["pm"] == {"name": Personal("pm/-", "王小明"), "grade": None}
    rows = seal_personal(tea(), "F02", form["F02"], subject)
    assert rows[1]["contact"] == Personal(f"contact/{rows[1]['ubn']}", "林2")
    assert seal_personal(tea(), "F01", {"pm": {"name": None}}, subject) == {"pm": {"name": None}}

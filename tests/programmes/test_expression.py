"""The syntax tree: paths read, and what is refused at rest."""

from __future__ import annotations

import pytest

from shared.programmes.cel_adapter import ExpressionFault, compile_expression
from shared.programmes.expression import MAX_CHARACTERS, parse, paths
from shared.programmes.syntax_nodes import SyntaxFault


def read(text: str) -> list[str]:
    return [".".join(path) for path in paths(parse(text))]


def test_paths_are_the_facts_and_never_the_bound_names():
    text = "forms.F19.filter(r, r.employees > param.most).all(x, x.why != null) || value.n >= 3"
    assert read(text) == ["forms.F19", "param.most", "value.n"]


def test_a_bound_name_hides_a_fact_only_inside_its_macro():
    assert read("list.exists(now, now > 1) && now > then") == ["list", "now", "then"]


def test_words_inside_texts_are_no_paths():
    assert read("forms.F01.track == 'call.x' // now") == ["forms.F01.track"]


def test_arguments_of_functions_lists_maps_and_indexes_are_read():
    assert read("chars(a.b) + [c.d][e.f] + {'k': g.h}['k']") == ["a.b", "c.d", "e.f", "g.h"]


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("a.b > 1.5", 6),
        ("1e3 < a", 0),
        ("a.b.", 4),
        ("(a", 2),
        ("a b", 2),
        ("a @ b", 2),
        ("f(a,)", 4),
        ("in", 0),
    ],
)
def test_a_syntax_fault_has_its_place(text, offset):
    with pytest.raises(SyntaxFault) as fault:
        parse(text)
    assert fault.value.offset == offset


@pytest.mark.parametrize(
    "text",
    [
        "1" + "+1" * 900,
        "!" * 100 + "true",
        "(" * 100 + "1" + ")" * 100,
        "a" + ".b" * 300,
        "a" + "[0]" * 300,
    ],
    ids=["sum", "not", "brackets", "members", "indexes"],
)
def test_what_would_bring_the_evaluation_down_is_refused(text):
    with pytest.raises(SyntaxFault):
        parse(text)


def test_the_longest_expression_is_2000_characters():
    text = "true"
    parse(text + " " * (MAX_CHARACTERS - len(text)))
    with pytest.raises(SyntaxFault, match="2000"):
        parse(text + " " * (MAX_CHARACTERS - len(text) + 1))


def test_ordinary_long_conditions_are_fine():
    assert len(read(" && ".join(["a.b.c > 1"] * 100))) == 100


def test_an_expression_is_compiled_once():
    assert compile_expression("now == now") is compile_expression("now == now")


def test_what_does_not_parse_does_not_compile():
    with pytest.raises(ExpressionFault):
        compile_expression("a ==")

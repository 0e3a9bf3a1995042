"""Steps: what a programme's procedure has beyond the common line, declared instead of coded.

A step is taken on a case by people of the named roles, with the forms it asks for; clauses of its
moment may refuse it. Taken, it stands, until another step that `returns` it sends it back. It is a
fact of every moment that names it: `steps.<id>` (see step_shape). shared/kernel/steps keeps them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import fields, validate

from shared.kernel.permissions.relations import ROLES
from shared.programmes.schema_fields import KEBAB, NAME, Strict, text, words
from shared.programmes.section_schema import OWNERS
from shared.programmes.shapes import ListShape, MapShape, Scalar, Shape, form_shape, is_personal

TOLD: Mapping[str, tuple[str, ...]] = {
    "intake": ("review", "finance", "monitoring"),
    "review": ("intake", "finance"),
    "finance": ("intake", "review", "monitoring"),
    "monitoring": ("intake", "finance"),
}
"""Who listens to whom (services/README.md): a step can be shared with these."""

REPEATS = ("once", "again", "keyed")
"""once: again only after it was returned; again: any number of times, the last one counts; keyed:
one for each key (a party, an entry), the last one of each key counts."""


class Step(Strict):
    """`after` must stand first; once one of `until` stands it is too late; `returns` are sent
    back; `due` is CEL over {call, case, param} and gives a date (or null): on the day after, a
    step that does not stand is recorded as missed (once, again) and raises the `alert`."""

    id = text(NAME)
    label = words()
    owner = text(validate.OneOf(OWNERS))
    roles = fields.List(text(validate.OneOf(ROLES)), required=True, validate=validate.Length(min=1))
    forms = fields.List(text())
    moment = text(KEBAB, required=False)
    states = fields.List(text())
    after = fields.List(text(NAME))
    until = fields.List(text(NAME))
    returns = fields.List(text(NAME))
    repeat = text(validate.OneOf(REPEATS), required=False)
    shared_with = fields.List(text(validate.OneOf(OWNERS)))
    due = text(required=False)
    alert = text(required=False)


def step_shape(step: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]]) -> MapShape:
    """The fact of a step: whether it stands, how often and when it was taken, by whom, its last
    forms (empty before the first), and one row per key (without keys: at most one row)."""
    content = MapShape({name: form_shape(forms[name]) for name in step.get("forms") or ()})
    row: dict[str, Shape] = {
        "key": Scalar("str"),
        "at": Scalar("instant"),
        "by": Scalar("str"),
        "forms": content,
    }
    return MapShape(
        {
            "stands": Scalar("bool"),
            "count": Scalar("int"),
            "first_at": Scalar("instant", nullable=True),
            "at": Scalar("instant", nullable=True),
            "by": Scalar("str", nullable=True),
            "missed": Scalar("bool"),
            "forms": content,
            "rows": ListShape(MapShape(row)),
        }
    )


def step_facts_shape(document: Mapping[str, Any], moment: Mapping[str, Any]) -> Shape:
    """`steps` of a moment."""
    known = {step["id"]: step for step in document.get("steps") or ()}
    return MapShape({i: step_shape(known[i], document["forms"]) for i in moment["steps"]})


def stands(document: Mapping[str, Any], path: str) -> bool:
    """Whether a JSON pointer leads somewhere in the document; a step of it may be the `id` of an
    item of a list (/forms/F01/fields/ubn, /obligations/CAL-12)."""
    here: Any = document
    for name in path.split("/")[1:]:
        if isinstance(here, list):
            here = next((item for item in here if _named(item, name)), None)
        else:
            here = here.get(name) if isinstance(here, Mapping) else None
        if here is None:
            return False
    return path.startswith("/")


def _named(item: Any, name: str) -> bool:
    keys = ("id", "no", "first")
    return isinstance(item, Mapping) and any(str(item.get(key)) == name for key in keys)


def step_faults(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What a step or a moment's `steps` names must be there, and what leaves intake must not be
    personal."""
    steps = {step["id"]: step for step in document.get("steps") or ()}
    moments = {moment["id"]: moment for moment in document["moments"]}
    for index, step in enumerate(document.get("steps") or ()):
        yield from _step(document, step, steps, moments, f"/steps/{index}")
        if list(steps).index(step["id"]) != index:
            yield f"/steps/{index}/id", "代號重複", f"the step {step['id']} is there twice"
    for index, moment in enumerate(document["moments"]):
        for place, name in enumerate(moment.get("steps") or ()):
            here = f"/moments/{index}/steps/{place}"
            if name not in steps:
                yield here, f"沒有步驟 {name}", f"there is no step {name}"
            elif moment["owner"] not in _known_to(steps[name]):
                owner = moment["owner"]
                yield here, f"{owner} 不知此步驟", f"{owner} is not told of the step {name}"


def _step(
    document: Mapping[str, Any],
    step: Mapping[str, Any],
    steps: Mapping[str, Mapping[str, Any]],
    moments: Mapping[str, Mapping[str, Any]],
    here: str,
) -> Iterator[tuple[str, str, str]]:
    for kind in ("after", "until", "returns"):
        for place, name in enumerate(step.get(kind) or ()):
            path = f"{here}/{kind}/{place}"
            if name not in steps:
                yield path, f"沒有步驟 {name}", f"there is no step {name}"
            elif kind == "returns" and steps[name]["owner"] not in _known_to(step):
                owner = steps[name]["owner"]
                yield path, f"未告知 {owner}", f"{owner} is not told: add it to shared_with"
            elif kind != "returns" and step["owner"] not in _known_to(steps[name]):
                owner = step["owner"]
                yield path, f"{owner} 不知此步驟", f"{owner} is not told of the step {name}"
    for place, form in enumerate(step.get("forms") or ()):
        path = f"{here}/forms/{place}"
        if form not in document["forms"]:
            yield path, f"沒有表單 {form}", f"there is no form {form}"
        elif _leaves_intake(step) and is_personal(form_shape(document["forms"][form])):
            yield (
                path,
                "含個資之表單不得離開收件服務",
                "a form with personal fields stays in intake",
            )
    for place, service in enumerate(step.get("shared_with") or ()):
        if service not in TOLD[step["owner"]]:
            owner = step["owner"]
            path = f"{here}/shared_with/{place}"
            yield path, f"{service} 不接收 {owner} 之事件", f"{service} does not listen to {owner}"
    moment = moments.get(step.get("moment") or "")
    if step.get("moment") and moment is None:
        yield f"{here}/moment", "沒有此時點", f"there is no moment {step['moment']}"
    elif moment is not None and moment["owner"] != step["owner"]:
        yield f"{here}/moment", "時點屬於其他服務", f"the moment belongs to {moment['owner']}"


def _known_to(step: Mapping[str, Any]) -> set[str]:
    return {step["owner"], *(step.get("shared_with") or ())}


def _leaves_intake(step: Mapping[str, Any]) -> bool:
    return _known_to(step) != {"intake"}

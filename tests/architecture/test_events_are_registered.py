"""An event class that stands in no registry could be written and never be read again."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

import pytest

from shared.contracts.catalogue import SOURCES
from shared.contracts.event_schema import PublicEventSchema

SERVICES = tuple(SOURCES)


def event_modules(service: str) -> Iterator[ModuleType]:
    """services.<service>.domain.events and, when it is a package, its modules."""
    module = importlib.import_module(f"services.{service}.domain.events")
    yield module
    for entry in pkgutil.iter_modules(getattr(module, "__path__", [])):
        yield importlib.import_module(f"{module.__name__}.{entry.name}")


def classes_defined_in(module: ModuleType) -> list[type]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    ]


def events_defined_for(service: str) -> set[type]:
    """The dataclasses of the events modules, less those that are parts of another's fields."""
    defined = {
        value
        for module in event_modules(service)
        for value in classes_defined_in(module)
        if dataclasses.is_dataclass(value)
    }
    types = " ".join(str(field.type) for value in defined for field in dataclasses.fields(value))
    parts = set(re.findall(r"\w+", types))
    return {value for value in defined if value.__name__ not in parts}


@pytest.mark.parametrize("service", SERVICES)
def test_every_domain_event_is_in_the_registry_of_its_service(service: str):
    defined = events_defined_for(service)
    registered = set(next(event_modules(service)).EVENTS)
    assert defined
    assert {event.__name__ for event in defined - registered} == set()


@pytest.mark.parametrize("service", SERVICES)
def test_domain_events_are_frozen_and_their_names_unique(service: str):
    events = next(event_modules(service)).EVENTS
    assert [event.__name__ for event in events if not event.__dataclass_params__.frozen] == []
    assert len({event.__name__ for event in events}) == len(events)


@pytest.mark.parametrize("source", SERVICES)
def test_every_public_event_is_in_the_registry_of_its_contract(source: str):
    module = importlib.import_module(f"shared.contracts.{source}")
    defined = {
        value.__name__
        for value in classes_defined_in(module)
        if issubclass(value, PublicEventSchema)
    }
    assert {schema.__name__ for schema in SOURCES[source].values()} == {*defined, "StepTaken"}


@pytest.mark.parametrize("source", SERVICES)
def test_a_public_event_has_the_name_of_its_class(source: str):
    for name, schema in SOURCES[source].items():
        assert name == schema.__name__ == schema.type

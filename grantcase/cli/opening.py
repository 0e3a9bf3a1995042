"""Opening the backend a command works on, and showing people what went wrong: no tracebacks."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from grantcase.backend import Backend, Refused
from grantcase.store_folder import NoStore, default_folder, open_store
from shared.bus.settings import MissingSetting
from shared.documents.place import UnusableSetting
from shared.kernel.errors import DomainError

console = Console(highlight=False)
problems = Console(stderr=True, highlight=False)

Against = Annotated[
    str,
    typer.Option(help="embedded（單機資料庫）或 local（make up 啟動的服務） embedded or local"),
]
Store = Annotated[
    Path | None, typer.Option(help="資料庫資料夾 the store's folder (default: .grantcase)")
]


@contextmanager
def backend(against: str = "embedded", store: Path | None = None) -> Iterator[Backend]:
    """The services to talk to; every refusal ends the program with its text and exit code 2."""
    with told():
        must_be_known(against)
        if against == "local":
            from grantcase.local import open_local  # the message broker's client, only when asked

            with open_local() as local:
                yield local
        else:
            with open_store(store or default_folder()) as embedded:
                yield embedded


def must_be_known(against: str) -> None:
    """End the program when --against is neither of the two."""
    if against not in ("embedded", "local"):
        fail("--against 須為 embedded 或 local", "--against is embedded or local")


@contextmanager
def told() -> Iterator[None]:
    """Turn every expected failure into words in both languages."""
    try:
        yield
    except Refused as refused:
        show_refusal(refused.answer)
        raise typer.Exit(2) from None
    except DomainError as error:
        show_refusal(error.as_dict())
        raise typer.Exit(2) from None
    except (NoStore, MissingSetting, UnusableSetting, FileNotFoundError, ConnectionError) as error:
        problems.print(str(error), markup=False)
        raise typer.Exit(1) from None


def show_refusal(answer: Mapping[str, Any]) -> None:
    """The error document for people: both languages, the field, the rules."""
    text = answer.get("message", {})
    problems.print(f"✗ {text.get('zh-Hant', '')}", style="red", markup=False)
    problems.print(f"  {text.get('en', '')}", markup=False)
    for name, label in (("field", "欄位 field"), ("rule", "規則 rule")):
        if answer.get(name):
            problems.print(f"  {label}: {answer[name]}", markup=False)
    for path, fault in list(dict(answer.get("problems") or {}).items())[:20]:
        problems.print(f"  · {path}: {fault}", markup=False)
    for finding in answer.get("findings") or []:
        text = f"{finding['message']['zh-Hant']} {finding['message']['en']}"
        if finding["rule"]:  # else it is said in general only
            text = f"{finding['rule']}/{finding['clause']} [{finding['severity']}] {text}"
            text += f"（{finding['source']}）"
        problems.print(f"  · {text}", markup=False)


def fail(zh: str, en: str, code: int = 1) -> NoReturn:
    """End the program with a text in both languages."""
    problems.print(f"✗ {zh}\n  {en}", style="red", markup=False)
    raise typer.Exit(code)


def read_payload() -> str:
    """Standard input; an empty text when it is a terminal."""
    return "" if sys.stdin.isatty() else sys.stdin.read()

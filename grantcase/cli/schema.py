"""`grantcase rules schema`: the JSON Schema of pack files, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from grantcase.cli.opening import fail
from shared.programmes.editor_schema import editor_schema, kinds, schema_of


def schema(
    out: Annotated[Path | None, typer.Option(help="寫入檔案 write to this file")] = None,
    kind: Annotated[
        str | None,
        typer.Option(help=f"只要一種檔案 one kind of file: {', '.join(kinds())}"),
    ] = None,
) -> None:
    """Print the JSON Schema of a pack's files, so that an editor completes and marks keys."""
    if kind is not None and kind not in kinds():
        known = "、".join(kinds())
        fail(f"沒有這種檔案：{kind}；有：{known}", f"no kind of file {kind}; there are {known}")
    made = editor_schema() if kind is None else schema_of(kind)
    text = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    out.write_text(text, "utf-8")
    typer.echo(f"✓ {out}")

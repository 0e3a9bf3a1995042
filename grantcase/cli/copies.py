"""`grantcase backup` and `grantcase restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grantcase import store_copies
from grantcase.auditing import verify_folder
from grantcase.cli.opening import Store, console, fail, told
from grantcase.store_folder import NoStore, default_folder

Keys = Annotated[Path, typer.Option(help="金鑰資料夾 the folder of the keys, a place of its own")]


def backup(
    target: Annotated[Path, typer.Argument(help="備份資料夾（須為空） an empty folder")],
    keys: Keys,
    store: Store = None,
) -> None:
    """Copy events and documents to one place and the keys to another; the master key to neither."""
    folder = store or default_folder()
    with told():
        if not (folder / "store.json").exists():
            raise NoStore(folder)
        try:
            made = store_copies.backup(folder, target, keys)
        except (store_copies.FolderInUse, store_copies.DamagedBackup) as error:
            fail(str(error), str(error))
            return
    console.print(
        f"✓ 備份完成 backed up: {made['files']} 檔 files, {made['documents']} 文件 documents → "
        f"{target}；金鑰 keys → {keys}",
        markup=False,
    )
    console.print(f"  主金鑰不在備份內，請另行保管 keep apart: {folder / 'secrets' / 'master.key'}")


def restore(
    source: Annotated[Path, typer.Argument(help="備份資料夾 the backup")],
    keys: Keys,
    master_key: Annotated[Path, typer.Option(help="主金鑰檔 the master key's file")],
    store: Store = None,
) -> None:
    """Rebuild a store from a backup and the newest keys, and verify every log afterwards."""
    folder = store or default_folder()
    with told():
        try:
            store_copies.restore(source, keys, folder, master_key)
        except (store_copies.FolderInUse, store_copies.DamagedBackup) as error:
            fail(str(error), str(error))
            return
        verdicts = verify_folder(folder)
    bad = [verdict for verdict in verdicts if verdict.report.problem]
    for verdict in bad:
        if verdict.report.problem:
            fail(verdict.report.problem.zh, verdict.report.problem.en, code=2)
    events = sum(verdict.report.events for verdict in verdicts)
    console.print(f"✓ 已還原並驗證 restored and verified: {events:,} 事件 events → {folder}")

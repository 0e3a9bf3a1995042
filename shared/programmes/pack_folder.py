"""The files of a pack merged into one document, every value with the place it was written at."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.programmes.reading import Fault, Place, YamlFile, pointer, read_yaml

LISTS = {"moments": "moments", "rules": "rules"}  # folder -> the one key of its files
APART = ("pack.yaml", "documents.yaml", "catalogue.yaml")
"""Read before the sections, or no part of the document: the catalogue (rule_catalogue.py)."""
WITHOUT_FIGURES = ("parameters", "call_parameters", "rules", "moments", "forms", "documents")
"""Everything else may say {param: name}, or {param: name, item: n} of a list, for a figure."""


@dataclass(slots=True)
class PackFolder:
    """A pack as it lies in a folder: document, calls, faults of reading, and places."""

    document: dict[str, Any] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    files: list[YamlFile] = field(default_factory=list)
    origins: dict[str, tuple[YamlFile, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, path: str) -> Place:
        """Where the value at this pointer of the document (or of /calls/<n>) was written."""
        head = path
        while head and head not in self.origins:
            head = head.rpartition("/")[0]
        if head not in self.origins:
            return Place("pack.yaml", 1, 1, path)
        read, base = self.origins[head]
        return read.place(base + path[len(head) :])


def read_folder(folder: Path) -> PackFolder:
    """Read and merge every file of a pack; faults are collected, not raised."""
    pack = PackFolder()
    if not (folder / "pack.yaml").is_file():
        pack.faults.append(
            Fault("pack.yaml", 1, 1, "", "找不到 pack.yaml", f"there is no {folder}/pack.yaml")
        )
        return pack
    head = _read(pack, folder, folder / "pack.yaml")
    if isinstance(head.value, dict):
        pack.document.update(head.value)
        pack.origins.update({pointer("", key): (head, pointer("", key)) for key in head.value})
    elif not head.faults:
        _wrong_top(pack, head)
    for kind, key in LISTS.items():
        _merge_lists(pack, folder, kind, key)
    _merge_forms(pack, folder)
    _merge_documents(pack, folder)
    _merge_sections(pack, folder)
    _fill_in_parameters(pack)
    for path in sorted((folder / "calls").glob("*.yaml")):
        read = _read(pack, folder, path)
        if isinstance(read.value, dict):
            pack.origins[f"/calls/{len(pack.calls)}"] = (read, "")
            pack.calls.append(read.value)
    return pack


def _merge_lists(pack: PackFolder, folder: Path, kind: str, key: str) -> None:
    merged = pack.document.setdefault(key, [])
    for path in sorted((folder / kind).glob("*.yaml")):
        read = _read(pack, folder, path)
        items = read.value.get(key, []) if isinstance(read.value, dict) else None
        if not isinstance(items, list) or set(read.value) - {key}:
            _wrong_top(pack, read, key)
            continue
        for index, item in enumerate(items):
            pack.origins[f"/{key}/{len(merged)}"] = (read, f"/{key}/{index}")
            merged.append(item)


def _merge_forms(pack: PackFolder, folder: Path) -> None:
    forms = pack.document.setdefault("forms", {})
    for path in sorted((folder / "forms").glob("*.yaml")):
        read = _read(pack, folder, path)
        if not isinstance(read.value, dict) or not isinstance(read.value.get("id"), str):
            _wrong_top(pack, read, "id")
            continue
        form_id = read.value["id"]
        if form_id in forms:
            _fault(pack, read, "/id", f"表單 {form_id} 重複", f"the form {form_id} is there twice")
        pack.origins[pointer("/forms", form_id)] = (read, "")
        forms[form_id] = read.value


def _merge_documents(pack: PackFolder, folder: Path) -> None:
    pack.document.setdefault("documents", {})
    if not (folder / "documents.yaml").is_file():
        return
    read = _read(pack, folder, folder / "documents.yaml")
    if not isinstance(read.value, dict) or set(read.value) != {"documents"}:
        _wrong_top(pack, read, "documents")
        return
    pack.document["documents"] = read.value["documents"]
    pack.origins["/documents"] = (read, "/documents")


def _merge_sections(pack: PackFolder, folder: Path) -> None:
    """Sections too long for pack.yaml stand in files of their own beside it."""
    for path in sorted(folder.glob("*.yaml")):
        if path.name in APART:
            continue
        read = _read(pack, folder, path)
        for key, value in read.value.items() if isinstance(read.value, dict) else ():
            if key in pack.document:
                where = pointer("", key)
                _fault(pack, read, where, f"{key} 重複", f"the section {key} is there twice")
            pack.origins[pointer("", key)] = (read, pointer("", key))
            pack.document[key] = value


def _fill_in_parameters(pack: PackFolder) -> None:
    """So that a figure which an office may set stands once: the document holds its value."""
    for key in set(pack.document) - set(WITHOUT_FIGURES):
        pack.document[key] = _filled(pack, pack.document[key], pointer("", key))


def _filled(pack: PackFolder, value: Any, path: str) -> Any:
    if isinstance(value, list):
        return [_filled(pack, item, f"{path}/{index}") for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if "param" not in value or set(value) - {"param", "item"}:
        return {key: _filled(pack, item, pointer(path, key)) for key, item in value.items()}
    name, item = value["param"], value.get("item")
    parameters = pack.document.get("parameters")
    known = parameters if isinstance(parameters, dict) else {}
    found = known.get(name) if isinstance(name, str) else None
    figure = found.get("value") if isinstance(found, dict) else None
    if item is not None:
        in_it = isinstance(figure, list) and isinstance(item, int) and 0 < item <= len(figure)
        figure = figure[item - 1] if in_it and isinstance(figure, list) else None
    if figure is None:
        what = f"{name}" if item is None else f"{name}, item {item}"
        place = pack.place(path)
        zh, en = f"沒有參數 {what}", f"there is no parameter {what}"
        pack.faults.append(Fault(place.file, place.line, place.column, path, zh, en))
    return figure


def _read(pack: PackFolder, folder: Path, path: Path) -> YamlFile:
    read = read_yaml(path, path.relative_to(folder).as_posix())
    pack.files.append(read)
    pack.faults.extend(read.faults)
    return read


def _wrong_top(pack: PackFolder, read: YamlFile, key: str | None = None) -> None:
    if read.faults:
        return
    what = f"`{key}:`" if key else "a map of keys"
    _fault(pack, read, "", f"檔案最上層應為 {key or '欄位表'}", f"the file must hold {what} on top")


def _fault(pack: PackFolder, read: YamlFile, path: str, zh: str, en: str) -> None:
    place = read.place(path)
    pack.faults.append(Fault(read.name, place.line, place.column, path, zh, en))

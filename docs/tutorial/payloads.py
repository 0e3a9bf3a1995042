"""Write the payloads of the tutorial into a folder: `python docs/tutorial/payloads.py hand`.

The forms, the roster and the documents are those of the pack's own example of a complete
proposal, which `grantcase rules facts coprosperity-112 submit` prints too.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from grantcase.demo.proposals import pdf
from shared.programmes.examples import example_facts
from shared.programmes.location import programme_folder
from shared.programmes.pack import load_pack
from shared.programmes.reading import read_yaml

CASE = "00000000-0000-4000-8000-000000000001"
CALL = "00000000-0000-4000-8000-0000000000c1"
UBN, NAME = "12345676", "範例雲端科技股份有限公司"
_CELLS = {True: "是", False: "否", None: ""}

Payload = dict[str, Any]


def payloads() -> Iterator[tuple[str, Payload]]:
    """(file name, payload) of every command the tutorial gives."""
    folder = programme_folder("coprosperity-112")
    pack = load_pack(folder)
    facts = example_facts(pack, "submit")
    yield "call", _call(folder / "calls" / "112-1.yaml", pack.digest, pack.document)
    yield (
        "applicant",
        {
            "ubn": UBN,
            "name": NAME,
            "contact_name": "林聯絡",
            "contact_email": "contact@example.com",
        },
    )
    yield "draft", {"case_id": CASE, "call_id": CALL, "applicant_ubn": UBN}
    yield "case", {"case_id": CASE}
    roster = {"table": "F19", "file_name": "F19.csv"}
    yield "roster", {"case_id": CASE, **roster, "file_base64": _text(_csv(facts["forms"]["F19"]))}
    for form, content in facts["forms"].items():
        if form != "F19":
            yield f"form-{form}", {"case_id": CASE, "form": form, "content": content}
    for number, document in enumerate(facts["documents"], start=1):
        yield f"document-{number:02}", _document(document)


def _call(path: Path, digest: str, pack: Mapping[str, Any]) -> Payload:
    call = read_yaml(path, path.name).value
    return {
        "call_id": CALL,
        "code": call["code"],
        "pack_digest": digest,
        "title": call["title"],
        "parameters": call["parameters"],
        "cites": [pack["parameters"]["procedural_basis"]["value"]],
    }


def _document(document: Mapping[str, Any]) -> Payload:
    kept = {name: document[name] for name in ("kind", "party", "about", "period")}
    return {
        "case_id": CASE,
        **kept,
        "owner_ubn": UBN if document["owner_ubn"] else None,
        "file_name": Path(document["file_name"]).with_suffix(".pdf").name,
        "file_base64": _text(pdf(document["pages"] or 3)),
    }


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]))
    table.writeheader()
    for row in rows:
        table.writerow({key: _cell(value) for key, value in row.items()})
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    return _CELLS[value] if value is None or isinstance(value, bool) else value


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def main(folder: Path) -> None:
    """Write one JSON file per payload."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, payload in payloads():
        text = json.dumps(payload, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

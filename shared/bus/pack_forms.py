"""The Forms port over the packs a service has stored: forms, packs and calls as handed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from shared.bus.command_schema import first_problem
from shared.documents.tables.reading import TableFile, read_table, with_rows
from shared.kernel.errors import InvalidInput
from shared.kernel.ids import derived_id
from shared.kernel.streams import Packs
from shared.programmes import forms
from shared.programmes.compiled import CompiledPack
from shared.programmes.facts import UnusableFacts, call_shape, check_facts
from shared.programmes.pack import Pack
from shared.programmes.pack_schema import PackDocument
from shared.programmes.shapes import MapShape
from shared.programmes.tables import UnknownTable, table_of, tables_of


class PackForms:
    """Checks, seals and strips forms as the pack declares them."""

    def __init__(self, packs: Packs, compiled: dict[str, CompiledPack]):
        self._packs = packs
        self._compiled = compiled

    def must_be_pack(self, document: Mapping[str, Any]) -> None:
        """Whether a document has the shape of a pack. Raises InvalidInput naming the field."""
        problems = PackDocument().validate(dict(document))
        if problems:
            path, text = first_problem(problems, "/document")
            raise InvalidInput(
                f"規則包欄位 {path}：{text}", f"field {path} of the pack: {text}", field=path
            )

    def must_be_call(self, digest: str, parameters: Mapping[str, Any]) -> None:
        """Whether a call supplies what its pack asks for. Raises InvalidInput naming the field."""
        shape = MapShape({"call": call_shape(self._pack(digest))})
        try:
            check_facts(shape, {"call": parameters}, complete=False)
        except UnusableFacts as fault:
            path = fault.path.replace("/call", "/parameters", 1)
            raise InvalidInput(
                f"公告參數 {path}：{fault.zh}",
                f"call parameter {path}: {fault.en}",
                field=path,
            ) from None

    def checked(self, digest: str, form: str, content: Any) -> Any:
        """The complete form. Raises InvalidInput naming the form, the field and the row."""
        pack = self._known(digest, form)
        try:
            return forms.form_schema(pack, form).load(content)
        except ValidationError as error:
            problems = error.normalized_messages()
            path, text = first_problem(problems, f"/forms/{form}")
            raise InvalidInput(
                f"表單 {form} 欄位 {path}：{text}",
                f"form {form}, field {path}: {text}",
                field=path,
                problems=problems,
            ) from None

    def sealed(self, digest: str, form: str, content: Any, case_id: UUID) -> Any:
        """The form with personal values under the case's data subjects; in a table each row that
        has its own number is a subject of its own."""

        def subject(name: str, row: Mapping[str, Any] | None) -> str:
            return str(derived_id(case_id, form, name, (row or {}).get("ubn", "")))

        return forms.seal_personal(self._known(digest, form), form, content, subject)

    def without_personal(self, digest: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """The forms less every personal field."""
        return forms.strip_personal(self._pack(digest), content)

    def read_table(
        self,
        digest: str,
        table: str,
        file: tuple[str, bytes],
        held: Mapping[str, Any],
        key: str | None = None,
    ) -> tuple[str, Any, int]:
        """(form, its content with the file's rows in it, how many); `held` are the forms that
        are there already. Raises InvalidInput: every fault with its cell."""
        pack = self._pack(digest)
        try:
            known = table_of(pack, table)
        except UnknownTable:
            names = "、".join(one.id for one in tables_of(pack))
            raise InvalidInput(
                f"{pack.id} 沒有表格 {table}；有：{names}",
                f"{pack.id} has no table {table}; there are: {names}",
                field="table",
            ) from None
        rows = read_table(pack, known, TableFile(*file), key)
        before = held.get(known.form) or forms.empty_form(pack, known.form)
        return known.form, with_rows(known, before, rows), len(rows)

    def _known(self, digest: str, form: str) -> Pack:
        pack = self._pack(digest)
        if form not in pack.forms:
            raise InvalidInput(
                f"{pack.id} 沒有表單 {form}", f"{pack.id} has no form {form}", field="form"
            )
        return pack

    def _pack(self, digest: str) -> Pack:
        if digest in self._compiled:
            return self._compiled[digest].pack
        return Pack(self._packs.document(digest), digest)

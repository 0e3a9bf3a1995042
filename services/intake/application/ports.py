"""What the handlers of intake may see of the outside; wired in services/intake/wiring.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from shared.kernel.streams import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredFile:
    """What the server measured of a stored file; scan is clean, infected or not-configured."""

    sha256: str
    size_bytes: int
    media_type: str
    pages: int | None
    encrypted: bool
    readable: bool
    scan: str


class Forms(Protocol):
    """The forms of a pack, and whether packs and calls have their shape."""

    def must_be_pack(self, document: Mapping[str, Any]) -> None:
        """Raises InvalidInput naming the field."""
        ...

    def must_be_call(self, digest: str, parameters: Mapping[str, Any]) -> None:
        """Raises InvalidInput naming the parameter, and UnknownPack."""
        ...

    def checked(self, digest: str, form: str, content: Any) -> Any:
        """The complete form (null, [] where empty). Raises InvalidInput naming field and row."""
        ...

    def sealed(self, digest: str, form: str, content: Any, case_id: UUID) -> Any:
        """The form with personal fields as Personal values of the case's data subjects."""
        ...

    def without_personal(self, digest: str, forms: Mapping[str, Any]) -> dict[str, Any]:
        """The forms less every personal field."""
        ...

    def read_table(
        self,
        digest: str,
        table: str,
        file: tuple[str, bytes],
        held: Mapping[str, Any],
        key: str | None = None,
    ) -> tuple[str, Any, int]:
        """(form, its content with the rows of `file` in it, how many rows); file is name and
        bytes, `held` the forms there already, `key` a column without duplicates.

        Raises InvalidInput: every fault with row and column, or the rule that refuses the file.
        """
        ...


class Documents(Protocol):
    """The bytes of documents, by content."""

    def store(self, content: bytes) -> MeasuredFile:
        """Keep the bytes and measure them; the same content again is kept once."""
        ...


class CaseNumbers(Protocol):
    """案號 per programme: consecutive, without gaps, guarded by the database."""

    def next(self, prefix: str) -> str:
        """The next number, such as CP112-0007, taken in the command's transaction."""
        ...


class EnterprisesInCall(Protocol):
    """Which submitted proposal of a call holds which enterprise."""

    def others(self, call_id: UUID, case_id: UUID, ubns: Sequence[str]) -> list[dict[str, str]]:
        """[{ubn, case_number}] of other proposals that hold one of these numbers."""
        ...


class Bars(Protocol):
    """The register of bars."""

    def of(self, ubns: Sequence[str], programme_id: str) -> list[dict[str, Any]]:
        """[{ubn, decided_on, until, years_roc}] of bars that were not lifted."""
        ...


class Subjects(Protocol):
    """Data subjects, the cases that hold them, and their keys."""

    def known(self, subject_id: str) -> bool:
        """Whether a personal field of the subject is stored."""
        ...

    def held_by(self, subject_id: str) -> Sequence[str]:
        """Numbers of the open cases that name the subject."""
        ...

    def destroy_key(self, subject_id: str, at: datetime) -> None:
        """Destroy the key once the transaction is durable; repeatable."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakePorts(Ports):
    """Bound to one unit of work."""

    forms: Forms
    documents: Documents
    numbers: CaseNumbers
    enterprises: EnterprisesInCall
    bars: Bars
    subjects: Subjects

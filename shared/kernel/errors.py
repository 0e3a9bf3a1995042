"""The error tree: what a caller may be told, in both languages.

DomainError                      the request is wrong; nothing is stored
├── InvalidInput                 a field is missing or malformed (names the field)
├── UnknownThing                 the thing addressed does not exist
├── NotPermitted                 the actor's role or relation does not allow the command
├── WrongState                   the aggregate is not in a state that allows the command
│   └── NotOfProgramme           the case's programme has nothing of the kind
├── StaleVersion                 the caller decided on an older version of the stream
├── CommandIdReused              the same command id with other content
└── RefusedByRules               clauses of the programme block it; a CommandRefused is stored
RuleError                        a clause failed to evaluate: our fault, the operator is told
VersionConflict                  two writers met; the unit of work is repeated, at most three times
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared.kernel.audience import for_everyone, message_of
from shared.kernel.streams import UnknownPack

if TYPE_CHECKING:
    from shared.kernel.decisions import Evaluation


class DomainError(Exception):
    """A refusal a caller may read: a stable code, a text in each language, the field if any."""

    code = "refused"

    def __init__(self, zh: str, en: str, *, field: str | None = None, rule: str | None = None):
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.field = field
        self.rule = rule

    def as_dict(self) -> dict[str, Any]:
        """The answer on the wire: {error, message: {zh-Hant, en}, field?, rule?}."""
        answer: dict[str, Any] = {
            "error": self.code,
            "message": {"zh-Hant": self.zh, "en": self.en},
        }
        if self.field:
            answer["field"] = self.field
        if self.rule:
            answer["rule"] = self.rule
        return answer


class InvalidInput(DomainError):
    """A field is missing, malformed or of the wrong type; `problems` maps path to messages."""

    code = "invalid-input"

    def __init__(
        self,
        zh: str,
        en: str,
        *,
        field: str | None = None,
        rule: str | None = None,
        problems: Mapping[str, Any] | None = None,
    ):
        super().__init__(zh, en, field=field, rule=rule)
        self.problems = dict(problems or {})

    def as_dict(self) -> dict[str, Any]:
        """As DomainError, plus `problems` when there is more than one."""
        answer = super().as_dict()
        if self.problems:
            answer["problems"] = self.problems
        return answer


class UnknownThing(DomainError):
    """What the command addresses does not exist."""

    code = "unknown"


class NotPermitted(DomainError):
    """The permission table (shared.kernel.permissions) does not allow this actor."""

    code = "not-permitted"


class WrongState(DomainError):
    """The life cycle does not allow the command now."""

    code = "wrong-state"


class NotOfProgramme(WrongState):
    """The pack has no such moment or section: what a programme does not have is not invented."""

    code = "not-of-programme"

    def __init__(self, programme: str, what: str, *, field: str | None = None):
        super().__init__(
            f"計畫 {programme} 未訂有「{what}」，不辦理此項",
            f"programme {programme} has no {what}: nothing of the kind is done here",
            field=field,
        )


class StaleVersion(DomainError):
    """The caller named an expected version that is no longer the stream's version."""

    code = "stale-version"


class CommandIdReused(DomainError):
    """The same command id arrived with other content."""

    code = "command-id-reused"


class RefusedByRules(DomainError):
    """One or more clauses block the command (or what it would do: `blocks`); carries the
    evaluation for the CommandRefused."""

    code = "refused-by-rules"

    def __init__(self, evaluation: Evaluation, blocks: str = "command"):
        blocking = evaluation.blocking(blocks)
        text = message_of([finding.as_dict() for finding in blocking])
        super().__init__(text["zh-Hant"], text["en"], rule=blocking[0].rule)
        self.evaluation = evaluation
        self.blocks = blocks
        self.blocking = blocking
        self.to_officer = False  # the door says so when an officer asked

    def as_dict(self) -> dict[str, Any]:
        """As the reader may have it: as DomainError, plus the findings, and `blocks` when
        something else than the command is refused. Without a known reader: what is for everyone."""
        document = self.in_full()
        return document if self.to_officer else dict(for_everyone(document))

    def in_full(self) -> dict[str, Any]:
        """With every finding, whoever it is for."""
        return {
            **super().as_dict(),
            **({"blocks": self.blocks} if self.blocks != "command" else {}),
            "findings": [f.as_dict() for f in self.evaluation.findings],
        }


class RuleError(Exception):
    """A clause could not be evaluated: names pack, rule, clause, row; the command fails."""


class VersionConflict(Exception):
    """Another writer appended first; the entry repeats the unit of work."""


def error_document(error: Exception) -> dict[str, Any]:
    """What a caller is told of any error; never a traceback. Faults of ours say so."""
    if isinstance(error, DomainError):
        return error.as_dict()
    if isinstance(error, RuleError):
        return {
            "error": "rule-error",
            "message": {
                "zh-Hant": f"規則無法執行，未儲存任何資料，已通知維運人員：{error}",
                "en": f"a rule could not be evaluated; nothing was stored: {error}",
            },
        }
    if isinstance(error, UnknownPack):
        return {
            "error": "unknown",
            "message": {
                "zh-Hant": f"查無規則包或徵案 {error}：未公告，或尚未送達本服務",
                "en": f"no pack or call {error} is known here: not published, or not arrived yet",
            },
        }
    if isinstance(error, VersionConflict):
        return {
            "error": "busy",
            "message": {
                "zh-Hant": "多人同時異動同一案件，請重送相同指令編號",
                "en": "several writers met on the same case; send the same command id again",
            },
        }
    return {
        "error": type(error).__name__,
        "message": {"zh-Hant": f"無法處理：{error}", "en": f"could not be done: {error}"},
    }

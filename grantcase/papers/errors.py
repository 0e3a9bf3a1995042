"""Why a paper is not written."""

from __future__ import annotations

from collections.abc import Sequence

from shared.kernel.errors import DomainError


class UnknownPaper(DomainError):
    """Neither the pack nor the defaults declare a paper of this kind."""

    code = "unknown-paper"

    def __init__(self, kind: str, known: Sequence[str]):
        listed = "、".join(known)
        super().__init__(
            f"沒有文件 {kind}；可用者：{listed}",
            f"there is no paper {kind}; there are: {', '.join(known)}",
            field="kind",
        )


class NotYet(DomainError):
    """The case has not come as far as the paper needs."""

    code = "not-yet"

    def __init__(self, label: str, zh: str, en: str):
        super().__init__(
            f"「{label}」尚不能製作：{zh}", f"this paper cannot be written yet: {en}", field="kind"
        )


class NoSuchItem(DomainError):
    """--item names one of several that is not there."""

    code = "no-such-item"

    def __init__(self, number: int, there_are: int):
        super().__init__(
            f"--item {number} 不存在，共有 {there_are} 件",
            f"there is no item {number}; there are {there_are}",
            field="item",
        )


class FaultyTemplate(DomainError):
    """A template says what cannot be filled: which block, and why."""

    code = "faulty-paper"

    def __init__(self, where: str, why: str):
        super().__init__(
            f"文件範本 {where} 無法填寫：{why}",
            f"the template of paper {where} cannot be filled: {why}",
            field=where,
        )


class NotEquipped(DomainError):
    """Fonts or libraries of the operating system are missing; names the Debian packages."""

    code = "not-equipped"

    def __init__(self, packages: Sequence[str]):
        names = " ".join(packages)
        super().__init__(
            f"缺少製作文件所需之字型或程式庫，請安裝：apt-get install {names}",
            f"fonts or libraries that papers need are missing: apt-get install {names}",
        )

"""A paper as neither PDF nor DOCX: frozen, plain texts, in the order of reading.

Texts are zh-Hant and final: dates are in ROC years, amounts have their separators. Widths are
shares of the line (any positive integers). Figures in charts are integers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LEFT, CENTER, RIGHT, CODE = "left", "center", "right", "code"
"""How a column is set; a code is never broken."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; style plain, item (hanging marker), small, center, strong."""

    text: str
    style: str = "plain"
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Clauses:
    """A labelled part of an official letter (主旨, 說明): one text, or numbered ones."""

    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldTable:
    """Label beside value; `columns` pairs in a line."""

    rows: tuple[tuple[str, str], ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    label: str
    width: int = 10
    align: str = LEFT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column heads; `total` is the last row, set strong."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    total: tuple[str, ...] = ()
    empty: str = "（無）"
    note: str = ""
    small: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a Gantt chart: from the start of one column to the end of another."""

    label: str
    start: int
    end: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Gantt:
    """Work items over months; marks are columns with a name (checkpoints)."""

    columns: tuple[str, ...]
    bars: tuple[Bar, ...]
    marks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a value for every column, None where there is none."""

    name: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines over common columns; values are percent in basis points, or plain counts."""

    columns: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = "%"
    axis: str = ""


@dataclass(frozen=True, slots=True)
class Shares:
    """One horizontal bar per row, in basis points of its target; a line at 100 %."""

    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One small line chart: title, a line under it, and its values."""

    title: str
    subtitle: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Panels:
    """Small line charts with the same axes, side by side; `threshold` is drawn as a line."""

    columns: tuple[str, ...]
    panels: tuple[Panel, ...]
    axis: str = ""
    threshold: int | None = None
    threshold_name: str = ""


Chart = Gantt | Curve | Shares | Panels


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its caption; without figures the text `empty` stands there."""

    chart: Chart
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Places to sign or seal: (capacity, name) each."""

    places: tuple[tuple[str, str], ...]

    def lines(self) -> list[tuple[tuple[str, str], ...]]:
        """The places side by side: four in a line where none is named, else two."""
        across = 2 if any(name for _, name in self.places) else min(4, len(self.places))
        return [self.places[i : i + across] for i in range(0, len(self.places), across)]


@dataclass(frozen=True, slots=True)
class Proof:
    """A signed inclusion proof: fields to read, the path of hashes, the document to check."""

    rows: tuple[tuple[str, str], ...]
    path: tuple[str, ...]
    document: str = ""
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


Block = Heading | Paragraph | Clauses | FieldTable | Table | Figure | Signature | Proof | PageBreak


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document. `style` is letter (公文), form or report; `date` is text in ROC years."""

    kind: str
    style: str
    title: str
    issuer: str
    addressee: str = ""
    number: str = ""
    date: str = ""
    date_label: str = ""
    head: tuple[tuple[str, str], ...] = ()
    contact: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = field(default=())
    case_number: str = ""
    programme: str = ""
    landscape: bool = False
    copies: tuple[tuple[str, str], ...] = ()

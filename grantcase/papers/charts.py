"""Charts of a paper, drawn by matplotlib: SVG for PDF, PNG for DOCX. Same chart, same bytes.

Lines differ in dash and marker as well as in tone, so that a photocopy still tells them apart.
(Longer than a page: one function per chart.)
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from grantcase.papers import model
from grantcase.papers.equipment import SANS

WIDTH_IN = 6.3
"""The line of an A4 page between its margins, in inches."""

_INK, _PALE, _RULE = "#1f3a5f", "#9fb3c8", "#c8d0d8"
_TONES = ("#1f3a5f", "#b5542a", "#4f7f52", "#7a6f9b")
_DASHES = ("-", "--", "-.", ":")
_MARKERS = ("o", "s", "^", "D")
_SETTINGS: Any = {
    "font.family": [SANS],
    "font.size": 8,
    "axes.linewidth": 0.6,
    "axes.edgecolor": "#55606b",
    "axes.unicode_minus": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "grantcase",
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
}
_PANEL_COLUMNS = 3


def drawn(chart: model.Chart, kind: str) -> bytes:
    """The chart as `svg` or `png` (220 dots an inch)."""
    with matplotlib.rc_context(_SETTINGS):
        figure = _DRAW[type(chart)](chart)
        held = io.BytesIO()
        metadata: dict[str, Any] = {"Date": None} if kind == "svg" else {"Software": None}
        figure.savefig(held, format=kind, dpi=220, metadata=metadata)
    return held.getvalue()


def _gantt(chart: model.Gantt) -> Figure:
    many = len(chart.bars)
    figure, axes = _canvas(0.75 + 0.26 * many)
    for row, bar in enumerate(chart.bars):
        axes.barh(row, bar.end - bar.start + 1, left=bar.start, height=0.5, color=_INK, zorder=3)
        if bar.note:
            axes.text(
                bar.end + 1.12, row, bar.note, va="center", ha="left", fontsize=7, color="#333333"
            )
    for place, name in chart.marks:
        axes.axvline(place + 1, color=_TONES[1], linestyle="--", linewidth=0.9, zorder=4)
        axes.text(place + 1, -0.95, name, ha="center", va="bottom", fontsize=7, color=_TONES[1])
    axes.set_yticks(range(many), [_cut(bar.label, 16) for bar in chart.bars])
    axes.set_ylim(many - 0.4, -0.7)
    axes.set_xlim(0, len(chart.columns) + (1 if any(bar.note for bar in chart.bars) else 0))
    axes.set_xticks(range(len(chart.columns) + 1), [""] * (len(chart.columns) + 1))
    for place, name in enumerate(chart.columns):
        axes.text((2 * place + 1) / 2, many - 0.3, name, ha="center", va="top", fontsize=8)
    axes.grid(axis="x", color=_RULE, linewidth=0.5, zorder=0)
    _plain(axes)
    return figure


def _curve(chart: model.Curve) -> Figure:
    figure, axes = _canvas(2.9)
    for place, series in enumerate(chart.series):
        known = [(x, y) for x, y in enumerate(series.values) if y is not None]
        style = place % len(_TONES)
        axes.plot(
            [x for x, _ in known],
            [y for _, y in known],
            color=_TONES[style],
            linestyle=_DASHES[style],
            marker=_MARKERS[style],
            markersize=4,
            linewidth=1.4,
            label=series.name,
        )
    axes.set_xticks(range(len(chart.columns)), chart.columns)
    if chart.unit == "%":
        axes.set_ylim(0, 10_800)
        axes.set_yticks(
            range(0, 10_001, 2_000), [f"{bp // 100}%" for bp in range(0, 10_001, 2_000)]
        )
    else:
        axes.set_ylim(bottom=0)
    axes.set_ylabel(chart.axis)
    axes.grid(color=_RULE, linewidth=0.5)
    axes.legend(loc="upper left", frameon=False, fontsize=8, handlelength=3)
    _plain(axes)
    return figure


def _shares(chart: model.Shares) -> Figure:
    many = len(chart.rows)
    figure, axes = _canvas(0.6 + 0.27 * many)
    most = max(10_000, *(bp for _, bp in chart.rows))
    for row, (_, bp) in enumerate(chart.rows):
        axes.barh(row, bp, height=0.55, color=_INK if bp >= 10_000 else _PALE, zorder=3)
        axes.text(bp + most // 100, row, f"{bp // 100}.{bp % 100:02d}%", va="center", fontsize=7)
    axes.axvline(10_000, color=_TONES[1], linestyle="--", linewidth=1, zorder=4)
    axes.set_yticks(range(many), [_cut(label, 18) for label, _ in chart.rows])
    axes.set_ylim(many - 0.4, -0.6)
    axes.set_xlim(0, most * 115 // 100)
    quarter = 10_000 // 4
    steps = range(0, most + 1, quarter if most <= 6 * quarter else 2 * quarter)
    axes.set_xticks(steps, [f"{bp // 100}%" for bp in steps])
    axes.grid(axis="x", color=_RULE, linewidth=0.5, zorder=0)
    _plain(axes)
    return figure


def _panels(chart: model.Panels) -> Figure:
    """All panels stand in one pair of axes, lines of one kind as one path: a hundred small axes, or
    a thousand paths, would take seconds."""
    lines = -(-len(chart.panels) // _PANEL_COLUMNS)
    figure = Figure(figsize=(WIDTH_IN, 1.62 * lines))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, 100 * _PANEL_COLUMNS)
    axes.set_ylim(100 * lines, 0)
    axes.axis("off")
    top = _round_up(max([chart.threshold or 1, *(v or 0 for p in chart.panels for v in p.values)]))
    strokes: dict[str, tuple[list[Any], list[Any]]] = {name: ([], []) for name in _STROKES}
    for place, panel in enumerate(chart.panels):
        line, column = divmod(place, _PANEL_COLUMNS)
        frame = _Frame(100 * column + 11, 100 * line + 24, max(len(chart.columns) - 1, 1), top)
        _write_on_panel(axes, chart, panel, frame)
        for name, points in _panel_lines(chart, panel, frame):
            across, down = strokes[name]
            across += [*(x for x, _ in points), None]
            down += [*(y for _, y in points), None]
    for name, (across, down) in strokes.items():
        axes.plot(across, down, **_STROKES[name])
    return figure


_WIDE, _HIGH = 83, 54
_STROKES: Mapping[str, Mapping[str, Any]] = {
    "grid": {"color": _RULE, "linewidth": 0.4},
    "axis": {"color": "#55606b", "linewidth": 0.6},
    "threshold": {"color": _TONES[1], "linestyle": "--", "linewidth": 0.8},
    "uses": {"color": _INK, "linewidth": 1},
}


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a panel stands, how many steps its time axis has, what its highest value is."""

    left: int
    upper: int
    steps: int
    top: int

    @property
    def base(self) -> int:
        return self.upper + _HIGH

    def across(self, place: int) -> int:
        return self.left + 2 + (_WIDE - 4) * place // self.steps

    def height(self, value: int) -> int:
        return self.base - _HIGH * value // self.top


Points = list[tuple[int, int]]


def _panel_lines(
    chart: model.Panels, panel: model.Panel, frame: _Frame
) -> Iterator[tuple[str, Points]]:
    right = frame.left + _WIDE
    for value in (frame.top // 2, frame.top):
        yield "grid", [(frame.left, frame.height(value)), (right, frame.height(value))]
    corner = [(frame.left, frame.upper), (frame.left, frame.base), (right, frame.base)]
    yield "axis", corner
    for place in _dated(chart):
        yield "axis", [(frame.across(place), frame.base), (frame.across(place), frame.base + 2)]
    if chart.threshold is not None:
        level = frame.height(chart.threshold)
        yield "threshold", [(frame.left, level), (right, level)]
    known = [(x, y) for x, y in enumerate(panel.values) if y is not None]
    yield "uses", [(frame.across(x), frame.height(y)) for x, y in known]


def _write_on_panel(axes: Any, chart: model.Panels, panel: model.Panel, frame: _Frame) -> None:
    small: dict[str, Any] = {"fontsize": 5.5}
    for value in (0, frame.top // 2, frame.top):
        axes.text(
            frame.left - 1, frame.height(value), f"{value:,}", ha="right", va="center", **small
        )
    for place in _dated(chart):
        name = chart.columns[place]
        axes.text(frame.across(place), frame.base + 4, name, ha="center", va="top", **small)
    start = frame.left - 8
    axes.text(
        start, frame.upper - 15, _cut(panel.title, 20), fontsize=7, va="center", weight="bold"
    )
    axes.text(
        start, frame.upper - 8, _cut(panel.subtitle, 32), va="center", color="#444444", **small
    )


def _dated(chart: model.Panels) -> range:
    """The places of the time axis that are written out: four or five."""
    return range(0, len(chart.columns), -(-len(chart.columns) // 4))


def _canvas(height_in: Any) -> tuple[Figure, Any]:
    figure = Figure(figsize=(WIDTH_IN, height_in), layout="constrained")
    return figure, figure.add_subplot()


def _plain(axes: Any) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=2)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _round_up(number: int) -> int:
    """The next 1, 2, 5 (and so on) times a power of ten, even from 2 on."""
    step = 1
    while True:
        for factor in (2, 4, 6, 8, 10):
            if factor * step >= number:
                return factor * step
        step *= 10


_DRAW: Mapping[type, Callable[[Any], Figure]] = {
    model.Gantt: _gantt,
    model.Curve: _curve,
    model.Shares: _shares,
    model.Panels: _panels,
}

__all__: Sequence[str] = ("WIDTH_IN", "drawn")

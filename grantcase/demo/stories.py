"""The stories of the demo, one for each programme, told side by side in simulated time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from grantcase.backend import Backend
from grantcase.demo import story
from grantcase.demo.clusters import story as clusters
from grantcase.demo.innovation import story as innovation
from grantcase.demo.interleaving import Wait, interleave
from grantcase.demo.mobile import story as mobile
from grantcase.demo.script import Script, Tell
from shared.kernel.clock import parse_instant
from shared.programmes.location import programme_folder
from shared.programmes.pack import load_pack


class Cast(Protocol):
    """The cases of a story: key -> case number, and their ids."""

    numbers: dict[str, str]

    def case(self, key: str) -> UUID:
        """The case id of a proposal of the story."""
        ...


@dataclass(frozen=True, slots=True)
class Story:
    """A programme's part: `begins` is the instant of its first command."""

    programme: str
    begins: str
    tell: Callable[[Script], Cast]

    @property
    def name(self) -> str:
        """The programme's own name."""
        names = load_pack(programme_folder(self.programme)).document["names"]
        return f"{names['zh-Hant']} {names['en']}"


@dataclass(frozen=True, slots=True)
class Told:
    """A story that was told to its end."""

    story: Story
    script: Script
    cast: Cast


STORIES: tuple[Story, ...] = (
    Story(story.PROGRAMME, story.begins(), story.tell),
    Story(clusters.PROGRAMME, clusters.begins(), clusters.tell),
    Story(mobile.PROGRAMME, mobile.BEGINS, mobile.tell),
    Story(innovation.PROGRAMME, innovation.BEGINS, innovation.tell),
)


def begins(stories: Sequence[Story] = STORIES) -> datetime:
    """Where the simulated clock is started."""
    return min(parse_instant(one.begins) for one in stories)


def tell_stories(backend: Backend, tell: Tell, stories: Sequence[Story] = STORIES) -> list[Told]:
    """Tell all of them; raises UnexpectedAnswer where an answer is not what a story says."""

    def strand(one: Story, wait: Wait) -> Told:
        script = Script(backend, tell, name=one.programme, wait=wait)
        return Told(one, script, one.tell(script))

    return interleave(
        backend, [(parse_instant(one.begins), partial(strand, one)) for one in stories]
    )

"""Who acts in the demo. Ids are invented; roles are the system's closed list."""

from __future__ import annotations

from shared.kernel.envelope import Actor

OFFICER = Actor(id="office.lin", roles=("programme_officer",))
SCREENER = Actor(id="screen.wu", roles=("screening_officer",))
CHAIR = Actor(id="chair.chen", roles=("chair", "reviewer"))
REVIEWERS = (
    Actor(id="reviewer.hsu", roles=("reviewer",)),
    Actor(id="reviewer.kuo", roles=("reviewer",)),
    Actor(id="reviewer.yeh", roles=("reviewer",)),
)
MAKER = Actor(id="finance.tsai", roles=("finance_maker",))
CHECKER = Actor(id="finance.ho", roles=("finance_checker",))


def applicant(ubn: str) -> Actor:
    """Whoever acts for an applying organisation."""
    return Actor(id=f"applicant.{ubn}", roles=("applicant",), organisation=ubn)

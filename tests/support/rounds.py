"""How often the fault tests run, and with which seeds; a seed decides where and when it breaks.

GRANTCASE_SOAK       so many rounds instead of one (`make soak`)
GRANTCASE_SOAK_SEED  the first seed of them; without it one of chance, which the tests' names say
"""

from __future__ import annotations

import os
import random
from functools import cache


@cache
def rounds() -> range:
    """The seeds of this run: 0 alone, or as many as the soak wants."""
    if not (count := int(os.environ.get("GRANTCASE_SOAK", 0))):
        return range(1)
    first = int(os.environ.get("GRANTCASE_SOAK_SEED") or random.randrange(1_000_000))
    return range(first, first + count)

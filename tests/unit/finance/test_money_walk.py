"""Random legal steps through the whole life of the money: the trial balance is zero after every
event, the accounts equal the folded contract to the dollar, nothing is negative or above a ceiling.
`make soak` (GRANTCASE_SOAK=1) takes a million of them."""

from __future__ import annotations

import os
import random

import pytest

from services.finance.domain import events as e
from services.finance.domain import ledger
from tests.support.money_walk import MoneyWalk, walk

LEGAL_STEPS = 1_000_000 if os.environ.get("GRANTCASE_SOAK") else 6_000
REACHED = (
    e.InstalmentAwaitsReview,
    e.FinanceReviewClosed,
    e.InstalmentBecamePayable,
    e.InstalmentPortionForfeited,
    e.InstalmentCancelled,
    e.FundsDisbursed,
    e.InstalmentBalanceReleased,
    e.PaymentReturned,
    e.ReversalMoneyReceived,
    e.RecoveryOpened,
    e.RecoveryDemanded,
    e.RecoveryReceived,
    e.RecoveryWrittenOff,
    e.InterestRemitted,
    e.JointClaimOpened,
    e.ContractTerminated,
    e.ContractRescinded,
    e.ContractSettled,
)


def test_the_books_stay_exact_over_random_legal_steps():
    seen = walk(seed=int(os.environ.get("GRANTCASE_SOAK_SEED") or 3), legal_steps=LEGAL_STEPS)
    assert seen["legal steps"] >= LEGAL_STEPS
    missed = [event.__name__ for event in REACHED if not seen[event.__name__]]
    assert missed == [], "the walk has to get there: otherwise it proves nothing"


def test_a_dollar_lost_between_two_accounts_is_seen():
    life = MoneyWalk(random.Random(1))
    life.sums[ledger.COMMITMENT] += 1
    life.sums[ledger.BANK] -= 1  # the trial balance alone would not notice
    with pytest.raises(AssertionError):
        life.check()

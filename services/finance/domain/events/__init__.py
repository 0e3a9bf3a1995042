"""Domain events of finance. Those named in shared.contracts.finance are published."""

from __future__ import annotations

from services.finance.domain.events.kinds import COSTS as COSTS
from services.finance.domain.events.kinds import DIRECT as DIRECT
from services.finance.domain.events.kinds import INTEREST as INTEREST
from services.finance.domain.events.kinds import KINDS as KINDS
from services.finance.domain.events.kinds import OFFICE as OFFICE
from services.finance.domain.events.kinds import PENALTY as PENALTY
from services.finance.domain.events.kinds import SUBSIDY as SUBSIDY
from services.finance.domain.events.payments import (
    ApprovalVoided,
    ClaimReturned,
    ClaimSubmitted,
    DisbursementEdited,
    DisbursementPrepared,
    FundsDisbursed,
    InstalmentApproved,
    InstalmentBalanceReleased,
    InstalmentBecamePayable,
    InstalmentCancelled,
    InstalmentHeld,
    PaymentsResumed,
)
from services.finance.domain.events.recovery import (
    InterestRemitted,
    JointClaimOpened,
    JointDebtorReleased,
    RecoveryDemanded,
    RecoveryOpened,
    RecoveryOverdue,
    RecoveryProposed,
    RecoveryReceived,
    RecoveryWrittenOff,
    WriteOffProposed,
)
from services.finance.domain.events.returns import (
    PaymentReturned,
    PaymentReversalProposed,
    ReturnedPaymentReleased,
    ReversalMoneyReceived,
)
from services.finance.domain.events.reviews import (
    FinanceReviewClosed,
    InstalmentAwaitsReview,
    InstalmentPortionForfeited,
)
from services.finance.domain.events.sanction import (
    ApplicantBarred,
    BarLifted,
    ContractRescinded,
    ContractTerminated,
    FindingOpened,
    SanctionAnswered,
    SanctionDecided,
    SanctionNoticeGiven,
)
from services.finance.domain.events.signing import (
    AbandonmentDeclared,
    BudgetOpened,
    ClosingNoted,
    ContractAbandoned,
    ContractAmountReduced,
    ContractFileOpened,
    ContractFileStopped,
    ContractForfeited,
    ContractPlanSubmitted,
    ContractSettled,
    ContractSigned,
    EnterprisesChanged,
    ExclusionsChecked,
    LetterNoted,
    SigningExtended,
    SigningReminderSent,
    SigningWindowClosed,
)
from services.finance.domain.events.spending import (
    AccountMovementsRecorded,
    OverdrawAssessed,
    OverdrawFound,
    VouchersAudited,
    VouchersSubmitted,
)
from shared.kernel.erasure import ErasureRecorded
from shared.kernel.rebinding import RebindingNoted
from shared.kernel.refusals import CommandRefused
from shared.kernel.steps.events import STEP_EVENTS

EVENTS = (
    BudgetOpened,
    ContractFileOpened,
    ContractFileStopped,
    ContractPlanSubmitted,
    SigningExtended,
    SigningReminderSent,
    SigningWindowClosed,
    LetterNoted,
    ExclusionsChecked,
    ContractSigned,
    ContractForfeited,
    ContractAmountReduced,
    EnterprisesChanged,
    AbandonmentDeclared,
    ContractAbandoned,
    ClosingNoted,
    ContractSettled,
    InstalmentBecamePayable,
    InstalmentAwaitsReview,
    FinanceReviewClosed,
    InstalmentPortionForfeited,
    InstalmentHeld,
    PaymentsResumed,
    InstalmentCancelled,
    ClaimSubmitted,
    ClaimReturned,
    DisbursementPrepared,
    DisbursementEdited,
    ApprovalVoided,
    InstalmentApproved,
    FundsDisbursed,
    InstalmentBalanceReleased,
    PaymentReversalProposed,
    PaymentReturned,
    ReversalMoneyReceived,
    ReturnedPaymentReleased,
    RecoveryOpened,
    RecoveryProposed,
    RecoveryDemanded,
    RecoveryReceived,
    InterestRemitted,
    JointClaimOpened,
    JointDebtorReleased,
    RecoveryOverdue,
    WriteOffProposed,
    RecoveryWrittenOff,
    VouchersSubmitted,
    VouchersAudited,
    AccountMovementsRecorded,
    OverdrawFound,
    OverdrawAssessed,
    FindingOpened,
    SanctionNoticeGiven,
    SanctionAnswered,
    SanctionDecided,
    ContractTerminated,
    ContractRescinded,
    ApplicantBarred,
    BarLifted,
    ErasureRecorded,
    RebindingNoted,
    CommandRefused,
    *STEP_EVENTS,
)

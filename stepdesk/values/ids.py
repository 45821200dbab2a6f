"""Ids: UUIDv7 as 16 bytes, one type a kind. People never see them; they read numbers."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NewType

Id = bytes

StaffId = NewType("StaffId", bytes)
DeviceId = NewType("DeviceId", bytes)
ActId = NewType("ActId", bytes)
RequestId = NewType("RequestId", bytes)
SchemeId = NewType("SchemeId", bytes)
SectionId = NewType("SectionId", bytes)
PlanId = NewType("PlanId", bytes)
PlanVersionId = NewType("PlanVersionId", bytes)
HouseholdId = NewType("HouseholdId", bytes)
PersonId = NewType("PersonId", bytes)
CoverId = NewType("CoverId", bytes)
DueId = NewType("DueId", bytes)
PaymentId = NewType("PaymentId", bytes)
SessionId = NewType("SessionId", bytes)
EntryId = NewType("EntryId", bytes)
ClosingId = NewType("ClosingId", bytes)
ServiceId = NewType("ServiceId", bytes)
PackageId = NewType("PackageId", bytes)
PackageVersionId = NewType("PackageVersionId", bytes)
ProviderId = NewType("ProviderId", bytes)
AgreementId = NewType("AgreementId", bytes)
TariffId = NewType("TariffId", bytes)
TariffVersionId = NewType("TariffVersionId", bytes)
TariffDraftId = NewType("TariffDraftId", bytes)
AgreementDraftId = NewType("AgreementDraftId", bytes)
DiagnosisId = NewType("DiagnosisId", bytes)
BatchId = NewType("BatchId", bytes)
ClaimId = NewType("ClaimId", bytes)
ClaimLineId = NewType("ClaimLineId", bytes)
ClaimPictureId = NewType("ClaimPictureId", bytes)
DecisionId = NewType("DecisionId", bytes)
ProviderPaymentId = NewType("ProviderPaymentId", bytes)
LetterId = NewType("LetterId", bytes)
LetterStepId = NewType("LetterStepId", bytes)
ReleaseId = NewType("ReleaseId", bytes)
EventId = NewType("EventId", bytes)
CategoryId = NewType("CategoryId", bytes)
ImportId = NewType("ImportId", bytes)
GroupId = NewType("GroupId", bytes)
PayerId = NewType("PayerId", bytes)
PayerAgreementId = NewType("PayerAgreementId", bytes)
NominationId = NewType("NominationId", bytes)

_RANDOM_BITS = 74
_VARIANT = 0b10 << 62


def uuid7(milliseconds: int, random: int) -> bytes:
    """Return a UUIDv7 (RFC 9562 5.7) of that moment.

    Args:
        milliseconds: Since 1970, 0 to 2**48 - 1.
        random: 74 random bits.
    """
    if not (0 <= milliseconds < 1 << 48 and 0 <= random < 1 << _RANDOM_BITS):
        raise ValueError("milliseconds need 48 bits and random 74 bits")
    high = milliseconds << 16 | 0x7 << 12 | random >> 62
    low = _VARIANT | random & (1 << 62) - 1
    return (high << 64 | low).to_bytes(16, "big")


MOST_IDS = 1 << 32
"""More ids than one work gives: an id less than so many behind another is of the same work."""


def step(base: bytes, count: int) -> bytes:
    """Return the id that many steps behind the base (RFC 9562 6.2, method 2).

    Ids of one work follow each other, so that rows of one act can be written down as small
    numbers. The base must leave room: `uuid7` callers keep the 16 lowest bits zero.
    """
    return (int.from_bytes(base, "big") + count).to_bytes(16, "big")


BoxId = NewType("BoxId", bytes)
BookletId = NewType("BookletId", bytes)
SheetId = NewType("SheetId", bytes)
GroupPaymentId = NewType("GroupPaymentId", bytes)
StatementId = NewType("StatementId", bytes)
PayerPaymentId = NewType("PayerPaymentId", bytes)
ExpenseId = NewType("ExpenseId", bytes)
VoucherId = NewType("VoucherId", bytes)
BoxStatementId = NewType("BoxStatementId", bytes)
StatementLineId = NewType("StatementLineId", bytes)
StatementGroupId = NewType("StatementGroupId", bytes)
BoxCountId = NewType("BoxCountId", bytes)
ReopeningId = NewType("ReopeningId", bytes)
UnknownPatientId = NewType("UnknownPatientId", bytes)
ComplaintId = NewType("ComplaintId", bytes)
PaymentBatchId = NewType("PaymentBatchId", bytes)
MemberPaymentId = NewType("MemberPaymentId", bytes)
CapitationRunId = NewType("CapitationRunId", bytes)
DepositId = NewType("DepositId", bytes)
RecoveryId = NewType("RecoveryId", bytes)
FlagId = NewType("FlagId", bytes)
VisitListId = NewType("VisitListId", bytes)
VisitId = NewType("VisitId", bytes)


def evening_of(day: date) -> bytes:
    """Return what every id made up to the end of a day is below, and no later one."""
    over = datetime.combine(day + timedelta(days=1), time.min, UTC)
    return int(over.timestamp() * 1000).to_bytes(6, "big")

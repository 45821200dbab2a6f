"""Words of the ledger: roles, journals, entries, balances, closings."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from stepdesk.values.ids import BoxId, ClosingId, EntryId
from stepdesk.values.money import Money
from stepdesk.values.month import Month


class Journal(Enum):
    """Where an entry stands. Source: domain handbook 3.3."""

    BENEFITS = "AC"
    CONTRIBUTIONS = "CO"
    CASH = "CA"
    BANK = "BQ"
    MISCELLANEOUS = "OD"
    OPENING = "AN"


class Activity(Enum):
    """The separate patrimony an entry belongs to. Source: domain handbook 3.1."""

    HEALTH = "HEALTH"
    OTHER_SOCIAL = "OTHER_SOCIAL"
    INCOME_GENERATING = "INCOME_GENERATING"
    PROJECT = "PROJECT"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an entry: debit above zero, credit below, never zero.

    `box` is the place the money lies in, None for the one place of its role; `party` is who owes
    or is owed: a collector, household, group, payer or provider, so that the accounts of each can
    be told apart and together agree with the account. Source: domain handbook annex Y.8, 4.
    """

    role: str
    amount: int
    box: BoxId | None = None
    party: bytes | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """What a posting rule answers: the lines, the journal, and the rule's name (P01…)."""

    rule: str
    journal: Journal
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as booked; written once."""

    id: EntryId
    number: str
    rule: str
    journal: Journal
    day: date
    month: Month
    lines: tuple[Line, ...]
    reason: str = ""
    reverses: EntryId | None = None


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One account of a trial balance; totals are above or at zero."""

    role: str
    number: str
    debit: Money
    credit: Money

    @property
    def balance(self) -> Money:
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts with movement up to the end of a month; debit and credit agree."""

    until: date
    rows: tuple[BalanceRow, ...]
    debit: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class Closing:
    """A closed month: nothing dated in it can be booked any more."""

    id: ClosingId
    month: Month
    closed_on: date
    first_signature: str
    second_signature: str
    single_control: bool
    cash_counted: Money | None
    fingerprint: str
    balance: TrialBalance


class Check(Enum):
    """The lines of the closing checklist that this desk can answer. Source: screens 2.9."""

    SESSIONS_CLOSED = "SESSIONS_CLOSED"
    CASH_COUNTED = "CASH_COUNTED"
    COLLECTORS_HANDED_OVER = "COLLECTORS_HANDED_OVER"
    CONTRIBUTIONS_EARNED = "CONTRIBUTIONS_EARNED"
    BALANCE_AGREES = "BALANCE_AGREES"
    JOURNAL_VERIFIED = "JOURNAL_VERIFIED"
    BACKED_UP = "BACKED_UP"


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One line of the checklist: done or not, and whether the closing needs it."""

    check: Check
    done: bool
    needed: bool
    count: int = 0
    amount: Money | None = None

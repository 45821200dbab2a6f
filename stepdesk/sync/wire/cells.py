"""Every number that may leave a scheme: the one place that names them.

A return is a closed list of one-way tables; a table is a fixed row of cells; a cell is a whole
number, or None where it was hidden. What is not named here cannot be sent, and a return that
names anything else is refused. No text, no date of a person, no free word.

Source: safety handbook 4.1, without its blocks F, X and Q; domain handbook 6.5.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from stepdesk.i18n import N_
from stepdesk.sync.wire.canonical import MOST
from stepdesk.sync.wire.failures import malformed

FLOOR = 5
"""No count from one to below this leaves or is taken in; compiled in. Source: safety 4.1, F9."""

Cells = Mapping[str, tuple[int | None, ...]]


class Kind(Enum):
    """What a cell counts; amounts are whole minor units and may be below zero."""

    COUNT = "count"
    MONEY = "money"


class Block(Enum):
    """What a table is about; the letter is that of the handbook."""

    MEMBERS = "M"
    CONTRIBUTIONS = "C"
    BENEFITS = "B"
    ACCOUNTS = "E"


BLOCKS = {
    Block.MEMBERS: N_("Members at the end of the month"),
    Block.CONTRIBUTIONS: N_("Contributions of the month"),
    Block.BENEFITS: N_("Benefits of the month"),
    Block.ACCOUNTS: N_("Accounts of the month"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a table: its code, its English label marked for translation, its kind."""

    code: str
    label: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its cells in the order in which they are sent."""

    code: str
    block: Block
    label: str
    cells: tuple[Cell, ...]


def _cells(kind: Kind, *named: tuple[str, str]) -> tuple[Cell, ...]:
    return tuple(Cell(code, label, kind) for code, label in named)


_COUNT, _MONEY = Kind.COUNT, Kind.MONEY
_SEX = (("f", N_("women and girls")), ("m", N_("men and boys")))
_AGE = (
    ("0_4", N_("0 to 4 years")),
    ("5_14", N_("5 to 14 years")),
    ("15_49", N_("15 to 49 years")),
    ("50", N_("50 years and more")),
)
_CHANNEL = (("cash", N_("in cash")), ("bank", N_("by bank")), ("mobile", N_("by mobile money")))
_CLASS = (
    ("OPD", N_("consultations")),
    ("DRUG", N_("medicines")),
    ("LAB_IMG", N_("laboratory and imaging")),
    ("MATERNITY", N_("maternity")),
    ("HOSP", N_("hospital stays")),
    ("SURG", N_("surgery")),
    ("PREVENTION", N_("prevention")),
    ("OTHER", N_("other services")),
)
_LEVEL = (
    ("POST", N_("health posts")),
    ("CENTRE", N_("health centres")),
    ("DISTRICT", N_("district hospitals")),
    ("HIGHER", N_("higher hospitals")),
    ("OTHER", N_("other providers")),
)
_M, _C, _B, _E = Block.MEMBERS, Block.CONTRIBUTIONS, Block.BENEFITS, Block.ACCOUNTS

_ALL = (
    Table("m_total", _M, N_("Members"), _cells(
        _COUNT, ("adherents", N_("adherents")), ("beneficiaries", N_("persons covered")))),
    Table("m_sex", _M, N_("Persons covered by sex"), _cells(_COUNT, *_SEX)),
    Table("m_age", _M, N_("Persons covered by age"), _cells(_COUNT, *_AGE)),
    Table("m_role", _M, N_("Persons covered by place in the household"), _cells(
        _COUNT, ("member", N_("members themselves")), ("dependant", N_("dependants")))),
    Table("m_status", _M, N_("Persons by the state of their household"), _cells(
        _COUNT,
        ("up_to_date", N_("up to date")), ("waiting", N_("waiting")),
        ("late", N_("late")), ("stopped", N_("stopped")))),
    Table("c_money", _C, N_("Contributions"), _cells(
        _MONEY,
        ("due", N_("contributions due")), ("collected", N_("contributions collected")),
        ("arrears", N_("arrears")))),
    Table("c_payers", _C, N_("Households that paid"), _cells(
        _COUNT, ("payers", N_("households that paid")))),
    Table("c_frequency", _C, N_("Households that paid, by rhythm of the plan"), _cells(
        _COUNT,
        ("monthly", N_("every month")),
        ("quarterly_or_half", N_("every quarter or half year")),
        ("yearly", N_("every year")))),
    Table("c_channel", _C, N_("Contributions collected by means"), _cells(_MONEY, *_CHANNEL)),
    Table("c_channel_n", _C, N_("Households that paid, by means"), _cells(_COUNT, *_CHANNEL)),
    Table("b_total", _B, N_("Claims decided"), (
        Cell("claims", N_("claims decided"), _COUNT),
        Cell("patients", N_("patients"), _COUNT),
        Cell("amount", N_("share of the scheme"), _MONEY))),
    Table("b_class_n", _B, N_("Cases by service"), _cells(_COUNT, *_CLASS)),
    Table("b_class", _B, N_("Share of the scheme by service"), _cells(_MONEY, *_CLASS)),
    Table("b_level_n", _B, N_("Cases by kind of provider"), _cells(_COUNT, *_LEVEL)),
    Table("b_level", _B, N_("Share of the scheme by kind of provider"), _cells(_MONEY, *_LEVEL)),
    Table("b_age_n", _B, N_("Cases by age"), _cells(_COUNT, *_AGE)),
    Table("b_sex_n", _B, N_("Cases by sex"), _cells(_COUNT, *_SEX)),
    Table("b_refused", _B, N_("Claims not paid"), _cells(
        _COUNT, ("rejected", N_("claims rejected")), ("pending", N_("claims pending")))),
    Table("b_delay", _B, N_("Claims paid, by days from invoice to payment"), _cells(
        _COUNT,
        ("15", N_("up to 15 days")), ("30", N_("16 to 30 days")),
        ("90", N_("31 to 90 days")), ("more", N_("more than 90 days")))),
    Table("e_money", _E, N_("Accounts"), _cells(
        _MONEY,
        ("income", N_("income")), ("benefits", N_("benefits")),
        ("running_cost", N_("running cost")), ("reserve", N_("reserve")),
        ("cash", N_("cash")), ("bank", N_("bank")), ("debt", N_("debt")))),
)  # fmt: skip

TABLES: Mapping[str, Table] = {table.code: table for table in _ALL}
"""All tables, in the order in which people read them."""

CURRENCIES: Mapping[str, int] = {
    "BIF": 0, "CDF": 2, "CVE": 2, "DJF": 0, "ETB": 2, "EUR": 2, "GHS": 2, "GMD": 2, "GNF": 0,
    "HTG": 2, "KES": 2, "KMF": 0, "LRD": 2, "MGA": 2, "MRU": 2, "MWK": 2, "MZN": 2, "NGN": 2,
    "RWF": 0, "SLE": 2, "TZS": 2, "UGX": 0, "USD": 2, "XAF": 0, "XOF": 0, "XTS": 2, "ZMW": 2,
}  # fmt: skip
"""The currencies a return may be in, with their decimals. Source: ISO 4217."""

POLICY = r"practice-0|[a-z]{1,12}(?:-[0-9a-z]{1,12}){1,4}(?:@sha256:[0-9a-f]{64})?"
"""What the name of a policy looks like."""


def is_practice_policy(policy: str) -> bool:
    """Whether figures under this policy have not passed the privacy gate."""
    return policy == "practice" or policy.startswith("practice-")


def check_cells(cells: Mapping[str, object]) -> dict[str, tuple[int | None, ...]]:
    """Return the cells of a return, checked; a table that is not opened is left out.

    Args:
        cells: Table code to a list or tuple of whole numbers and None.

    Raises:
        WireError: `malformed` for an unknown table, a wrong count of cells, anything that is
            not a whole number below 2**53 or None, and for a count below zero or from 1 to 4:
            no writer may send one and no reader takes one.
    """
    unknown = sorted(cells.keys() - TABLES.keys())
    if unknown:
        known_form = re.fullmatch(r"[a-z_]{1,24}", unknown[0])
        raise malformed(f"return.cells.{unknown[0] if known_form else '?'}")
    return {code: _checked(TABLES[code], cells[code]) for code in TABLES if code in cells}


def _checked(table: Table, row: object) -> tuple[int | None, ...]:
    if not isinstance(row, list | tuple) or len(row) != len(table.cells):
        raise malformed(f"return.cells.{table.code}")
    for cell, value in zip(table.cells, row, strict=True):
        least = 0 if cell.kind is Kind.COUNT else -MOST
        # `type`, because True is an int to isinstance.
        if value is not None and (type(value) is not int or not least <= value <= MOST):
            raise malformed(f"return.cells.{table.code}.{cell.code}")
        if cell.kind is Kind.COUNT and value is not None and 0 < value < FLOOR:
            raise malformed(f"return.cells.{table.code}.{cell.code}")
    return tuple(row)

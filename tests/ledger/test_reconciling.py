"""Statements beside the books: read from files, matched, booked, agreed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.countries import country
from stepdesk.errors import Refusal
from stepdesk.exchange.registers.reading import open_bytes
from stepdesk.exchange.statements import lines_in
from stepdesk.i18n import speak
from stepdesk.ledger import rules
from stepdesk.ledger.papers import reconciliation_list
from stepdesk.ledger.queries import box_entries, counts, reconciliation, statement_lines
from stepdesk.ledger.service import (
    accept_matches,
    book_line,
    cancel_voucher,
    import_statement,
    match_line,
    match_together,
    reconcile,
    unmatch_line,
)
from stepdesk.ledger.terms import (
    BoxEntry,
    Likeness,
    ReadLine,
    Reconciliation,
    StatementLine,
    Step,
    StepState,
)
from stepdesk.reports.queries.closing import closing_lines
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import EntryId, StatementLineId
from stepdesk.values.money import Currency
from stepdesk.values.month import Month
from tests.builders import a_request
from tests.contributions.test_papers import text_of
from tests.ledger.kit import BANK, CASH, MOMO, a_gift, an_expense, francs, refused

XOF = Currency("XOF", 0)
JANUARY = Month(2024, 1)


def day(number: int) -> date:
    return date(2024, 1, number)


# Rules


def line(number: int, amount: int, on: int, reference: str = "") -> StatementLine:
    return StatementLine(
        StatementLineId(bytes([number])), day(on), francs(amount), reference, "", None
    )


def entry(number: int, amount: int, on: int, reference: str = "") -> BoxEntry:
    return BoxEntry(
        EntryId(bytes([number])), f"BQ-{number}", day(on), francs(amount), reference, ""
    )


def pairs(lines: list[StatementLine], entries: list[BoxEntry]) -> list[tuple[int, int, str, bool]]:
    return [
        (one.line.id[0], one.entry.entry_id[0], one.why.value, one.alone)
        for one in rules.proposals(lines, entries)
    ]


@pytest.mark.parametrize(
    ("told", "known", "why"),
    [
        (line(1, 500, 10), entry(1, 500, 13), Likeness.DAY),
        (line(1, 500, 10), entry(1, 500, 14), None),
        (line(1, 500, 10), entry(1, 500, 7), Likeness.DAY),
        (line(1, 500, 10, "MP-24"), entry(1, 500, 25, "mp24"), Likeness.REFERENCE),
        (line(1, 500, 10, "MP24"), entry(1, 500, 11, "MP25"), None),
        (line(1, 500, 10, "MP24"), entry(1, 500, 10, "S-1"), Likeness.DAY),
    ],
)
def test_a_line_is_an_entry_by_its_reference_or_within_three_days(
    told: StatementLine, known: BoxEntry, why: Likeness | None
) -> None:
    assert rules.likeness(told, known) is why


def test_another_amount_is_never_proposed() -> None:
    assert pairs([line(1, 500, 10, "A")], [entry(1, 501, 10, "A"), entry(2, -500, 10)]) == []


def test_the_same_reference_goes_before_the_nearest_day() -> None:
    lines = [line(1, 500, 10), line(2, 500, 10, "MP2")]
    entries = [entry(1, 500, 10), entry(2, 500, 12, "MP2")]
    assert pairs(lines, entries) == [(1, 1, "DAY", False), (2, 2, "REFERENCE", True)]


def test_what_two_could_be_is_no_certainty() -> None:
    assert pairs([line(1, 500, 10)], [entry(1, 500, 9), entry(2, 500, 12)]) == [
        (1, 1, "DAY", False)
    ]
    assert pairs([line(1, 500, 10)], [entry(1, 500, 9)]) == [(1, 1, "DAY", True)]


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 9)), max_size=8),
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 9)), max_size=8),
)
def test_nothing_is_proposed_twice(
    told: list[tuple[int, int]], known: list[tuple[int, int]]
) -> None:
    found = rules.proposals(
        [line(at, amount, on) for at, (amount, on) in enumerate(told)],
        [entry(at, amount, on) for at, (amount, on) in enumerate(known)],
    )
    assert len({one.line.id for one in found}) == len(found)
    assert len({one.entry.entry_id for one in found}) == len(found)
    assert all(one.line.amount == one.entry.amount for one in found)


# In a real book


def state(desk: Desk, on: date | None = None, **told: Any) -> Reconciliation:
    with desk.read() as connection:
        return reconciliation(connection, country("SN"), BANK, on or day(31), **told)


LINES = (
    ReadLine(day(11), 40000, "VIR 77", "DON DU CHEF", 40000),
    ReadLine(day(20), -2500, "", "FRAIS DE TENUE", 37500),
    ReadLine(day(25), 300, "", "INTERETS", 37800),
)


@pytest.fixture
def banked(desk: Desk, clock: SetClock) -> Desk:
    """A gift of 40 000 to the bank on the 10th, a purchase of 5 000 on the 30th; the statement."""
    a_gift(desk, 40000, box=BANK, piece="vir77")
    clock.set(day(31))
    an_expense(desk, 5000, box=BANK, day=day(30))
    desk.do(import_statement, request_id=a_request(), box=BANK, lines=LINES, file="jan.csv")
    return desk


def test_what_is_in_one_alone_explains_the_difference(banked: Desk) -> None:
    told = state(banked)
    # 35 000 by the books; the purchase has not reached the bank, fee and interest not the books.
    assert (told.booked, told.stated) == (francs(35000), francs(37800))
    # Nothing is accepted yet, and all of it is explained.
    assert (told.expected, told.unexplained) == (francs(37800), francs(0))
    (proposed,) = told.proposals
    assert (proposed.why, proposed.alone) == (Likeness.REFERENCE, True)
    assert banked.do(accept_matches, box=BANK) == 1
    told = state(banked)
    assert (told.matched, told.proposals) == (1, ())
    assert [one.amount for one in told.only_book] == [francs(-5000)]
    assert [one.amount for one in told.only_statement] == [francs(-2500), francs(300)]
    assert (told.expected, told.unexplained) == (francs(37800), francs(0))
    assert verify_desk(banked).clean


def test_fee_and_interest_become_vouchers_and_the_line_of_the_closing_is_done(
    banked: Desk,
) -> None:
    banked.do(accept_matches, box=BANK)
    fee, interest = state(banked).only_statement
    banked.do(book_line, request_id=a_request(), line_id=fee.id, role="services")
    banked.do(book_line, request_id=a_request(), line_id=interest.id, role="interest", label="Jan")
    told = state(banked)
    assert (told.matched, told.only_statement) == (3, ())
    assert (told.booked, told.expected) == (francs(32800), francs(37800))
    (why,) = told.only_book
    assert why.amount == francs(-5000)
    asked: dict[str, Any] = {"request_id": a_request(), "box": BANK, "day": day(31)}
    # The cheque stands on the paper of the reconciliation: nobody is asked for it again.
    banked.do(reconcile, **asked)
    (kept,) = banked.ask(counts, country("SN"), "en")
    assert (kept.counted, kept.expected, kept.difference_reason) == (
        francs(37800),
        francs(32800),
        why.number,
    )
    lines = {one.step: one for one in closing_lines(banked, JANUARY)}
    assert lines[Step.BANK].state is StepState.DONE
    assert verify_desk(banked).clean


def test_only_what_no_line_explains_is_asked_for(banked: Desk) -> None:
    """37,800 should be there; the bank says 37,700, and 100 of it nobody knows."""
    asked: dict[str, Any] = {
        "request_id": a_request(),
        "box": BANK,
        "day": day(31),
        "stated": francs(37700),
    }
    told = refused(banked, reconcile, **asked)
    assert told.field == "difference_reason"
    assert told.text.values == {"difference": francs(-100)}
    banked.do(reconcile, **asked, difference_reason="a fee the bank looks for")
    (kept,) = banked.ask(counts, country("SN"), "en")
    assert kept.difference_reason == "a fee the bank looks for"


def test_a_difference_named_with_its_movement_is_not_asked_for_again(desk: Desk) -> None:
    """Gifts of 3,000 and 2,100 were brought with one slip of 5,000: a note of 100 was torn."""
    gifts = [a_gift(desk, amount, box=BANK).entry_id for amount in (3000, 2100)]
    slip = (ReadLine(day(10), 5000, "SLIP", "VERSEMENT", 5000),)
    desk.do(import_statement, request_id=a_request(), box=BANK, lines=slip)
    (line,) = desk.ask(statement_lines, BANK, XOF)
    desk.do(
        match_together,
        line_ids=[line.id],
        entry_ids=gifts,
        difference_reason="a note of 100 was torn",
    )
    desk.do(reconcile, request_id=a_request(), box=BANK, day=day(10))
    (kept,) = desk.ask(counts, country("SN"), "en")
    assert (kept.counted, kept.expected) == (francs(5000), francs(5100))
    assert kept.difference_reason == "a note of 100 was torn"


def test_overlapping_statements_bring_each_line_once(banked: Desk) -> None:
    more = ReadLine(day(28), -100, "", "SMS", 37700)
    twice = replace(more, balance=None)
    done = banked.do(
        import_statement,
        request_id=(request := a_request()),
        box=BANK,
        lines=(*LINES[1:], more, twice, twice),
    )
    assert (done.lines, done.known) == (3, 2)
    again = banked.do(import_statement, request_id=request, box=BANK, lines=LINES)
    assert again.id == done.id
    assert len(banked.ask(statement_lines, BANK, XOF)) == 6
    told = refused(banked, import_statement, request_id=a_request(), box=BANK, lines=LINES)
    assert told.field == "file"


def test_an_entry_that_reached_the_bank_later_is_open_on_the_day_before(banked: Desk) -> None:
    banked.do(accept_matches, box=BANK)
    assert [one.amount for one in state(banked, day(10)).only_book] == []
    early = (ReadLine(day(5), 10, "", "OPENED", 10),)
    banked.do(import_statement, request_id=a_request(), box=BANK, lines=early)
    assert [one.amount for one in state(banked, day(10)).only_book] == [francs(40000)]
    assert [one.amount for one in state(banked, day(11)).only_book] == []


def test_what_was_booked_and_taken_back_is_nothing_to_look_for(banked: Desk) -> None:
    wrong = an_expense(banked, 700, box=BANK)
    banked.do(cancel_voucher, request_id=a_request(), voucher_id=wrong.voucher_id, reason="twice")
    assert [one.amount for one in state(banked).only_book] == [francs(40000), francs(-5000)]


def test_matches_are_made_and_taken_back_by_hand(banked: Desk) -> None:
    gift, fee, _ = banked.ask(statement_lines, BANK, XOF)
    entries = banked.ask(box_entries, BANK, XOF, day(1), day(31))
    first, spent = entries
    told = {"line_id": fee.id, "entry_id": spent.entry_id}
    assert refused(banked, match_line, **told).field == "entry"  # another amount
    banked.do(match_line, line_id=gift.id, entry_id=first.entry_id)
    assert refused(banked, match_line, line_id=gift.id, entry_id=first.entry_id).field == "line"
    assert (
        refused(banked, book_line, request_id=a_request(), line_id=gift.id, role="gift").field
        == "line"
    )
    banked.do(unmatch_line, line_id=gift.id)
    assert refused(banked, unmatch_line, line_id=gift.id).field == "line"
    banked.do(match_line, line_id=gift.id, entry_id=first.entry_id)
    unknown = StatementLineId(bytes(16))
    assert refused(banked, match_line, line_id=unknown, entry_id=first.entry_id).field == "line"
    assert refused(banked, accept_matches, box=BANK).field == "line"


def test_one_entry_is_one_line(banked: Desk) -> None:
    gift = banked.ask(statement_lines, BANK, XOF)[0]
    first = banked.ask(box_entries, BANK, XOF, day(1), day(31))[0]
    banked.do(match_line, line_id=gift.id, entry_id=first.entry_id)
    more = (ReadLine(day(12), 40000, "VIR 78", "DON"),)
    banked.do(import_statement, request_id=a_request(), box=BANK, lines=more)
    second = next(
        one for one in banked.ask(statement_lines, BANK, XOF) if one.reference == "VIR 78"
    )
    assert refused(banked, match_line, line_id=second.id, entry_id=first.entry_id).field == "entry"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"box": CASH}, "box"),
        ({"lines": ()}, "file"),
        ({"lines": (ReadLine(date(2024, 2, 1), 5),)}, "file"),
    ],
)
def test_a_statement_that_cannot_be_is_refused(
    desk: Desk, told: dict[str, Any], field: str
) -> None:
    values = {"request_id": a_request(), "box": MOMO, "lines": LINES[:0]} | told
    assert refused(desk, import_statement, **values).field == field


def test_a_statement_without_balances_asks_for_what_it_says(desk: Desk) -> None:
    lines = (ReadLine(day(9), 500),)
    desk.do(import_statement, request_id=a_request(), box=BANK, lines=lines)
    asked: dict[str, Any] = {"request_id": a_request(), "box": BANK, "day": desk.today}
    assert refused(desk, reconcile, **asked).field == "stated"
    desk.do(reconcile, **asked, stated=francs(500), difference_reason="not booked yet")


def test_the_state_of_reconciliation_is_printed(banked: Desk) -> None:
    banked.do(accept_matches, box=BANK)
    listing = reconciliation_list(state(banked), "en", reason="a cheque is on its way")
    text = text_of(listing.pdf("en", scheme="Koula", practice=False, printed_on=TODAY))
    for words in (
        "1 line of the statement is in the book.",
        "a cheque is on its way",
        "In the books alone, taken off",
        "FRAIS DE TENUE",
        "The statement should say 37,800",
        "Not explained 0",
    ):
        assert words in text


# Files

TODAY = date(2024, 2, 1)
FRENCH = """Banque de Koula;;;;
Compte 001;;;;
Date d'opération;Date de valeur;Montant;Libellé;Solde
20/01/2024;20/01/2024;-2 500;FRAIS;37 500
11/01/2024;11/01/2024;40 000;DON;40 000
;;;;
"""
M_PESA = """Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance
QAB1,2024-01-11 10:20:30,From A,Completed,40000,,40000
QAB2,2024-01-12 11:00:00,To B,Failed,,100,40000
QAB3,2024-01-20 09:00:00,Fee,Completed,,2500,37500
"""


def read(text: str) -> tuple[ReadLine, ...]:
    return lines_in(open_bytes(text.encode(), "statement.csv"), TODAY, XOF)


def test_a_french_banks_csv_is_read_the_oldest_first() -> None:
    assert read(FRENCH) == (
        ReadLine(day(11), 40000, "", "DON", 40000),
        ReadLine(day(20), -2500, "", "FRAIS", 37500),
    )


def test_a_telephones_csv_is_read_without_what_failed() -> None:
    assert read(M_PESA) == (
        ReadLine(day(11), 40000, "QAB1", "From A", 40000),
        ReadLine(day(20), -2500, "QAB3", "Fee", 37500),
    )


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "Date,Amount\n",
        "Date,Amount\n11/01/2024,12x\n",
        "Date,Amount\nyesterday,12\n",
        "Date,Amount\n11/01/2024,12.55\n",
    ],
)
def test_what_is_no_statement_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(text)
    assert caught.value.field == "file"


def test_a_workbook_is_read(tmp_path: Path, write_book: Callable[..., Path]) -> None:
    path = write_book(tmp_path / "statement.xlsx")
    assert lines_in(open_bytes(path.read_bytes(), path.name), TODAY, XOF) == (
        ReadLine(day(11), 40000, "V1", "Gift", 40000),
    )


@pytest.fixture
def write_book() -> Callable[..., Path]:
    def write(path: Path) -> Path:
        import openpyxl

        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.append(["Date", "Reference", "Details", "Credit", "Debit", "Balance"])
        sheet.append([date(2024, 1, 11), "V1", "Gift", 40000, None, 40000])
        book.save(path)
        return path

    return write


# One to several


@pytest.fixture
def slip(desk: Desk) -> Desk:
    """Three gifts brought to the bank with one slip of 9 900, and a transfer the bank cut in two."""
    for amount, on in ((5000, 9), (3000, 10), (1900, 10)):
        a_gift(desk, amount, day=day(on), box=BANK)
    a_gift(desk, 7000, day=day(10), box=BANK)
    lines = (
        ReadLine(day(10), 9900, "SLIP 4", "DEPOSIT", 9900),
        ReadLine(day(10), 4000, "", "TRANSFER 1/2", 13900),
        ReadLine(day(10), 3000, "", "TRANSFER 2/2", 16900),
    )
    desk.do(import_statement, request_id=a_request(), box=BANK, lines=lines)
    return desk


def ids(desk: Desk) -> tuple[list[StatementLineId], list[EntryId]]:
    lines = desk.ask(statement_lines, BANK, XOF)
    entries = desk.ask(box_entries, BANK, XOF, day(1), day(31))
    assert [one.amount.minor for one in entries] == [5000, 3000, 1900, 7000]
    return [one.id for one in lines], [one.entry_id for one in entries]


def test_a_slip_that_holds_many_receipts_is_all_of_them(slip: Desk) -> None:
    (deposit, *_), (one, two, three, _) = ids(slip)
    slip.do(match_together, line_ids=[deposit], entry_ids=[one, two, three])
    told = state(slip)
    assert told.matched == 1
    assert [each.amount for each in told.only_book] == [francs(7000)]
    assert [each.amount for each in told.only_statement] == [francs(4000), francs(3000)]
    (group,) = told.together
    assert (group.amount, group.difference, group.reason) == (francs(9900), francs(0), "")
    assert group.entries == (one, two, three)
    assert (told.expected, told.unexplained) == (francs(16900), francs(0))
    assert verify_desk(slip).clean


def test_several_lines_are_one_entry(slip: Desk) -> None:
    (_, first, second), entries = ids(slip)
    slip.do(match_together, line_ids=[first, second], entry_ids=[entries[3]])
    told = state(slip)
    assert told.matched == 2
    assert [each.amount for each in told.only_statement] == [francs(9900)]
    # The 5 000 of the ninth are older than the statement: they are taken as agreed.
    assert [each.amount.minor for each in told.only_book] == [3000, 1900]
    # What is in a group is in no proposal and in no other match.
    assert {each.entry.entry_id for each in told.proposals} & {entries[3]} == set()
    assert refused(slip, match_line, line_id=ids(slip)[0][0], entry_id=entries[3]).field == "entry"


def test_a_difference_is_told_and_named_and_explains_itself(slip: Desk) -> None:
    """The slip has 9 900, the two receipts chosen 8 000: 1 900 more."""
    (deposit, *_), (one, two, *_) = ids(slip)
    told: dict[str, Any] = {"line_ids": [deposit], "entry_ids": [one, two]}
    refusal = refused(slip, match_together, **told)
    assert refusal.field == "difference_reason"
    said = speak(refusal.text, "en")
    assert all(amount in said for amount in ("9,900", "8,000", "1,900"))
    slip.do(match_together, difference_reason="a receipt is not typed in yet", **told)
    now = state(slip)
    (group,) = now.together
    assert (group.difference, group.reason) == (francs(1900), "a receipt is not typed in yet")
    # Books 16 900, less 1 900 and 7 000 only they know, plus 7 000 of the bank and 1 900 named.
    assert (now.booked, now.expected, now.stated) == (francs(16900), francs(16900), francs(16900))
    listing = reconciliation_list(now, "en")
    assert "a receipt is not typed in yet" in text_of(
        listing.pdf("en", scheme="Koula", practice=True, printed_on=slip.today)
    )


def test_what_stood_together_is_taken_apart_as_a_whole(slip: Desk) -> None:
    (_, first, second), entries = ids(slip)
    slip.do(match_together, line_ids=[first, second], entry_ids=[entries[3]])
    slip.do(unmatch_line, line_id=second)
    told = state(slip)
    assert (told.matched, told.together) == (0, ())
    assert refused(slip, unmatch_line, line_id=first).field == "line"
    slip.do(match_together, line_ids=[first, second], entry_ids=[entries[3]])
    assert state(slip).matched == 2
    assert verify_desk(slip).clean


def test_what_cannot_stand_together_is_refused(slip: Desk) -> None:
    (deposit, first, second), (one, two, three, four) = ids(slip)

    def field(lines: list[StatementLineId], entries: list[EntryId]) -> str:
        return refused(slip, match_together, line_ids=lines, entry_ids=entries).field

    assert field([], [one]) == "line"
    assert field([deposit], []) == "line"
    assert field([first, second], [one, two]) == "line"
    assert field([StatementLineId(bytes(16))], [one]) == "line"
    assert field([deposit], [one, EntryId(bytes(16))]) == "entry"
    slip.do(match_together, line_ids=[deposit], entry_ids=[one, two, three])
    assert field([deposit], [four]) == "line"
    assert field([first], [two, four]) == "entry"
    own = (ReadLine(day(10), 4000, "", "MOMO", 4000),)
    slip.do(import_statement, request_id=a_request(), box=MOMO, lines=own)
    (other,) = slip.ask(statement_lines, MOMO, XOF)
    assert field([first, other.id], [four]) == "line"


def test_what_is_one_movement_is_open_until_all_of_it_is_there(slip: Desk) -> None:
    """On the ninth the first of the three receipts alone is booked: the books have it, the bank not."""
    (deposit, *_), (one, two, three, _) = ids(slip)
    slip.do(match_together, line_ids=[deposit], entry_ids=[one, two, three])
    early = (ReadLine(day(8), 10, "", "OPENED", 10),)
    slip.do(import_statement, request_id=a_request(), box=BANK, lines=early)
    told = state(slip, day(9))
    assert told.together == ()
    assert [each.amount for each in told.only_book] == [francs(5000)]

"""Hand-over slips, contribution cards, collection sheets and the register of booklets on paper."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from stepdesk.contributions import rules
from stepdesk.contributions.model import hand_over
from stepdesk.contributions.papers import (
    booklet_pdf,
    booklet_register_pdf,
    booklet_register_xlsx,
    collection_sheets_pdf,
    contribution_card_pdf,
    hand_over_pdf,
)
from stepdesk.contributions.queries import (
    contribution_card,
    hand_over_by_number,
    hand_over_of,
)
from stepdesk.contributions.service import (
    hand_over_cash,
    issue_booklet,
    mark_leaves,
    receive_booklets,
    reverse_payment,
)
from stepdesk.contributions.terms import (
    CardLine,
    CollectionSheet,
    ContributionCard,
    HandOver,
    HandOverLine,
    Leaf,
    LeavesUsed,
    MarkKind,
    Periodicity,
    SheetLine,
    Stationery,
    Target,
)
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.paper.page import A4
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import EntryId, HouseholdId, SheetId, StaffId
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import SECOND, a_household, a_payment, a_plan, a_request
from tests.contributions.test_booklets import MOUSSA, facts, mark, use
from tests.contributions.test_papers import francs, has_all, pages_of, text_of

LONG = "Mamadou-Bachir El-Hadji Abdoulaye Ousmane Ndiaye-Diatta de Sirakorola"


def second_of(desk: Desk) -> StaffId:
    return desk.keys.tiles()[1].staff_id


# Hand-over


def handed(desk: Desk, amount: int, serial: int, **told: object) -> EntryId:
    """A hand-over with its number and its count, as the cash desk writes it."""
    with desk.work("hand_over_cash") as work:
        entry_id = ledger.post(
            work, posting.hand_over(into="cash_main", amount=amount), day=work.today
        )
        work.insert(
            hand_over,
            id=work.new_id(),
            request_id=a_request(),
            collector_id=second_of(desk),
            day=work.today,
            amount=amount,
            entry_id=entry_id,
            year=work.today.year,
            letter="A",
            serial=serial,
            **told,
        )
    return entry_id


def test_a_slip_tells_what_was_collected_since_the_one_before(
    two_people_desk: Desk, clock: SetClock
) -> None:
    desk = two_people_desk
    bintou = second_of(desk)
    (booklet_id,) = desk.do(receive_booklets, kind=Stationery.RECEIPT, first_serial=147)
    desk.do(issue_booklet, booklet_id=booklet_id, collector_id=bintou)
    home = a_household(desk, 1)

    def take(amount: int, leaf: int | None) -> str:
        told = None if leaf is None else Leaf(booklet_id, leaf)
        return a_payment(desk, home, amount, collector_id=bintou, leaf=told).number

    take(1350, 1)
    handed(desk, 1000, 1)
    clock.set(date(2024, 1, 17))
    numbers = [take(350, 2), take(350, 4), take(700, None)]
    desk.do(
        mark_leaves, booklet_id=booklet_id, kind=MarkKind.CANCELLED, first_leaf=3, reason="wet"
    )
    a_payment(desk, home, 350)
    clock.set(date(2024, 1, 18))
    entry = handed(desk, 1700, 2, pieces='{"500": 3, "100": 2}', difference_reason="lost 50")
    take(350, 5)
    slip = desk.ask(hand_over_of, entry, desk.currency)
    assert slip == desk.ask(hand_over_by_number, "h-2024-a-000002", desk.currency)
    assert (slip.number, slip.collector, slip.day) == (
        "H-2024-A-000002",
        "Bintou",
        date(2024, 1, 18),
    )
    assert (slip.first_day, slip.last_day) == (date(2024, 1, 17), date(2024, 1, 17))
    assert [(line.number, line.leaf) for line in slip.lines] == [
        (numbers[0], "0147-02"),
        (numbers[1], "0147-04"),
        (numbers[2], ""),
    ]
    assert slip.booklets == (LeavesUsed("0147", "2, 4", "3"),)
    told = (slip.before, slip.collected, slip.expected, slip.handed, slip.difference)
    assert [one.minor for one in told] == [350, 1400, 1750, 1700, -50]
    assert (slip.pieces, slip.difference_reason) == ({500: 3, 100: 2}, "lost 50")


def test_a_hand_over_from_before_the_numbers_has_a_slip_too(two_people_desk: Desk) -> None:
    desk = two_people_desk
    bintou = second_of(desk)
    a_payment(desk, None, 3100, collector_id=bintou)
    entry = desk.do(
        hand_over_cash, request_id=a_request(), collector_id=bintou, amount=francs(3100)
    )
    slip = desk.ask(hand_over_of, entry, desk.currency)
    assert (slip.handed, slip.difference.minor, len(slip.lines)) == (francs(3100), 0, 1)
    for told in ("H-2024-A-000099", "R-2024-A-000001", ""):
        assert desk.ask(hand_over_by_number, told, desk.currency) is None
    with pytest.raises(LookupError):
        desk.ask(hand_over_of, EntryId(bytes(16)), desk.currency)


def a_slip(count: int, **told: object) -> HandOver:
    line = HandOverLine("", "0147-02", date(2026, 11, 2), "02-000047-4", LONG, francs(123_456_789))
    slip = HandOver(
        number="H-2026-A-000012",
        collector="Konaté Adama",
        day=date(2026, 11, 23),
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 21),
        lines=tuple(replace(line, number=f"R-2026-A-{at:06d}") for at in range(count)),
        booklets=(LeavesUsed("0147", "1–12, 14", "13"),),
        before=francs(5000),
        handed=francs(123_456_789 * count + 4500),
        pieces={10000: 3, 500: 1, 5: 0},
        difference_reason="un billet déchiré",
        scheme="Mutuelle de Thiès-Nord",
    )
    return replace(slip, **told)  # type: ignore[arg-type]


def test_a_slip_sets_what_was_counted_against_what_was_carried() -> None:
    text = text_of(hand_over_pdf(a_slip(2), "en", printed_on=date(2026, 11, 23)))
    assert has_all(
        text,
        [
            "H-2026-A-000012",
            "Konaté Adama",
            "23 November 2026",
            "01/11/2026 – 21/11/2026",
            "Booklet 0147: leaves used 1–12, 14, cancelled 13",
            "R-2026-A-000001 0147-02 02-000047-4",
            "2 receipts, total 246,913,578",
            "Carried from before 5,000",
            "Should be there 246,918,578",
            "Handed over 246,918,078",
            "Difference -500",
            "10,000 × 3 30,000",
            "un billet déchiré",
            "Signature of the collector",
        ],
    )
    assert "× 0" not in text


@pytest.mark.parametrize("count", [0, 1, 8, 15, 16, 17, 18, 27, 28, 29, 40, 90])
@pytest.mark.parametrize("practice", [False, True])
def test_each_receipt_stands_on_the_slip_once_and_the_signatures_too(
    count: int, practice: bool
) -> None:
    for told in (hand_over_pdf(a_slip(count, practice=practice), "fr"),):
        pages = pages_of(told)
        text = " ".join(pages)
        assert [text.count(f"R-2026-A-{at:06d}") for at in range(count)] == [1] * count
        assert "Signature" in pages[-1]
        assert sum("H-2026-A-000012" in page for page in pages) == len(pages)
        assert f"Page {len(pages)} sur {len(pages)}" in pages[-1]


def test_a_slip_on_a4_takes_fewer_pages() -> None:
    slip = a_slip(40)
    assert len(pages_of(hand_over_pdf(slip, "en", sheet=A4))) == 2
    assert len(pages_of(hand_over_pdf(slip, "en"))) == 2
    assert len(pages_of(hand_over_pdf(a_slip(70), "en", sheet=A4))) == 2


# The card


def card_of(desk: Desk, household_id: HouseholdId, year: int = 2024) -> ContributionCard:
    return desk.ask(contribution_card, household_id, year, desk.today, desk.currency)


def test_a_card_tells_month_by_month_what_was_due_and_paid(desk: Desk, clock: SetClock) -> None:
    home = a_household(desk, 1)
    first = a_payment(desk, home, 1000 + 350 + 200)
    clock.set(date(2024, 3, 12))
    second = a_payment(desk, home, 150 + 350)
    clock.set(date(2024, 4, 15))
    card = card_of(desk, home.household_id)
    assert (card.plan, card.amount, card.year) == ("Base", francs(350), 2024)
    fee, january, february, march, april, *rest = card.lines
    assert fee == CardLine(
        Target.ENTRY_FEE, None, None, None, francs(1000), date(2024, 1, 10), (first.number,)
    )
    assert (january.due, january.receipts) == (None, ())
    assert february == CardLine(
        Target.DUE,
        date(2024, 2, 1),
        date(2024, 2, 29),
        francs(350),
        francs(350),
        date(2024, 1, 10),
        (first.number,),
    )
    # 200 of the first payment waited as credit until the month was whole.
    assert (march.due, march.paid, march.receipts) == (
        francs(350),
        francs(350),
        (second.number,),
    )
    assert (april.paid, april.receipts) == (francs(350), (second.number,))
    assert [(line.due, line.paid.minor) for line in rest] == [(None, 0)] * 8
    assert [line.last_day for line in rest] == [Month(2024, at).last for at in range(5, 13)]


def test_a_cancelled_receipt_is_not_on_the_card(two_people_desk: Desk) -> None:
    desk = two_people_desk
    home = a_household(desk, 1)
    wrong = a_payment(desk, home, 1350)
    with desk.work("reverse_payment") as work:
        work.second(second_of(desk), SECOND)
        reverse_payment(
            work, request_id=a_request(), payment_id=wrong.payment_id, reason="wrong household"
        )
    lines = card_of(desk, home.household_id).lines
    assert [line.receipts for line in lines] == [()] * 12
    assert {line.paid.minor for line in lines} == {0}


def test_a_card_of_a_yearly_plan_has_its_periods_alone(desk: Desk) -> None:
    plan = a_plan(desk, periodicity=Periodicity.ANNUAL, amount=4200)
    home = a_household(desk, 1, plan_id=plan)
    receipt = a_payment(desk, home, 5200)
    card = card_of(desk, home.household_id)
    told = [(line.target, line.first_day, line.receipts) for line in card.lines]
    assert told == [
        (Target.ENTRY_FEE, None, (receipt.number,)),
        (Target.DUE, date(2024, 2, 1), (receipt.number,)),
    ]


def test_the_card_is_a_grid_with_room_to_sign() -> None:
    months = [Month(2026, at) for at in range(1, 13)]
    lines = [
        CardLine(
            Target.DUE,
            month.first,
            month.last,
            francs(123_456_789),
            francs(123_456_789),
            date(2026, 1, 5),
            ("R-2026-A-000001", "R-2026-A-000002", "R-2026-A-000003"),
        )
        for month in months
    ]
    lines[11] = replace(lines[11], first_day=date(2026, 12, 5), last_day=date(2027, 1, 4))
    fee = CardLine(Target.CARD_FEE, None, None, None, francs(500), date(2026, 1, 5), ("R-1",))
    card = ContributionCard(
        household_number="02-000047-4",
        name=LONG,
        section="Koula",
        plan="Famille",
        amount=francs(2100),
        year=2026,
        lines=(fee, *lines),
        scheme="Mutuelle de Thiès-Nord",
        practice=True,
    )
    (page,) = pages_of(contribution_card_pdf(card, "en", printed_on=date(2026, 11, 23)))
    assert has_all(
        page,
        [
            "Contribution card",
            "2026",
            "02-000047-4",
            "Sirakorola",
            "2,100",
            "Card fee",
            "January 2026",
            "05/12/2026 – 04/01/2027",
            "123,456,789 123,456,789 05/01/2026",
            "R-2026-A-000003",
            "+ 2",
            "Signature",
            "TRAINING",
        ],
    )
    assert pages_of(contribution_card_pdf(replace(card, lines=()), "fr")) != []


# The collection sheet


def a_sheet(count: int, **told: object) -> CollectionSheet:
    lines = tuple(
        SheetLine(
            place=at,
            household_id=HouseholdId(bytes(16)),
            number=f"02-{at:06d}-4",
            name=LONG if at % 2 else "فاطمة الزهراء",
            section="Koula",
            beneficiaries=5,
            due=francs(123_456_789),
            late=francs(700 if at % 2 else 0),
            covered_through=date(2026, 10, 31),
        )
        for at in range(1, count + 1)
    )
    sheet = CollectionSheet(
        id=SheetId(bytes(16)),
        number="F-2026-A-000012",
        title="Sirakorola",
        printed_on=date(2026, 11, 23),
        day=date(2026, 11, 23),
        lines=lines,
        scheme="Mutuelle de Thiès-Nord",
    )
    return replace(sheet, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [1, 20, 21, 40])
def test_a_sheet_has_its_households_on_one_page(count: int) -> None:
    (page,) = pages_of(collection_sheets_pdf([a_sheet(count)], "en"))
    assert [page.count(f"02-{at:06d}-4 · 5") for at in range(1, count + 1)] == [1] * count
    wanted = ["F-2026-A-000012", "Sirakorola", "late 700", "paid to 31/10/2026", "123,456,789"]
    assert has_all(page, wanted)


def test_many_sheets_are_pages_of_one_document() -> None:
    sheets = [a_sheet(40), a_sheet(3, number="F-2026-A-000013", practice=True)]
    first, second = pages_of(collection_sheets_pdf(sheets, "fr"))
    assert ("F-2026-A-000012" in first, "F-2026-A-000013" in second) == (True, True)
    with pytest.raises(ValueError, match="no sheet"):
        collection_sheets_pdf([], "fr")


def test_a_sheets_total_is_that_of_its_lines() -> None:
    assert a_sheet(3).due == Money(3 * 123_456_789, francs(0).currency)


# The register of booklets


STATE = rules.booklet_state(
    facts(use(1), use(5, 9), marks=(mark(2, 2), mark(3, 3, MarkKind.MISSING)))
)


def test_the_register_tells_who_holds_what_and_what_to_look_at() -> None:
    pdf = booklet_register_pdf(
        [STATE, STATE], "en", scheme="Mutuelle", practice=False, day=date(2026, 3, 1)
    )
    text = text_of(pdf)
    assert has_all(
        text,
        ["Receipts 0147 1–50 05/01/2026 Moussa 10/01/2026 2 1 1 46", "leaves missing: 2"],
    )
    assert "Leaf 0147-04 was passed over" in text
    book = openpyxl.load_workbook(BytesIO(booklet_register_xlsx([STATE], "en", practice=True)))
    _, row = book.worksheets[0].iter_rows(values_only=True)
    assert row[:3] == ("Receipts", "0147", "1–50")
    assert row[6:10] == (2, 1, 1, 46)
    assert STATE.holder.collector_id == MOUSSA


def test_one_booklet_is_told_leaf_by_leaf() -> None:
    text = text_of(
        booklet_pdf(STATE, "en", scheme="Mutuelle", practice=True, day=date(2026, 3, 1))
    )
    assert has_all(
        text,
        [
            "Booklet 0147: Receipts",
            "Given to Moussa on 10 January 2026",
            "0147-01 Used R-2026-A-000001 01/02/2026",
            "0147-02 Cancelled 03/02/2026 wet",
            "0147-03 Missing",
            "TRAINING",
        ],
    )
    assert "0147-06" not in text

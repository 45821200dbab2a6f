"""The treasurer's page by keyboard: lines, counts, transfers, bills, cancelling, the books."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from stepdesk.countries import country
from stepdesk.i18n import speak
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import (
    balance_of,
    box_balances,
    counts,
    held_on,
    money_settings_on,
    open_bills,
    vouchers,
)
from stepdesk.ledger.terms import Activity, Opened, Place, Voucher
from stepdesk.payers import service as payers
from stepdesk.payers.terms import GroupKind, PayerKind
from stepdesk.providers import service as providers
from stepdesk.providers.terms import Kind as ProviderKind
from stepdesk.reports.service import close_month
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui import theme, tokens
from stepdesk.ui.cash.facts import Tab, listing_of
from stepdesk.ui.cash.forms import EntryForm
from stepdesk.ui.cash.kinds import KINDS
from stepdesk.ui.cash.page import CashPage
from stepdesk.ui.printing import PaperWindow
from stepdesk.ui.theme import Theme
from stepdesk.ui.widgets.rows_model import Kind
from stepdesk.values.care import Level
from stepdesk.values.month import Month
from tests.builders import FIRST, SECOND, a_request
from tests.ledger.kit import a_gift, an_expense, francs
from tests.ui.righttoleft import from_the_right
from tests.ui.test_pages import Opens, opens, paid  # noqa: F401 - a fixture
from tests.ui.window import Window, plain

SIXTH = date(2024, 1, 6)


def a_box(desk: Desk, clock: SetClock) -> None:
    """50,000 given on the 5th, 2,500 spent on the 6th; today is the 10th."""
    clock.set(date(2024, 1, 10))
    a_gift(desk, 50_000, day=date(2024, 1, 5))
    an_expense(desk, 2_500, day=SIXTH)


def cash(window: Window, **arguments: object) -> CashPage:
    return window.go(CashPage, "cash", **arguments)


def papers(window: Window) -> tuple[Voucher, ...]:
    pack = country(window.desk.country)
    return window.desk.ask(vouchers, pack, first=date(2024, 1, 1), last=date(2024, 12, 31))


def row(page: CashPage, at: int) -> list[str]:
    return [plain(page.model.cell(at, one).text) for one in range(page.model.columnCount())]


def kind(page: CashPage, role: str) -> None:
    page.entry.kind.setCurrentIndex(page.entry.kind.findData(role))


def test_the_cash_book_shows_the_opening_each_line_and_what_should_be_there(
    opens: Opens,  # noqa: F811
) -> None:
    page = cash(opens(a_box))
    assert row(page, 0)[1:6] == ["E-2024-571-A-0001", "Gift of the chief", "50,000", "", "50,000"]
    assert row(page, 1)[1:6] == ["S-2024-571-A-0001", "Notebooks", "", "2,500", "47,500"]
    assert "47,500" in plain(page.stands.text())


def test_a_line_is_written_by_keys_alone(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window)
    assert page.entry.day.hasFocus()
    window.key(Qt.Key.Key_Down)
    window.type("\nBus to Koula\n")
    assert page.entry.kind.hasFocus()
    kind(page, "travel")
    window.type("\nDriver\nF-3\n\n1200\n")
    spent = papers(window)[0]
    assert (spent.number, spent.day, spent.role) == (
        "S-2024-571-A-0002",
        date(2024, 1, 9),
        "travel",
    )
    assert (spent.label, spent.payee, spent.piece) == ("Bus to Koula", "Driver", "F-3")
    assert spent.amount == francs(1_200)
    assert row(page, 2)[1:6] == ["S-2024-571-A-0002", "Bus to Koula", "", "1,200", "46,300"]
    assert page.entry.day.hasFocus()
    assert page.entry.day.day() == date(2024, 1, 9)


def test_money_that_comes_in_gets_a_number_of_its_own(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window)
    kind(page, "gift")
    page.entry.text.setText("From the mayor")
    page.entry.came.set_value(10_000)
    page.entry.send()
    window.wait()
    assert papers(window)[0].number == "E-2024-571-A-0002"


def test_a_text_typed_before_brings_its_kind(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window)
    kind(page, "payroll")
    page.entry.text.setFocus()
    window.type("Noteb\n")
    assert page.entry.text.text() == "Notebooks"
    assert page.entry.kind.currentData() == "supplies"


def test_more_than_the_box_held_that_day_is_refused_beside_the_amount(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(a_box)
    page = cash(window)
    acts = window.desk.acts
    page.entry.day.set_day(date(2024, 1, 4))
    page.entry.text.setText("Stamps")
    kind(page, "taxes")
    page.entry.went.set_value(700)
    page.entry.send()
    window.wait()
    assert "4 January 2024" in page.entry.error("went") or "4 Jan" in page.entry.error("went")
    assert page.entry.went.hasFocus()
    assert window.desk.acts == acts


@pytest.mark.parametrize(
    ("prepare", "field"),
    [
        (lambda form: form.went.set_value(None), "went"),
        (lambda form: form.came.set_value(5), "went"),
        (lambda form: form.day.setText("45/13"), "day"),
        (lambda form: form.went.setText("12x"), "went"),
        (lambda form: form.text.clear(), "text"),
        (lambda form: form.kind.setCurrentIndex(form.kind.findData("gift")), "role"),
    ],
)
def test_what_is_typed_wrongly_is_said_beside_its_field(
    opens: Opens,  # noqa: F811
    prepare: Callable[[EntryForm], object],
    field: str,
) -> None:
    window = opens(a_box)
    page = cash(window)
    acts = window.desk.acts
    page.entry.text.setText("Pens")
    page.entry.went.set_value(100)
    prepare(page.entry)
    page.entry.send()
    window.wait()
    assert page.entry.error(field)
    assert window.desk.acts == acts


def test_up_and_down_move_the_day(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        window.key(key)
    assert page.entry.day.day() == date(2024, 1, 9)


def test_a_large_expense_asks_for_a_second_person(opens: Opens) -> None:  # noqa: F811
    def rich(desk: Desk, clock: SetClock) -> None:
        a_box(desk, clock)
        a_gift(desk, 900_000, day=SIXTH)

    window = opens(rich, people=("Awa", "Bintou"))
    page = cash(window)
    kind(page, "furniture")
    page.entry.text.setText("Cupboard")
    page.entry.went.set_value(300_000)
    page.entry.send()
    window.wait()
    assert page.entry.second.isVisible()
    assert page.entry.second.password.hasFocus()
    window.type(f"{SECOND}\n")
    assert papers(window)[0].amount == francs(300_000)
    assert not papers(window)[0].single_control


def test_money_goes_to_the_bank_with_two_numbers(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window)
    window.key(Qt.Key.Key_F6)
    assert page.transfer.isVisible()
    places = [page.transfer.target.itemData(at) for at in range(page.transfer.target.count())]
    page.transfer.target.setCurrentIndex(places.index(Place("bank")))
    page.transfer.amount.set_value(40_000)
    page.transfer.send()
    window.wait()
    moved = papers(window)[0]
    assert moved.number == "S-2024-571-A-0002"
    assert moved.other_number.startswith("E-2024-")
    assert window.desk.ask(balance_of, "bank") == 40_000


def test_the_same_box_twice_is_refused_beside_it(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window)
    page.start_transfer()
    page.transfer.target.setCurrentIndex(page.transfer.source.currentIndex())
    page.transfer.amount.set_value(1_000)
    page.transfer.send()
    window.wait()
    assert page.transfer.error("target")


def test_a_box_is_counted_before_it_is_said_what_should_be_there(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(a_box)
    page = cash(window)
    window.key(Qt.Key.Key_F12)
    assert page.count.isVisible()
    assert not page.stands.isVisible()
    page.count.pieces[10_000].set_value(4)
    page.count.send()
    window.wait()
    assert "-7,500" in plain(page.count.error("difference_reason")).replace("−", "-")
    page.count.reason.setText("Lent to the driver")
    page.count.send()
    window.wait()
    kept = window.desk.ask(counts, country("SN"), "en")[0]
    assert (kept.counted, kept.difference) == (francs(40_000), francs(-7_500))


def test_nothing_in_sight_tells_a_counter_what_should_be_there(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window)
    window.key(Qt.Key.Key_F12)
    assert page.count.isVisible()
    assert not page.table.isVisible()
    window.key(Qt.Key.Key_F9)
    assert not page.findChildren(PaperWindow)
    window.key(Qt.Key.Key_Escape)
    assert page.table.isVisible()
    assert "47,500" in plain(page.stands.text())
    assert page.counted.isVisible()


def test_a_cash_box_is_asked_for_notes_and_a_bank_for_its_statement(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window)
    window.key(Qt.Key.Key_F12)
    assert not page.count.stated.isVisible()
    assert all(one.isVisible() for one in page.count.pieces.values())
    page.asked = replace(page.asked, place=Place("bank"))
    page.shown(count=True)
    window.wait()
    assert page.count.stated.hasFocus()
    assert not any(one.isVisible() for one in page.count.pieces.values())


@pytest.mark.parametrize("tab", [Tab.BOOK, Tab.BALANCE, Tab.JOURNALS, Tab.ACCOUNT, Tab.RULES])
@pytest.mark.parametrize("mirrored", [False, True])
def test_no_figure_of_nine_digits_is_cut(
    opens: Opens,  # noqa: F811
    tab: Tab,
    mirrored: bool,
) -> None:
    def rich(desk: Desk, clock: SetClock) -> None:
        clock.set(date(2024, 1, 10))
        for day in (4, 5):
            a_gift(desk, 123_456_789, day=date(2024, 1, day))
        an_expense(desk, 123_456_789, day=SIXTH)

    def look(window: Window) -> None:
        page = cash(window, tab=tab)
        window.window.grab()  # the columns are as wide as what is painted in them
        window.wait()
        figures = [
            (plain(cell.text), advance(cell.text) + 2 * theme.current().px(tokens.CELL), width)
            for at in range(page.model.rowCount())
            for one, column in enumerate(page.model.columns)
            if column.kind is Kind.AMOUNT and (width := page.table.columnWidth(one))
            for cell in (page.model.cell(at, one),)
        ]
        advance_of = {told: (needs, has) for told, needs, has in figures}
        assert "123,456,789" in advance_of
        assert [told for told, (needs, has) in advance_of.items() if needs > has] == []

    def advance(told: str) -> int:
        return QFontMetrics(theme.current().font(tokens.BODY)).horizontalAdvance(told)

    if mirrored:
        with from_the_right() as speaker:
            look(opens(rich, speaker=speaker))
    else:
        look(opens(rich))


def test_a_voucher_is_cancelled_with_a_reason_and_a_second_person(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(a_box, people=("Awa", "Bintou"))
    page = cash(window)
    page.table.go_to(1)
    window.key(Qt.Key.Key_F7)
    assert "S-2024-571-A-0001" in page.cancel.head.text()
    window.type("\n")
    page.cancel.second.password.setText(SECOND)
    page.cancel.send()
    window.wait()
    assert page.cancel.error("reason")
    page.cancel.reason.setText("Paid twice")
    page.cancel.second.password.setText(SECOND)
    page.cancel.send()
    window.wait()
    assert row(page, 1)[2] == "Notebooks (cancelled)"
    assert window.desk.ask(balance_of, "cash_main") == 50_000


def test_a_receipt_is_not_cancelled_here(opens: Opens) -> None:  # noqa: F811
    window = opens(paid)
    page = cash(window)
    page.table.go_to(0)
    page.start_cancel()
    window.wait()
    assert "is no voucher" in page.entry.error()


def test_a_bill_is_kept_and_paid_in_parts(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window, tab=Tab.TO_PAY)
    page.bill.payee.setText("Printer")
    page.bill.text.setText("Booklets")
    page.bill.amount.set_value(9_000)
    page.bill.send()
    window.wait()
    assert row(page, 0)[-1] == "9,000"
    page.table.setFocus()
    window.key(Qt.Key.Key_Return)
    assert page.bill.amount.value() == 9_000
    window.type("4000\n")
    (bill,) = window.desk.ask(open_bills, country("SN").currency)
    assert bill.owed == francs(5_000)


def test_an_entry_by_hand_warns_of_accounts_that_follow_papers(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(a_box)
    page = cash(window, tab=Tab.JOURNALS)
    form = page.by_hand
    for at, (role, debit, credit) in enumerate((("travel", 300, None), ("cash_main", None, 300))):
        account, _who, left, right = form.lines_typed()[at]
        account.setCurrentIndex(account.findData(role))
        left.set_value(debit)
        right.set_value(credit)
    form.reason.setText("Found in the old book")
    form.send()
    window.wait()
    assert form.caution.isVisible()
    window.type("No paper is left\n")
    assert window.desk.ask(balance_of, "travel") == 300


def test_sides_that_differ_are_refused_beside_the_lines(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window, tab=Tab.JOURNALS)
    account, _who, left, _right = page.by_hand.lines_typed()[0]
    account.setCurrentIndex(account.findData("travel"))
    left.set_value(300)
    page.by_hand.reason.setText("One side")
    page.by_hand.send()
    window.wait()
    assert "300" in page.by_hand.error("lines")


def test_the_opening_balance_sheet_is_written_once(opens: Opens) -> None:  # noqa: F811
    window = opens()
    page = cash(window, tab=Tab.OPENING)
    account, _who, left, _right = page.opening.lines_typed()[0]
    account.setCurrentIndex(account.findData("bank"))
    left.set_value(80_000)
    page.opening.send()
    window.wait()
    assert window.desk.ask(balance_of, "bank") == 80_000
    account.setCurrentIndex(account.findData("bank"))
    left.set_value(1)
    page.opening.send()
    window.wait()
    assert "written before" in page.opening.error("lines")


def test_money_rules_are_set_from_a_day_on(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window, tab=Tab.RULES)
    page.rules.limit.set_value(60_000)
    page.rules.send()
    window.wait()
    told = window.desk.ask(money_settings_on, country("SN"), date(2024, 1, 10))
    assert told.cash_limit == francs(60_000)
    boxes = window.desk.ask(box_balances, country("SN"), "en", date(2024, 1, 10))
    assert [one.held for one in boxes if one.box.place == Place("cash_main")] == [francs(47_500)]


def test_a_line_of_the_balance_opens_its_account(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window, tab=Tab.BALANCE)
    at = next(n for n in range(page.model.rowCount()) if row(page, n)[0] == "571")
    page.table.go_to(at)
    page.table.setFocus()
    window.key(Qt.Key.Key_Return)
    assert page.asked.tab is Tab.ACCOUNT
    assert row(page, page.model.rowCount() - 1)[-1] == "47,500"


def test_each_kind_has_a_word_an_example_and_is_one_the_verbs_take() -> None:
    known = {*ledger.SPENDING, *ledger.BOUGHT, *ledger.INCOMES}
    assert {one.role for one in KINDS} == known
    assert all(one.word and one.example for one in KINDS)
    assert {one.role for one in KINDS if not one.out} == set(ledger.INCOMES)


@pytest.mark.parametrize("tab", list(Tab))
@pytest.mark.parametrize(("zoom", "mirrored"), [(125, False), (100, True)])
def test_no_tab_is_wider_than_its_place(
    opens: Opens,  # noqa: F811
    qapp: QApplication,
    tab: Tab,
    zoom: int,
    mirrored: bool,
) -> None:
    def fits(window: Window) -> None:
        theme.apply(qapp, Theme(zoom=zoom))
        page = cash(window, tab=tab)
        place = page.parentWidget()
        assert place is not None
        window.qtbot.waitUntil(lambda: page.width() <= place.width(), timeout=3000)

    if mirrored:
        with from_the_right() as speaker:
            fits(opens(a_box, speaker=speaker))
    else:
        fits(opens(a_box, language="fr"))


def test_escape_goes_back_to_the_line(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window)
    page.start_transfer()
    window.key(Qt.Key.Key_Escape)
    assert page.entry.isVisible()
    assert page.entry.day.hasFocus()


def fill_line(page: CashPage, at: int, role: str, who: str, debit: int, credit: int = 0) -> None:
    form = page.by_hand if page.asked.tab is Tab.JOURNALS else page.opening
    account, whose, left, right = form.lines_typed()[at]
    account.setCurrentIndex(account.findData(role))
    whose.setText(who)
    left.set_value(debit or None)
    right.set_value(credit or None)


def with_payers(desk: Desk, clock: SetClock) -> None:
    a_box(desk, clock)
    desk.do(payers.add_payer, code="ETAT", name="The State", kind=PayerKind.STATE)
    desk.do(payers.add_payer, code="ONG", name="Friends of Koula", kind=PayerKind.NGO)
    desk.do(payers.add_group, code="FEM", name="Women of Koula", kind=GroupKind.WOMEN, people=20)
    desk.do(
        ledger.buy_on_credit,
        request_id=a_request(),
        day=SIXTH,
        role="supplies",
        amount=francs(4_000),
        label="Chairs",
        payee="Chez Ali",
        piece="F-77",
    )


def test_an_entry_by_hand_names_payers_groups_and_suppliers_on_as_many_lines_as_it_takes(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(with_payers)
    page = cash(window, tab=Tab.JOURNALS)
    told = (
        ("state_subsidy", "ETAT", 900, 0),
        ("donor", "friends of koula", 800, 0),
        ("group_receivable", "FEM", 700, 0),
        ("supplier", "Chez Ali", 600, 0),
        ("travel", "", 0, 3_000),
    )
    for at, line in enumerate(told):
        fill_line(page, at, line[0], line[1], *line[2:])
    page.by_hand.reason.setText("Taken from the old book")
    page.by_hand.send()
    window.wait()
    assert page.by_hand.caution.isVisible(), page.by_hand.error("lines")
    window.type("No paper is left\n")
    booked = {role: window.desk.ask(balance_of, role) for role, *_ in told}
    assert booked == {
        "state_subsidy": 900,
        "donor": 800,
        "group_receivable": 700,
        "supplier": 600 - 4_000,
        "travel": -3_000,
    }


def test_a_party_nobody_knows_is_refused_beside_its_own_line(opens: Opens) -> None:  # noqa: F811
    window = opens(with_payers)
    page = cash(window, tab=Tab.JOURNALS)
    acts = window.desk.acts
    fill_line(page, 0, "travel", "", 100)
    fill_line(page, 2, "donor", "Nobody at all", 0, 100)
    page.by_hand.reason.setText("A gift that was promised")
    page.by_hand.send()
    window.wait()
    assert "Nobody at all" in page.by_hand.error("who2")
    assert window.desk.acts == acts


def test_the_opening_balance_sheet_takes_more_than_six_lines(opens: Opens) -> None:  # noqa: F811
    window = opens()
    page = cash(window, tab=Tab.OPENING)
    roles = (
        "cash_main",
        "bank",
        "mfi",
        "momo",
        "computer",
        "furniture",
        "motorbike",
        "union_current",
    )
    for at, role in enumerate(roles):
        fill_line(
            page,
            at,
            role,
            "",
            100 * (at + 1) if role != "union_current" else 0,
            800 if role == "union_current" else 0,
        )
    page.opening.reason.setText("The balance of last year")
    page.opening.send()
    window.wait()
    assert [window.desk.ask(balance_of, role) for role in roles] == [
        *range(100, 800, 100),
        -800,
    ]


def test_a_box_is_added_by_keys_and_stands_among_the_others(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window, tab=Tab.RULES)
    window.key(Qt.Key.Key_F6)
    assert page.new_box.kind.hasFocus()
    page.new_box.kind.setCurrentIndex(page.new_box.kind.findData("mfi"))
    window.type("\ncec\nSavings at the CEC\n45-77\n\n\n200000\n")
    added = {
        one.box.code: one
        for one in window.desk.ask(box_balances, country("SN"), "en", window.desk.today)
    }["CEC"]
    assert (added.box.name, added.box.place.role) == ("Savings at the CEC", "mfi")
    assert "CEC" in [row(page, at)[0] for at in range(page.model.rowCount())]


def test_a_box_without_a_code_is_refused_beside_it(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window, tab=Tab.RULES)
    acts = window.desk.acts
    page.start_box()
    page.new_box.name.setText("Second telephone")
    page.new_box.send()
    window.wait()
    assert page.new_box.error("code")
    assert window.desk.acts == acts


def test_a_line_by_hand_may_name_a_box_of_its_own(opens: Opens) -> None:  # noqa: F811
    def two_boxes(desk: Desk, clock: SetClock) -> None:
        a_box(desk, clock)
        desk.do(ledger.add_box, kind="cash_section", code="K1", name="Box of Koula")

    window = opens(two_boxes)
    page = cash(window, tab=Tab.OPENING)
    fill_line(page, 0, "cash_section", "K1", 5_000)
    page.opening.send()
    window.wait()
    held = window.desk.ask(box_balances, country("SN"), "en", window.desk.today)
    assert {one.box.code: one.held for one in held}["K1"] == francs(5_000)


@pytest.mark.parametrize(
    ("tab", "says"), [(Tab.TO_PAY, "No bill waits."), (Tab.COLLECTORS, "Nobody carries money")]
)
def test_an_empty_list_says_what_is_empty(opens: Opens, tab: Tab, says: str) -> None:  # noqa: F811
    page = cash(opens(a_box), tab=tab)
    assert page.model.rowCount() == 0
    assert page.table._empty_words.startswith(says)


def test_an_empty_book_of_a_bank_asks_for_its_statement(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window)
    places = [page.box.itemData(at) for at in range(page.box.count())]
    page.box.setCurrentIndex(places.index(Place("bank")))
    page.box.activated.emit(page.box.currentIndex())
    window.wait()
    assert page.table._empty_words.startswith("Nothing moved in this month.")


def test_notes_are_written_with_their_thousands_apart(opens: Opens) -> None:  # noqa: F811
    page = cash(opens(a_box), count=True)
    assert plain(page.count.pieces[10_000].accessibleName()) == "Pieces of 10,000 F CFA"
    assert page.count._places["piece10000"].words.text() == "10,000"


def test_notes_and_coins_are_counted_by_enter(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window, count=True)
    assert page.count.pieces[10_000].hasFocus()
    window.type("4\n1\n1\n\n1\n")
    assert page.count.pieces[250].hasFocus()
    told = {value: one.value() for value, one in page.count.pieces.items() if one.value()}
    assert told == {10_000: 4, 5_000: 1, 2_000: 1, 500: 1}


def test_an_opening_that_stands_asks_for_nothing_more(opens: Opens) -> None:  # noqa: F811
    def a_closed_month(desk: Desk, clock: SetClock) -> None:
        a_box(desk, clock)
        clock.set(date(2024, 2, 1))
        desk.do(close_month, month=Month(2024, 1), accepting=frozenset({"not_counted"}))

    page = cash(opens(a_closed_month), tab=Tab.OPENING)
    assert page.forms.isHidden()
    assert page.stands.isVisible()
    assert "opening balance sheet stands" in page.stands.text()


def test_a_blank_statement_is_refused_and_not_taken_for_nothing(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window, place=Place("bank"), count=True)
    acts = window.desk.acts
    page.count.reason.setText("Not looked at")
    page.count.send()
    window.wait()
    assert page.count.error("stated")
    assert page.count.stated.hasFocus()
    assert window.desk.acts == acts
    window.type("0")
    page.count.send()
    window.wait()
    kept = window.desk.ask(counts, country("SN"), "en")[0]
    assert (kept.box.place, kept.counted) == (Place("bank"), francs(0))


def test_a_count_for_a_closing_is_of_the_last_evening_of_its_month(opens: Opens) -> None:  # noqa: F811
    def in_february(desk: Desk, clock: SetClock) -> None:
        a_box(desk, clock)
        clock.set(date(2024, 2, 3))
        a_gift(desk, 1_000, day=date(2024, 2, 2))

    window = opens(in_february)
    page = cash(window, tab=Tab.BOOK, month=Month(2024, 1), place=Place("cash_main"), count=True)
    assert page.count.day.day() == date(2024, 1, 31)
    for value, pieces in ((10_000, 4), (5_000, 1), (2_000, 1), (500, 1)):
        page.count.pieces[value].set_value(pieces)
    page.count.send()
    window.wait()
    kept = window.desk.ask(counts, country("SN"), "en")[0]
    assert (kept.day, kept.counted, kept.difference) == (
        date(2024, 1, 31),
        francs(47_500),
        francs(0),
    )
    page.start_count()
    assert page.count.day.day() == date(2024, 2, 3)


def choose_activity(page: CashPage, activity: Activity | None) -> None:
    page.activity.setCurrentIndex(page.activity.findData(activity))
    page.activity.activated.emit(page.activity.currentIndex())


def test_a_line_an_entry_and_a_bill_say_whose_activity_they_are(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window)
    kind(page, "gift")
    page.entry.text.setText("For the mill")
    page.entry.came.set_value(10_000)
    page.entry.activity.setCurrentIndex(page.entry.activity.findData(Activity.INCOME_GENERATING))
    page.entry.send()
    window.wait()
    bill = cash(window, tab=Tab.TO_PAY).bill
    bill.payee.setText("Smith")
    bill.text.setText("Repair of the mill")
    bill.amount.set_value(3_000)
    bill.activity.setCurrentIndex(bill.activity.findData(Activity.INCOME_GENERATING))
    bill.send()
    window.wait()
    page = cash(window, tab=Tab.JOURNALS)
    fill_line(page, 0, "travel", "", 300)
    fill_line(page, 1, "services", "", 0, 300)
    page.by_hand.reason.setText("Of the project")
    page.by_hand.activity.setCurrentIndex(page.by_hand.activity.findData(Activity.PROJECT))
    page.by_hand.send()
    window.wait()
    told = {one.label: one.activity for one in papers(window)}
    assert told["For the mill"] is Activity.INCOME_GENERATING
    assert told["Repair of the mill"] is Activity.INCOME_GENERATING
    assert told["Of the project"] is Activity.PROJECT


def test_another_activitys_money_is_refused_beside_the_activity(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window)
    acts = window.desk.acts
    page.entry.text.setText("Oil for the mill")
    page.entry.went.set_value(500)
    page.entry.activity.setCurrentIndex(page.entry.activity.findData(Activity.INCOME_GENERATING))
    page.entry.send()
    window.wait()
    assert "money of this activity" in page.entry.error("activity")
    assert window.desk.acts == acts


def a_mill(desk: Desk, clock: SetClock) -> None:
    a_box(desk, clock)
    mill = {"label": "For the mill", "activity": Activity.INCOME_GENERATING}
    a_gift(desk, 9_000, day=date(2024, 1, 8), **mill)


def test_the_cash_book_of_one_activity_shows_no_balance_of_the_box(opens: Opens) -> None:  # noqa: F811
    window = opens(a_mill)
    page = cash(window, tab=Tab.BOOK)
    choose_activity(page, Activity.INCOME_GENERATING)
    window.wait()
    assert page.activity.isVisible()
    titles = [one.title for one in page.model.columns]
    assert titles == ["Date", "Voucher", "Text", "In", "Out", "Paper"]
    assert [row(page, at)[2:5] for at in range(page.model.rowCount())] == [
        ["For the mill", "9,000", ""]
    ]
    assert plain(page.stands.text()).startswith(
        "Only Income-generating work: in 9,000 F CFA, out 0 F CFA."
    )
    printed = listing_of(window.desk, page.asked, "en")
    assert "Income-generating work alone" in plain(speak(printed.title, "en"))
    choose_activity(page, None)
    window.wait()
    assert plain(page.stands.text()).endswith("56,500 F CFA")


def test_books_of_one_activity_stand_alone_on_screen_and_paper(opens: Opens) -> None:  # noqa: F811
    window = opens(a_mill)
    page = cash(window, tab=Tab.BALANCE)
    choose_activity(page, Activity.INCOME_GENERATING)
    window.wait()
    assert [row(page, at)[2:4] for at in range(page.model.rowCount())] == [
        ["9,000", "0"],
        ["0", "9,000"],
        ["9,000", "9,000"],
    ]
    page.tabs.choose(Tab.JOURNALS)
    window.wait()
    assert [row(page, at)[4] for at in range(page.model.rowCount())] == ["For the mill"] * 2
    page.tabs.choose(Tab.ACCOUNT)
    window.wait()
    assert row(page, page.model.rowCount() - 1)[-1] == "9,000"
    printed = listing_of(window.desk, page.asked, "en")
    assert "Only the activity: Income-generating work" in [
        speak(one, "en") for one in printed.notes
    ]
    choose_activity(page, None)
    window.wait()
    assert row(page, page.model.rowCount() - 1)[-1] == "56,500"


def test_enter_goes_past_the_activity(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window)
    page.entry.kind.setFocus()
    window.key(Qt.Key.Key_Return)
    assert page.entry.payee.hasFocus()


def with_old_debts(desk: Desk, clock: SetClock) -> None:
    """The old book: 30,000 owed to the centre, 20,000 for a loan, 5,000 the State owes."""
    a_box(desk, clock)
    centre = desk.do(
        providers.add_provider,
        code="C1",
        name="Centre of Koula",
        level=Level.CENTRE,
        kind=ProviderKind.PUBLIC,
    )
    state = desk.do(payers.add_payer, code="ETAT", name="The State", kind=PayerKind.STATE)
    held = [
        Opened("bank", 100_000),
        Opened("provider_payable", -30_000, party=centre),
        Opened("loan", -20_000),
        Opened("state_subsidy", 5_000, party=state),
    ]
    desk.do(ledger.open_books, request_id=a_request(), day=date(2024, 1, 2), held=held)


def test_old_debts_wait_among_what_is_to_pay_and_are_paid_off(opens: Opens) -> None:  # noqa: F811
    window = opens(with_old_debts)
    page = cash(window, tab=Tab.TO_PAY)
    told = [(row(page, at)[0], row(page, at)[-1]) for at in range(page.model.rowCount())]
    assert ("Centre of Koula", "30,000") in told
    page.table.go_to(told.index(("Centre of Koula", "30,000")))
    page.table.setFocus()
    window.key(Qt.Key.Key_Return)
    assert page.pay_off.isVisible()
    assert page.pay_off.day.hasFocus()
    window.type("\n\n\nOf last year\nF-9\n12000\n")
    paid_off = papers(window)[0]
    assert (paid_off.label, paid_off.role, paid_off.amount) == (
        "Of last year",
        "provider_payable",
        francs(12_000),
    )
    assert window.desk.ask(balance_of, "provider_payable") == -18_000
    assert window.desk.ask(balance_of, "cash_main") == 47_500 - 12_000


def test_more_than_an_old_debt_is_refused_beside_the_amount(opens: Opens) -> None:  # noqa: F811
    window = opens(with_old_debts)
    page = cash(window)
    page.start_more("paid_back")
    acts = window.desk.acts
    assert page.paid_back.amount.value() == 5_000
    page.paid_back.text.setText("Subsidy of last year")
    page.paid_back.amount.set_value(5_001)
    page.paid_back.send()
    window.wait()
    assert "5,000" in plain(page.paid_back.error("amount"))
    assert window.desk.acts == acts
    page.paid_back.amount.set_value(5_000)
    page.paid_back.send()
    window.wait()
    assert papers(window)[0].number.startswith("E-")
    assert window.desk.ask(balance_of, "state_subsidy") == 0
    page.start_more("paid_back")
    assert page.paid_back.debt.count() == 0
    assert not page.paid_back.button.isEnabled()


def test_a_gift_in_kind_is_booked_from_the_menu(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window)
    assert [one.objectName() for one in page.more.actions()] == [
        "paid_back",
        "pay_off",
        "gift",
        "between",
    ]
    page.more.actions()[2].trigger()
    form = page.gift
    assert form.day.hasFocus()
    form.kind.setCurrentIndex(form.kind.findData("computer"))
    window.type("\n\nUsed laptop\nThe union\n150000\n")
    assert window.desk.ask(balance_of, "computer") == 150_000
    assert window.desk.ask(balance_of, "gift") == -50_000 - 150_000
    assert papers(window)[0].payee == "The union"


def test_money_goes_over_to_another_activity_by_two(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box, people=("Awa", "Bintou"))
    page = cash(window)
    page.start_more("between")
    form = page.between
    form.target.setCurrentIndex(form.target.findData(Activity.OTHER_SOCIAL))
    form.amount.set_value(7_000)
    form.reason.setText("For the school fund")
    form.second.password.setText(SECOND)
    form.send()
    window.wait()
    day = date(2024, 1, 10)
    box = Place("cash_main")
    assert window.desk.ask(held_on, box, day, Activity.OTHER_SOCIAL) == 7_000
    assert window.desk.ask(held_on, box, day, Activity.HEALTH) == 40_500


def test_who_held_the_box_replaces_what_is_missing(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window, count=True)
    assert not page.count.owed_by.isVisible()
    page.count.pieces[10_000].set_value(4)
    page.count.send()
    window.wait()
    assert page.count.owed_by.isVisible()
    page.count.reason.setText("Lent to the driver")
    page.count.owed_by.setCurrentIndex(1)
    page.count.send()
    window.wait()
    assert window.desk.ask(balance_of, "staff") == 7_500
    assert window.desk.ask(balance_of, "bad_debt") == 0


def test_a_box_is_changed_and_ended_by_keys(opens: Opens) -> None:  # noqa: F811
    def two_boxes(desk: Desk, clock: SetClock) -> None:
        a_box(desk, clock)
        desk.do(ledger.add_box, kind="cash_section", code="K1", name="Box of Koula")

    window = opens(two_boxes)
    page = cash(window, tab=Tab.RULES)
    codes = [row(page, at)[0] for at in range(page.model.rowCount())]
    page.table.go_to(codes.index("K1"))
    window.key(Qt.Key.Key_F7)
    assert page.new_box.name.hasFocus()
    assert not page.new_box.code.isEnabled()
    window.type("Box of Koula market\n\n\n40000\n")
    boxes = window.desk.ask(box_balances, country("SN"), "en", window.desk.today)
    changed = next(one.box for one in boxes if one.box.code == "K1")
    assert (changed.name, changed.most) == ("Box of Koula market", francs(40_000))
    page.table.go_to(codes.index("K1"))
    window.key(Qt.Key.Key_F12)
    assert "Box of Koula market" in page.end_box.head.text()
    window.key(Qt.Key.Key_Return)
    boxes = window.desk.ask(box_balances, country("SN"), "en", window.desk.today)
    assert "K1" not in [one.box.code for one in boxes]


def test_a_box_of_every_book_is_neither_changed_nor_ended(opens: Opens) -> None:  # noqa: F811
    window = opens(a_box)
    page = cash(window, tab=Tab.RULES)
    acts = window.desk.acts
    page.table.go_to(0)
    window.key(Qt.Key.Key_F12)
    assert "stays as it is" in page.rules.error()
    window.key(Qt.Key.Key_F7)
    assert "stays as it is" in page.rules.error()
    assert window.desk.acts == acts


def test_after_the_lock_the_cursor_is_where_it_was_and_a_line_half_typed_is_there(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(a_box)
    page = cash(window)
    window.key(Qt.Key.Key_Down)
    window.type("\nBus to Koula")
    assert page.entry.text.hasFocus()
    window.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.window.is_locked()
    window.type(f"{FIRST}\n")
    assert not window.window.is_locked()
    assert page.entry.text.hasFocus()
    assert page.entry.text.text() == "Bus to Koula"
    assert page.entry.day.day() == date(2024, 1, 9)
    # Nothing of it is selected: the next letter goes on.
    window.type(" and back")
    assert page.entry.text.text() == "Bus to Koula and back"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "The box would fall below zero on 18 January 2024: it holds only 1,000 F CFA then."
            " Check the day and the amount.",
        ),
        (
            "fr",
            "La caisse tomberait au-dessous de zéro le 18 janvier 2024\xa0: elle ne contient alors que"
            " 1 000 F CFA. Vérifiez le jour et le montant.",
        ),
    ],
)
def test_a_line_of_a_past_day_that_empties_the_box_later_is_refused_beside_its_day(
    opens: Opens,  # noqa: F811
    language: str,
    told: str,
) -> None:
    def past(desk: Desk, clock: SetClock) -> None:
        clock.set(date(2024, 1, 20))
        a_gift(desk, 5000, day=date(2024, 1, 2))
        an_expense(desk, 4000, day=date(2024, 1, 18))
        a_gift(desk, 9000, day=date(2024, 1, 19))

    window = opens(past, language=language)
    page = cash(window)
    entry, acts = page.entry, window.desk.acts
    entry.day.setFocus()
    entry.day.selectAll()
    window.type("5/1")
    entry.text.setText("Cahiers")
    entry.went.set_value(1500)
    entry.button.setFocus()
    window.key(Qt.Key.Key_Space)
    assert plain(entry.error("day")) == plain(told)
    assert entry.day.hasFocus()
    assert window.desk.acts == acts

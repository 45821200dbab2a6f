"""The money of sponsors, what collectors hand over, a group's sum, and papers of the lists."""

from datetime import date
from typing import Any

from PySide6.QtCore import Qt

from stepdesk.contributions.queries import carried_by
from stepdesk.contributions.service import issue_statement
from stepdesk.ledger.queries import balance_of
from stepdesk.members.queries import household_of_number
from stepdesk.payers import service as payers
from stepdesk.payers.queries import group_money, payer_money, statements_of
from stepdesk.payers.terms import GroupKind, PayerAgreement, PayerKind, Rest
from stepdesk.reports.service import close_month
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui import tokens
from stepdesk.ui.cash.facts import Tab
from stepdesk.ui.cash.page import CashPage
from stepdesk.ui.printing import PaperWindow
from stepdesk.ui.scheme.money_panel import MoneyPanel
from stepdesk.ui.scheme.page import SchemePage
from stepdesk.ui.widgets.table import TableView
from stepdesk.values.ids import HouseholdId
from stepdesk.values.month import Month
from tests.builders import SECOND, a_household, a_payment, a_plan
from tests.contributions.test_papers import text_of
from tests.payers.test_service import covered, terms_of
from tests.ui.test_collection import Opens as OpensCollection
from tests.ui.test_collection import Screen
from tests.ui.test_collection import opens as opens_collection  # noqa: F401 - a fixture
from tests.ui.test_pages import Opens, opens  # noqa: F401 - a fixture
from tests.ui.window import Window, plain

TWO = ("Awa", "Bintou")


def a_sponsor(desk: Desk, clock: SetClock) -> None:
    """A commune pays half for two people: 350 of January, which is closed."""
    a_plan(desk, entry_fee=0, waiting_months=0)
    payer = desk.do(payers.add_payer, code="COM", name="Commune of Koula", kind=PayerKind.COMMUNE)
    terms: PayerAgreement = terms_of(payer, share=50, invoice_months=1)
    agreement = desk.do(payers.sign_agreement, agreement=terms)
    home = a_household(desk, 2).household_id
    covered(desk, agreement, home)
    a_payment(desk, home, 350)
    clock.set(date(2024, 3, 1))
    for month in (Month(2024, 1), Month(2024, 2)):
        close(desk, month)


def close(desk: Desk, month: Month) -> None:
    with desk.work("close_month") as work:
        if not desk.solo:
            work.second(desk.colleagues()[1].id, SECOND)
        close_month(work, month=month, accepting=frozenset({"not_counted"}))


def money(window: Window) -> MoneyPanel:
    page = window.go(SchemePage, "scheme", part="payers")
    page.parts.choose("money")
    window.wait()
    return page.money


def paper_of(widget: Any) -> PaperWindow:
    (paper,) = (one for one in widget.findChildren(PaperWindow) if one.isVisible())
    assert isinstance(paper, PaperWindow)
    return paper


def test_a_statement_is_written_printed_paid_and_the_money_taken_back_by_two(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(a_sponsor, people=TWO)
    panel = money(window)
    cards = panel.statements
    agreement = cards.form.answers["agreement"]
    agreement.put(next(iter(window.desk.ask(statement_agreements))))
    cards.issue.click()
    window.wait()
    (statement,) = window.desk.ask(statements_of, window.desk.today)
    assert statement.amount == 350
    advance = panel.statements.table.fontMetrics().horizontalAdvance(statement.number)
    assert panel.statements.table.columnWidth(0) >= advance + 2 * tokens.CELL
    cards.print.click()
    window.wait()
    paper = paper_of(panel)
    assert statement.number in paper.windowTitle()
    paper.reject()
    panel.payer.form.put(
        {
            "payer": statement.payer_id,
            "amount": 350,
            "day": window.desk.today,
            "box": "bank",
            "statement": statement.id,
            "reference": "V-12",
        }
    )
    panel.payer.send()
    window.wait()
    assert [(one.amount, one.reference) for one in window.desk.ask(payer_money)] == [(350, "V-12")]
    assert window.desk.ask(balance_of, "bank") == 350
    assert window.desk.ask(statements_of, window.desk.today)[0].open == 0
    tells_who_paid_and_the_whole_day(panel)
    # Taken back: a reason, and a second person.
    panel.payments.table.go_to(0)
    panel.payments.form.put({"reason": "Of another scheme"})
    panel.payments.second.password.setText(SECOND)
    panel.payments.send()
    window.wait()
    assert window.desk.ask(balance_of, "bank") == 0
    assert window.desk.ask(statements_of, window.desk.today)[0].open == 350


def tells_who_paid_and_the_whole_day(panel: MoneyPanel) -> None:
    paid = panel.payments
    assert [one.title for one in paid.model.columns][:2] == ["Who paid", "Day"]
    day = paid.table.fontMetrics().horizontalAdvance(paid.model.cell(0, 1).text)
    assert paid.table.columnWidth(1) >= day + 2 * tokens.CELL


def a_sponsor_told(desk: Desk, clock: SetClock) -> None:
    """The commune is told of January's 350 too."""
    a_sponsor(desk, clock)
    (agreement,) = desk.ask(statement_agreements)
    desk.do(issue_statement, agreement_id=agreement)


def test_a_sponsors_receipt_is_printed_right_after_and_again_as_a_copy(
    opens: Opens,  # noqa: F811
) -> None:
    """Enter on what has the cursor shows the paper; saved or printed once, the next is a copy."""
    window = opens(a_sponsor_told, people=TWO)
    panel = money(window)
    (statement,) = window.desk.ask(statements_of, window.desk.today)
    first = {"payer": statement.payer_id, "amount": 350, "day": window.desk.today, "box": "bank"}
    panel.payer.form.put(first)
    panel.payer.button.setFocus()
    window.key(Qt.Key.Key_Return)
    window.wait()
    for copy in (False, True):
        assert panel.payments.receipt.hasFocus()
        window.key(Qt.Key.Key_Return)
        window.wait()
        shows_the_receipt(window, panel, copy=copy)
    # Taken back by two, its paper is shown at once.
    panel.payments.form.put({"reason": "Of another scheme"})
    panel.payments.second.password.setText(SECOND)
    panel.payments.send()
    window.wait()
    back = paper_of(panel)
    assert back.windowTitle() == "Receipt P-2024-A-000002"
    assert "Annule le reçu P-2024-A-000001" in text_of(back._pdf)
    back.reject()
    assert plain(panel.payments.model.cell(0, 3).text) == "taken back"


def shows_the_receipt(window: Window, panel: MoneyPanel, *, copy: bool) -> None:
    paper = paper_of(panel)
    assert paper.windowTitle() == "Receipt P-2024-A-000001"
    assert ("DUPLICATA n° 1" in text_of(paper._pdf)) is copy
    assert "T-2024-A-000001" in text_of(paper._pdf)
    assert paper._printed is not None
    paper._printed()
    window.wait()
    paper.reject()
    window.window.activateWindow()
    window.wait()


def statement_agreements(connection: Any) -> list[Any]:
    from stepdesk.payers.queries import agreements

    return list(agreements(connection))


def test_money_without_an_amount_is_refused_beside_it(opens: Opens) -> None:  # noqa: F811
    window = opens(a_sponsor)
    panel = money(window)
    acts = window.desk.acts
    panel.payer.form.put({"day": window.desk.today, "box": "bank"})
    panel.payer.send()
    window.wait()
    assert window.desk.acts == acts
    assert panel.payer.button.isEnabled()


def test_each_list_of_money_has_a_name_for_who_does_not_see_it(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(a_sponsor, language="fr")
    panel = money(window)
    tables = panel.findChildren(TableView)
    names = [one.accessibleName() for one in tables]
    assert len(names) == 5
    assert all(names)
    assert len(set(names)) == 5
    window.speaker.set_language("en")
    assert {one.accessibleName() for one in tables} == {
        "Whom the sum pays for",
        "Sums of groups",
        "Statements to sponsors",
        "Money of sponsors",
        "Commitments that end",
    }


# What a collector hands over


def a_carrier(desk: Desk, _clock: SetClock) -> None:
    """Bintou carries 3,100 of one household."""
    bintou = desk.colleagues()[1].id
    a_payment(desk, a_household(desk, 6), 3100, collector_id=bintou)


def test_a_collector_hands_over_what_is_carried(opens: Opens) -> None:  # noqa: F811
    window = opens(a_carrier, people=TWO)
    page = window.go(CashPage, "cash", tab=Tab.COLLECTORS)
    window.key(Qt.Key.Key_Return)
    page.hand_over.pieces[1000].set_value(3)
    page.hand_over.pieces[100].set_value(1)
    assert page.hand_over.amount.value() == 3100
    page.hand_over.second.password.setText(SECOND)
    page.hand_over.send()
    window.wait()
    assert window.desk.ask(balance_of, "cash_main") == 3100
    assert window.desk.ask(carried_by, window.desk.currency, window.desk.today) == ()


def test_more_than_is_carried_is_refused_beside_the_amount(opens: Opens) -> None:  # noqa: F811
    window = opens(a_carrier, people=TWO)
    page = window.go(CashPage, "cash", tab=Tab.COLLECTORS)
    window.key(Qt.Key.Key_Return)
    acts = window.desk.acts
    page.hand_over.amount.set_value(9_000)
    page.hand_over.second.password.setText(SECOND)
    page.hand_over.send()
    window.wait()
    assert page.hand_over.error("amount")
    assert window.desk.acts == acts


# A group by F6, and papers of the lists


def in_a_group(desk: Desk, _clock: SetClock) -> None:
    """Households 45 and 46 on the list of the women; each owes 1,000 to enter and 700."""
    group = desk.do(
        payers.add_group, code="FEM", name="Women of Koula", kind=GroupKind.WOMEN, people=9
    )
    for number in ("45", "46"):
        desk.do(
            payers.place_household, group_id=group, household_id=home(desk, number), on=desk.today
        )


def home(desk: Desk, number: str) -> HouseholdId:
    found = desk.ask(household_of_number, number)
    assert found is not None
    return found


def test_f6_takes_the_sum_of_a_group_in_the_bag(
    opens_collection: OpensCollection,  # noqa: F811
) -> None:
    screen: Screen = opens_collection(prepared=in_a_group)
    screen.open()
    screen.key(Qt.Key.Key_F6)
    form = screen.view.several
    form.way.choose("group")
    screen.wait()
    form.group.setCurrentIndex(form.group.count() - 1)
    form.amount.set_value(3_600)
    form.rest.choose(Rest.GIVE_BACK)
    form.amount.setFocus()
    # 1,700 for each; 200 are left over and handed back.
    screen.keys("\n")
    assert [one.amount.minor for one in screen.receipts()] == [1700, 1700]
    (told,) = screen.desk.ask(group_money)
    assert told.amount == 3_400


def test_sheets_and_letters_are_printed_from_the_lists(
    opens_collection: OpensCollection,  # noqa: F811
) -> None:
    def late(desk: Desk, clock: SetClock) -> None:
        for number in ("45", "46"):
            a_payment(desk, home(desk, number), 1700)
        clock.set(date(2024, 3, 10))

    screen: Screen = opens_collection(prepared=late)
    screen.open()
    screen.view.lists_button.click()
    screen.wait()
    lists = screen.page.lists
    lists.places.go_to(0)
    for button, title in (
        (lists.sheet_button, "Collection sheets Koula"),
        (lists.letters_button, "Letters Koula"),
    ):
        button.click()
        screen.wait()
        paper = paper_of(lists)
        assert paper.windowTitle() == title
        paper.reject()
    assert plain(lists.error.text()) == ""


def test_a_groups_line_in_the_cash_book_opens_its_receipts(opens: Opens) -> None:  # noqa: F811
    from stepdesk.contributions.service import pay_for_group
    from stepdesk.values.money import Money
    from tests.builders import a_request

    def a_sum(desk: Desk, _clock: SetClock) -> None:
        a_plan(desk, entry_fee=0)
        group = desk.do(
            payers.add_group, code="FEM", name="Women of Koula", kind=GroupKind.WOMEN, people=9
        )
        for size in (2, 1):
            one = a_household(desk, size).household_id
            desk.do(payers.place_household, group_id=group, household_id=one, on=desk.today)
        desk.do(
            pay_for_group,
            request_id=a_request(),
            group_id=group,
            amount=Money(1_050, desk.currency),
        )

    window = opens(a_sum)
    page = window.go(CashPage, "cash")
    cells = [plain(page.model.cell(0, at).text) for at in range(1, 4)]
    assert cells == ["G-2024-A-000001", "Women of Koula: a sum for 2 households", "1,050"]
    page._open_row(0)
    window.wait()
    assert page.model.rowCount() == 3
    assert [plain(page.model.cell(at, 3).text) for at in (1, 2)] == ["700", "350"]
    page._open_row(0)
    window.wait()
    assert page.model.rowCount() == 1

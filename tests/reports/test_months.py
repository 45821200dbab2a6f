"""The month's report: figures reckoned by hand, alerts, reasons of passed lines, two papers."""

from datetime import date

import pytest

from stepdesk.errors import Refusal
from stepdesk.i18n import speak
from stepdesk.ledger.service import count_box, note_step
from stepdesk.ledger.terms import Step, StepLine, StepState
from stepdesk.reports import rules
from stepdesk.reports.papers.months import (
    FIGURES,
    alert_text,
    month_report_pdf,
    poster_pdf,
)
from stepdesk.reports.queries.closing import passed_lines
from stepdesk.reports.queries.months import month_report
from stepdesk.reports.terms import Alarm, AlarmFacts, Alert, Block, Figure, MonthReport
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month
from tests.builders import a_request
from tests.contributions.test_papers import pages_of
from tests.reports.test_closing import close, reopen
from tests.reports.test_trends import FEB, JAN, clock, desk, two_months

__all__ = ["clock", "desk"]  # the book of two months
XOF = Currency("XOF", 0)


def told(report: MonthReport, block: Block) -> dict[str, tuple[int, int | None, int | None]]:
    return {one.name: (one.now, one.before, one.year_ago) for one in report.blocks[block]}


def test_a_month_stands_beside_the_one_before_as_reckoned_by_hand(
    desk: Desk, clock: SetClock
) -> None:
    two_months(desk, clock)
    report = month_report(desk, FEB)
    # Two households of two and one: the one who paid January alone is late at the end of
    # February, whose 3 x 350 were called. Nothing was known of the year before.
    members = told(report, Block.MEMBERS)
    assert members["households"] == (2, 2, None)
    assert members["persons"] == (3, 3, None)
    assert (members["up_to_date"], members["late"]) == ((2, 3, None), (1, 0, None))
    assert (members["came"], members["went"]) == ((0, 3, None), (0, 0, None))
    money = told(report, Block.CONTRIBUTIONS)
    assert money["called"] == (1050, 1050, None)
    assert money["collected"] == money["in_cash"] == (0, 1750, None)
    assert (money["payers"], money["arrears"]) == ((0, 2, None), (350, 0, None))
    care = told(report, Block.CARE)
    assert care["claims"] == care["patients"] == (1, 0, None)
    assert care["share"] == care["DRUG"] == (420, 0, None)
    assert care["overrides"] == care["complaints"] == (0, 0, None)
    # 1 750 came in, 300 of the 420 owed for care were paid.
    treasury = told(report, Block.TREASURY)
    assert (treasury["cash"], treasury["debt"]) == ((1450, 1750, None), (120, 0, None))
    assert (treasury["benefits"], treasury["bank"]) == ((420, 0, None), (0, 0, None))
    assert [one.month for one in report.trends] == [JAN, FEB]
    assert [one.month for one in month_report(desk, JAN).trends] == [JAN]


def test_each_figure_of_a_report_has_its_words(desk: Desk) -> None:
    report = month_report(desk, JAN)
    names = {one.name for figures in report.blocks.values() for one in figures}
    assert names == set(FIGURES)


def test_a_month_the_book_does_not_know_is_refused(desk: Desk) -> None:
    for month in (Month(2024, 2), Month(2023, 12)):
        with pytest.raises(Refusal) as refused:
            month_report(desk, month)
        assert refused.value.field == "month"


def test_the_reason_of_a_passed_line_stands_on_the_report(desk: Desk, clock: SetClock) -> None:
    two_months(desk, clock)
    reopen(desk, FEB)
    reason = "the cashier is at a burial"
    desk.do(note_step, month=FEB, step=Step.CASH, reason=reason)
    desk.do(note_step, month=FEB, step=Step.LATE, reason="first thought")
    desk.do(note_step, month=FEB, step=Step.LATE, done=True)
    (one,) = desk.ask(passed_lines, FEB)
    assert (one.step, one.reason, one.by, one.day) == (Step.CASH, reason, "Awa", desk.today)
    close(desk, FEB)
    report = month_report(desk, FEB)
    assert report.passed == (one,)
    # The line is counted later; that it was passed stays told.
    pages = pages_of(paper(report))
    assert len(pages) == 4
    assert "Passed by Awa on 1 March 2024: the cashier is at a burial" in pages[3]
    assert "first thought" not in " ".join(pages)
    assert "Opened again on 1 March 2024 by Awa: a receipt was found" in pages[3]
    assert Alarm(Alert.PASSED, 1) in report.alarms


def paper(report: MonthReport, language: str = "en") -> bytes:
    return month_report_pdf(
        report,
        XOF,
        language,
        scheme="Mutuelle de Koula",
        practice=False,
        printed_on=date(2024, 3, 1),
    )


def test_the_report_has_four_pages_in_both_languages(desk: Desk, clock: SetClock) -> None:
    two_months(desk, clock)
    report = month_report(desk, FEB)
    first, second, third, fourth = pages_of(paper(report))
    assert "Report of February 2024" in first
    assert "Persons of late households 1 0 –" in first
    assert "Medicines 420 0 –" in second
    assert "People with rights" in third
    assert "1 household is late." in fourth
    assert len(pages_of(paper(report, "fr"))) == 4
    assert paper(report) == paper(report)


def test_an_open_month_says_that_it_may_change(desk: Desk, clock: SetClock) -> None:
    assert "is not closed: these figures may change" in pages_of(paper(month_report(desk, JAN)))[0]
    two_months(desk, clock)
    assert "may change" not in pages_of(paper(month_report(desk, FEB)))[0]


def test_long_reasons_take_a_page_more_and_lose_nothing(desk: Desk, clock: SetClock) -> None:
    two_months(desk, clock)
    reopen(desk, FEB)
    for step in Step:
        if step is not Step.LOCK:
            desk.do(note_step, month=FEB, step=step, reason=f"{step.value} " + "why " * 150)
    pages = pages_of(paper(month_report(desk, FEB)))
    assert f"Page 1 of {len(pages)}" in pages[0]
    assert " ".join(pages).count("why") == 150 * 9


def test_the_poster_is_one_page_and_names_nobody(desk: Desk, clock: SetClock) -> None:
    two_months(desk, clock)
    report = month_report(desk, FEB)
    desk.do(count_box, request_id=a_request(), pieces={1000: 1, 200: 2, 50: 1})
    for language in ("en", "fr"):
        (page,) = pages_of(poster_pdf(report, XOF, language, scheme="Koula", practice=False))
        assert "Awa" not in page
        for figure in ("3", "0", "420"):
            assert figure in page
    (page,) = pages_of(poster_pdf(report, XOF, "en", scheme="Koula", practice=False))
    assert "persons are covered, in 2 households" in page
    assert "1,450" in page
    assert "120 are owed to others" in page


# Alerts


def facts(**more: object) -> AlarmFacts:
    lines = tuple(StepLine(step, StepState.DONE, 5) for step in Step)
    values: dict[str, object] = {
        "lines": lines, "passed": 0, "earned": 100, "benefits": 100, "held": 50, "debt": 50,
        "carried": 0, "too_much": 0,
    }  # fmt: skip
    return AlarmFacts(**(values | more))  # type: ignore[arg-type]


def line(step: Step, state: StepState, **more: object) -> tuple[StepLine, ...]:
    return tuple(
        StepLine(one, state, **more) if one is step else StepLine(one, StepState.DONE)  # type: ignore[arg-type]
        for one in Step
    )


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, ()),
        ({"lines": line(Step.LATE, StepState.TO_DO, count=3)}, (Alarm(Alert.LATE, 3),)),
        ({"lines": line(Step.LATE, StepState.PASSED, count=3)}, (Alarm(Alert.LATE, 3),)),
        (
            {"lines": line(Step.BATCHES, StepState.TO_DO, count=2, amount=Money(61, XOF))},
            (Alarm(Alert.NO_INVOICE, 2, 61),),
        ),
        (
            {"lines": line(Step.CASH, StepState.DONE, amount=Money(-5, XOF))},
            (Alarm(Alert.CASH_DIFFERS, amount=-5),),
        ),
        (
            {"lines": line(Step.SESSIONS, StepState.TO_DO, findings=4)},
            (Alarm(Alert.BOOKLETS, 4),),
        ),
        ({"benefits": 130}, (Alarm(Alert.CARE_COSTS_MORE, amount=30),)),
        ({"debt": 51}, (Alarm(Alert.OWES_MORE, amount=1),)),
        ({"carried": 1, "too_much": 7, "passed": 2}, (
            Alarm(Alert.CARRIED, 1), Alarm(Alert.TOO_MUCH_CASH, amount=7), Alarm(Alert.PASSED, 2),
        )),
    ],
)  # fmt: skip
def test_what_should_be_seen_is_told(more: dict[str, object], found: tuple[Alarm, ...]) -> None:
    assert rules.alarms(facts(**more)) == found
    for one in found:
        assert "{" not in speak(alert_text(one, XOF), "en")


def test_a_figure_is_found_by_its_name(desk: Desk) -> None:
    report = month_report(desk, JAN)
    assert report.figure(Block.TREASURY, "cash") == Figure("cash", 0, None, None, money=True)

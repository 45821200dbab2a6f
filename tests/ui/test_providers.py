"""Providers and tariffs by keyboard: agreements, states, price lists, pads, papers.

Figures by hand from screens handbook 2.7 and domain handbook 2.9.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stepdesk.benefits.queries import services
from stepdesk.claims.service import decide_batch
from stepdesk.contributions.queries import booklet_states
from stepdesk.contributions.service import receive_booklets
from stepdesk.contributions.terms import Stationery
from stepdesk.countries import country
from stepdesk.providers.queries import (
    agreement_drafts,
    agreement_scan,
    agreement_states,
    provider_of_code,
    provider_steps,
    providers,
    tariff_drafts,
    tariff_of_code,
    tariff_versions,
)
from stepdesk.providers.service import draft_tariff
from stepdesk.providers.terms import (
    Agreement,
    AgreementState,
    Contact,
    PaymentMode,
    ProviderState,
    TariffDraft,
    TariffVersion,
)
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.printing import PaperWindow
from stepdesk.ui.providers.page import ProvidersPage
from stepdesk.ui.providers.scans import as_paper
from stepdesk.ui.theme import Theme
from stepdesk.values.care import Level
from tests.builders import a_section
from tests.claims.kit import Care, a_batch, a_care, a_claim, a_provider
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.righttoleft import from_the_right
from tests.ui.window import Opens, plain, windows_on
from tests.ui.window import Window as Room

TODAY = date(2024, 1, 10)
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    yield from windows_on(qtbot, tmp_path / "book", first=a_section)


def with_care(desk: Desk) -> Care:
    return a_care(desk)


def with_an_end(desk: Desk) -> Care:
    """One agreement to 24 February."""
    return a_care(desk, agreement={"until": date(2024, 2, 25)})


def at(window: Room, tab: str = "providers") -> ProvidersPage:
    return window.go(ProvidersPage, "providers", tab=tab)


def opened(window: Room, code: str = "KOULA") -> ProvidersPage:
    held = window.desk.ask(provider_of_code, code)
    assert held is not None
    page = window.go(ProvidersPage, "providers", provider=held.id)
    window.wait()
    return page


def held(window: Room) -> tuple[tuple[Agreement, AgreementState], ...]:
    one = window.desk.ask(provider_of_code, "KOULA")
    assert one is not None
    return window.desk.ask(agreement_states, one.id, window.desk.today)


def rows(model: Any) -> list[list[str]]:
    return [
        [plain(model.cell(row, column).text) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def papers(window: Room) -> list[PaperWindow]:
    return window.window.findChildren(PaperWindow)


# The list


def test_alt_6_shows_the_providers_with_state_agreement_and_what_is_owed(opens: Opens) -> None:
    def owing(desk: Desk) -> None:
        care = with_an_end(desk)
        batch = a_batch(desk, care)
        a_claim(desk, care, batch, care.line("A", 2))
        desk.do(decide_batch, batch_id=batch)
        assert isinstance(desk.clock, SetClock)
        desk.clock.set(date(2024, 1, 20))

    window = opens(owing)
    window.key(Qt.Key.Key_6, ALT)
    page = window.page(ProvidersPage)
    (row,) = rows(page.list.rows)
    # 2 at 900, a quarter by the member: 1,350, asked for on the 10th. From 20 January to 24
    # February: 35 days.
    assert row[0:2] == ["KOULA", "CS Koula"]
    assert row[2:4] == ["Health centre", "Contracted"]
    assert "35 days" in row[4]
    assert row[5:] == ["1,350", "10 days"]
    assert "ends in 35 days" in plain(page.list.note.text())


def test_who_walks_along_the_tabs_is_not_held_up(opens: Opens) -> None:
    window = opens(with_care)
    page = at(window)
    assert page.list.table.hasFocus()
    page.tabs.setFocus()
    for tab in ("tariffs", "packages", "services"):
        window.key(Qt.Key.Key_Right)
        assert page.tab() == tab
    window.key(Qt.Key.Key_Tab)
    assert page.services.table.hasFocus()


def test_nothing_stands_in_a_window_of_its_own(opens: Opens) -> None:
    window = opens(with_care)
    at(window)
    seen = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    assert seen == [window.window]


def test_the_lists_begin_under_french_titles_that_are_read_again(opens: Opens) -> None:
    window = opens(with_care, language="fr")
    page = at(window, "tariffs")
    window.key(Qt.Key.Key_F2)
    page.prices.copy_in()
    assert page.prices.preview.faults == ()
    assert len(page.prices.preview.lines) == 7


def test_an_empty_scheme_is_told_to_add_its_first_provider_with_f2(opens: Opens) -> None:
    window = opens()
    page = at(window)
    assert page.list.rows.rowCount() == 0
    window.key(Qt.Key.Key_F2)
    assert page.new.isVisible()
    window.type("KOU\nCS Koula\n\n\n\n\n765432198\n\n\n\n")
    one = window.desk.ask(provider_of_code, "KOU")
    assert one is not None
    assert (one.name, one.level, one.state) == (
        "CS Koula",
        Level.POST,
        ProviderState.CONTRACTED,
    )
    assert one.contact == Contact(phone="765432198")
    # Its agreements are next.
    assert page.view.isVisible()


def test_a_taken_code_is_said_beside_the_code_and_nothing_is_lost(opens: Opens) -> None:
    window = opens(with_care)
    page = at(window)
    window.key(Qt.Key.Key_F2)
    window.type("koula\nAnother\n")
    page.new.send()
    window.wait()
    assert "KOULA already" in page.new.error("code")
    assert page.new.answers["name"].value() == "Another"
    # Back and in again, it still stands there.
    window.key(Qt.Key.Key_Escape)
    assert page.list.isVisible()
    window.key(Qt.Key.Key_F2)
    assert page.new.answers["name"].value() == "Another"
    assert len(window.desk.ask(providers)) == 1


# Agreements


def test_an_agreement_is_drafted_changed_and_signed_by_keys(opens: Opens) -> None:
    window = opens(with_an_end)
    page = opened(window)
    window.key(Qt.Key.Key_F2)
    form = page.view.agreements.form
    assert form.answers["first_day"].value() == date(2024, 2, 25)
    form.answers["until"].setFocus()
    window.type("31/12/2024\n")
    form.keep.setFocus()
    window.key(Qt.Key.Key_Return)
    one = window.desk.ask(provider_of_code, "KOULA")
    assert one is not None
    (draft,) = window.desk.ask(agreement_drafts, one.id)
    assert (draft.terms.first_day, draft.terms.until) == (date(2024, 2, 25), date(2025, 1, 1))
    # It stands on top, is taken up by its row, changed and signed in one act.
    assert rows(page.view.agreements.rows)[0][-1] == "Draft"
    form.answers["payment_days"].put(45)
    form.button.setFocus()
    window.key(Qt.Key.Key_Return)
    assert window.desk.ask(agreement_drafts, one.id) == ()
    assert [(told.payment_days, state) for told, state in held(window)] == [
        (30, AgreementState.EXPIRING),
        (45, AgreementState.SIGNED),
    ]


def test_days_another_agreement_holds_are_said_beside_the_first_day(opens: Opens) -> None:
    window = opens(with_care)
    page = opened(window)
    window.key(Qt.Key.Key_F2)
    form = page.view.agreements.form
    form.answers["deposit"].put(50_000)
    form.send()
    window.wait()
    assert form.error("first_day") == "An agreement holds since 1 January 2024. End it first."
    assert form.answers["deposit"].value() == 50_000
    assert len(held(window)) == 1


def test_half_an_agreement_is_there_again_after_looking_at_another(opens: Opens) -> None:
    window = opens(with_care)
    page = opened(window)
    window.key(Qt.Key.Key_F2)
    form = page.view.agreements.form
    form.answers["payment_days"].put(45)
    page.view.agreements.table.setFocus()
    window.key(Qt.Key.Key_Return)
    assert form.answers["payment_days"].value() == 30
    page.tabs.choose("services")
    window.wait()
    page.tabs.choose("providers")
    window.wait()
    window.key(Qt.Key.Key_F2)
    assert form.answers["payment_days"].value() == 45


def test_payment_by_the_head_asks_its_amount_and_others_do_not(opens: Opens) -> None:
    window = opens(with_an_end)
    page = opened(window)
    window.key(Qt.Key.Key_F2)
    form = page.view.agreements.form
    assert not form.answers["head_amount"].isVisible()
    form.answers["mode"].put(PaymentMode.CAPITATION)
    assert form.answers["head_amount"].isVisible()
    form.send()
    window.wait()
    assert form.error("head_amount") == "This is needed: fill it in."
    form.answers["head_amount"].put(150)
    form.send()
    window.wait()
    last = held(window)[-1][0]
    assert (last.mode, last.head_amount) == (PaymentMode.CAPITATION, 150)


def test_a_renewal_is_as_long_as_the_agreement_and_begins_when_it_ends(opens: Opens) -> None:
    window = opens(with_an_end)
    page = opened(window)
    page.view.agreements.renew.setFocus()
    window.key(Qt.Key.Key_Return)
    form = page.view.agreements.form
    # From 1 January to 24 February are 55 days, and 55 more end on 19 April.
    assert form.answers["until"].value() == date(2024, 4, 19)
    form.send()
    window.wait()
    first, second = held(window)
    assert second[0].renews == first[0].id
    assert (second[0].first_day, second[0].until) == (date(2024, 2, 25), date(2024, 4, 20))


def test_an_agreement_ends_after_its_last_day_with_a_reason(opens: Opens) -> None:
    window = opens(with_care)
    page = opened(window)
    page.view.agreements.stop.setFocus()
    window.key(Qt.Key.Key_Return)
    end = page.view.agreements.end
    end.send()
    assert end.error("reason") == "This is needed: fill it in."
    end.answers["until"].setFocus()
    window.key(Qt.Key.Key_A, CONTROL)
    window.type("31/1\nthe doctor left\n")
    ((told, state),) = held(window)
    assert (told.until, state) == (date(2024, 2, 1), AgreementState.EXPIRING)


def test_a_scan_is_kept_and_seen_and_another_file_is_refused(opens: Opens, tmp_path: Path) -> None:
    window = opens(with_care)
    page = opened(window)
    deal = page.view.agreements.chosen()
    assert deal is not None
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("no scan")
    page.keep_scan(deal, wrong)
    window.wait()
    assert "A scan is a PDF" in page.trouble.words()
    file = tmp_path / "scan.png"
    file.write_bytes(a_picture())
    page.keep_scan(deal, file)
    window.wait()
    assert window.desk.ask(agreement_scan, deal.agreement_id) is not None
    assert page.view.agreements.show_scan.isEnabled()
    page.view.agreements.show_scan.click()
    window.wait()
    assert len(papers(window)) == 1


def a_picture() -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture = QImage(40, 60, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    kind: Any = "PNG"  # PySide's own words for it want bytes and its code wants a text
    assert picture.save(buffer, kind)
    return bytes(content.data())


def test_a_pdf_is_shown_as_it_is_and_a_picture_becomes_one(qapp: QApplication) -> None:
    assert qapp is not None
    assert as_paper(b"%PDF-1.4 told") == b"%PDF-1.4 told"
    assert as_paper(a_picture()).startswith(b"%PDF-")


def test_f9_prints_the_agreement_of_the_row(opens: Opens) -> None:
    window = opens(with_care)
    page = opened(window)
    page.view.agreements.table.setFocus()
    window.key(Qt.Key.Key_F9)
    assert len(papers(window)) == 1


def test_f9_in_the_list_prints_the_twelve_months_of_a_provider(opens: Opens) -> None:
    window = opens(with_care)
    at(window)
    window.key(Qt.Key.Key_F9)
    assert len(papers(window)) == 1


# States, names, pads


def test_a_provider_is_suspended_with_a_reason_and_only_steps_that_lead_there_are_offered(
    opens: Opens,
) -> None:
    window = opens(with_care)
    page = opened(window)
    page.view.turn_to("state")
    step = page.view.step
    offered = [value for value, _ in step.answers["state"]._choices]  # type: ignore[attr-defined]
    assert offered == [ProviderState.SUSPENDED, ProviderState.ENDED]
    step.send()
    assert step.error("reason") == "This is needed: fill it in."
    step.answers["reason"].setFocus()
    window.type("no nurse since Monday\n")
    one = window.desk.ask(provider_of_code, "KOULA")
    assert one is not None
    assert one.state is ProviderState.SUSPENDED
    (told,) = window.desk.ask(provider_steps, one.id)
    assert (told.day, told.reason) == (TODAY, "no nurse since Monday")
    assert rows(page.view.step_rows)[0][1:] == ["Suspended", "no nurse since Monday"]


def test_a_provider_is_renamed_and_corrected_in_one_act(opens: Opens) -> None:
    window = opens(with_care)
    page = opened(window)
    page.view.turn_to("who")
    who = page.view.who
    who.answers["name"].setFocus()
    window.key(Qt.Key.Key_A, CONTROL)
    window.type("CS Koula Sud")
    who.answers["phone"].put("30 11 22")
    who.send()
    window.wait()
    one = window.desk.ask(provider_of_code, "KOULA")
    assert one is not None
    assert (one.name, one.contact.phone) == ("CS Koula Sud", "30 11 22")
    assert "CS Koula Sud" in page.view.name.text()


def test_a_pad_of_certificates_is_given_out_and_printed(opens: Opens) -> None:
    def with_pads(desk: Desk) -> None:
        with_care(desk)
        desk.do(receive_booklets, kind=Stationery.CERTIFICATE, first_serial=7, leaves=25)

    window = opens(with_pads)
    page = opened(window)
    page.view.turn_to("pads")
    page.view.give.focus()
    page.view.give.send()
    window.wait()
    (told,) = window.desk.ask(booklet_states)
    assert told.holder.name == "CS Koula"
    assert rows(page.view.pad_rows) == [["0007", "10/01/2024", "25", "0", "Nothing"]]
    page.view.print_pad.setFocus()
    window.key(Qt.Key.Key_F9)
    assert len(papers(window)) == 1


# Price lists


def listed(window: Room, code: str = "T-KOULA") -> tuple[TariffVersion, ...]:
    tariff_id = window.desk.ask(tariff_of_code, code)
    return () if tariff_id is None else window.desk.ask(tariff_versions, tariff_id)


def drafts(window: Room, code: str = "T-KOULA") -> tuple[TariffDraft, ...]:
    tariff_id = window.desk.ask(tariff_of_code, code)
    return () if tariff_id is None else window.desk.ask(tariff_drafts, tariff_id)


def test_an_empty_catalogue_begins_with_the_countrys_list(opens: Opens) -> None:
    window = opens()
    page = at(window, "tariffs")
    assert page.tariffs.begin.isVisible()
    page.tariffs.begin.setFocus()
    window.key(Qt.Key.Key_Return)
    known = window.desk.ask(services)
    there = country(window.desk.country).catalogue(TODAY).services
    assert {one.code for one in known.values()} == {one.code for one in there}
    assert not page.tariffs.begin.isVisible()
    # F2 offers all of it, prices to be typed; unpriced lines are told, and nothing is written.
    window.key(Qt.Key.Key_F2)
    page.prices.form.answers["code"].put("PUBLIC")
    page.prices.send()
    window.wait()
    assert len(page.prices.preview.faults) == len(there)
    assert listed(window, "PUBLIC") == ()
    # With a price on each line it is written.
    text = page.prices.box.toPlainText()
    page.prices.take("\n".join(f"{line}500" if line.endswith("\t") else line
                               for line in text.split("\n")))  # fmt: skip
    page.prices.write.setFocus()
    window.key(Qt.Key.Key_Return)
    (version,) = listed(window, "PUBLIC")
    assert set(version.prices.values()) == {500}
    assert len(version.prices) == len(there)


def test_prices_are_copied_with_five_percent_more_and_written(opens: Opens) -> None:
    window = opens(with_care)
    page = at(window, "tariffs")
    window.key(Qt.Key.Key_F2)
    form = page.prices.form
    assert form.answers["first_day"].value() == date(2024, 2, 1)
    form.answers["by"].setFocus()
    window.type("+5\n")
    window.key(Qt.Key.Key_A, CONTROL)
    window.type("5\n")
    assert "C\tConsultation\t630" in page.prices.box.toPlainText()
    page.prices.write.setFocus()
    window.key(Qt.Key.Key_Return)
    first, second = listed(window)
    known = {one.code: one.id for one in window.desk.ask(services).values()}
    assert first.prices[known["C"]] == 600
    # 600 and 5 %: 630; 15: 15.75, to a multiple of 5: 15; 900: 945.
    assert [second.prices[known[code]] for code in ("C", "P", "A")] == [630, 15, 945]


def test_a_pasted_list_is_looked_at_line_by_line_before_anything_is_written(
    opens: Opens,
) -> None:
    window = opens(with_care)
    page = at(window, "tariffs")
    window.key(Qt.Key.Key_F2)
    QApplication.clipboard().setText("code\tprix\nC\t750\nP\tquinze\nX\t10\nC\t800\nA\t900\n")
    page.prices.box.setFocus()
    window.key(Qt.Key.Key_A, CONTROL)
    window.key(Qt.Key.Key_V, CONTROL)
    window.qtbot.waitUntil(lambda: len(page.prices.preview.faults) == 3)
    told = plain(page.prices.error.text())
    assert "Line 3: quinze is no price" in told
    assert "Line 4: X is not in the catalogue" in told
    assert "Line 5: C stands in line 2 already" in told
    assert "2 prices can stand, 3 cannot" in plain(page.prices.stand.text())
    page.prices.write.setFocus()
    window.key(Qt.Key.Key_Return)
    assert len(listed(window)) == 1
    # The box is as it was; put right, it is written.
    page.prices.take("code\tprix\nC\t750\nP\t15\nA\t900\n")
    assert page.prices.error.isHidden()
    page.prices.write.setFocus()
    window.key(Qt.Key.Key_Return)
    assert len(listed(window)[-1].prices) == 3


def test_a_price_far_from_the_last_one_is_asked_about(opens: Opens) -> None:
    window = opens(with_care)
    page = at(window, "tariffs")
    window.key(Qt.Key.Key_F2)
    page.prices.take("C\t6000")
    page.prices.send()
    window.wait()
    assert page.caution.isVisible()
    assert len(listed(window)) == 1
    window.type("a new machine\n")
    assert list(listed(window)[-1].prices.values()) == [6000]


def test_a_day_that_has_prices_already_is_refused_beside_it(opens: Opens) -> None:
    window = opens(with_care)
    page = at(window, "tariffs")
    window.key(Qt.Key.Key_F2)
    page.prices.form.answers["first_day"].put(date(2024, 1, 1))
    page.prices.take("C\t650")
    page.prices.send()
    window.wait()
    assert "Something else begins on 1 January 2024" in page.prices.form.error("first_day")
    assert page.prices.box.toPlainText() == "C\t650"
    page.prices.form.answers["until"].put(date(2023, 12, 1))
    page.prices.send()
    window.wait()
    assert page.prices.form.error("until")
    assert len(listed(window)) == 1


def test_prices_come_from_a_file_and_stand_in_the_box_first(opens: Opens, tmp_path: Path) -> None:
    window = opens(with_care)
    page = at(window, "tariffs")
    window.key(Qt.Key.Key_F2)
    file = tmp_path / "prices.csv"
    file.write_text("code;prix\nC;700\nA;1 000\n", encoding="utf-8")
    page.take_prices(file)
    window.wait()
    assert [(one.line, one.price) for one in page.prices.preview.lines] == [(2, 700), (3, 1000)]
    assert len(listed(window)) == 1
    page.take_prices(tmp_path / "none.csv")
    window.wait()
    assert "none.csv" in page.trouble.words()
    assert "C\t700" in page.prices.box.toPlainText()


def test_new_prices_being_typed_stay_while_one_looks_at_another_tab(opens: Opens) -> None:
    window = opens(with_care)
    page = at(window, "tariffs")
    window.key(Qt.Key.Key_F2)
    page.prices.take("C\t650")
    page.tabs.choose("providers")
    window.wait()
    page.tabs.choose("tariffs")
    window.wait()
    assert page.prices.isVisible()
    assert page.prices.box.toPlainText() == "C\t650"


def used(desk: Desk) -> None:
    """Four consultations at 600 and ten tablets at 900 were allowed: 11,400 in all."""
    care = with_care(desk)
    batch = a_batch(desk, care)
    for person in range(2):
        a_claim(desk, care, batch, care.line("C", 2), care.line("A", 5), at=person)
    desk.do(decide_batch, batch_id=batch)
    desk.do(
        draft_tariff,
        tariff_id=care.tariff_id,
        first_day=date(2024, 6, 1),
        prices={care.services["C"]: 750, care.services["A"]: 900},
    )


def test_a_draft_is_compared_with_what_was_used(opens: Opens) -> None:
    window = opens(used)
    page = at(window, "tariffs")
    (draft,) = drafts(window)
    page.tariffs.compare_with(draft.id)
    window.wait()
    lines = {row[0]: row for row in rows(page.tariffs.rows)}
    # 4 × 150 = 600, of 4 × 600 + 10 × 900 = 11,400: 5.26 %.
    assert lines["C"][3:] == ["600", "750", "+25.0 %", "4", "600"]
    assert lines["A"][3:] == ["900", "900", "0", "10", "0"]
    assert lines["P"][5] == "no longer listed"
    assert "+5.3 % of claims" in plain(page.tariffs.whole.text())
    page.tariffs.paper.click()
    window.wait()
    assert len(papers(window)) == 1


def test_a_draft_is_changed_put_in_force_or_given_up(opens: Opens) -> None:
    window = opens(used)
    page = at(window, "tariffs")
    (draft,) = drafts(window)
    page.tariffs.form.answers["held"].put(draft.id)
    assert page.tariffs.edit.isVisible()
    page.tariffs.edit.click()
    window.wait()
    page.prices.take("C\t700\nA\t900")
    page.prices.keep.click()
    window.wait()
    (changed,) = drafts(window)
    assert changed.id == draft.id
    assert sorted(changed.prices.values()) == [700, 900]
    page.tariffs.form.answers["held"].put(draft.id)
    page.tariffs.apply.click()
    window.wait()
    assert drafts(window) == ()
    assert listed(window)[-1].first_day == date(2024, 6, 1)


def test_f9_prints_the_list_for_the_wall_with_what_members_pay(opens: Opens) -> None:
    window = opens(with_care)
    page = at(window, "tariffs")
    plan = page.tariffs.form.answers["plan"]
    plan.put(plan._choices[1][0])  # type: ignore[attr-defined]
    page.tariffs.table.setFocus()
    window.key(Qt.Key.Key_F9)
    assert len(papers(window)) == 1


# Words and room


def many(desk: Desk) -> None:
    care = with_an_end(desk)
    a_provider(desk, care.services, code="HOPITAL", level=Level.DISTRICT_HOSPITAL)


@pytest.mark.parametrize("tab", ["providers", "tariffs", "one", "prices"])
def test_every_word_went_through_the_translators(opens: Opens, tab: str) -> None:
    window = opens(many, speaker=BracketSpeaker("en"))
    assert unbracketed(_seen(window, tab)) == []


def _seen(window: Room, tab: str) -> ProvidersPage:
    if tab == "one":
        return opened(window)
    if tab == "prices":
        page = at(window, "tariffs")
        window.key(Qt.Key.Key_F2)
        return page
    return at(window, tab)


@pytest.mark.parametrize("tab", ["providers", "tariffs", "one", "prices"])
@pytest.mark.parametrize("zoom", [100, 125, 150])
def test_it_is_not_wider_than_its_place(
    opens: Opens, qapp: QApplication, zoom: int, tab: str
) -> None:
    window = opens(many, language="fr")
    theme.apply(qapp, Theme(zoom=zoom))
    page = _seen(window, tab)
    place = page.parentWidget()
    assert place is not None
    window.qtbot.waitUntil(lambda: page.width() <= place.width(), timeout=3000)


def test_the_preview_stands_at_the_other_side_where_one_reads_from_the_right(
    opens: Opens,
) -> None:
    with from_the_right() as speaker:
        window = opens(many, speaker=speaker)
        page = _seen(window, "prices")
        box, table = page.prices.box, page.prices.table
        page.prices.copy_in()
        # Titles nobody understands are not written into the box.
        assert page.prices.preview.faults == ()
        assert box.toPlainText().startswith("code\tname\tprice")
        assert (
            table.mapTo(page, table.rect().topLeft()).x()
            < box.mapTo(page, box.rect().topLeft()).x()
        )

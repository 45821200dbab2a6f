"""Packages and services by keyboard: versions, ten fields and the rest, nought and nothing apart.

Figures by hand from domain handbook 2.7 and 2.12.
"""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stepdesk.benefits.queries import (
    assignments,
    package_of_code,
    packages,
    service_of_code,
    service_versions,
    services,
)
from stepdesk.benefits.service import add_package, add_service, version_package
from stepdesk.benefits.terms import (
    BenefitRule,
    Capitation,
    Category,
    Composition,
    Copay,
    LimitKind,
    LimitOver,
    PackageLimit,
    PackageVersion,
    Patients,
    ServiceKind,
    Share,
)
from stepdesk.claims.queries import diagnoses
from stepdesk.countries import country
from stepdesk.errors import Refusal
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.packages.lines import Many, Meant, share_line
from stepdesk.ui.packages.panel import PackagesPanel
from stepdesk.ui.packages.services_panel import ServicesPanel
from stepdesk.ui.providers.page import ProvidersPage
from stepdesk.ui.theme import Theme
from stepdesk.values.care import CareType, Level, Visit
from stepdesk.values.ids import PackageVersionId, ServiceId
from tests.builders import a_plan, a_section
from tests.claims.kit import NAMES, Care, a_care
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.righttoleft import from_the_right
from tests.ui.window import Opens, plain, windows_on
from tests.ui.window import Window as Room

CONTROL = Qt.KeyboardModifier.ControlModifier
CHILD = True


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    yield from windows_on(qtbot, tmp_path / "book", first=a_section)


def with_services(desk: Desk) -> None:
    for code, (name, category) in NAMES.items():
        desk.do(add_service, code=code, name=name, category=category)
    a_plan(desk)


def with_care(desk: Desk) -> Care:
    return a_care(desk)


def panel(window: Room) -> PackagesPanel:
    return window.go(ProvidersPage, "providers", tab="packages").packages


def catalogue(window: Room) -> ServicesPanel:
    return window.go(ProvidersPage, "providers", tab="services").services


def code(window: Room, told: str) -> ServiceId:
    one = window.desk.ask(service_of_code, told)
    assert one is not None
    return one.id


def look_at(window: Room, told: str) -> PackagesPanel:
    page = panel(window)
    page.form.show_service(code(window, told))
    return page


def put(page: PackagesPanel, **told: object) -> None:
    for name, value in told.items():
        form = page.form.whole if name in page.form.whole.answers else page.form.rule
        form.answers[name].put(value)


def versions(window: Room, told: str = "BASE") -> tuple[PackageVersion, ...]:
    package_id = window.desk.ask(package_of_code, told)
    return () if package_id is None else window.desk.ask(packages).get(package_id, ())


def keep(window: Room, page: PackagesPanel) -> None:
    page.button.setFocus()
    window.key(Qt.Key.Key_Return)


# The form


def test_every_field_of_a_rule_and_of_a_package_is_asked(opens: Opens) -> None:
    page = panel(opens(with_services))
    of_rules = {one.name for one in fields(BenefitRule)} - {"service_id", "copay_value"}
    assert set(page.form.rule.answers) == of_rules
    of_packages = {one.name for one in fields(PackageVersion)}
    of_packages -= {"id", "package_id", "rules", "services", "capitation"}
    of_capitation = {one.name for one in fields(Capitation)} - {"share", "levels"}
    of_capitation |= {"capitation_share", "capitation_levels"}
    assert set(page.form.whole.answers) == of_packages | of_capitation


def test_ten_fields_are_asked_of_a_service_and_the_rest_behind_more(opens: Opens) -> None:
    page = look_at(opens(with_care), "C")
    asked = [one for one in page.form.rule.answers.values() if one.isVisible()]
    assert len(asked) == 10
    assert not page.form.rule.answers["cap_household_year"].isVisible()
    page.form.rule.toggle.setFocus()
    page.form.rule.toggle.click()
    assert page.form.rule.answers["cap_household_year"].isVisible()
    assert page.form.rule.answers["shares"].isVisible()
    # Of the whole package three, and its ceilings behind more.
    assert not page.form.whole.answers["cap_person_year"].isVisible()
    page.form.whole.toggle.click()
    assert page.form.whole.answers["cap_person_year"].isVisible()


def test_of_a_service_that_is_not_named_nothing_else_is_asked(opens: Opens) -> None:
    page = look_at(opens(with_care), "GLAS")
    asked = [name for name, one in page.form.rule.answers.items() if one.isVisible()]
    assert asked == ["covered"]


def test_nought_and_nothing_are_told_apart_beside_the_field(opens: Opens) -> None:
    window = opens(with_care)
    page = look_at(window, "C")
    cap = page.form.rule.answers["cap_act"]
    count = page.form.rule.answers["limit_count"]
    assert isinstance(cap, Meant)
    assert isinstance(count, Meant)
    assert (cap.meaning.text(), count.meaning.text()) == ("no limit", "no limit")
    cap.setFocus()
    window.type("0")
    assert cap.meaning.text() == "nothing is paid"
    count.setFocus()
    window.type("0")
    assert count.meaning.text() == "not one is paid"
    cap.put(500)
    assert cap.meaning.text() == ""
    put(page, cap_act=0, limit_count=None)
    keep(window, page)
    rule = versions(window)[-1].rules[code(window, "C")]
    assert (rule.cap_act, rule.limit_count) == (0, None)


def test_a_first_package_is_written_by_keys(opens: Opens) -> None:
    window = opens(with_services)
    page = panel(window)
    page.form.whole.answers["name"].setFocus()
    window.key(Qt.Key.Key_A, CONTROL)
    window.type("Basic care\n")
    page.form.show_service(code(window, "C"))
    put(page, covered=True)
    page.form.rule.answers["copay"].setFocus()
    window.type("25 %\n")
    window.key(Qt.Key.Key_A, CONTROL)
    window.type("100\n600\n")
    keep(window, page)
    (version,) = versions(window)
    assert (version.name, version.first_day) == ("Basic care", date(2024, 1, 1))
    assert version.rules == {
        code(window, "C"): BenefitRule(
            code(window, "C"), copay=Copay.PERCENT, copay_value=2500, deductible=100, cap_act=600
        )
    }


def test_a_new_version_copies_the_former_and_keeps_it(opens: Opens) -> None:
    window = opens(with_care)
    before = versions(window)
    page = look_at(window, "C")
    assert "copy of" in plain(page.now.text())
    put(page, copay=(Copay.PERCENT, 3000), waiting_months=2)
    keep(window, page)
    after = versions(window)
    assert after[:-1] == before
    new = after[-1]
    assert new.first_day == date(2024, 2, 1)
    rule = new.rules[code(window, "C")]
    assert (rule.copay_value, rule.waiting_months) == (3000, 2)
    others = {key: one for key, one in new.rules.items() if key != rule.service_id}
    assert others == {key: before[-1].rules[key] for key in others}
    assert page.model.rowCount() == 2


def test_all_that_stands_behind_more_is_kept(opens: Opens) -> None:
    window = opens(with_care)
    page = look_at(window, "SURG")
    shares = (Share(Visit.REFERRAL, None, Copay.NONE, 0), Share(None, CHILD, Copay.FIXED, 200))
    limits = (PackageLimit(LimitKind.DEDUCTIBLE, 500, CareType.IN, LimitOver.PERSON_YEAR),)
    put(
        page,
        levels=frozenset({Level.DISTRICT_HOSPITAL}),
        age_min=0,
        age_max=17,
        shares=shares,
        exclusion="",
        cap_person_year=None,
        limits=limits,
        threshold=3,
    )
    page.form.whole.answers["cap_household_year"].put(60_000)
    page.form.whole.answers["capitation_share"].put(1000)
    page.form.whole.answers["capitation_levels"].put(frozenset({Level.POST}))
    page.form.whole.answers["weight_insured"].put(10_000)
    keep(window, page)
    new = versions(window)[-1]
    rule = new.rules[code(window, "SURG")]
    assert rule.levels == frozenset({Level.DISTRICT_HOSPITAL})
    assert (rule.age_min, rule.age_max, rule.shares) == (0, 17, shares)
    assert (new.limits, new.threshold, new.cap_household_year) == (limits, 3, 60_000)
    assert new.capitation == Capitation(frozenset({Level.POST}), 1000, weight_insured=10_000)


def test_what_cannot_be_read_stays_with_its_service_and_keeps_the_version_out(
    opens: Opens,
) -> None:
    window = opens(with_care)
    page = look_at(window, "C")
    page.form.rule.answers["copay"].setFocus()
    window.key(Qt.Key.Key_A, CONTROL)
    window.type("a quarter")
    page.form.show_service(code(window, "A"))
    assert page.form.rule.answers["copay"].value() == (Copay.PERCENT, 2500)
    keep(window, page)
    assert len(versions(window)) == 1
    assert page.form.service_id == code(window, "C")
    assert "Type a share as 20 %" in page.form.rule.error("copay")
    assert page.form.rule.answers["copay"].draft() == "a quarter"


def test_what_cannot_stand_is_said_beside_its_field_and_opens_the_others(opens: Opens) -> None:
    window = opens(with_care)
    page = look_at(window, "C")
    put(page, age_min=10, age_max=5)
    assert not page.form.rule.answers["age_max"].isVisible()
    assert "The highest age is below the lowest. Change one of them." in plain(page.example.text())
    keep(window, page)
    assert (
        page.form.rule.error("age_max")
        == "The highest age is below the lowest. Change one of them."
    )
    assert page.form.rule.answers["age_max"].isVisible()
    assert len(versions(window)) == 1


def test_a_day_on_which_a_version_begins_already_is_refused(opens: Opens) -> None:
    window = opens(with_care)
    page = look_at(window, "C")
    put(page, first_day=date(2024, 1, 1), copay=(Copay.PERCENT, 1000))
    keep(window, page)
    assert "Something else begins" in page.form.whole.error("first_day")
    assert page.form.rule.answers["copay"].value() == (Copay.PERCENT, 1000)


def test_a_version_being_typed_stays_while_one_looks_at_another_tab(opens: Opens) -> None:
    window = opens(with_care)
    page = look_at(window, "C")
    put(page, copay=(Copay.FIXED, 150))
    held = window.page(ProvidersPage)
    for tab in ("providers", "packages"):
        held.tabs.choose(tab)
        window.wait()
    assert page.form.rule.answers["copay"].value() == (Copay.FIXED, 150)


def test_half_a_version_is_there_again_after_beginning_another(opens: Opens) -> None:
    window = opens(with_care)
    page = look_at(window, "C")
    put(page, copay=(Copay.FIXED, 150), name="Base anew")
    page.start_another()
    put(page, code="PLUS")
    assert page.form.rule.answers["copay"].value() != (Copay.FIXED, 150)
    page.table.setFocus()
    window.key(Qt.Key.Key_Return)
    assert page.form.service_id == code(window, "C")
    assert page.form.rule.answers["copay"].value() == (Copay.FIXED, 150)
    assert page.form.whole.answers["name"].value() == "Base anew"
    page.start_another()
    assert page.form.whole.answers["code"].value() == "PLUS"


# The example


def test_a_delivery_at_the_district_hospital_is_reckoned_while_one_types(opens: Opens) -> None:
    window = opens(with_care)
    page = look_at(window, "DEL")
    put(page, copay=(Copay.PERCENT, 2000))
    # What the list says today is proposed.
    assert page.example.form.answers["price"].value() == 5000
    page.example.form.answers["price"].setFocus()
    window.key(Qt.Key.Key_A, CONTROL)
    window.type("25000")
    told = plain(page.example.text())
    assert "Delivery, District hospital, 25,000 F CFA: scheme 20,000 F CFA, member 5,000" in told
    # A ceiling of 18,000 an act: the member pays 7,000.
    put(page, cap_act=18_000)
    assert "scheme 18,000 F CFA, member 7,000" in plain(page.example.text())


def test_the_example_says_why_nothing_is_paid(opens: Opens) -> None:
    page = look_at(opens(with_care), "DEL")
    put(page, levels=frozenset({Level.CENTRE}))
    assert "Level of provider not allowed" in plain(page.example.text())
    put(page, levels=frozenset(), covered=False)
    assert "Service not in the package" in plain(page.example.text())
    put(page, covered=True, cap_person_year=0)
    assert "scheme 0 F CFA, member 5,000 F CFA" in plain(page.example.text())


def test_the_example_takes_the_share_of_the_visit_and_the_packages_ceiling(opens: Opens) -> None:
    page = look_at(opens(with_care), "SURG")
    put(page, shares=(Share(Visit.REFERRAL, None, Copay.PERCENT, 1000),))
    page.example.form.answers["price"].put(40_000)
    page.example.form.answers["visit"].put(Visit.REFERRAL)
    # 10 % of 40,000.
    assert "scheme 36,000 F CFA, member 4,000" in plain(page.example.text())
    page.form.whole.answers["cap_episode"].put(30_000)
    assert "scheme 30,000 F CFA, member 10,000" in plain(page.example.text())


# Plans


def with_two(desk: Desk) -> None:
    """A package BASE that the plan has, and PLUS that pays for glasses from January on."""
    care = a_care(desk)
    glasses = care.services["GLAS"]
    desk.do(
        version_package,
        version=PackageVersion(
            PackageVersionId(b""),
            desk.do(add_package, code="PLUS"),
            "PLUS",
            "Glasses",
            date(2024, 1, 1),
            rules={glasses: BenefitRule(glasses)},
        ),
    )


def test_a_plan_is_given_a_supplement_beside_its_basic_package_and_it_ends(opens: Opens) -> None:
    window = opens(with_two)
    given = panel(window).given
    given.form.answers["package_id"].put(window.desk.ask(package_of_code, "PLUS"))
    given.form.answers["supplement"].put(1)
    given.form.answers["first_day"].put(date(2024, 2, 1))
    given.give.setFocus()
    window.key(Qt.Key.Key_Return)
    told = window.desk.ask(assignments)
    assert [(one.supplement, one.first_day) for one in told] == [
        (0, date(2024, 1, 1)),
        (1, date(2024, 2, 1)),
    ]
    assert given.rows.rowCount() == 2
    given.form.answers["first_day"].put(date(2024, 3, 1))
    given.end.setFocus()
    window.key(Qt.Key.Key_Return)
    last = window.desk.ask(assignments)[-1]
    assert (last.ends, last.first_day) == (True, date(2024, 3, 1))


def test_what_a_plan_has_already_is_said_beside_the_package(opens: Opens) -> None:
    window = opens(with_two)
    given = panel(window).given
    given.form.answers["package_id"].put(window.desk.ask(package_of_code, "BASE"))
    given.form.answers["supplement"].put(1)
    given.send()
    window.wait()
    assert "has the package BASE already" in given.form.error("package_id")
    # The basic package does not end.
    given.form.answers["supplement"].put(0)
    given.send_end()
    window.wait()
    assert "basic package does not end" in given.form.error("supplement")
    assert len(window.desk.ask(assignments)) == 1


def test_another_package_is_written_beside_the_first(opens: Opens) -> None:
    window = opens(with_care)
    page = panel(window)
    window.key(Qt.Key.Key_F2)
    window.type("PLUS\nGlasses\n")
    page.form.show_service(code(window, "GLAS"))
    put(page, covered=True)
    keep(window, page)
    (version,) = versions(window, "PLUS")
    assert set(version.rules) == {code(window, "GLAS")}
    assert len(versions(window)) == 1


def test_a_package_that_says_nothing_yet_is_not_given(opens: Opens) -> None:
    def empty(desk: Desk) -> None:
        a_care(desk)
        desk.do(add_package, code="LATER")

    window = opens(empty)
    page = panel(window)
    offered = [told for _, told in page.given.form.answers["package_id"]._choices]  # type: ignore[attr-defined]
    assert offered == ["BASE"]


# Services


def test_an_empty_catalogue_begins_with_the_countrys_list_and_a_service_is_added(
    opens: Opens,
) -> None:
    window = opens()
    page = catalogue(window)
    page.begin.setFocus()
    window.key(Qt.Key.Key_Return)
    there = country(window.desk.country).catalogue(window.desk.today).services
    assert page.rows.rowCount() == len(there)
    window.key(Qt.Key.Key_F2)
    window.type("ZZ\nPlaster\n\npiece\n\n")
    page.button.setFocus()
    window.key(Qt.Key.Key_Return)
    one = window.desk.ask(service_of_code, "ZZ")
    assert one is not None
    assert (one.name, one.unit, one.kind) == ("Plaster", "piece", ServiceKind.ACT)


def test_a_service_is_renamed_and_its_use_changes_from_a_day_on(opens: Opens) -> None:
    window = opens(with_services)
    page = catalogue(window)
    page.table.select_id(code(window, "C"))
    window.wait()
    assert not page.form.answers["code"].isVisible()
    page.form.answers["name"].put("Visit")
    page.form.answers["frequency_days"].put(7)
    page.form.answers["patients"].put(frozenset({Patients.CHILD}))
    page.form.answers["first_day"].put(date(2024, 2, 1))
    page.send()
    window.wait()
    (_, before), (day, after) = window.desk.ask(service_versions, code(window, "C"))
    assert (before.frequency_days, day, after.frequency_days) == (None, date(2024, 2, 1), 7)
    assert after.patients == frozenset({Patients.CHILD})
    assert after.name == "Visit"


def test_half_a_service_is_there_again_after_looking_at_another(opens: Opens) -> None:
    window = opens(with_services)
    page = catalogue(window)
    page.table.select_id(code(window, "C"))
    page.form.answers["name"].put("Visit")
    page.table.select_id(code(window, "A"))
    assert page.form.answers["name"].value() == "Amoxicillin 500"
    page.table.select_id(code(window, "C"))
    assert page.form.answers["name"].value() == "Visit"


def test_a_service_with_parts_is_added_with_them(opens: Opens) -> None:
    window = opens(with_services)
    page = catalogue(window)
    page.start_another()
    for name, value in {
        "code": "CSE",
        "name": "Caesarean",
        "category": Category.CSE,
        "composition": Composition.FIXED,
    }.items():
        page.form.answers[name].put(value)
    parts = page.form.answers["parts"]
    assert isinstance(parts, Many)
    parts.form.answers["part"].put(code(window, "ROOM"))
    parts.form.answers["count"].put(3)
    parts.add_one()
    page.send()
    window.wait()
    one = window.desk.ask(service_of_code, "CSE")
    assert one is not None
    assert one.parts == ((code(window, "ROOM"), 3),)


def test_a_taken_code_and_a_wrong_figure_are_said_beside_their_fields(opens: Opens) -> None:
    window = opens(with_services)
    page = catalogue(window)
    page.start_another()
    page.form.answers["code"].put("c")
    page.form.answers["name"].put("Another")
    page.send()
    window.wait()
    assert "C already" in page.form.error("code")
    page.form.answers["code"].put("C2")
    page.form.answers["frequency_days"].put(0)
    page.send()
    window.wait()
    assert "from 1 to" in page.form.error("frequency_days")
    assert page.form.answers["frequency_days"].isVisible()
    assert len(window.desk.ask(services)) == len(NAMES)


def test_a_list_of_diagnoses_comes_in_whole_or_not_at_all(opens: Opens, tmp_path: Path) -> None:
    window = opens(with_services)
    page = catalogue(window)
    file = tmp_path / "list.csv"
    file.write_text("code;name\nA09;Diarrhoea\n9A;Nothing\n", encoding="utf-8")
    page.take_diagnoses(file)
    window.wait()
    assert "Line 3" in page.error.text()
    assert window.desk.ask(diagnoses) == ()
    file.write_text("code;name\nA09;Diarrhoea\nB54;Malaria\n", encoding="utf-8")
    page.take_diagnoses(file)
    window.wait()
    assert [one.code for one in window.desk.ask(diagnoses)] == ["A09", "B54"]
    assert page.error.isHidden()
    page.short.click()
    window.wait()
    assert len(window.desk.ask(diagnoses)) > 2


# What is typed


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("", (Copay.NONE, 0)),
        ("20 %", (Copay.PERCENT, 2000)),
        ("12,5%", (Copay.PERCENT, 1250)),
        ("500", (Copay.FIXED, 500)),
        ("≤ 1 500", (Copay.UP_TO, 1500)),
        ("<=1500", (Copay.UP_TO, 1500)),
    ],
)
def test_a_share_is_typed_in_one_line(qtbot: QtBot, typed: str, value: object) -> None:
    line = share_line(0)
    qtbot.addWidget(line)
    line.field.setText(typed)
    assert line.value() == value
    line.put(value)
    assert line.value() == value
    for wrong in ("a lot", "20 %%x", "-5"):
        line.field.setText(wrong)
        with pytest.raises(Refusal):
            line.value()


# Words and room


@pytest.mark.parametrize("tab", ["packages", "services"])
def test_every_word_went_through_the_translators(opens: Opens, tab: str) -> None:
    window = opens(with_care, speaker=BracketSpeaker("en"))
    page = window.go(ProvidersPage, "providers", tab=tab)
    _opened(page)
    assert unbracketed(page) == []


def _opened(page: ProvidersPage) -> None:
    page.packages.form.rule.open_more()
    page.packages.form.whole.open_more()
    page.services.form.open_more()


@pytest.mark.parametrize("tab", ["packages", "services"])
@pytest.mark.parametrize("zoom", [100, 125, 150])
def test_it_is_not_wider_than_its_place(
    opens: Opens, qapp: QApplication, zoom: int, tab: str
) -> None:
    window = opens(with_care, language="fr")
    theme.apply(qapp, Theme(zoom=zoom))
    page = window.go(ProvidersPage, "providers", tab=tab)
    _opened(page)
    place = page.parentWidget()
    assert place is not None
    window.qtbot.waitUntil(lambda: page.width() <= place.width(), timeout=3000)


def test_the_example_stands_at_the_other_side_where_one_reads_from_the_right(
    opens: Opens,
) -> None:
    with from_the_right() as speaker:
        page = look_at(opens(with_care, speaker=speaker), "C")
        example, card = page.example, page.card
        left = example.mapTo(page, example.rect().topLeft()).x()
        assert left < card.mapTo(page, card.rect().topLeft()).x()

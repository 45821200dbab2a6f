"""Packages and services in a file and back, in a real book."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from stepdesk.benefits.queries import packages, packages_on, service_of_code, services
from stepdesk.benefits.rules import fault_of, package_fault
from stepdesk.benefits.service import add_package, add_service, version_package
from stepdesk.benefits.terms import (
    BenefitRule,
    Capitation,
    Category,
    CeilingExclusion,
    Composition,
    Copay,
    DeductibleScope,
    Distribution,
    InPatientBy,
    LimitKind,
    LimitOver,
    LimitScope,
    LimitWindow,
    PackageLimit,
    PackageVersion,
    Patients,
    Payment,
    PoolPeriod,
    PriceOrigin,
    ServiceKind,
    ServiceTerms,
    Share,
    Spread,
    YearStart,
)
from stepdesk.errors import Refusal
from stepdesk.exchange.package_lists import (
    PACKAGE_COLUMNS,
    RULE_COLUMNS,
    import_package,
    package_csv,
)
from stepdesk.exchange.service_lists import ImportedServices, import_services
from stepdesk.i18n import speak
from stepdesk.members.terms import Sex
from stepdesk.providers.service import add_tariff
from stepdesk.store.desk import Desk
from stepdesk.values.care import CareType, ClaimCategory, Level, Visit
from stepdesk.values.ids import PackageId, PackageVersionId, ServiceId
from tests.builders import a_plan

FIRST, MARCH = date(2024, 1, 1), date(2024, 3, 1)
Write = Callable[[str], Path]
CHILD = True


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: str) -> Path:
        file = tmp_path / "list.csv"
        file.write_text(content, encoding="utf-8")
        return file

    return to_file


def package(**told: Any) -> PackageVersion:
    base = PackageVersion(PackageVersionId(b""), PackageId(b""), "BASE", "Base", FIRST)
    return replace(base, **told)


def refused(desk: Desk, verb: Any, **told: Any) -> str:
    acts = desk.acts
    with pytest.raises(Refusal) as no:
        desk.do(verb, **told)
    assert desk.acts == acts
    assert no.value.field == "file"
    return speak(no.value.text, "en")


def held(desk: Desk) -> PackageVersion:
    ((version,),) = desk.ask(packages).values()
    return version


# A package as a file


def test_a_file_says_a_whole_package_with_its_services(desk: Desk, write: Write) -> None:
    file = write(
        "code,value,copay,shares,children_apart,waiting_months,name,category,care,patients\n"
        "*name,All of it,,,,,,,,\n"
        "*year_start,period,,,,,,,,\n"
        "*spread,in_order,,,,,,,,\n"
        "*in_patient_by,LEVEL,,,,,,,,\n"
        "*cap_household_year,300 000,,,,,,,,\n"
        "*threshold,4,,,,,,,,\n"
        "*limit EXTRA_MEMBER BOTH,10000,,,,,,,,\n"
        "*limit deductible out person_year,500,,,,,,,,\n"
        "*limit CLAIM_COUNT SURGERY,1,,,,,,,,\n"
        "*limit CLAIM_AMOUNT DELIVERY,55,,,,,,,,\n"
        "*distribution QUARTER BOTH 2,80.5%,,,,,,,,\n"
        "*capitation levels,POST CENTRE,,,,,,,,\n"
        "*capitation share,75%,,,,,,,,\n"
        "*capitation weight_insured,100%,,,,,,,,\n"
        "LAB,,<=500,REFERRAL=none|REFERRAL CHILD=20%|ADULT=<= 300|EMERGENCY=1 000,yes,6,Smear,lab,OUT,"
        "female adult\n"
    )
    plan_id = a_plan(desk)
    acts = desk.acts
    done = desk.do(import_package, package=package(), file=file, plan_id=plan_id, supplement=2)
    assert desk.acts == acts + 1
    assert (done.rules, done.services_added, done.assigned) == (1, 1, True)
    lab = desk.ask(service_of_code, "LAB")
    assert lab is not None
    assert lab.terms == ServiceTerms(
        CareType.OUT, patients=frozenset({Patients.FEMALE, Patients.ADULT})
    )
    version = held(desk)
    assert desk.ask(packages_on, plan_id, FIRST) == (version,)
    assert version == package(
        id=version.id,
        package_id=version.package_id,
        name="All of it",
        year_start=YearStart.PERIOD,
        spread=Spread.IN_ORDER,
        in_patient_by=InPatientBy.LEVEL,
        cap_household_year=300_000,
        threshold=4,
        limits=(
            PackageLimit(LimitKind.EXTRA_MEMBER, 10_000),
            PackageLimit(LimitKind.DEDUCTIBLE, 500, CareType.OUT, LimitOver.PERSON_YEAR),
            PackageLimit(LimitKind.CLAIM_COUNT, 1, category=ClaimCategory.SURGERY),
            PackageLimit(LimitKind.CLAIM_AMOUNT, 55, category=ClaimCategory.DELIVERY),
        ),
        distributions=(Distribution(PoolPeriod.QUARTER, CareType.BOTH, 2, 8050),),
        capitation=Capitation(frozenset({Level.POST, Level.CENTRE}), 7500, weight_insured=10_000),
        rules={
            lab.id: BenefitRule(
                lab.id,
                copay=Copay.UP_TO,
                copay_value=500,
                children_apart=True,
                waiting_months=6,
                shares=(
                    Share(Visit.REFERRAL, None, Copay.NONE, 0),
                    Share(Visit.REFERRAL, CHILD, Copay.PERCENT, 2000),
                    Share(None, not CHILD, Copay.UP_TO, 300),
                    Share(Visit.EMERGENCY, None, Copay.FIXED, 1000),
                ),
            )
        },
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("code,value\n*wall,5\n", "list.csv, line 2, column code: *wall is not known."),
        (
            "code,value\n*threshold,x\n",
            "list.csv, line 2, column value: x is no whole number. Write digits only.",
        ),
        (
            "code,value\n*cap_episode,x\n",
            "list.csv, line 2, column value: x is no amount. Type digits only",
        ),
        ("code,value\n*spread,X\n", "list.csv, line 2, column value: X is not known."),
        (
            "code,value\n*reference_tariff,X\n",
            "list.csv, line 2, column value: There is no price list X.",
        ),
        ("code,value\n*limit,5\n", "list.csv, line 2, column code:  is not known."),
        ("code,value\n*limit CEILING ALL,5\n", "list.csv, line 2, column code: ALL is not known."),
        (
            "code,value\n*distribution MONTH BOTH,5%\n",
            "list.csv, line 2, column code: Write a distribution as",
        ),
        (
            "code,value\n*distribution MONTH BOTH 1,5\n",
            "list.csv, line 2, column value: 5 is no share.",
        ),
        (
            "code,value\n*capitation wall,5%\n",
            "list.csv, line 2, column code: wall is not known.",
        ),
        (
            "code,copay\nCONS,<=x\n",
            "list.csv, line 2, column copay: x is no amount. Type digits only",
        ),
        (
            "code,shares\nCONS,20%\n",
            "list.csv, line 2, column shares: 20% is not known. Write one of: OTHER, REFERRAL",
        ),
        (
            "code,shares\nCONS,=20%\n",
            "list.csv, line 2, column shares: =20% is no share of a visit.",
        ),
        (
            "code,shares\nCONS,CHILD=20%|CHILD=10%\n",
            "list.csv, line 2, column shares: One kind of visit and age has two shares.",
        ),
        ("code,name\nLAB,Smear\n", "list.csv, line 2, column category: LAB is not in the"),
        (
            "code,name,category,frequency_days\nLAB,Smear,LAB,0\n",
            "list.csv, line 2, column frequency_days: Type a figure from",
        ),
    ],
)
def test_a_file_that_cannot_come_says_where_and_writes_nothing(
    desk: Desk, write: Write, content: str, said: str
) -> None:
    desk.do(add_service, code="CONS", name="Consultation", category=Category.OPD)
    told = refused(desk, import_package, package=package(), file=write(content))
    assert told.startswith(said)


# There and back


def some(chance: Random, *, most: int = 900) -> int | None:
    return chance.choice([None, 0, chance.randint(1, most)])


def a_share(chance: Random) -> tuple[Copay, int]:
    copay = chance.choice(list(Copay))
    return copay, 0 if copay is Copay.NONE else chance.randint(0, 9999)


def a_rule(chance: Random, service_id: ServiceId) -> BenefitRule:
    copay, value = a_share(chance)
    apart = chance.random() < 0.5
    days = chance.random() < 0.3
    places = [(visit, age) for visit in (*Visit, None) for age in (None, True, False)][:-3]
    rule = BenefitRule(
        service_id,
        covered=chance.random() < 0.9,
        copay=copay,
        copay_value=value,
        deductible=chance.randint(0, 5),
        deductible_scope=chance.choice(list(DeductibleScope)),
        cap_act=some(chance),
        cap_episode=some(chance),
        cap_person_year=some(chance),
        cap_household_year=some(chance),
        limit_count=some(chance),
        limit_scope=chance.choice(list(LimitScope)),
        limit_window=LimitWindow.DAYS if days else LimitWindow.CYCLE,
        limit_days=chance.randint(1, 90) if days else None,
        waiting_months=chance.randint(0, 9),
        waiting_exempt=chance.random() < 0.5,
        requires_referral=chance.random() < 0.5,
        requires_letter=chance.random() < 0.5,
        requires_medical_review=chance.random() < 0.5,
        levels=chance.choice([None, frozenset(chance.sample(list(Level), 2))]),
        sex=chance.choice([None, *Sex]),
        age_min=some(chance, most=20),
        age_max=chance.choice([None, 55]),
        payment=chance.choice(list(Payment)),
        emergency_out_of_network=chance.random() < 0.5,
        declare_hours=chance.choice([72, 0, 48]),
        exclusion=chance.choice(["", "COSMETIC"]),
        price_origin=chance.choice(list(PriceOrigin)),
        shares=tuple(
            Share(visit, age, *a_share(chance))
            for visit, age in chance.sample(places, chance.randint(0, 4))
        ),
        ceiling_exclusion=chance.choice(list(CeilingExclusion)),
    )
    if apart:
        rule = replace(
            rule,
            children_apart=True,
            limit_count_child=some(chance),
            waiting_months_child=chance.randint(0, 9),
            ceiling_exclusion_child=chance.choice(list(CeilingExclusion)),
        )
    assert fault_of(rule) is None
    return rule


def a_whole(chance: Random) -> dict[str, Any]:
    limits = [
        PackageLimit(
            LimitKind.DEDUCTIBLE, chance.randint(0, 900), care, chance.choice(list(LimitOver))
        )
        for care in chance.choice([(), (CareType.BOTH,), (CareType.IN, CareType.OUT)])
    ]
    limits += [
        PackageLimit(kind, chance.randint(0, 900), category=category)
        for kind in (LimitKind.CLAIM_COUNT, LimitKind.CLAIM_AMOUNT)
        for category in chance.sample(list(ClaimCategory), 2)
    ]
    whole = chance.randint(0, 10_000)
    told: dict[str, Any] = {
        "name": chance.choice(["Base", "Tout compris, élargi"]),
        "year_start": chance.choice(list(YearStart)),
        "cap_episode": some(chance),
        "cap_person_year": some(chance),
        "cap_household_year": some(chance),
        "threshold": some(chance),
        "in_patient_by": chance.choice(list(InPatientBy)),
        "spread": chance.choice(list(Spread)),
        "adult_age": chance.choice([18, 15, 21]),
        "limits": tuple(limits),
        "distributions": tuple(
            Distribution(PoolPeriod.MONTH, CareType.OUT, at, chance.randint(0, 10_000))
            for at in chance.sample(range(1, 13), 3)
        ),
        "capitation": chance.choice(
            [
                None,
                Capitation(
                    frozenset({Level.POST}),
                    whole,
                    weight_claims=whole,
                    weight_amounts=10_000 - whole,
                ),
            ]
        ),
    }
    assert package_fault(package(**told)) is None
    return told


@pytest.mark.parametrize("country", ["SN", "ZZ"])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_written_to_a_file_is_the_same_package_in_another_book(
    book: Callable[..., Desk], tmp_path: Path, seed: int, country: str
) -> None:
    chance = Random(seed)
    here = book(country)
    part = here.do(
        add_service, code="PART", name="Part, of a set", category=Category.LAB, unit="test"
    )
    item = here.do(
        add_service, code="ITEM", name="Item", category=Category.DRUG, kind=ServiceKind.ITEM
    )
    terms = ServiceTerms(
        CareType.IN,
        30,
        4,
        frozenset({Patients.MALE, Patients.CHILD}),
        ClaimCategory.SURGERY,
        Composition.PARTS,
        ((part, 1), (item, 20)),
    )
    composed = here.do(add_service, code="A-SET", name="Set", category=Category.SURG, terms=terms)
    told = a_whole(chance) | {"reference_tariff_id": here.do(add_tariff, code="PUBLIC")}
    rules = {one: a_rule(chance, one) for one in (composed, part, item)}
    asked = package(**told, package_id=here.do(add_package, code="BASE"), rules=rules)
    here.do(version_package, version=asked)
    content = here.ask(package_csv, held(here), here.currency)

    there = book(country, MARCH)
    tariff_id = there.do(add_tariff, code="PUBLIC")
    file = tmp_path / "package.csv"
    file.write_text(content, encoding="utf-8", newline="")
    done = there.do(import_package, package=package(name=""), file=file)
    assert (done.rules, done.services_added) == (3, 3)
    found = held(there)
    ids = {one.code: one.id for one in there.ask(services).values()}
    back = {one.id: ids[one.code] for one in here.ask(services).values()}
    assert found == replace(
        asked,
        id=found.id,
        package_id=found.package_id,
        reference_tariff_id=tariff_id,
        rules={back[one]: replace(rule, service_id=back[one]) for one, rule in rules.items()},
    )
    mine = {one.code: one for one in here.ask(services).values()}
    for code, one in there.ask(services).items():
        same = mine[one.code]
        parts = tuple((back[part_id], count) for part_id, count in same.parts)
        assert one == replace(same, id=code, parts=parts)
    assert there.ask(package_csv, found, there.currency) == content


def test_every_word_of_a_rule_has_a_column() -> None:
    named = set(BenefitRule.__dataclass_fields__) - {"service_id", "copay_value"}
    assert set(RULE_COLUMNS) == named
    assert len(set(PACKAGE_COLUMNS)) == len(PACKAGE_COLUMNS)


# Services


def test_services_are_added_changed_and_renamed_from_a_file(desk: Desk, write: Write) -> None:
    first = desk.do(
        add_service,
        code="CONS",
        name="Consultation",
        category=Category.OPD,
        terms=ServiceTerms(frequency_days=7, largest_quantity=2),
    )
    file = write(
        "code,name,category,unit,kind,frequency_days,patients,parts,composition\n"
        "cons,Visit,,,,30,CHILD,,\nTAB,Tablet,DRUG,box,,,,,\nSET,Set,SURG,,,,,TAB*20 + CONS,FIXED\n"
    )
    done = desk.do(import_services, file=file, first_day=MARCH)
    assert done == ImportedServices(added=2, changed=1, renamed=1)
    tab, whole = desk.ask(service_of_code, "TAB"), desk.ask(service_of_code, "SET")
    assert tab is not None
    assert whole is not None
    assert (tab.kind, tab.unit, tab.terms) == (ServiceKind.ITEM, "box", ServiceTerms())
    assert (whole.composition, whole.parts) == (Composition.FIXED, ((tab.id, 20), (first, 1)))
    before, after = (desk.ask(services, day)[first] for day in (FIRST, MARCH))
    assert before.terms == ServiceTerms(frequency_days=7, largest_quantity=2)
    assert (after.name, after.terms) == (
        "Visit",
        ServiceTerms(frequency_days=30, largest_quantity=2, patients=frozenset({Patients.CHILD})),
    )
    again = desk.do(import_services, file=file, first_day=MARCH)
    assert again == ImportedServices(added=0, changed=0, renamed=0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("code\nX\n", "list.csv, line 2, column name: X is not in the catalogue."),
        (
            "code,category\nCONS,LAB\n",
            "list.csv, line 2, column category: The service CONS has another one for ever.",
        ),
        (
            "code,kind\nCONS,ITEM\n",
            "list.csv, line 2, column kind: The service CONS has another one for ever.",
        ),
        ("code,care\nCONS,X\n", "list.csv, line 2, column care: X is not known."),
        ("code,patients\nCONS,MEN\n", "list.csv, line 2, column patients: MEN is not known."),
        (
            "code,parts,composition\nCONS,X*2,FIXED\n",
            "list.csv, line 2, column parts: X*2 is not in the catalogue.",
        ),
        (
            "code,composition\nCONS,FIXED\n",
            "list.csv, line 2, column parts: Name the parts it has",
        ),
        (
            "code,largest_quantity\nCONS,0\n",
            "list.csv, line 2, column largest_quantity: Type a figure from",
        ),
    ],
)
def test_services_that_cannot_come_say_where_and_nothing_is_written(
    desk: Desk, write: Write, content: str, said: str
) -> None:
    desk.do(add_service, code="CONS", name="Consultation", category=Category.OPD)
    told = refused(desk, import_services, file=write(content), first_day=MARCH)
    assert told.startswith(said)

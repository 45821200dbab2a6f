"""What the scheme page asks of the book and does there; all of it for the lane."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from stepdesk.contributions.queries import plans
from stepdesk.contributions.rules import example_texts, plan_example
from stepdesk.contributions.service import add_plan, check_version, version_plan
from stepdesk.contributions.terms import PlanVersion
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.queries import categories, statutes
from stepdesk.members.rules import DEFAULT, statutes_on
from stepdesk.members.service import put_category, set_statutes
from stepdesk.members.terms import Statutes
from stepdesk.payers.queries import agreements, groups, payers
from stepdesk.payers.service import add_group, add_payer, sign_agreement
from stepdesk.payers.terms import Group, Payer, PayerAgreement
from stepdesk.progress import Progress
from stepdesk.reports.queries import control_differences
from stepdesk.scheme.queries import scheme_on, sections_on
from stepdesk.scheme.terms import Role, Scheme, Section
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Colleague, Desk
from stepdesk.values.ids import CategoryId, PayerAgreementId
from stepdesk.values.money import Currency
from stepdesk.values.month import Month

_LARGEST = 100

ROLES = {
    Role.TREASURER: N_("Treasurer"),
    Role.COLLECTOR: N_("Collector"),
    Role.BOARD: N_("Board member"),
    Role.CONTROLLER: N_("Supervisor"),
    Role.MANAGER: N_("Manager"),
    Role.REGISTRAR: N_("Registrar"),
    Role.CASHIER: N_("Cashier"),
    Role.ACCOUNTANT: N_("Accountant"),
    Role.CLAIMS_OFFICER: N_("Claims officer"),
    Role.MEDICAL_ADVISER: N_("Medical adviser"),
    Role.TRAINER: N_("Trainer"),
}


@dataclass(frozen=True, slots=True)
class Category:
    """A category as the list shows it."""

    id: CategoryId
    name: str


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the plan's page starts from: the versions of each plan by first day, none empty."""

    plans: tuple[tuple[PlanVersion, ...], ...] = ()
    statutes: Statutes = DEFAULT


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the scheme page shows."""

    scheme: Scheme
    sections: tuple[Section, ...]
    people: tuple[Colleague, ...]
    statutes: Statutes = DEFAULT
    coming_statutes: Statutes | None = None
    categories: tuple[Category, ...] = ()
    groups: tuple[Group, ...] = ()
    payers: tuple[Payer, ...] = ()
    agreements: tuple[PayerAgreement, ...] = ()
    plans: PlanFacts = PlanFacts()


@dataclass(frozen=True, slots=True)
class Family:
    """The family of the example; `category` is a code."""

    adults: int
    children: int
    joins_on: date
    category: str | None = None


def facts_of(desk: Desk) -> Facts:
    """Return what the scheme page shows."""
    with desk.read() as connection:
        written = statutes(connection)
        coming = [one for one in written if one.first_day > desk.today]
        return Facts(
            scheme_on(connection, desk.today),
            sections_on(connection, desk.today),
            desk.colleagues(),
            statutes_on(written, desk.today),
            coming[-1] if coming else None,
            tuple(Category(*one) for one in categories(connection)),
            groups(connection, desk.today),
            payers(connection),
            tuple(agreements(connection).values()),
            PlanFacts(tuple(plans(connection).values()), statutes_on(written, desk.today)),
        )


def keep_plan(desk: Desk, version: PlanVersion) -> None:
    """Write a version, with its plan when there is none yet."""
    with desk.work("version_plan") as work:
        if not version.plan_id:
            version = replace(version, plan_id=add_plan(work, code=version.code))
        version_plan(work, version=version)


def keep_statutes(desk: Desk, statutes: Statutes, accepting: frozenset[str], reason: str) -> None:
    """Write another version of the statutes, with the doubts that were accepted and why."""
    with desk.work("set_statutes", reason=reason) as work:
        set_statutes(work, statutes=statutes, accepting=accepting)


def add_listed(desk: Desk, kind: str, values: Mapping[str, Any]) -> None:
    """Add a category, a group, a sponsor or an agreement as its form describes it."""
    told: dict[str, Any] = {
        name: "" if value is None and name in _WORDS else value for name, value in values.items()
    }
    if kind == "agreement":
        agreement = PayerAgreement(id=PayerAgreementId(b""), payer="", **told)
        desk.do(sign_agreement, agreement=agreement)
        return
    verbs: dict[str, Callable[..., object]] = {
        "category": put_category,
        "group": add_group,
        "payer": add_payer,
    }
    with desk.work(verbs[kind].__name__) as work:
        verbs[kind](work, **told)


_WORDS = frozenset({"signer", "phone", "criteria"})


def example_of(
    version: PlanVersion,
    plans: Sequence[PlanVersion],
    family: Family,
    statutes: Statutes,
    currency: Currency,
) -> tuple[Text, ...]:
    """Return what a version means for a family that joins and pays on a day, in sentences.

    `plans` are the versions there are of its plan; one of the same first day gives way.

    Raises:
        Refusal: what keeps the version from being kept, or a family that is none.
    """
    if family.adults < 1 or family.adults + family.children > _LARGEST:
        raise Refusal(Text(N_("A family has at least one adult. Type 1 or more.")), field="adults")
    check_version(replace(version, name=version.name or "-"))
    others = [one for one in plans if one.first_day != version.first_day]
    ordered = sorted([*others, version], key=lambda one: one.first_day)
    example = plan_example(
        ordered,
        family.joins_on,
        adults=family.adults,
        children=family.children,
        category=family.category,
        statutes=(statutes,),
    )
    return example_texts(example, currency)


def next_month(day: date) -> date:
    """Return the first day of the next month: from when a new plan is proposed."""
    return Month.of(day).until


def verify_whole(desk: Desk, progress: Progress) -> Text | None:
    """Verify the whole book; return the first thing that disagrees, None when all agrees."""
    report = verify_desk(desk, progress=progress)
    if report.findings:
        return report.findings[0].text
    differ = desk.ask(control_differences)
    if differ:
        role, (ledger, subsidiary) = next(iter(differ.items()))
        return Text(
            N_("Account {role}: the ledger says {ledger}, the members' accounts {subsidiary}."),
            {"role": role, "ledger": ledger, "subsidiary": subsidiary},
        )
    return None

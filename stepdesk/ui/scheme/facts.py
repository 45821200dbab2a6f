"""What the scheme page asks of the book and does there; all of it for the lane."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from stepdesk.contributions.queries import plans
from stepdesk.contributions.rules import account_on, plan_on
from stepdesk.contributions.service import add_plan, version_plan
from stepdesk.contributions.terms import AccountFacts, PlanVersion
from stepdesk.i18n import N_, Text
from stepdesk.members.queries import categories, statutes
from stepdesk.members.rules import DEFAULT, statutes_on
from stepdesk.members.service import put_category, set_statutes
from stepdesk.members.terms import Birth, BirthKnown, Cover, Relation, Sex, Statutes
from stepdesk.payers.queries import agreements, groups, payers
from stepdesk.payers.service import add_group, add_payer, sign_agreement
from stepdesk.payers.terms import Group, Payer, PayerAgreement
from stepdesk.progress import Progress
from stepdesk.reports.queries import control_differences
from stepdesk.scheme.queries import scheme_on, sections_on
from stepdesk.scheme.terms import Role, Scheme, Section
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Colleague, Desk
from stepdesk.values.ids import (
    CategoryId,
    CoverId,
    HouseholdId,
    PayerAgreementId,
    PersonId,
    PlanId,
    PlanVersionId,
)
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month, add_months

FAMILY = 6
_CODE = "BASE"

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
class Facts:
    """Everything the scheme page shows; `plan` is the version in force, None before the first."""

    scheme: Scheme
    sections: tuple[Section, ...]
    plan: PlanVersion | None
    coming: PlanVersion | None
    people: tuple[Colleague, ...]
    statutes: Statutes = DEFAULT
    coming_statutes: Statutes | None = None
    categories: tuple[Category, ...] = ()
    groups: tuple[Group, ...] = ()
    payers: tuple[Payer, ...] = ()
    agreements: tuple[PayerAgreement, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What the form of the plan says; amounts in minor units."""

    amount: int
    entry_fee: int
    waiting_months: int
    grace_days: int
    due_day: int
    first_day: date


def facts_of(desk: Desk) -> Facts:
    """Return what the scheme page shows."""
    with desk.read() as connection:
        known = plans(connection)
        versions = next(iter(known.values()), ())
        later = [one for one in versions if one.first_day > desk.today]
        written = statutes(connection)
        coming = [one for one in written if one.first_day > desk.today]
        return Facts(
            scheme_on(connection, desk.today),
            sections_on(connection, desk.today),
            plan_on(versions, desk.today) if versions else None,
            later[-1] if later else None,
            desk.colleagues(),
            statutes_on(written, desk.today),
            coming[-1] if coming else None,
            tuple(Category(*one) for one in categories(connection)),
            groups(connection, desk.today),
            payers(connection),
            tuple(agreements(connection).values()),
        )


def version_of(terms: Terms, plan: PlanVersion | None) -> PlanVersion:
    """Return the version the form describes; what it does not ask stays as it was."""
    base = plan or PlanVersion(
        id=PlanVersionId(b""),
        plan_id=PlanId(b""),
        code=_CODE,
        name=_CODE,
        first_day=terms.first_day,
    )
    return replace(
        base,
        first_day=terms.first_day,
        amount=terms.amount,
        entry_fee=terms.entry_fee,
        waiting_months=terms.waiting_months,
        grace_days=terms.grace_days,
        due_day=terms.due_day,
    )


def keep_plan(desk: Desk, terms: Terms, plan: PlanVersion | None) -> None:
    """Write the version the form describes, with its plan when there is none yet."""
    version = version_of(terms, plan)
    with desk.work("version_plan") as work:
        if plan is None:
            version = replace(version, plan_id=add_plan(work, code=_CODE))
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


def example_text(terms: Terms, plan: PlanVersion | None, day: date, currency: Currency) -> Text:
    """Return what these terms mean for one family that joins and pays on a day."""
    version = version_of(terms, plan)
    covers = tuple(_cover(at, day) for at in range(FAMILY))
    facts = AccountFacts(joined_on=day, plans=(version,), covers=covers)
    account = account_on(facts, day)
    if account.next_due is None or account.rights_if_paid is None:
        return Text("")
    return Text(
        N_(
            "A family of {count} that pays on {day} pays {amount}, is covered from {first}, "
            "and its rights open on {rights}."
        ),
        {
            "count": FAMILY,
            "day": day,
            "amount": Money(account.to_pay, currency),
            "first": account.next_due.first_day,
            "rights": account.rights_if_paid,
        },
    )


def _cover(at: int, day: date) -> Cover:
    return Cover(
        CoverId(bytes([at])),
        HouseholdId(b""),
        PersonId(bytes([at])),
        at,
        Relation.SELF if at == 0 else Relation.OTHER,
        day,
        None,
        Birth(add_months(day, -12 * 30), BirthKnown.DAY),
        Sex.FEMALE,
    )


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

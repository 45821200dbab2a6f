"""What decided claims would come to by another package; nothing is written."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from stepdesk.benefits.terms import LimitKind, PackageVersion, YearStart
from stepdesk.claims import queries, rules
from stepdesk.claims.terms import Assessment, BeforeAfter, Use, WhatIf
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.queries import covers_of
from stepdesk.progress import Progress
from stepdesk.rights.queries import standing_of
from stepdesk.store.desk import Desk
from stepdesk.values.changing import changed
from stepdesk.values.ids import HouseholdId, PersonId, ServiceId
from stepdesk.values.money import Money
from stepdesk.values.month import age_on

_AT_ONCE = 500
_Used = dict[tuple[object, ...], Use]
"""Uses by what tells them apart."""


def what_if(
    desk: Desk,
    *,
    package: PackageVersion,
    first_day: date,
    last_day: date,
    progress: Progress | None = None,
) -> WhatIf:
    """Return what the claims of a span of days would come to by a package, in order of decision.

    Rights, prices and papers stay as they were decided. Limits are used up anew, by what the
    claims come to here.

    Args:
        desk: The open book.
        package: It need not be of any plan, nor stand in the book.
        first_day: Of the care.
        last_day: The same.
        progress: Told every few hundred claims.

    Raises:
        Refusal: the last day is before the first, or nothing is decided of these days.
    """
    if last_day < first_day:
        raise Refusal(
            Text(N_("The last day is before the first. Change one of them.")), field="last_day"
        )
    progress = progress or Progress()
    with desk.read() as connection:
        total = queries.how_many_decided(connection, first_day, last_day)
        before = queries.paid_by_service(connection, first_day, last_day)
        reckoning = _Reckoning(connection, package)
        for at, one in enumerate(queries.decided_claims(connection, first_day, last_day)):
            if at % _AT_ONCE == 0:
                progress.step(min(at, total), total, Text(N_("Reckoning the claims anew")))
            reckoning.take(one)
    if not reckoning.claims:
        raise Refusal(
            Text(N_("No claim of these days is decided. Choose other days.")), field="first_day"
        )
    return reckoning.told(desk, before)


def _both(had: Use, more: Use) -> Use:
    return changed(
        had,
        quantity=had.quantity + more.quantity,
        paid=had.paid + more.paid,
        deducted=had.deducted + more.deducted,
    )


class _Reckoning:
    """The sums so far, and what the claims so far have used of the package."""

    def __init__(self, connection: Connection, package: PackageVersion) -> None:
        self.connection, self.package = connection, package
        self.claims = self.more = self.less = 0
        self.before, self.after = [0, 0], [0, 0]
        self.by_service: Counter[ServiceId] = Counter()
        self._home: defaultdict[HouseholdId, _Used] = defaultdict(dict)
        self._own: defaultdict[PersonId, _Used] = defaultdict(dict)
        # A year's uses are added up, but for what is counted by the day or by the claim.
        self._by_year = package.year_start is YearStart.CALENDAR
        self._by_day = {one for one, rule in package.rules.items() if rule.limit_days}
        self._by_claim = any(one.kind is LimitKind.CLAIM_COUNT for one in package.limits)
        days = [rule.limit_days or 0 for rule in package.rules.values()]
        self._back = timedelta(days=max(days, default=0))
        self._grows = any(one.kind is LimitKind.EXTRA_MEMBER for one in package.limits)

    def take(self, one: queries.Decided) -> None:
        """Assess a claim by the package and add it up."""
        told = self._circumstances(one)
        since = min(told.year[0], told.last_day - self._back)
        home, own = self._home[one.household_id], self._own[one.person_id]
        uses = [use for use in home.values() if use.day >= since]
        uses += [
            use
            for use in own.values()
            if use.household_id != one.household_id and use.day >= since
        ]
        facts = rules.by_package(one.facts, self.package, told, uses)
        assessed = rules.assess(facts)
        used = rules.uses_by(facts, assessed, told)
        for use in used:
            self._keep(use, home, own)
        self._add(one, assessed)
        for line, done in zip(facts.lines, assessed.lines, strict=True):
            self.by_service[line.service_id] += done.paid

    def _keep(self, use: Use, *counted: _Used) -> None:
        """Add a use to those that count against the same limits."""
        if self._by_year and use.service_id not in self._by_day:
            use = changed(use, day=date(use.day.year, 1, 1))
        key = (
            *(use.person_id, use.household_id, use.service_id, use.day, use.stay, use.outside),
            *(use.hospital, use.category, use.claim_id if self._by_claim else None),
        )
        for used in counted:
            had = used.get(key)
            used[key] = use if had is None else _both(had, use)

    def _add(self, one: queries.Decided, assessed: Assessment) -> None:
        self.claims += 1
        self.more += assessed.paid > one.paid
        self.less += assessed.paid < one.paid
        self.before[0] += one.paid
        self.before[1] += one.patient
        self.after[0] += assessed.paid
        self.after[1] += assessed.patient

    def _circumstances(self, one: queries.Decided) -> rules.Circumstances:
        child = max(age_on(one.birth, one.last_day), 0) < self.package.adult_age
        return rules.Circumstances(
            one.claim_id,
            one.person_id,
            one.household_id,
            one.first_day,
            one.last_day,
            one.visit,
            one.hospital,
            child,
            self._year(one),
            self._members(one) if self._grows else 1,
        )

    def _year(self, one: queries.Decided) -> tuple[date, date]:
        if self.package.year_start is YearStart.CALENDAR:
            return date(one.last_day.year, 1, 1), date(one.last_day.year + 1, 1, 1)
        standing = standing_of(self.connection, one.person_id, one.first_day)
        if standing is None:
            return date(one.last_day.year, 1, 1), date(one.last_day.year + 1, 1, 1)
        return queries.benefit_year_of(standing, self.package, one.last_day)

    def _members(self, one: queries.Decided) -> int:
        covers = covers_of(self.connection, one.household_id)
        return sum(cover.holds(one.last_day) for cover in covers)

    def told(self, desk: Desk, before: dict[ServiceId, int]) -> WhatIf:
        def both(was: int, now: int) -> BeforeAfter:
            return BeforeAfter(Money(was, desk.currency), Money(now, desk.currency))

        return WhatIf(
            self.claims,
            self.more,
            self.less,
            both(self.before[0], self.after[0]),
            both(self.before[1], self.after[1]),
            {
                service: both(before.get(service, 0), self.by_service[service])
                for service in {**before, **self.by_service}
            },
        )

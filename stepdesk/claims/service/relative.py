"""The run of relative prices: what a period's contributions pay of what was valued in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from stepdesk.benefits.queries import packages
from stepdesk.benefits.terms import Distribution, PackageVersion, PriceOrigin
from stepdesk.claims import queries, rules
from stepdesk.claims.model import relative_index, relative_run
from stepdesk.claims.service.deciding import write_decision
from stepdesk.claims.service.moving import stand_for
from stepdesk.claims.terms import (
    ClaimFacts,
    LineFacts,
    Move,
    Pool,
    PoolIndex,
    RelativeRun,
    WaitingClaim,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.progress import Progress
from stepdesk.store.work import Work
from stepdesk.values.money import Money
from stepdesk.values.month import Month


def run_relative(work: Work, *, month: Month, progress: Progress | None = None) -> RelativeRun:
    """Reckon the indexes of the periods that end with a month, and pay what waits for them (P09).

    A quarter's index is reckoned with its last month, a year's with December. Claims decided in
    an earlier period whose month was not run are taken along. A package without relative prices
    of its own pays what was valued.

    Raises:
        Refusal: the month is not over, or was run already.
    """
    _check_month(work, month)
    run = _Run(work, month, tuple(queries.waiting_for_index(work.connection, month)))
    run.reckon_ending()
    work.insert(
        relative_run,
        id=run.id,
        month=month,
        run_on=work.today,
        run_by=work.person.staff_id,
    )
    progress = progress or Progress()
    claims = paid = 0
    for at, one in enumerate(run.waiting):
        progress.step(at, len(run.waiting), Text(N_("Paying relative prices")))
        facts = run.indexed(one)
        if facts is None:
            continue
        stand = stand_for(work, one.claim_id, Move.INDEX)
        told = rules.assess(facts)
        write_decision(work, one.claim_id, stand.version + 1, told, facts)
        claims += 1
        paid += told.paid
    return RelativeRun(
        month,
        tuple(run.reckoned),
        claims,
        Money(paid, work.currency),
        len(run.waiting) - claims,
    )


def _check_month(work: Work, month: Month) -> None:
    if work.today < month.until:
        told = N_("{month} is not over. Run it from {day} on.")
        raise Refusal(Text(told, {"month": month, "day": month.until}), field="month")
    if work.rows("SELECT 1 FROM relative_run WHERE month = :month", month=str(month)):
        told = N_("The relative prices of {month} are paid already. Choose another month.")
        raise Refusal(Text(told, {"month": month}), field="month")


class _Run:
    """The indexes of one run, each reckoned once and from what waits at its beginning."""

    def __init__(self, work: Work, month: Month, waiting: tuple[WaitingClaim, ...]) -> None:
        self.work, self.month, self.waiting = work, month, waiting
        self.id = work.new_id()
        self.reckoned: list[PoolIndex] = []
        self._versions = packages(work.connection)
        self._by_code = {held[0].code: held for held in self._versions.values() if held}
        self._known: dict[Pool, int] = {}
        self._valued: Counter[Pool] = Counter()
        for one in waiting:
            told = rules.assess(one.facts)
            for line, decided in zip(one.facts.lines, told.lines, strict=True):
                found = self._pool(one, line)
                if found is not None:
                    self._valued[found[0]] += decided.paid

    def reckon_ending(self) -> None:
        """Reckon every index whose period ends with this month, also of what nobody used."""
        for versions in self._versions.values():
            package = _on(versions, self.month)
            for one in package.distributions if package else ():
                number = rules.number_of(one.period, self.month)
                last = rules.months_of(one.period, self.month.year, number)[1]
                if package is not None and one.number == number and last == self.month:
                    self._index(_pool_of(package, one, self.month), package, one)

    def indexed(self, claim: WaitingClaim) -> ClaimFacts | None:
        """Return a claim's facts with the index of each line; None while one is not known."""
        lines: list[LineFacts] = []
        for line in claim.facts.lines:
            found = self._pool(claim, line)
            if found is None:
                relative = line.rule is not None and (
                    line.rule.price_origin is PriceOrigin.RELATIVE
                )
                lines.append(replace(line, index=rules.INDEX_WHOLE) if relative else line)
                continue
            pool, package, distribution = found
            if rules.months_of(pool.period, pool.year, pool.number)[1] > self.month:
                return None
            lines.append(replace(line, index=self._index(pool, package, distribution)))
        return replace(claim.facts, lines=tuple(lines))

    def _pool(
        self, claim: WaitingClaim, line: LineFacts
    ) -> tuple[Pool, PackageVersion, Distribution] | None:
        """Return the pool that pays a line; None for a price that is not relative to any."""
        if line.rule is None or line.rule.price_origin is not PriceOrigin.RELATIVE:
            return None
        versions = self._by_code.get(claim.facts.packages[line.package], ())
        package = _on(versions, claim.month)
        if package is None:
            return None
        found = rules.distribution_for(package, inside=line.inside, month=claim.month)
        return None if found is None else (_pool_of(package, found, claim.month), package, found)

    def _index(self, pool: Pool, package: PackageVersion, told: Distribution) -> int:
        if pool not in self._known:
            known = queries.known_index(self.work.connection, pool)
            self._known[pool] = self._reckon(pool, package, told) if known is None else known
        return self._known[pool]

    def _reckon(self, pool: Pool, package: PackageVersion, told: Distribution) -> int:
        first, last = rules.months_of(pool.period, pool.year, pool.number)
        connection, currency = self.work.connection, self.work.currency
        plans = queries.plans_with(connection, pool.package_id, last.last)
        money = queries.contributed(connection, plans, first.first, last.until)
        amount = rules.allocated(money, first.first, last.until)
        valued = self._valued[pool]
        index = rules.index_of(amount, told.share, valued)
        self.work.insert(
            relative_index,
            id=self.work.new_id(),
            run_id=self.id,
            package_id=pool.package_id,
            period=pool.period,
            year=pool.year,
            number=pool.number,
            care=pool.care,
            allocated=amount,
            share=told.share,
            valued=valued,
            rate=index,
        )
        self.reckoned.append(
            PoolIndex(
                pool,
                package.code,
                Money(amount, currency),
                told.share,
                Money(valued, currency),
                index,
            )
        )
        return index


def _on(versions: Sequence[PackageVersion], month: Month) -> PackageVersion | None:
    """Return the version of a package in force at the end of a month."""
    begun = [one for one in versions if one.first_day <= month.last]
    return begun[-1] if begun else None


def _pool_of(package: PackageVersion, told: Distribution, month: Month) -> Pool:
    return Pool(package.package_id, told.period, month.year, told.number, told.care)

"""Price lists against what was used: side by side, and as they hang on walls."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from stepdesk.benefits.queries import services
from stepdesk.benefits.terms import BenefitRule, Category, PackageVersion
from stepdesk.claims.rules.walls import member_part
from stepdesk.claims.terms.tariffs import WallLine
from stepdesk.providers import rules as provider_rules
from stepdesk.providers.terms import Comparison
from stepdesk.store.reading import fetch
from stepdesk.values.ids import ServiceId, TariffId
from stepdesk.values.month import add_months

YEAR = 12
"""So many months of use are compared. Source: screens handbook 2.7."""

# Only what the latest decision allowed is counted, at providers that had the list on that day.
_ALLOWED = (
    "SELECT l.service_id, sum(d.quantity) AS used, sum(d.approved) AS approved"
    " FROM claim_batch b JOIN claim c ON c.batch_id = b.id"
    " JOIN claim_decision e ON e.claim_id = c.id AND e.outcome = 'APPROVED' AND e.version ="
    " (SELECT max(o.version) FROM claim_decision o WHERE o.claim_id = c.id)"
    " JOIN line_decision d ON d.decision_id = e.id JOIN claim_line l ON l.id = d.line_id"
    " WHERE b.provider_id IN (SELECT provider_id FROM agreement WHERE tariff_id = :tariff)"
    " AND c.last_day >= :since AND c.last_day < :until"
    " AND EXISTS (SELECT 1 FROM agreement a LEFT JOIN agreement_end n ON n.agreement_id = a.id"
    " WHERE a.provider_id = b.provider_id AND a.tariff_id = :tariff AND a.first_day <= c.last_day"
    " AND c.last_day < min(coalesce(a.until, '9999'), coalesce(n.until, '9999')))"
    " GROUP BY l.service_id"
)


def year_before(day: date) -> tuple[date, date]:
    """Return the twelve months that end with a day: the first day, and the day after the last."""
    until = day + timedelta(days=1)
    return add_months(until, -YEAR), until


def allowed_acts(
    connection: Connection, tariff_id: TariffId, since: date, until: date
) -> tuple[Mapping[ServiceId, int], int]:
    """Return how many acts were allowed at providers of a list, and what all came to.

    Args:
        connection: The book.
        tariff_id: The list their agreements named on the day of care.
        since: The first day of care.
        until: The end, not included.
    """
    rows = fetch(
        connection,
        _ALLOWED,
        tariff=tariff_id,
        since=since.isoformat(),
        until=until.isoformat(),
    )
    used = {ServiceId(row.service_id): row.used for row in rows}
    return used, sum(row.approved for row in rows)


def compared_tariffs(
    connection: Connection,
    tariff_id: TariffId,
    *,
    former: Mapping[ServiceId, int],
    prices: Mapping[ServiceId, int],
    day: date,
) -> Comparison:
    """Return two lists of prices side by side, with the last twelve months' use of the first.

    Args:
        connection: The book.
        tariff_id: Whose use is counted.
        former: The prices that held.
        prices: Those of another version, of a draft, or of another list.
        day: The last day of the twelve months.
    """
    used, claims = allowed_acts(connection, tariff_id, *year_before(day))
    return provider_rules.compare(former, prices, used=used, claims=claims)


def wall_lines(
    connection: Connection,
    prices: Mapping[ServiceId, int],
    *,
    package: PackageVersion | None = None,
    coin: int = 1,
) -> tuple[WallLine, ...]:
    """Return a price list by category and name, with what a member of a package pays.

    Args:
        connection: The book.
        prices: Of the version that hangs on the wall.
        package: The package its members have; None tells prices alone.
        coin: The smallest coin.
    """
    known = services(connection)
    order = {category: at for at, category in enumerate(Category)}
    found = []
    for service_id, price in prices.items():
        rule: BenefitRule | None = package.rules.get(service_id) if package else None
        part = member_part(rule, price, coin=coin) if package else None
        covered = rule is not None and rule.covered and not rule.exclusion
        found.append(WallLine(known[service_id], price, part, covered or package is None))
    return tuple(sorted(found, key=lambda one: (order[one.service.category], one.service.name)))

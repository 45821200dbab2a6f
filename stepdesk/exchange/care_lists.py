"""Price lists from CSV files people keep in a spreadsheet: whole or not at all.

Columns stand in any order, parted by commas or semicolons; what a cell says wrong is told with
file, line and column.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from stepdesk.benefits.queries import services as all_services
from stepdesk.exchange.care_cells import amount_in, once_of, rows_of
from stepdesk.exchange.service_lists import SERVICE_COLUMNS, new_service
from stepdesk.providers.queries import tariff_of_code
from stepdesk.providers.service import add_tariff, version_tariff
from stepdesk.store.work import Work
from stepdesk.values.ids import ServiceId, TariffId

TARIFF_COLUMNS = ("code", "price", *SERVICE_COLUMNS)


@dataclass(frozen=True, slots=True)
class ImportedTariff:
    """What one file of prices wrote: the list, how many prices, how many new services."""

    tariff_id: TariffId
    code: str
    first_day: date
    prices: int
    services_added: int


# Price lists


def import_tariff(
    work: Work,
    *,
    code: str,
    file: Path,
    first_day: date,
    until: date | None = None,
    accepting: frozenset[str] = frozenset(),
) -> ImportedTariff:
    """Write a version of a price list from a file; the list is added when the book has none.

    A service the catalogue does not have is added when its row has a name and a category. The
    name of one it has stays as it is.

    Args:
        work: The work.
        code: Of the price list.
        file: UTF-8 CSV with the columns code and price, and perhaps those of a service: name,
            category, unit, kind and so on.
        first_day: Care from this day on has these prices.
        until: The end, not included.
        accepting: Doubts somebody accepted, by their codes.

    Raises:
        Refusal: what cannot stand, with file, line and column; see also `version_tariff`.
        Caution: `price`; see `version_tariff`.
        Trouble: when the file cannot be read.
    """
    known = {one.code.upper(): one.id for one in all_services(work.connection).values()}
    before = len(known)
    prices: dict[ServiceId, int] = {}
    for row in once_of(rows_of(file, TARIFF_COLUMNS, needed=("code", "price"))):
        price = amount_in(row, "price", work.currency)
        service = row.told("code").upper()
        if service not in known:
            known[service] = new_service(work, row)
        prices[known[service]] = price
    tariff_id = tariff_of_code(work.connection, code) or add_tariff(work, code=code)
    version_tariff(
        work,
        tariff_id=tariff_id,
        first_day=first_day,
        prices=prices,
        until=until,
        accepting=accepting,
    )
    return ImportedTariff(tariff_id, code, first_day, len(prices), len(known) - before)

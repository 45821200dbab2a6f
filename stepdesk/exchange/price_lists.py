"""Prices pasted from a spreadsheet, and price lists from tables of any kind.

A line names its service by code or by name; a line with nothing but a title parts the list and is
passed over. One price that cannot be read refuses the whole list, with its line and what to do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stepdesk.benefits.queries import services as all_services
from stepdesk.benefits.rules import kind_of
from stepdesk.benefits.service import add_service
from stepdesk.benefits.terms import Category, Service
from stepdesk.errors import Refusal
from stepdesk.exchange.registers.terms import Cell, Opened, shown
from stepdesk.exchange.registers.words import fold
from stepdesk.i18n import N_, Text, Value
from stepdesk.providers.queries import tariff_of_code
from stepdesk.providers.service import add_tariff, draft_tariff, version_tariff
from stepdesk.store.work import Work
from stepdesk.values.ids import ServiceId, TariffDraftId, TariffId
from stepdesk.values.money import Currency, read_minor

_WORDS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "codes", "reference", "ref", "n", "no", "numero"),
    "price": ("price", "prices", "prix", "tarif", "tarifs", "tariff", "montant", "amount", "cout"),
    "name": (
        *("name", "service", "act", "acte", "actes", "nom", "libelle", "designation"),
        *("prestation", "prestations", "description", "medicament"),
    ),
    "category": ("category", "categorie"),
    "unit": ("unit", "unite"),
}
"""How the columns of a price list are called, folded."""


@dataclass(frozen=True, slots=True)
class BroughtPrices:
    """What a list of prices wrote; `draft` tells that it is being talked about still."""

    tariff_id: TariffId
    code: str
    first_day: date
    prices: int
    services_added: int
    draft: bool


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of a list: its service, None when it is new, and the price."""

    line: int
    service_id: ServiceId | None
    price: int
    code: str = ""
    name: str = ""
    category: Category | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class PriceFault:
    """A line that cannot stand: what it names, and why."""

    line: int
    told: str
    text: Text


@dataclass(frozen=True, slots=True)
class ReadPrices:
    """What a list holds: the lines that can stand, and those that cannot."""

    lines: tuple[PriceLine, ...]
    faults: tuple[PriceFault, ...]


def prices_in(
    opened: Opened, known: Iterable[Service], currency: Currency
) -> tuple[PriceLine, ...]:
    """Return the lines of a price list in the order they stand.

    Args:
        opened: A file that was read or a text that was pasted; its first sheet that is not
            hidden holds the list. Without a line of titles the first column names the service
            and the last one is its price.
        known: The catalogue.
        currency: Of the prices.

    Raises:
        Refusal: no line, a price that is none, a service that is not known and not described, a
            name two services bear, a service that is there twice; each with its line.
    """
    reader = _Reader(tuple(known), currency)
    found = tuple(reader.line(*one) for one in reader.told(_rows(opened)))
    if not found:
        raise Refusal(
            Text(N_("There is no price here. Copy the columns with the codes and the prices.")),
            field="file",
        )
    return found


def read_prices(opened: Opened, known: Iterable[Service], currency: Currency) -> ReadPrices:
    """Return the lines of a price list that can stand, and what is wrong with each other one.

    Args:
        opened: See `prices_in`.
        known: The catalogue.
        currency: Of the prices.
    """
    reader = _Reader(tuple(known), currency)
    lines: list[PriceLine] = []
    faults: list[PriceFault] = []
    for line, told in reader.told(_rows(opened)):
        try:
            lines.append(reader.line(line, told))
        except Refusal as refusal:
            words = told.get("code", "") or told.get("name", "")
            faults.append(PriceFault(line, words, refusal.text))
    return ReadPrices(tuple(lines), tuple(faults))


def _rows(opened: Opened) -> Sequence[Sequence[Cell]]:
    sheet = next((one for one in opened.sheets if not one.hidden), opened.sheets[0])
    return sheet.rows


def import_prices(
    work: Work,
    *,
    code: str,
    opened: Opened,
    first_day: date,
    until: date | None = None,
    draft: bool = False,
    draft_id: TariffDraftId | None = None,
    accepting: frozenset[str] = frozenset(),
) -> BroughtPrices:
    """Write a version or a draft of a price list; the list is added when the book has none.

    A service that is new is added when its line has a name and a category. With `draft` the draft
    `draft_id` is changed, where one is named.

    Raises:
        Refusal: see `prices_in` and `version_tariff`.
        Caution: `price`; see `version_tariff`.
    """
    lines = prices_in(opened, all_services(work.connection).values(), work.currency)
    prices: dict[ServiceId, int] = {}
    added = 0
    for one in lines:
        service_id = one.service_id
        if service_id is None and one.category is not None:
            service_id = add_service(
                work,
                code=one.code,
                name=one.name,
                category=one.category,
                unit=one.unit,
                kind=kind_of(one.category),
            )
            added += 1
        if service_id is not None:
            prices[service_id] = one.price
    tariff_id = tariff_of_code(work.connection, code) or add_tariff(work, code=code)
    if draft:
        draft_tariff(
            work,
            tariff_id=tariff_id,
            first_day=first_day,
            prices=prices,
            until=until,
            draft_id=draft_id,
        )
    else:
        version_tariff(
            work,
            tariff_id=tariff_id,
            first_day=first_day,
            prices=prices,
            until=until,
            accepting=accepting,
        )
    return BroughtPrices(tariff_id, code, first_day, len(prices), added, draft)


def start_catalogue(work: Work, *, language: str) -> int:
    """Add the country pack's services to an empty catalogue, without prices; return how many.

    Raises:
        Refusal: when the catalogue holds a service already.
    """
    if all_services(work.connection):
        raise Refusal(
            Text(N_("The catalogue holds services already. Add what is missing one by one.")),
            field="catalogue",
        )
    listed = work.country.catalogue(work.today).services
    for one in listed:
        add_service(
            work,
            code=one.code,
            name=one.names.get(language, one.names["en"]),
            category=Category(one.category),
            unit=one.units.get(language, one.units["en"]),
            kind=kind_of(Category(one.category)),
        )
    return len(listed)


class _Reader:
    """Reads lines against a catalogue."""

    def __init__(self, known: Sequence[Service], currency: Currency) -> None:
        self._currency = currency
        self._codes = {one.code.upper(): one.id for one in known}
        self._names: dict[str, list[ServiceId]] = {}
        for one in known:
            self._names.setdefault(fold(one.name), []).append(one.id)
        self._seen: dict[object, int] = {}

    def told(self, rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each line with a price, what stands in each of its columns."""
        columns: Mapping[str, int] | None = None
        for at, row in enumerate(rows, start=1):
            cells = [" ".join(shown(cell).split()) for cell in row]
            filled = [place for place, cell in enumerate(cells) if cell]
            if len(filled) < 2:
                continue
            if columns is None:
                columns = _titles(cells)
                if columns is not None:
                    continue
                columns = {"code": filled[0], "price": filled[-1]}
                if len(filled) > 2:
                    columns["name"] = filled[1]
            yield at, {name: _at(cells, place) for name, place in columns.items()}

    def line(self, line: int, told: Mapping[str, str]) -> PriceLine:
        """Return what a line says; what cannot stand is refused."""
        price = self._price(line, told)
        code, name = told.get("code", ""), told.get("name", "")
        service_id = self._service(line, code, name)
        category = None
        if service_id is None:
            category = _category(line, code or name, told.get("category", ""))
            if not code or not name:
                raise _wrong(
                    line,
                    N_("{told} is not in the catalogue. Give its code, name and category."),
                    told=code or name or "—",
                )
        self._once(line, service_id or code.upper(), code or name)
        return PriceLine(line, service_id, price, code, name, category, told.get("unit", ""))

    def _price(self, line: int, told: Mapping[str, str]) -> int:
        try:
            price = read_minor(told["price"], self._currency)
        except ValueError:
            price = -1
        if price < 0:
            raise _wrong(
                line,
                N_("{told} is no price. Type digits only in the price column, then paste again."),
                told=told["price"] or "—",
            )
        return price

    def _service(self, line: int, code: str, name: str) -> ServiceId | None:
        """Return whose price it is: by code, else by what is written in either column as a name."""
        found = self._codes.get(code.upper())
        if found is not None:
            return found
        for told in (code, name):
            named = self._names.get(fold(told), []) if told else []
            if len(named) > 1:
                raise _wrong(
                    line, N_("Two services are called {told}. Write the code instead."), told=told
                )
            if named:
                return named[0]
        return None

    def _once(self, line: int, key: object, told: str) -> None:
        if key in self._seen:
            raise _wrong(
                line,
                N_("{told} stands in line {first} already. Take one of them out."),
                told=told,
                first=self._seen[key],
            )
        self._seen[key] = line


def are_titles(cells: Sequence[str]) -> bool:
    """Whether a line of these cells is understood as the titles of a price list."""
    return _titles(cells) is not None


def _titles(cells: Sequence[str]) -> Mapping[str, int] | None:
    """Return the columns by what their titles say; None when this is no line of titles."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        for name, words in _WORDS.items():
            if name not in found and fold(cell).strip(" .°") in words:
                found[name] = place
                break
    if "price" not in found or not {"code", "name"} & set(found):
        return None
    return found


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _category(line: int, told: str, category: str) -> Category:
    found = {one.value: one for one in Category}.get(category.upper())
    if found is None:
        words = ", ".join(one.value for one in Category)
        message = N_(
            "{told} is not in the catalogue. Correct the code, or add it with its name and one of "
            "the categories {words}."
        )
        raise _wrong(line, message, told=told or "—", words=words)
    return found


def _wrong(line: int, message: str, **values: Value) -> Refusal:
    fault = Text(message, values)
    return Refusal(Text(N_("Line {line}: {fault}"), {"line": line, "fault": fault}), field="file")

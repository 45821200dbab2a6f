"""Claims in the XML of openIMIS: reading files into the rows of a table, and writing one.

Nothing here touches the book. A file holds one `Claim`, or several below another element. No file
may declare entities or a document type, so that nothing can swell while it is read.
Source: openIMIS handbook 1.7.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import escape

from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.values.care import Visit

MOST_BYTES = 4 << 20
MOST_FILES = 5_000
_DEEPEST = 12
_MOST_ELEMENTS = 200_000

LONGEST_CODE = 20
"""Letters of a claim's code. Source: openIMIS handbook 3.2."""

NAMES: Mapping[str, str] = {
    "provider": "HFCode",
    "certificate": "ClaimCode",
    "person": "CHFID",
    "received": "ClaimDate",
    "day": "StartDate",
    "until": "EndDate",
    "diagnosis": "ICDCode",
    "visit": "VisitType",
    "guarantee": "GuaranteeNo",
    "total": "Total",
}
"""Columns of the claims file, and the elements of `Details` they are told by."""

_FURTHER = ("ICDCode1", "ICDCode2", "ICDCode3", "ICDCode4")
_LINES = (("Items", "Item"), ("Services", "Service"))
_VISITS = {Visit.EMERGENCY: "E", Visit.REFERRAL: "R", Visit.OTHER: "O"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a claim: its cells by column, and where it stands.

    `names` are what the file calls the columns, `places` the lines of those that stand elsewhere,
    `wrong` what cannot be right in them already.
    """

    at: int
    cells: Mapping[str, str]
    file: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    wrong: tuple[tuple[str, Text], ...] = ()

    def refused(self, text: Text, column: str) -> Refusal:
        """Return a refusal that names the line and the column."""
        values: dict[str, Value] = {
            "file": self.file,
            "line": self.places.get(column, self.at),
            "column": self.names.get(column, column),
            "told": text,
        }
        if self.file:
            return Refusal(Text(N_("{file}, line {line}, {column}: {told}"), values), field=column)
        del values["file"]
        return Refusal(Text(N_("Line {line}, {column}: {told}"), values), field=column)


# Reading


@dataclass(slots=True)
class _Element:
    name: str
    at: int
    text: str = ""
    inner: list["_Element"] = field(default_factory=list)

    def first(self, name: str) -> "_Element | None":
        return next((one for one in self.inner if one.name == name), None)

    def told(self, name: str) -> str:
        found = self.first(name)
        return found.text.strip() if found is not None else ""

    def all(self, name: str) -> Iterator["_Element"]:
        for one in self.inner:
            if one.name == name:
                yield one
            else:
                yield from one.all(name)


def is_xml(raw: bytes) -> bool:
    """Whether a file is XML by its first sign."""
    return raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def xml_rows(file: Path) -> list[Row]:
    """Return the rows of a file, or of each `.xml` file in a folder.

    Raises:
        Refusal: when a file is no claim, is far too large, or declares a document type.
        Trouble: when a file cannot be read.
    """
    if not file.is_dir():
        return rows_of(_bytes(file), "")
    files = sorted(one for one in file.iterdir() if one.suffix.casefold() == ".xml")
    if not files:
        raise _refused(N_("There is no .xml file in this folder. Choose another folder."))
    if len(files) > MOST_FILES:
        raise _refused(
            N_("More than {most} files lie in this folder. Bring them in by parts."),
            most=MOST_FILES,
        )
    return [row for one in files for row in rows_of(_bytes(one), one.name)]


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise _refused(
                N_("{name} is too large for a file of claims. Split it by month."), name=file.name
            )
        return file.read_bytes()
    except OSError as error:
        raise Trouble(
            Text(N_("{name} cannot be read. Check the name and the stick."), {"name": file.name})
        ) from error


def rows_of(raw: bytes, name: str) -> list[Row]:
    """Return the rows of one file's bytes; `name` is told in what is refused."""
    root = _parsed(raw)
    claims = [root] if root.name == "Claim" else list(root.all("Claim"))
    if not claims:
        raise _refused(N_("No Claim element stands in the file. Choose a claim file of openIMIS."))
    return [row for one in claims for row in _claim_rows(one, name)]


def _refused(message: str, **values: Value) -> Refusal:
    return Refusal(Text(message, values), field="file")


def _parsed(raw: bytes) -> _Element:
    tree = _Tree()
    try:
        tree.parser.Parse(raw, True)  # noqa: FBT003 - expat takes it by place
    except (expat.ExpatError, ValueError, LookupError) as error:
        at = tree.parser.CurrentLineNumber
        raise _refused(
            N_("The file is damaged at line {line}: it is no whole XML. Copy it again."), line=at
        ) from error
    if tree.root is None:
        raise _refused(N_("The file is empty. Choose another one."))
    return tree.root


class _Tree:
    """Elements with the line each begins on; nothing that could swell is taken."""

    def __init__(self) -> None:
        self.root: _Element | None = None
        self._open: list[_Element] = []
        self._count = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._forbidden
        self.parser.EntityDeclHandler = self._forbidden
        self.parser.ExternalEntityRefHandler = self._forbidden

    def _forbidden(self, *_told: object) -> int:
        raise _refused(
            N_(
                "The file declares a document type, which no claim does, so it was not opened. Choose another file."
            )
        )

    def _start(self, name: str, _attributes: Mapping[str, str]) -> None:
        self._count += 1
        if len(self._open) >= _DEEPEST or self._count > _MOST_ELEMENTS:
            raise _refused(
                N_(
                    "This is no file of claims: it is far too deep or too long. Choose another file."
                )
            )
        one = _Element(name.rpartition(":")[2], self.parser.CurrentLineNumber)
        if self._open:
            self._open[-1].inner.append(one)
        else:
            self.root = one
        self._open.append(one)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, told: str) -> None:
        if self._open:
            self._open[-1].text += told


def _claim_rows(claim: _Element, file: str) -> Iterator[Row]:
    details = claim.first("Details") or claim
    cells = {column: details.told(name) for column, name in NAMES.items()}
    diagnoses = [cells["diagnosis"], *(details.told(name) for name in _FURTHER)]
    places = {one.name: one.at for one in reversed(details.inner)}
    places = {column: places[name] for column, name in NAMES.items() if name in places}
    cells["diagnosis"] = ", ".join(one for one in diagnoses if one)
    wrong = list(_code_faults(cells["certificate"]))
    for column in ("received", "day", "until"):
        cells[column], fault = _day(cells[column])
        if fault is not None:
            wrong.append((column, fault))
    if not cells["day"]:
        wrong.append(("day", Text(N_("The day of care is missing. Write it into the file."))))
    lines = [
        (kind, one)
        for group, kind in _LINES
        for held in claim.inner
        if held.name == group
        for one in held.inner
        if one.name == kind
    ]
    wrong += _total_faults(cells.pop("total"), lines)
    if not lines:
        wrong.append(
            (
                "service",
                Text(
                    N_("The claim has no item and no service. Write at least one into the file.")
                ),
            )
        )
    if wrong:
        yield Row(claim.at, cells, file, NAMES, places, tuple(wrong))
        return
    cells["claim"] = f"{file} {claim.at}"
    for kind, line in lines:
        names = {
            **NAMES,
            "service": f"{kind}Code",
            "price": f"{kind}Price",
            "quantity": f"{kind}Quantity",
        }
        told = {
            "service": line.told(f"{kind}Code"),
            "price": line.told(f"{kind}Price"),
            "quantity": _whole(line.told(f"{kind}Quantity")),
            "kind": kind.upper(),
        }
        yield Row(line.at, cells | told, file, names, places)


def _code_faults(code: str) -> Iterator[tuple[str, Text]]:
    if not code:
        yield "certificate", Text(N_("The claim has no code. Write it into the file."))
    elif len(code) > LONGEST_CODE:
        yield (
            "certificate",
            Text(
                N_("The code {told} of a claim is too long. Shorten it to {most} signs."),
                {"most": LONGEST_CODE, "told": code},
            ),
        )


def _total_faults(total: str, lines: Sequence[tuple[str, _Element]]) -> Iterator[tuple[str, Text]]:
    """Yield that a claim does not add up, where each of its lines has a price."""
    told = [(one.told(f"{kind}Price"), one.told(f"{kind}Quantity")) for kind, one in lines]
    numbers = [_decimal(cell) for pair in told for cell in pair]
    asked = _decimal(total)
    known = [one for one in numbers if one is not None]
    if asked is None or len(known) != len(numbers):
        return
    come = sum((a * b for a, b in zip(known[::2], known[1::2], strict=True)), Decimal(0))
    if come != asked:
        yield (
            "total",
            Text(
                N_(
                    "The total is {total}, the lines come to {lines}. Correct one of them in the file."
                ),
                {"total": total, "lines": f"{come.normalize():f}"},
            ),
        )


def _decimal(told: str) -> Decimal | None:
    """Read a number as XML writes it: `1.400` is less than one and a half."""
    return Decimal(told) if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", told, re.ASCII) else None


def minor_of(told: str, scale: int) -> int:
    """Return an amount of a file in minor units.

    Raises:
        ValueError: when it is no amount, or has more decimals than the currency.
    """
    amount = _decimal(told)
    minor = None if amount is None else amount * scale
    if minor is None or minor != int(minor):
        raise ValueError(told)
    return int(minor)


def _whole(told: str) -> str:
    """Return `2.00` as `2`; anything else as it is written."""
    return re.sub(r"\.0+$", "", told)


def _day(told: str) -> tuple[str, Text | None]:
    """Return a day as the claims file writes it, and what is wrong with it."""
    if not told:
        return "", None
    found = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", told, re.ASCII)
    try:
        if found is None:
            raise ValueError(told)
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat(), None
    except ValueError:
        return "", Text(N_("{told} is no date. Write it as 23/11/2026."), {"told": told})


# Writing


@dataclass(frozen=True, slots=True)
class XmlLine:
    """One line as it is written; `price` None is left to the price list of who reads it."""

    code: str
    quantity: int
    price: Decimal | None = None
    item: bool = False


@dataclass(frozen=True, slots=True)
class XmlClaim:
    """One claim as it is written. `diagnoses` are the main one and up to four more."""

    claimed_on: date
    facility: str
    administrator: str
    code: str
    person: str
    first_day: date
    total: Decimal
    lines: tuple[XmlLine, ...]
    diagnoses: tuple[str, ...] = ()
    last_day: date | None = None
    visit: Visit | None = None
    guarantee: str = ""
    comment: str = ""

    @property
    def name(self) -> str:
        """The name of the file, as the peer's telephones give it."""
        told = (self.facility, self.person, self.code)
        return "_".join(["Claim", *(re.sub(r"[^\w-]", "-", one) for one in told)]) + ".xml"


def xml_of(claim: XmlClaim) -> bytes:
    """Return one claim as a file of openIMIS, in UTF-8.

    Raises:
        Refusal: a code of more than 20 signs, or a sign that XML cannot hold.
    """
    if not 0 < len(claim.code) <= LONGEST_CODE:
        raise next(Refusal(text, field=field) for field, text in _code_faults(claim.code))
    body = [*_details(claim), *_lines(claim, item=True), *_lines(claim, item=False)]
    told = "\n".join(['<?xml version="1.0" encoding="utf-8"?>', "<Claim>", *body, "</Claim>", ""])
    if re.search("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", told):
        raise _refused(
            N_("The claim {code} holds a sign that is no text. Type it again."), code=claim.code
        )
    return told.encode("utf-8")


def _details(claim: XmlClaim) -> Iterator[str]:
    main, *further = claim.diagnoses or ("",)
    ends = claim.last_day not in (None, claim.first_day)
    told = {
        "ClaimDate": _written(claim.claimed_on),
        "HFCode": claim.facility,
        "ClaimAdmin": claim.administrator,
        "ClaimCode": claim.code,
        "CHFID": claim.person,
        "StartDate": _written(claim.first_day),
        "EndDate": _written(claim.last_day) if ends and claim.last_day else None,
        "ICDCode": main,
        "Comment": claim.comment or None,
        "Total": f"{claim.total:f}",
        **dict(zip(_FURTHER, further, strict=False)),
        "VisitType": _VISITS[claim.visit] if claim.visit else None,
        "GuaranteeNo": claim.guarantee or None,
    }
    yield "  <Details>"
    yield from (f"    {_element(name, one)}" for name, one in told.items() if one is not None)
    yield "  </Details>"


def _lines(claim: XmlClaim, *, item: bool) -> Iterator[str]:
    group, kind = _LINES[0 if item else 1]
    lines = [one for one in claim.lines if one.item is item]
    if not lines:
        return
    yield f"  <{group}>"
    for one in lines:
        yield f"    <{kind}>"
        yield f"      {_element(f'{kind}Code', one.code)}"
        if one.price is not None:
            yield f"      {_element(f'{kind}Price', f'{one.price:f}')}"
        yield f"      {_element(f'{kind}Quantity', str(one.quantity))}"
        yield f"    </{kind}>"
    yield f"  </{group}>"


def _element(name: str, told: str) -> str:
    return f"<{name}>{escape(told)}</{name}>"


def _written(day: date) -> str:
    return f"{day:%d/%m/}{day.year:04d}"

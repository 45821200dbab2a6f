"""Claim files of cases: what the desk writes, and what it says of a file that cannot be right.

Source: openIMIS handbook 1.7, 3.2.
"""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from stepdesk.errors import Refusal
from stepdesk.exchange.claims_file import import_claims
from stepdesk.exchange.claims_xml import XmlClaim, XmlLine, xml_of
from stepdesk.values.care import Visit
from tests.peers.bench import AnyOf, Case, NotHere, Told, day_of, number_of, whole_of
from tests.peers.claims import claims_told, clinic_for
from tests.peers.numbers import UPLOAD

_VISITS = {"E": Visit.EMERGENCY, "R": Visit.REFERRAL, "O": Visit.OTHER}
_DAY = "2025-06-10"
_UPLOADED = ("hf_code", "claim_code", "chf_id")


def claim_file(given: Case, folder: Path) -> Told:
    """Write the claim of a case, or bring a file in when the case is of an upload."""
    if any(name in given for name in _UPLOADED):
        return _uploaded(given, folder)
    claim = _claim(given)
    content = xml_of(claim).decode()
    answer: Told = {
        "element_order": _inside(content, "Details"),
        "date_format": _format_of(_text(content, "StartDate"), claim.first_day),
    }
    for kind in ("Item", "Service"):
        answer[f"{kind.lower()}_children"] = _children(claim, kind)
        for name in ("Code", "Price", "Quantity"):
            answer[f"xml_{kind.lower()}_{name.lower()}"] = _text(content, f"{kind}{name}")
    for name in re.findall(r"<(\w+)>[^<]*</", content):
        answer.setdefault(name, _text(content, name))
    return answer


def _claim(given: Case) -> XmlClaim:
    lines = [*_lines(given, "item"), *_lines(given, "service")]
    diagnoses = [given.get("icd")]
    diagnoses += [_first(given, f"icd{at}", f"icd_{at}") for at in range(1, 5)]
    end = _first(given, "end", "date_to", "end_date")
    visit = given.get("visit_type")
    if visit and visit not in _VISITS:
        raise NotHere(f"there is no visit of the kind {visit}")
    return XmlClaim(
        claimed_on=day_of(_first(given, "date", "date_claimed") or _DAY),
        facility=str(given.get("hf", "HF")),
        administrator=str(given.get("admin", "ADM")),
        code=str(given.get("code", "C1")),
        person=str(given.get("number", "101")),
        first_day=day_of(_first(given, "start", "date_from") or _DAY),
        total=number_of(given.get("total", given.get("price", 0))),
        lines=tuple(lines),
        diagnoses=tuple(str(one) for one in diagnoses if one) or ("A09",),
        last_day=day_of(end) if end else None,
        visit=_VISITS[visit] if visit else None,
        guarantee=str(_first(given, "guarantee", "guarantee_no", "guarantee_id") or ""),
        comment=str(given.get("comment", "")),
    )


def _first(given: Case, *names: str) -> object:
    return next((given[name] for name in names if given.get(name) is not None), None)


def _lines(given: Case, kind: str) -> list[XmlLine]:
    told = list(given.get(f"{kind}s", ()))
    if f"{kind}_code" in given:
        told.append({"code": given[f"{kind}_code"], **given})
    return [
        XmlLine(
            str(given.get(f"{kind}_code", one["code"])),
            whole_of(one.get("qty", 1)),
            None if one.get("price") is None else number_of(one["price"]),
            item=kind == "item",
        )
        for one in told
    ]


def _inside(content: str, name: str) -> list[str]:
    found = re.search(rf"<{name}>(.*?)</{name}>", content, re.DOTALL)
    return re.findall(r"<(\w+)>", found[1]) if found else []


def _text(content: str, name: str) -> str | None:
    """Return what stands in the first element of a name, byte for byte."""
    found = re.search(rf"<{name}>(.*?)</{name}>", content, re.DOTALL)
    return found[1] if found else None


def _children(claim: XmlClaim, kind: str) -> list[str]:
    """Return the elements of a line; what stands there only when it is told has "(if given)"."""
    held = {}
    for price in (None, Decimal(1)):
        line = XmlLine("L", 1, price, item=kind == "Item")
        told = XmlClaim(
            claim.claimed_on, "HF", "A", "C", "1", claim.first_day, Decimal(1), (line,), ("A09",)
        )
        held[price] = _inside(xml_of(told).decode(), kind)
    always = held[None]
    return [one if one in always else f"{one} (if given)" for one in held[Decimal(1)]]


def _format_of(written: str | None, day: date) -> str | None:
    known = {"DD/MM/YYYY": "%d/%m/%Y", "YYYY-MM-DD": "%Y-%m-%d", "MM/DD/YYYY": "%m/%d/%Y"}
    return next((name for name, told in known.items() if day.strftime(told) == written), None)


def _uploaded(given: Case, folder: Path) -> Told:
    """Bring in a file that is right but for what the case tells of it."""
    claims = claims_told({})
    clinic = clinic_for({}, folder, claims)
    day = claims[0].first_day
    lines = [
        XmlLine(str(given.get("item_code", "")), 1, Decimal(100), item=True),
        XmlLine(str(given.get("service_code", claims[0].lines[0].code)), 1, Decimal(100)),
    ]
    told = [one for one in lines if one.code]
    claim = XmlClaim(
        claimed_on=day,
        facility=str(given.get("hf_code", "H1")),
        administrator="ADM",
        code=str(given.get("claim_code", "C1")),
        person=str(given.get("chf_id", given.get("number", clinic.number))),
        first_day=day_of(given.get("start") or day.isoformat()),
        total=Decimal(100 * len(told)),
        lines=tuple(told),
        diagnoses=(str(given.get("icd", "A09")),),
        last_day=day_of(given["end"]) if given.get("end") else None,
    )
    desk = clinic.bench.desk
    clinic.bench.on(day)
    file = clinic.bench.folder / "claim.xml"
    if given.get("exists") or given.get("existing"):
        file.write_bytes(xml_of(replace(claim, visit=Visit.EMERGENCY)))
        desk.do(import_claims, file=file)
    file.write_bytes(xml_of(claim))
    before = desk.acts
    try:
        desk.do(import_claims, file=file)
    except Refusal as refusal:
        said = "refused, nothing saved" if desk.acts == before else "refused in part"
        kind = "item" if refusal.field == "service" and given.get("item_code") else refusal.field
        code = UPLOAD.get(kind, -1)
        return {"error": AnyOf((said, code)), "error_code": code, "upload_code": code}
    else:
        return {"error": None, "error_code": 0, "upload_code": 0}
    finally:
        clinic.close()

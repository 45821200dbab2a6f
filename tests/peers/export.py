"""Writing an openIMIS export by its own column names: the files the importer reads."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from stepdesk.exchange.openimis_care_files import CARE
from stepdesk.exchange.openimis_claims_files import CLAIM_FILES, CLAIM_SERVICES, CLAIMS
from stepdesk.exchange.openimis_files import CARRIED
from stepdesk.exchange.openimis_register_files import PARTS
from stepdesk.values.month import add_months

COLUMNS: Mapping[str, str] = {
    "max_members": "MemberCount",
    "administration_period": "AdministrationPeriod",
    "lump_sum": "LumpSum",
    "threshold": "Threshold",
    "premium_adult": "PremiumAdult",
    "premium_child": "PremiumChild",
    "registration_lump_sum": "RegistrationLumpSum",
    "registration_fee": "RegistrationFee",
    "general_assembly_lump_sum": "GeneralAssemblyLumpSum",
    "general_assembly_fee": "GeneralAssemblyFee",
    "insurance_period": "InsurancePeriod",
    "grace_period_enrolment": "GracePeriod",
    "grace_period_renewal": "GracePeriodRenewal",
    "grace_period_payment": "WaitingPeriod",
    "waiting_period": "WaitingPeriod",
    "start_cycle_1": "StartCycle1",
    "start_cycle_2": "StartCycle2",
    "start_cycle_3": "StartCycle3",
    "start_cycle_4": "StartCycle4",
    "enrolment_discount_perc": "EnrolmentDiscountPerc",
    "enrolment_discount_period": "EnrolmentDiscountPeriod",
    "renewal_discount_perc": "RenewalDiscountPerc",
    "renewal_discount_period": "RenewalDiscountPeriod",
    "max_installments": "MaxInstallments",
    "recurrence": "Recurrence",
    **{
        f"{kind}{care}_{over}": f"{kind.title()}{care[1:].upper()}{over.title()}"
        for kind in ("ded", "max")
        for care in ("", "_ip", "_op")
        for over in ("treatment", "insuree", "policy")
    },
    **{
        f"max_{kind}{care}": f"Max{name}{care[1:].upper()}"
        for kind, name in (
            ("policy_extra_member", "PolicyExtraMember"),
            ("ceiling_policy", "CeilingPolicy"),
        )
        for care in ("", "_ip", "_op")
    },
    **{
        f"max_{kind}_{name}": f"Max{kind.title()}{name.title()}"
        for kind in ("no", "amount")
        for name in (
            "consultation",
            "surgery",
            "delivery",
            "hospitalization",
            "visits",
            "antenatal",
        )
    },
    # Written so in the peer's database.
    "max_no_hospitalization": "MaxNoHospitalizaion",
    "ceiling_interpretation": "CeilingInterpretation",
    "period_rel_prices": "PeriodRelPrices",
    "period_rel_prices_op": "PeriodRelPricesOP",
    "period_rel_prices_ip": "PeriodRelPricesIP",
    "share_contribution": "ShareContribution",
}
"""A product's fields by the name cases give them. Source: openIMIS handbook 2.1."""

_LIST = "List"
_SHARES = "product_relative_distribution.csv"
_DIAGNOSES = "diagnoses_icd10.csv"
_ALSO = (_SHARES, _DIAGNOSES, *PARTS)


def months_between(first: date, last: date) -> int:
    """Return how many months begin from a first day to a last one, both included."""
    months = 12 * (last.year - first.year) + last.month - first.month
    return months + (add_months(first, months) <= last)


def _whole(told: object) -> int:
    """Return the months a product tells; of what is no number the importer says so."""
    try:
        return int(Decimal(str(told)))
    except InvalidOperation:
        return 12


def _cell(told: object) -> object:
    return "" if told is None else told


def parts_of(code: str, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what a composed service is made of, each with a code: what is told, or one act."""
    if (told.get("package_type") or "S") == "S":
        return []
    listed: Any = next((told[name] for name in _PARTS if isinstance(told.get(name), list)), [{}])
    return [
        {"code": f"{code}P{at}", **one, "qty": one.get("qty", one.get("quantity", 1))}
        for at, one in enumerate(listed)
    ]


_PARTS = ("parts", "sub_lines", "sub_services", "sub_items", "components")


def _of_line(name: str) -> str:
    """Return a field of a product's line by its database name: `limit_adult_r` is LimitAdultR."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


_FIRST = date(2000, 1, 3)


def columns_of(product: Mapping[str, Any]) -> dict[str, Any]:
    """Return a product by the columns of its file; what has none here keeps its name."""
    return {COLUMNS.get(name, name): told for name, told in product.items() if told is not None}


@dataclass(slots=True)
class Export:
    """The rows of an export, while a case is written down."""

    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {name: [] for name in CARRIED}
    )

    def __post_init__(self) -> None:
        since = _FIRST.isoformat()
        for code, kind, parent in (("R1", "R", ""), ("W1", "W", "R1"), ("V1", "V", "W1")):
            self._add(
                "locations.csv",
                code=code,
                name=f"Place {code}",
                type=kind,
                parent_code=parent,
                valid_from=since,
            )

    def _add(self, file: str, **row: object) -> None:
        self.rows.setdefault(file, []).append(row)

    def service(self, code: str, told: Mapping[str, Any]) -> None:
        """Add a service or an item to the register, to the price list when it has a price in it."""
        item = told.get("kind") == "item"
        kind, column = ("items", "item_code") if item else ("services", "service_code")
        register = {
            "code": code,
            "name": f"{kind} {code}",
            "type": "D" if item else "C",
            "price": _cell(told.get("register_price", told.get("price_list_price"))),
            "care_type": told.get("care_type") or "B",
            "frequency_days": _cell(told.get("frequency_days", told.get("frequency"))),
            "patient_category_mask": _cell(told.get("patient_category_mask")),
            "maximum_amount": _cell(told.get("maximum_amount", told.get("max_quantity"))),
            "valid_from": _FIRST.isoformat(),
        }
        if not item:
            register |= {"level": told.get("level") or "S", "category": told.get("category") or ""}
            register |= {"package_type": told.get("package_type") or "S"}
            self._parts(code, told)
        self._add(f"medical_{kind}.csv", **register)
        price = told.get("price_list_price")
        if told.get("in_price_list") is False:
            return
        self._add(
            f"price_list_{kind}.csv",
            price_list=_LIST,
            **{column: code},
            price_overrule=_cell(price),
            register_price=register["price"],
            valid_from=_FIRST.isoformat(),
        )

    def _parts(self, code: str, told: Mapping[str, Any]) -> None:
        """Add what a composed service is made of: what is told, or one act that costs nothing."""
        if (told.get("package_type") or "S") == "S":
            return
        for one in parts_of(code, told):
            self._add(
                "medical_service_services.csv",
                service_code=code,
                part_code=one["code"],
                quantity=one["qty"],
            )
            self.service(one["code"], {"price_list_price": one.get("price", 0)})

    def covers(self, product: str, code: str, told: Mapping[str, Any]) -> None:
        """Add a line of a product, under the names of its database."""
        item = told.get("kind") == "item"
        kind, column = ("items", "item_code") if item else ("services", "service_code")
        limit, whole = told.get("limitation") or "C", told.get("limitation_value")
        row: dict[str, Any] = {
            "product_code": product,
            column: code,
            "PriceOrigin": told.get("price_origin") or "P",
        }
        for visit in ("", "R", "E"):
            row[f"LimitationType{visit}"] = limit
            row |= {f"Limit{whom}{visit}": _cell(whole) for whom in ("Adult", "Child")}
        outside = told.get("ceiling_exclusion")
        row |= {f"CeilingExclusion{whom}": outside or "" for whom in ("Adult", "Child")}
        for name in ("WaitingPeriod", "LimitNo"):
            row |= {f"{name}{whom}": "" for whom in ("Adult", "Child")}
        for name, value in told.items():
            column = _of_line(name)
            if column in row and value is not None:
                row[column] = _cell(value)
        self._add(f"product_{kind}.csv", **row)

    def facility(self, code: str, level: str, care_type: str) -> None:
        self._add(
            "health_facilities.csv",
            code=code,
            name=f"Facility {code}",
            legal_form="G",
            level=level,
            care_type=care_type,
            district_code="W1",
            items_price_list=_LIST,
            services_price_list=_LIST,
            valid_from=_FIRST.isoformat(),
        )

    def diagnosis(self, code: str) -> None:
        self._add(_DIAGNOSES, code=code, name=f"Diagnosis {code}")

    def shares(self, product: str, period: int, shares: Mapping[int, object]) -> None:
        """Add what part of the contributions each of so many periods a year has, in percent."""
        for number, percent in shares.items():
            self._add(
                "product_relative_distribution.csv",
                product_code=product,
                distribution_type=period,
                care_type="B",
                period=number,
                percent=percent,
            )

    def product(self, code: str, told: Mapping[str, Any]) -> int:
        """Add a product once; return how many months its policies last."""
        for row in self.rows["products.csv"]:
            if row["ProductCode"] == code:
                return _whole(row["InsurancePeriod"])
        row = {"ProductCode": code, "ProductName": code, "DateFrom": "2000-01-03"}
        row |= {"InsurancePeriod": 12} | columns_of(told)
        self._add("products.csv", **row)
        return _whole(row["InsurancePeriod"])

    def family(
        self,
        family_id: str,
        persons: Sequence[tuple[str, str]],
        born: Mapping[str, date],
        *,
        head: str | None = None,
        sexes: Mapping[int, str] | None = None,
    ) -> None:
        """Add a family: of each person what `born` knows it by, and its relation to the head.

        Numbers are the family's with two digits, the head's 01 unless another is told.
        """
        numbers = [f"{family_id}{at:02d}" for at in range(1, len(persons) + 1)]
        if head is not None:
            numbers[0] = head
        self._add(
            "families.csv",
            family_id=family_id,
            head_chf_id=numbers[0],
            village_code="V1",
            address="",
        )
        for at, (kind, relation) in enumerate(persons):
            self._add(
                "insurees.csv",
                chf_id=numbers[at],
                family_id=family_id,
                last_name=f"Family {family_id}",
                other_names=f"Person {at}",
                dob=born[kind].isoformat(),
                gender=(sexes or {}).get(at, "F" if at % 2 else "M"),
                is_head="0" if at else "1",
                relationship=(relation or "8") if at else "",
            )

    def policy(
        self,
        family_id: str,
        product: str,
        last: date,
        months: int,
        *,
        paid: bool = True,
        value: object = 100,
        stage: str = "N",
        paid_on: date | None = None,
    ) -> None:
        """Add a policy that ended, or ends, on a day; paid on its first day when it was."""
        first = add_months(last + timedelta(days=1), -months)
        policy_id = str(len(self.rows["policies.csv"]) + 1)
        self._add(
            "policies.csv",
            policy_id=policy_id,
            family_id=family_id,
            product_code=product,
            value=str(value),
            stage=stage,
            enroll_date=first.isoformat(),
            start_date=first.isoformat(),
            effective_date=first.isoformat() if paid else "",
            expiry_date=last.isoformat(),
        )
        if paid:
            self._add(
                "contributions.csv",
                premium_id=policy_id,
                policy_id=policy_id,
                payer="",
                amount=str(value),
                receipt=f"R{policy_id}",
                pay_date=(paid_on or first).isoformat(),
                pay_type="C",
                is_photo_fee="0",
            )

    def decided(
        self,
        number: str,
        code: str,
        days: tuple[date, date],
        facility: str,
        *,
        deducted: object,
        paid: object,
    ) -> None:
        """Add a claim of one service that was decided: what of it was deducted, and what paid."""
        claim_id = str(len(self.rows.get(CLAIMS, ())) + 1)
        whole = str(Decimal(str(deducted)) + Decimal(str(paid)))
        first, last = (day.isoformat() for day in days)
        self._add(
            CLAIMS,
            claim_id=claim_id,
            claim_code=f"EARLIER{claim_id}",
            chf_id=number,
            hf_code=facility,
            date_from=first,
            date_to=last,
            date_claimed=last,
            visit_type="O",
            status="16",
            claimed=whole,
        )
        self._add(
            CLAIM_SERVICES,
            claim_id=claim_id,
            code=code,
            status="1",
            QtyProvided="1",
            PriceAsked=whole,
            PriceAdjusted=whole,
            DeductableAmount=str(deducted),
            RemuneratedAmount=str(paid),
        )

    def write(self, folder: Path) -> Path:
        """Write the files and return their folder."""
        folder.mkdir()
        for name, needed in {
            **CARRIED,
            **CARE,
            **CLAIM_FILES,
            **dict.fromkeys(_ALSO, ()),
        }.items():
            if name not in self.rows:
                continue
            columns = list(
                dict.fromkeys([*needed, *(key for row in self.rows[name] for key in row)])
            )
            with (folder / name).open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(self.rows[name])
        return folder

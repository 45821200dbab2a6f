"""Writing an openIMIS export by its own column names: the files the importer reads."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from stepdesk.exchange.openimis_files import CARRIED
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
}
"""A product's fields by the name cases give them. Source: openIMIS handbook 2.1."""

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
        self.rows[file].append(row)

    def product(self, code: str, told: Mapping[str, Any]) -> int:
        """Add a product once; return how many months its policies last."""
        for row in self.rows["products.csv"]:
            if row["ProductCode"] == code:
                return int(row["InsurancePeriod"])
        row = {"ProductCode": code, "ProductName": code, "DateFrom": "2000-01-03"}
        row |= {"InsurancePeriod": 12} | columns_of(told)
        self._add("products.csv", **row)
        return int(row["InsurancePeriod"])

    def family(
        self,
        family_id: str,
        persons: Sequence[tuple[str, str]],
        born: Mapping[str, date],
        *,
        head: str | None = None,
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
                gender="F" if at % 2 else "M",
                is_head="0" if at else "1",
                relationship=(relation or "8") if at else "",
            )

    def policy(
        self, family_id: str, product: str, last: date, months: int, *, paid: bool = True
    ) -> None:
        """Add a policy that ended, or ends, on a day; paid on its first day when it was."""
        first = add_months(last + timedelta(days=1), -months)
        policy_id = str(len(self.rows["policies.csv"]) + 1)
        self._add(
            "policies.csv",
            policy_id=policy_id,
            family_id=family_id,
            product_code=product,
            value="100",
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
                amount="100",
                receipt=f"R{policy_id}",
                pay_date=first.isoformat(),
                pay_type="C",
                is_photo_fee="0",
            )

    def write(self, folder: Path) -> Path:
        """Write the files and return their folder."""
        folder.mkdir()
        for name, needed in CARRIED.items():
            columns = list(
                dict.fromkeys([*needed, *(key for row in self.rows[name] for key in row)])
            )
            with (folder / name).open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(self.rows[name])
        return folder

"""What the page of a plan says of a family that joins: plans of every basis and calendar, by hand.

Source: domain handbook 2.4, with GOLDEN 2.4a to c; openIMIS handbook 2.3, 2.4.
"""

from dataclasses import replace
from datetime import date

import pytest

from stepdesk.contributions.rules import example_texts, plan_example
from stepdesk.contributions.terms import (
    Band,
    Basis,
    Cycle,
    EffectRule,
    LateEntry,
    Per,
    Periodicity,
    PlanVersion,
    Renewal,
    SeasonDue,
    Window,
)
from stepdesk.i18n import speak
from stepdesk.values.ids import PlanId, PlanVersionId
from stepdesk.values.money import Currency

XOF = Currency("XOF", 0)
MONTHLY = PlanVersion(
    PlanVersionId(b"v"), PlanId(b"p"), "M", "Monthly", date(2020, 1, 1), amount=350
)
YEARLY = replace(
    MONTHLY, amount=4200, periodicity=Periodicity.ANNUAL, cycle=Cycle.FIXED, due_day=None
)
HARVEST = replace(
    YEARLY,
    periodicity=Periodicity.SEASONAL,
    cycle_start=(12, 1),
    season=(SeasonDue(12, 15, 60), SeasonDue(2, 15, 40)),
)


def told(plan: PlanVersion, joins: date, category: str | None = None) -> list[str]:
    """Return the sentences of a family of 2 adults and 4 children."""
    example = plan_example((plan,), joins, category=category)
    return [
        speak(one, "en").replace("\u00a0", " ").replace("\u202f", " ")
        for one in example_texts(example, XOF)
    ]


@pytest.mark.parametrize(
    ("plan", "joins", "sentences"),
    [
        # GOLDEN 2.4a: 6 x 350, an entry fee of 1,000.
        (
            replace(MONTHLY, entry_fee=1000),
            date(2024, 1, 10),
            [
                "A household of 6 persons that joins on 10 January 2024 pays 3,100 F CFA.",
                "Of this 2,100 F CFA are contributions.",
                "1,000 F CFA are the entry fee.",
                "It is covered from 1 February 2024 to 29 February 2024.",
                "Its rights begin on 1 May 2024.",
                "In its first year it pays 12 contributions, 25,200 F CFA together.",
                "2,100 F CFA by 5 February 2024, for 1 February 2024 to 29 February 2024.",
            ],
        ),
        # GOLDEN 2.4b for six: 7/12 of 4,200 is 2,450 each.
        (
            YEARLY,
            date(2024, 5, 20),
            [
                "A household of 6 persons that joins on 20 May 2024 pays 14,700 F CFA.",
                "It is covered from 1 June 2024 to 31 December 2024.",
                "Its rights begin on 1 September 2024.",
                "It pays for 7 months and has rights in 4 of them.",
                "In its first year it pays 2 contributions, 39,900 F CFA together.",
            ],
        ),
        # 7/12 of 4,205 is 2,452.92: in coins of 5, 2,455 each.
        (
            replace(YEARLY, amount=4205),
            date(2024, 5, 20),
            ["A household of 6 persons that joins on 20 May 2024 pays 14,730 F CFA."],
        ),
        # GOLDEN 2.4c: 25,200 in two parts, the first of them 60 % and 7 months.
        (
            HARVEST,
            date(2023, 11, 14),
            [
                "A household of 6 persons that joins on 14 November 2023 pays 15,120 F CFA.",
                "It is covered from 1 December 2023 to 30 June 2024.",
                "Its rights begin on 1 March 2024.",
                "It pays for 7 months and has rights in 4 of them.",
                "In its first year it pays 2 contributions, 25,200 F CFA together.",
                "15,120 F CFA by 15 December 2023, for 1 December 2023 to 30 June 2024.",
                "10,080 F CFA by 15 February 2024, for 1 July 2024 to 30 November 2024.",
            ],
        ),
        # A season's late entry: 10 of 12 months are 21,000; what was due is due with entry.
        (
            HARVEST,
            date(2025, 1, 14),
            [
                "A household of 6 persons that joins on 14 January 2025 pays 12,600 F CFA.",
                "It is covered from 1 February 2025 to 31 July 2025.",
                "Its rights begin on 1 May 2025.",
                "It pays for 6 months and has rights in 3 of them.",
                "In its first year it pays 3 contributions, 36,120 F CFA together.",
                "12,600 F CFA by 1 February 2025, for 1 February 2025 to 31 July 2025.",
                "8,400 F CFA by 15 February 2025, for 1 August 2025 to 30 November 2025.",
                "15,120 F CFA by 15 December 2025, for 1 December 2025 to 30 June 2026.",
            ],
        ),
        # Who comes late waits for the next year.
        (
            replace(YEARLY, late_entry=LateEntry.NEXT_CYCLE),
            date(2025, 3, 14),
            [
                "A household of 6 persons that joins on 14 March 2025 pays 25,200 F CFA.",
                "It is covered from 1 January 2026 to 31 December 2026.",
                "Its rights begin on 1 April 2026.",
                "It pays for 12 months and has rights in 9 of them.",
            ],
        ),
        # Bands: six are in that of five to eight.
        (
            replace(
                MONTHLY,
                basis=Basis.BY_SIZE_BAND,
                bands=(Band(1, 400), Band(2, 1200), Band(5, 2000), Band(9, 2600)),
            ),
            date(2025, 3, 14),
            [
                "A household of 6 persons that joins on 14 March 2025 pays 2,000 F CFA.",
                "It is covered from 1 April 2025 to 30 April 2025.",
                "Its rights begin on 1 July 2025.",
                "In its first year it pays 12 contributions, 24,000 F CFA together.",
            ],
        ),
        # The member 600, five dependants 200 each.
        (
            replace(MONTHLY, basis=Basis.MEMBER_PLUS_DEPENDANT, amount=600, amount_dependant=200),
            date(2025, 3, 14),
            ["A household of 6 persons that joins on 14 March 2025 pays 1,600 F CFA."],
        ),
        # Two adults 500, four children 250, from the day of payment.
        (
            replace(
                MONTHLY,
                amount_adult=500,
                amount_child=250,
                adult_age=15,
                waiting_months=0,
                effect_rule=EffectRule.PAYMENT_DATE,
            ),
            date(2025, 3, 14),
            [
                "A household of 6 persons that joins on 14 March 2025 pays 2,000 F CFA.",
                "It is covered from 14 March 2025 to 13 April 2025.",
                "Its rights begin on 14 March 2025.",
            ],
        ),
        # 10,000 for four, two children more at 800, six cards at 50, an assembly fee of 500.
        (
            replace(
                YEARLY,
                cycle=Cycle.ROLLING,
                basis=Basis.LUMP_PLUS_EXTRA,
                amount=10_000,
                lump_persons=4,
                amount_adult=1500,
                amount_child=800,
                card_fee=50,
                card_fee_per=Per.PERSON,
                assembly_fee=500,
            ),
            date(2025, 3, 14),
            [
                "A household of 6 persons that joins on 14 March 2025 pays 12,400 F CFA.",
                "Of this 11,600 F CFA are contributions.",
                "300 F CFA are the card fee.",
                "500 F CFA are the assembly fee.",
                "It is covered from 1 April 2025 to 31 March 2026.",
            ],
        ),
        # Entry is closed until the new year.
        (
            replace(MONTHLY, windows=(Window((1, 1), (3, 31)),)),
            date(2025, 4, 14),
            [
                "Entry is closed on 14 April 2025. It opens again on 1 January 2026.",
                "A household of 6 persons that joins on 1 January 2026 pays 2,100 F CFA.",
                "It is covered from 1 February 2026 to 28 February 2026.",
                "Its rights begin on 1 May 2026.",
            ],
        ),
        # Two months of a quarter are two thirds of 1,050.
        (
            replace(MONTHLY, amount=1050, periodicity=Periodicity.QUARTERLY, cycle=Cycle.FIXED),
            date(2025, 4, 14),
            [
                "A household of 6 persons that joins on 14 April 2025 pays 4,200 F CFA.",
                "It is covered from 1 May 2025 to 30 June 2025.",
                "Its rights begin on 1 August 2025.",
                "It pays for 2 months and has rights in 0 of them.",
                "In its first year it pays 5 contributions, 29,400 F CFA together.",
                "4,200 F CFA by 5 May 2025, for 1 May 2025 to 30 June 2025.",
                "6,300 F CFA by 5 July 2025, for 1 July 2025 to 30 September 2025.",
            ],
        ),
        # Paid once.
        (
            replace(
                MONTHLY,
                basis=Basis.PER_HOUSEHOLD,
                amount=5000,
                periodicity=Periodicity.SINGLE,
                due_day=None,
            ),
            date(2025, 3, 14),
            [
                "A household of 6 persons that joins on 14 March 2025 pays 5,000 F CFA.",
                "It is covered from 1 April 2025 without end.",
                "Its rights begin on 1 July 2025.",
            ],
        ),
        # A year at once, 10 % less: also what the year is said to cost.
        (
            replace(MONTHLY, min_first_periods=12, prepay_discount=1000),
            date(2025, 3, 14),
            [
                "A household of 6 persons that joins on 14 March 2025 pays 22,680 F CFA.",
                "Of this 25,200 F CFA are contributions.",
                "2,520 F CFA are taken off for paying early, or a whole year at once.",
                "It is covered from 1 April 2025 to 31 March 2026.",
                "Its rights begin on 1 July 2025.",
                "It pays for 12 months and has rights in 9 of them.",
                "In its first year it pays 12 contributions, 22,680 F CFA together.",
                "1,890 F CFA by 5 April 2025, for 1 April 2025 to 30 April 2025.",
            ],
        ),
        # As openIMIS has it: 200 for two, 4 x 200, 6 x 10 and 6 x 5, 10 % less two months before.
        (
            replace(
                YEARLY,
                basis=Basis.LUMP_PLUS_EXTRA,
                amount=200,
                lump_persons=2,
                amount_adult=300,
                amount_child=200,
                entry_fee=10,
                entry_fee_per=Per.PERSON,
                assembly_fee=5,
                assembly_fee_per=Per.PERSON,
                cycle_starts=((1, 1), (6, 1)),
                period_months=12,
                entry_grace_months=1,
                renewal=Renewal.ON_PAYMENT,
                waiting_months=0,
                rounding=1,
                early_discount=1000,
                early_discount_months=2,
            ),
            date(2024, 11, 1),
            [
                "A household of 6 persons that joins on 1 November 2024 pays 981 F CFA.",
                "Of this 1,000 F CFA are contributions.",
                "60 F CFA are the entry fee.",
                "30 F CFA are the assembly fee.",
                "109 F CFA are taken off for paying early, or a whole year at once.",
                "Of what is taken off, 9 F CFA lower the fees.",
                "It is covered from 1 January 2025 to 31 December 2025, if it pays by 31 January 2025.",
                "Its rights begin on 1 January 2025.",
            ],
        ),
    ],
)
def test_a_plan_says_what_a_family_of_six_pays_and_from_when_it_is_covered(
    plan: PlanVersion, joins: date, sentences: list[str]
) -> None:
    assert told(plan, joins)[: len(sentences)] == sentences


@pytest.mark.parametrize(("category", "amount"), [("B", "900"), ("A", "500"), (None, "700")])
def test_a_plan_by_category_asks_of_each_its_own_and_of_others_the_amount(
    category: str | None, amount: str
) -> None:
    plan = replace(
        MONTHLY,
        basis=Basis.BY_CATEGORY,
        amount=700,
        category_amounts=(("A", 500), ("B", 900)),
    )
    pays = f"A household of 6 persons that joins on 14 March 2025 pays {amount} F CFA."
    assert told(plan, date(2025, 3, 14), category)[0] == pays

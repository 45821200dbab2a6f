"""What is hidden before a month leaves: examples by hand, then attackers who try to count back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.reports import rules as measuring
from stepdesk.reports.terms import ClaimMonth, Measure, Measures, Moved, Place, Service
from stepdesk.sync import rules
from stepdesk.sync.rules import accounts_leave, cleared, size_class
from stepdesk.sync.terms import Cleared, Hidden
from stepdesk.sync.wire.cells import TABLES, Kind
from stepdesk.sync.wire.content import SizeClass
from stepdesk.values.month import Month

MARCH = Month(2024, 3)
FEW, PROTECTS = Hidden.FEW, Hidden.PROTECTS
Rows = Mapping[str, Sequence[tuple[int, int]]]


def a_month(rows: Rows, *moved: tuple[int, int, int]) -> Measures:
    """Figures as (value, behind); tables not named hold nothing.

    `moved` is how many claimed, were paid for and paid, month by month; this one is the last.
    """
    tables = {
        table.code: tuple(Measure(*one) for one in rows[table.code])
        if table.code in rows
        else (Measure(0),) * len(table.cells)
        for table in TABLES.values()
    }
    return Measures(MARCH, tables, tuple(Moved(*one) for one in moved or [(0, 0, 0)]))


def counted(*values: int) -> list[tuple[int, int]]:
    """Counts behind which are as many different ones."""
    return [(value, value) for value in values]


def reasons(told: Cleared, table: str) -> dict[int, Hidden]:
    """Why cells of a table are hidden, by their place."""
    return {at: why for (code, at), why in told.hidden.items() if code == table}


# Examples by hand


def test_four_are_hidden_and_five_are_not() -> None:
    told = cleared(a_month({"b_refused": counted(4, 5)}))
    assert told.cells["b_refused"] == (None, 5)
    assert reasons(told, "b_refused") == {0: FEW}


def test_nobody_is_told_as_nought() -> None:
    assert cleared(a_month({})).cells["b_refused"] == (0, 0)


def test_the_next_smallest_cell_hides_a_single_hidden_one() -> None:
    told = cleared(a_month({"m_total": counted(0, 100), "m_age": counted(3, 40, 20, 37)}))
    assert told.cells["m_age"] == (None, 40, None, 37)
    assert reasons(told, "m_age") == {0: FEW, 2: PROTECTS}


def test_two_hidden_cells_of_four_together_need_a_third() -> None:
    told = cleared(a_month({"m_total": counted(0, 64), "m_age": counted(1, 3, 20, 40)}))
    assert told.cells["m_age"] == (None, None, None, 40)
    assert reasons(told, "m_age") == {0: FEW, 1: FEW, 2: PROTECTS}


def test_hidden_cells_that_leave_none_of_them_room_for_five_need_another() -> None:
    # 2 and 3 and nobody hidden beside: each could only be 1 to 4.
    told = cleared(a_month({"m_total": counted(0, 65), "m_age": counted(2, 3, 20, 40)}))
    assert told.cells["m_age"] == (None, None, None, 40)
    # 3 and 3: one of them could be five.
    told = cleared(a_month({"m_total": counted(0, 66), "m_age": counted(3, 3, 20, 40)}))
    assert told.cells["m_age"] == (None, None, 20, 40)


def test_a_total_goes_when_all_its_cells_are_few_beyond_doubt() -> None:
    rows = {"m_total": counted(0, 6), "m_age": counted(1, 2, 1, 2)}
    told = cleared(a_month(rows))
    assert (told.cells["m_age"], told.cells["m_total"]) == ((None,) * 4, (0, None))
    rows = {"m_total": counted(0, 9), "m_age": counted(3, 2, 2, 2)}
    assert cleared(a_month(rows)).cells["m_total"] == (0, 9)


def test_all_delays_hide_with_one_because_the_debt_tells_how_many_were_paid() -> None:
    told = cleared(a_month({"b_delay": counted(6, 2, 0, 0)}))
    assert told.cells["b_delay"] == (None, None, 0, 0)
    assert cleared(a_month({"b_delay": counted(6, 5, 0, 0)})).cells["b_delay"] == (6, 5, 0, 0)


def test_few_who_pay_by_bank_hide_the_accounts_though_many_paid() -> None:
    assert accounts_leave([Moved(0, 0, 12, in_cash=10, by_bank=2)]) == (False, False)
    assert accounts_leave([Moved(0, 0, 12, in_cash=12, by_bank=0)]) == (True, True)
    assert accounts_leave([Moved(0, 0, 12, in_cash=3, by_bank=9)]) == (False, False)


def test_two_hidden_cells_of_seven_together_stand_by_themselves() -> None:
    told = cleared(a_month({"m_total": counted(0, 67), "m_age": counted(4, 3, 20, 40)}))
    assert told.cells["m_age"] == (None, None, 20, 40)


def test_a_nought_does_not_hide_a_neighbour() -> None:
    told = cleared(a_month({"m_total": counted(0, 24), "m_age": counted(0, 4, 0, 20)}))
    assert told.cells["m_age"] == (0, None, 0, None)


def test_dependants_do_not_come_out_of_adherents() -> None:
    told = cleared(a_month({"m_total": counted(20, 23), "m_role": counted(20, 3)}))
    assert told.cells["m_total"] == (None, 23)
    assert told.cells["m_role"] == (None, None)
    assert told.hidden[("m_total", 0)] is PROTECTS


def test_a_count_and_its_money_hide_together() -> None:
    told = cleared(
        a_month(
            {
                "c_money": [(0, 0), (20_000, 20), (0, 0)],
                "c_payers": counted(20),
                "c_channel_n": counted(12, 5, 3),
                "c_channel": [(12_000, 12), (5_000, 5), (3_000, 3)],
            },
            (0, 0, 20),
        )
    )
    assert told.cells["c_channel_n"] == (12, None, None)
    assert told.cells["c_channel"] == (12_000, None, None)
    assert told.cells["c_money"] == (0, 20_000, 0)


def test_a_sum_of_six_claims_of_four_patients_is_hidden() -> None:
    told = cleared(
        a_month({"b_total": [(6, 4), (4, 4), (9_000, 4)], "b_sex_n": [(6, 4), (0, 0)]}, (4, 0, 0))
    )
    assert told.cells["b_total"] == (None, None, None)
    assert told.cells["b_sex_n"] == (None, 0)


def test_patients_in_several_cells_are_not_counted_twice() -> None:
    # Four people went to the post and to the centre: eight cases of four people are hidden
    # behind a third cell, though eight are more than five.
    told = cleared(
        a_month(
            {
                "b_total": [(28, 20), (20, 20), (28_000, 20)],
                "b_level_n": [(4, 4), (4, 4), (10, 9), (10, 10), (0, 0)],
                "b_level": [(4_000, 4), (4_000, 4), (10_000, 9), (10_000, 10), (0, 0)],
            },
            (20, 0, 0),
        )
    )
    assert told.cells["b_level_n"] == (None, None, None, 10, 0)
    assert told.cells["b_level"] == (None, None, None, 10_000, 0)


def test_a_household_that_only_took_back_hides_what_came_in() -> None:
    told = cleared(
        a_month({"c_money": [(0, 0), (-500, 1), (0, 0)], "c_payers": counted(0)}, (0, 0, 1))
    )
    assert told.cells["c_money"] == (0, None, 0)
    assert told.cells["c_payers"] == (0,)


def test_money_of_a_means_nobody_counts_in_can_be_the_neighbour() -> None:
    # Six households only got money back by bank: no payer, and yet a sum of six.
    told = cleared(
        a_month(
            {
                "c_money": [(0, 0), (17_000, 29), (0, 0)],
                "c_payers": counted(23),
                "c_channel_n": [(20, 20), (0, 0), (3, 3)],
                "c_channel": [(20_000, 20), (-6_000, 6), (3_000, 3)],
            },
            (0, 0, 29),
        )
    )
    assert told.cells["c_channel"] == (20_000, None, None)
    assert told.cells["c_channel_n"] == (20, None, None)


ACCOUNTS = {"e_money": [(one, 0) for one in (50_000, 9_000, 4_000, 700_000, 1_000, 2_000, 3_000)]}


ALL = (50_000, 9_000, 4_000, 700_000, 1_000, 2_000, 3_000)
NONE: tuple[int | None, ...] = (None,) * 7
STOCKS_ALONE = (None, None, None, 700_000, 1_000, 2_000, 3_000)


@pytest.mark.parametrize(
    ("months", "left"),
    [
        ([(5, 5, 5)], ALL),
        ([(0, 0, 0)], ALL),
        ([(4, 5, 5)], NONE),
        ([(5, 1, 5)], NONE),
        ([(5, 5, 4)], NONE),
        # What few moved stays a rest of what many moved: not even later do they part.
        ([(4, 9, 9), (0, 9, 9)], NONE),
        ([(4, 9, 9), (4, 9, 9)], NONE),
        ([(4, 9, 9), (5, 9, 9)], STOCKS_ALONE),
        ([(4, 9, 9), (5, 9, 9), (5, 9, 9)], ALL),
        ([(9, 9, 9), (4, 9, 9)], NONE),
        ([(0, 0, 3), (3, 0, 9), (0, 9, 9), (9, 0, 0)], STOCKS_ALONE),
    ],
)
def test_accounts_that_few_moved_stay_until_many_moved_them(
    months: list[tuple[int, int, int]], left: tuple[int | None, ...]
) -> None:
    assert cleared(a_month(ACCOUNTS, *months)).cells["e_money"] == left


def test_benefits_of_few_are_hidden_for_themselves_and_the_rest_to_protect_them() -> None:
    told = cleared(a_month(ACCOUNTS, (3, 2, 9)))
    assert list(reasons(told, "e_money").values()).count(FEW) == 1
    assert reasons(told, "e_money")[1] is FEW
    assert set(reasons(told, "e_money")) == set(range(7))


@pytest.mark.parametrize(
    ("january", "at_the_end", "told"),
    [
        (249, 5000, SizeClass.S),
        (250, 10, SizeClass.M),
        (999, 10, SizeClass.M),
        (1000, 10, SizeClass.L),
        (4999, 10, SizeClass.L),
        (5000, 10, SizeClass.XL),
        (None, 250, SizeClass.M),
    ],
)
def test_the_size_class_is_that_of_1_january(
    january: int | None, at_the_end: int, told: SizeClass
) -> None:
    month = a_month({"m_total": counted(0, at_the_end)})
    assert size_class(replace(month, january=january)) is told


# Attackers: small schemes, in which everything is few


@dataclass(frozen=True)
class Claim:
    """Who was treated, where, for what, and what each class of service cost."""

    who: int
    place: int
    paid: tuple[int, ...]


claims_of_a_month = st.lists(
    st.builds(
        Claim,
        who=st.integers(0, 9),
        place=st.integers(0, 4),
        paid=st.tuples(*[st.sampled_from([0, 0, 0, 0, 700, 1500])] * 8),
    ),
    max_size=24,
)


def decided(claims: Iterable[Claim]) -> list[ClaimMonth]:
    return [
        ClaimMonth(
            bytes([one.who]),
            "FM"[one.who % 2],
            date(2024 - (3, 9, 30, 60)[one.who % 4], 1, 1),
            date(2024, 3, 5),
            list(Place)[one.place],
            approved=True,
            paid=sum(one.paid),
            by_service=dict(zip(Service, one.paid, strict=True)),
            cases=frozenset(s for s, paid in zip(Service, one.paid, strict=True) if paid),
        )
        for one in claims
    ]


def month_of(claims: Sequence[Claim]) -> Measures:
    told = measuring.benefits(decided(claims))
    movers = {one.who for one in claims if sum(one.paid)}
    empty = a_month({}, (len(movers), 0, 0))
    return replace(empty, tables={**empty.tables, **told})


@given(claims_of_a_month)
def test_no_count_from_one_to_four_leaves_and_what_leaves_is_true(claims: list[Claim]) -> None:
    measures = month_of(claims)
    told = cleared(measures)
    for code, row in told.cells.items():
        for at, left in enumerate(row):
            measure = measures.tables[code][at]
            if left is None:
                assert (code, at) in told.hidden
                continue
            assert left == measure.value
            assert measure.behind not in range(1, 5)
            assert TABLES[code].cells[at].kind is Kind.MONEY or left not in range(1, 5)


@given(claims_of_a_month)
def test_money_that_is_hidden_cannot_be_had_by_subtraction_for_fewer_than_five(
    claims: list[Claim],
) -> None:
    told = cleared(month_of(claims))
    total = told.cells["b_total"][2]
    for code in ("b_class", "b_level"):
        row = told.cells[code]
        hidden = {at for at, left in enumerate(row) if left is None}
        if total is None or not hidden:
            continue
        behind = {
            one.who
            for one in claims
            for at, paid in enumerate(one.paid)
            if paid and (at if code == "b_class" else one.place) in hidden
        }
        assert len(behind) >= 5
        assert len(hidden) >= 2


@given(claims_of_a_month)
def test_no_case_can_be_counted_back_from_the_total(claims: list[Claim]) -> None:
    told = cleared(month_of(claims))
    total = told.cells["b_total"][0]
    for code in ("b_age_n", "b_sex_n", "b_level_n", "b_class_n"):
        row = told.cells[code]
        hidden = [at for at, left in enumerate(row) if left is None]
        if total is None or not hidden:
            continue
        assert len(hidden) >= 2
        if code != "b_class_n":
            assert total - sum(left or 0 for left in row) >= 5


@given(claims_of_a_month)
def test_whatever_hides_takes_its_twin_along(claims: list[Claim]) -> None:
    measures = month_of(claims)
    told = cleared(measures)
    for group in rules.TOGETHER:
        left = {told.cells[code][at] is None for code, at in group
                if measures.tables[code][at] != Measure(0, 0)}  # fmt: skip
        assert len(left) <= 1, group


persons_of_a_month = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 3), st.integers(0, 1), st.integers(0, 3)),
    max_size=40,
)


@given(persons_of_a_month)
def test_no_group_of_members_can_be_counted_back(people: list[tuple[int, int, int, int]]) -> None:
    def row(at: int, places: int) -> list[tuple[int, int]]:
        return counted(*(sum(one[at] == place for one in people) for place in range(places)))

    role = row(2, 2)
    measures = a_month(
        {
            "m_total": [role[0], (len(people), len(people))],
            "m_sex": row(0, 2), "m_age": row(1, 4), "m_role": role, "m_status": row(3, 4),
        }
    )  # fmt: skip
    told = cleared(measures)
    total = told.cells["m_total"][1]
    for code in ("m_sex", "m_age", "m_role", "m_status"):
        left = told.cells[code]
        assert not [one for one in left if one in range(1, 5)]
        hidden = [at for at, one in enumerate(left) if one is None]
        if total is not None and hidden:
            assert len(hidden) >= 2
            assert total - sum(one or 0 for one in left) >= 5
    adherents = told.cells["m_total"][0]
    if total is not None and adherents is not None:
        assert total - adherents not in range(1, 5)


# The accounts: an attacker who has a year of them and knows how they hang together

PRIME = 2**61 - 1
FLOWS = ("income", "benefits", "running_cost", "collected", "paid")
group_sizes = st.sampled_from([0, 3, 30])
year = st.lists(st.tuples(group_sizes, group_sizes, group_sizes), min_size=1, max_size=6)


@given(year)
def test_a_year_of_accounts_does_not_tell_what_few_moved(
    months: list[tuple[int, int, int]],
) -> None:
    known, secrets = told_by(months)
    for secret in secrets:
        assert not in_span(secret, known), (months, secret)


def told_by(
    months: list[tuple[int, int, int]],
) -> tuple[list[dict[tuple[str, int], int]], list[dict[tuple[str, int], int]]]:
    """Return what leaves, as equations over the months' flows, and the flows to be kept."""
    known: list[dict[tuple[str, int], int]] = []
    secrets: list[dict[tuple[str, int], int]] = []
    for t, (claims, paid, payers) in enumerate(months):
        row = cleared(a_month(ACCOUNTS, *months[: t + 1])).cells["e_money"]
        leaves = dict(zip((cell.code for cell in TABLES["e_money"].cells), row, strict=True))
        past = range(t + 1)
        stocks: dict[str, Mapping[str, int]] = {
            "reserve": {"income": 1, "benefits": -1, "running_cost": -1},
            "cash": {"collected": 1, "running_cost": -1, "paid": -1},
            "debt": {"benefits": 1, "paid": -1},
        }
        for stock, moved in stocks.items():
            if leaves[stock] is not None:
                known.append({(flow, at): sign for flow, sign in moved.items() for at in past})
        known += [{(flow, t): 1} for flow in FLOWS[:3] if leaves[flow] is not None]
        # Noughts are told by the counts, and what came in by block C.
        known += [
            {(flow, t): 1}
            for flow, group in (("benefits", claims), ("paid", paid), ("collected", payers))
            if group == 0 or (flow == "collected" and group > 4)
        ]
    for flow, group in (("benefits", 0), ("paid", 1), ("collected", 2), ("income", 2)):
        few = [t for t, counts in enumerate(months) if counts[group] == 3]
        secrets += [{(flow, t): 1} for t in few]
        secrets += [{(flow, t): 1, (flow, u): 1} for t, u in combinations(few, 2)]
        secrets += [dict.fromkeys([(flow, t) for t in few], 1)] if few else []
    return known, secrets


def less(row: list[int], pivot: list[int], times: int) -> list[int]:
    if not times % PRIME:
        return row
    return [(a - b * times) % PRIME for a, b in zip(row, pivot, strict=True)]


def in_span(
    wanted: Mapping[tuple[str, int], int], known: list[dict[tuple[str, int], int]]
) -> bool:
    """Whether a sum of what is known gives what is wanted: elimination modulo a large prime."""
    names = sorted({name for one in (*known, wanted) for name in one})
    rows = [[one.get(name, 0) for name in names] for one in known]
    goal = [wanted.get(name, 0) for name in names]
    for at in range(len(names)):
        pivot = next((row for row in rows if row[at]), None)
        if pivot is None:
            continue
        part = pow(pivot[at], -1, PRIME)
        rows = [less(row, pivot, row[at] * part) for row in rows if row is not pivot]
        goal = less(goal, pivot, goal[at] * part)
    return not any(goal)


def test_the_attacker_finds_what_the_rule_would_let_through() -> None:
    # Had the flows of the second month left, its reserve told the benefits of the first, as far
    # as income and running cost of the first are known.
    known, secrets = told_by([(3, 0, 30), (30, 30, 30)])
    known += [{(flow, 0): 1} for flow in ("income", "running_cost")]
    assert not in_span(secrets[0], known)
    known += [{(flow, 1): 1} for flow in ("income", "benefits", "running_cost")]
    assert in_span(secrets[0], known)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.values.money import Currency, Money, read_minor, round_half_up, split

XOF = Currency("XOF", 0)
XTS = Currency("XTS", 2)


def test_money_of_two_currencies_does_not_mix() -> None:
    with pytest.raises(TypeError):
        Money(1, XOF) + Money(1, XTS)
    with pytest.raises(TypeError):
        _ = Money(1, XOF) < Money(1, XTS)


@pytest.mark.parametrize("bad", [1.0, "1", True, None])
def test_nothing_but_whole_units_enters(bad: object) -> None:
    with pytest.raises(TypeError):
        Money(bad, XOF)  # type: ignore[arg-type]


def test_sums_keep_amount_and_currency() -> None:
    assert Money(5, XTS) + Money(7, XTS) == Money(12, XTS)
    assert Money(5, XTS) - Money(7, XTS) == Money(-2, XTS)
    assert -Money(5, XTS) == Money(-5, XTS)
    assert Money(5, XTS).times(3) == Money(15, XTS)
    assert Money(5, XTS) < Money(7, XTS)
    assert not Money(0, XTS)


def test_what_is_left_of_a_split_goes_to_the_largest_remainders() -> None:
    # 100 by 1:1:1 leaves one, which the first of three equal remainders gets.
    assert Money(100, XOF).split([1, 1, 1]) == (Money(34, XOF), Money(33, XOF), Money(33, XOF))
    # 10 by 1:2:4: 1.43, 2.86, 5.71: the two left go to .86 and .71.
    assert split(10, [1, 2, 4]) == (1, 3, 6)
    assert split(-10, [1, 2, 4]) == (-1, -3, -6)


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(0, 1000), min_size=1, max_size=9).filter(sum),
)
def test_a_split_loses_nothing_and_is_off_by_less_than_one(
    amount: int, weights: list[int]
) -> None:
    shares = split(amount, weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - amount * weight) < sum(weights)


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_weights_that_share_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(10, weights)


@pytest.mark.parametrize(
    ("numerator", "denominator", "step", "rounded"),
    [
        (5, 2, 1, 3),
        (-5, 2, 1, -3),
        (4, 3, 1, 1),
        (29400, 12, 5, 2450),
        (12, 1, 5, 10),
        (25, 2, 5, 15),
        (0, 7, 5, 0),
    ],
)
def test_halves_are_rounded_away_from_zero(
    numerator: int, denominator: int, step: int, rounded: int
) -> None:
    assert round_half_up(numerator, denominator, step=step) == rounded


@pytest.mark.parametrize(("denominator", "step"), [(0, 1), (-1, 1), (1, 0), (1, -5)])
def test_rounding_needs_something_to_divide_by(denominator: int, step: int) -> None:
    with pytest.raises(ValueError, match="above zero"):
        round_half_up(1, denominator, step=step)


@pytest.mark.parametrize(
    ("told", "currency", "minor"),
    [
        ("1400", XOF, 1400),
        ("1 400", XOF, 1400),
        ("1\u202f400", XOF, 1400),
        ("1.400", XOF, 1400),
        ("1,400,000", XOF, 1400000),
        ("10000.00", XTS, 1000000),
        ("12,50", XTS, 1250),
        ("12.5", XTS, 1250),
        ("1.400,05", XTS, 140005),
        ("1400", XTS, 140000),
        ("-20", XTS, -2000),
    ],
)
def test_amounts_are_read_as_people_type_them(told: str, currency: Currency, minor: int) -> None:
    assert read_minor(told, currency) == minor


@pytest.mark.parametrize(
    ("told", "currency"),
    [
        ("", XOF),
        ("abc", XOF),
        ("12a", XOF),
        ("12.5", XOF),
        ("10000.00", XOF),
        ("1.40.0", XOF),
        ("12.345.6", XTS),
        ("--5", XOF),
        ("²", XOF),
    ],
)
def test_what_is_no_amount_is_refused(told: str, currency: Currency) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        read_minor(told, currency)


@given(st.integers(0, 10**12))
def test_minor_units_written_out_are_read_back(minor: int) -> None:
    whole, part = divmod(minor, 100)
    assert read_minor(f"{whole:,}.{part:02d}", XTS) == minor

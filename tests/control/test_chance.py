"""Tails, limits and samples: expected values are the handbook's, or reckoned by hand."""

import pytest

from stepdesk.control.rules import chance_to_find, visits_needed
from stepdesk.control.rules.chance import (
    above_funnel,
    dispersion,
    first_digits,
    negative_binomial_tail,
    peer_value,
    poisson_tail,
)


def test_what_is_expected_is_no_wonder_and_a_crowd_is() -> None:
    """Advice handbook 2.8: 31 observed where 18.4 are expected has p .0045."""
    assert poisson_tail(31, 18.4) == pytest.approx(0.0045, abs=0.00005)
    assert poisson_tail(0, 3) == 1
    assert poisson_tail(1, 2) == pytest.approx(1 - 0.135335, abs=1e-6)
    assert poisson_tail(1, 0) == 0


def test_people_who_differ_make_a_crowd_likelier() -> None:
    """By hand: shape 1 is geometric; with 1 expected each further one halves the chance."""
    assert [negative_binomial_tail(n, 1, 1) for n in (0, 1, 2, 3)] == pytest.approx(
        [1, 0.5, 0.25, 0.125]
    )
    assert negative_binomial_tail(8, 1, 3) > poisson_tail(8, 1)


@pytest.mark.parametrize(("share", "chance"), [(0.05, 0.72), (0.10, 0.93), (0.16, 0.987)])
def test_twenty_five_visits_find_a_ghost(share: float, chance: float) -> None:
    """Advice handbook 2.8, confirmation sampling."""
    assert chance_to_find(share, 25) == pytest.approx(chance, abs=0.005)


def test_so_many_visits_find_one_in_twenty_and_more() -> None:
    """Advice handbook 2.8: for 95 %: 59, 29, 18."""
    assert [visits_needed(share) for share in (0.05, 0.10, 0.16)] == [59, 29, 18]


def test_a_funnel_shows_who_stands_apart_and_nobody_else() -> None:
    """By hand: six providers of 100 visits; five have 10, one has 40."""
    ones = [bytes([at]) for at in range(6)]
    exposed = dict.fromkeys(ones, 100)
    seen = dict.fromkeys(ones, 10) | {ones[5]: 40}
    assert list(above_funnel(seen, exposed)) == [ones[5]]
    assert above_funnel(seen, exposed)[ones[5]] == pytest.approx(15)
    assert above_funnel(dict.fromkeys(ones, 10), exposed) == {}
    assert above_funnel({}, {}) == {}


def test_providers_that_all_differ_widen_the_funnel() -> None:
    ones = [bytes([at]) for at in range(6)]
    exposed = dict.fromkeys(ones, 100)
    seen = dict(zip(ones, (2, 30, 4, 28, 1, 40), strict=True))
    assert above_funnel(seen, exposed) == {}


def test_deviations_are_never_taken_for_less_than_chance() -> None:
    assert dispersion([0.1, -0.2, 0.3]) == 1
    assert dispersion([]) == 1
    assert dispersion([2.0, -2.0]) == 4


def test_peers_are_the_median_of_enough_and_the_pool_of_few() -> None:
    values = {bytes([at]): (amount, 10) for at, amount in enumerate((10, 20, 30, 90, 1000, 5))}
    assert peer_value(bytes([5]), values, least=5, pool=2) == 3
    few = {bytes([0]): (10, 10), bytes([1]): (60, 20), bytes([2]): (999, 1)}
    assert peer_value(bytes([2]), few, least=5, pool=2) == pytest.approx(70 / 30)
    assert peer_value(bytes([0]), {bytes([0]): (1, 1)}, least=5, pool=2) == 0


def test_first_digits_are_counted() -> None:
    assert first_digits([100, 1, 950, 0, 27]) == (2, 1, 0, 0, 0, 0, 0, 0, 1)

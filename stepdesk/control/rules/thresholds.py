"""From where on a check says something: dated numbers of the country, none of them a law."""

from dataclasses import dataclass, fields
from datetime import date

from stepdesk.countries.pack import CountryPack


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers checks use; the country pack has each as `control_` and its name.

    Percent are whole, `drift_z` and `mean_deviations` in hundredths of a standard error or
    deviation, `digit_deviation` in thousandths, `round_amount` in minor units, `closed_weekday`
    from 1, Monday, to 7. `names_percent` is a likeness of Jaro and Winkler in hundredths,
    `names_chance` how many pairs in hundred registers may agree by chance.
    """

    duplicate_days: int
    duplicate_near_days: int
    duplicate_percent: int
    often_least: int
    often_one_in: int
    often_shape: int
    often_prior: int
    birth_age_first: int
    birth_age_last: int
    delivery_gap_days: int
    closed_weekday: int
    closed_percent: int
    most_acts_a_day: int
    round_amount: int
    round_percent: int
    peer_percent: int
    peer_cases: int
    peer_count: int
    pool_count: int
    split_pairs: int
    repeat_days: int
    drift_cases: int
    drift_z: int
    early_days: int
    early_delivery_days: int
    complete_percent: int
    skew_years: int
    added_dependants: int
    added_days: int
    names_percent: int
    names_chance: int
    hand_over_days: int
    posting_days: int
    posting_receipts: int
    catch_up_days: int
    letter_first_hour: int
    letter_last_hour: int
    letter_cases: int
    letter_percent: int
    count_times: int
    mean_deviations: int
    digit_cases: int
    digit_deviation: int
    growth_percent: int
    judged_least: int
    precision_percent: int
    visits: int
    visits_ranked: int


def thresholds_on(country: CountryPack, day: date) -> Thresholds:
    """Return the numbers as they stand on a day."""
    return Thresholds(
        **{one.name: country.number(f"control_{one.name}", day) for one in fields(Thresholds)}
    )

"""Words are compared with values written by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.values.words import in_words

FRENCH = [
    (0, "zéro"),
    (1, "un"),
    (10, "dix"),
    (16, "seize"),
    (17, "dix-sept"),
    (19, "dix-neuf"),
    (20, "vingt"),
    (21, "vingt et un"),
    (22, "vingt-deux"),
    (31, "trente et un"),
    (45, "quarante-cinq"),
    (51, "cinquante et un"),
    (60, "soixante"),
    (61, "soixante et un"),
    (69, "soixante-neuf"),
    (70, "soixante-dix"),
    (71, "soixante et onze"),
    (72, "soixante-douze"),
    (77, "soixante-dix-sept"),
    (79, "soixante-dix-neuf"),
    (80, "quatre-vingts"),
    (81, "quatre-vingt-un"),
    (89, "quatre-vingt-neuf"),
    (90, "quatre-vingt-dix"),
    (91, "quatre-vingt-onze"),
    (99, "quatre-vingt-dix-neuf"),
    (100, "cent"),
    (101, "cent un"),
    (111, "cent onze"),
    (180, "cent quatre-vingts"),
    (200, "deux cents"),
    (201, "deux cent un"),
    (271, "deux cent soixante et onze"),
    (999, "neuf cent quatre-vingt-dix-neuf"),
    (1000, "mille"),
    (1001, "mille un"),
    (1500, "mille cinq cents"),
    (2000, "deux mille"),
    (2026, "deux mille vingt-six"),
    (21_000, "vingt et un mille"),
    (80_000, "quatre-vingt mille"),
    (80_080, "quatre-vingt mille quatre-vingts"),
    (93_000, "quatre-vingt-treize mille"),
    (200_000, "deux cent mille"),
    (203_000, "deux cent trois mille"),
    (1_000_000, "un million"),
    (1_000_001, "un million un"),
    (1_234_567, "un million deux cent trente-quatre mille cinq cent soixante-sept"),
    (2_000_000, "deux millions"),
    (80_000_000, "quatre-vingts millions"),
    (200_000_000, "deux cents millions"),
    (1_000_000_000, "un milliard"),
    (
        999_999_999_999,
        (
            "neuf cent quatre-vingt-dix-neuf milliards neuf cent quatre-vingt-dix-neuf millions "
            "neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf"
        ),
    ),
    (-71, "moins soixante et onze"),
    (-2000, "moins deux mille"),
]

ENGLISH = [
    (0, "zero"),
    (1, "one"),
    (13, "thirteen"),
    (19, "nineteen"),
    (20, "twenty"),
    (21, "twenty-one"),
    (40, "forty"),
    (99, "ninety-nine"),
    (100, "one hundred"),
    (101, "one hundred and one"),
    (215, "two hundred and fifteen"),
    (1000, "one thousand"),
    (1001, "one thousand and one"),
    (1099, "one thousand and ninety-nine"),
    (1100, "one thousand one hundred"),
    (1500, "one thousand five hundred"),
    (12_340, "twelve thousand three hundred and forty"),
    (100_000, "one hundred thousand"),
    (1_000_000, "one million"),
    (1_000_050, "one million and fifty"),
    (1_234_567, "one million two hundred and thirty-four thousand five hundred and sixty-seven"),
    (2_000_000_000, "two billion"),
    (
        999_999_999_999,
        (
            "nine hundred and ninety-nine billion nine hundred and ninety-nine million "
            "nine hundred and ninety-nine thousand nine hundred and ninety-nine"
        ),
    ),
    (-45, "minus forty-five"),
]


@pytest.mark.parametrize(("number", "words"), FRENCH)
def test_french_words_are_those_of_the_table(number: int, words: str) -> None:
    assert in_words(number, "fr") == words


@pytest.mark.parametrize(("number", "words"), ENGLISH)
def test_english_words_are_those_of_the_table(number: int, words: str) -> None:
    assert in_words(number, "en") == words


def test_a_region_does_not_change_the_language() -> None:
    assert in_words(80, "fr_SN") == in_words(80, "fr-SN") == "quatre-vingts"


def test_a_language_without_words_gets_the_english_ones() -> None:
    assert in_words(12, "wo") == "twelve"


@pytest.mark.parametrize("number", [1_000_000_000_000, -1_000_000_000_000])
def test_a_number_without_words_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=f"there are no words for {number}$"):
        in_words(number, "fr")


NUMBERS = st.integers(-999_999_999_999, 999_999_999_999)


@given(st.sampled_from(["en", "fr"]), NUMBERS, NUMBERS)
def test_distinct_numbers_have_distinct_words(language: str, one: int, other: int) -> None:
    assert (in_words(one, language) == in_words(other, language)) == (one == other)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_first_hundred_thousand_numbers_have_distinct_words(language: str) -> None:
    assert len({in_words(number, language) for number in range(100_000)}) == 100_000

"""How long a message is for the network. Source: 3GPP 23.038."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.values.sms import GSM7, UCS2, Length, length_of, plainer


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", Length(GSM7, 0, 0)),
        ("a" * 160, Length(GSM7, 160, 1)),
        ("a" * 161, Length(GSM7, 161, 2)),
        ("a" * 306, Length(GSM7, 306, 2)),
        ("a" * 307, Length(GSM7, 307, 3)),
        ("Réglez à temps, payé où ?", Length(GSM7, 25, 1)),
        # The alphabet has a capital c with cedilla, and no small one; no circumflex at all.
        ("REÇU", Length(GSM7, 4, 1)),
        ("reçu", Length(UCS2, 4, 1)),
        ("être", Length(UCS2, 4, 1)),
        ("ç" * 70, Length(UCS2, 70, 1)),
        ("ç" * 71, Length(UCS2, 71, 2)),
        ("ادفع", Length(UCS2, 4, 1)),
        # A euro takes two places of the short alphabet, a smiley two of the long one.
        ("€" * 80, Length(GSM7, 160, 1)),
        ("a" * 152 + "€" + "a" * 7, Length(GSM7, 161, 2)),
        ("😀" * 35, Length(UCS2, 70, 1)),
        ("😀" * 36, Length(UCS2, 72, 2)),
    ],
)
def test_a_message_is_counted_as_the_network_counts(words: str, told: Length) -> None:
    assert length_of(words) == told


def test_a_letter_of_two_places_is_not_torn_apart() -> None:
    # 152 letters leave one place in the first part: the euro stands whole in the second.
    assert length_of("a" * 152 + "€" + "a" * 151) == Length(GSM7, 305, 2)
    assert length_of("a" * 152 + "€" + "a" * 152) == Length(GSM7, 306, 3)


def test_spaces_and_quotes_of_print_become_those_of_a_phone() -> None:
    assert plainer("2\u202f100\u00a0F d’ici « lundi » – merci…") == (
        '2 100 F d\'ici " lundi " - merci...'
    )


@given(st.text(max_size=400))
def test_parts_hold_all_and_no_more_than_needed(words: str) -> None:
    told = length_of(words)
    whole, part = (160, 153) if told.alphabet == GSM7 else (70, 67)
    assert told.parts == (0 if not words else 1) or told.units > whole
    # Torn letters cost a place a part at most.
    assert told.units <= max(whole, told.parts * part)
    assert told.parts <= 1 or told.units > (told.parts - 1) * (part - 1)

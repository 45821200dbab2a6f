"""How amounts are written out on papers of the ledger."""

from stepdesk.i18n import N_, Text, currency_text, speak
from stepdesk.values.money import Money
from stepdesk.values.words import in_words


def written_out(amount: Money, language: str) -> str:
    """Return an amount in words with its currency, small coins in figures."""
    whole, part = divmod(abs(amount.minor), amount.currency.scale)
    words = in_words(whole, language)
    if part:
        cents = f"{part:0{amount.currency.exponent}d}/{amount.currency.scale}"
        words = speak(Text(N_("{words} and {part}"), {"words": words, "part": cents}), language)
    return words[0].upper() + words[1:] + " " + currency_text(amount.currency, language)

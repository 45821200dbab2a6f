"""Papers of the members' room: cards, the membership form, the booklet. Never health data."""

from stepdesk.members.papers.cards import (
    SEXES,
    born_text,
    card_pdf,
    cards_pdf,
    each_card_pdf,
    pads_pdf,
)
from stepdesk.members.papers.form import booklet_pdf, form_pdf

__all__ = [
    "SEXES",
    "booklet_pdf",
    "born_text",
    "card_pdf",
    "cards_pdf",
    "each_card_pdf",
    "form_pdf",
    "pads_pdf",
]

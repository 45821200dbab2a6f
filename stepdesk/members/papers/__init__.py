"""Papers of the members' room: cards, the membership form, the booklet. Never health data."""

from stepdesk.members.papers.cards import SEXES, born_text, card_pdf, cards_pdf, pads_pdf

__all__ = ["SEXES", "born_text", "card_pdf", "cards_pdf", "pads_pdf"]

"""The large amount, under the name the pages look for."""

from stepdesk.ui.widgets.words import MoneyLabel

__all__ = ["MoneyLabel"]

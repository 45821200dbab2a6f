"""The pages of the window, in the order of the navigation. The one place that lists them."""

from collections.abc import Callable
from dataclasses import dataclass

from stepdesk.ui.context import Context
from stepdesk.ui.page import Page


@dataclass(frozen=True, slots=True)
class PageEntry:
    """An entry of the navigation.

    Args:
        id: The name `go` takes.
        number: The digit pressed with Alt, or empty.
        icon: The name of an icon in `stepdesk.ui.icons`.
        title: Its title, marked with `N_`.
        factory: Builds the page on the first visit; None while the page is not there yet, and
            it is then not listed.
    """

    id: str
    number: str
    icon: str
    title: str
    factory: Callable[[Context], Page] | None


PAGES: tuple[PageEntry, ...] = ()

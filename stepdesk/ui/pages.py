"""The pages of the window, in the order of the navigation. The one place that lists them."""

from collections.abc import Callable
from dataclasses import dataclass

from stepdesk.i18n import N_
from stepdesk.ui.context import Context
from stepdesk.ui.page import Page


@dataclass(frozen=True, slots=True)
class PageEntry:
    """An entry of the navigation.

    Args:
        id: The name `go` takes.
        number: The digit or letter pressed with Alt, or empty.
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


def _today(context: Context) -> Page:
    from stepdesk.ui.today.page import TodayPage

    return TodayPage(context)


def _members(context: Context) -> Page:
    from stepdesk.ui.members.page import MembersPage

    return MembersPage(context)


def _collection(context: Context) -> Page:
    from stepdesk.ui.contributions.page import CollectionPage

    return CollectionPage(context)


def _claims(context: Context) -> Page:
    from stepdesk.ui.claims.page import ClaimsPage

    return ClaimsPage(context)


def _letters(context: Context) -> Page:
    from stepdesk.ui.letters.page import LettersPage

    return LettersPage(context)


def _control(context: Context) -> Page:
    from stepdesk.ui.control.page import ControlPage

    return ControlPage(context)


def _providers(context: Context) -> Page:
    from stepdesk.ui.providers.page import ProvidersPage

    return ProvidersPage(context)


def _cash(context: Context) -> Page:
    from stepdesk.ui.cash.page import CashPage

    return CashPage(context)


def _closing(context: Context) -> Page:
    from stepdesk.ui.closing.page import ClosingPage

    return ClosingPage(context)


def _send(context: Context) -> Page:
    from stepdesk.ui.sending.page import SendPage

    return SendPage(context)


def _import(context: Context) -> Page:
    from stepdesk.ui.registers.page import ImportPage

    return ImportPage(context)


def _scheme(context: Context) -> Page:
    from stepdesk.ui.scheme.page import SchemePage

    return SchemePage(context)


PAGES: tuple[PageEntry, ...] = (
    PageEntry("today", "1", "house", N_("Today"), _today),
    PageEntry("members", "2", "users", N_("Members"), _members),
    PageEntry("collection", "3", "hand-coins", N_("Contributions"), _collection),
    PageEntry("claims", "4", "file-check", N_("Claims"), _claims),
    PageEntry("letters", "5", "file-text", N_("Letters"), _letters),
    PageEntry("providers", "6", "cross", N_("Providers"), _providers),
    PageEntry("cash", "7", "wallet", N_("Treasury"), _cash),
    PageEntry("closing", "8", "calendar-check", N_("Closing"), _closing),
    PageEntry("send", "0", "send", N_("Send"), _send),
    PageEntry("control", "K", "shield-check", N_("Control"), _control),
    PageEntry("import", "I", "file-text", N_("Import"), _import),
    PageEntry("scheme", "S", "settings", N_("Scheme"), _scheme),
)

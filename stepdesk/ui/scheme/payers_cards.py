"""Categories, groups and payers of the scheme, each with a form that adds one."""

from datetime import date

from stepdesk.i18n import N_, Text
from stepdesk.payers.terms import Adhesion, Group, GroupKind, Payer, PayerAgreement, PayerKind
from stepdesk.ui.members.asks import Ask, Kind
from stepdesk.ui.scheme.facts import Category
from stepdesk.ui.scheme.list_card import ListCard, options
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.rows_model import Column
from stepdesk.ui.widgets.rows_model import Kind as Cells
from stepdesk.values.money import Currency, Money

GROUP_KINDS = {
    GroupKind.ASSOCIATION: N_("association"),
    GroupKind.COOPERATIVE: N_("cooperative"),
    GroupKind.MFI: N_("microfinance institution"),
    GroupKind.EMPLOYER: N_("employer"),
    GroupKind.SCHOOL: N_("school"),
    GroupKind.WOMEN: N_("women's group"),
    GroupKind.TRADE: N_("trade or craft"),
}
ADHESIONS = {
    Adhesion.OPEN: N_("who wants to"),
    Adhesion.AUTOMATIC: N_("all, unless they say no"),
    Adhesion.MANDATORY: N_("all must"),
}
PAYER_KINDS = {
    PayerKind.STATE: N_("State"),
    PayerKind.COMMUNE: N_("commune"),
    PayerKind.NGO: N_("NGO"),
    PayerKind.DIASPORA: N_("people abroad"),
    PayerKind.PARISH_MOSQUE: N_("parish or mosque"),
    PayerKind.EMPLOYER: N_("employer"),
    PayerKind.MFI: N_("microfinance institution"),
    PayerKind.UNION_FUND: N_("fund of the union"),
    PayerKind.PRIVATE_SPONSOR: N_("private sponsor"),
}
_YES_NO = ((True, Text(N_("yes"))), (False, Text(N_("no"))))


def _category_row(one: Category) -> tuple[object, ...]:
    return (one.name,)


def _group_row(one: Group) -> tuple[object, ...]:
    return (one.name, Text(GROUP_KINDS[one.kind]), one.households, f"{one.enrolled}/{one.people}")


def _payer_row(one: Payer) -> tuple[object, ...]:
    return (one.name, Text(PAYER_KINDS[one.kind]))


class CategoriesCard(ListCard):
    """Categories that may pay another contribution."""

    def __init__(self, speaker: Speaker, today: date) -> None:
        super().__init__(
            speaker,
            today,
            title=N_("Categories"),
            lead=N_("A category may pay another contribution: for example indigents, students."),
            empty=N_("No category yet. Most schemes need none."),
            columns=(Column(N_("Name"), width=160, stretch=1),),
            row=_category_row,
            asks=(
                Ask(
                    "code", N_("Code"), hint=N_("Short, in capitals: it never changes"), width=140
                ),
                Ask("name", N_("Name"), width=320),
            ),
            choices={},
            add=N_("Add"),
        )


class GroupsCard(ListCard):
    """Groups that sign and pay for their people."""

    def __init__(self, speaker: Speaker, today: date) -> None:
        super().__init__(
            speaker,
            today,
            title=N_("Groups"),
            lead=N_(
                "A group signs for its people and pays for them in one sum, in the order of its list."
            ),
            empty=N_("No group yet."),
            columns=(
                Column(N_("Name"), width=140, stretch=2),
                Column(N_("Kind"), width=110, priority=1, muted=True),
                Column(N_("Households"), Cells.NUMBER, width=96),
                Column(N_("Covered"), Cells.NUMBER, width=84, priority=2),
            ),
            row=_group_row,
            asks=(
                Ask(
                    "code", N_("Code"), hint=N_("Short, in capitals: it never changes"), width=140
                ),
                Ask("name", N_("Name"), width=320),
                Ask("kind", N_("Kind"), Kind.LIST, width=320),
                Ask("adhesion", N_("Who of its people joins?"), Kind.LIST, width=320),
                Ask("people", N_("How many people it has"), Kind.NUMBER, width=100),
                Ask(
                    "min_share",
                    N_("Waiting is shorter from this share on"),
                    Kind.NUMBER,
                    hint=N_("Percent of its people covered; left empty: never"),
                    needed=False,
                    width=100,
                ),
                Ask("signer", N_("Who signs for it"), needed=False, width=320),
                Ask("phone", N_("Telephone"), needed=False, width=220),
            ),
            choices={"kind": options(GROUP_KINDS), "adhesion": options(ADHESIONS)},
            add=N_("Add the group"),
        )


class PayersCard(ListCard):
    """Who pays for others."""

    def __init__(self, speaker: Speaker, today: date) -> None:
        super().__init__(
            speaker,
            today,
            title=N_("Sponsors"),
            lead=N_(
                "Who pays for others: the State, a commune, people abroad, a private sponsor …"
            ),
            empty=N_("No sponsor yet."),
            columns=(
                Column(N_("Name"), width=160, stretch=2),
                Column(N_("Kind"), width=120, priority=1, muted=True),
            ),
            row=_payer_row,
            asks=(
                Ask(
                    "code", N_("Code"), hint=N_("Short, in capitals: it never changes"), width=140
                ),
                Ask("name", N_("Name"), width=320),
                Ask("kind", N_("Kind"), Kind.LIST, width=320),
            ),
            choices={"kind": options(PAYER_KINDS)},
            add=N_("Add the sponsor"),
        )


class AgreementsCard(ListCard):
    """What sponsors promised."""

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        self._currency = currency
        super().__init__(
            speaker,
            today,
            title=N_("Agreements with sponsors"),
            lead=N_("What a sponsor promised, and for how long. Either a share or an amount."),
            empty=N_("No agreement yet. First add the sponsor."),
            columns=(
                Column(N_("Sponsor"), width=130, stretch=2),
                Column(N_("From"), width=104),
                Column(N_("Until"), width=104, priority=2),
                Column(N_("Pays"), width=110, priority=1),
            ),
            row=self._agreement_row,
            asks=(
                Ask("payer_id", N_("Sponsor"), Kind.LIST, width=320),
                Ask("signed_on", N_("Signed on"), Kind.DAY, width=140),
                Ask("first_day", N_("From"), Kind.DAY, width=140),
                Ask(
                    "until",
                    N_("To, this day no longer included"),
                    Kind.DAY,
                    hint=N_("Left empty: without end"),
                    needed=False,
                    width=140,
                ),
                Ask("criteria", N_("For whom"), needed=False),
                Ask(
                    "max_persons",
                    N_("At most so many people"),
                    Kind.NUMBER,
                    needed=False,
                    width=100,
                ),
                Ask(
                    "share",
                    N_("Share of the contribution, percent"),
                    Kind.NUMBER,
                    needed=False,
                    width=100,
                ),
                Ask(
                    "amount",
                    N_("Or an amount a person and period"),
                    Kind.MONEY,
                    needed=False,
                    width=140,
                    exponent=currency.exponent,
                ),
                Ask("pays_fee", N_("Pays the entry fee too"), Kind.ONE, width=240),
                Ask(
                    "on_commitment",
                    N_("The promise counts as paid"),
                    Kind.ONE,
                    hint=N_("No: rights begin when its money has come"),
                    width=240,
                ),
                Ask("invoice_months", N_("Invoiced every so many months"), Kind.NUMBER, width=100),
            ),
            choices={"pays_fee": _YES_NO, "on_commitment": _YES_NO},
            add=N_("Add the agreement"),
            first={"on_commitment": True, "pays_fee": False, "invoice_months": 3},
        )

    def _agreement_row(self, one: PayerAgreement) -> tuple[object, ...]:
        if one.share is not None:
            pays: object = Text(N_("{share} percent"), {"share": one.share})
        else:
            pays = Money(one.amount or 0, self._currency)
        return (one.payer, one.first_day, one.until, pays)

"""How the page of providers says levels, keepers, states and modes of payment."""

from stepdesk.i18n import N_, Text
from stepdesk.providers.terms import AgreementState, Kind, PaymentMode, ProviderState
from stepdesk.ui.tokens import Status
from stepdesk.values.care import CareType

KINDS = {
    Kind.PUBLIC: N_("Public"),
    Kind.CHARITY: N_("Not for profit"),
    Kind.PRIVATE: N_("Private"),
}
CARES = {
    CareType.BOTH: N_("In hospital and outside"),
    CareType.IN: N_("In hospital alone"),
    CareType.OUT: N_("Outside hospital alone"),
}
STATES = {
    ProviderState.CANDIDATE: N_("Candidate"),
    ProviderState.NEGOTIATING: N_("Talked with"),
    ProviderState.CONTRACTED: N_("Contracted"),
    ProviderState.SUSPENDED: N_("Suspended"),
    ProviderState.ENDED: N_("Ended"),
}
BEGINNINGS = {
    one: STATES[one]
    for one in (ProviderState.CONTRACTED, ProviderState.NEGOTIATING, ProviderState.CANDIDATE)
}
"""Where a provider may begin."""

SIGNS = {
    ProviderState.CANDIDATE: Status.DRAFT,
    ProviderState.NEGOTIATING: Status.WAITING,
    ProviderState.CONTRACTED: Status.UP_TO_DATE,
    ProviderState.SUSPENDED: Status.STOPPED,
    ProviderState.ENDED: Status.STOPPED,
}
MODES = {
    PaymentMode.FEE_FOR_SERVICE: N_("By act"),
    PaymentMode.CASE_FLAT: N_("By episode"),
    PaymentMode.DAY_RATE: N_("By day"),
    PaymentMode.CAPITATION: N_("By the head"),
    PaymentMode.BUDGET: N_("By a monthly advance"),
}
AGREEMENT_SIGNS = {
    AgreementState.DRAFT: Status.DRAFT,
    AgreementState.SIGNED: Status.WAITING,
    AgreementState.IN_FORCE: Status.UP_TO_DATE,
    AgreementState.EXPIRING: Status.LATE,
    AgreementState.RENEWED: Status.DRAFT,
    AgreementState.ENDED: Status.STOPPED,
}
AGREEMENT_WORDS = {
    AgreementState.DRAFT: N_("Draft"),
    AgreementState.SIGNED: N_("Begins later"),
    AgreementState.IN_FORCE: N_("In force"),
    AgreementState.EXPIRING: N_("Runs out"),
    AgreementState.RENEWED: N_("Renewed"),
    AgreementState.ENDED: N_("Ended"),
}
YES_NO = {False: N_("no"), True: N_("yes")}


def pill_of(state: ProviderState) -> tuple[Status, Text]:
    """Return the sign and word of a provider's state."""
    return SIGNS[state], Text(STATES[state])


def agreement_pill(state: AgreementState) -> tuple[Status, Text]:
    """Return the sign and word of an agreement's state."""
    return AGREEMENT_SIGNS[state], Text(AGREEMENT_WORDS[state])

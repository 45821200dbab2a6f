"""How the states of a membership are called."""

from stepdesk.i18n import N_
from stepdesk.rights.terms import HouseholdState

STATES = {
    HouseholdState.PROSPECT: N_("Not registered yet"),
    HouseholdState.REGISTERED: N_("Entry not paid"),
    HouseholdState.WAITING: N_("Waiting"),
    HouseholdState.ACTIVE: N_("Up to date"),
    HouseholdState.GRACE: N_("Late"),
    HouseholdState.SUSPENDED: N_("Suspended"),
    HouseholdState.STRUCK_OFF: N_("Struck off"),
    HouseholdState.RESIGNED: N_("Resigned"),
    HouseholdState.EXCLUDED: N_("Excluded"),
    HouseholdState.CLOSED: N_("Membership ended"),
}

"""What levels of providers are called."""

from stepdesk.i18n import N_
from stepdesk.values.care import Level

LEVELS = {
    Level.POST: N_("Health post"),
    Level.CENTRE: N_("Health centre"),
    Level.DISTRICT_HOSPITAL: N_("District hospital"),
    Level.REGIONAL: N_("Regional hospital"),
    Level.NATIONAL: N_("National hospital"),
    Level.PHARMACY: N_("Pharmacy"),
    Level.OTHER: N_("Another kind of provider"),
}

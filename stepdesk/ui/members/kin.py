"""How links, sexes and the steps of a nomination are written in the window."""

from stepdesk.i18n import N_
from stepdesk.members.terms import Relation, Sex
from stepdesk.payers.terms import Step

RELATIONS = {
    Relation.SELF: N_("member"),
    Relation.SPOUSE: N_("spouse"),
    Relation.CO_SPOUSE: N_("co-spouse"),
    Relation.CHILD: N_("child"),
    Relation.FOSTER_CHILD: N_("foster child"),
    Relation.PARENT: N_("parent"),
    Relation.PARENT_IN_LAW: N_("parent-in-law"),
    Relation.SIBLING: N_("brother or sister"),
    Relation.GRANDCHILD: N_("grandchild"),
    Relation.DOMESTIC: N_("domestic"),
    Relation.OTHER: N_("other"),
}
SEXES = {Sex.FEMALE: N_("F"), Sex.MALE: N_("M")}
SEX_WORDS = {Sex.FEMALE: N_("female"), Sex.MALE: N_("male")}
STEPS = {
    Step.NOMINATED: N_("nominated"),
    Step.VALIDATED: N_("validated by the committee"),
    Step.APPROVED: N_("approved by the payer"),
    Step.COVERED: N_("covered"),
    Step.RENEWED: N_("renewed"),
    Step.ENDED: N_("ended"),
    Step.REFUSED: N_("refused"),
}

"""How fields of a register, and what becomes of its rows, are called on screen and on paper."""

from collections.abc import Mapping

from stepdesk.exchange.registers.terms import Field, State
from stepdesk.i18n import N_

FIELDS: dict[Field, str] = {
    Field.NAME: N_("Whole name"),
    Field.SURNAME: N_("Family name"),
    Field.GIVEN_NAMES: N_("Given names"),
    Field.SEX: N_("Sex"),
    Field.BIRTH: N_("Birth or age"),
    Field.RELATION: N_("Link to the member"),
    Field.PERSON_NUMBER: N_("Number of the person"),
    Field.OCCUPATION: N_("Occupation"),
    Field.BIRTH_PLACE: N_("Place of birth"),
    Field.IDENTITY: N_("Identity paper"),
    Field.HOUSEHOLD: N_("Number of the household"),
    Field.HEAD: N_("Name of the member"),
    Field.SECTION: N_("Village or section"),
    Field.PHONE: N_("Telephone"),
    Field.ADDRESS: N_("Address"),
    Field.SIZE: N_("People in the household"),
    Field.JOINED_ON: N_("Day of joining"),
    Field.GROUP: N_("Group"),
    Field.PEOPLE: N_("Several people in one cell"),
    Field.PAID_UNTIL: N_("Paid until"),
    Field.ARREARS: N_("Arrears"),
    Field.MONTH: N_("Month"),
    Field.ENTRY_FEE: N_("Entry fee"),
    Field.PAID_ON: N_("Day of payment"),
    Field.AMOUNT: N_("Amount"),
    Field.RECEIPT: N_("Receipt number"),
}

STATES: Mapping[State, str] = {
    State.TAKEN: N_("taken"),
    State.REPAIRED: N_("taken after repair"),
    State.LOOK: N_("to be looked at"),
    State.KNOWN: N_("in the book already"),
    State.LEFT: N_("left out"),
    State.BACK: N_("handed back"),
}

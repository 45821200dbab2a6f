"""An answer in two sentences: one a member understands, and one a provider understands.

The member hears whether the mutual pays, why not, and what to do, with the amount and the day. The
provider reads whether care may be given at the scheme's expense, what to look at, and what the
patient pays. No name and no health is in them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stepdesk.benefits.terms import BenefitRule, Copay
from stepdesk.i18n import N_, Text, Value
from stepdesk.rights.terms import Answer, Question, Reason, ReasonCode, Verdict
from stepdesk.values.money import Money

# Each word is for the member, then for the provider. Source: domain handbook 2.13.


@dataclass(frozen=True, slots=True)
class _Said:
    """What one reason says to each of the two, and what either does where no day is known."""

    member: str
    provider: str
    act: str = ""


_ASK_OFFICE = N_("Ask the mutual's office.")
_ASK_BOARD = N_("You may write to the board of the mutual.")
_PROVIDER_SETTLES = N_("You have nothing to do: the mutual and the care provider settle it.")

REASONS: Mapping[ReasonCode, _Said] = {
    ReasonCode.RA01: _Said(
        N_("This person is not yet written down as covered."),
        N_("Nobody is covered under this number on that day. Look at the card again."),
        N_("Bring the papers to the mutual's office."),
    ),
    ReasonCode.RA02: _Said(
        N_("This person's cover had ended by then."),
        N_("Cover ended before that day. Look at the card and the photo."),
        _ASK_OFFICE,
    ),
    ReasonCode.RA03: _Said(
        N_("The waiting period of the statutes is not over."),
        N_("The household is still in its waiting period."),
        N_("It goes on once contributions are paid."),
    ),
    ReasonCode.RA04: _Said(
        N_("The contributions of the household are not paid up."),
        N_("The household's contributions are not up to date."),
        _ASK_OFFICE,
    ),
    ReasonCode.RA05: _Said(
        N_("The household is no longer a member."),
        N_("The household is no longer a member of the scheme."),
        N_("Ask the mutual's office how to come back."),
    ),
    ReasonCode.RA06: _Said(
        N_("The child is past the age up to which the mutual covers children."),
        N_("The patient is past the age limit for children."),
        N_("Ask for a membership of one's own, or bring the certificate of the school year."),
    ),
    ReasonCode.RA07: _Said(
        N_("This care was claimed before."),
        N_("This care was claimed before."),
        _PROVIDER_SETTLES,
    ),
    ReasonCode.RA09: _Said(
        N_("The bill came too late."),
        N_("The bill came after the time limit of the agreement."),
        _PROVIDER_SETTLES,
    ),
    ReasonCode.RB01: _Said(
        N_("The mutual's package does not pay for this service."),
        N_("The service is not in the package."),
        N_("Ask the provider for the price before the care."),
    ),
    ReasonCode.RB02: _Said(
        N_("The statutes leave this service out."),
        N_("The service is excluded by the package."),
        N_("Ask the provider for the price before the care."),
    ),
    ReasonCode.RB03: _Said(
        N_("This service has a longer waiting period of its own."),
        N_("The waiting period of this service is not over."),
        _ASK_OFFICE,
    ),
    ReasonCode.RB04: _Said(
        N_("The mutual has no agreement with this provider."),
        N_("The scheme has no agreement with this provider on that day."),
        N_("Go to a provider with an agreement; the office has the list."),
    ),
    ReasonCode.RB05: _Said(
        N_("Elsewhere the mutual pays only for an emergency that is declared in time."),
        N_("Out of the network only an emergency counts, declared to the scheme in time."),
        _ASK_BOARD,
    ),
    ReasonCode.RB06: _Said(
        N_("The referral of the health post is missing."),
        N_("A referral must be shown and kept with the certificate."),
        N_("Go to the health post first and bring its paper."),
    ),
    ReasonCode.RB07: _Said(
        N_("A guarantee letter of the mutual is needed."),
        N_("A guarantee letter must be shown; write its number on the certificate."),
        N_("Fetch the letter at the mutual's office before the care."),
    ),
    ReasonCode.RB08: _Said(
        N_("The mutual does not pay for this service at this kind of provider."),
        N_("The service is not paid for at a provider of this level."),
        N_("Ask the health post where to go."),
    ),
    ReasonCode.RB09: _Said(
        N_("This service is not meant for a person of this age or sex."),
        N_("Sex or age does not fit the service. Look at the card and the photo."),
        _ASK_OFFICE,
    ),
    ReasonCode.RC01: _Said(
        N_("The number of times the mutual pays for this service is used up."),
        N_("The number allowed of this service is used up."),
        _ASK_OFFICE,
    ),
    ReasonCode.RC02: _Said(
        N_("The mutual pays for one such act up to a limit only."),
        N_("The ceiling for one act is reached."),
        _ASK_OFFICE,
    ),
    ReasonCode.RC03: _Said(
        N_("The mutual pays for one illness up to a limit only."),
        N_("The ceiling for one episode is reached."),
        _ASK_OFFICE,
    ),
    ReasonCode.RC04: _Said(
        N_("What the mutual pays for this service in a year is used up."),
        N_("The yearly ceiling of the service is used up."),
        _ASK_OFFICE,
    ),
    ReasonCode.RC05: _Said(
        N_("What the mutual pays for this person in a year is used up."),
        N_("The patient's yearly ceiling is used up."),
        _ASK_OFFICE,
    ),
    ReasonCode.RC06: _Said(
        N_("What the mutual pays for the household in a year is used up."),
        N_("The household's yearly ceiling is used up."),
        _ASK_OFFICE,
    ),
    ReasonCode.RD01: _Said(
        N_("The first part of the cost is always the patient's own."),
        N_("The deductible is the patient's."),
        _ASK_OFFICE,
    ),
    ReasonCode.RT01: _Said(
        N_("No price is agreed with this provider for this service."),
        N_("The service is not in the agreed price list."),
        N_("Ask at the office which provider has it."),
    ),
    ReasonCode.RT02: _Said(
        N_("The price was higher than the one agreed."),
        N_("The price is above the agreed list."),
        _PROVIDER_SETTLES,
    ),
    ReasonCode.RA08: _Said(
        N_("The paper of the care is missing, not filled in or not signed."),
        N_("The certificate is missing, incomplete or unsigned. Send it complete."),
        N_("Ask the care provider for the signed paper and bring it to the office."),
    ),
    ReasonCode.RA10: _Said(
        N_("The person cared for does not look like the one on the card."),
        N_("Sex, age or photo do not fit the card. Look at the patient and the card again."),
        N_("Come to the mutual's office with the card and a paper that says who you are."),
    ),
    ReasonCode.RA11: _Said(
        N_("The days of the care cannot be right."),
        N_(
            "The days of the care cannot be right. Send the certificate again with the right days."
        ),
        _PROVIDER_SETTLES,
    ),
    ReasonCode.RA12: _Said(
        N_("The bill was added up wrongly and was put right."),
        N_("The invoice is added up wrongly. What counts is the sum of its lines."),
        _PROVIDER_SETTLES,
    ),
    ReasonCode.RA13: _Said(
        N_("The number of the care paper is not from a booklet of this provider."),
        N_(
            "The certificate's number is from no booklet handed out to you. Say where it comes from."
        ),
        _PROVIDER_SETTLES,
    ),
    ReasonCode.RB10: _Said(
        N_("This care is free by a public programme."),
        N_("This care is free by a public programme. Bill it to the programme."),
        N_("You owe nothing for it; if you were asked to pay, tell the mutual's office."),
    ),
    ReasonCode.RB11: _Said(
        N_("Somebody else has to pay for this accident or injury."),
        N_("A third party may be liable. Write down on the certificate who caused it."),
        N_("Tell the mutual's office what happened and who caused it."),
    ),
    ReasonCode.RC07: _Said(
        N_("More was given than is usual for this care."),
        N_("The quantity is above the norm. Only the usual quantity counts."),
        N_("If all of it was needed, ask the provider to write down why."),
    ),
    ReasonCode.RT03: _Said(
        N_("This act is part of the flat price already."),
        N_("The act is contained in the flat price and is not paid apart."),
        _PROVIDER_SETTLES,
    ),
    ReasonCode.RM01: _Said(
        N_("The doctor of the mutual does not see why this care was needed."),
        N_("The care is not medically justified on the papers sent. You may send the grounds."),
        N_("If you think it was needed, write to the board of the mutual."),
    ),
    ReasonCode.RM02: _Said(
        N_("The doctor of the mutual has a question about the treatment."),
        N_("Treatment and clinical part do not match. Answer the medical adviser's question."),
        _PROVIDER_SETTLES,
    ),
    ReasonCode.RM03: _Said(
        N_("A cheaper medicine of the same worth exists."),
        N_("A brand medicine was given. The price of the generic counts."),
        N_("Ask for the generic medicine next time."),
    ),
    ReasonCode.RM04: _Said(
        N_("The stay was longer than the illness needed."),
        N_("The stay is longer than the clinical part explains. Only the days needed count."),
        _ASK_BOARD,
    ),
    ReasonCode.RM05: _Said(
        N_("The doctor of the mutual misses something in the papers."),
        N_("The clinical part is missing. Send it closed, for the medical adviser alone."),
        _PROVIDER_SETTLES,
    ),
    ReasonCode.RF01: _Said(
        N_("The mutual still has to find out who was cared for with this card."),
        N_("It is to be clarified who was treated with this card. Keep the papers ready."),
        N_("Come to the mutual's office and tell what you know; you will be heard."),
    ),
    ReasonCode.RF02: _Said(
        N_("The mutual still has to find out whether this care was given."),
        N_("It is to be clarified whether the care was given. Keep the register ready."),
        N_("Tell the mutual's office which care you were given; you will be heard."),
    ),
    ReasonCode.RF03: _Said(
        N_("It was established that this care was not as the papers say."),
        N_("Fraud was established. Nothing is paid for it."),
        _ASK_BOARD,
    ),
    ReasonCode.RX01: _Said(
        N_("A mistake in the papers was put right."),
        N_("A technical error was corrected."),
        _PROVIDER_SETTLES,
    ),
}
"""What each code says to a member and to a provider, and what to do where no day is known."""


def for_the_member(question: Question, told: Verdict) -> Text:
    """Return what a member understands: does the mutual pay, why not, what to do, when."""
    parts = [_member_head(question, told)]
    if told.under_mother:
        told_so = N_("A newborn is cared for under the mother's number, or else the member's.")
        parts.append(Text(told_so))
    if told.answer is Answer.NO:
        parts += [_because(question, one, told) for one in _weighty(told)]
        parts.append(_member_act(question, told))
        parts += _paid_since(question)
    else:
        for one in told.conditions:
            parts += [Text(REASONS[one.code].member), Text(REASONS[one.code].act)]
        parts += _member_part(question)
        if told.rights_through is not None and not told.conditions:
            parts.append(
                Text(
                    N_("This holds until {day} even if nothing more is paid."),
                    {"day": told.rights_through},
                )
            )
    return _joined([*parts, *_corrected_since(question)])


def for_the_provider(question: Question, told: Verdict) -> Text:
    """Return what a provider understands: at the scheme's expense or not, what to check, shares."""
    values: dict[str, Value] = {"day": question.day, "service": question.service}
    if told.answer is Answer.NO:
        head = N_("Do not treat at the scheme's expense on {day}.")
        if question.service:
            head = N_("{service}: do not treat at the scheme's expense on {day}.")
        whys = [Text(REASONS[one.code].provider) for one in _weighty(told)]
        patient = Text(N_("The patient pays all."))
        opens = []
        if told.opens_on is not None and not told.to_pay:
            opens = [Text(N_("It may be given from {day} on."), {"day": told.opens_on})]
        return _joined([Text(head, values), *whys, patient, *opens, *_corrected_since(question)])
    head = N_("Care of {day} may be given at the scheme's expense.")
    if question.service:
        head = N_("{service}: may be given at the scheme's expense on {day}.")
    if told.answer is Answer.CONDITION:
        head = N_("Care of {day} may be given at the scheme's expense on condition.")
        if question.service:
            head = N_("{service}: may be given at the scheme's expense on {day}, on condition.")
    parts = [Text(head, values), *(Text(REASONS[one.code].provider) for one in told.conditions)]
    check = N_("Compare card and photo with the patient.")
    if told.under_mother:
        check = N_(
            "Compare the mother's card with the mother, or else the member's with the member; write"
            " that number."
        )
    return _joined(
        [*parts, Text(check), *_patient_part(question, told), *_corrected_since(question)]
    )


def _paid_since(question: Question) -> Iterable[Text]:
    """Say that money came behind the day asked about; what was to pay is told as of that day."""
    if question.paid_since_on is not None:
        yield Text(
            N_(
                "Paid since: {amount}, last on {day}. Ask about today to know what is still to pay."
            ),
            {
                "amount": Money(question.paid_since, question.currency),
                "day": question.paid_since_on,
            },
        )


def _corrected_since(question: Question) -> Iterable[Text]:
    if question.corrected_on is not None:
        yield Text(
            N_(
                "Corrected since: something about this day was written down on {day} only, and"
                " another answer may have been given before."
            ),
            {"day": question.corrected_on},
        )


def _member_head(question: Question, told: Verdict) -> Text:
    values: dict[str, Value] = {"day": question.day, "service": question.service}
    heads = {
        Answer.YES: N_("On {day} the mutual pays for care."),
        Answer.NO: N_("On {day} the mutual does not pay for care."),
        Answer.CONDITION: N_("On {day} the mutual pays for care on one condition."),
    }
    if question.service:
        heads = {
            Answer.YES: N_("On {day} the mutual pays for: {service}."),
            Answer.NO: N_("On {day} the mutual does not pay for: {service}."),
            Answer.CONDITION: N_("On {day} the mutual pays on condition for: {service}."),
        }
    return Text(heads[told.answer], values)


def _weighty(told: Verdict) -> tuple[Reason, ...]:
    """Return the reasons worth saying: the first, and the first that no day ends if it is later.

    Two at most: who hears five remembers none.
    """
    first, *others = told.reasons
    if told.opens_on is not None or first.opens_on is None:
        return (first,)
    return (first, *(one for one in others if one.opens_on is None))[:2]


def _because(question: Question, reason: Reason, told: Verdict) -> Text:
    suspended = reason.code is ReasonCode.RA04 and told.rights_from is not None
    if suspended and question.paid_through is not None:
        return Text(N_("Contributions are paid up to {day} only."), {"day": question.paid_through})
    return Text(REASONS[reason.code].member)


def _member_act(question: Question, told: Verdict) -> Text:
    """Return what to do: pay so much, wait until then, or go to somebody."""
    opens, amount = told.opens_on, Money(told.to_pay, question.currency)
    if opens is not None and told.to_pay:
        message = N_("Whoever pays {amount} on {asked} has rights from {day} on.")
        return Text(message, {"amount": amount, "asked": question.day, "day": opens})
    if opens is not None:
        return Text(
            N_("Rights open on {day} if contributions are paid until then."), {"day": opens}
        )
    lasting = next((one for one in told.reasons if one.opens_on is None), told.reasons[0])
    return Text(REASONS[lasting.code].act)


def _member_part(question: Question) -> Iterable[Text]:
    rule = question.rule
    if rule is None or not rule.copay_value or rule.copay is Copay.NONE:
        return ()
    if rule.copay is Copay.FIXED:
        amount = Money(rule.copay_value, question.currency)
        return (Text(N_("Bring {amount} for your own share."), {"amount": amount}),)
    return (Text(N_("Your own share is {percent} % of the price."), {"percent": _percent(rule)}),)


def _patient_part(question: Question, told: Verdict) -> Iterable[Text]:
    rule = question.rule
    if rule is None:
        yield Text(N_("Ask about the service to know what the patient pays."))
        return
    if rule.copay is Copay.PERCENT and rule.copay_value:
        yield Text(
            N_("The patient pays {percent} % of the agreed price."), {"percent": _percent(rule)}
        )
    elif rule.copay is Copay.FIXED and rule.copay_value:
        amount = Money(rule.copay_value, question.currency)
        yield Text(N_("The patient pays {amount} an act."), {"amount": amount})
    else:
        yield Text(N_("The patient pays nothing of the agreed price."))
    if told.remaining is not None and told.remaining.deductible:
        amount = Money(told.remaining.deductible, question.currency)
        yield Text(N_("Deductible: the patient pays the next {amount} alone."), {"amount": amount})


def _percent(rule: BenefitRule) -> str:
    whole, part = divmod(rule.copay_value, 100)
    return f"{whole}.{part:02d}".rstrip("0") if part else str(whole)


def _joined(parts: Iterable[Text]) -> Text:
    joined: Text | None = None
    for part in parts:
        joined = part if joined is None else Text("{one} {other}", {"one": joined, "other": part})
    return joined or Text("")

"""What a treasurer's line may be: each kind with its sign, its word and an example."""

from dataclasses import dataclass

from stepdesk.i18n import N_


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of expense or income: its role in the ledger, an icon, a word, one example."""

    role: str
    icon: str
    word: str
    example: str
    out: bool = True


KINDS = (
    Kind("supplies", "file-text", N_("Supplies"), N_("notebooks, pens, water")),
    Kind("travel", "send", N_("Transport"), N_("bus, fuel for a visit")),
    Kind("services", "settings", N_("Services"), N_("repair, telephone, a fee")),
    Kind("taxes", "shield-check", N_("Taxes"), N_("a stamp at the town hall")),
    Kind("allowances", "user", N_("Allowances"), N_("for a meeting")),
    Kind("payroll", "users", N_("Salaries"), N_("of the month")),
    Kind("interest_paid", "clock", N_("Interest paid"), N_("on a loan")),
    Kind("union_levy", "house", N_("Levy of the union"), N_("a part of contributions")),
    Kind("stationery_stock", "file-check", N_("Booklets"), N_("booklets and cards to sell")),
    Kind("computer", "chart-column", N_("Computer"), N_("a laptop, a printer")),
    Kind("furniture", "house", N_("Furniture"), N_("a table, a cupboard")),
    Kind("motorbike", "send", N_("Motorbike"), N_("for the rounds")),
    Kind("deposit_paid", "lock", N_("Deposit paid"), N_("for the office")),
    Kind("gift", "hand-coins", N_("Gift"), N_("of a patron"), out=False),
    Kind("op_subsidy", "house", N_("Subsidy"), N_("of the town for the work"), out=False),
    Kind("capital_grant", "chart-column", N_("Equipment grant"), N_("for a laptop"), out=False),
    Kind("interest", "clock", N_("Interest"), N_("of the savings account"), out=False),
    Kind("card_sales", "file-check", N_("Cards sold"), N_("a lost card"), out=False),
    Kind("penalty", "triangle-alert", N_("Fine"), N_("for a late payment"), out=False),
    Kind("loan", "wallet", N_("Loan"), N_("of the union"), out=False),
)
BY_ROLE = {one.role: one for one in KINDS}

"""Numbers of households: serials unique in the scheme, given to laptops in blocks.

A laptop takes serials from its own block alone, so that two laptops apart never give one number
twice. A block for pre-printed cards (pads) is used by typing what stands on a card.
"""

from enum import Enum
from typing import Any

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.model import number_block
from stepdesk.members.queries.finding import similar_serials
from stepdesk.store.work import Work
from stepdesk.values.digits import luhn

BLOCK = 500
LARGEST = 999_999

_HIGHEST = (
    "SELECT max(coalesce((SELECT max(serial) FROM household), 0),"
    " coalesce((SELECT max(until_serial) - 1 FROM number_block), 0)) AS serial"
)
_MINE = (
    "SELECT b.first_serial, b.until_serial, (SELECT max(h.serial) FROM household h"
    " WHERE h.serial >= b.first_serial AND h.serial < b.until_serial) AS last"
    " FROM number_block b WHERE b.letter = :letter AND b.purpose = :purpose"
    " ORDER BY b.first_serial DESC LIMIT 1"
)
_PAD_OF = (
    "SELECT 1 FROM number_block WHERE purpose = 'PADS'"
    " AND first_serial <= :serial AND :serial < until_serial"
)
_USED = "SELECT 1 FROM household WHERE serial = :serial"


class Purpose(Enum):
    """What a block of serials is for."""

    LAPTOP = "LAPTOP"
    PADS = "PADS"


def take_block(work: Work, *, letter: str, purpose: Purpose, size: int = BLOCK) -> range:
    """Give a laptop, or a pad of cards, the next serials nobody has; return them.

    Args:
        work: The work.
        letter: The laptop's letter; for a pad, of the laptop that issues it.
        purpose: Whose they will be.
        size: How many; 500 for a laptop.

    Raises:
        Refusal: a letter no laptop can have, a size that cannot be, or six digits are used up.
    """
    if not (letter.isascii() and letter.isalpha() and len(letter) == 1):
        raise Refusal(Text(N_("Type one letter from A to Z for the laptop.")), field="letter")
    if not 0 < size <= LARGEST:
        raise Refusal(Text(N_("Say how many numbers, at least one.")), field="size")
    first = work.rows(_HIGHEST)[0].serial + 1
    if first + size - 1 > LARGEST:
        raise Refusal(
            Text(
                N_(
                    "There are no household numbers left: six digits are used up. Ask for help before registering more."
                )
            )
        )
    work.insert(
        number_block,
        id=work.new_id(),
        letter=letter.upper(),
        first_serial=first,
        until_serial=first + size,
        purpose=purpose,
    )
    return range(first, first + size)


def next_serial(work: Work) -> int:
    """Return the next serial of this laptop's own block; a new block is taken when it is used up.

    A book that held households before it had blocks goes on above the highest of them.
    """
    return next_serials(work, 1)[0]


def next_serials(work: Work, count: int) -> list[int]:
    """Return so many serials of this laptop, for households written in this work, in order.

    They are the laptop's for good, even when they are not used: take what will be written.
    """
    found = list(_left(work, count))
    while len(found) < count:
        missing = count - len(found)
        block = take_block(
            work,
            letter=work.desk.head.device,
            purpose=Purpose.LAPTOP,
            size=-(-missing // BLOCK) * BLOCK,
        )
        found.extend(block[:missing])
    return found


def _left(work: Work, count: int) -> range:
    row: Any = work.row(_MINE, letter=work.desk.head.device, purpose=Purpose.LAPTOP.value)
    if row is None:
        return range(0)
    first = row.first_serial if row.last is None else row.last + 1
    return range(first, min(row.until_serial, first + count))


def serial_on_card(work: Work, told: str) -> int:
    """Return the serial of a pre-printed card, as typed or read off it, for a new household.

    Printed are the six digits and their check digit, a section perhaps before them; `000119-1`,
    `0001191`, `02-000119-1` and what the card's picture holds all name 119. The six digits alone
    are taken too.

    Raises:
        Refusal: not such a number, a wrong check digit, not of a pad that was issued, used
            already. Numbers that are like it are proposed.
    """
    digits = "".join(sign for sign in told.partition(".")[0] if sign.isdecimal())
    serial = int(digits[-7:-1] or 0) if len(digits) in {7, 9} else int(digits or 0)
    if not digits.isascii() or len(digits) > 9 or len(digits) == 8 or serial == 0:
        raise _refused(
            work, digits, N_("This is no card number. Type the digits printed on the card.")
        )
    if len(digits) in {7, 9} and luhn(f"{serial:06d}") != int(digits[-1]):
        raise _refused(
            work, digits[:-1], N_("This card number has a wrong digit. Read it once more.")
        )
    if work.row(_USED, serial=serial) is not None:
        raise _refused(
            work,
            f"{serial:06d}",
            N_("This card is used by a household already. Look at the number again."),
        )
    if work.row(_PAD_OF, serial=serial) is None:
        raise _refused(
            work,
            f"{serial:06d}",
            N_("No pad of cards with this number was issued here. Check the number."),
        )
    return serial


def _refused(work: Work, digits: str, told: str) -> Refusal:
    free = [
        f"{serial:06d}-{luhn(f'{serial:06d}')}"
        for serial in similar_serials(digits[-6:])
        if work.row(_PAD_OF, serial=serial) is not None and work.row(_USED, serial=serial) is None
    ]
    if not free:
        return Refusal(Text(told), field="card_number")
    return Refusal(
        Text(
            N_("{sentence} Is it one of these: {numbers}?"),
            {"sentence": Text(told), "numbers": ", ".join(free[:3])},
        ),
        field="card_number",
    )

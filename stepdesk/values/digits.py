"""Numbers people read aloud: check digits, household numbers, document numbers, codes."""

from dataclasses import dataclass

# Crockford's alphabet: no I, L, O, U, so that a code survives handwriting and the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def luhn(digits: str) -> int:
    """Return the Luhn check digit of a run of decimal digits."""
    if not (digits.isascii() and digits.isdecimal()):
        raise ValueError(f"only digits have a check digit, not {digits!r}")
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if at % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


@dataclass(frozen=True, slots=True)
class HouseholdNumber:
    """A household's number: section, six-digit serial, check digit of the serial alone.

    The serial is unique in the scheme and survives a move to another section.
    """

    section: int
    serial: int

    def __str__(self) -> str:
        return f"{self.section:02d}-{self.serial:06d}-{self.check}"

    @property
    def check(self) -> int:
        return luhn(f"{self.serial:06d}")

    @property
    def digits(self) -> str:
        """The number as a bar or QR code carries it: digits only."""
        return f"{self.section:02d}{self.serial:06d}{self.check}"


def serial_of(text: str) -> int | None:
    """Return the serial a person typed or scanned, or None when it is no household number.

    `47`, `000047` and `02-000047-1` all name serial 47, and so do `000047-1` and `02-000047`.
    Where the check digit is told it must agree; a shorter run is the serial alone.
    """
    parts = [part.strip() for part in text.split("-")]
    if len(parts) == 2 and all(part.isascii() and part.isdecimal() for part in parts):
        return _serial_of_two(*parts)
    digits = text.replace("-", "").replace(" ", "").replace("\u202f", "").replace("\u00a0", "")
    if not (digits.isascii() and digits.isdecimal()):
        return None
    if len(digits) <= 6:
        return int(digits)
    agrees = len(digits) == 9 and luhn(digits[2:8]) == int(digits[8])
    return int(digits[2:8]) if agrees else None


def _serial_of_two(first: str, second: str) -> int | None:
    if len(first) == 6 and len(second) == 1:
        return int(first) if luhn(first) == int(second) else None
    if len(first) <= 3 and len(second) == 6:
        return int(second)
    return serial_of(first + second)


def receipt_number(year: int, device: str, serial: int) -> str:
    """Return a receipt's number, R-2026-A-000123: series per device and year without gaps."""
    return document_number("R", year, device, serial)


def document_number(kind: str, year: int, device: str, serial: int) -> str:
    """Return a document's number.

    R receipts, P receipts to payers, B batches, C claims, V payments to providers, F collection sheets, H hand-overs,
    K complaints, S what a controller should look at.
    """
    return f"{kind}-{year:04d}-{device}-{serial:06d}"


def document_parts(kind: str, told: str) -> tuple[int, str, int] | None:
    """Return year, device and serial of a document's number as somebody typed it, or None."""
    parts = told.strip().upper().split("-")
    if len(parts) != 4 or parts[0] != kind or not parts[2].isalpha():
        return None
    year, serial = parts[1], parts[3]
    if not (year + serial).isdecimal() or not (year + serial).isascii() or len(serial) > 9:
        return None
    return int(year), parts[2], int(serial)


def letter_number(year: int, device: str, serial: int) -> str:
    """Return a guarantee letter's number, LG-2026-A-00045. Source: domain handbook 1.2."""
    return f"LG-{year:04d}-{device}-{serial:05d}"


def leaf_number(booklet: int, leaf: int) -> str:
    """Return a leaf's number as it is printed: 0147-23. Source: domain handbook 1.2."""
    return f"{booklet:04d}-{leaf:02d}"


def leaf_parts(told: str) -> tuple[int, int] | None:
    """Return booklet and leaf of `0147-23`, `147-23` or `147/23`, or None."""
    parts = [part.strip() for part in told.replace("/", "-").split("-")]
    if len(parts) != 2 or not all(one.isascii() and one.isdecimal() for one in parts):
        return None
    return (int(parts[0]), int(parts[1])) if max(map(len, parts)) <= 9 else None


def six_figures(bits: int) -> str:
    """Return a number of 64 bits as six figures that can be read over the telephone: 471 083."""
    told = f"{bits % 1_000_000:06d}"
    return f"{told[:3]} {told[3:]}"


def code_of(bits: int, symbols: int) -> str:
    """Return the highest 5 x symbols bits of a 64-bit number in Crockford's alphabet."""
    return "".join(ALPHABET[bits >> (64 - 5 * (at + 1)) & 31] for at in range(symbols))

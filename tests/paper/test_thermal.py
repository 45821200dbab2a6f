"""The raster of thermal printers, byte by byte."""

import pytest

from stepdesk.paper.page import Frame, Ink, Paper
from stepdesk.paper.thermal import DOTS, ROLLS, escpos, raster

DOT = 72 / DOTS


def a_box(width: str, *, left: float, high: float = 100) -> bytes:
    """A page of a roll with one black box of 16 by 8 dots, 8 dots from the top."""
    roll = ROLLS[width]
    frame = Frame("box", "", roll.sheet(high * DOT), practice=False, pages=0, margin=0)
    paper = Paper(frame, "en")
    paper.box(roll.margin + left * DOT, 8 * DOT, 16 * DOT, 8 * DOT, fill=Ink.TEXT)
    return paper.finish()


@pytest.mark.parametrize(("width", "dots"), [("58", 384), ("80", 576)])
def test_what_is_printed_is_as_wide_as_the_printers_head(width: str, dots: int) -> None:
    told = raster(a_box(width, left=0), ROLLS[width])
    assert (told.dots, told.height) == (dots, 100)
    assert len(told.rows) == 100 * dots // 8


def test_a_set_bit_is_black_and_the_leftmost_is_the_highest() -> None:
    told = raster(a_box("58", left=8), ROLLS["58"])
    row = told.rows[12 * 48 : 13 * 48]
    ones = "".join(f"{byte:08b}" for byte in row)
    first, last = ones.index("1"), ones.rindex("1")
    assert (abs(first - 8) <= 1, abs(last - 23) <= 1) == (True, True)
    assert ones[first : last + 1] == "1" * (last + 1 - first)
    assert set(told.rows[: 6 * 48]) == {0}


def test_the_file_starts_the_printer_sends_bands_and_cuts() -> None:
    told = escpos(a_box("58", left=0, high=450), ROLLS["58"])
    assert told.startswith(b"\x1b@\x1dv0\x00\x30\x00\xc8\x00")
    assert told.endswith(b"\x1bd\x03\x1dV\x42\x00")
    second = 2 + 8 + 200 * 48
    assert told[second : second + 8] == b"\x1dv0\x00\x30\x00\xc8\x00"
    third = second + 8 + 200 * 48
    assert told[third : third + 8] == b"\x1dv0\x00\x30\x00\x32\x00"
    assert len(told) == third + 8 + 50 * 48 + 3 + 4


def test_tints_and_watermarks_are_not_printed() -> None:
    roll = ROLLS["80"]
    paper = Paper(Frame("t", "", roll.sheet(60), practice=False, pages=0, margin=0), "en")
    paper.box(0, 0, roll.width, 60, fill=Ink.TINT)
    paper.watermark(roll.width / 2, 30, 30)
    assert set(raster(paper.finish(), roll).rows) == {0}

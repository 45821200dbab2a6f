"""Portraits: whatever the phone gives becomes one small upright picture that tells nothing else."""

import io
import subprocess
import sys
import zlib
from pathlib import Path
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from stepdesk.errors import Refusal
from stepdesk.pictures import (
    HEIGHT,
    PAGE_SIZE,
    SIZE,
    WIDTH,
    is_portrait,
    page,
    portrait,
    read_picture,
)

RED, BLUE = (200, 30, 30), (30, 30, 200)


def file_of(picture: Image.Image, form: str = "JPEG", **told: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **told)
    return out.getvalue()


def scene(width: int = 900, height: int = 1200) -> Image.Image:
    """Red above, blue below: one sees which way is up."""
    picture = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(picture).rectangle((0, height // 2, width, height), fill=BLUE)
    return picture


def seen(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def near(one: object, other: tuple[int, int, int]) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) < 40 for a, b in zip(one, other, strict=True))


def refused(content: bytes) -> str:
    with pytest.raises(Refusal) as told:
        portrait(content)
    assert told.value.field == "photo"
    return told.value.text.message


# What comes out


@pytest.mark.parametrize(
    "content",
    [
        file_of(scene()),
        file_of(scene(3000, 4000)),
        file_of(scene(), "PNG"),
        file_of(scene(), "WEBP"),
        file_of(scene().convert("L")),
        file_of(scene().convert("CMYK")),
        file_of(scene().convert("P"), "PNG"),
        file_of(scene().convert("RGBA"), "PNG"),
        file_of(scene().convert("RGBA"), "WEBP"),
        file_of(scene().convert("LA"), "PNG"),
        file_of(scene().convert("1"), "PNG"),
        file_of(scene().convert("L").convert("I;16"), "PNG"),
        file_of(scene(), progressive=True),
        file_of(scene(100, 2000)),
        file_of(scene(2000, 100)),
    ],
    ids=str,
)
def test_a_portrait_is_small_and_of_one_size(content: bytes) -> None:
    made = portrait(content)
    picture = seen(made)
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (480, 600))
    assert (WIDTH, HEIGHT) == (480, 600)
    assert len(made) <= SIZE == 30 * 1024
    assert is_portrait(made)


@pytest.mark.parametrize("grains", [75, 100, 300, 1200])
def test_a_busy_scene_is_about_thirty_kilobytes_too(grains: int) -> None:
    # Smoothed noise is harder than a face before leaves.
    noise = Image.effect_noise((grains, grains * 4 // 3), 90)
    busy = noise.resize((1200, 1600), Image.Resampling.BICUBIC).convert("RGB")
    assert 20_000 < len(portrait(file_of(busy))) <= 30 * 1024


@pytest.mark.parametrize("way", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_face_is_up_whatever_the_phone_wrote(way: int, form: str) -> None:
    back = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[way]
    upright = scene(800, 1000)
    ImageDraw.Draw(upright).rectangle((0, 0, 200, 200), fill=(240, 240, 240))
    held = upright if back is None else upright.transpose(back)
    exif = Image.Exif()
    exif[0x0112] = way
    made = seen(portrait(file_of(held, form, exif=exif)))
    assert near(made.getpixel((400, 40)), RED)
    assert near(made.getpixel((240, 560)), BLUE)
    assert near(made.getpixel((40, 40)), (240, 240, 240))


def test_place_owner_and_comment_stay_behind() -> None:
    exif = Image.Exif()
    exif[0x010F] = "PHONE-OF-AWA"
    exif.get_ifd(0x8825)[1] = "N"
    content = file_of(scene(), exif=exif, comment=b"SECRET-COMMENT")
    assert b"PHONE-OF-AWA" in content
    assert b"SECRET-COMMENT" in content
    made = portrait(content)
    assert b"PHONE" not in made
    assert b"SECRET" not in made
    assert b"Exif" not in made
    assert dict(seen(made).getexif()) == {}
    assert "comment" not in seen(made).info


def test_of_a_wide_picture_the_middle_is_kept() -> None:
    picture = Image.new("RGB", (2000, 1000), BLUE)
    ImageDraw.Draw(picture).rectangle((600, 0, 1400, 1000), fill=RED)
    made = seen(portrait(file_of(picture)))
    assert all(near(made.getpixel((x, y)), RED) for x in (10, 470) for y in (10, 590))


def test_of_a_tall_picture_more_is_cut_off_below() -> None:
    picture = Image.new("RGB", (400, 1000), BLUE)
    # 500 of 1000 are kept: 125 go above, 375 below.
    ImageDraw.Draw(picture).rectangle((0, 125, 400, 625), fill=RED)
    made = seen(portrait(file_of(picture)))
    assert all(near(made.getpixel((240, y)), RED) for y in (12, 300, 588))


def test_what_is_seen_through_stands_on_white() -> None:
    made = seen(portrait(file_of(Image.new("RGBA", (400, 500), (0, 0, 0, 0)), "PNG")))
    assert near(made.getpixel((240, 300)), (255, 255, 255))


def test_a_portrait_is_not_made_twice() -> None:
    made = portrait(file_of(scene()))
    assert portrait(made) == made


def test_the_same_picture_gives_the_same_portrait() -> None:
    assert portrait(file_of(scene())) == portrait(file_of(scene()))


def test_nothing_hidden_in_a_portrait_passes() -> None:
    made = portrait(file_of(scene()))
    for hidden in (
        made + b"SECRET\xff\xd9",
        made[:2] + b"\xff\xfe" + pack(">H", 8) + b"SECRET" + made[2:],
        made[:2] + b"\xff\xe1" + pack(">H", 8) + b"SECRET" + made[2:],
    ):
        assert not is_portrait(hidden)
        assert b"SECRET" not in portrait(hidden)


# What is refused


def test_what_is_no_picture_is_refused() -> None:
    for content in (b"a letter", b"%PDF-1.7\n", b"PK\x03\x04" + bytes(99), b"GIF89a" + bytes(40)):
        assert "no picture" in refused(content)


def test_an_empty_file_is_refused() -> None:
    assert "empty" in refused(b"")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_cut_file_is_refused(form: str, share: float) -> None:
    noise = Image.effect_noise((800, 1000), 90).convert("RGB")
    content = file_of(noise, form)
    assert "cut off or damaged" in refused(content[: int(len(content) * share)])


def test_a_moving_picture_is_refused() -> None:
    frames = [scene(200, 250), Image.new("RGB", (200, 250), BLUE)]
    for form in ("PNG", "WEBP"):
        moving = file_of(frames[0], form, save_all=True, append_images=frames[1:])
        assert "moving" in refused(moving)


def test_a_picture_too_small_for_a_face_is_refused() -> None:
    assert "too small" in refused(file_of(scene(95, 200)))
    assert is_portrait(portrait(file_of(scene(96, 120))))


def test_the_form_of_some_phones_is_named() -> None:
    assert "HEIC" in refused(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00" + bytes(99))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kB that claims to be huge, and is: black, packed."""

    def part(kind: bytes, told: bytes) -> bytes:
        return pack(">I", len(told)) + kind + told + pack(">I", zlib.crc32(kind + told))

    rows = zlib.compress(bytes(1 + width) * min(height, 3000), 9)
    head = pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


@pytest.mark.parametrize("size", [(8000, 6250), (20_000, 20_000), (60_000, 60_000)])
def test_a_picture_that_would_fill_the_memory_is_refused(size: tuple[int, int]) -> None:
    assert "too many points" in refused(bomb(*size))


def test_a_file_over_sixty_megabytes_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "large.jpg"
    with large.open("wb") as out:
        out.truncate((60 << 20) + 1)
    with pytest.raises(Refusal) as told:
        read_picture(large)
    assert told.value.text.values == {"most": 60}
    with pytest.raises(Refusal):
        portrait(large.read_bytes())


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jpg", tmp_path):
        with pytest.raises(Refusal) as told:
            read_picture(path)
        assert told.value.field == "photo"


_MEASURED = """
import sys
from stepdesk.errors import Refusal
from stepdesk.pictures import portrait
with open(sys.argv[1], "rb") as file:
    content = file.read()
made = portrait(content)
assert len(made) > 1000
# Not getrusage: that counts what the program before this one took.
with open("/proc/self/status") as file:
    print(next(int(line.split()[1]) // 1024 for line in file if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux how much it took")
@pytest.mark.parametrize(
    ("name", "size", "told"),
    [
        ("of 50 megapixels.jpg", (8160, 6144), {}),
        ("progressive.jpg", (7000, 5600), {"progressive": True, "subsampling": 0}),
        ("seen through.png", (5600, 4400), {"compress_level": 1}),
        ("of a browser.webp", (4500, 3500), {"quality": 50, "method": 0}),
    ],
)
def test_a_large_picture_takes_less_than_300_megabytes(
    tmp_path: Path, name: str, size: tuple[int, int], told: dict[str, object]
) -> None:
    small = Image.effect_noise((size[0] // 8, size[1] // 8), 60)
    picture = small.resize(size).convert("RGBA" if name.endswith("png") else "RGB")
    picture.save(tmp_path / name, None, **told)
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(tmp_path / name)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert int(done.stdout) < 300


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_otherwise(content: bytes) -> None:
    refused(content)


_WHOLE = {form: file_of(scene(200, 250), form) for form in ("JPEG", "PNG", "WEBP")}


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(_WHOLE)), st.integers(0, 2000), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_a_portrait_or_refused(form: str, at: int, noise: bytes) -> None:
    content = bytearray(_WHOLE[form])
    at %= len(content)
    content[at : at + len(noise)] = noise
    try:
        assert is_portrait(portrait(bytes(content)))
    except Refusal:
        return


# Papers


def page_refused(content: bytes) -> str:
    with pytest.raises(Refusal) as told:
        page(content)
    assert told.value.field == "picture"
    return told.value.text.message


@pytest.mark.parametrize(
    ("size", "form", "comes"),
    [
        ((2480, 3508), "JPEG", (990, 1400)),
        ((3508, 2480), "PNG", (1400, 990)),
        ((4000, 3000), "WEBP", (1400, 1050)),
        ((600, 900), "JPEG", (600, 900)),
    ],
)
def test_a_paper_keeps_its_whole_form(
    size: tuple[int, int], form: str, comes: tuple[int, int]
) -> None:
    content = page(file_of(scene(*size), form))
    picture = seen(content)
    assert all(abs(one - other) <= 1 for one, other in zip(picture.size, comes, strict=True))
    assert len(content) <= PAGE_SIZE
    middle = picture.width // 2
    assert near(picture.getpixel((middle, 5)), RED)
    assert near(picture.getpixel((middle, picture.height - 5)), BLUE)
    assert not picture.getexif()


def test_a_paper_is_turned_upright_and_tells_nothing_else() -> None:
    told = Image.Exif()
    told[0x0112] = 6
    told[0x010F] = "Zq-phone"
    content = page(file_of(scene(1600, 1200).rotate(90, expand=True), exif=told))
    picture = seen(content)
    assert picture.size == (1400, 1050)
    assert near(picture.getpixel((700, 5)), RED)
    assert b"Zq" not in content


def test_a_busy_paper_stays_small() -> None:
    noise = Image.effect_noise((1400, 1400), 90).convert("RGB")
    assert len(page(file_of(noise, "PNG"))) <= PAGE_SIZE


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.4", "This is a PDF"),
        (b"GIF89a" + bytes(100), "no picture"),
        (file_of(scene())[:4000], "cut off or damaged"),
        (file_of(scene(200, 2000)), "too small to be read"),
        (bomb(20_000, 20_000), "too many points"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "HEIC"),
    ],
)
def test_a_file_that_is_no_paper_is_refused_in_words(content: bytes, words: str) -> None:
    assert words in page_refused(content)

"""Photos of people and of papers: any picture becomes a small, upright one that says nothing else.

A face becomes a portrait, a certificate a page that can be read. Pure: bytes in, bytes out, the same
for ever. What the phone wrote beside the picture (place, time, owner) stays behind, and so does the
picture itself: only the small one is kept. Pillow is imported on first use.
"""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.Image import Transpose

WIDTH, HEIGHT = 480, 600
"""Pixels of a portrait, upright, 4 to 5."""

SIZE = 30 << 10
"""Bytes a portrait should not pass. Source: screens handbook 2.2."""

PAGE = 1400
"""Pixels of the longer side of a page: a sheet of A5 written by hand can be read."""

PAGE_SIZE = 120 << 10
"""Bytes a page should not pass."""

LARGEST_FILE = 60 << 20
"""Bytes of a file that is looked at."""

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
"""What a file dialog shows."""

# A JPEG is read at an eighth of its size, whatever it holds; a progressive one is kept whole by
# libjpeg, six bytes a pixel, and the others are unpacked whole: measured in ADR 22.
_MOST: Final = {"JPEG": 250_000_000, "PROGRESSIVE": 40_000_000, "PNG": 25_000_000}
_MOST_OTHERS: Final = 16_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_SMALLEST = 96  # pixels of the shorter side: below it nobody knows a face
_SMALLEST_PAGE = 300  # below it no handwriting can be read
_ABOVE = 0.25  # of what is cut off a tall picture, so much at the top: heads are in the upper part
_TRIES = (
    *((quality, 0.0) for quality in (86, 80, 74, 68, 60, 52, 44, 36, 28)),
    *((28, softness) for softness in (0.8, 1.2, 1.6, 2.4, 4.0)),
)
"""Qualities of JPEG; a picture too busy for the last, all leaves or mesh, is softened besides."""


def read_picture(path: Path) -> bytes:
    """Return a picture file's content.

    Raises:
        Refusal: it cannot be read, is empty or larger than 60 MB.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            _too_large()
        return path.read_bytes()
    except OSError as error:
        raise _no(
            N_("The file {name} cannot be read. Check where it lies, then choose it again."),
            name=path.name,
        ) from error


def portrait(content: bytes) -> bytes:
    """Return a picture as a portrait: JPEG, 480x600, about 30 kB, upright, without anything beside.

    Args:
        content: A JPEG, PNG or WebP file; of a large one only as much is unpacked as is needed.
            A portrait made before comes back as it is.

    Raises:
        Refusal: no picture, cut or damaged, moving, too small or too large to be a photo.
    """
    if not content:
        raise _no(N_("This file is empty. Copy the photo from the phone again."))
    if len(content) > LARGEST_FILE:
        _too_large()
    if is_portrait(content):
        return content
    _known(content)
    return _packed(_upright(content))


def page(content: bytes) -> bytes:
    """Return a picture of a paper: JPEG, upright, 1400 points at most, about 120 kB, nothing beside.

    Nothing is cut off it.

    Args:
        content: As for `portrait`.

    Raises:
        Refusal: no picture, a PDF, cut or damaged, moving, too small to be read, or too large
            (field `picture`).
    """
    try:
        return _page(content)
    except Refusal as refusal:
        raise Refusal(refusal.text, field="picture") from refusal


def _page(content: bytes) -> bytes:
    if not content:
        raise _no(N_("This file is empty. Copy the photo from the phone again."))
    if len(content) > LARGEST_FILE:
        _too_large()
    if content.startswith(b"%PDF-"):
        raise _no(
            N_("This is a PDF. Save the scan as a picture, JPEG or PNG, and choose it again.")
        )
    _known(content)
    return _packed(_upright(content, of_paper=True), PAGE_SIZE)


_FRAME = b"\x08" + HEIGHT.to_bytes(2, "big") + WIDTH.to_bytes(2, "big") + b"\x03"
_PARTS = frozenset((0xC2, 0xC4, 0xDA, 0xDB, 0xE0))
"""Frame, tables, scans, and the JFIF mark: all a portrait is made of, and nothing that tells."""


def is_portrait(content: bytes) -> bool:
    """Whether a file is a portrait as `portrait` makes them: size, form, and nothing beside."""
    if len(content) > 4 * SIZE or content[:2] != b"\xff\xd8":
        return False
    at, framed = 2, False
    while content[at : at + 1] == b"\xff":
        mark = content[at + 1 : at + 2]
        if mark == b"\xd9":
            return framed and at + 2 == len(content)
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if not mark or mark[0] not in _PARTS or length < 2 or (mark[0] == 0xE0 and length != 16):
            return False
        if mark[0] == 0xC2:
            framed = content[at + 4 : at + 4 + len(_FRAME)] == _FRAME
        at += 2 + length
        if mark[0] == 0xDA:
            at = _behind_scan(content, at)
    return False


def _behind_scan(content: bytes, at: int) -> int:
    """Return where the next mark stands; within a scan 0xFF is always followed by 0."""
    while (at := content.find(b"\xff", at)) >= 0:
        if content[at + 1 : at + 2] != b"\x00":
            return at
        at += 2
    return len(content)


def _no(message: str, **told: str | int) -> Refusal:
    return Refusal(Text(message, told), field="photo")


def _too_large() -> NoReturn:
    raise _no(
        N_("This file is too large for a photo: {most} MB at most. Choose another one."),
        most=LARGEST_FILE >> 20,
    )


_HEIF = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


def _known(content: bytes) -> None:
    """Say it of the one form phones write that is not read here."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF:
        raise _no(
            N_(
                "This photo is in the form HEIC, which cannot be read here. On the phone choose "
                "“Most compatible” in the camera's settings, or send it as JPEG."
            )
        )


def _opened(content: bytes) -> "Picture":
    """Open a picture without unpacking it; its size is still what the file claims."""
    import warnings

    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            # The limits below are lower than Pillow's own.
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(content), formats=_FORMATS)
    except UnidentifiedImageError as error:
        raise _no(
            N_("This is no picture that can be read. Choose a photo in JPEG, PNG or WebP.")
        ) from error
    except Image.DecompressionBombError as error:
        raise _too_many_points() from error
    except Exception as error:
        # Whatever a made-up file makes the reader raise: it is a damaged picture.
        raise _damaged() from error


def _damaged() -> Refusal:
    return _no(N_("This picture is cut off or damaged. Copy it from the phone again."))


def _too_many_points(*, of_paper: bool = False) -> Refusal:
    if of_paper:
        return _no(N_("This picture has too many points. Scan or photograph it with fewer."))
    return _no(
        N_("This picture has too many points to be a photo of a person. Take it with the camera.")
    )


def _too_small(*, of_paper: bool) -> Refusal:
    if of_paper:
        return _no(
            N_(
                "This picture is too small to be read. Take one of {least} points each way at least."
            ),
            least=_SMALLEST_PAGE,
        )
    return _no(
        N_(
            "This picture is too small to know a face. Take one of {least} points each way at least."
        ),
        least=_SMALLEST,
    )


def _most(picture: "Picture") -> int:
    if picture.format in {"JPEG", "MPO"}:
        return _MOST["PROGRESSIVE" if "progressive" in picture.info else "JPEG"]
    return _MOST.get(picture.format or "", _MOST_OTHERS)


def _upright(content: bytes, *, of_paper: bool = False) -> "Picture":
    """Return the picture unpacked, RGB: a portrait of 480x600, or a paper as a whole."""
    from PIL import Image, ImageOps

    picture = _opened(content)
    width, height = picture.size
    if min(width, height) < (_SMALLEST_PAGE if of_paper else _SMALLEST):
        raise _too_small(of_paper=of_paper)
    if width * height > _most(picture):
        raise _too_many_points(of_paper=of_paper)
    # A phone's JPEG may hold a second picture behind the first (MPO); that one is left out.
    if picture.format in {"PNG", "WEBP"} and getattr(picture, "n_frames", 1) > 1:
        raise _no(N_("This is a moving picture. Choose a photo that stands still."))
    # Twice the size, so that turning and cutting leave enough.
    wide, high = (PAGE, PAGE) if of_paper else (WIDTH, WIDTH if width > height else HEIGHT)
    try:
        picture.draft("RGB", (2 * wide, 2 * high))
        turn = _turn(picture)
        picture.load()
        # Small first: colours and turning then cost little memory.
        picture.thumbnail(
            (2 * PAGE if of_paper else 4 * WIDTH,) * 2, Image.Resampling.BOX, reducing_gap=None
        )
        picture = _plain(picture)
        if turn is not None:
            picture = picture.transpose(turn)
        if of_paper:
            picture.thumbnail((PAGE, PAGE), Image.Resampling.LANCZOS, reducing_gap=None)
            return picture
        return ImageOps.fit(
            picture, (WIDTH, HEIGHT), Image.Resampling.LANCZOS, centering=(0.5, _ABOVE)
        )
    except MemoryError as error:
        raise _too_many_points(of_paper=of_paper) from error
    except Exception as error:
        raise _damaged() from error


def _turn(picture: "Picture") -> "Transpose | None":
    """Return how the phone held it; what cannot be read is taken as upright."""
    from PIL import ExifTags, Image

    way = Image.Transpose
    try:
        told = picture.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # noqa: BLE001 - made-up notes beside a picture are no reason to refuse it
        return None
    return {
        2: way.FLIP_LEFT_RIGHT,
        3: way.ROTATE_180,
        4: way.FLIP_TOP_BOTTOM,
        5: way.TRANSPOSE,
        6: way.ROTATE_270,
        7: way.TRANSVERSE,
        8: way.ROTATE_90,
    }.get(told or 1)


def _plain(picture: "Picture") -> "Picture":
    """Return it in RGB; what is seen through stands on white; 16 bits become 8."""
    from PIL import Image

    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if picture.mode in {"LA", "PA", "RGBA", "P", "La", "RGBa"}:
        through = picture.convert("RGBA")
        ground = Image.new("RGB", through.size, "white")
        ground.paste(through, mask=through.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _packed(picture: "Picture", size: int = SIZE) -> bytes:
    """Return a picture as JPEG, as good as fits."""
    from PIL import Image, ImageFilter

    # A fresh picture carries no notes, whatever the reader kept of the old one.
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    told = b""
    for quality, softness in _TRIES:
        out = io.BytesIO()
        soft = clean.filter(ImageFilter.GaussianBlur(softness)) if softness else clean
        soft.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        told = out.getvalue()
        if len(told) <= size:
            break
    return told

"""A camera before which cards are held: it paints their codes as a poor camera sees them."""

from io import BytesIO

import segno
from PIL import Image, ImageChops, ImageFilter
from PySide6.QtGui import QImage

from stepdesk.ui.overriding import override
from stepdesk.ui.widgets.camera import Source

TABLE = 150  # the grey of what lies behind the cards


def picture_of(
    *codes: str,
    scale: int = 5,
    turned: float = 9,
    blur: float = 1,
    noise: float = 20,
    size: tuple[int, int] = (640, 480),
) -> QImage:
    """Return what a camera sees of cards side by side: turned, blurred, with noise.

    Args:
        codes: What each card says.
        scale: Pixels of a module.
        turned: Degrees.
        blur: Pixels.
        noise: Grey levels.
        size: Width and height.
    """
    seen = Image.new("L", size, TABLE)
    for at, code in enumerate(codes):
        drawn = BytesIO()
        made = segno.make(code, error="m", mask=2, micro=False, boost_error=False)
        made.save(drawn, kind="png", scale=scale, border=4)
        card = Image.open(drawn).convert("L").rotate(turned, expand=True, fillcolor=TABLE)
        seen.paste(card, (30 + at * size[0] // 2, 120))
    seen = seen.filter(ImageFilter.GaussianBlur(blur))
    seen = ImageChops.add(seen, Image.effect_noise(size, noise), 1, -128)
    form = QImage.Format.Format_Grayscale8
    return QImage(seen.tobytes(), *size, size[0], form).convertToFormat(QImage.Format.Format_RGB32)


class Camera(Source):
    """Sees the cards it is told to, a picture for each call of `see`."""

    def __init__(self) -> None:
        super().__init__()
        self.running = False

    @override
    def start(self) -> None:
        self.running = True

    @override
    def stop(self) -> None:
        self.running = False

    def see(self, picture: QImage) -> None:
        self.seen.emit(picture)


class Cameras:
    """Gives out a camera whenever one is asked for, and the time that passes before it."""

    def __init__(self) -> None:
        self.there = True
        self.made: list[Camera] = []
        self.now = 100.0

    def is_there(self) -> bool:
        return self.there

    def found(self, _apart: float = 0) -> Source:
        if not self.there:
            raise LookupError
        self.made.append(Camera())
        return self.made[-1]

    def clock(self) -> float:
        return self.now

    @property
    def running(self) -> list[Camera]:
        return [one for one in self.made if one.running]

    def hold(self, *codes: str, seconds: float = 0.2) -> None:
        """Hold these cards before the camera: one picture, and then time passes."""
        (here,) = self.running
        here.see(picture_of(*codes))
        self.now += seconds

    def pull_out(self) -> None:
        self.there = False
        (here,) = self.running
        here.lost.emit()

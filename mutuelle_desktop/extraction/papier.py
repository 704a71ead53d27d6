"""From the picture of a paper to a flat, upright, evenly lit sheet that can be read."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

LARGEUR_FEUILLE = 1650
"""Pixels across a sheet cut out of a photo: about 200 dpi on A4, where Tesseract reads photos best, as measured."""
_BLANC, _BLANC_MAX, _GRAIN = 272.0, 330.0, 2.5
"""Where a page's background is brought, a little above white so that the grain of the paper goes; and, for papers with
more grain than that, how many times the grain's own deviation above white, at most where."""
_SMALL = 480
_BORD = 25
"""Least step of brightness, of 255, between a sheet and what it lies on."""


@dataclass(frozen=True, slots=True)
class Feuille:
    """A sheet cut out of a picture, and the eight coefficients that lead back to it."""

    image: Image.Image
    retour: tuple[float, ...]

    def back(self, x: float, y: float) -> tuple[float, float]:
        """Return the point of the whole picture that a point of the sheet comes from."""
        a, b, c, d, e, f, g, h = self.retour
        scale = g * x + h * y + 1
        return (a * x + b * y + c) / scale, (d * x + e * y + f) / scale


IDENTITE = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)


def cut_sheet(picture: Image.Image) -> Feuille:
    """Cut the sheet out of a photo, its perspective undone; the whole photo when no sheet stands out."""
    grey = picture.convert("L")
    corners = _corners(grey)
    if corners is None:
        return Feuille(grey, IDENTITE)
    top = (_distance(corners[0], corners[1]) + _distance(corners[3], corners[2])) / 2
    side = (_distance(corners[0], corners[3]) + _distance(corners[1], corners[2])) / 2
    across = round(min(LARGEUR_FEUILLE * max(1.0, top / max(side, 1)), max(top, 1000)))
    down = round(across * side / max(top, 1))
    target = ((0, 0), (across, 0), (across, down), (0, down))
    back = _perspective(target, corners)
    flat = grey.transform((across, down), Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC)
    return Feuille(flat, back)


def flatten(grey: Image.Image) -> Image.Image:
    """Divide a page by its own background, so that shadows and yellowed paper become white."""
    small = grey.resize((max(1, grey.width // 8), max(1, grey.height // 8)), Image.Resampling.BOX)
    paper = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(6))
    paper = paper.resize(grey.size, Image.Resampling.BILINEAR)
    light = np.maximum(np.asarray(paper, dtype=np.float32), 40.0)
    page = np.asarray(grey, dtype=np.float32)
    even = page * (_white(page[::3, ::3] / light[::3, ::3]) / light)
    return Image.fromarray(np.clip(even, 0, 255).astype(np.uint8))


def _white(paper: Any) -> float:
    """Return where to bring the background of a page, of which samples are given as shares of it.

    Grain left below white is ink to Tesseract: it spends minutes on a blank page, and loses the few words of a faint one.
    """
    deviation = 1.4826 * float(np.median(np.abs(paper - np.median(paper))))
    return min(_BLANC_MAX, max(_BLANC, 255 * (1 + _GRAIN * deviation)))


def skew_of(grey: Image.Image, limit: float = 5.0) -> float:
    """Return the angle in degrees by which a page leans, 0 when it cannot be told."""
    scale = 800 / max(grey.size)
    small = grey.resize((max(1, round(grey.width * scale)), max(1, round(grey.height * scale))), Image.Resampling.BOX)
    ink = Image.eval(small, lambda v: 255 if v < 160 else 0)
    if not 0 < (np.asarray(ink) > 0).mean() < 0.5:
        return 0.0
    rough = ink.reduce(2)
    coarse = max(np.arange(-limit, limit + 0.1, 0.5), key=lambda angle: _sharpness(rough, angle))
    near = max(coarse + np.arange(-0.6, 0.7, 0.2), key=lambda angle: _sharpness(ink, angle))
    best = max(near + np.arange(-0.1, 0.2, 0.1), key=lambda angle: _sharpness(ink, angle))
    return float(best) if _sharpness(ink, best) > 1.15 * _sharpness(ink, 0.0) else 0.0


def _sharpness(ink: Image.Image, angle: float) -> float:
    """Tell how much the rows of a page differ once it is turned: most when its lines of text lie flat."""
    rows = np.asarray(ink.rotate(float(angle), Image.Resampling.BILINEAR), dtype=np.float32).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())


def _corners(grey: Image.Image) -> tuple[tuple[float, float], ...] | None:
    """Return the four corners of a bright sheet on a darker ground, from top left clockwise."""
    scale = _SMALL / max(grey.size)
    small = grey.resize((max(1, round(grey.width * scale)), max(1, round(grey.height * scale))), Image.Resampling.BOX)
    smooth = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(3))
    pixels = np.asarray(smooth)
    mask = _biggest(pixels > _otsu(pixels))
    share = mask.mean()
    if not 0.2 < share < 0.97:
        return None
    ys, xs = np.nonzero(mask)
    plus, minus = xs + ys, xs - ys
    picks = (plus.argmin(), minus.argmax(), plus.argmax(), minus.argmin())
    corners = [(float(xs[i]), float(ys[i])) for i in picks]
    hull = _area(corners)
    if hull < 0.2 * mask.size or mask.sum() < 0.8 * hull or _touches_all(corners, small.size):
        return None
    if not _has_edges(pixels, corners):
        return None
    return tuple((x / scale, y / scale) for x, y in corners)


def _touches_all(corners: list[tuple[float, float]], size: tuple[int, int]) -> bool:
    return all(min(x, size[0] - 1 - x) < 3 and min(y, size[1] - 1 - y) < 3 for x, y in corners)


def _has_edges(pixels: Any, corners: list[tuple[float, float]]) -> bool:
    """Tell whether the paper ends sharply at each side within the picture, as a shadow lying across it does not."""
    down, across = pixels.shape
    light = pixels.astype(np.float32)
    middle = np.mean(corners, axis=0)
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        points = np.array(start) + np.linspace(0.1, 0.9, 25)[:, None] * (np.array(end) - np.array(start))
        along = np.array(end) - np.array(start)
        normal = np.array([-along[1], along[0]]) / max(1.0, float(np.hypot(*along)))
        if np.dot(normal, middle - points[12]) > 0:
            normal = -normal
        outside, inside = np.rint(points + 9 * normal).astype(int), np.rint(points - 9 * normal).astype(int)
        there = (outside >= 0).all(axis=1) & (outside < (across, down)).all(axis=1)
        there &= (inside >= 0).all(axis=1) & (inside < (across, down)).all(axis=1)
        if there.sum() < 5:
            continue
        step = light[inside[there, 1], inside[there, 0]] - light[outside[there, 1], outside[there, 0]]
        if np.median(step) < _BORD:
            return False
    return True


def _biggest(mask: Any) -> Any:
    """Keep the part of a mask that is connected to its densest place, by growing it inside the mask."""
    rows, columns = mask.sum(axis=1), mask.sum(axis=0)
    if not mask.any():
        return mask
    seed = np.zeros_like(mask)
    y = int(np.average(np.arange(len(rows)), weights=rows))
    x = int(np.average(np.arange(len(columns)), weights=columns))
    seed[max(0, y - 10) : y + 10, max(0, x - 10) : x + 10] = True
    grown = seed & mask
    for _ in range(2000):
        wider = grown.copy()
        wider[1:] |= grown[:-1]
        wider[:-1] |= grown[1:]
        wider[:, 1:] |= grown[:, :-1]
        wider[:, :-1] |= grown[:, 1:]
        wider &= mask
        if (wider == grown).all():
            break
        grown = wider
    return grown


def _otsu(pixels: Any) -> int:
    counts = np.bincount(pixels.ravel(), minlength=256).astype(np.float64)
    levels = np.arange(256)
    below, total = counts.cumsum(), counts.sum()
    mean_below = (counts * levels).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (mean_below[-1] * below / total - mean_below) ** 2 / (below * (total - below))
    return int(np.nan_to_num(between).argmax())


def _area(points: list[tuple[float, float]]) -> float:
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def _distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(np.hypot(a[0] - b[0], a[1] - b[1]))


def _perspective(source: Any, target: Any) -> tuple[float, ...]:
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return tuple(float(v) for v in np.linalg.solve(np.array(rows, float), np.array(values, float)))

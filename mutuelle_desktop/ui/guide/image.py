"""A picture of the manual: as wide as the text, in the colours in force, and the words that replace it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from mutuelle_desktop.storage.resources import resource
from mutuelle_desktop.ui.theme import theme


class Image(QWidget):
    """One picture of resources/manuel/, never larger than it was taken."""

    def __init__(self, name: str, alt: str) -> None:
        super().__init__()
        self._picture = QPixmap(resource(f"manuel/{theme().ton}/{name}.png").as_posix())
        self.setAccessibleName(alt)
        self.setToolTip(alt)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @override
    def sizeHint(self) -> QSize:
        return self._picture.size() + QSize(2, 2)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(160), 40)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        wide = self._picture.width()
        return round(self._picture.height() * min(1.0, max(1, width - 2) / max(1, wide))) + 2

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture.isNull():
            return
        scale = min(1.0, (self.width() - 2) / self._picture.width())
        frame = QRectF(1, 1, self._picture.width() * scale, self._picture.height() * scale)
        outline = QPainterPath()
        outline.addRoundedRect(frame, 8, 8)
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipPath(outline)
        painter.drawPixmap(frame.toRect(), self._scaled(frame.toRect().size()))
        painter.setClipping(False)
        painter.setPen(QPen(theme().color("trait"), 1))
        painter.drawPath(outline)

    def _scaled(self, size: QSize) -> QPixmap:
        """Return the picture at this size, drawn once: it is not scaled again at each scroll."""
        ratio = self.devicePixelRatioF()
        wanted = QSize(round(size.width() * ratio), round(size.height() * ratio))
        held: QPixmap | None = getattr(self, "_held", None)
        if held is None or held.size() != wanted:
            held = self._picture.scaled(
                wanted, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._held = held
        return held

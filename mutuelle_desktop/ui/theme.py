"""Colours, type sizes and icons: the only place that sets a style."""

import tomllib
from functools import cache
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from mutuelle_desktop.storage.resources import resource

CORPS = 14
"""Pixels of body text at 100 %."""
TABULAR = QFont.Tag("tnum")
"""Figures of one width, so that amounts and dates line up."""
FONTS = ("Noto Sans", "Open Sans", "Liberation Sans")
PLAIN_FONTS = ("DejaVu Sans", "Bitstream Vera Sans", "Sans Serif", "Sans")
"""What is preferred, when it is installed, to the last resort of a system that chose no font of its own."""

COTES = (16, 18, 20, 48)
"""Sides of an icon in a line of text, a button, a tab and an empty place, in pixels at 100 %."""
LARGEST = 144
"""Side in real pixels that serves whatever is larger: a screen of another density, a text made larger since."""
APPLICATION, APPLICATION_SIDES = "application", (16, 24, 32, 48, 64, 128, 256)
"""The icon of the program, in its own colours, and the sides a desktop asks for."""


class Theme(QObject):
    """The look in force; changed fires when colours or sizes change."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode, self.ton = "système", "clair"
        self.echelle = 100
        self._colors: dict[str, str] = _palette("clair")
        self._icons: dict[tuple[str, str], QIcon] = {}

    def apply(self, mode: str, echelle: int) -> None:
        """Put on « clair », « sombre » or « système », with text at this many per cent."""
        self.mode, self.echelle = mode, echelle
        hints = QGuiApplication.styleHints()
        if mode == "système":
            hints.colorSchemeChanged.connect(self._follow, Qt.ConnectionType.UniqueConnection)
        dark = mode == "sombre" or (mode == "système" and hints.colorScheme() == Qt.ColorScheme.Dark)
        self.ton = ton = "sombre" if dark else "clair"
        self._colors = _palette(ton)
        self._icons.clear()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.setStyle("Fusion")
        app.setPalette(self._qpalette())
        font = app.font()
        if font.family() in PLAIN_FONTS:
            font.setFamilies([*FONTS, font.family()])
        font.setPixelSize(self.px(CORPS))
        font.setFeature(TABULAR, 1)
        app.setFont(font)
        drawings = resource("themes").as_posix()
        app.setStyleSheet(_template().format(**self._colors, **self._sizes(), ton=ton, dessins=drawings))
        for widget in app.allWidgets():
            worn = widget.property("icone")
            if worn:
                self.wear(widget, *worn)
        self.changed.emit()
        for widget in app.allWidgets():  # what a layout holds of the sizes before would cut the text of now
            widget.updateGeometry()

    def color(self, name: str) -> QColor:
        """Return a colour by its role."""
        return QColor(self._colors[name])

    def px(self, size: float) -> int:
        """Return a size in pixels at the text size in force."""
        return round(size * self.echelle / 100)

    def icon(self, name: str, role: str = "encre2") -> QIcon:
        """Return a one-colour icon tinted with a role."""
        key = (name, role)
        if key not in self._icons:
            drawing = resource(f"icons/{name}.svg").read_bytes().replace(b"#000", self._colors[role].encode())
            self._icons[key] = _icon(drawing, self._sides())
        return self._icons[key]

    def application_icon(self) -> QIcon:
        """Return the icon of the program in its own colours, for the window and the desktop."""
        return _icon(resource(f"icons/{APPLICATION}.svg").read_bytes(), APPLICATION_SIDES)

    def wear(self, widget: Any, name: str, role: str = "encre2") -> None:
        """Give a button an icon that follows the look."""
        widget.setIcon(self.icon(name, role))
        widget.setProperty("icone", (name, role))
        side = widget.property("cote")
        if side:
            widget.setIconSize(QSize(self.px(side), self.px(side)))

    def _sides(self) -> tuple[int, ...]:
        """Return the sides, in real pixels, at which an icon may be shown on the screens there are."""
        densities = {1.0, *(screen.devicePixelRatio() for screen in QGuiApplication.screens())}
        worn = {round(self.px(side) * density) for side in COTES for density in densities}
        return tuple(sorted(worn | {round(16 * density) for density in densities} | {LARGEST}))

    def _follow(self) -> None:
        if self.mode == "système":
            self.apply(self.mode, self.echelle)

    def _sizes(self) -> dict[str, int]:
        return {"t_petit": self.px(12.5), "t_corps": self.px(CORPS), "t_carte": self.px(15.5), "t_titre": self.px(21),
                "p4": self.px(4), "p6": self.px(6), "p8": self.px(8), "p12": self.px(12), "p16": self.px(16),
                "p28": self.px(28), "p32": self.px(32)}  # fmt: skip

    def _qpalette(self) -> QPalette:
        palette = QPalette()
        for role, name in (
            (QPalette.ColorRole.Window, "fond"),
            (QPalette.ColorRole.Base, "surface"),
            (QPalette.ColorRole.AlternateBase, "surface2"),
            (QPalette.ColorRole.Text, "encre"),
            (QPalette.ColorRole.WindowText, "encre"),
            (QPalette.ColorRole.Button, "surface"),
            (QPalette.ColorRole.ButtonText, "encre"),
            (QPalette.ColorRole.Highlight, "accent_doux"),
            (QPalette.ColorRole.HighlightedText, "encre"),
            (QPalette.ColorRole.PlaceholderText, "encre2"),
            (QPalette.ColorRole.ToolTipBase, "surface"),
            (QPalette.ColorRole.ToolTipText, "encre"),
            (QPalette.ColorRole.Link, "info"),
            (QPalette.ColorRole.Mid, "trait"),
            (QPalette.ColorRole.Accent, "accent"),
        ):
            palette.setColor(role, self.color(name))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
            faded = self.color("encre2")
            faded.setAlpha(150)
            palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
        return palette


@cache
def theme() -> Theme:
    """Return the one look of the application."""
    return Theme()


@cache
def _palette(name: str) -> dict[str, str]:
    return dict(tomllib.loads(resource(f"themes/{name}.toml").read_text("utf-8")))


@cache
def _template() -> str:
    return resource("themes/style.qss").read_text("utf-8")


def _icon(drawing: bytes, sides: tuple[int, ...]) -> QIcon:
    """Return an icon drawn once for each of these sides, in real pixels: none is ever blown up."""
    renderer = QSvgRenderer(QByteArray(drawing))
    icon = QIcon()
    for side in sides:
        picture = QPixmap(QSize(side, side))
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        renderer.render(painter)
        painter.end()
        icon.addPixmap(picture)
    return icon

"""Numbers typed as people write them in French: millimetres with a comma, how many characters a box takes."""

from PySide6.QtWidgets import QLineEdit

from mutuelle_desktop.domain.errors import Refused

_MOST = 20
"""Millimetres: beyond, the paper is not in its place and no offset mends that."""


class MillimetresField(QLineEdit):
    """A length with its sign, in millimetres; empty means none."""

    def __init__(self, value: float = 0) -> None:
        super().__init__()
        self.setPlaceholderText("0\u00a0mm")
        self.show_value(value)

    def show_value(self, value: float) -> None:
        """Write a length."""
        said = f"{abs(value):g}".replace(".", ",")
        self.setText(f"{'−' if value < 0 else ''}{said}\u00a0mm" if value else "")

    def value(self) -> float:
        """Return the length, or raise Refused in French."""
        typed = self.text().lower().replace("mm", "").replace("−", "-").replace("–", "-").replace(",", ".")
        typed = "".join(typed.split())
        if not typed:
            return 0.0
        try:
            found = float(typed)
        except ValueError:
            raise Refused(
                f"Ce nombre n’est pas compris\u00a0: «\u00a0{self.text()}\u00a0». Écrivez par exemple 1,5."
            ) from None
        if not abs(found) <= _MOST:
            raise Refused(f"Un décalage de plus de {_MOST}\u00a0mm ne se corrige pas ainsi\u00a0: replacez le papier.")
        return found


class LimiteField(QLineEdit):
    """How many characters a box takes; empty, or anything that is not a number, means that it is not known."""

    def __init__(self, value: int) -> None:
        super().__init__(str(value) if value else "")
        self.setPlaceholderText("par exemple 3000")

    def value(self) -> int:
        """Return the limit, 0 when it is not known."""
        typed = "".join(self.text().split()).lower().removesuffix("caractères")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 8 else 0

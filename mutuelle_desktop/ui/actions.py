"""Actions as data: menus, shortcuts, the palette and the keyboard sheet are all built from these rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """One thing that can be done; texte ends with … when it opens a dialog, enabled tells whether it can be now."""

    id: str
    texte: str
    run: Callable[[], Any]
    menu: str
    icon: str = ""
    shortcut: str = ""
    enabled: Callable[[], bool] = lambda: True
    label: Callable[[], str] | None = None

    @property
    def shown(self) -> str:
        """Return the text of the moment."""
        return self.label() if self.label else self.texte

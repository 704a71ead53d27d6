"""Failures told to the user; any other exception is a bug.

AppError            its text, in French, is for the user: what happened, then what to do
├── Refused         a rule says no
├── Unreadable      this file cannot be read
│   └── Protege     it needs a password first
├── Unavailable     disk full, locked, read-only, folder gone
└── TooNew          library made by a newer version
Cancelled           the user stopped: say nothing
"""


class AppError(Exception):
    """A failure whose text, in French, is meant for the user."""


class Refused(AppError):
    """A rule of the field, or of safety, forbids what was asked."""


class Unreadable(AppError):
    """A file cannot be understood."""


class Protege(Unreadable):
    """A file opens only with a password that is not known yet."""


class Unavailable(AppError):
    """The disk, the folder or the library cannot serve now."""


class TooNew(AppError):
    """The library was made by a newer version of the program."""


class Cancelled(Exception):
    """The user stopped the work; there is nothing to tell."""

"""The disk's and the base's known failures, told in French; anything else is a bug and goes through."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc
from sqlcipher3 import dbapi2

from mutuelle_desktop.domain.errors import Unavailable

_FULL = "Le disque est plein : rien n’a été changé. Libérez de la place, puis réessayez."
_DENIED = (
    "Le dossier des données ne peut pas être ouvert en écriture : rien n’a été changé. Vérifiez qu’il existe, que le "
    "disque est branché et que vous avez le droit d’y écrire."
)
_DISK = (
    "Le disque n’a pas répondu comme il faut : rien n’a été changé. Vérifiez qu’il est branché et qu’il y reste de la "
    "place, puis réessayez."
)
_SENTENCES = {
    "SQLITE_FULL": _FULL,
    "SQLITE_BUSY": "Ces données sont déjà ouvertes par un autre programme. Fermez-le, puis réessayez : rien n’a été "
    "changé.",
    "SQLITE_READONLY": _DENIED,
    "SQLITE_CANTOPEN": _DENIED,
    "SQLITE_PERM": _DENIED,
    "SQLITE_AUTH": _DENIED,
    "SQLITE_NOTADB": "La base de vos données est abîmée, ou ce n’est pas une base de Mutuelle Desktop : elle n’a pas "
    "été modifiée. Restaurez une sauvegarde.",
    "SQLITE_CORRUPT": "La base de vos données est abîmée, ou le disque la lit mal : rien n’a été changé. Relancez le "
    "programme ; si cela recommence, restaurez une sauvegarde.",
    "SQLITE_IOERR": _DISK,
    "SQLITE_PROTOCOL": _DISK,
    "SQLITE_NOLFS": _DISK,
}


@contextmanager
def told() -> Iterator[None]:
    """Turn the base's known failures into sentences."""
    try:
        yield
    except (dbapi2.Error, exc.DBAPIError) as error:
        cause = error.orig if isinstance(error, exc.DBAPIError) else error
        sentence = sentence_of(str(getattr(cause, "sqlite_errorname", "")))
        if sentence is None:
            raise
        raise Unavailable(sentence) from error


def sentence_of(code: str) -> str | None:
    """Return the sentence for an SQLite error by its name; None when it can only be a bug."""
    return next((sentence for start, sentence in _SENTENCES.items() if code.startswith(start)), None)


def unavailable(error: OSError) -> Unavailable:
    """Return the sentence for what the disk or the system refused."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Unavailable(_FULL)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.ENODEV):
        return Unavailable(_DENIED)
    return Unavailable(_DISK)

"""What every verb must do: change what it says, refuse in French without a trace, be undone and done again."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import pytest

from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, Page
from mutuelle_desktop.domain.errors import AppError, Refused
from mutuelle_desktop.storage.history import READINGS
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.schema import TABLE_OF

Result = TypeVar("Result")
TODAY = date(2026, 11, 23)


def facts(library: Library) -> dict[str, Any]:
    """Return everything undo answers for: every value of the library and every word of the index."""
    with library.read() as db:
        kept = {kind.__name__: {v.id: v for v in db.all(kind)} for kind in TABLE_OF if kind not in READINGS}
        return {**kept, "mots": db.raw("SELECT term, doc, cnt FROM mot ORDER BY term").fetchall()}


def carried_out(library: Library, label: str, act: Callable[[], Result]) -> Result:
    """Check that a verb has an effect under this label, is undone to the letter, and done again to the letter."""
    before = facts(library)
    result = act()
    after = facts(library)
    assert after != before, "no effect"
    assert spaced(library.undo_label or "") == label
    assert spaced(library.undo() or "") == label
    assert facts(library) == before, "not undone"
    assert spaced(library.redo() or "") == label
    assert facts(library) == after, "not done again"
    return result


def refused(library: Library, said: str, act: Callable[[], object], kind: type[AppError] = Refused) -> str:
    """Check that a verb says no in a French sentence holding these words, and leaves everything as it was."""
    before, label = facts(library), library.undo_label
    with pytest.raises(kind) as caught:
        act()
    sentence = spaced(str(caught.value))
    assert said in sentence
    assert sentence[0].isupper() or sentence[0] == "«"
    assert sentence.endswith((".", "»"))
    assert "(s)" not in sentence
    assert facts(library) == before, "refused, but changed"
    assert library.undo_label == label
    return sentence


def spaced(text: str) -> str:
    """Return a text with plain spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def paper(library: Library, titre: str = "Facture", *pages: str, label: str = "Ajouter", **said: Any) -> Document:
    """Put a document that was read already, without a byte in the safe: for all that does not open it."""
    number = f"{abs(hash((titre, pages, tuple(said.items())))):016x}"
    mark = (number * 3)[:40]
    document = Document(titre=titre, nom=f"{titre}.pdf", empreinte=mark, **said)
    with library.write(label) as db:
        db.put(Fichier(id=mark, sha256="cd" * 32, taille=1, mime="application/pdf"))
        db.put(Lecture(id=mark, etat=EtatLecture.LU, pages=len(pages), pages_lues=len(pages)))
        db.put_all(
            Page(id=f"{mark}:{n}", empreinte=mark, numero=n, largeur=595, hauteur=842, texte=text)
            for n, text in enumerate(pages, start=1)
        )
        db.put(document)
    return document


def get(library: Library, kind: type[Result], key: str) -> Result:
    """Return one value that must be there."""
    with library.read() as db:
        found = db.get(kind, key)
    assert found is not None
    return found


def every(library: Library, kind: type[Result]) -> list[Result]:
    """Return all values of a kind."""
    with library.read() as db:
        return db.all(kind)

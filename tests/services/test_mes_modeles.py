"""Models and phrases of one's own: kept, changed, forgotten, undone."""

from dataclasses import replace

from mutuelle_desktop.domain.contrat import NatureOrganisme
from mutuelle_desktop.domain.courrier import Bloc, Fragment
from mutuelle_desktop.services.mes_modeles import (
    copy_modele,
    delete_modele,
    delete_phrase,
    keep_phrase,
    mes_modeles,
    phrases,
    save_modele,
)
from tests.services.aides import carried_out, refused

CORPS = (Bloc(lignes=((Fragment(texte="Je vous remercie."),),)),)


def test_a_model_is_copied_changed_and_forgotten(library):
    copied = carried_out(
        library,
        "Copier le modèle « Mise en demeure (copie) »",
        lambda: copy_modele(library, "C7", NatureOrganisme.MUTUELLE),
    )
    assert (copied.origine, copied.origine_version) == ("C7", 1)
    mine = replace(copied, titre=" À moi ")
    carried_out(library, "Enregistrer le modèle « À moi »", lambda: save_modele(library, mine))
    copy_modele(library, "A1")
    assert [m.titre for m in mes_modeles(library)] == ["À moi", "Demande de remboursement (copie)"]
    carried_out(library, "Supprimer le modèle « À moi »", lambda: delete_modele(library, copied.id))
    assert [m.origine for m in mes_modeles(library)] == ["A1"]


def test_a_phrase_is_kept_and_forgotten(library):
    kept = carried_out(library, "Garder la phrase « Merci »", lambda: keep_phrase(library, "Merci", CORPS, "Fin"))
    keep_phrase(library, "Début", CORPS)
    assert [p.titre for p in phrases(library)] == ["Début", "Merci"]
    carried_out(library, "Supprimer la phrase « Merci »", lambda: delete_phrase(library, kept.id))
    assert [p.titre for p in phrases(library)] == ["Début"]


def test_what_is_empty_is_refused(library):
    refused(library, "Choisissez d’abord", lambda: keep_phrase(library, "x", ()))
    refused(library, "Donnez un titre", lambda: keep_phrase(library, " ", CORPS))
    refused(library, "n’existe plus", lambda: copy_modele(library, "Z9"))

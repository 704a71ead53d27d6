"""One’s own phrases and models through their windows."""

import pytest

from mutuelle_desktop.domain.courrier import Bloc, Fragment, GenreBloc
from mutuelle_desktop.services import courriers, mes_modeles
from mutuelle_desktop.ui.courriers.corps import corps_of, edited, text_of
from tests.ui.courriers_aides import (
    N,
    accept,
    draft,
    frozen,
    move,
    verbs,
)
from tests.ui.maison import TODAY, fill


@pytest.fixture
def papers(foyer, tmp_path):
    return move(foyer, tmp_path)


@pytest.fixture
def letter(foyer, papers):
    return frozen(foyer, papers)


def test_phrases_are_kept_put_in_a_letter_changed_and_forgotten(foyer):
    bold = (Bloc(lignes=((Fragment(texte="Merci de "), Fragment(texte="répondre", gras=True)),)),)
    does, put = verbs(foyer), []
    foyer.answers.forms.append(fill(Titre="Réponse", Famille="Fins"))
    does.keep_phrase(bold)
    assert [p.corps for p in mes_modeles.phrases(foyer.library)] == [bold], (
        "opened and kept, nothing of its look is lost"
    )

    def shelf(dialog):
        assert "Merci de répondre" in dialog.view.toPlainText()
        foyer.click("Nouvelle phrase…", dialog)
        foyer.click("Modifier…", dialog)
        dialog.list.setCurrentRow(0)
        foyer.click("Mettre dans la lettre", dialog)

    def rename(dialog):
        fill(Titre="Zut, plus tard")(dialog)

    foyer.answers.forms += [shelf, fill(Titre="Autre", Texte="- un\n- deux {soins.date}"), rename]
    does.manage_phrases(put.append)
    kept_now = {p.titre: p.corps for p in mes_modeles.phrases(foyer.library)}
    assert set(kept_now) == {"Réponse", "Zut, plus tard"}
    assert kept_now["Zut, plus tard"][0].genre is GenreBloc.PUCES
    assert kept_now["Zut, plus tard"][0].lignes[1][-1].champ == "soins.date"
    assert len(put) == 1

    def forget(dialog):
        dialog.list.setCurrentRow(0)
        foyer.click("Supprimer", dialog)
        foyer.click("Fermer", dialog)

    foyer.answers.forms.append(forget)
    does.manage_phrases()
    assert len(mes_modeles.phrases(foyer.library)) == 1
    foyer.action("annuler")
    assert len(mes_modeles.phrases(foyer.library)) == 2
    does.keep_phrase(())
    assert "Choisissez d’abord" in foyer.told[-1]


def test_models_are_copied_written_afresh_made_from_a_letter_and_begun_from(foyer, papers):
    does, begun = verbs(foyer), []

    def shelf(dialog):
        foyer.click("Copier un modèle du programme…", dialog)
        foyer.click("Nouveau modèle…", dialog)
        names = [dialog.list.item(n).text() for n in range(dialog.list.count())]
        dialog.list.setCurrentRow(next(n for n, name in enumerate(names) if name.startswith("Le mien")))
        foyer.click("Écrire une lettre", dialog)

    afresh = fill(
        Titre="Le mien", Objet="Demande", Texte="Bonjour {soins.date}.\n\nMerci.",
        Cette_lettre_est="Une demande",
    )  # fmt: skip
    foyer.answers.forms += [shelf, accept, afresh]
    does.manage_models(begun.append)
    held = {m.titre: m for m in mes_modeles.mes_modeles(foyer.library)}
    assert len(held) == 2
    assert begun == [held["Le mien"].id]
    assert (held["Le mien"].nature_evenement, held["Le mien"].reclamation) == (N.DEMANDE, False)
    letter = courriers.create_courrier(foyer.library, modele=begun[0], dossier_id="couronne", today=TODAY)
    assert letter.corps[0].lignes[0][1].champ == "soins.date"
    written = draft(foyer, papers)
    foyer.answers.forms.append(fill(Titre="De ma lettre"))
    does.keep_as_model(written.id)
    made = next(m for m in mes_modeles.mes_modeles(foyer.library) if m.titre == "De ma lettre")
    assert all(not f.piece for bloc in made.corps for line in bloc.lignes for f in line)


def test_the_text_of_a_body_comes_back_the_same():
    known = {"soins.date"}
    for corps in (
        (Bloc(lignes=((Fragment(texte="Un "), Fragment(champ="soins.date"), Fragment(texte=".")),)),),
        (Bloc(genre=GenreBloc.NUMEROS, lignes=((Fragment(texte="a"),), (Fragment(texte="b"),))),),
        (Bloc(genre=GenreBloc.TABLEAU, lignes=((Fragment(texte="Soin"), Fragment(texte="Montant")),
                                               (Fragment(texte="Couronne"), Fragment(champ="soins.date")))),),
    ):  # fmt: skip
        assert corps_of(text_of(corps), known) == corps
        assert edited(corps, text_of(corps), known) is corps
    assert corps_of("Prix {inconnu}", known)[0].lignes[0][0].texte == "Prix {inconnu}"

"""What cannot be is refused with a sentence; what is doubtful is told; what is right says nothing."""

import pytest

from mutuelle_desktop.domain.echeance import check_evenement
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Canal, Sens
from mutuelle_desktop.domain.personne import Personne
from tests.domain.histoires import N, ev, jour

TODAY = jour("24/11/2026")
DEM = ev(N.DEMANDE, "01/10/2026", id="dem")
MED = ev(N.MISE_EN_DEMEURE, "01/10/2026", canal=Canal.RECOMMANDE, id="med")
SAI = ev(N.SAISINE, "01/10/2026", id="sai")


@pytest.mark.parametrize(
    ("event", "others", "mots"),
    [
        (ev(N.SOINS, "25/11/2026"), [], "pas encore arrivé"),
        (ev(N.SOINS, "01/01/1890"), [], "1890"),
        (ev(N.SOINS, "01/01/2010"), [], "naissance de Jules"),
        (ev(N.ECHANGE, "10/10/2026", promis_le="09/10/2026"), [DEM], "précède celui où il a été annoncé"),
        (ev(N.REPONSE, "30/09/2026", suite_de="dem"), [DEM], "qu’il suit pourtant"),
        (ev(N.DISTRIBUE, "30/09/2026", suite_de="med"), [MED], "avant son envoi"),
        (ev(N.DEMANDE, "20/10/2026", id="dem"), [ev(N.REPONSE, "10/10/2026", suite_de="dem")], "qu’il suit pourtant"),
        (ev(N.SAISINE_NOTIFIEE, "30/09/2026"), [SAI], "médiateur saisi"),
        (ev(N.PAIEMENT, "10/10/2026", montant="-5"), [DEM], "somme positive"),
        (ev(N.NOTE, "10/10/2026", id="x", suite_de="x"), [], "propre suite"),
    ],
)
def test_what_cannot_be_is_refused(event, others, mots):
    jules = Personne(prenom="Jules", nom="Bessière", naissance=jour("14/05/2012"))
    with pytest.raises(Refused, match=mots):
        check_evenement(event, others, TODAY, jules)


@pytest.mark.parametrize(
    ("event", "others", "mots"),
    [
        (ev(N.SOINS, "01/10/2012"), [], "plus de dix ans"),
        (ev(N.REPONSE, "30/09/2026"), [DEM], "précède la première demande"),
        (ev(N.ACCUSE, "30/09/2026"), [], "Rien n’a été demandé"),
        (ev(N.DECOMPTE_SECU, "01/09/2026"), [ev(N.SOINS, "02/09/2026")], "précède les soins"),
        (ev(N.COMPLEMENT, "10/10/2026", suite_de="p"),
         [ev(N.PIECE_DEMANDEE, "01/10/2026", promis_le="05/10/2026", id="p")], "après le jour"),
        (ev(N.RECLAMATION, "02/10/2026"), [SAI], "avant lui"),
        (SAI, [], "Aucune réclamation écrite"),
        (SAI, [ev(N.RECLAMATION, "02/10/2026")], "Aucune réclamation écrite"),
        (SAI, [ev(N.RECLAMATION, "01/08/2026")], "prématurée"),
        (SAI, [ev(N.RECLAMATION, "30/09/2025")], "plus d’un an"),
        (ev(N.JUSTICE, "01/10/2026"), [], "tentative d’accord"),
        (ev(N.MEDIATION_TERMINEE, "02/10/2026"), [ev(N.MEDIATION_ACCEPTEE, "03/10/2026")], "avant d’avoir été acceptée"),
        (ev(N.DISTRIBUE, "04/10/2026", suite_de="med"), [MED], "dimanche"),
        (ev(N.DISTRIBUE, "05/10/2026"), [MED], "Choisissez la lettre"),
        (ev(N.DISTRIBUE, "05/10/2026", suite_de="dem"), [DEM], "pas notée comme recommandée"),
        (ev(N.AVIS_RECEPTION, "23/11/2026", suite_de="med"), [ev(N.MISE_EN_DEMEURE, "01/09/2026", id="med",
         canal=Canal.RECOMMANDE)], "Deux mois"),
        (ev(N.DEMANDE, "01/10/2026", id="autre"), [DEM], "déjà noté"),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_told(event, others, mots):
    assert any(mots in doubt for doubt in check_evenement(event, others, TODAY))


@pytest.mark.parametrize(
    ("event", "others"),
    [
        (ev(N.SITUATION, "01/01/2027"), []),
        (ev(N.REPONSE, "10/10/2026", suite_de="dem"), [DEM]),
        (SAI, [ev(N.RECLAMATION, "31/07/2026")]),
        (SAI, [ev(N.RECLAMATION, "01/09/2026"), ev(N.REFUS_DEFINITIF, "20/09/2026")]),
        (ev(N.JUSTICE, "01/10/2026"), [ev(N.CONCILIATION, "01/09/2026")]),
        (ev(N.DISTRIBUE, "03/10/2026", suite_de="med"), [MED]),
        (ev(N.PAIEMENT, "03/10/2026", sens=Sens.ENVOYE, montant="40"), [DEM]),
        (ev(N.ECHANGE, "01/10/2026", promis_le="01/10/2026"), [DEM]),
    ],
)
def test_what_is_right_says_nothing(event, others):
    assert check_evenement(event, others, TODAY) == ()


def test_an_event_corrected_is_not_compared_with_itself():
    assert check_evenement(DEM, [DEM], TODAY) == ()

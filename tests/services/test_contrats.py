"""Organisms, their services, and the contracts with them."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuelle_desktop.domain.contrat import Contact, Contrat, Couverture, Mutuelle
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import contrats, dossiers, personnes
from mutuelle_desktop.services.contrats import _web
from tests.services.aides import TODAY, carried_out, every, get, refused


@pytest.fixture
def rives(library):
    return contrats.save_mutuelle(library, Mutuelle(nom="Deux Rives"))


@pytest.fixture
def camille(library):
    return personnes.save_personne(library, Personne(prenom="Camille", nom="Bessière"))


def test_an_organism_is_added_and_its_site_completed(library):
    value = Mutuelle(nom="  Deux Rives ", espace_client="www.deux-rives.exemple/espace", mediateur_site="")
    kept = carried_out(library, "Enregistrer Deux Rives", lambda: contrats.save_mutuelle(library, value))
    assert kept.espace_client == "https://www.deux-rives.exemple/espace"
    assert contrats.list_mutuelles(library) == [kept]


def test_an_organism_without_a_name_is_refused(library):
    refused(library, "le nom de la mutuelle", lambda: contrats.save_mutuelle(library, Mutuelle(nom=" ")))


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd", "javascript:alert(1)", "ftp://deux-rives.fr", "smb://serveur.exemple/x", "deux rives.fr",
        "https://deux-rives", "http://[::1", "https://deux-rives.fr:port/", "//serveur/partage", "https://.",
        "https://deux-rives.fr/\u202egnp.exe", "data:text/html,x.y", "C:\\Windows\\a.exe",
    ],
)  # fmt: skip
def test_an_address_that_a_browser_should_not_open_is_refused(library, address):
    refused(
        library,
        "https://www.exemple.fr",
        lambda: contrats.save_mutuelle(library, Mutuelle(nom="M", espace_client=address)),
    )
    refused(
        library,
        "https://www.exemple.fr",
        lambda: contrats.save_mutuelle(library, Mutuelle(nom="M", mediateur_site=address)),
    )


def test_an_address_that_holds_a_password_is_refused_since_none_is_ever_kept(library):
    refused(
        library,
        "mot de passe",
        lambda: contrats.save_mutuelle(library, Mutuelle(nom="M", espace_client="https://moi:secret@deux-rives.fr")),
    )


@given(st.text(max_size=60))
def test_whatever_is_typed_as_an_address_is_a_web_address_or_refused(text):
    try:
        address = _web(text)
    except Refused:
        return
    assert address == "" or address.startswith(("http://", "https://"))
    assert address.isprintable()


def test_an_organism_with_contracts_stays(library, rives):
    for number, said in enumerate(("1 contrat. Retirez-le", "2 contrats. Retirez-les"), start=1):
        contrats.save_contrat(library, Contrat(mutuelle_id=rives.id, numero=str(number)), [])
        refused(library, f"Deux Rives a encore {said}", lambda: contrats.delete_mutuelle(library, rives.id))


def test_an_organism_leaves_with_its_services_and_comes_back_with_them(library, rives):
    service = contrats.save_contact(library, Contact(mutuelle_id=rives.id, nom="Remboursements"))
    carried_out(library, "Retirer Deux Rives", lambda: contrats.delete_mutuelle(library, rives.id))
    assert every(library, Mutuelle) == every(library, Contact) == []
    library.undo()
    assert contrats.contacts_of(library, rives.id) == [service]


def test_removing_what_is_gone_does_nothing(library):
    contrats.delete_mutuelle(library, "x")
    contrats.delete_contact(library, "x")
    contrats.delete_contrat(library, "x")
    assert library.undo_label is None


def test_a_service_is_added_changed_and_removed(library, rives):
    value = Contact(mutuelle_id=rives.id, nom=" Réclamations ", courriel=" a@b.fr ")
    label = "Enregistrer le service Réclamations"
    kept = carried_out(library, label, lambda: contrats.save_contact(library, value))
    assert kept.courriel == "a@b.fr"
    carried_out(library, label, lambda: contrats.save_contact(library, replace(kept, telephone="01 99 00 12 12")))
    carried_out(library, "Retirer le service Réclamations", lambda: contrats.delete_contact(library, kept.id))
    assert contrats.contacts_of(library, rives.id) == []


def test_a_service_needs_a_name_an_address_with_an_at_sign_and_an_organism(library, rives):
    base = Contact(mutuelle_id=rives.id, nom="Service")
    refused(library, "le nom du service", lambda: contrats.save_contact(library, replace(base, nom=" ")))
    refused(library, "« @ »", lambda: contrats.save_contact(library, replace(base, courriel="jean")))
    refused(
        library, "Cette mutuelle n’existe plus", lambda: contrats.save_contact(library, replace(base, mutuelle_id="x"))
    )


def test_a_contract_is_kept_with_the_people_it_covers(library, rives, camille):
    marc = personnes.save_personne(library, Personne(prenom="Marc", nom="Bessière"))
    value = Contrat(mutuelle_id=rives.id, numero=" 0047518 ", nom="Confort +")
    kept = carried_out(
        library, "Enregistrer le contrat", lambda: contrats.save_contrat(library, value, [camille.id, marc.id])
    )
    (ligne,) = contrats.list_contrats(library)
    assert ligne.libelle == "Deux Rives · Confort + · 0047518"
    assert [p.prenom for p in ligne.personnes] == ["Camille", "Marc"]
    assert contrats.contrats_of(library, marc.id) == [ligne]
    covered = {c.personne_id: c.id for c in every(library, Couverture)}
    carried_out(library, "Enregistrer le contrat", lambda: contrats.save_contrat(library, kept, [marc.id]))
    assert {c.personne_id: c.id for c in every(library, Couverture)} == {marc.id: covered[marc.id]}
    assert contrats.contrats_of(library, camille.id) == []


def test_a_contract_needs_a_number_dates_in_order_and_what_it_names(library, rives):
    base = Contrat(mutuelle_id=rives.id, numero="1")
    backwards = replace(base, debut=date(2026, 1, 2), fin=date(2026, 1, 1))
    refused(library, "le numéro du contrat", lambda: contrats.save_contrat(library, replace(base, numero=" "), []))
    refused(library, "précède son début", lambda: contrats.save_contrat(library, backwards, []))
    refused(library, "Cette personne n’existe plus", lambda: contrats.save_contrat(library, base, ["x"]))
    gone = replace(base, mutuelle_id="x")
    refused(library, "Cette mutuelle n’existe plus", lambda: contrats.save_contrat(library, gone, []))
    same_day = replace(base, debut=date(2026, 1, 1), fin=date(2026, 1, 1))
    assert contrats.save_contrat(library, same_day, []) == same_day


def test_a_contract_named_in_a_dossier_stays_even_when_that_is_in_the_trash(library, rives, camille):
    kept = contrats.save_contrat(library, Contrat(mutuelle_id=rives.id, numero="1"), [camille.id])
    dossier = dossiers.create_dossier(library, nature=NatureDossier.INFORMATION, on=TODAY, contrat_id=kept.id)
    refused(library, "figure encore dans 1 dossier.", lambda: contrats.delete_contrat(library, kept.id))
    dossiers.trash_dossier(library, dossier.id)
    refused(library, "1 dossier (corbeille comprise).", lambda: contrats.delete_contrat(library, kept.id))
    dossiers.restore_dossier(library, dossier.id)
    dossiers.edit_dossier(library, replace(dossier, contrat_id=None))
    carried_out(library, "Retirer le contrat", lambda: contrats.delete_contrat(library, kept.id))
    assert every(library, Couverture) == []
    assert get(library, Personne, camille.id) == camille

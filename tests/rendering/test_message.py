"""The letter as a message, and as an e-mail with its PDF."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuelle_desktop.domain.courrier import Lettre, texte_of
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.rendering.message import Message, eml_of, file_name, message_of
from tests.rendering.lettres import JOUR, LETTRE
from tests.rendering.test_courrier_hostile import everywhere


def test_the_message_is_measured_as_browsers_do():
    message = message_of(LETTRE)
    assert message.texte == texte_of(LETTRE)
    assert message.longueur == len(message.texte)
    assert message.excess(message.longueur) == 0
    assert message.excess(message.longueur - 3) == 3
    assert message_of(replace(LETTRE, objet="😀")).longueur == message_of(replace(LETTRE, objet="ab")).longueur
    assert "Objet" not in message_of(LETTRE, objet=False).texte
    assert "250,00\u00a0€" in message.texte, "no-break spaces are kept"
    assert isinstance(message, Message)


def test_the_mail_is_a_draft_with_the_pdf_attached():
    lettre = replace(LETTRE, expediteur=replace(LETTRE.expediteur, courriel="camille@exemple.fr"))
    mail = message_from_bytes(eml_of(lettre, b"%PDF-1.7 \0\xff", "reclamations@mutuelle.fr"), policy=default)
    assert mail["From"] == "camille@exemple.fr"
    assert mail["To"] == "reclamations@mutuelle.fr"
    assert mail["Subject"] == "Réclamation, facture du 28 mai 2026"
    assert mail["X-Unsent"] == "1"
    assert mail.get_body().get_content().replace("\r\n", "\n").rstrip("\n") == texte_of(lettre, objet=False)
    [attached] = mail.iter_attachments()
    assert attached.get_content() == b"%PDF-1.7 \0\xff"
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename() == "2026-11-24 Réclamation, facture du 28 mai 2026.pdf"


def test_the_same_letter_gives_the_same_bytes():
    assert eml_of(LETTRE, b"%PDF") == eml_of(LETTRE, b"%PDF")
    assert b"To:" not in eml_of(LETTRE, b"%PDF")


@pytest.mark.parametrize("to", ["pas une adresse", "a@b.fr\nBcc: c@d.fr", "a@b.fr, c@d.fr", "@", "a@b"])
def test_what_is_no_address_is_refused(to):
    with pytest.raises(Refused, match="adresse de courriel"):
        eml_of(LETTRE, b"", to)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=50))
def test_no_text_adds_a_header(said):
    lettre = replace(everywhere(said), expediteur=replace(LETTRE.expediteur, courriel=""))
    mail = message_from_bytes(eml_of(lettre, b"%PDF"), policy=default)
    assert set(mail.keys()) == {"Subject", "Date", "X-Unsent", "MIME-Version", "Content-Type"}


@pytest.mark.parametrize(
    ("objet", "nom"),
    [
        ("Relance", "2026-11-24 Relance.odt"),
        ("a/b\\c:d?*", "2026-11-24 a b c d.odt"),
        ("..", "2026-11-24 Courrier.odt"),
        ("", "2026-11-24 Courrier.odt"),
        ("x" * 200, f"2026-11-24 {'x' * 80}.odt"),
    ],
)
def test_files_have_names_every_system_takes(objet, nom):
    assert file_name(Lettre(jour=JOUR, objet=objet), "odt") == nom

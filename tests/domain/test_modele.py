"""Models of letters: every one that ships is complete and sound; bodies are read as written."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mutuelle_desktop.domain.catalogue import faults, parse_champs, parse_lois, parse_modeles, plain_text
from mutuelle_desktop.domain.contrat import Contrat, Mutuelle, NatureOrganisme
from mutuelle_desktop.domain.courrier import (
    Champ,
    Courrier,
    Fragment,
    GenreBloc,
    fragments_of,
    missing,
    resolve,
    texte_of,
)
from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.echelle import GenreEtape
from mutuelle_desktop.domain.evenement import RECOMMANDES, NatureEvenement
from mutuelle_desktop.domain.modele import (
    LOI,
    Application,
    GenreContrat,
    GenreSaisie,
    OrigineChamp,
    Passage,
    ReferenceLegale,
    champs_of,
    genre_contrat,
    passages_of,
)
from tests.services.test_guide import copied

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "modeles"
CHAMPS = parse_champs((FOLDER / "champs.toml").read_text("utf-8"))
LOIS = parse_lois((FOLDER / "references.toml").read_text("utf-8"))
FAMILLES = sorted(FOLDER.glob("[a-g]-*.toml"))
MODELES = [m for path in FAMILLES for m in parse_modeles(path.read_text("utf-8"), CHAMPS, LOIS)]
IDS = [m.id for m in MODELES]
TODAY = date(2026, 11, 23)
MUTUELLE, ASSURANCE, PREVOYANCE = NatureOrganisme
WANTED = {"A": 7, "B": 10, "C": 15, "D": 11, "E": 11, "F": 5, "G": 4}
FAULTS = {
    "straight apostrophe": re.compile(r"[a-zà-ÿ]'[a-zà-ÿ]", re.IGNORECASE),
    "breaking space inside guillemets": re.compile(r"« | »"),
    "breaking space before punctuation": re.compile(r"[\wà-ÿ»)}*] [:;?!](?:\s|$)"),
    "breaking space before a unit": re.compile(r"\d [€%]"),
    "three dots": re.compile(r"\.\.\."),
    "a gender in brackets": re.compile(r"\(e\)|\(ne\)|·e\b"),
    "a second person": re.compile(r"\b(?:tu|toi|ton|tes)\b"),
}
GENRES = re.compile(
    r"\bje (?:suis|reste|demeure|serais?) (?:\w+ )?(?:certain|convaincu|satisfait|assuré|couvert|surpris|informé|contraint|obligé)\b"
    r"|\bsoussigné|\bheureu[xs]e?\b",
    re.IGNORECASE,
)
"""Words that would say whether a man or a woman writes."""
every = pytest.mark.parametrize("modele", MODELES, ids=IDS)


def get(key):
    return next(m for m in MODELES if m.id == key)


def filled(modele, organisme=MUTUELLE, *, full=True):
    """Return a letter made from a model, with every field or only those it cannot do without."""
    names = set(modele.champs) | {n for p in modele.passages for n in p.si}
    known = names if full else set(modele.obligatoires)
    champs = {
        n: Champ(nom=n, libelle=CHAMPS[n].libelle, valeur=f"<{n}>", obligatoire=n in modele.obligatoires) for n in known
    }
    courrier = Courrier(objet=modele.objet, jour=TODAY, appel=modele.appel, corps=modele.corps(organisme, known),
                        formule=modele.formule)  # fmt: skip
    return courrier, champs, resolve(courrier, champs)


def test_the_catalogue_is_whole():
    assert len(set(IDS)) == len(IDS) >= 63
    for letter, count in WANTED.items():
        assert {f"{letter}{n}" for n in range(1, count + 1)} <= set(IDS)
    assert [path.name[0].upper() for path in FAMILLES] == sorted(WANTED)
    assert all(
        m.id[0] == path.name[0].upper() for path in FAMILLES for m in parse_modeles(path.read_text(), CHAMPS, LOIS)
    )


@every
def test_a_model_is_complete_and_consistent(modele):
    assert faults(modele, CHAMPS, set(IDS)) == ()
    assert modele.version >= 1
    assert modele.verifie_le == TODAY
    assert modele.besoin[0].isupper()
    assert not modele.besoin.endswith(".")
    assert modele.effet.endswith((".", "!"))
    assert modele.mots
    assert modele.etapes
    assert {s.nom for s in modele.saisies} <= set(CHAMPS)
    assert len(modele.saisies) == len({s.nom for s in modele.saisies})


@every
def test_a_model_is_in_french_typography_and_says_nothing_of_who_writes(modele):
    for text in (plain_text(modele), modele.effet, modele.besoin, modele.titre, *modele.mots):
        for fault, pattern in FAULTS.items():
            assert not pattern.search(text), f"{fault}: {pattern.search(text)}"
        assert not GENRES.search(text), GENRES.search(text)
    assert "recommandé" not in modele.objet
    assert not re.search(r"\b(?:session|outil|agent|assistant|machine)\b", plain_text(modele))


@every
def test_a_letter_reads_well_with_everything_and_with_the_least(modele):
    for organisme in (*NatureOrganisme, None):
        for full in (True, False):
            courrier, champs, lettre = filled(modele, organisme, full=full)
            assert missing(courrier, champs) == ()
            text = texte_of(lettre)
            assert "{" not in text
            assert "[" not in text
            assert not re.search(r"\b(?:de|à) (?:le|les) (?:article|règle|modalité|loi)", text), text
            assert not re.search(r"  |\n\n\n", text)
            assert lettre.appel.rstrip(",") in lettre.formule
            assert not any(f.champ.startswith(LOI) for f in fragments_of(courrier.corps))
            for bloc in lettre.corps:
                assert bloc.genre is GenreBloc.TABLEAU or "".join(f.texte for f in bloc.lignes[-1]).strip()
    assert 25 <= len(texte_of(filled(modele)[2]).split()) <= 330


@every
def test_no_sentence_comes_from_the_guide(modele):
    words = plain_text(modele).replace("\u00a0", " ")
    assert copied(f"{words} {modele.effet} {modele.besoin}".replace("\u00a0", " ")) == []


@every
def test_the_law_is_dated_sourced_and_of_the_right_organism(modele):
    for reference in modele.references:
        assert reference.source
        assert reference.verifie_le <= TODAY
        assert reference.mention(TODAY) == ("à vérifier" if reference.incertaine else "vérifié le 23/11/2026")
    codes = {MUTUELLE: "Code de la mutualité", ASSURANCE: "Code des assurances"}
    for organisme in (*NatureOrganisme, None):
        text = texte_of(filled(modele, organisme)[2])
        for nature, code in codes.items():
            assert nature is organisme or code not in text
        if organisme in (PREVOYANCE, None):
            assert "Code de la sécurité sociale" not in text  # not read at its source: never in a letter


@every
def test_a_complaint_says_so_and_goes_where_complaints_go(modele):
    said = texte_of(filled(modele)[2]).lower()
    records = modele.nature_evenement is NatureEvenement.RECLAMATION
    assert modele.reclamation is records
    if modele.reclamation:
        assert "réclamation" in said
        assert modele.destinataire == "réclamations"
        assert "réclamation" in modele.effet
    elif modele.id[0] != "C":
        assert "mise en demeure" not in said
    assert modele.nir is any(n in ("beneficiaire.nir", "personne.nir") for n in modele.champs)


@pytest.mark.parametrize("key", ["C1", "C2", "C3", "C4", "C5", "C6", "A7", "E6", "E11"])
def test_complaints(key):
    assert get(key).reclamation


def test_articles_differ_by_organism():
    texts = {o: texte_of(filled(get("E1"), o)[2]) for o in (*NatureOrganisme, None)}
    assert "L. 221-10-2 du Code de la mutualité" in texts[MUTUELLE]
    assert "L. 113-15-2 du Code des assurances" in texts[ASSURANCE]
    assert "mon droit de résilier" in texts[PREVOYANCE] == texts[None] or "mon droit de résilier" in texts[None]
    assert [r.article for r in get("C7").references_for(PREVOYANCE) if r.incertaine] == ["L932-13 et L932-13-1"]
    assert len({texte_of(filled(get("C7"), o)[2]) for o in (MUTUELLE, ASSURANCE, None)}) == 3


def test_the_formal_notice_names_itself_a_delay_and_an_obligation():
    for full in (True, False):
        text = texte_of(filled(get("C7"), full=full)[2]).lower()
        assert "mise en demeure" in text
        assert "mets en demeure" in text
        assert "exécuter votre obligation" in text
        assert "dans un délai de <delai.demande>" in text
    assert next(s for s in get("C7").saisies if s.nom == "delai.demande").defaut == "quinze jours"
    assert get("C7").canal in RECOMMANDES
    assert get("C7").formule.startswith("Veuillez agréer, Madame, Monsieur,")


def test_the_mediateur_wants_the_complaint_that_came_before():
    c9 = get("C9")
    assert "reclamation.date" in c9.obligatoires
    assert next(s for s in c9.saisies if s.nom == "reclamation.date").obligatoire
    assert TypeDocument.COURRIER in c9.pieces_requises
    assert c9.appel == "Madame la Médiatrice, Monsieur le Médiateur,"
    assert "aucun tribunal ni aucun autre médiateur" in texte_of(filled(c9)[2])
    assert "Aucune réponse" in texte_of(filled(c9, full=False)[2])
    assert "Aucune réponse" not in texte_of(filled(c9)[2])


@pytest.mark.parametrize("genre", GenreEtape)
def test_every_step_is_answered_by_a_letter(genre):
    assert [m.id for m in MODELES if genre in m.etapes]


def test_every_field_is_described_and_every_choice_has_its_answers():
    for nom, champ in CHAMPS.items():
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", nom)
        assert champ.libelle[0].isupper()
        assert champ.source
        assert bool(champ.choix) is (champ.genre is GenreSaisie.CHOIX)
        for text in (champ.libelle, champ.source, champ.aide):
            assert not any(pattern.search(text) for pattern in FAULTS.values()), text
    assert {c.origine for c in CHAMPS.values()} == set(OrigineChamp)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda p: p.name)
def test_the_files_have_no_straight_apostrophe_nor_breaking_space(path):
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.startswith("#"):
            for fault, pattern in FAULTS.items():
                assert not pattern.search(line.removeprefix("ton =")), f"{path.name}:{number} {fault}"


def test_a_body_is_read_as_it_is_written():
    body = passages_of(
        "Le {soins.date}, **fort** et *penché*.\nSuite.\n\n[si refus.motif]\n[pour mutuelle assurance]\n- un ;\n- {pays}.\n\n"
        "1. a\n2. b\n\n[sans pays]\n| Poste | Montant |\n| Dû | {montant.paye} |"
    )
    first, puces, numeros, tableau = body
    assert [(f.texte, f.champ, f.gras, f.italique) for f in first.bloc.lignes[0]] == [
        ("Le ", "", False, False), ("", "soins.date", False, False), (", ", "", False, False), ("fort", "", True, False),
        (" et ", "", False, False), ("penché", "", False, True), (". Suite.", "", False, False),
    ]  # fmt: skip
    assert (puces.si, puces.organismes, puces.bloc.genre) == (("refus.motif",), (MUTUELLE, ASSURANCE), GenreBloc.PUCES)
    assert numeros.bloc.genre is GenreBloc.NUMEROS
    assert not numeros.conditionnel
    assert tableau.sans == ("pays",)
    assert tableau.bloc.lignes[1] == (Fragment(texte="Dû"), Fragment(champ="montant.paye"))


@pytest.mark.parametrize(
    ("passage", "organisme", "connus", "kept"),
    [
        (Passage(bloc=passages_of("x")[0].bloc), None, set(), True),
        (Passage(bloc=passages_of("x")[0].bloc, si=("a",)), None, set(), False),
        (Passage(bloc=passages_of("x")[0].bloc, si=("a",)), None, {"a"}, True),
        (Passage(bloc=passages_of("x")[0].bloc, sans=("a",)), None, {"a"}, False),
        (Passage(bloc=passages_of("x")[0].bloc, organismes=(MUTUELLE,)), None, set(), False),
        (Passage(bloc=passages_of("x")[0].bloc, organismes=(MUTUELLE,)), MUTUELLE, set(), True),
    ],
)
def test_a_block_is_kept_or_not(passage, organisme, connus, kept):
    assert passage.holds(organisme, connus) is kept


def test_when_a_model_applies():
    law = Application(
        dossiers=(NatureDossier.RESILIATION,), organismes=(MUTUELLE,), contrats=(GenreContrat.INDIVIDUEL,)
    )
    contrat = Contrat(mutuelle_id="m", numero="1")
    assert law.accepts(NatureDossier.RESILIATION)
    assert not law.accepts(NatureDossier.INFORMATION)
    assert law.accepts(NatureDossier.RESILIATION, Mutuelle(nom="M"), contrat)
    assert not law.accepts(NatureDossier.RESILIATION, Mutuelle(nom="M", nature=ASSURANCE), contrat)
    assert not law.accepts(NatureDossier.RESILIATION, None, replace(contrat, collectif=True))
    assert genre_contrat(replace(contrat, collectif=True)) is GenreContrat.FACULTATIF
    assert genre_contrat(replace(contrat, collectif=True, obligatoire=True)) is GenreContrat.OBLIGATOIRE


@pytest.mark.parametrize(
    ("checked", "today", "old"),
    [
        (date(2026, 11, 23), date(2027, 11, 23), False), (date(2026, 11, 23), date(2027, 11, 24), True),
        (date(2024, 2, 29), date(2025, 3, 1), True),
    ],
)  # fmt: skip
def test_a_reference_is_old_after_twelve_months(checked, today, old):
    reference = ReferenceLegale(texte="t", citation="c", source="s", verifie_le=checked)
    assert reference.is_old(today) is old
    assert ("à revoir" in reference.mention(today)) is old


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"objet": "{inconnu}"}, "unknown field inconnu"),
        ({"objet": ""}, "empty: objet"),
        ({"saisies": ()}, "said and never asked: pieces.liste"),
        ({"suites": ("Z9",)}, "unknown next letter Z9"),
        ({"etapes": ()}, "no step proposes it"),
        ({"formule": "Cordialement."}, "the closing does not take up the salutation"),
        ({"objet": "{beneficiaire.nir}"}, "a social security number in the subject"),
        ({"reclamation": True}, "a complaint that does not say so"),
        ({"lois": (LOIS["mandat"],)}, "held and not cited: loi.mandat"),
        ({"passages": passages_of("{loi.mandat} {pieces.date} {pieces.liste}")}, "cited and not held: loi.mandat"),
        ({"passages": passages_of("{soins.date} {pieces.date} {pieces.liste}")}, "unguarded: soins.date"),
        ({"objet": "{soins.date}"}, "optional in the subject: soins.date"),
    ],
)
def test_the_checks_see_faults(change, fault):
    champs = {**CHAMPS, "pieces.liste": replace(CHAMPS["pieces.liste"], origine=OrigineChamp.DEMANDE)}
    assert fault in faults(replace(get("A2"), **change), champs, set(IDS))


def test_the_fields_of_a_text():
    assert champs_of("du {soins.date} au {effet.date}, {non}") == ("soins.date", "effet.date", "non")

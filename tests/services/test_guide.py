"""The guide as it ships: nothing of the original is lost, none of its sentences is copied, and the law is said beside it."""

import base64
import hashlib
import re
import tomllib
from datetime import date

import pytest

from mutuelle_desktop.domain.guide import ActionGuide, GenreResultat
from mutuelle_desktop.services.checklists import listes
from mutuelle_desktop.services.guide import load_guide, mots_du_metier, search_guide, terme
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.storage.resources import resource

GUIDE = load_guide()
FILES = sorted(path for folder in ("guide", "checklists", "appels") for path in resource(folder).glob("*.toml"))


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


GESTES = [geste for chapitre in GUIDE.chapitres for geste in chapitre.gestes]
PICTURES = resource("manuel")
AVIS = {a.id: a for s in GUIDE.situations for a in s.avis}
TOLD = {key: spaced(" ".join((a.titre, *a.phrases, a.droit))) for key, a in AVIS.items()}
ANSWERED = {q.id: spaced(" ".join((q.question, *q.reponse, q.droit))) for q in GUIDE.questions}
TOLD |= ANSWERED

FIGURES = [
    ("telephone.heure", "9 h – 11 h"), ("telephone.heure", "14 h – 16 h"), ("telephone.heure", "lundi"),
    ("telephone.heure", "retours de congés"), ("remboursement.tele", "5 à 10 jours"),
    ("remboursement.courrier", "15 à 30 jours"), ("remboursement.complexe", "jusqu’à 45 jours"),
    ("reclamation.premier", "10 jours ouvrés"), ("reclamation.formelle", "2 mois"), ("suivre.appeler", "48 h"),
    ("suivre.rappel", "15 jours de retard"), ("suivre.demeure", "30 jours de retard"), ("suivre.mediateur", "2 mois"),
    ("mediateur.quand", "2 mois sans réponse"), ("suivre.attendre", "demande simple laisse 15 jours"),
    ("suivre.attendre", "dossier complexe 30 jours"), ("horaires", "entre 14 h et 16 h"),
    ("horaires", "Entre 9 h et 11 h"), ("horaires", "lundi matin"), ("attendre", "15 jours"), ("attendre", "30 jours"),
]  # fmt: skip
"""Every figure of the original, and where it stands here."""

CORRECTIONS = [
    ("reclamation.premier", "10 jours ouvrables"), ("reclamation.premier", "accusé de réception, non d’une réponse"),
    ("mediateur.quand", "qu’il y ait eu une réponse ou non"), ("mediateur.quand", "Après 1 an"),
    ("remboursement.deux-ans", "2 ans"), ("remboursement.complexe", "première relance"),
    ("suivre.demeure", "jours de retard"), ("suivre.attendre", "tous les jours du calendrier"),
    ("courrier.recommande", "ni pour réclamer ni pour résilier"), ("courrier.copies", "copies partout"),
    ("espace.depot", "NOEMIE"), ("proche.adulte", "marié ne vaut pas mandat"), ("proche", "s’arrête aux 18 ans"),
    ("mediateur.lequel", "celui de votre mutuelle"), ("contester", "indépendant"), ("telephone.ecrit", "ne prouve rien"),
    ("refuser", "documents précis"), ("espace.simuler", "indicative"), ("mediateur.suite", "notification de saisine"),
    ("situation.resilier", "1 mois après la réception"), ("refus.motif", "réponse motivée"),
    ("reclamation.formelle", "recommandation de l’ACPR, pas une loi"), ("attendre", "prescription"),
]  # fmt: skip
"""Where law and original differ, both are said (DOMAINE.md §13)."""

SAYINGS = [
    ("preparer.identite", "carte de tiers payant", "numéro d’adhérent", "pièce d’identité", "sécurité sociale"),
    ("preparer.papiers", "facture", "devis", "ordonnance", "feuille de soins", "lettres", "contrat"),
    ("preparer.demande", "remboursement", "information", "réclamation", "modification"),
    ("preparer.canal", "téléphone", "espace client", "lettre"),
    ("telephone.ton", "calme", "deux ou trois phrases"),
    ("telephone.noter", "nom", "heure", "numéro de dossier", "réponse", "date promise"),
    ("telephone.blocage", "superviseur", "spécialiste", "numéro de dossier"),
    ("refus.motif", "conditions générales", "réponse écrite", "recours"),
    ("espace.ouvrir", "SMS", "courriel"),
    ("espace.usages", "remboursements", "attestations", "messagerie", "devis", "profil", "changement de situation"),
    ("espace.depot", "Photographiez", "se lit", "suivez"),
    ("espace.simuler", "type de soins", "prix", "niveau de garantie"),
    ("securite.mot", "mot de passe"), ("securite.sortir", "déconnecter"), ("securite.secret", "codes"),
    ("securite.verifier", "informations"),
    ("courrier.quand", "réclamation", "contestation", "changement important du contrat", "justificatifs"),
    ("courrier.recommande", "recommandé avec accusé de réception"), ("courrier.copies", "copies", "originaux"),
    ("courrier.plan", "nom", "adresse", "numéro d’adhérent", "date", "service", "objet", "faits dans l’ordre", "demande",
     "politesse", "signature", "pièces jointes"),
    ("courrier.formules", "remboursement", "contester"),
    ("agence.rendez-vous", "rendez-vous"), ("agence.papiers", "originaux", "questions"), ("agence.trace", "résumé écrit"),
    ("suivre.tableau", "date", "canal", "nom", "numéro", "copie", "délais"),
    ("suivre.appeler", "nouvelle date, ferme"), ("refus.calcul", "détail"), ("refus.contester", "articles du contrat"),
    ("proche.mineur", "mineur", "sans mandat"), ("proche.adulte", "mandat écrit", "accord de vive voix"),
    ("refuser", "responsable", "réclamations"), ("horaires", "site", "répondeur"),
]  # fmt: skip
"""The rest of the original, by the words that carry it."""

CHECKLISTS = {
    "avant": {"numero": "numéro d’adhérent", "documents": "justificatifs", "questions": "questions", "objectif": "obtenir",
              "horaire": "heure calme"},
    "preparer": {"documents": "papiers", "questions": "questions", "calme": "calme", "temps": "temps", "notes": "noter"},
    "pendant": {"ton": "poli et patient", "nom": "nom", "numero": "numéro de dossier", "delai": "date",
                "etapes": "suite"},
    "apres": {"notes": "notes", "envoi": "papiers demandés", "rappel": "rappel", "confirmation": "confirmation écrite",
              "agenda": "agenda"},
    "complexe": {"historique": "histoire", "references": "articles du contrat", "lettres": "lettres", "recours": "délais",
                 "mediateur": "médiateur"},
}  # fmt: skip
"""The twenty-five lines of the original's five lists."""

EMPREINTES = (
    "02!sm6ai_MG~EHbca%*6m-i`w0@aK17X=MsC~XB9$+mU{fzN+y29Ze-TL#nrYug6u|6e``(S@1T3EO_5<O|7RZV?Owd~^*Bb%b<T4T&cio(+)F"
    "C(#Z`Vt>L98<;&w5AdPI1`xaS|2z=ntk*IS{lyq_5o7^@iV_9<=NS?anTt6RCS^c=5-en!T@tF<dVvzMI)|?ly74Oe6Xrtz!4&zp>97@hK2R<d"
    "q;&?o73!(<#1`(wx|J7A-PjNp^EvvH7^EH5d>HB^zYH1=ie=*(5VxMF8kQt)TN=JU>fIXrjFMy<WXemm9Aho&O&rC8ykQ<59FBk=WADHCADE#z"
    "93WAdeyAY0K2L@sB!09DB2{3YMIxeF(ZnN{tNRuswHzewBnO)10VN41Pu?azpj@6NK~uWDCSnll6(~?6$>k`|R|T{v)_Q;UDZZ%?VJf1dFPJN~"
    "4@p5RNFqO-EKf%#$1K#5(+MqX{4Vk?Doj9EFsSFZqcG%x?Yc1)OM+4|Z|r8!G_6S!<24*a#^W_10==a*Z01YYHHig&tTm$C{7f~?4JN5J#Sr3k"
    "H#8OQ{5PzS`*1hb%CTZNlv~H*IOPcuDmg3HDXlqpLhr~q-LrPOIyv=>20O~|3QjzjhOurwQbVO}KafUZ<UjrAO<O=3KrGBageCnaK;`ir#zEp%"
    "C;vj{V()N5{tXuAL+7-Ea73d7*N{b4GLUdaI2GADMt2ts+D4u`>(xf)d#W5qB36^-N7w6%ibzs8_8LgDRpCTQEXckJNu`vKXG(;A7V1k8R!*Et"
    "o#=rbOe0MhCQOqjV=_$~<fd><{9T;KPP0({Q%@M}d1z0}B_h*MC_0cfP)@27{82wpDmGE0DUNee6JyiIQlf=^;ZszG7V%T=X_h%ubf#cvRNhxc"
    "npE+5atl>+jHFLi`~`DCR}i15fL9%gV9!_Ip`WT*7IR=fS(c>E^jVyw`BPb|$Tiei@P*RCT7KQlwOcXf?gCrPf%Cdt)=IBoT<4*ObX@Bx(jHwl"
    "MXT^#OEs8!UKR&u$6o9}lc8StlMm)!QD@*DU?5t!tYE_UePUrJ?6t{Zwt727VwyB@=3^lqx(Q=8XXejkMjOqrWw+Q7CS~_4(Vb=|;K31QJGaI)"
    "W@jHJ{bve(pe<)8Zfiehc6CdCXM{RC<Y&;ff%<3a@4^3RB!~X%X)veZ1Z)S;Bi3xK*mI(8bvOH1Zi)e0dT-!n$Bl3Ps4diSj7O!}aou7P@NxW-"
    "d_i+AzxwBMZaV0PbF**BJ9ECB&$e`WGBb#Fd3GmGcbH7+fOq7V+(dX3=_he`Rnk7zcv>dX<amt@&PjOW@!|D)C{BCDdj9`+XnV-Z{vdpBLQ2Mb"
    "=oGr;eaw{tNqyJwwKRR%tX0*0`0jDdenY8*2Yyx(8@7LLRFeIF^lkCVfBF#(WPk*UxC?_LWrSUXIPo&;gz_`?q=hbP&Ig5f^^R|a-Yh~*hD`+K"
    "W`<-s6FG-J>_gdzqzsdMi3Z@9w28tORSJpb<6fYO8DdJ5it~Dud5gV6e@=_nuIuxS!Q?rJj)kR><&LnxR>F@JnNf_7@IiE^khl$IgOQTEc|MVr"
    "X;k}?-jzYvlePLqOq4lsC(D$|VZwuy*B{<=l@r`a8<mCjS0$CQ9L>a+3pdZ9m%=2A7nwH&dyJWV`VthGs6d7;n|O~Jc$>EAqnw;;W*I7+=pTco"
    "ok}#g#hrI9h$)?TlB)onzx%WEo&q+>sGc~8=INi3O9{51Ev^Y8p<<)uqM>A2NWh{RGPW_IE>?WcqM%9yMWp7Cy-}rq6KAER-usjFrfmO!YN}Ix"
    "yNIh5OKbV88?Z7*tSWwF+^mf-M?tK)J77|+5%G@mtrZ9*L#`^Fl~}IEGUa8k5{a8Wu!~I7(XpSFHw3ZBRe8s<DCauvvVJ1U1GC9uZvC|;Q0#WK"
    "caY6`wXRT_!?m&GiubkRxH^)yqx~KDw*@ayg}1^>@maV3x;=@w2WlHSxGAZcX1IG^e1*AxNoRMuVoLmVy6QRqFuMBGxZt}0{Gh|T#&q~IyY5(X"
    ";Jf!kq42x|k1p%HI3^{zyk2Bjp}e?^m(jf_$K;E>K#t@wy^x46$-TLEnAg8m>TXuR@<?28!8C*7*}+>GC(XgWSR=Q>ckCn-!_@rOUc@a1Tr<Q_"
    "v5hXoRw888#CY4_F2x7?G(g8i2SYW-MWfMm$7jntbH}Kt1N+Dn$qy;Xl#r+o%24#vJj^XgXT8jk{EV^9_2+bK&PZ7A-_F0%W8%)iC8rb592jib"
    "&~ca;644;@5RlP5eH;DJ(y6Ia((L{WZPN{l>_^m_ATqqw9^+r!)r2HoIn}GdK`quUf-^SOYWbgf)_$Z7LD&uW=YiN6hQ77fG~)iM*(4eZ5ZU%z"
    "h8x-bkt@I2Ir4tI+U@Gk{M&kqs+-%vf&m-d6@U^_-Ngg&-QJ|(sx03!g=?|jor3K9-_bzAOyDK#i@V^f;U@v%C9aCh;t`*;TjC+>x`5(U>`idu"
    "XuDr&;&ny{@Z-PAP-EnH8sWg@Ed5^j<|ey0c;=)v))MDfI8xr{roCYU=pz|YeCSBAwO8p^3&UsYk_%Y@>-wqYvFr<8%U$dti(kC#V*C)w?6!2*"
    "%<TkT=F;sr)I!wmDquo>?y!}3-|wyf&57_mkm=~~{!^kz@m8LLCGp{EVNvoi;Z)@E)7T0d^bdw25cLqU^+ok~;Biv+7-zL#_CBw;C-#ILe$DoV"
    "4P!p{f%Z7K_!+HHQuxHKk%RfZ;jZ=h$5Yij`i7XJF#7LoE0g;bxc%(=9u*17`;5oyU;L2Te~0|K!^GtMvWO*B{m`VNwEg#fc9Q-sFH}+fICPs^"
    "{!m1j-v3aM8y^37JCiE^)V-gp"
)
"""Digests (5 bytes, base85) of every run of 8 words of the original, whose sentences are kept out of here."""


def words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in plain(text)).split()


PACKED = base64.b85decode("".join(EMPREINTES))
ORIGINAL = {PACKED[n : n + 5] for n in range(0, len(PACKED), 5)}


def digests(text: str) -> dict[bytes, str]:
    row = words(text)
    runs = (" ".join(row[n : n + 8]) for n in range(len(row) - 7))
    return {hashlib.blake2b(run.encode(), digest_size=5).digest(): run for run in runs}


def copied(text: str) -> list[str]:
    return [run for digest, run in digests(text).items() if digest in ORIGINAL]


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings(part)]
    return [text for part in value for text in strings(part)] if isinstance(value, list) else []


@pytest.mark.parametrize(("key", "figure"), FIGURES)
def test_every_figure_of_the_original_is_there(key, figure):
    assert figure in TOLD[key]


@pytest.mark.parametrize(("key", "words_of_law"), CORRECTIONS)
def test_where_law_differs_it_is_said_plainly(key, words_of_law):
    assert words_of_law in TOLD[key]


@pytest.mark.parametrize(("key", "said"), [(key, word) for key, *said in SAYINGS for word in said])
def test_every_advice_of_the_original_is_there(key, said):
    assert plain(said) in plain(TOLD[key])


def test_every_checklist_line_of_the_original_is_there_and_no_other():
    assert {liste.id: {ligne.id for ligne in liste.lignes} for liste in listes()} == {
        key: {f"{key}.{line}" for line in lines} for key, lines in CHECKLISTS.items()
    }


@pytest.mark.parametrize("liste", listes(), ids=lambda liste: liste.id)
def test_every_checklist_line_says_what_the_original_says(liste):
    for ligne in liste.lignes:
        assert CHECKLISTS[liste.id][ligne.id.partition(".")[2]] in spaced(ligne.texte)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_run_of_eight_words_is_the_originals(path):
    for text in strings(tomllib.loads(path.read_text("utf-8"))):
        assert copied(text) == []


def test_the_check_of_copies_knows_the_original_and_sees_a_run_anywhere():
    assert len(ORIGINAL) > 400
    run, around = "un deux trois quatre cinq six sept huit", "Zéro ! UN, deux-trois quatre cinq ; six sept huit. Neuf"
    assert set(digests(run)) <= set(digests(around))
    assert not set(digests(run)) & set(digests("un deux trois quatre cinq six sept"))


FAULTS = {
    "straight apostrophe": re.compile(r"[a-zà-ÿ]'[a-zà-ÿ]", re.IGNORECASE),
    "breaking space inside guillemets": re.compile(r"« | »"),
    "breaking space before punctuation": re.compile(r"[\wà-ÿ»)] [:;?!](?:\s|$)"),
    "breaking space before a unit": re.compile(r"\d (?:[€%]|h\b|jours?\b|mois\b|ans?\b|semaines?\b)"),
    "three dots": re.compile(r"\.\.\."),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_texts_follow_french_typography(path):
    for text in strings(tomllib.loads(path.read_text("utf-8"))):
        for fault, pattern in FAULTS.items():
            assert not pattern.search(text), f"{fault}: {text!r}"


def test_an_advice_has_a_title_and_one_to_four_short_sentences():
    for avis in AVIS.values():
        assert 1 <= len(avis.phrases) <= 4
        for phrase in avis.phrases:
            assert phrase[-1] in ".?!", avis.id
            assert len(words(phrase)) <= 34, avis.id
        assert not avis.titre.endswith("."), avis.id


def test_ids_are_unique_and_named_after_their_situation():
    every = [a.id for s in GUIDE.situations for a in s.avis]
    assert len(every) == len(set(every))
    assert all(a.id.startswith(f"{s.id}.") for s in GUIDE.situations for a in s.avis)
    references = [r.id for r in GUIDE.references]
    assert len(references) == len(set(references))


def test_the_situations_are_those_of_the_original_and_ours():
    assert [s.id for s in GUIDE.situations] == [
        "preparer", "telephone", "espace", "securite", "courrier", "agence", "remboursement", "refus", "reclamation",
        "mediateur", "situation", "proche", "suivre",
    ]  # fmt: skip


def test_every_checklist_can_be_opened_from_the_guide_and_every_action_serves():
    used = {a.action for a in AVIS.values()} | {q.action for q in GUIDE.questions}
    used |= {action for geste in GESTES for action in geste.actions}
    assert set(ActionGuide) - used == set()
    opened = {str(action).partition(":")[2] for action in used if str(action).startswith("checklist:")}
    assert opened == {liste.id for liste in listes()}


def test_there_are_five_questions_and_each_has_its_law():
    assert len(GUIDE.questions) == 5
    assert all(q.droit and q.reponse for q in GUIDE.questions)


def test_the_glossary_is_long_sorted_and_plain():
    mots = [t.mot for t in GUIDE.termes]
    assert len(mots) >= 40
    assert mots == sorted(mots, key=plain)
    assert len(set(map(plain, mots))) == len(mots)
    assert all(len(words(t.definition)) <= 30 and t.definition.endswith(".") for t in GUIDE.termes)


def test_texts_of_law_have_their_day_and_the_unread_ones_say_so():
    today = date(2026, 11, 24)
    assert all(r.verifie_le <= today and r.nature in ("loi", "autorité") for r in GUIDE.references)
    unread = {r.id for r in GUIDE.references if r.incertaine}
    assert unread == {r.id for r in GUIDE.references if "sécurité sociale" in r.texte or r.id == "rgpd"}
    assert not any(r.is_old(today) for r in GUIDE.references)


@pytest.mark.parametrize(
    ("mots", "first"),
    [
        ("mise en demeure", "suivre.demeure"),
        ("TELETRANSMISSION", "remboursement.tele"),
        ("mot de passe", "securite.mot"),
    ],
)
def test_the_search_finds_without_accents(mots, first):
    assert first in [r.id for r in search_guide(mots)][:3]


def test_the_search_reaches_every_part():
    assert {r.genre for r in search_guide("mediateur")} == set(GenreResultat), "and the manual"
    assert search_guide("zzz") == ()


def test_the_manual_has_a_chapter_for_each_task_and_none_without_picture_or_way_to_its_screen():
    assert [c.id for c in GUIDE.chapitres] == [
        "commencer", "ajouter", "retrouver", "suivre-dossier", "appeler", "ecrire", "dates", "dossier-complet",
        "contrats-personnes", "reglages", "sauvegarder", "clavier", "confidentialite", "en-cas",
    ]  # fmt: skip
    for chapitre in GUIDE.chapitres:
        assert any(g.image for g in chapitre.gestes), chapitre.id
        assert any(g.actions for g in chapitre.gestes), chapitre.id
        assert all(g.id.startswith(f"{chapitre.id}.") for g in chapitre.gestes)


def test_every_advice_and_every_gesture_leads_somewhere():
    assert [key for key, avis in AVIS.items() if avis.action is None] == []
    assert [q.id for q in GUIDE.questions if q.action is None] == []
    assert [g.id for g in GESTES if not g.actions] == []


def test_ids_of_the_guide_and_of_the_manual_never_meet():
    advice = {s.id for s in GUIDE.situations} | set(AVIS) | {q.id for q in GUIDE.questions}
    manual = [c.id for c in GUIDE.chapitres] + [g.id for g in GESTES]
    assert len(manual) == len(set(manual))
    assert not advice & set(manual)


@pytest.mark.parametrize("geste", GESTES, ids=lambda geste: geste.id)
def test_a_gesture_is_told_in_short_plain_sentences(geste):
    assert 1 <= len(geste.phrases) <= 4
    assert not geste.titre.endswith(".")
    for phrase in geste.phrases:
        assert phrase[-1] in ".?!", phrase
        assert len(words(phrase)) <= 36, phrase


@pytest.mark.parametrize("ton", ["clair", "sombre"])
def test_every_picture_is_there_is_shown_and_is_small(ton):
    there = {path.stem: path.stat().st_size for path in (PICTURES / ton).glob("*.png")}
    named = {g.image for g in GESTES if g.image}
    assert set(there) == named
    assert all(2_000 < size < 120_000 for size in there.values())
    assert sum(path.stat().st_size for path in PICTURES.rglob("*.png")) < 1_500_000


def test_every_picture_has_words_that_replace_it():
    for geste in GESTES:
        assert bool(geste.image) == bool(geste.alt), geste.id
        assert not geste.alt or (geste.alt.endswith(".") and len(words(geste.alt)) >= 4), geste.id


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("La télétransmission a échoué deux fois", ["télétransmission"]),
        ("Deux ententes préalables et des tickets modérateurs", ["accord préalable", "ticket modérateur"]),
        ("10 jours ouvrables, ou ouvrés", ["jours ouvrables"]),
        ("Le TM reste dû ; tm ne veut rien dire", ["ticket modérateur"]),
        ("Votre mutuelle et votre devis", []),
        ("Le médiateurisme n’existe pas", []),
    ],
)
def test_words_of_the_field_are_met_in_a_text_each_once(text, found):
    met = mots_du_metier(text)
    assert [m.terme.mot for m in met] == found
    assert all(text[m.debut : m.fin].strip() for m in met)


@pytest.mark.parametrize("mot", ["tiers payant", "TM", "télétransmission", "jours ouvrables", "prescription", "médiateur",
                                 "mise en demeure", "AMC", "décompte", "reste à charge"])  # fmt: skip
def test_the_words_screens_use_are_in_the_lexicon(mot):
    assert terme(mot).definition


def test_the_script_makes_every_picture_from_a_screen_of_the_tour():
    packaging = resource("guide").parent.parent / "packaging"
    made = dict(
        re.findall(r'^    "([\w-]+)": \("([\w-]+)",', (packaging / "manuel.py").read_text("utf-8"), re.MULTILINE)
    )
    screens = set(re.findall(r'^    Ecran\("([\w-]+)"', (packaging / "ecrans.py").read_text("utf-8"), re.MULTILINE))
    assert set(made) == {g.image for g in GESTES if g.image}
    assert set(made.values()) <= screens

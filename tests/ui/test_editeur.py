"""The body of a letter in its editor: what is read back is what was put in, fields keep to themselves, pastes are plain."""

import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtTest import QTest

from mutuelle_desktop.domain.courrier import Bloc, Champ, Fragment, GenreBloc
from mutuelle_desktop.services import modeles
from mutuelle_desktop.ui.courriers.collage import pasted
from mutuelle_desktop.ui.courriers.document import EtatChamp, Feuillet, etat_of, passages, read_corps, write_corps
from mutuelle_desktop.ui.courriers.editeur import Editeur
from mutuelle_desktop.ui.courriers.mots import told
from mutuelle_desktop.ui.courriers.objet import Objet
from mutuelle_desktop.ui.theme import theme

F = Fragment
SU = {
    "soins.date": Champ(nom="soins.date", libelle="Date des soins", valeur="3\u00a0juin 2026", source="les événements"),
    "explication": Champ(nom="explication", libelle="Explication"),
    "article": Champ(nom="article", libelle="Article", obligatoire=False),
}
PHRASE = (
    Bloc(lignes=((F(texte="Soins du "), F(champ="soins.date"), F(texte=", voir "), F(piece="p1"), F(texte=".")),)),
)


@pytest.fixture
def editeur(qtbot):
    theme().apply("clair", 100)
    made = Editeur()
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    return made


def words(corps):
    return ["".join(f.texte for f in ligne) for bloc in corps for ligne in bloc.lignes]


def go(editeur, place):
    cursor = editeur.textCursor()
    cursor.setPosition(place)
    editeur.setTextCursor(cursor)


@pytest.mark.parametrize("modele", modeles.catalogue(), ids=lambda m: m.id)
def test_every_model_is_read_back_as_it_was_put_in(qapp, modele):
    document = Feuillet()
    write_corps(document, modele.blocs, SU, {})
    assert read_corps(document) == modele.blocs


def test_lists_tables_lines_and_styles_side_by_side_are_read_back(qapp):
    corps = (
        Bloc(genre=GenreBloc.TABLEAU, lignes=((F(texte="x"), F(texte="y")), (F(champ="soins.date"), F(texte="z")))),
        Bloc(genre=GenreBloc.PUCES, lignes=((F(texte="u"), F(piece="p1"), F(texte="v")), (F(texte="w"),))),
        Bloc(genre=GenreBloc.PUCES, lignes=((F(texte="autre liste"),),)),
        Bloc(genre=GenreBloc.NUMEROS, lignes=((F(texte="n"),),)),
        Bloc(
            lignes=(
                (F(texte="a ", gras=True), F(champ="soins.date", texte="hier")),
                (F(texte="b\u00a0!", italique=True),),
            )
        ),
    )
    document = Feuillet()
    write_corps(document, corps, SU, {"p1": 2})
    assert read_corps(document) == corps
    assert "pièce n° 2" in document.toPlainText()


def test_what_is_typed_beside_a_field_stays_out_of_it_and_inside_becomes_ones_own(editeur):
    editeur.show_corps(PHRASE, SU, {"p1": 1})
    field = next(p for p in passages(editeur.document()) if p.nom)
    go(editeur, field.fin)
    QTest.keyClicks(editeur, " (mardi)")
    go(editeur, field.debut)
    QTest.keyClicks(editeur, "le ")
    assert editeur.corps()[0].lignes[0][:3] == (
        F(texte="Soins du le "),
        F(champ="soins.date"),
        F(texte=" (mardi), voir "),
    )
    field = next(p for p in passages(editeur.document()) if p.nom)
    go(editeur, field.fin - 1)
    QTest.keyClicks(editeur, "X")
    own = editeur.corps()[0].lignes[0][1]
    assert own == F(champ="soins.date", texte="3\u00a0juin 202X6")
    field = editeur.passage()
    assert etat_of(field, SU) is EtatChamp.PROPRE
    assert "3\u00a0juin 202X6" in told(field, SU)
    assert "3\u00a0juin 2026" in told(field, SU), "both values are shown"
    editeur.rebind(field)
    assert editeur.corps()[0].lignes[0][1] == F(champ="soins.date")


def test_a_missing_field_is_red_and_typing_over_it_says_it(editeur):
    editeur.show_corps((Bloc(lignes=((F(texte="Car "), F(champ="explication"), F(texte=".")),)),), SU, {})
    (field,) = passages(editeur.document())
    assert etat_of(field, SU) is EtatChamp.MANQUE
    cursor = QTextCursor(editeur.document())
    cursor.setPosition(field.debut + 1)
    assert cursor.charFormat().foreground().color() == theme().color("danger")
    assert editeur.go_to_champ("explication")
    QTest.keyClicks(editeur, "il manque 60")
    assert editeur.corps()[0].lignes[0] == (F(texte="Car "), F(champ="explication", texte="il manque 60"), F(texte="."))
    assert not editeur.go_to_champ("inconnu")


def test_a_value_that_the_letter_alone_tells_is_not_lost_and_is_shown_wherever_the_field_is(editeur):
    corps = (Bloc(lignes=((F(champ="explication", texte="ceci"), F(texte=", donc "), F(champ="explication")),)),)
    told_by_letter = {**SU, "explication": Champ(nom="explication", libelle="Explication", valeur="ceci")}
    editeur.show_corps(corps, told_by_letter, {})
    assert editeur.corps() == corps
    assert editeur.toPlainText() == "ceci, donc ceci"
    editeur.set_champs({**SU, "explication": Champ(nom="explication", libelle="Explication", valeur="cela")})
    assert editeur.toPlainText() == "ceci, donc cela"
    assert editeur.corps() == corps


def test_an_enclosure_is_erased_as_one_thing(editeur):
    editeur.show_corps(PHRASE, SU, {"p1": 1})
    piece = next(p for p in passages(editeur.document()) if p.piece)
    go(editeur, piece.fin)
    QTest.keyClick(editeur, Qt.Key.Key_Backspace)
    assert editeur.corps()[0].lignes[0][-1] == F(texte=", voir .")


def test_keys_make_bold_lists_paragraphs_and_rows(editeur):
    editeur.show_corps((), SU, {})
    QTest.keyClick(editeur, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(editeur, "gras")
    QTest.keyClick(editeur, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(editeur, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(editeur, " penche")
    QTest.keyClick(editeur, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(editeur, Qt.Key.Key_Return)
    editeur.toggle_list(GenreBloc.PUCES)
    QTest.keyClicks(editeur, "un")
    QTest.keyClick(editeur, Qt.Key.Key_Return)
    QTest.keyClicks(editeur, "deux")
    QTest.keyClick(editeur, Qt.Key.Key_Return)
    QTest.keyClick(editeur, Qt.Key.Key_Return)
    QTest.keyClicks(editeur, "fin")
    editeur.insert_table()
    QTest.keyClicks(editeur, "Soin")
    QTest.keyClick(editeur, Qt.Key.Key_Tab)
    QTest.keyClicks(editeur, "10,00")
    editeur.add_row()
    assert editeur.corps() == (
        Bloc(lignes=((F(texte="gras", gras=True), F(texte=" penche", italique=True)),)),
        Bloc(genre=GenreBloc.PUCES, lignes=((F(texte="un"),), (F(texte="deux"),))),
        Bloc(lignes=((F(texte="fin"),),)),
        Bloc(genre=GenreBloc.TABLEAU, lignes=(
            (F(texte="Élément"), F(texte="Montant")), (F(texte="Soin"), F(texte="10,00")), (F(), F()), (F(texte="Total"), F()),
        )),
    )  # fmt: skip


def test_a_copy_keeps_its_no_break_spaces_and_its_fields(editeur):
    editeur.show_corps(PHRASE, SU, {"p1": 1})
    editeur.selectAll()
    mime = editeur.createMimeDataFromSelection()
    assert mime.text() == "Soins du 3\u00a0juin 2026, voir pièce n°\u00a01."
    assert pasted(mime) == PHRASE
    go(editeur, 0)
    editeur.insertFromMimeData(mime)
    assert editeur.corps()[0].lignes[0][:2] == PHRASE[0].lignes[0][:2]
    assert len(list(passages(editeur.document()))) == 4


def test_what_is_pasted_keeps_only_what_a_letter_can_say(editeur):
    mime = QMimeData()
    mime.setHtml(
        "<h1 style='color:red;font-size:40px'>Titre</h1><p>Un <b>mot</b> <a href='http://x.example'>lien</a></p>"
        "<ul><li>a</li><li>b</li></ul><img src='file:///etc/passwd'><script>x</script>"
    )
    found = pasted(mime)
    assert words(found)[1:4] == ["Un mot lien", "a", "b"]
    assert found[2].genre is GenreBloc.PUCES or found[1].genre is GenreBloc.PUCES
    mime = QMimeData()
    mime.setText("ligne un\r\nligne deux")
    editeur.show_corps((), SU, {})
    editeur.insertFromMimeData(mime)
    assert words(editeur.corps()) == ["ligne un", "ligne deux"]
    broken = QMimeData()
    broken.setData("application/x-mutuelle-blocs", b'{"no": 1}')
    broken.setText("mots")
    assert words(pasted(broken)) == ["mots"]


def test_search_goes_round_and_counts(editeur):
    editeur.show_corps((Bloc(lignes=((F(texte="Un mot, un autre MOT."),),)),), SU, {})
    assert editeur.count_text("mot") == 2
    assert editeur.find_text("mot")
    assert editeur.textCursor().selectedText() == "mot"
    assert editeur.find_text("mot")
    assert editeur.textCursor().selectedText() == "MOT"
    assert editeur.find_text("mot")
    assert editeur.textCursor().selectedText() == "mot", "after the last, the first"
    assert not editeur.find_text("absent")


def test_the_looks_follow_the_theme(editeur):
    editeur.show_corps(PHRASE, SU, {"p1": 1})
    field = next(p for p in passages(editeur.document()) if p.nom)
    cursor = QTextCursor(editeur.document())
    cursor.setPosition(field.debut + 1)
    theme().apply("sombre", 100)
    assert cursor.charFormat().background().color() == theme().color("info_doux")
    assert editeur.corps() == PHRASE
    theme().apply("clair", 100)


def test_a_field_is_told_without_its_colour(editeur):
    held = (
        Bloc(lignes=((F(champ="soins.date"), F(texte=" "), F(champ="soins.date", texte="le 4"), F(texte=" "), F(champ="absent")),)),
    )  # fmt: skip
    editeur.show_corps(held, SU, {})
    drawn = []
    for field in (p for p in passages(editeur.document()) if p.nom):
        cursor = QTextCursor(editeur.document())
        cursor.setPosition(field.debut + 1)
        drawn.append(cursor.charFormat().underlineStyle())
    line = QTextCharFormat.UnderlineStyle
    assert drawn == [line.NoUnderline, line.DotLine, line.WaveUnderline]


def test_the_subject_is_one_line_with_its_fields(qtbot):
    objet = Objet()
    qtbot.addWidget(objet)
    objet.show()
    objet.show_objet("Soins du {soins.date} {inconnu}", SU)
    assert objet.toPlainText() == "Soins du 3 juin 2026 {inconnu}"
    assert objet.objet() == "Soins du {soins.date} {inconnu}"
    objet.moveCursor(QTextCursor.MoveOperation.End)
    mime = QMimeData()
    mime.setText(" et\nsuite")
    objet.insertFromMimeData(mime)
    QTest.keyClick(objet, Qt.Key.Key_Return)
    assert objet.objet() == "Soins du {soins.date} {inconnu} et suite"


def test_files_that_are_pasted_are_left_to_the_program(editeur):
    press = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile("/tmp/facture.pdf")])
    QGuiApplication.clipboard().setMimeData(files)
    press.ignore()
    editeur.event(press)
    assert not press.isAccepted()
    QGuiApplication.clipboard().setText("des mots")
    editeur.event(press)
    assert press.isAccepted()
    editeur.show_corps((), SU, {})
    QTest.keyClick(editeur, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert words(editeur.corps()) == ["des mots"]

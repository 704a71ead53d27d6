"""The commands about dates, as a script hears them."""

import json
from datetime import date

import pytest

from mutuelle_desktop.cli import NAMES, parser
from mutuelle_desktop.domain.echeance import Rappel
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.services import commandes_echeances, decisions
from mutuelle_desktop.services.agenda import kept_file
from mutuelle_desktop.services.commandes_echeances import COMMANDES
from mutuelle_desktop.services.echeances import toutes
from tests.services.dates import JOUR, LE_16_AVRIL_2027, LIMITE, REPONSE, settle

MAINTENANT = {"maintenant": f"{JOUR.isoformat()}T09:00"}


@pytest.fixture
def maison(library, monkeypatch):
    settle(library)
    monkeypatch.setattr(commandes_echeances, "notify", lambda _titre, _lignes: True)
    return library


def run(library, *words, **given):
    """Carry out a command as the command line, or the window that is asked, does: through JSON."""
    arguments = json.loads(json.dumps({**vars(parser().parse_args(words)), **MAINTENANT, **given}))
    answer = COMMANDES[arguments["commande"]](library, None, arguments)
    assert set(answer) == {"code", "json", "lignes", "erreur"}
    json.dumps(answer)
    return answer


def test_the_three_commands_are_there():
    assert set(COMMANDES) == {"echeances", "agenda", "rappels"}
    assert set(COMMANDES) <= set(NAMES)


def test_deadlines_are_listed_with_their_reasons(maison):
    answer = run(maison, "echeances")
    rows = {found["cle"]: found for found in answer["json"]}
    assert set(rows) == {line.id for line in toutes(maison, JOUR)}
    found = rows[REPONSE]
    assert found["date_limite"] == found["jour"] == "2026-06-16"
    assert (found["etat"], found["role"], found["nature"]) == ("en attente de la mutuelle", "à la mutuelle", "autorité")
    assert (found["dossier"], found["regle"], found["enjeu"]) == ("2026-014", "R10", 30000)
    assert found["source"]
    computed = [reason for reason in found["raisons"] if reason["delai"] is not None]
    assert (computed[-1]["origine"], computed[-1]["delai"], computed[-1]["unite"]) == ("2026-04-16", 2, "mois")
    assert computed[-1]["jour"] == "2026-06-16"
    assert all(row["raisons"] for row in rows.values())
    assert any(line.startswith("2026-06-16  ") for line in answer["lignes"])
    assert (answer["code"], answer["erreur"]) == (0, "")


def test_deadlines_may_be_asked_for_another_day(maison):
    for day in ("2026-06-17", "17/06/2026"):
        found = {row["cle"]: row for row in run(maison, "echeances", "--au", day)["json"]}
        assert found[REPONSE]["etat"] == "dépassée"


@pytest.mark.parametrize("day", ["2026-02-31", "31/02/2026", "demain", "2026/06/17"])
def test_a_day_that_does_not_exist_is_wrong_usage(maison, day, capsys):
    with pytest.raises(SystemExit) as stopped:
        run(maison, "echeances", "--au", day)
    assert stopped.value.code == 2
    assert "n’est pas une date" in capsys.readouterr().err


def test_an_empty_library_says_so(library):
    answer = run(library, "echeances")
    assert (answer["json"], answer["lignes"]) == ([], ["Aucune échéance."])


def test_own_entries_and_the_household_s_have_the_same_shape(maison):
    mine = decisions.save_rappel(maison, Rappel(titre="Timbres", le=JOUR))
    found = next(row for row in run(maison, "echeances")["json"] if row["cle"] == mine.id)
    assert (found["titre"], found["regle"], found["raisons"], found["dossier"]) == ("Timbres", None, [], None)


def test_the_calendar_is_written_where_it_is_asked(maison, tmp_path):
    chemin = tmp_path / "a.ics"
    answer = run(maison, "agenda", "--sortie", str(chemin))
    assert answer["json"] == {"fichier": str(chemin), "entrees": len(toutes(maison, JOUR)), "annulees": 0}
    neutral = chemin.read_bytes()
    run(maison, "agenda", "--sortie", str(chemin))
    assert chemin.read_bytes() == neutral
    run(maison, "agenda", "--sortie", str(chemin), "--detaille", "--taches")
    assert b"Couronne" in chemin.read_bytes()
    assert b"BEGIN:VTODO" in chemin.read_bytes()


def test_the_calendar_may_be_kept_or_hold_changes_only(maison, tmp_path):
    chemin = tmp_path / "a.ics"
    run(maison, "agenda", "--sortie", str(chemin), "--tenir")
    assert kept_file(maison).chemin == chemin
    with pytest.raises(Refused, match="Rien n’a changé"):
        run(maison, "agenda", "--sortie", str(chemin), "--changements")


def test_a_path_is_made_whole_before_the_window_is_asked(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert parser().parse_args(["agenda", "--sortie", "a.ics"]).sortie == str(tmp_path / "a.ics")


def test_the_reminders_of_the_day_are_told_once_and_in_neutral_words(maison):
    now = {"maintenant": "2027-02-15T09:00"}
    first = run(maison, "rappels", **now)
    assert first["code"] == 0
    assert first["json"]["notifie"]
    assert LIMITE in {row["cle"] for row in first["json"]["rappels"]}
    assert not any("Couronne" in line or "médiateur" in line.lower() for line in first["lignes"])
    again = run(maison, "rappels", **now)
    assert (again["code"], again["json"]["rappels"], again["json"]["notifie"]) == (0, [], False)
    assert again["lignes"] == ["Les rappels d’aujourd’hui ont déjà été donnés."]


def test_nothing_to_say_is_no_failure(library):
    answer = run(library, "rappels")
    assert (answer["code"], answer["lignes"]) == (0, ["Aucun rappel aujourd’hui."])


def test_the_reminders_keep_the_calendar_up_to_date_and_say_when_they_cannot(maison, tmp_path):
    folder = tmp_path / "clé"
    folder.mkdir()
    run(maison, "agenda", "--sortie", str(folder / "a.ics"), "--tenir")
    (folder / "a.ics").unlink()
    assert run(maison, "rappels")["code"] == 0
    assert (folder / "a.ics").exists()
    (folder / "a.ics").unlink()
    folder.rmdir()
    answer = run(maison, "rappels", maintenant=f"{LE_16_AVRIL_2027.isoformat()}T09:00")
    assert answer["code"] == 1
    assert "introuvable" in answer["erreur"]
    assert answer["json"]["rappels"]


def test_without_a_given_moment_the_clock_of_the_place_is_read(library):
    answer = COMMANDES["rappels"](library, None, {"commande": "rappels"})
    assert date.fromisoformat(answer["json"]["jour"]) >= date(2026, 1, 1)

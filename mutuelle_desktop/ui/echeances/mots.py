"""The sentences of one deadline: why this day, why two days, what drifted; and all of it as a sheet of text."""

from datetime import date

from mutuelle_desktop.domain.calendrier import delai_en_lettres
from mutuelle_desktop.domain.echeance import Echeance
from mutuelle_desktop.domain.regle import Role
from mutuelle_desktop.ui import format as fr

_DEBUTS = {
    Role.ASSURE: "Vous avez jusqu’au {jour}",
    Role.ORGANISME: "La mutuelle a jusqu’au {jour}",
    Role.OUVERTURE: "Cette étape est possible à partir du {jour}",
    Role.INFORMATION: "La date à connaître est le {jour}",
}


def phrase_of(one: Echeance) -> str:
    """Return why this date, in one sentence."""
    jour = fr.jour(one.agir_le if one.role is Role.OUVERTURE else one.brute)
    debut = _DEBUTS[one.role].format(jour=jour)
    loi = one.loi
    fait = f"«\u00a0{one.evenement.nature}\u00a0», le {fr.jour(one.evenement.le)}" if one.evenement else ""
    if not loi.delai:
        return f"{debut}\u00a0: c’est le jour que donne {fait or 'le fait lui-même'}."
    sens = "avant" if loi.delai < 0 else "après"
    de = fait or f"le {fr.jour(one.origine)}"
    own = ", le délai que vous avez choisi," if loi.surcharge is not None else ""
    if sum(raison.delai is not None for raison in one.raisons) > 1:
        return f"{debut}\u00a0: {delai_en_lettres(loi.delai, loi.unite)}{own} {sens} le {fr.jour(one.origine)}."
    return f"{debut}\u00a0: {delai_en_lettres(loi.delai, loi.unite)}{own} {sens} {de}."


def why_two_days(one: Echeance) -> str:
    """Return why the day to act is not the day of the rule; nothing when they are one."""
    if one.agir_le == one.brute or one.fixee_le or one.reportee_le:
        return ""
    if one.role is Role.ASSURE:
        marge = " moins le temps de la poste" if one.loi.par_courrier else ""
        return f"La date limite ne bouge jamais. Le jour pour agir est le dernier jour ouvré utile{marge}."
    if one.role is Role.ORGANISME:
        kind = "favorable à un appel" if one.loi.par_telephone else "ouvré"
        return f"Elle est en retard dès le lendemain\u00a0; la relance se fait le premier jour {kind} qui suit."
    if one.role is Role.OUVERTURE:
        kind = "bon pour appeler" if one.loi.par_telephone else "ouvré"
        return f"Le premier jour {kind} où vous pouvez agir."
    return ""


def ecart_of(one: Echeance) -> str:
    """Return what the user's own date has to do with the rule's; nothing without one."""
    if one.fixee_le:
        words = f"Vous avez fixé cette échéance au {fr.jour(one.fixee_le)}."
        if one.ecart:
            when = "plus tard" if one.ecart > 0 else "plus tôt"
            words += f" La règle donnerait le {fr.jour(one.brute)}, {fr.pluriel(abs(one.ecart), 'jour')} {when}."
        return words
    return f"Vous l’avez reportée au {fr.jour(one.reportee_le)}." if one.reportee_le else ""


def sheet_of(one: Echeance, dossier: str, today: date) -> str:
    """Return everything there is to say of a deadline, as text to print or to paste."""
    parts = [
        one.titre.upper(),
        f"Dossier\u00a0: {dossier}" if dossier else "",
        f"État\u00a0: {one.etat}",
        "",
        phrase_of(one),
    ]
    parts += [why_two_days(one), ecart_of(one), "", "Comment on y arrive"]
    for raison in one.raisons:
        parts.append(
            f"–\u00a0{fr.jour_court(raison.jour)}\u00a0: {raison.texte}" if raison.jour else f"–\u00a0{raison.texte}"
        )
    check = "à vérifier, lue" if one.incertaine else "vérifiée"
    parts += ["", f"Règle\u00a0: {one.loi.explication}"]
    parts.append(f"Source ({one.nature})\u00a0: {one.source}, {check} le {fr.jour(one.verifie_le)}.")
    parts.append(f"Si rien n’est fait\u00a0: {one.consequence}" if one.consequence else "")
    parts += ["", f"Imprimé le {fr.jour(today)}."]
    lines: list[str] = []
    for part in parts:
        if part or (lines and lines[-1]):
            lines.append(part)
    return "\n".join(lines)

"""French typography, as a pass that is always the same and changes nothing the second time."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from mutuelle_desktop.domain.calendrier import MOIS
from mutuelle_desktop.domain.courrier import Bloc, Fragment

INSECABLE = "\u00a0"
FINE = "\u202f"

_E = "[ \t\u00a0\u202f]"
_GARDE = re.compile(
    r"https?://[^\s»]*[^\s».,;:!?)]|www\.[^\s»]*[^\s».,;:!?)]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])|\ue000"
)
"""What is never touched: web and mail addresses, times such as 14:30 (U+E000 is the mark that stands for them)."""
_CHAMP = "\ufffc"
"""Stands for a field or an enclosure while the sentence around it is corrected."""
_UNITES = "km|m|cm|mm|kg|g|mg|ml|h|min|s|jours?|mois|ans?|semaines?|pages?|euros?|centimes?|fois"

_REGLES: tuple[tuple[str, str], ...] = (
    (r"(?<=[^\W\d_])'(?=[^\W_])", "’"),
    (r"(?<!\.)\.\.\.(?!\.)", "…"),
    (r'(?<![^\s(\[«])"(?=\S)([^"\n]*)(?<=\S)"(?![^\s.,;:!?)\]»…])', r"«\1»"),
    (r"(?<=[\w’»)\]%€…\ufffc\ue000]) {2,}(?=\S)", " "),
    (rf"«{_E}*(?=[^\s»])", "«·"),
    (rf"(?<=[^\s«]){_E}*»", "·»"),
    (r"(?<=[\w»)\]\ufffc\ue000]) +(?=[,.](?:\s|$))", ""),
    (rf"(?<=[^\s!?;:(\[«…]){_E}*(?=[;!?]+(?:[\s»)\]…·]|$))(?=[;!?])", "˙"),
    (rf"(?<=…){_E}+(?=[;!?]+(?:[\s»)\]·]|$))", "˙"),
    (rf"(?<=[^\s!?;:(\[«]){_E}*(?=:(?:[\s»)\]·]|$))", "·"),
    (rf"(?<=\d){_E}*(?=[€%](?!\w))", "·"),
    (rf"(?<=\d) (?=(?:{_UNITES})\b)", "·"),
    (rf"\b([nN])[°º]{_E}*(?=\w)", r"\1°·"),
    (r"\b(MM?\.|Mmes?|Mlles?|Drs?|Prs?|Mes?) (?=[A-ZÀ-Ý])", r"\1·"),
    (r"\b(art|arts|pp?|al|chap|fig)\. (?=\d|[LRAD]\b)", r"\1.·"),
    (r"\b([Aa]rticles?|[Pp]ages?|[Pp]ièces?|[Aa]linéas?) (?=(?:[LRAD]\.?[ \u00a0]?)?\d|n°)", r"\1·"),
    (r"\b([LRAD])\. (?=\d)", r"\1.·"),
    (rf"\b(\d\d?|1er) (?=(?:{'|'.join(MOIS)})\b)", r"\1·"),
    (r"\b([A-ZÀ-Ý]\.) (?=[A-ZÀ-Ý][\w’.-])", r"\1·"),
)
"""Each rule reads the text of the one before; « · » stands for a no-break space, « ˙ » for that of ; ! and ?."""
_S = "[ \u00a0]"
_GROUPES: tuple[str, ...] = (
    rf"(?<!\d)(?:\+33{_S}?|0)\d(?:{_S}\d\d){{4}}(?!\d)",
    rf"(?<!\d)[12]{_S}\d\d{_S}\d\d{_S}\d[\dAB]{_S}\d{{3}}{_S}\d{{3}}(?:{_S}\d\d)?(?!\d)",
    rf"\b[A-Z]{{2}}\d\d(?:{_S}[0-9A-Z]{{4}}){{3,7}}(?:{_S}[0-9A-Z]{{1,3}})?\b",
    rf"\b[0-9][A-Z]{_S}\d{{3}}{_S}\d{{3}}{_S}\d{{4}}{_S}\d\b",
    rf"\b[A-Z]{{2}}{_S}\d{{3}}{_S}\d{{3}}{_S}\d{{3}}{_S}[A-Z]{{2}}\b",
    rf"(?<![\d,.])\d{{1,3}}(?:{_S}\d{{3}})+(?!\d)",
)
"""Telephones, NIR, IBAN, numbers of recommandés (domestic, S10), amounts: their groups stay on one line."""
_LU = [(re.compile(motif), voulu) for motif, voulu in _REGLES]
_JOINTS = [re.compile(motif) for motif in _GROUPES]
_PASSES = 8


@dataclass(frozen=True, slots=True)
class Ecart:
    """One change: what stood from debut to fin (positions in the text before), and what stands there now."""

    debut: int
    fin: int
    avant: str
    apres: str


def corrected(texte: str, fine: bool = False) -> str:
    """Return the text as French sets it; fine puts a thin space before ; ! and ?, for fonts that have one."""
    for _pass in range(_PASSES):
        again = _once(texte, fine)
        if again == texte:
            break
        texte = again
    return texte


def differences(avant: str, apres: str) -> list[Ecart]:
    """Return the changes from one text to the other, in order."""
    before, after = _tokens(avant), _tokens(apres)
    found, place = [], 0
    starts = [0]
    for token in before:
        place += len(token)
        starts.append(place)
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            found.append(Ecart(starts[a], starts[b], "".join(before[a:b]), "".join(after[c:d])))
    return found


def corrected_corps(corps: Sequence[Bloc], fine: bool = False) -> tuple[Bloc, ...]:
    """Return the body as French sets it: a sentence is read across its fragments, fields and enclosures are kept."""
    return tuple(replace(bloc, lignes=tuple(_line(ligne, fine) for ligne in bloc.lignes)) for bloc in corps)


def _once(texte: str, fine: bool) -> str:
    kept = _GARDE.findall(texte)
    text = _GARDE.sub("\ue000", texte)
    text, back = _marks_aside(text)
    for motif, voulu in _LU:
        text = motif.sub(voulu, text)
    for joint in _JOINTS:
        text = joint.sub(lambda found: re.sub(_S, "·", found[0]), text)
    text = back(text.replace("·", INSECABLE).replace("˙", FINE if fine else INSECABLE))
    pieces = iter(kept)
    return re.sub("\ue000", lambda _found: next(pieces), text)


def _marks_aside(text: str) -> tuple[str, Callable[[str], str]]:
    """Set aside the two marks of the rules where the user wrote them."""
    pairs = (("·", "\ue001"), ("˙", "\ue002"))
    if not any(mark in text for mark, _aside in pairs) or "\ue001" in text or "\ue002" in text:
        return text, lambda done: done
    for mark, aside in pairs:
        text = text.replace(mark, aside)

    def back(done: str) -> str:
        for mark, aside in pairs:
            done = done.replace(aside, mark)
        return done

    return text, back


def _tokens(texte: str) -> list[str]:
    return re.findall(r"\w+|\W", texte)


def _line(ligne: Sequence[Fragment], fine: bool) -> tuple[Fragment, ...]:
    """Correct the whole sentence, then give each change back to the fragment it began in."""
    texts = [_CHAMP if each.champ or each.piece else each.texte for each in ligne]
    whole = "".join(texts)
    changes = differences(whole, corrected(whole, fine))
    found, start = [], 0
    for each, text in zip(ligne, texts, strict=True):
        end = start + len(text)
        mine = [one for one in changes if start <= one.debut < end or (one.debut == end == len(whole) and text)]
        spill = [one for one in changes if one.debut < start < one.fin]
        if each.champ or each.piece or not text:
            found.append(each)
        else:
            found.append(replace(each, texte=_changed(text, start, mine, spill)))
        start = end
    return tuple(found)


def _changed(text: str, start: int, mine: Sequence[Ecart], spill: Sequence[Ecart]) -> str:
    out, place = "", 0
    for one in spill:
        place = min(len(text), one.fin - start)
    for one in mine:
        out += text[place : one.debut - start] + one.apres
        place = min(len(text), one.fin - start)
    return out + text[place:]

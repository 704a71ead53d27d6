#!/usr/bin/env bash
# Sets up on the first run, then opens the window; without a screen, does the program's main job on the example household.
set -euo pipefail
# shellcheck source=packaging/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

set_up "" "${RUN_PACKAGES[@]}"
program=("$VENV/bin/python" -m mutuelle_desktop)

if [ $# -gt 0 ] || [ "$(uname)" != Linux ] || [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; then
    cd "$ROOT"
    exec "${program[@]}" "$@"
fi

umask 077
mkdir -p "$ROOT/build"
data="$(mktemp -d "$ROOT/build/exemple-XXXXXX")"
cd "$ROOT"
echo "Pas d’écran ici : voici le travail du programme sur un foyer d’exemple, sans fenêtre."
echo "Dossier de données : $data"
echo
echo "1. Foyer, contrat, dossiers ; papiers importés et lus (texte et reconnaissance des scans)"
"${program[@]}" exemple --donnees "$data"
echo
echo "2. Recherches dans les papiers"
for words in "couronne" "oedeme" "ordonnance séances" "700,00"; do
    echo "— « $words »"
    found="$("${program[@]}" chercher $words --donnees "$data")"
    echo "$found"
    case "$found" in "Aucun papier"*) echo "Rien n’a été trouvé : c’est anormal." >&2; exit 1 ;; esac
done
echo
echo "3. Dossiers"
"${program[@]}" dossiers --donnees "$data"
echo
echo "4. Vérification du coffre"
"${program[@]}" verifier --donnees "$data"
echo
echo "Tout s’est bien passé. Les données d’exemple sont dans $data ; effacez ce dossier quand vous voulez."

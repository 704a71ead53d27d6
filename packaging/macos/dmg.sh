#!/usr/bin/env bash
# The disk image of the .app that PyInstaller made: dmg.sh FOLDER TARGET VERSION. Called by packaging/build.py.
# UNTRIED (non essayé): written from the documentation of hdiutil and codesign; nobody has run it on macOS yet.
# Without MUTUELLE_DESKTOP_SIGNATURE (the name of a « Developer ID Application » certificate) the application is signed
# for this computer only: elsewhere it opens by a right click, then « Ouvrir ».
set -euo pipefail
frozen="$1" target="$2" version="$3"
app="$frozen/Mutuelle Desktop.app"

if [ ! -f "$app/Contents/Resources/tessdata/fra.traineddata" ] && [ -f "$frozen/../tessdata/fra.traineddata" ]; then
    mkdir -p "$app/Contents/MacOS/tessdata"
    cp "$frozen/../tessdata/fra.traineddata" "$app/Contents/MacOS/tessdata/"
fi
codesign --force --deep --options runtime --sign "${MUTUELLE_DESKTOP_SIGNATURE:--}" "$app"
stage="$(mktemp -d)"
trap 'rm -rf "$stage"' EXIT
cp -R "$app" "$stage/"
ln -s /Applications "$stage/Applications"
mkdir -p "$target"
hdiutil create -quiet -ov -fs HFS+ -format UDZO -volname "Mutuelle Desktop" -srcfolder "$stage" \
    "$target/mutuelle-desktop-$version-macos.dmg"

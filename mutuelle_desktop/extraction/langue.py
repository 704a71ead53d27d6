"""Where Tesseract's French data is; asked by the program itself, which must not load the reading for it."""

import os
import sys
from pathlib import Path

LANGUE = "fra"
_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata",
    "/usr/share/tesseract/tessdata", "/opt/homebrew/share/tessdata", "/usr/local/share/tessdata",
    "C:/Program Files/Tesseract-OCR/tessdata",
)  # fmt: skip


def data_folder() -> Path | None:
    """Return the folder that holds the French language data, or None."""
    beside = Path(sys.executable).parent / "tessdata"
    for folder in (os.environ.get("TESSDATA_PREFIX"), str(beside), *_FOLDERS):
        if folder and (Path(folder) / f"{LANGUE}.traineddata").is_file():
            return Path(folder)
    return None


def missing_sentence() -> str | None:
    """Return None when scans can be read, else how to add what is missing."""
    if data_folder():
        return None
    how = (
        "installez le paquet « tesseract-ocr-fra » (sudo apt install tesseract-ocr-fra)"
        if sys.platform.startswith("linux")
        else "réinstallez le programme avec l’option « lecture des papiers numérisés »"
    )
    return f"Les papiers numérisés ne peuvent pas encore être lus : {how}. Tout le reste fonctionne."

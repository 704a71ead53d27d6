"""Hostile and broken files through the real caged processes: a result or a sentence, never a hang, and on to the next."""

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, RectangleObject, TextStringObject

from mutuelle_desktop.domain.document import EtatLecture, Lecture
from mutuelle_desktop.domain.errors import Cancelled, Protege, Unreadable
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.extraction import langue
from mutuelle_desktop.extraction.sniff import PDF, sniff
from mutuelle_desktop.rendering.assemblage import Part
from mutuelle_desktop.services import workers as module
from mutuelle_desktop.services.importation import import_files
from mutuelle_desktop.services.lectures import read_pending
from mutuelle_desktop.services.workers import Workers
from tests.extraction.feuilles import FONT, coder, feuille, pdf, reworked, scanne
from tests.extraction.test_image import bomb

UNEXPECTED = module._DIED


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    found = Workers(1)
    yield found
    found.close()


@pytest.fixture(scope="module")
def letter() -> bytes:
    return pdf("Bonjour à tous\nVoici un décompte", pages=3)


@pytest.fixture(autouse=True)
def next_call_works(workers, letter) -> Iterator[None]:
    yield
    assert workers.read_all(letter, PDF).lues[0].texte.startswith("Bonjour")


def taken(workers: Workers, contenu: bytes, mime: str | None = None) -> str:
    """Have a file read, measured and drawn; return the sentence it ends on, or nothing."""
    kind = mime or sniff(contenu)
    if kind is None:
        return "refused"
    said = ""
    for work in (
        lambda: workers.read_all(contenu, kind),
        lambda: workers.inspect(contenu, kind),
        lambda: workers.render(contenu, kind, 1, 200, urgent=False),
    ):
        began = time.monotonic()
        try:
            work()
        except Unreadable as error:
            said = str(error)
            assert said.endswith((".", "ajoutez-la.")), said
            assert said != UNEXPECTED
        assert time.monotonic() - began < 30
    return said


def _looping() -> bytes:
    def work(writer):
        root = writer.root_object["/Pages"]
        root[NameObject("/Kids")] = ArrayObject([writer.root_object.raw_get("/Pages")] * 3)
        root[NameObject("/Count")] = NumberObject(3)

    return reworked(pdf("Boucle"), work)


def _busy() -> bytes:
    def work(writer):
        writer.add_attachment("virus.exe", b"MZ" + bytes(1000))
        script = TextStringObject("app.alert('bonjour'); while (true) {}")
        action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): script})
        launch = DictionaryObject(
            {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("/bin/sh")}
        )
        writer.root_object[NameObject("/OpenAction")] = action
        writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): launch})

    return reworked(pdf("Bonjour"), work)


def _swollen() -> bytes:
    """Return a PDF whose only picture claims a billion pixels."""
    import zlib

    packed = zlib.compress(bytes(4_000_000), 9)
    head = "<</Type/XObject/Subtype/Image/Width 32000/Height 32000/BitsPerComponent 8/ColorSpace/DeviceGray"
    head += f"/Filter/FlateDecode/Length {len(packed)}>>"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>",
        head.encode() + b"stream\n" + packed + b"\nendstream",
        b"<</Length 29>>stream\nq 600 0 0 800 0 0 cm /I Do Q \nendstream",
    ]  # fmt: skip
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj" % n + part + b"endobj\n" for n, part in enumerate(parts, 1))
    return body + b"trailer<</Root 1 0 R/Size 6>>"


def _boxed(*box: float) -> bytes:
    return reworked(pdf("Bonjour"), lambda writer: setattr(writer.pages[0], "mediabox", RectangleObject(box)))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "page tree that loops": _looping,
    "javascript, attachment, launch": _busy,
    "200-inch page": lambda: _boxed(0, 0, 14400, 14400),
    "endless page": lambda: _boxed(0, 0, 1e9, 1e9),
    "page of no size": lambda: _boxed(0, 0, 0, 0),
    "page turned inside out": lambda: _boxed(600, 800, 0, 0),
    "thread of a page": lambda: _boxed(0, 0, 1, 14400),
    "billion pixels in a pdf": _swollen,
    "30 000 x 30 000 png": bomb,
    "10 000 x 10 000 png, empty": lambda: bomb(10_000),
    "deep arrays": lambda: b"%PDF-1.4\n1 0 obj" + b"[" * 200_000,
    "gif of one byte": lambda: b"GIF89a\x01",
    "tiff that points to itself": lambda: b"II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00",
    "bmp of 2 billion rows": lambda: (
        b"BM" + bytes(8) + b"\x36\0\0\0\x28\0\0\0" + b"\xff\xff\xff\x7f" * 2 + b"\1\0\x18\0" + bytes(24)
    ),
    "webp that lies": lambda: b"RIFF\xff\xff\xff\x7fWEBPVP8L\xff\xff\xff\x7f" + bytes(100),
    "heic without a picture": lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_a_result_or_a_sentence(workers, name):
    taken(workers, HOSTILE[name]())


def test_text_of_a_pdf_with_scripts_is_read_and_nothing_else_happens(workers):
    assert workers.read_all(_busy(), PDF).lues[0].texte == "Bonjour"


@pytest.mark.parametrize("magic", [b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"GIF89a",
                                   b"BM", b"RIFF\0\0\1\0WEBP", b"\0\0\0\x18ftypheic"])  # fmt: skip
def test_noise_after_a_right_beginning_is_refused(workers, magic):
    for seed in range(3):
        said = taken(workers, magic + random.Random(seed).randbytes(3000))
        assert said or magic == b"BM"


@pytest.mark.parametrize("mime", [PDF, "image/png", "image/jpeg", "image/tiff", "image/heic"])
def test_an_empty_file_is_refused(workers, mime):
    assert "abîmé" in taken(workers, b"", mime)


def test_one_kind_under_the_name_of_another_is_refused(workers):
    letter, picture = pdf("Bonjour"), coder(feuille(dpi=60), "TIFF")
    assert taken(workers, letter, "image/tiff")
    assert taken(workers, picture, PDF)
    assert taken(workers, picture, "image/png") == "", "pictures are opened by what they are"


def test_a_pdf_cut_anywhere_ends_well(workers, letter):
    for cut in range(16, len(letter), len(letter) // 30):
        taken(workers, letter[:cut])


def test_2_000_pages_are_counted_at_once_and_read_in_parts(workers):
    contenu = pdf("Page", pages=2000)
    began = time.monotonic()
    found = workers.read_all(contenu, PDF)
    assert time.monotonic() - began < 15
    assert (found.pages, len(found.lues)) == (2000, module.PAGES_PREMIERES)
    assert workers.read_text(contenu, PDF, 1999, 2100)[-1].numero == 2000
    assert workers.inspect(contenu, PDF).tailles[499]


def test_some_hundreds_of_mutants_end_well(workers):
    chance = random.Random(2026)
    sheet = feuille(dpi=40)
    seeds = [
        pdf("Bonjour à tous", pages=2), scanne([sheet]), reworked(pdf("Clé"), lambda w: w.encrypt("a", "b")),
        coder(sheet, "PNG"), coder(sheet, "JPEG"), coder(sheet, "TIFF", compression="tiff_lzw"), coder(sheet, "GIF"),
        coder(sheet.convert("1"), "TIFF", compression="group4"), coder(sheet, "WEBP"), coder(sheet, "BMP"),
    ]  # fmt: skip
    answered = refused = 0
    for turn in range(600):
        mutant = bytearray(seeds[turn % len(seeds)])
        for _ in range(chance.choice((1, 4, 20))):
            where = chance.randrange(min(len(mutant), chance.choice((200, 10**9))))
            match chance.randrange(4):
                case 0:
                    mutant[where] = chance.randrange(256)
                case 1:
                    mutant[where] ^= 1 << chance.randrange(8)
                case 2:
                    del mutant[where : where + chance.randrange(1, 40)]
                case _:
                    mutant[where:where] = chance.randbytes(chance.randrange(1, 12))
        kind = sniff(bytes(mutant[:2048]))
        if kind is None:
            continue
        said = ""
        try:
            workers.read_all(bytes(mutant), kind)
        except Unreadable as error:
            said = str(error)
        assert said != UNEXPECTED, (turn, kind)
        answered, refused = answered + (not said), refused + bool(said)
    assert answered > 50
    assert refused > 30


def test_passwords_are_asked_for(workers):
    locked = reworked(pdf("Secret"), lambda writer: writer.encrypt("ouvre", "maître", algorithm="AES-256"))
    with pytest.raises(Protege, match="mot de passe"):
        workers.read_all(locked, PDF)
    assert workers.read_all(locked, PDF, "ouvre").lues[0].texte == "Secret"


def _pids(workers: Workers) -> list[int]:
    return [process._child.pid for process in [*workers._idle, *workers._busy]]


def test_a_process_ended_between_two_calls_is_replaced_unseen(workers, letter):
    workers.read_all(letter, PDF)
    (pid,) = _pids(workers)
    os.kill(pid, signal.SIGKILL)
    workers._idle[0]._child.wait()
    assert workers.read_all(letter, PDF).pages == 3


read_here = pytest.mark.skipif(langue.missing_sentence() is not None, reason="Tesseract's French data is not installed")


def _lined(step: int) -> Image.Image:
    drawn = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(drawn)
    for at in range(0, 1754, step):
        pen.line((0, at, 1240, at), fill=60, width=2)
        pen.line((at, 0, at, 1754), fill=60, width=2)
    return drawn


def _letter(dark: int = 15, paper: int = 250) -> Image.Image:
    drawn = Image.new("L", (1654, 2339), paper)
    ImageDraw.Draw(drawn).text((270, 290), "R", fill=dark, font=ImageFont.truetype(FONT, 1200))
    return drawn


WORDLESS: dict[str, Callable[[], Image.Image]] = {
    "white": lambda: Image.new("L", (1240, 1754), 255),
    "white, one bit": lambda: Image.new("1", (1654, 2339), 1),
    "black": lambda: Image.new("L", (1240, 1754), 0),
    "black, one bit": lambda: Image.new("1", (1654, 2339), 0),
    "grey": lambda: Image.new("RGB", (1240, 1754), (90, 90, 90)),
    "half black": lambda: Image.linear_gradient("L").point(lambda v: 255 if v > 127 else 0).resize((1240, 1754)),
    "one pixel": lambda: Image.new("L", (1, 1), 255),
    "one black pixel": lambda: Image.new("L", (1, 1), 0),
    "10 x 3 000": lambda: Image.new("L", (10, 3000), 0),
    "20 000 x 1": lambda: Image.new("L", (20_000, 1), 0),
    "30 000 x 20": lambda: Image.frombytes("L", (30_000, 20), random.Random(20).randbytes(600_000)),
    "120 million pixels": lambda: Image.new("1", (11_000, 10_900), 1),
    "one huge letter": _letter,
    "one huge letter, white on black": lambda: _letter(250, 15),
    "squared paper": lambda: _lined(30),
    "squared paper, fine": lambda: _lined(6),
    "gradient": lambda: Image.linear_gradient("L").resize((1240, 1754)),
}


@read_here
@pytest.mark.parametrize("photo", [False, True], ids=["scan", "photo"])
@pytest.mark.parametrize("name", WORDLESS)
def test_a_picture_without_a_word_is_an_empty_page(workers, name, photo):
    began = time.monotonic()
    picture = WORDLESS[name]()
    options = {"compression": "group4"} if picture.mode == "1" else {}
    contenu = coder(picture.convert("L"), "JPEG") if photo else coder(picture, "TIFF", dpi=(150, 150), **options)
    page = workers.ocr(contenu, sniff(contenu) or "", 1)
    assert (page.texte, page.confiance) == ("", 0)
    assert time.monotonic() - began < module.SECONDES_OCR


@read_here
def test_each_page_of_a_scan_of_few_words_is_read_and_none_ends_its_process(workers, letter, monkeypatch):
    monkeypatch.setattr(module, "FICHIERS_PAR_PROCESSUS", 10_000)
    workers.read_all(letter, PDF)
    before = _pids(workers)
    sheets = [
        feuille(["Bridge", "remboursement"]),
        Image.new("L", (1240, 1754), 250),
        feuille(["Facture", "acquittée"]),
    ]
    contenu = coder(sheets[0], "TIFF", save_all=True, append_images=sheets[1:], dpi=(150, 150))
    texts = [workers.ocr(contenu, "image/tiff", page).texte for page in (1, 2, 3)]
    assert texts == ["Bridge\nremboursement", "", "Facture\nacquittée"]
    assert _pids(workers) == before


def test_a_page_that_ends_its_process_each_time_is_unreadable_and_waits_no_more(
    library, workers, tmp_path, monkeypatch
):
    path = tmp_path / "a.png"
    path.write_bytes(coder(feuille(dpi=60)))
    (taken,) = import_files(library, workers, [path])
    started: list[int] = []

    def dying() -> list[str]:
        started.append(1)
        return [sys.executable, "-c", "import os, sys; sys.stdin.buffer.read(4); os._exit(1)"]

    monkeypatch.setattr(module, "command", dying)
    monkeypatch.setattr(Workers, "ocr_available", lambda self: None)
    hopeless = Workers(1)
    assert read_pending(library, hopeless) == 1
    assert read_pending(library, hopeless) == 0
    hopeless.close()
    assert len(started) <= 6, "a few tries, then no more"
    with library.read() as db:
        (lecture,) = db.all(Lecture)
    assert (lecture.etat, lecture.essais) == (EtatLecture.ILLISIBLE, 0)
    assert "L’original est gardé" in lecture.raison
    assert taken.document_id


def _long() -> bytes:
    return coder(Image.effect_noise((2480, 3508), 90), "PNG", dpi=(300, 300))


def test_a_process_ended_during_a_call_fails_it_in_french(workers):
    contenu = _long()

    def end() -> None:
        while not workers._busy:
            time.sleep(0.01)
        time.sleep(0.3)
        os.kill(_pids(workers)[0], signal.SIGKILL)

    threading.Thread(target=end).start()
    with pytest.raises(Unreadable, match="L’original est gardé"):
        workers.ocr(contenu, "image/png", 1)


def test_giving_up_ends_a_call_at_once(workers):
    progress, contenu = Progress(), _long()
    asked: list[float] = []

    def cancel() -> None:
        asked.append(time.monotonic())
        progress.cancelled = True

    threading.Timer(0.6, cancel).start()
    with pytest.raises(Cancelled):
        workers.ocr(contenu, "image/png", 1, progress=progress)
    assert time.monotonic() - asked[0] < 3


def test_a_call_too_long_is_given_up(workers, monkeypatch):
    monkeypatch.setattr(module, "SECONDES_OCR", 0.4)
    with pytest.raises(Unreadable, match="trop de temps"):
        workers.ocr(_long(), "image/png", 1)


def test_a_paper_kept_by_a_process_is_not_sent_again(workers, letter):
    sent: list[int] = []

    def contenu() -> bytes:
        sent.append(1)
        return letter

    for page in (1, 2, 3):
        workers.read_text(contenu, PDF, page, page, cle="lettre")
    assert len(sent) == 1
    workers.inspect(pdf("Autre"), PDF)
    assert workers.read_text(contenu, PDF, 1, 1, cle="lettre")[0].texte.startswith("Bonjour")


def test_the_screen_is_served_while_the_work_is_long(workers, letter):
    progress = Progress()

    def read() -> None:
        with suppress(Cancelled):
            workers.ocr(_long(), "image/png", 1, progress=progress)

    work = threading.Thread(target=read)
    work.start()
    began = time.monotonic()
    drawn = workers.render(letter, PDF, 1, 300)
    assert time.monotonic() - began < 15
    assert len(drawn.octets) == drawn.largeur * drawn.hauteur * 3
    progress.cancelled = True
    work.join()


def test_once_closed_nothing_is_started(letter):
    closed = Workers(1)
    closed.close()
    with pytest.raises(Cancelled):
        closed.read_all(letter, PDF)


def test_a_process_stays_caged_while_it_serves(workers, letter):
    workers.read_all(letter, PDF)
    status = Path(f"/proc/{_pids(workers)[0]}/status")
    if not status.exists():
        pytest.skip("no /proc here")
    told = status.read_text()
    assert "NoNewPrivs:\t1" in told
    assert "Seccomp:\t2" in told


def test_a_picture_joins_a_pdf_at_its_own_size_and_the_way_it_is_held(workers, letter):
    from tests.extraction.test_image import STORED, _heic, _palette_clear, _sixteen, camera, marked

    turned = coder(marked().transpose(STORED[6]), "JPEG", exif=camera(6), dpi=(100, 100))
    fax = coder(feuille(dpi=100).convert("1"), "TIFF", save_all=True, append_images=[feuille(dpi=100)], dpi=(100, 100))
    sources = [
        turned,
        _heic(),
        _palette_clear(),
        _sixteen(),
        fax,
        coder(marked("CMYK"), "JPEG"),
        coder(marked("LAB"), "TIFF"),
    ]
    for contenu in sources:
        kind = sniff(contenu) or ""
        before = workers.inspect(contenu, kind).tailles
        made = workers.assemble([Part(contenu, kind), Part(letter, PDF, (2,), 90)])
        after = workers.inspect(made, PDF).tailles
        assert len(after) == len(before) + 1
        for one, other in zip(before, after, strict=False):
            assert one == pytest.approx(other, rel=0.02)
        seen = workers.render(contenu, kind, 1, 120).octets
        drawn = workers.render(made, PDF, 1, 120).octets
        assert sum(seen) / len(seen) == pytest.approx(sum(drawn) / len(drawn), abs=8)


def test_a_broken_paper_cannot_be_taken_apart(workers, letter):
    for contenu, kind in ((letter[:300], PDF), (b"\x89PNG\r\n\x1a\n" + bytes(50), "image/png"), (_looping(), PDF)):
        with pytest.raises(Unreadable) as refused:
            workers.assemble([Part(contenu, kind)])
        assert str(refused.value) != UNEXPECTED

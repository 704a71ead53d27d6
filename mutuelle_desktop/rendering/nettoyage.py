"""What is copied of a foreign page: what draws it, and nothing that acts, names its author or tells where it was made."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import Image
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject

LEFT_OUT = (
    "/Metadata", "/PieceInfo", "/Thumb", "/AA", "/A", "/OpenAction", "/JS", "/JavaScript", "/AcroForm", "/Names", "/Outlines",
    "/Parent", "/Annots", "/StructParent", "/StructParents", "/AF", "/Alternates", "/OPI", "/LastModified", "/B", "/Ref",
)  # fmt: skip
"""Keys that never draw anything (SURETE.md §6), and those that would drag the rest of the file along."""
PIXELS_IMAGE = 7_000_000
COTE_IMAGE = 2400
"""Pixels beyond which a photo inside a PDF is reduced, and its longest side then."""
_LOURD, _REDUIT = 700_000, 900_000
"""Bytes under which a picture is left alone, and those a huge one is counted for before it is reduced."""
_FORMS, _DEPTH = 2000, 12
_HIDDEN = 2 | 32  # hidden, no view
_LEFT_AS_IS = frozenset({0xE0, 0xEE})  # JFIF, and Adobe's that says how colours are told


def hides_layers(reader: PdfReader) -> bool:
    """Tell whether some layers of a PDF do not show: copied without its catalogue, they would."""
    layers = reader.root_object.get("/OCProperties")
    if layers is None:
        return False
    shown = layers.get_object().get("/D", DictionaryObject()).get_object()
    return bool(shown.get("/OFF")) or shown.get("/BaseState", "/ON") != "/ON"


def copied(writer: PdfWriter, page: PageObject) -> StreamObject:
    """Return what draws a page, as one object of the new file."""
    contents = page.get_contents()
    form = StreamObject()
    form.set_data(contents.get_data() if contents is not None else b"")
    form = form.flate_encode()
    form.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
    resources = page.get("/Resources", DictionaryObject()).get_object()
    form[NameObject("/Resources")] = resources.clone(writer, ignore_fields=LEFT_OUT)
    group = page.get("/Group")
    if group is not None and isinstance(group.get_object(), DictionaryObject):
        form[NameObject("/Group")] = group.get_object().clone(writer, ignore_fields=LEFT_OUT)
    return form


def appearances(writer: PdfWriter, page: PageObject) -> Iterator[tuple[StreamObject, tuple[float, ...]]]:
    """Yield what notes, stamps and filled fields look like, each with what carries it to its place on the page.

    ISO 32000-1 §12.5.5, algorithm 8.1.
    """
    held: Any = page.get("/Annots")
    notes: Any = held.get_object() if held is not None else ()
    for one in notes:
        found = one.get_object()
        if not isinstance(found, DictionaryObject) or found.get("/Subtype") in ("/Popup", "/Link"):
            continue
        drawn = _normal(found)
        if drawn is None or int(found.get("/F", 0)) & _HIDDEN:
            continue
        rect: Any = found["/Rect"]
        matrix = _fit(drawn, [float(side) for side in rect])
        if matrix is not None:
            look = drawn.clone(writer, ignore_fields=LEFT_OUT)
            assert isinstance(look, StreamObject)
            yield look, matrix


def pictures(resources: Any, seen: set[int] | None = None, depth: int = 0) -> Iterator[StreamObject]:
    """Yield the pictures that resources lead to, each once."""
    seen = set() if seen is None else seen
    resources = resources.get_object() if resources is not None else None
    if not isinstance(resources, DictionaryObject) or depth > _DEPTH:
        return
    for kind in ("/XObject", "/Pattern"):
        held = resources.get(kind)
        for value in (held.get_object() if held is not None else {}).values():
            found = value.get_object()
            if id(found) in seen or len(seen) > _FORMS or not isinstance(found, DictionaryObject):
                continue
            seen.add(id(found))
            if found.get("/Subtype") == "/Image" and isinstance(found, StreamObject):
                yield found
                mask = found.get("/SMask")
                if mask is not None and isinstance(mask.get_object(), StreamObject):
                    yield mask.get_object()
            else:
                yield from pictures(found.get("/Resources"), seen, depth + 1)


def weight_of(stream: StreamObject) -> int:
    """Return the bytes a picture will take; a huge photo counts for what it is reduced to."""
    size = len(stream._data)  # noqa: SLF001 - the encoded bytes, which pypdf gives no other way
    return min(size, _REDUIT) if _is_reducible(stream) else size


def clean_picture(stream: StreamObject) -> None:
    """Take out of a picture what does not draw it, and reduce it when it is huge."""
    if _is_jpeg(stream):
        bare = bare_jpeg(stream._data)  # noqa: SLF001
        stream._data = (_reduced(stream, bare) if _is_reducible(stream) else None) or bare  # noqa: SLF001


def bare_jpeg(data: bytes) -> bytes:
    """Return a JPEG without EXIF, comments and the other notes of cameras and programs; its pixels are untouched."""
    if not data.startswith(b"\xff\xd8"):
        return data
    kept, place = [b"\xff\xd8"], 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:  # padding
            place += 1
            continue
        if marker == 0xDA:
            break
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        note = marker == 0xFE or 0xE0 <= marker <= 0xEF
        if not note or marker in _LEFT_AS_IS:
            kept.append(data[place:end])
        place = end
    end = data.rfind(b"\xff\xd9")  # what some telephones add after the picture goes too
    return b"".join((*kept, data[place : end + 2 if end > place else len(data)]))


def _is_jpeg(stream: StreamObject) -> bool:
    return stream.get("/Filter") in ("/DCTDecode", ["/DCTDecode"])


def _is_reducible(stream: StreamObject) -> bool:
    """Tell whether a picture is a huge photo whose colours are told in no special way."""
    plain = _is_jpeg(stream) and not any(key in stream for key in ("/Decode", "/Mask", "/DecodeParms"))
    across, down = _size(stream)
    return plain and across * down > PIXELS_IMAGE and len(stream._data) > _LOURD  # noqa: SLF001


def _size(stream: Any) -> tuple[int, int]:
    return int(stream.get("/Width", 0)), int(stream.get("/Height", 0))


def _reduced(stream: StreamObject, data: bytes) -> bytes | None:
    """Return a smaller JPEG of a huge plain one and tell its new size; None when it stays."""
    across, down = _size(stream)
    with Image.open(BytesIO(data), formats=("JPEG",)) as picture:
        if picture.mode not in ("L", "RGB") or picture.size != (across, down):
            return None
        picture.draft(None, (COTE_IMAGE, COTE_IMAGE))
        picture.thumbnail((COTE_IMAGE, COTE_IMAGE), Image.Resampling.LANCZOS)
        out = BytesIO()
        picture.save(out, "JPEG", quality=78)
        across, down = picture.size
    if out.tell() >= len(data):
        return None
    stream[NameObject("/Width")], stream[NameObject("/Height")] = NumberObject(across), NumberObject(down)
    return out.getvalue()


def _normal(found: DictionaryObject) -> StreamObject | None:
    """Return what an annotation looks like in its present state."""
    looks = found.get("/AP")
    normal = looks.get_object().get("/N") if looks is not None else None
    drawn = normal.get_object() if normal is not None else None
    if isinstance(drawn, DictionaryObject) and not isinstance(drawn, StreamObject):
        state = drawn.get(found.get("/AS", "/Off"))
        drawn = state.get_object() if state is not None else None
    return drawn if isinstance(drawn, StreamObject) else None


def _fit(drawn: Any, rect: list[float]) -> tuple[float, ...] | None:
    """Return what carries an appearance into its rectangle; None when it has no extent."""
    x0, y0, x1, y1 = (float(side) for side in drawn["/BBox"])
    a, b, c, d, e, f = (float(n) for n in drawn.get("/Matrix", (1, 0, 0, 1, 0, 0)))
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x0, x1) for y in (y0, y1)]
    left, bottom = min(x for x, _ in corners), min(y for _, y in corners)
    across, down = max(x for x, _ in corners) - left, max(y for _, y in corners) - bottom
    if across <= 0 or down <= 0:
        return None
    sx, sy = abs(rect[2] - rect[0]) / across, abs(rect[3] - rect[1]) / down
    return sx, 0, 0, sy, min(rect[0], rect[2]) - sx * left, min(rect[1], rect[3]) - sy * bottom

"""The page and the styles of the .odt: A4, the margins of the printed letter, a footer with the page numbers."""

_NOMS = "urn:oasis:names:tc:opendocument:xmlns"
ESPACES = (
    f'xmlns:office="{_NOMS}:office:1.0" xmlns:style="{_NOMS}:style:1.0" xmlns:text="{_NOMS}:text:1.0" '
    f'xmlns:table="{_NOMS}:table:1.0" xmlns:draw="{_NOMS}:drawing:1.0" xmlns:meta="{_NOMS}:meta:1.0" '
    f'xmlns:fo="{_NOMS}:xsl-fo-compatible:1.0" xmlns:svg="{_NOMS}:svg-compatible:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_POLICE = (
    'style:font-name="Liberation Serif" fo:font-size="{taille}pt" fo:language="fr" fo:country="FR" fo:hyphenate="{coupe}" '
    'fo:hyphenation-remain-char-count="3" fo:hyphenation-push-char-count="3"'
)


def _paragraph(nom: str, marges: str, *, alignement: str = "start", texte: str = "", suivant: bool = False) -> str:
    """Return a style of paragraph; marges are « top right bottom left » in millimetres."""
    top, right, bottom, left = marges.split()
    keep = ' fo:keep-with-next="always"' if suivant else ""
    return (
        f'<style:style style:name="{nom}" style:family="paragraph" style:parent-style-name="Standard">'
        f'<style:paragraph-properties fo:margin-top="{top}mm" fo:margin-right="{right}mm" fo:margin-bottom="{bottom}mm" '
        f'fo:margin-left="{left}mm" fo:text-align="{alignement}" fo:orphans="2" fo:widows="2"{keep}/>'
        f"<style:text-properties {texte}/></style:style>"
    )


def _list(nom: str, niveau: str) -> str:
    place = (
        '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
        '<style:list-level-label-alignment text:label-followed-by="listtab" text:list-tab-stop-position="10mm" '
        'fo:text-indent="-6mm" fo:margin-left="10mm"/></style:list-level-properties>'
    )
    kind = niveau.split(maxsplit=1)[0]
    return f'<text:list-style style:name="{nom}"><text:{niveau}>{place}</text:{kind}></text:list-style>'


_GRAS = 'fo:font-weight="bold"'
_PETIT = 'fo:font-size="10pt"'
_STYLES = "".join(
    (
        '<style:default-style style:family="paragraph"><style:paragraph-properties fo:line-height="125%"/>',
        f"<style:text-properties {_POLICE.format(taille=11, coupe='false')}/></style:default-style>",
        '<style:style style:name="Standard" style:family="paragraph" style:class="text"/>',
        _paragraph("Expediteur", "0 0 0 0", texte='fo:font-size="10.5pt"'),
        _paragraph("Destinataire", "0 0 0 0", texte=_PETIT),
        _paragraph("References", "0 0 4 0", texte=_PETIT),
        _paragraph("Date", "0 0 7 0", alignement="end"),
        _paragraph("Objet", "0 0 6 0", texte=_GRAS, suivant=True),
        _paragraph("Corps", "0 0 3 0", alignement="justify", texte='fo:hyphenate="true"'),
        _paragraph("Liste", "0 0 1.5 0", alignement="justify", texte='fo:hyphenate="true"'),
        _paragraph("Apres", "0 0 1.5 0", texte='fo:font-size="4pt"'),
        _paragraph("Formule", "0 0 6 0", alignement="justify", suivant=True),
        _paragraph("Image", "0 0 1 85", suivant=True),
        _paragraph("Signature", "0 0 8 85"),
        _paragraph("SignatureLibre", "18 0 8 85"),
        _paragraph("PiecesTitre", "0 0 1 0", texte=f"{_GRAS} {_PETIT}", suivant=True),
        _paragraph("Pieces", "0 0 0.8 0", texte=_PETIT),
        _paragraph("Cellule", "0 0 0 0"),
        _paragraph("CelluleGras", "0 0 0 0", texte=_GRAS),
        _paragraph("Montant", "0 0 0 0", alignement="end"),
        _paragraph("MontantGras", "0 0 0 0", alignement="end", texte=_GRAS),
        _paragraph("Pied", "0 0 0 0", alignement="center", texte='fo:font-size="9pt" fo:color="#5a5a5a"'),
        f'<style:style style:name="Gras" style:family="text"><style:text-properties {_GRAS}/></style:style>',
        '<style:style style:name="Italique" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>',
        '<style:style style:name="GrasItalique" style:family="text">',
        f'<style:text-properties {_GRAS} fo:font-style="italic"/></style:style>',
        '<style:style style:name="Cadre" style:family="graphic"><style:graphic-properties fo:border="none" fo:padding="0mm" ',
        'style:wrap="run-through" style:run-through="foreground" style:horizontal-pos="from-left" ',
        'style:horizontal-rel="page" style:vertical-pos="from-top" style:vertical-rel="page"/></style:style>',
        '<style:style style:name="Trace" style:family="graphic"><style:graphic-properties ',
        'style:vertical-pos="top" style:vertical-rel="baseline"/></style:style>',
        _list("Puces", 'list-level-style-bullet text:level="1" text:bullet-char="–"'),
        _list("Numeros", 'list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."'),
    )
)
TABLEAU = "".join(
    (
        '<style:style style:name="Tableau" style:family="table"><style:table-properties table:align="margins"/></style:style>',
        '<style:style style:name="Ligne" style:family="table-row">',
        '<style:table-row-properties fo:keep-together="always"/></style:style>',
        '<style:style style:name="Entete" style:family="table-cell">',
        '<style:table-cell-properties fo:padding="1mm" fo:border-bottom="0.7pt solid #000000"/></style:style>',
        '<style:style style:name="Case" style:family="table-cell">',
        '<style:table-cell-properties fo:padding="1mm" fo:border-bottom="0.3pt solid #aaaaaa"/></style:style>',
    )
)
"""Styles of tables: word processors read them among the automatic ones only."""
_PIED = (
    '<text:p text:style-name="Pied">{auteur} – page\u00a0<text:page-number text:select-page="current">1</text:page-number>'
    "/<text:page-count>1</text:page-count></text:p>"
)
STYLES = (
    f'{_XML}<office:document-styles {ESPACES} office:version="1.3">'
    '<office:font-face-decls><style:font-face style:name="Liberation Serif" svg:font-family="\'Liberation Serif\'" '
    'style:font-family-generic="roman" style:font-pitch="variable"/></office:font-face-decls>'
    f"<office:styles>{_STYLES}</office:styles>"
    '<office:automatic-styles><style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="210mm" '
    'fo:page-height="297mm" style:print-orientation="portrait" fo:margin-top="20mm" fo:margin-bottom="12mm" '
    'fo:margin-left="25mm" fo:margin-right="25mm"/><style:header-style/><style:footer-style>'
    '<style:header-footer-properties fo:min-height="10mm" fo:margin-top="4mm"/></style:footer-style></style:page-layout>'
    "</office:automatic-styles><office:master-styles>"
    '<style:master-page style:name="Standard" style:page-layout-name="A4">'
    f"<style:footer>{_PIED}</style:footer></style:master-page></office:master-styles></office:document-styles>"
)
META = (
    f'{_XML}<office:document-meta {ESPACES} office:version="1.3"><office:meta><dc:title>{{titre}}</dc:title>'
    "<meta:initial-creator>{auteur}</meta:initial-creator><dc:language>fr-FR</dc:language>"
    "<dc:date>{jour}</dc:date><meta:creation-date>{jour}</meta:creation-date></office:meta></office:document-meta>"
)

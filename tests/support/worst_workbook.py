"""A county's 附件2 with everything at once that must not go back to it, and the same one thing at a time.

What nobody sees in the workbook is cut out of its copy; what a person sees keeps the copy back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from tests.support.arrivals import nominated, nomination
from tests.support.workbooks import CORE, CUSTOM, HEAD, MAIN, RELATIONS, part_of, repacked

STRANGER = "宁波丁公司"
PHONE = "13987654321"
CANARIES = (STRANGER, PHONE, "evil", "秘密")
SHEET, BOOK, STYLES, STRINGS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MICROSOFT = "http://schemas.microsoft.com/office"
_HIDDEN = f"{STRANGER} {PHONE} evil 秘密"


def plain_list(**cells: str) -> bytes:
    """附件2 of 杭州市上城区 with one figure that cannot be read."""
    rows = [nominated(1, "杭州甲公司", revenue="待定", **cells), nominated(2, "杭州乙公司")]
    return nomination(*rows)


def with_changes(
    content: bytes,
    changes: Mapping[str, tuple[str, str]],
    relations: Mapping[str, list[tuple[str, str, str]]] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
    types: Mapping[str, str] | None = None,
) -> bytes:
    """The workbook with a piece of text replaced in some parts (part -> old, new), further relations (part -> id, type,
    target; a target with :// is external), further parts, and content types of parts."""
    new: dict[str, str | bytes] = dict(parts or {})
    for part, (old, text) in changes.items():
        before = part_of(content, part)
        assert old in before, f"{old} is not in {part}"
        new[part] = before.replace(old, text, 1)
    for owner, entries in (relations or {}).items():
        folder, _, file = owner.rpartition("/")
        name = f"{folder}/_rels/{file}.rels" if owner else "_rels/.rels"
        lines = "".join(
            f'<Relationship Id="{identifier}" Type="{kind}" Target="{target}"'
            f"{' TargetMode=' + chr(34) + 'External' + chr(34) if '://' in target else ''}/>"
            for identifier, kind, target in entries
        )
        try:
            whole = part_of(content, name)
        except KeyError:
            whole = f'{HEAD}<Relationships xmlns="{PACKAGE}"></Relationships>'
        new[name] = whole.replace("</Relationships>", f"{lines}</Relationships>")
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in (types or {}).items())
    new["[Content_Types].xml"] = part_of(content, "[Content_Types].xml").replace(
        "</Types>",
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="bin" ContentType="application/bin"/>'
        f"{overrides}</Types>",
    )
    return repacked(content, new)


def worst_workbook() -> bytes:
    """Everything that nobody sees, in one workbook that a person opens without noticing any of it."""
    content = plain_list()
    strings = part_of(content, STRINGS)
    hidden_string = f"<si><t>{STRANGER}</t></si>"
    phonetic = f'<rPh sb="0" eb="1"><t>{STRANGER}</t></rPh><phoneticPr fontId="0"/></si>'
    parts: dict[str, str | bytes] = {
        STRINGS: strings.replace("</si>", phonetic, 1).replace("</sst>", f"{hidden_string}</sst>"),
        STYLES: part_of(content, STYLES).replace(
            "</styleSheet>", f'<extLst><ext uri="{{EB79DEF2}}"><evil>{_HIDDEN}</evil></ext></extLst></styleSheet>'
        ),
        SHEET: _worst_sheet(part_of(content, SHEET)),
        BOOK: _worst_book(part_of(content, BOOK)),
        "xl/worksheets/_RELS/SHEET1.XML.rels": _worst_relations(),
        "docProps/app.xml": f'<Properties xmlns="x"><Company>{_HIDDEN}</Company><HyperlinkBase>evil</HyperlinkBase></Properties>',
        "docProps/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="{CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:dcterms="http://purl.org/dc/terms/"><dc:creator>{_HIDDEN}</dc:creator><dcterms:modified>2024-03-01T00:00:00Z'
        f"</dcterms:modified><cp:keywords>{PHONE}</cp:keywords></cp:coreProperties>",
        "docProps/custom.xml": f'{HEAD}<Properties xmlns="{CUSTOM}"><property pid="2" name="{STRANGER}"><lpwstr>{PHONE}'
        f"</lpwstr></property></Properties>",
        "docProps/thumbnail.jpeg": _HIDDEN.encode(),
        "docMetadata/LabelInfo.xml": f"<labels>{_HIDDEN}</labels>",
        "customXml/item1.xml": f"<items>{_HIDDEN}</items>",
        "customXml/itemProps1.xml": "<evil/>",
        "xl/vbaProject.bin": _HIDDEN.encode("utf-16-le"),
        "xl/worksheets/other.xml": f"<xm:macrosheet xmlns:xm='m'>{_HIDDEN}</xm:macrosheet>",
        "xl/macrosheets/sheet1.xml": f"<xm:macrosheet xmlns:xm='m'>{_HIDDEN}</xm:macrosheet>",
        "xl/printerSettings/printerSettings1.bin": f"\\\\evil\\{PHONE}".encode("utf-16-le"),
        "xl/connections.xml": f'<connections xmlns="{MAIN}"><connection id="1" name="{STRANGER}"/></connections>',
        "xl/queryTables/queryTable1.xml": f"<queryTable>{_HIDDEN}</queryTable>",
        "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c evil"/>'
        "</externalLink>",
        "xl/calcChain.xml": f'<calcChain xmlns="{MAIN}"><c r="A1" i="1"/><!-- {_HIDDEN} --></calcChain>',
        "xl/persons/person.xml": f"<personList>{_HIDDEN}</personList>",
        "xl/media/image1.png": b"\x89PNG evil",
        "xl/embeddings/oleObject1.bin": b"evil",
        "xl/customProperty1.bin": _HIDDEN.encode("utf-16-le"),
        "xl/theme/theme1.xml": _worst_theme(),
        "xl/revisions/userNames.xml": f"<users>{_HIDDEN}</users>",
        f"秘密/{STRANGER}.xml": f"<a>{PHONE}</a>",
    }
    relations = {
        "": [
            ("evil1", f"{PACKAGE}/metadata/core-properties", "docProps/core.xml"),
            ("evil2", f"{RELATIONS}/extended-properties", "docProps/app.xml"),
            ("evil3", f"{RELATIONS}/custom-properties", "docProps/custom.xml"),
            ("evil4", f"{PACKAGE}/metadata/thumbnail", "docProps/thumbnail.jpeg"),
            ("evil5", f"{RELATIONS}/customXml", "customXml/item1.xml"),
            ("evil6", f"{_MICROSOFT}/2020/02/relationships/classificationlabels", "docMetadata/LabelInfo.xml"),
        ],
        BOOK: [
            ("evil1", f"{_MICROSOFT}/2006/relationships/vbaProject", "vbaProject.bin"),
            ("evil2", f"{RELATIONS}/connections", "connections.xml"),
            ("evil3", f"{RELATIONS}/externalLink", "externalLinks/externalLink1.xml"),
            ("evil4", f"{RELATIONS}/calcChain", "calcChain.xml"),
            ("evil5", f"{_MICROSOFT}/2017/10/relationships/person", "persons/person.xml"),
            ("evil6", f"{RELATIONS}/worksheet", "worksheets/other.xml"),
            ("evil7", f"{RELATIONS}/customXml", "../customXml/item1.xml"),
            ("evil8", f"{RELATIONS.upper()}/THEME", "Theme/THEME1.xml"),
            ("evil9", f"{RELATIONS}/usernames", "revisions/userNames.xml"),
        ],
    }
    types = {
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "xl/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.THEME+xml",
        "xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
        "xl/macrosheets/sheet1.xml": "application/vnd.ms-excel.macrosheet+xml",
        "xl/worksheets/other.xml": "application/vnd.ms-excel.macrosheet+xml",
    }
    content = with_changes(content, {}, relations, parts, types)
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.comment = _HIDDEN.encode()
        archive.writestr("xl/秘密/", b"")
    return stream.getvalue()


def _worst_sheet(sheet: str) -> str:
    """The sheet of the list with what no program shows."""
    root = (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}" xmlns:evil="http://evil/{PHONE}" xmlns:mc="http://schemas.openxml'
        'formats.org/markup-compatibility/2006" mc:Ignorable="evil" evil:secret="秘密" xml:lang="evil">'
    )
    sheet = sheet.replace(f'<worksheet xmlns="{MAIN}">', f'{root}<sheetPr codeName="{STRANGER}"/>')
    sheet = sheet.replace(
        "<sheetData>", f'<?evil {_HIDDEN}?><sheetData evil:more="{PHONE}">{_HIDDEN}<!-- {_HIDDEN} -->'
    )
    sheet = sheet.replace("</row>", f"{STRANGER}</row>", 1)
    beside = (
        f'<c r="A9"><v>1</v><is><t>{_HIDDEN}</t></is></c><c r="B9" t="inlineStr"><v>{PHONE}</v><is><t>好</t></is></c>'
    )
    sheet = sheet.replace("</sheetData>", f'<row r="9">{beside}</row></sheetData>')
    unseen = (
        f'<scenarios><scenario name="{STRANGER}" user="evil"/></scenarios>'
        f'<customSheetViews><customSheetView guid="evil"/></customSheetViews>'
        '<pageMargins left="0.7" right="0.7" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" r:id="rId1"/>'
        f'<customProperties><customPr name="{STRANGER}" r:id="rId3"/></customProperties>'
        f'<cellWatches><cellWatch r="A1"/></cellWatches><smartTags>{_HIDDEN}</smartTags>'
        f'<webPublishItems><webPublishItem title="{STRANGER}"/></webPublishItems>'
        '<extLst><ext uri="{01252117-D84E-4E92-8308-4BE1C098FCBB}"><evil/></ext></extLst></worksheet>'
    )
    return sheet.replace("</worksheet>", unseen)


def _worst_relations() -> str:
    """The relations of the sheet, in a part that is spelt in another way."""
    entries = (
        ("rId1", "printerSettings", "../printerSettings/printerSettings1.bin", ""),
        ("rId2", "queryTable", "../queryTables/queryTable1.xml", ""),
        ("rId3", "customProperty", "../customProperty1.bin", ""),
        ("rId4", "hyperlink", "https://evil/", "External"),
        ("rId5", "oleObject", "../embeddings/oleObject1.bin", ""),
        ("rId6", "image", "../media/image1.png", ""),
    )
    lines = "".join(
        f'<Relationship Id="{identifier}" Type="{RELATIONS}/{kind}" Target="{target}"{mode and " TargetMode=" + chr(34) + mode + chr(34)}/>'
        for identifier, kind, target, mode in entries
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'


def _worst_book(book: str) -> str:
    before = (
        f'<fileSharing userName="{STRANGER}"/><workbookPr codeName="{STRANGER}" showObjects="none" date1904="0"/>'
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="evil">'
        f'<evil url="C:\\{STRANGER}\\"/></mc:Choice></mc:AlternateContent>'
        '<bookViews><workbookView visibility="veryHidden" showSheetTabs="0" minimized="1"/></bookViews><sheets>'
    )
    names = (
        '<externalReferences><externalReference r:id="evil3"/></externalReferences><definedNames>'
        '<definedName name="Auto_Open" xlm="1">evil!$A$1</definedName>'
        '<definedName name="_xlnm.Auto_Open">附件2!$A$1</definedName>'
        '<definedName name="evil" hidden="1">[1]Sheet1!$A$1</definedName>'
        "<definedName name=\"evil2\">cmd|'/c calc'!A0</definedName>"
        f'<definedName name="evil3" hidden="1">"{STRANGER}"</definedName>'
        '<definedName name="evil4" function="1" vbProcedure="1">EVALUATE(1)</definedName>'
        f'<definedName name="_xlnm.Print_Area" localSheetId="0" comment="{_HIDDEN}">附件2!$A$1:$K$9</definedName>'
        f'</definedNames><calcPr calcId="191029"/><oleSize ref="A1"/>'
        f'<webPublishing targetScreenSize="evil"/><fileRecoveryPr repairLoad="1"/></workbook>'
    )
    return book.replace("<sheets>", before).replace("</workbook>", names)


def _worst_theme() -> str:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
    colours = "".join(
        f'<a:{name}><a:srgbClr val="000000"/></a:{name}>'
        for name in ("dk1", "lt1", "dk2", "lt2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
    )
    font = '<a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/>'
    fills = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>' * 3
    return (
        f'<a:theme xmlns:a="{drawing}" name="{PHONE}"><a:themeElements><a:clrScheme name="{PHONE}">{colours}</a:clrScheme>'
        f'<a:fontScheme name="Office"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme>'
        f'<a:fmtScheme name="Office"><a:fillStyleLst>{fills}</a:fillStyleLst><a:lnStyleLst><a:ln/><a:ln/><a:ln/></a:lnStyleLst>'
        "<a:effectStyleLst><a:effectStyle><a:effectLst/></a:effectStyle></a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fills}</a:bgFillStyleLst></a:fmtScheme></a:themeElements>"
        f"<a:objectDefaults><a:spDef>{_HIDDEN}</a:spDef></a:objectDefaults><a:custClrLst>{_HIDDEN}</a:custClrLst>"
        f'<a:extLst><a:ext uri="evil"/></a:extLst></a:theme>'
    )

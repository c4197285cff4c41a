"""What may stand in a marked copy (SPEC 7). Data only; `filter.py` and `formulas.py` hold a workbook against it.

Whatever is not named here is not handed back. A thing that nobody sees in the workbook is named with a minus and is left
out of the copy; for anything else the county gets its list alone.

A vocabulary has one line per element:

    name attribute attribute/kind -attribute = kind > child child* -child

attribute  may stand; its value must be of the kind, `token` where none is named
= kind     the element's text; without it the element holds no text
child      may stand below it; of an element whose name ends in ! the children stand in this order, each once or, with *,
           any number of times
-name      nobody sees it: left out; -* stands for every child that is not named
"""

from __future__ import annotations

import re
from typing import NamedTuple


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
PACKAGE_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"

# Prefix in the vocabularies -> namespace. A copy holds no element and no attribute of any other namespace.
NAMESPACES = {
    "": MAIN,
    "r": RELATIONS,
    "xml": "http://www.w3.org/XML/1998/namespace",
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "xm": "http://schemas.microsoft.com/office/excel/2006/main",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "dcmitype": "http://purl.org/dc/dcmitype/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xr": "http://schemas.microsoft.com/office/spreadsheetml/2014/revision",
}
# Prefixes of the namespaces whose declarations a copy keeps, and of those whose attributes are looked at: attributes of
# all others (settings of newer programs, xml:lang) nobody sees.
DECLARED = frozenset(NAMESPACES) - {"mc", "xr"}
LOOKED_AT = ("r", "xsi")

# ---------------------------------------------------------------------------------------- kinds of values

_WORD = r"(?=(?:[^0-9]*[0-9]){0,4}[^0-9]*$)[A-Za-z0-9_.-]{1,40}"  # of a list of words that the format defines
_NUMBER = r"-?\d{1,10}(?:\.\d{1,20})?(?:[eE][-+]?\d{1,3})?(?:%|mm|cm|in|pt|pc|pi)?"
_COLUMN_OR_CELL = r"\$?(?:[A-Z]{1,3}(?:\$?[1-9]\d{0,6})?|[1-9]\d{0,6})"
_CELLS = rf"{_COLUMN_OR_CELL}(?::{_COLUMN_OR_CELL})?"

# Kind -> what its whole value must match.
PATTERNS = {
    "token": re.compile(f"{_NUMBER}|{_WORD}|", re.ASCII),
    "colour": re.compile(r"[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?"),
    "cell": re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}"),
    "cells": re.compile(rf"{_CELLS}(?: {_CELLS})*|", re.ASCII),
    "base64": re.compile(r"[A-Za-z0-9+/=]{0,200}"),
    "guid": re.compile(r"\{[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}"),
    "date": re.compile(
        r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[-+]\d\d:\d\d)?)?)?)?", re.ASCII
    ),
    "number": re.compile(r"[-+]?(?:\d{1,340}(?:\.\d{0,340})?|\.\d{1,340})(?:[eE][-+]?\d{1,3})?", re.ASCII),
    "boolean": re.compile(r"0|1|true|false"),
    "index": re.compile(r"\d{1,7}", re.ASCII),
    "error": re.compile(
        r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|UNKNOWN!|CONNECT!)"
    ),
    # What may be said of a row, a column, a sheet, a shape: that it is seen.
    "shown": re.compile(r"0|false|visible|"),
    # Excel repairs a workbook with any other name of a sheet; LibreOffice leaves the sheet out.
    "sheet_name": re.compile(r"(?!')[^\[\]:*?/\\]{1,31}(?<!')"),
    "language": re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}"),
    "nothing": re.compile(""),
    "off": re.compile(r"0|false|"),
    "drawn_chart": re.compile(re.escape(NAMESPACES["c"])),
    "w3cdtf": re.compile("dcterms:W3CDTF"),
}
# Kinds without a pattern, which the filter looks into: text and header (words, held against names and phones), point (of
# a chart: a number or words), format (a number format), formula, location (of a link inside the workbook), relation (an
# id), renamed (what nobody sees: with a number in it another stands instead), extension (a URI below), row_height and width (one so small
# that nobody sees it is hidden), value (of a cell, by its type).
LEAST_HEIGHT, LEAST_WIDTH = 2.0, 0.3  # points, characters

# Content of a cell: its type -> the kind of its value.
CELL_KINDS = {"": "number", "n": "number", "b": "boolean", "e": "error", "s": "index", "str": "text", "d": "date"}

# ---------------------------------------------------------------------------------------- vocabularies

_COLOUR = "auto indexed theme rgb/colour tint"

_RUNS = """
t xml:space = value
r > rPr t
rPr > rFont charset family b i strike outline shadow condense extend color sz u vertAlign scheme
rFont val/text
"""

_FONT = f"""\
b val
i val
strike val
condense val
extend val
outline val
shadow val
u val
vertAlign val
sz val
family val
charset val
scheme val
color {_COLOUR}
"""

_FORMATS = f"""
font > b i strike condense extend outline shadow u vertAlign sz color name family charset scheme
{_FONT}name val/text
numFmt numFmtId formatCode/format
fill > patternFill gradientFill
patternFill patternType > fgColor bgColor
fgColor {_COLOUR}
bgColor {_COLOUR}
gradientFill type degree left right top bottom > stop*
stop position > color
border diagonalUp diagonalDown outline > start end left right top bottom diagonal vertical horizontal
start style > color
end style > color
left style > color
right style > color
top style > color
bottom style > color
diagonal style > color
vertical style > color
horizontal style > color
alignment horizontal vertical textRotation wrapText indent relativeIndent justifyLastLine shrinkToFit readingOrder
protection locked hidden
"""

_FILTERS = """
autoFilter ref/cells > filterColumn* -sortState -extLst
filterColumn colId hiddenButton showButton > filters top10 customFilters dynamicFilter colorFilter iconFilter -extLst
filters blank calendarType > filter* dateGroupItem*
filter val/text
dateGroupItem year month day hour minute second dateTimeGrouping
customFilters and > customFilter*
customFilter operator val/text
dynamicFilter type val maxVal valIso/date maxValIso/date
top10 top percent val filterVal
colorFilter dxfId cellColor
iconFilter iconSet iconId
"""

_VALIDATION = (
    "type errorStyle imeMode operator allowBlank showDropDown showInputMessage showErrorMessage errorTitle/text error/text"
    " promptTitle/text prompt/text"
)

_WORKSHEET = f"""
worksheet! > sheetPr dimension sheetViews sheetFormatPr cols* sheetData sheetCalcPr sheetProtection protectedRanges \
-scenarios autoFilter -sortState -dataConsolidate -customSheetViews mergeCells -phoneticPr conditionalFormatting* \
dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks -customProperties \
-cellWatches ignoredErrors -smartTags drawing -legacyDrawing -webPublishItems tableParts extLst
sheetPr -codeName filterMode published syncHorizontal syncVertical -syncRef transitionEvaluation transitionEntry \
enableFormatConditionsCalculation > tabColor outlinePr pageSetUpPr
tabColor {_COLOUR}
outlinePr applyStyles summaryBelow summaryRight showOutlineSymbols
pageSetUpPr autoPageBreaks fitToPage
dimension ref/cells
sheetViews > sheetView* -extLst
sheetView windowProtection showFormulas showGridLines showRowColHeaders showZeros rightToLeft tabSelected showRuler \
showOutlineSymbols defaultGridColor showWhiteSpace view topLeftCell/cells colorId zoomScale zoomScaleNormal \
zoomScaleSheetLayoutView zoomScalePageLayoutView workbookViewId > pane selection* -pivotSelection -extLst
pane xSplit ySplit topLeftCell/cells activePane state
selection pane activeCell/cells activeCellId sqref/cells
sheetFormatPr baseColWidth defaultColWidth/width defaultRowHeight/row_height customHeight zeroHeight/shown thickTop \
thickBottom outlineLevelRow outlineLevelCol
cols > col*
col min max width/width style hidden/shown bestFit customWidth phonetic outlineLevel collapsed
sheetData > row*
row r/index spans/cells s/index customFormat ht/row_height hidden/shown customHeight outlineLevel collapsed thickTop \
thickBot ph > c* -extLst
c! r/cell s/index t -cm -ph > f v is -extLst
f t ref/cells si ca aca -bx xml:space = formula
v xml:space = value
is > t r* -rPh* -phoneticPr
sheetCalcPr fullCalcOnLoad
sheetProtection password algorithmName hashValue/base64 saltValue/base64 spinCount sheet objects scenarios formatCells \
formatColumns formatRows insertColumns insertRows insertHyperlinks deleteColumns deleteRows selectLockedCells sort \
autoFilter pivotTables selectUnlockedCells
protectedRanges > protectedRange*
protectedRange password sqref/cells name/text -securityDescriptor algorithmName hashValue/base64 saltValue/base64 \
spinCount > -securityDescriptor
mergeCells count > mergeCell*
mergeCell ref/cells
conditionalFormatting pivot sqref/cells > cfRule* -extLst
cfRule type dxfId priority stopIfTrue aboveAverage percent bottom operator text/text timePeriod rank stdDev \
equalAverage > formula* colorScale dataBar iconSet extLst
formula = formula
colorScale > cfvo* color*
cfvo type val/formula gte > -extLst
dataBar minLength maxLength showValue > cfvo* color
iconSet iconSet showValue percent reverse > cfvo*
dataValidations disablePrompts xWindow yWindow count > dataValidation*
dataValidation {_VALIDATION} sqref/cells > formula1 formula2
formula1 = formula
formula2 = formula
hyperlinks > hyperlink*
hyperlink ref/cells location/location tooltip/text display/text
printOptions horizontalCentered verticalCentered headings gridLines gridLinesSet
pageMargins left right top bottom header footer
pageSetup paperSize paperHeight paperWidth scale firstPageNumber fitToWidth fitToHeight pageOrder orientation \
usePrinterDefaults blackAndWhite draft cellComments useFirstPageNumber errors horizontalDpi verticalDpi copies -r:id
headerFooter differentOddEven differentFirst scaleWithDoc alignWithMargins > oddHeader oddFooter evenHeader evenFooter \
firstHeader firstFooter
oddHeader xml:space = header
oddFooter xml:space = header
evenHeader xml:space = header
evenFooter xml:space = header
firstHeader xml:space = header
firstFooter xml:space = header
rowBreaks count manualBreakCount > brk*
colBreaks count manualBreakCount > brk*
brk id min max man pt
ignoredErrors > ignoredError* -extLst
ignoredError sqref/cells evalError twoDigitTextYear numberStoredAsText formula formulaRange unlockedFormula \
emptyCellReference listDataValidation calculatedColumn
drawing r:id/relation
tableParts count > tablePart*
tablePart r:id/relation
extLst > ext*
ext uri/extension > x14:conditionalFormattings x14:dataValidations x14:sparklineGroups x14:id
x14:id = guid
x14:conditionalFormattings > x14:conditionalFormatting*
x14:conditionalFormatting pivot > x14:cfRule* xm:sqref -extLst
x14:cfRule type priority stopIfTrue aboveAverage percent bottom operator text/text timePeriod rank stdDev equalAverage \
activePresent id/guid > xm:f* x14:colorScale x14:dataBar x14:iconSet x14:dxf -x14:extLst
x14:dataBar minLength maxLength showValue border gradient direction negativeBarColorSameAsPositive \
negativeBarBorderColorSameAsPositive axisPosition > x14:cfvo* x14:fillColor x14:borderColor x14:negativeFillColor \
x14:negativeBorderColor x14:axisColor
x14:fillColor {_COLOUR}
x14:borderColor {_COLOUR}
x14:negativeFillColor {_COLOUR}
x14:negativeBorderColor {_COLOUR}
x14:axisColor {_COLOUR}
x14:color {_COLOUR}
x14:cfvo type gte > xm:f
x14:colorScale > x14:cfvo* x14:color*
x14:iconSet iconSet showValue percent reverse custom > x14:cfvo* x14:cfIcon*
x14:cfIcon iconSet iconId
x14:dxf > font numFmt fill alignment border protection
x14:dataValidations disablePrompts xWindow yWindow count > x14:dataValidation*
x14:dataValidation {_VALIDATION} > x14:formula1 x14:formula2 xm:sqref
x14:formula1 > xm:f
x14:formula2 > xm:f
xm:f = formula
xm:sqref = cells
x14:sparklineGroups > x14:sparklineGroup*
x14:sparklineGroup manualMax manualMin lineWeight type dateAxis displayEmptyCellsAs markers high low first last \
negative displayXAxis displayHidden minAxisType maxAxisType rightToLeft > x14:colorSeries x14:colorNegative \
x14:colorAxis x14:colorMarkers x14:colorFirst x14:colorLast x14:colorHigh x14:colorLow xm:f x14:sparklines
x14:colorSeries {_COLOUR}
x14:colorNegative {_COLOUR}
x14:colorAxis {_COLOUR}
x14:colorMarkers {_COLOUR}
x14:colorFirst {_COLOUR}
x14:colorLast {_COLOUR}
x14:colorHigh {_COLOUR}
x14:colorLow {_COLOUR}
x14:sparklines > x14:sparkline*
x14:sparkline > xm:f xm:sqref
{_RUNS}{_FORMATS}{_FILTERS}"""

_STYLES = f"""
styleSheet! > numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors -extLst
numFmts count > numFmt*
fonts count > font*
fills count > fill*
borders count > border*
cellStyleXfs count > xf*
cellXfs count > xf*
xf numFmtId fontId fillId borderId xfId quotePrefix pivotButton applyNumberFormat applyFont applyFill applyBorder \
applyAlignment applyProtection > alignment protection -extLst
cellStyles count > cellStyle*
cellStyle name/text xfId builtinId iLevel -hidden customBuiltin > -extLst
dxfs count > dxf*
dxf > font numFmt fill alignment border protection -extLst
tableStyles count defaultTableStyle/text defaultPivotStyle/text > tableStyle*
tableStyle name/text pivot table count > tableStyleElement*
tableStyleElement type size dxfId
colors > indexedColors mruColors
indexedColors > rgbColor*
rgbColor rgb/colour
mruColors > color*
{_FORMATS}"""

_STRINGS = f"""
sst! count uniqueCount > si* -extLst
si > t r* -rPh* -phoneticPr
{_FONT}{_RUNS}"""

_WORKBOOK = """
workbook! -conformance > fileVersion -fileSharing workbookPr -mc:AlternateContent -xr:revisionPtr workbookProtection bookViews sheets \
-functionGroups -externalReferences definedNames calcPr -oleSize -customWorkbookViews -smartTagPr -smartTagTypes \
-webPublishing -fileRecoveryPr -webPublishObjects extLst
fileVersion appName lastEdited lowestEdited rupBuild -codeName
workbookPr date1904 dateCompatibility/boolean -showObjects showBorderUnselectedTables filterPrivacy promptedSolutions showInkAnnotation \
backupFile saveExternalLinkValues -updateLinks -codeName hidePivotFieldList showPivotChartFilter allowRefreshQuery \
publishItems checkCompatibility autoCompressPictures -refreshAllConnections defaultThemeVersion
workbookProtection workbookPassword revisionsPassword lockStructure lockWindows lockRevision workbookAlgorithmName \
workbookHashValue/base64 workbookSaltValue/base64 workbookSpinCount revisionsAlgorithmName revisionsHashValue/base64 \
revisionsSaltValue/base64 revisionsSpinCount
bookViews > workbookView*
workbookView -visibility -minimized showHorizontalScroll showVerticalScroll -showSheetTabs xWindow yWindow windowWidth \
windowHeight tabRatio firstSheet activeTab autoFilterDateGrouping > -extLst
sheets > sheet*
sheet name/sheet_name sheetId state/shown r:id/relation
definedNames > definedName*
definedName name/text localSheetId hidden function/off vbProcedure/off xlm/off -comment -description -help -statusBar -customMenu -shortcutKey \
-workbookParameter -publishToServer -functionGroupId = formula
calcPr calcId calcMode fullCalcOnLoad refMode iterate iterateCount iterateDelta fullPrecision calcCompleted calcOnSave \
concurrentCalc concurrentManualCount forceFullCalc
extLst > ext*
ext uri/extension
"""

_TABLE = f"""
table! id name/text displayName/text -comment ref/cells -tableType headerRowCount insertRow insertRowShift \
totalsRowCount totalsRowShown published headerRowDxfId dataDxfId totalsRowDxfId headerRowBorderDxfId tableBorderDxfId \
totalsRowBorderDxfId headerRowCellStyle/text dataCellStyle/text totalsRowCellStyle/text -connectionId > autoFilter \
-sortState tableColumns tableStyleInfo -extLst
tableColumns count > tableColumn*
tableColumn id -uniqueName name/text totalsRowFunction totalsRowLabel/text -queryTableFieldId headerRowDxfId dataDxfId \
totalsRowDxfId headerRowCellStyle/text dataCellStyle/text totalsRowCellStyle/text > calculatedColumnFormula \
totalsRowFormula -xmlColumnPr -extLst
calculatedColumnFormula array = formula
totalsRowFormula array = formula
tableStyleInfo name/text showFirstColumn showLastColumn showRowStripes showColumnStripes
{_FILTERS}"""

_CHANGES = (  # of a colour
    "a:tint* a:shade* a:comp a:inv a:gray a:alpha* a:alphaOff* a:alphaMod* a:hue* a:hueOff* a:hueMod* a:sat* a:satOff*"
    " a:satMod* a:lum* a:lumOff* a:lumMod* a:red* a:green* a:blue* a:gamma a:invGamma"
)
_COLOURS = "a:srgbClr* a:scrgbClr* a:hslClr* a:sysClr* a:schemeClr* a:prstClr*"
_FILLS = "a:noFill* a:solidFill* a:gradFill* a:pattFill* a:grpFill*"
_FONTS = "a:latin a:ea a:cs a:sym"

_DRAWN = f"""
a:srgbClr val/colour > {_CHANGES}
a:scrgbClr r g b > {_CHANGES}
a:hslClr hue sat lum > {_CHANGES}
a:sysClr val lastClr/colour > {_CHANGES}
a:schemeClr val > {_CHANGES}
a:prstClr val > {_CHANGES}
{"".join(f"{name.rstrip('*')} val{chr(10)}" for name in _CHANGES.split())}\
a:noFill
a:grpFill
a:solidFill > {_COLOURS}
a:gradFill flip rotWithShape > a:gsLst a:lin a:path a:tileRect
a:gsLst > a:gs*
a:gs pos > {_COLOURS}
a:lin ang scaled
a:path path w h fill stroke extrusionOk > a:fillToRect a:close* a:moveTo* a:lnTo* a:arcTo* a:quadBezTo* a:cubicBezTo*
a:fillToRect l t r b
a:tileRect l t r b
a:pattFill prst > a:fgClr a:bgClr
a:fgClr > {_COLOURS}
a:bgClr > {_COLOURS}
a:ln w cap cmpd algn > {_FILLS} a:prstDash a:custDash a:round a:bevel a:miter a:headEnd a:tailEnd -a:extLst
a:prstDash val
a:custDash > a:ds*
a:ds d sp
a:round
a:bevel w h prst
a:miter lim
a:headEnd type w len
a:tailEnd type w len
a:effectLst > a:blur a:fillOverlay a:glow a:innerShdw a:outerShdw a:prstShdw a:reflection a:softEdge
a:blur rad grow
a:fillOverlay blend > {_FILLS}
a:glow rad > {_COLOURS}
a:innerShdw blurRad dist dir > {_COLOURS}
a:outerShdw blurRad dist dir sx sy kx ky algn rotWithShape > {_COLOURS}
a:prstShdw prst dist dir > {_COLOURS}
a:reflection blurRad stA stPos endA endPos dist dir fadeDir sx sy kx ky algn rotWithShape
a:softEdge rad
a:scene3d > a:camera a:lightRig -a:backdrop -a:extLst
a:camera prst fov zoom > a:rot
a:lightRig rig dir > a:rot
a:rot lat lon rev
a:sp3d z extrusionH contourW prstMaterial > a:bevelT a:bevelB a:extrusionClr a:contourClr -a:extLst
a:bevelT w h prst
a:bevelB w h prst
a:extrusionClr > {_COLOURS}
a:contourClr > {_COLOURS}
a:xfrm rot flipH flipV > a:off a:ext a:chOff a:chExt
a:off x y
a:ext cx cy
a:chOff x y
a:chExt cx cy
a:prstGeom prst > a:avLst
a:custGeom > a:avLst a:gdLst a:ahLst a:cxnLst a:rect a:pathLst
a:avLst > a:gd*
a:gdLst > a:gd*
a:gd name fmla/geometry
a:ahLst
a:cxnLst > a:cxn*
a:cxn ang > a:pos
a:pos x y
a:rect l t r b
a:pathLst > a:path*
a:close
a:moveTo > a:pt
a:lnTo > a:pt
a:arcTo wR hR stAng swAng
a:quadBezTo > a:pt*
a:cubicBezTo > a:pt*
a:pt x y
a:bodyPr rot spcFirstLastPara vertOverflow horzOverflow vert wrap lIns tIns rIns bIns numCol spcCol rtlCol fromWordArt \
anchor anchorCtr forceAA upright compatLnSpc > a:prstTxWarp a:noAutofit a:normAutofit a:spAutoFit -a:extLst
a:prstTxWarp prst > a:avLst
a:noAutofit
a:normAutofit fontScale lnSpcReduction
a:spAutoFit
a:lstStyle > a:defPPr a:lvl1pPr a:lvl2pPr a:lvl3pPr a:lvl4pPr a:lvl5pPr a:lvl6pPr a:lvl7pPr a:lvl8pPr a:lvl9pPr -a:extLst
{"".join(f"a:{name} marL marR lvl indent algn defTabSz rtl eaLnBrk fontAlgn latinLnBrk hangingPunct > a:lnSpc a:spcBef a:spcAft a:buClrTx a:buFontTx a:buNone a:buFont a:buChar a:buAutoNum a:tabLst a:defRPr -a:extLst{chr(10)}" for name in ("pPr", "defPPr", *(f"lvl{level}pPr" for level in range(1, 10))))}\
a:lnSpc > a:spcPct a:spcPts
a:spcBef > a:spcPct a:spcPts
a:spcAft > a:spcPct a:spcPts
a:spcPct val
a:spcPts val
a:buClrTx
a:buFontTx
a:buNone
a:buFont typeface/text panose/colour20 pitchFamily charset
a:buChar char/text
a:buAutoNum type startAt
a:tabLst > a:tab*
a:tab pos algn
a:p > a:pPr a:r* a:br* a:fld* a:endParaRPr
a:r > a:rPr a:t
a:br > a:rPr
a:fld id/guid type > a:rPr a:pPr a:t
a:t = text
{"".join(f"a:{name} kumimoji lang/language altLang/language sz b i u strike kern cap spc normalizeH baseline noProof -dirty -err -smtClean smtId -bmk > a:ln {_FILLS} a:effectLst a:highlight a:uLnTx a:uLn a:uFillTx a:uFill {_FONTS} a:rtl -a:extLst{chr(10)}" for name in ("rPr", "defRPr", "endParaRPr"))}\
a:highlight > {_COLOURS}
a:uLnTx
a:uLn w cap cmpd algn > {_FILLS} a:prstDash
a:uFillTx
a:uFill > {_FILLS}
a:rtl
a:latin typeface/text panose/colour20 pitchFamily charset
a:ea typeface/text panose/colour20 pitchFamily charset
a:cs typeface/text panose/colour20 pitchFamily charset
a:sym typeface/text panose/colour20 pitchFamily charset
a:lnRef idx > {_COLOURS}
a:fillRef idx > {_COLOURS}
a:effectRef idx > {_COLOURS}
a:fontRef idx > {_COLOURS}
"""
_SHAPE = f"bwMode > a:xfrm a:custGeom a:prstGeom {_FILLS} a:ln a:effectLst a:scene3d a:sp3d -a:extLst"
_ANCHORED = "xdr:sp* xdr:grpSp* xdr:graphicFrame* xdr:cxnSp* xdr:clientData"

_DRAWING = f"""
xdr:wsDr > xdr:twoCellAnchor* xdr:oneCellAnchor* xdr:absoluteAnchor*
xdr:twoCellAnchor editAs > xdr:from xdr:to {_ANCHORED}
xdr:oneCellAnchor > xdr:from xdr:ext {_ANCHORED}
xdr:absoluteAnchor > xdr:pos xdr:ext {_ANCHORED}
xdr:from > xdr:col xdr:colOff xdr:row xdr:rowOff
xdr:to > xdr:col xdr:colOff xdr:row xdr:rowOff
xdr:col = token
xdr:colOff = token
xdr:row = token
xdr:rowOff = token
xdr:ext cx cy
xdr:pos x y
xdr:clientData fLocksWithSheet fPrintsWithSheet
xdr:sp macro/nothing textlink/formula fLocksText fPublished > xdr:nvSpPr xdr:spPr xdr:style xdr:txBody
xdr:nvSpPr > xdr:cNvPr xdr:cNvSpPr
xdr:cNvPr id name/text descr/text title/text hidden/shown > -a:extLst
xdr:cNvSpPr txBox > -a:spLocks -a:extLst
xdr:spPr {_SHAPE}
xdr:style > a:lnRef a:fillRef a:effectRef a:fontRef
xdr:txBody > a:bodyPr a:lstStyle a:p*
xdr:grpSp > xdr:nvGrpSpPr xdr:grpSpPr xdr:sp* xdr:grpSp* xdr:graphicFrame* xdr:cxnSp*
xdr:nvGrpSpPr > xdr:cNvPr xdr:cNvGrpSpPr
xdr:cNvGrpSpPr > -a:grpSpLocks -a:extLst
xdr:grpSpPr bwMode > a:xfrm {_FILLS} a:effectLst a:scene3d -a:extLst
xdr:cxnSp macro/nothing fPublished > xdr:nvCxnSpPr xdr:spPr xdr:style
xdr:nvCxnSpPr > xdr:cNvPr xdr:cNvCxnSpPr
xdr:cNvCxnSpPr > -a:cxnSpLocks a:stCxn a:endCxn -a:extLst
a:stCxn id idx
a:endCxn id idx
xdr:graphicFrame macro/nothing fPublished > xdr:nvGraphicFramePr xdr:xfrm a:graphic
xdr:nvGraphicFramePr > xdr:cNvPr xdr:cNvGraphicFramePr
xdr:cNvGraphicFramePr > -a:graphicFrameLocks -a:extLst
xdr:xfrm rot flipH flipV > a:off a:ext
a:graphic > a:graphicData
a:graphicData uri/drawn_chart > c:chart
c:chart r:id/relation
{_DRAWN}"""

_SERIES = "c:idx c:order c:tx c:spPr"
_LABELS = "c:numFmt c:spPr c:txPr c:dLblPos c:showLegendKey c:showVal c:showCatName c:showSerName c:showPercent c:showBubbleSize c:separator c:delete"
_AXIS = "c:axId c:scaling c:delete c:axPos c:majorGridlines c:minorGridlines c:title c:numFmt c:majorTickMark c:minorTickMark c:tickLblPos c:spPr c:txPr c:crossAx c:crosses c:crossesAt"
_PLOTS = _words(
    "areaChart area3DChart lineChart line3DChart stockChart radarChart scatterChart pieChart pie3DChart doughnutChart"
    " barChart bar3DChart ofPieChart surfaceChart surface3DChart bubbleChart"
)

_PLAIN = _words(  # elements that hold nothing but the attribute val
    """
    chartObject data formatting selection userInterface idx order autoTitleDeleted overlay plotVisOnly dispBlanksAs
    showDLblsOverMax ptCount layoutTarget xMode yMode wMode hMode x y w h rotX hPercent rotY depthPercent rAngAx
    perspective thickness barDir grouping scatterStyle radarStyle ofPieType wireframe varyColors gapWidth gapDepth
    overlap shape firstSliceAng holeSize bubble3D bubbleScale showNegBubbles sizeRepresents splitType splitPos
    secondPieSize secondPiePt axId invertIfNegative explosion smooth symbol size dLblPos showLegendKey showVal
    showCatName showSerName showPercent showBubbleSize delete showLeaderLines trendlineType period forward backward
    intercept dispRSqr dispEq errDir errBarType errValType noEndCap axPos majorTickMark minorTickMark tickLblPos
    crossAx crosses crossesAt crossBetween majorUnit minorUnit auto lblAlgn lblOffset tickLblSkip tickMarkSkip
    noMultiLvlLbl baseTimeUnit majorTimeUnit minorTimeUnit logBase orientation max min builtInUnit custUnit
    showHorzBorder showVertBorder showOutline showKeys legendPos
    """
)

_CHART = f"""
c:chartSpace > c:date1904 c:lang c:roundedCorners -mc:AlternateContent c:style c:clrMapOvr c:protection c:chart c:spPr \
c:txPr -c:externalData c:printSettings c:extLst
c:date1904 val
c:lang val/language
c:roundedCorners val
c:style val
c:protection > c:chartObject c:data c:formatting c:selection c:userInterface
c:chart > c:title c:autoTitleDeleted c:view3D c:floor c:sideWall c:backWall c:plotArea c:legend c:plotVisOnly \
c:dispBlanksAs c:showDLblsOverMax c:extLst
c:title > c:tx c:layout c:overlay c:spPr c:txPr c:extLst
c:tx > c:rich c:strRef c:v
c:rich > a:bodyPr a:lstStyle a:p*
c:txPr > a:bodyPr a:lstStyle a:p*
c:strRef > c:f c:strCache c:extLst
c:strCache > c:ptCount c:pt* c:extLst
c:numRef > c:f c:numCache c:extLst
c:numCache > c:formatCode c:ptCount c:pt* c:extLst
c:strLit > c:ptCount c:pt* c:extLst
c:numLit > c:formatCode c:ptCount c:pt* c:extLst
c:multiLvlStrRef > c:f c:multiLvlStrCache c:extLst
c:multiLvlStrCache > c:ptCount c:lvl* c:extLst
c:lvl > c:pt*
c:f = formula
c:formatCode = format
c:pt idx formatCode/format > c:v
c:v = point
c:layout > c:manualLayout c:extLst
c:manualLayout > c:layoutTarget c:xMode c:yMode c:wMode c:hMode c:x c:y c:w c:h c:extLst
c:spPr {_SHAPE}
c:view3D > c:rotX c:hPercent c:rotY c:depthPercent c:rAngAx c:perspective c:extLst
c:floor > c:thickness c:spPr c:extLst
c:sideWall > c:thickness c:spPr c:extLst
c:backWall > c:thickness c:spPr c:extLst
c:plotArea > c:layout {" ".join(f"c:{plot}*" for plot in _PLOTS)} c:valAx* c:catAx* c:dateAx* c:serAx* c:dTable c:spPr c:extLst
{"".join(f"c:{plot} > c:barDir c:grouping c:scatterStyle c:radarStyle c:ofPieType c:wireframe c:varyColors c:ser* c:dLbls c:dropLines c:hiLowLines c:upDownBars c:marker c:smooth c:gapWidth c:gapDepth c:overlap c:shape c:serLines* c:firstSliceAng c:holeSize c:bubble3D c:bubbleScale c:showNegBubbles c:sizeRepresents c:splitType c:splitPos c:custSplit c:secondPieSize c:bandFmts c:axId* c:extLst{chr(10)}" for plot in _PLOTS)}\
c:ser > {_SERIES} c:invertIfNegative c:explosion c:marker c:dPt* c:dLbls c:trendline* c:errBars* c:cat c:val c:xVal c:yVal \
c:bubbleSize c:bubble3D c:smooth c:shape c:extLst
c:cat > c:multiLvlStrRef c:numRef c:numLit c:strRef c:strLit
c:val > c:numRef c:numLit
c:xVal > c:multiLvlStrRef c:numRef c:numLit c:strRef c:strLit
c:yVal > c:numRef c:numLit
c:bubbleSize > c:numRef c:numLit
c:marker val > c:symbol c:size c:spPr c:extLst
c:dPt > c:idx c:invertIfNegative c:marker c:bubble3D c:explosion c:spPr c:extLst
c:dLbls > c:dLbl* {_LABELS} c:showLeaderLines c:leaderLines c:extLst
c:dLbl > c:idx c:layout c:tx {_LABELS} c:extLst
c:separator = text
c:trendline > c:name c:spPr c:trendlineType c:order c:period c:forward c:backward c:intercept c:dispRSqr c:dispEq \
c:trendlineLbl c:extLst
c:name = text
c:trendlineLbl > c:layout c:tx c:numFmt c:spPr c:txPr c:extLst
c:errBars > c:errDir c:errBarType c:errValType c:noEndCap c:plus c:minus c:val c:spPr c:extLst
c:plus > c:numRef c:numLit
c:minus > c:numRef c:numLit
c:valAx > {_AXIS} c:crossBetween c:majorUnit c:minorUnit c:dispUnits c:extLst
c:catAx > {_AXIS} c:auto c:lblAlgn c:lblOffset c:tickLblSkip c:tickMarkSkip c:noMultiLvlLbl c:extLst
c:dateAx > {_AXIS} c:auto c:lblAlgn c:lblOffset c:tickLblSkip c:tickMarkSkip c:noMultiLvlLbl c:baseTimeUnit c:majorUnit c:majorTimeUnit c:minorUnit c:minorTimeUnit c:extLst
c:serAx > {_AXIS} c:tickLblSkip c:tickMarkSkip c:extLst
c:scaling > c:logBase c:orientation c:max c:min c:extLst
c:majorGridlines > c:spPr
c:minorGridlines > c:spPr
c:numFmt formatCode/format sourceLinked
c:dispUnits > c:builtInUnit c:custUnit c:dispUnitsLbl c:extLst
c:dispUnitsLbl > c:layout c:tx c:spPr c:txPr
c:dTable > c:showHorzBorder c:showVertBorder c:showOutline c:showKeys c:spPr c:txPr c:extLst
c:legend > c:legendPos c:legendEntry* c:layout c:overlay c:spPr c:txPr c:extLst
c:legendEntry > c:idx c:delete c:txPr c:extLst
c:dropLines > c:spPr
c:hiLowLines > c:spPr
c:serLines > c:spPr
c:leaderLines > c:spPr
c:upDownBars > c:gapWidth c:upBars c:downBars c:extLst
c:upBars > c:spPr
c:downBars > c:spPr
c:bandFmts > c:bandFmt*
c:bandFmt > c:idx c:spPr
c:custSplit > c:secondPiePt*
c:printSettings > c:headerFooter c:pageMargins c:pageSetup
c:headerFooter alignWithMargins differentOddEven differentFirst > -*
c:pageSetup paperSize paperHeight paperWidth firstPageNumber orientation blackAndWhite draft useFirstPageNumber \
horizontalDpi verticalDpi copies -r:id
c:pageMargins l r t b header footer
c:extLst > c:ext*
c:ext uri/extension
{"".join(f"c:{name} val{chr(10)}" for name in _PLAIN)}\
{_DRAWN}"""

_SCHEME_COLOURS = _words("dk1 lt1 dk2 lt2 accent1 accent2 accent3 accent4 accent5 accent6 hlink folHlink")

_THEME = f"""
a:theme name/renamed > a:themeElements a:objectDefaults a:extraClrSchemeLst -a:custClrLst -a:extLst
a:objectDefaults > -*
a:extraClrSchemeLst > -*
a:themeElements > a:clrScheme a:fontScheme a:fmtScheme -a:extLst
a:clrScheme name/renamed > {" ".join(f"a:{name}" for name in _SCHEME_COLOURS)} -a:extLst
{"".join(f"a:{name} > {_COLOURS}{chr(10)}" for name in _SCHEME_COLOURS)}\
a:fontScheme name/renamed > a:majorFont a:minorFont -a:extLst
a:majorFont > {_FONTS} a:font* -a:extLst
a:minorFont > {_FONTS} a:font* -a:extLst
a:font script typeface/text
a:fmtScheme name/renamed > a:fillStyleLst a:lnStyleLst a:effectStyleLst a:bgFillStyleLst
a:fillStyleLst > {_FILLS}
a:bgFillStyleLst > {_FILLS}
a:lnStyleLst > a:ln*
a:effectStyleLst > a:effectStyle*
a:effectStyle > a:effectLst a:scene3d a:sp3d
{_DRAWN}"""

_CORE = """
cp:coreProperties > dcterms:created dcterms:modified -*
dcterms:created xsi:type/w3cdtf = date
dcterms:modified xsi:type/w3cdtf = date
"""

PATTERNS["colour20"] = re.compile(r"[0-9A-Fa-f]{20}")  # panose: ten bytes that describe a font
PATTERNS["geometry"] = re.compile(r"[a-z0-9*/+?: -]{0,80}", re.IGNORECASE)


class PartKind(NamedTuple):
    """One kind of part: its content type, its name in a copy ({} is its number from 1) and its vocabulary."""

    content_type: str
    name: str
    root: str
    vocabulary: str


_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_OFFICE = "application/vnd.openxmlformats-officedocument."

PARTS = {
    "workbook": PartKind(f"{_SPREADSHEET}sheet.main+xml", "xl/workbook.xml", "workbook", _WORKBOOK),
    "worksheet": PartKind(f"{_SPREADSHEET}worksheet+xml", "xl/worksheets/sheet{}.xml", "worksheet", _WORKSHEET),
    "styles": PartKind(f"{_SPREADSHEET}styles+xml", "xl/styles.xml", "styleSheet", _STYLES),
    "sharedStrings": PartKind(f"{_SPREADSHEET}sharedStrings+xml", "xl/sharedStrings.xml", "sst", _STRINGS),
    "theme": PartKind(f"{_OFFICE}theme+xml", "xl/theme/theme{}.xml", "a:theme", _THEME),
    "table": PartKind(f"{_SPREADSHEET}table+xml", "xl/tables/table{}.xml", "table", _TABLE),
    "drawing": PartKind(f"{_OFFICE}drawing+xml", "xl/drawings/drawing{}.xml", "xdr:wsDr", _DRAWING),
    "chart": PartKind(f"{_OFFICE}drawingml.chart+xml", "xl/charts/chart{}.xml", "c:chartSpace", _CHART),
    "core": PartKind(
        "application/vnd.openxmlformats-package.core-properties+xml", "docProps/core.xml", "cp:coreProperties", _CORE
    ),
}

# ---------------------------------------------------------------------------------------- relations

_KEPT = {
    ("", f"{RELATIONS}/officedocument"): "workbook",
    ("", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"): "core",
    ("", f"{RELATIONS}/metadata/core-properties"): "core",  # as LibreOffice's other .xlsx calls it
    ("workbook", f"{RELATIONS}/worksheet"): "worksheet",
    ("workbook", f"{RELATIONS}/styles"): "styles",
    ("workbook", f"{RELATIONS}/sharedstrings"): "sharedStrings",
    ("workbook", f"{RELATIONS}/theme"): "theme",
    ("worksheet", f"{RELATIONS}/drawing"): "drawing",
    ("worksheet", f"{RELATIONS}/table"): "table",
    ("drawing", f"{RELATIONS}/chart"): "chart",
}
# (kind of the part it starts from, its type in lower case) -> the kind of the part it leads to.
KEPT_RELATIONS = {(owner, kind.lower()): part for (owner, kind), part in _KEPT.items()}

# The last word of a type in lower case: what nobody sees, left out with the part it leads to. A relation that shows by an
# element (a picture, a control) is refused with the element.
UNSEEN_RELATIONS = {
    "": "extended-properties custom-properties thumbnail customxml webextensiontaskpanes classificationlabels",
    "workbook": "calcchain connections externallink externallinkpath externallinklongpath customxml vbaproject "
    "wbsortmap sheetmetadata attachedtoolbars xmlmaps customproperty usernames revisionheaders volatiledependencies "
    "powerpivotdata model person customdata printersettings image",
    "worksheet": "printersettings querytable customproperty tablesinglecells wssortmap image hyperlink oleobject "
    "package control ctrlprop vmldrawing wordsheetprops",
    "drawing": "*",
    "chart": "*",
    "theme": "*",
    "table": "*",
    "styles": "*",
    "sharedStrings": "*",
    "core": "*",
}

# The last word of a type in lower case -> why the list alone goes back.
REFUSED_RELATIONS = {
    "comments": "有自己的批注或控件",
    "threadedcomment": "有批注",
    "pivottable": "有数据透视表",
    "pivotcachedefinition": "有数据透视表",
    "slicer": "有切片器",
    "slicercache": "有切片器",
    "timeline": "有日程表",
    "timelinecache": "有日程表",
    "chartsheet": "有图表工作表",
    "dialogsheet": "有对话框工作表",
    "xlmacrosheet": "有宏",
    "xlintlmacrosheet": "有宏",
    "extensibility": "有宏",
    "cellimage": "有图片",
    "featurepropertybag": "有复选框",
    "rdrichvalue": "有图片或链接的数据",
    "origin": "有数字签名",
    "themeoverride": "有本程序不认识的内容",
}

# ---------------------------------------------------------------------------------------- extensions

# URI in lower case of an extension (`ext`) that a copy keeps.
KEPT_EXTENSIONS = frozenset(
    {
        "{78c0d931-6437-407d-a8ee-f0aad7539e65}",  # conditional formats of Excel 2010
        "{cce6a557-97bc-4b89-adb6-d9c93caab3df}",  # drop-downs with a list on another sheet
        "{05c60535-1f16-4fd2-b633-f4f36f0b64e0}",  # sparklines
        "{b025f937-c7b1-47d3-b67f-a62eff666e3e}",  # the link from a data bar to its extension
    }
)
# Extensions that nobody sees.
UNSEEN_EXTENSIONS = frozenset(
    {
        "{01252117-d84e-4e92-8308-4be1c098fcbb}",  # of a sheet: ignored errors
        "{f7c9ee02-42e1-4005-9d12-6889affd525c}",  # of a sheet: web extensions
        "{140a7094-0e35-4892-8432-c4d2e57edeb5}",  # of a workbook: how charts follow their ranges
        "{b58b0392-4f1f-4190-bb64-5df3571dce5f}",  # of a workbook: features of the calculation
        "{79f54976-1da5-4618-b147-4cde4b953a38}",  # of a workbook: properties of Excel 2010
        "{fce2ad5d-f65c-4fa6-a056-5c36a1767c68}",  # of a workbook: data model
        "{7626c862-2a13-11e5-b345-feff819cdc9f}",  # LibreOffice's settings
        "{c3380cc4-5d6e-409c-be32-e72d297353cc}",  # of a chart: ids of its series
        "{56b9ec1d-385e-4148-901f-78d8002777c0}",  # of a chart: how #N/A is shown
        "{ce6537a1-d6fc-4f65-9d91-7224c49458bb}",  # of a chart: lines to its labels
    }
)

# ---------------------------------------------------------------------------------------- why not

# An element or attribute (element@attribute) that is not in its vocabulary -> why the list alone goes back.
REASONS = {
    "hyperlink@r:id": "有指向文件以外的链接",
    "xdr:sp@macro": "有宏",
    "xdr:cxnSp@macro": "有宏",
    "xdr:graphicFrame@macro": "有宏",
    "row@hidden": "有隐藏的行或列",
    "row@ht": "有隐藏的行或列",
    "col@hidden": "有隐藏的行或列",
    "col@width": "有隐藏的行或列",
    "sheetFormatPr@zeroHeight": "有隐藏的行或列",
    "sheetFormatPr@defaultRowHeight": "有隐藏的行或列",
    "sheetFormatPr@defaultColWidth": "有隐藏的行或列",
    "sheet@state": "有隐藏的工作表",
    "sheet@name": "有的工作表名称不常见",
    "xdr:cNvPr@hidden": "有隐藏的图形",
    "c@vm": "有图片或链接的数据",
    "v": "有的格子里的值不常见",
    "c@t": "有的格子里的值不常见",
    "xdr:pic": "有图片",
    "a:blip": "有图片",
    "a:blipFill": "有图片",
    "picture": "有图片",
    "legacyDrawingHF": "有图片",
    "drawingHF": "有图片",
    "xdr:contentPart": "有手写的墨迹",
    "oleObjects": "有嵌入的文件",
    "controls": "有控件",
    "mc:AlternateContent": "有本程序不认识的内容",
    "a:hlinkClick": "有带链接的图形",
    "a:hlinkHover": "有带链接的图形",
    "pivotCaches": "有数据透视表",
    "definedName@function": "有宏",
    "definedName@vbProcedure": "有宏",
    "definedName@xlm": "有宏",
}
UNKNOWN = "有本程序不认识的内容"

# ---------------------------------------------------------------------------------------- formulas

# Names of the workbook that programs use themselves; other names may hold any formula that a cell may hold.
PROGRAM_NAMES = ("_xlnm.print_area", "_xlnm.print_titles", "_xlnm._filterdatabase", "_xlnm.criteria", "_xlnm.extract")
# Names that programs run when a workbook is opened, closed or shown.
NAMES_THAT_RUN = re.compile(r"_xlnm\.|auto_?(?:open|close|activate|deactivate|exec|new)", re.IGNORECASE)

# The functions that only calculate with what stands in the workbook. What is not here reaches out (HYPERLINK, WEBSERVICE,
# IMAGE, RTD, CUBE…), runs something (CALL, REGISTER.ID, EVALUATE) or is unknown. INDIRECT is how drop-downs depend on a
# cell; it opens no file, and a text in its formula that names another one is refused; CELL may ask for a cell's format or
# type alone, not for the file's path.
FUNCTIONS = frozenset(
    _words(
        """
    ABS ACCRINT ACCRINTM ACOS ACOSH ACOT ACOTH ADDRESS AGGREGATE AMORDEGRC AMORLINC AND ARABIC AREAS ASC ASIN ASINH ATAN
    ATAN2 ATANH AVEDEV AVERAGE AVERAGEA AVERAGEIF AVERAGEIFS BAHTTEXT BASE BESSELI BESSELJ BESSELK BESSELY BETA.DIST
    BETA.INV BETADIST BETAINV BIN2DEC BIN2HEX BIN2OCT BINOM.DIST BINOM.DIST.RANGE BINOM.INV BINOMDIST BITAND BITLSHIFT
    BITOR BITRSHIFT BITXOR BYCOL BYROW CEILING CEILING.MATH CEILING.PRECISE CELL CHAR CHIDIST CHIINV CHISQ.DIST
    CHISQ.DIST.RT CHISQ.INV CHISQ.INV.RT CHISQ.TEST CHITEST CHOOSE CHOOSECOLS CHOOSEROWS CLEAN CODE COLUMN COLUMNS COMBIN
    COMBINA COMPLEX CONCAT CONCATENATE CONFIDENCE CONFIDENCE.NORM CONFIDENCE.T CONVERT CORREL COS COSH COT COTH COUNT
    COUNTA COUNTBLANK COUNTIF COUNTIFS COUPDAYBS COUPDAYS COUPDAYSNC COUPNCD COUPNUM COUPPCD COVAR COVARIANCE.P
    COVARIANCE.S CRITBINOM CSC CSCH CUMIPMT CUMPRINC DATE DATEDIF DATESTRING DATEVALUE DAVERAGE DAY DAYS DAYS360 DB DBCS
    DCOUNT DCOUNTA DDB DEC2BIN DEC2HEX DEC2OCT DECIMAL DEGREES DELTA DEVSQ DGET DISC DMAX DMIN DOLLAR DOLLARDE DOLLARFR
    DPRODUCT DROP DSTDEV DSTDEVP DSUM DURATION DVAR DVARP ECMA.CEILING EDATE EFFECT EOMONTH ERF ERF.PRECISE ERFC
    ERFC.PRECISE ERROR.TYPE EVEN EXACT EXP EXPAND EXPON.DIST EXPONDIST F.DIST F.DIST.RT F.INV F.INV.RT F.TEST FACT
    FACTDOUBLE FALSE FDIST FILTER FIND FINDB FINV FISHER FISHERINV FIXED FLOOR FLOOR.MATH FLOOR.PRECISE FORECAST
    FORECAST.ETS FORECAST.ETS.CONFINT FORECAST.ETS.SEASONALITY FORECAST.ETS.STAT FORECAST.LINEAR FORMULATEXT FREQUENCY
    FTEST FV FVSCHEDULE GAMMA GAMMA.DIST GAMMA.INV GAMMADIST GAMMAINV GAMMALN GAMMALN.PRECISE GAUSS GCD GEOMEAN GESTEP
    GROWTH HARMEAN HEX2BIN HEX2DEC HEX2OCT HLOOKUP HOUR HSTACK HYPGEOM.DIST HYPGEOMDIST IF IFERROR IFNA IFS IMABS
    IMAGINARY IMARGUMENT IMCONJUGATE IMCOS IMCOSH IMCOT IMCSC IMCSCH IMDIV IMEXP IMLN IMLOG10 IMLOG2 IMPOWER IMPRODUCT
    IMREAL IMSEC IMSECH IMSIN IMSINH IMSQRT IMSUB IMSUM IMTAN INDEX INDIRECT INT INTERCEPT INTRATE IPMT IRR ISBLANK ISERR
    ISERROR ISEVEN ISFORMULA ISLOGICAL ISNA ISNONTEXT ISNUMBER ISO.CEILING ISODD ISOMITTED ISOWEEKNUM ISPMT ISREF ISTEXT
    JIS KURT LAMBDA LARGE LCM LEFT LEFTB LEN LENB LET LINEST LN LOG LOG10 LOGEST LOGINV LOGNORM.DIST LOGNORM.INV
    LOGNORMDIST LOOKUP LOWER MAKEARRAY MAP MATCH MAX MAXA MAXIFS MDETERM MDURATION MEDIAN MID MIDB MIN MINA MINIFS MINUTE
    MINVERSE MIRR MMULT MOD MODE MODE.MULT MODE.SNGL MONTH MROUND MULTINOMIAL MUNIT N NA NEGBINOM.DIST NEGBINOMDIST
    NETWORKDAYS NETWORKDAYS.INTL NOMINAL NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV NORMDIST NORMINV NORMSDIST NORMSINV
    NOT NOW NPER NPV NUMBERSTRING NUMBERVALUE OCT2BIN OCT2DEC OCT2HEX ODD ODDFPRICE ODDFYIELD ODDLPRICE ODDLYIELD OFFSET
    OR PDURATION PEARSON PERCENTILE PERCENTILE.EXC PERCENTILE.INC PERCENTRANK PERCENTRANK.EXC PERCENTRANK.INC PERMUT
    PERMUTATIONA PHI PHONETIC PI PMT POISSON POISSON.DIST POWER PPMT PRICE PRICEDISC PRICEMAT PROB PRODUCT PROPER PV
    QUARTILE QUARTILE.EXC QUARTILE.INC QUOTIENT RADIANS RAND RANDARRAY RANDBETWEEN RANK RANK.AVG RANK.EQ RATE RECEIVED
    REDUCE REPLACE REPLACEB REPT RIGHT RIGHTB ROMAN ROUND ROUNDDOWN ROUNDUP ROW ROWS RRI RSQ SCAN SEARCH SEARCHB SEC SECH
    SECOND SEQUENCE SERIESSUM SHEET SHEETS SIGN SIN SINGLE SINH SKEW SKEW.P SLN SLOPE SMALL SORT SORTBY SQRT SQRTPI
    STANDARDIZE STDEV STDEV.P STDEV.S STDEVA STDEVP STDEVPA STEYX SUBSTITUTE SUBTOTAL SUM SUMIF SUMIFS SUMPRODUCT SUMSQ
    SUMX2MY2 SUMX2PY2 SUMXMY2 SWITCH SYD T T.DIST T.DIST.2T T.DIST.RT T.INV T.INV.2T T.TEST TAKE TAN TANH TBILLEQ
    TBILLPRICE TBILLYIELD TDIST TEXT TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT TIME TIMEVALUE TINV TOCOL TODAY TOROW
    TRANSPOSE TREND TRIM TRIMMEAN TRUE TRUNC TTEST TYPE UNICHAR UNICODE UNIQUE UPPER USDOLLAR VALUE VALUETOTEXT VAR VAR.P
    VAR.S VARA VARP VARPA VDB VLOOKUP VSTACK WEEKDAY WEEKNUM WEIBULL WEIBULL.DIST WORKDAY WORKDAY.INTL WRAPCOLS WRAPROWS
    XIRR XLOOKUP XMATCH XNPV XOR YEAR YEARFRAC YIELD YIELDDISC YIELDMAT Z.TEST ZTEST
    """
    )
)
FUNCTION_PREFIXES = ("_xlfn._xlws.", "_xlfn._xlpm.", "_xlfn.", "_xlws.")

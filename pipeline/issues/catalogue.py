"""Every kind of issue: its code, level, grouping and words."""

from __future__ import annotations

from collections.abc import Callable

ERROR, REMARK = "错误", "提醒"


class Code(str):
    """One kind of issue: a string such as "T05" with attributes.

    level: ERROR or REMARK. grouping: what there is one issue for: cell, company, file, county or run. text: what is
    seen and what should be there; fix: how to put it right, both with {facts}. example: what raises it, for the handbook.
    """

    level: str
    grouping: str
    text: str
    fix: str
    example: str

    def __new__(cls, code: str, level: str, grouping: str, text: str, fix: str, example: str) -> Code:
        self = super().__new__(cls, code)
        self.level, self.grouping, self.text, self.fix, self.example = level, grouping, text, fix, example
        return self

    def __reduce__(self) -> tuple[Callable[[str], Code], tuple[str]]:
        """Pickled as its text, so that both processes have the same object of the catalogue."""
        return code_of, (str(self),)


def code_of(text: str) -> Code:
    """The code of a text such as "T05". Raises KeyError when there is none."""
    return CATALOGUE[text]


# fmt: off
# ------------------------------------------------------------------ F: the file
FILE_UNREADABLE = Code("F01", ERROR, "file", "这个文件打不开（{reason}），里面的内容一个字也没有读到。",
    "请用 Excel 或 WPS 打开原文件，另存为“Excel 工作簿（*.xlsx）”后重新报送；也打不开的，请在下发的空白表上重填。", "文件在传输中损坏")
NOT_A_WORKBOOK = Code("F02", ERROR, "file", "文件名像 Excel 工作簿，内容却是{kind}，没有读取。",
    "请用 Excel 或 WPS 打开后，另存为“Excel 工作簿（*.xlsx）”再报送。", "网页另存成 .xls")
FORM_NOT_RECOGNISED = Code("F03", ERROR, "file", "没有认出这是哪张表：找不到附件1的指标与 N、M 栏，也找不到附件2、专家评分表或培育库表的表头。",
    "如是其中一种，请使用下发的空白表重新填写；如与本次报送无关，请从文件夹中移出。", "空白工作簿")
UNKNOWN_FILE_TYPE = Code("F04", REMARK, "file", "这个文件不是工作簿、压缩包或常见的佐证材料，没有读取。", "是佐证材料的，请转成 PDF 或图片；与本次报送无关的，请从文件夹中移出。", "安装程序")
FILE_TOO_LARGE = Code("F05", ERROR, "file", "文件超出读取上限（{reason}），没有读取。",
    "请删去表格以外的内容（多余的行列、图片、工作表），另存后重新报送。", "解压后过大")
READING_BROKE_OFF = Code("F06", ERROR, "file", "读取这个文件时程序中断（{reason}），没有读取。",
    "请用 Excel 或 WPS 打开后另存为“Excel 工作簿（*.xlsx）”再报送；仍不行请把文件交给程序维护人员。", "读取超时")
PROVINCIAL_FILE_IN_COUNTY = Code("F07", ERROR, "file", "{first}{kind}只能由省级办公室单独存放，这一份{beside}，没有采用。",
    "如确为省级资料，请放进单独的文件夹（如“专家评分”“培育库”），里面不要有压缩包和各区县的附件1、附件2；否则请删除。", "区县文件夹里的专家评分表")
LINK_LEADS_OUTSIDE = Code("F08", ERROR, "file", "这是一个指向输入文件夹以外的链接，没有读取。", "请把文件本身复制到输入文件夹中。", "快捷链接")
HIDDEN_CONTENT_READ = Code("F09", REMARK, "file", "有{what}，表上看不见，读取时没有跳过。", "应计入的不必改，最好取消隐藏；不应计入的，请删去后重新报送。", "隐藏的行")
EXAMPLE_SHEET_SKIPPED = Code("F10", REMARK, "file", "工作表“{what}”看名称是填写示例，没有作为数据读取。", "如其中是真实数据，请改工作表名后重新报送。", "填写示例")
ARCHIVE_TYPE_UNSUPPORTED = Code("F11", ERROR, "file", "这是 {kind}，本程序不能直接读取里面的文件。", "请解压后，把里面的文件放进输入文件夹。", "压缩包")
HIDDEN_SHEET_SKIPPED = Code("F12", REMARK, "file", "隐藏的工作表“{what}”没有读取，同一个文件里已有看得见的同类表。", "如应以隐藏的那张为准，请取消隐藏并删去另一张后重新报送。", "藏着去年的一张")
PASSWORD_PROTECTED = Code("F13", ERROR, "file", "这个工作簿设了打开密码，没有读取。", "请打开后取消密码（Excel：文件→信息→保护工作簿→用密码进行加密，清空密码；WPS：文件→文档加密→密码加密，清空密码），另存后重新报送。", "带密码的附件1")
FORM_IN_WORD = Code("F14", ERROR, "file", "这是 {kind}，没有读取。", "请用 Word 或 WPS 打开，另存为“Word 文档（*.docx）”重新报送，或把数据填到下发的 Excel 表（*.xlsx）中；只是佐证材料的，另存为 PDF 即可。", "附件1.doc")
STATEMENT_ID_UNKNOWN = Code("F15", REMARK, "file", "返还的问题清单里有 {count} 条情况说明没有用上，编号为 {found}：不是本程序给的编号，或不是放在这个问题所属区县文件夹里的。写的是：{texts}。",
    "请在返还给本区县的原表里填写情况说明，“编号”一栏不要改动，并放进本区县的文件夹报送。", "编号抄错了一位")
STATEMENT_HEADER_MISSING = Code("F16", REMARK, "file", "这是返还的问题清单，但找不到“编号”和“情况说明”两栏的表头，其中的情况说明没有读到{texts}。",
    "请在返还的原表里填写“情况说明”，表头和“编号”一栏不要改动。", "删掉了表头")
FILE_CHANGED_WHILE_READING = Code("F17", ERROR, "file", "这个文件在读取的过程中{reason}，没有读取。", "请等文件复制、解压或保存完，不再改动输入文件夹，重新运行一次。", "边复制边运行")
EMPTY_FILE = Code("F19", ERROR, "file", "这个文件是空的（0 字节），没有内容可读，多半是复制或下载中断了。", "请找原文件打开看一看，完好的再重新复制或报送一次。", "下载了一半的附件1")
ARCHIVE_UNREADABLE = Code("F20", ERROR, "file", "这个压缩包打不开（{reason}），里面的文件都没有读取。", "请重新压缩成 zip 再报送，或不压缩，把里面的文件直接放进文件夹。", "传输中损坏的压缩包")
STATEMENT_OUTSIDE_COLUMN = Code("F21", REMARK, "file", "返还的问题清单里，“情况说明”栏以外写了字，看不出说的是哪个问题，没有用上：{texts}。",
    "是情况说明的，请写到对应那一行的“情况说明”栏；不是的不必改。", "写在了右边一栏")
OPENS_AT_SENDER_ONLY = Code("F22", ERROR, "file", "这个文件{reason}，只能在报送单位自己的电脑上打开，这里一个字也读不到。",
    "请报送单位在自己的电脑上打开，先解密或取消限制（加密软件：申请“解密”或“外发”；Excel 的权限管理：文件→信息→保护工作簿→限制访问→无限制访问），再另存为“Excel 工作簿（*.xlsx）”重新报送；在别的电脑上试开一次，能打开才算好。",
    "文档加密软件加密的附件1")
FORM_NOT_IN_WORKBOOK = Code("F23", ERROR, "file", "这是{kind}，里面{held}，没有读取。",
    "请用 Excel 或 WPS 打开（邮件请先把附件另存出来），另存为“Excel 工作簿（*.xlsx）”后重新报送；只是通知的原文、不是报送的数据的，请从文件夹中移出。", "附件2.csv")
SAMPLE_AMONG_FORMS = Code("F24", REMARK, "run", "有 {count} 份文件带着演示数据的标记（{files}），其余的表没有；这些文件照常读取，结果不标演示数据。",
    "是在样例上改填的真实数据，不必改；是误放进来的样例，请移出输入文件夹。", "在样例里填了真实数据")
POOL_OF_ANOTHER_CITY = Code("F25", ERROR, "file", "这份培育库表放在“{city}”的文件夹里，只采用了{city}的行，另有 {count} 行是别的市的（{regions}），没有采用。",
    "如确为省级汇总的培育库表，请移到输入文件夹的最上层；否则请删去别的市的行。", "一个市的文件夹里有全省的培育库")
TRACKED_CHANGES_READ = Code("F26", REMARK, "file", "这个 Word 文档里有修订记录，按全部接受以后的内容读取：增加的算，删去的不算。",
    "请核对一遍；请在 Word 里“审阅→接受→接受所有修订”后保存重新报送，免得各人看到的不一样。", "开着修订填的附件1")
WORD_TEXT_NOT_READ = Code("F27", ERROR, "file", "这个 Word 文档里有{what}，没有读取{texts}。",
    "其中有要报的内容的，请直接填到表格的格子里（隐藏的文字请取消隐藏）；没有的，请删去后重新报送。", "数字写在文本框里")
TOO_MANY_ROWS = Code("F31", ERROR, "file", "这个文件推荐了 {count} 家企业，超过上限 {limit} 家，整个文件没有读取。",
    "请核对是不是误贴了别的名单；确有这么多的，请按区县分成几份，每份不超过 {limit} 家，重新报送。", "误贴了全省企业名录")
TOO_MANY_FINDINGS = Code("F32", ERROR, "file", "这个文件里要改、要核对的有 {count} 处，超过上限 {limit} 处，整个文件没有读取。",
    "多半是整列填错了位置、表外写了很多数，请对照下发的空白表检查，删去多余的内容后重新报送。", "表外贴了两万个数")
TOO_MANY_STATEMENTS = Code("F33", ERROR, "file", "编号 {found} 有 {count} 条不同的情况说明，超过上限 {limit} 条，一条也没有采用。",
    "请只留一份返还的问题清单，每个编号只写一条情况说明，重新报送。", "一个编号写了几百条")
TOO_MANY_FILES = Code("F34", ERROR, "county", "{county}报来的表有 {count} 个文件，超过上限 {limit} 个，都照常读取，但不附标注好的副本。",
    "请每家企业只报一份附件1，删去重复的和作废的文件后重新报送。", "一个区县几千个文件")
TOO_MANY_TO_MARK = Code("F35", ERROR, "file", "这个文件有 {count} 个格子要标注，超过上限 {limit} 个，没有附标注好的副本。",
    "请按清单改正原表；一整列是同样问题的，请整列一起改。", "一张表里有几千个错")
OTHER_SHEET_NOT_READ = Code("F41", ERROR, "file", "同一个文件里的工作表“{what}”没有读取，它没有表头，或表头不全；里面写着 {held}。",
    "是报送的内容，请接到有表头的那张工作表下面，或在这一张上补齐表头；无关的，请删去这张工作表。", "名单的第二页没有表头")
OTHER_SHEET_REPEATS = Code("F42", REMARK, "file", "同一个文件里的工作表“{what}”没有读取；里面写着 {held}。",
    "读取的名单里已经有、或与报送无关的，不必改；应当计入的，请接到有表头、看得见的那张工作表下面。", "名单之外另有一张分类统计")
CHANGED_IN_RESULTS = Code("F43", REMARK, "file", "这是返还的结果，其中附件2有 {count} 处与报来的附件2不同（{cells}），没有采用：返还的结果只看不改，不作为数据读取。",
    "要改的，请改在报来的附件2（{lists}）里，或“已标注”文件夹的副本里，再报送；附件1的数请改在附件1里。本来没有改、是报来的附件2后来改过的，不必理会。", "在推荐排序结果里改了销售收入")
RESULTS_SAVED_AGAIN = Code("F44", REMARK, "file", "这是返还的结果，又被存过一次，里面没有“情况说明”；返还的结果不作为数据读取，在里面改的内容没有采用。",
    "在里面改过数的，请改在报来的附件1、附件2里，或“已标注”文件夹的副本里，再报送；只是打开看过的，不必理会。", "在推荐排序结果里改过别的表")
SAYS_ANOTHER_CITY = Code("F45", ERROR, "file", "这个文件里写着 {others} 的内容，本次只汇总{city}，这部分没有采用，企业不参加排名。",
    "确属{city}的，请改正区县，或把文件放进本市区县的文件夹；确属别的市的，请从输入文件夹中移出，由那个市或省里汇总。", "按市汇总时，附件2的区县栏写着别的市的区县")
FILES_OF_OTHER_CITIES = Code("F46", REMARK, "run", "输入文件夹里还有{others}的文件，共 {count} 个，本次只汇总{city}，没有采用。",
    "本来就是全省材料的，不必改；误放进来的，请移出。各个文件见“收件台账”。", "按市汇总时，输入文件夹里有别的市的文件夹")
# ------------------------------------------------------------------ T: the layout
INDICATOR_NOT_FOUND = Code("T01", ERROR, "cell", "附件1中没有找到指标“{item}”，只找到：{seen}。", "请对照下发的附件1，补上这一项的名称、N 与 M 栏和数值。", "删掉了“云存储”一行")
INDICATOR_TWICE = Code("T02", ERROR, "cell", "指标“{item}”出现了两次，并且都填了数（另一处在 {other}）。", "请只保留正确的一处，删去另一处。", "复制了一段表格")
STRAY_NUMBER = Code("T03", ERROR, "cell", "表内的数「{found}」不在任何 N 或 M 的填写格内，没有被读取。",
    "如是某项的答案，请填到该项 N 或 M 说明下面的空格里；如是多余的数，请删去。", "数填错了格子")
CAPTION_NOT_FOUND = Code("T04", ERROR, "cell", "指标“{item}”没有找到以“{part}：”开头的说明格，不知道哪一格是 {part}。",
    "请对照下发的附件1，补上“{part}：……”这一格，并在它下面填数。", "删掉了 M 的说明")
NO_COMPANY_NAME = Code("T05", ERROR, "company", "这张附件1没有写明是哪家企业的。{candidates}",
    "请在表上方的“企业名称：”后面写上与附件2完全一致的企业全称；没有这一格的，请加上。", "没有企业名称")
COMPANY_NAME_INFERRED = Code("T06", REMARK, "company", "表内的“企业名称”格{lack}，企业名称“{company}”取自{source}。",
    "请核对；最好在表上方的“企业名称：”后面写上企业全称，没有这一格的请加上。", "名称取自文件名")
ROW_WITHOUT_COMPANY = Code("T07", ERROR, "cell", "这一行填了「{found}」等内容，却没有企业名称，没有计入。", "请补上企业名称；如是多余的一行，请删去。", "漏填企业名称")
NOMINATION_COLUMNS_MISSING = Code("T08", REMARK, "file", "附件2中没有找到这些栏目：{missing}。", "请对照下发的附件2补上栏目；没有的内容请填“-”。", "删掉了“联系电话”栏")
WRONG_YEAR_IN_TITLE = Code("T09", REMARK, "file", "表的标题写的是「{found}」，本次应为 {year} 年的表。", "请确认数据是本次报送的数据，并改正标题。", "用了去年的表")
TICKS_UNCLEAR = Code("T10", ERROR, "cell", "数据协同的勾选看不出勾的是哪几类（{reason}）。", "请按下发的附件1写全各个类别，并在所选类别名称左边的格子里打“√”。", "少了一个类别")
NUMBER_IN_CAPTION = Code("T11", REMARK, "cell", "{item}的 {part} 值「{found}」写在了说明格里，已按 {read} 读取。", "请核对；最好把数填在说明下面的空格里。", "N：……：12")
ANSWER_NOT_READ = Code("T12", ERROR, "cell", "{item}的 {part} 没有读到数，但这里写着「{found}」，不知道是不是答案。", "请在说明下面的空格里只填一个数，不要写“N：”“M：”等字；小计、合计的数不用填。", "说明格里写了数，或下面只有小计")
NO_COUNTY = Code("T13", ERROR, "company", "没有写明这家企业属于哪个区县。", "请在附件2的“区县”栏写上区县全称，或把文件放进“市/区县”文件夹。", "区县栏空白")
COUNTY_UNCLEAR = Code("T14", ERROR, "company", "{written}「{found}」，{reason}。", "{cure}；写法确实指{suggestion}的，请改成该名称。", "高新区")
COUNTY_CONTRADICTORY = Code("T15", ERROR, "company", "这家企业的区县对不上：{sources}。", "请把放错的文件移到企业所属区县的文件夹，或改正写错的区县。{advice}。{effect}。", "附件2写甲县，文件夹是乙县")
ORDER_NUMBERS_BROKEN = Code("T16", REMARK, "county", "附件2的序号没有从 1 起连续编：「{found}」。", "请核对是否漏了企业或误删了行；没有漏的，请重新编号。", "1、2、4")
NO_EXPERT_NAME = Code("T17", REMARK, "file", "没有找到专家姓名，暂以“{found}”代替。", "请在评分表中写明“专家姓名：”。", "没写姓名")
UNKNOWN_COLUMN_UNIT = Code("T18", ERROR, "cell", "附件2“{item}”的单位写的是「{found}」，不认识，这一栏的数没有读取。",
    "请换算成万元，并把表头的单位改为“（万元）”。", "（万美元）")
EXAMPLE_ROW_SKIPPED = Code("T19", REMARK, "cell", "这一行「{found}」看来是填写示例，没有作为企业读取。", "如确是推荐的企业，请写明企业全称、去掉“示例”字样；是示例的请删去。", "忘了删掉的示例行")
UNKNOWN_CAPTION_UNIT = Code("T20", ERROR, "cell", "{item}的 {part} 单位写的是「{found}」，看不懂，这个数没有读取。",
    "请把单位改回{unit}，并按这个单位填数。", "（单位：本）")
SEVERAL_COMPANIES_MIXED = Code("T21", ERROR, "file", "一张表里有 {count} 家企业（{companies}），分不清哪些数是哪一家的，都没有读取。",
    "请一家企业用一张工作表，或一家企业用一个文件。", "两家的表交错在一起")
ONLY_NAME_IN_ROW = Code("T22", ERROR, "cell", "这一行只在企业名称栏写了「{found}」，其余各栏是空的，看不出是一家企业还是小标题或说明，没有计入。",
    "是推荐的企业，请写企业全称并填好其余各栏；不是的，请删去这一行。", "企业名称栏里的一句话")
MERGED_COMPANY_NAME = Code("T23", ERROR, "cell", "企业名称与上一行合并成了一格，这一行却另外填了「{found}」，看不出以哪一行为准，这一行没有读取。",
    "请取消合并：一家企业只用一行；是两家企业的，请分别写企业名称。", "一个名称下面有两行数")
NAME_NOT_TAKEN = Code("T51", ERROR, "cell", "这一行的“{column}”「{found}」{why}，这一行没有计入。", "{cure}；整行作废的，请删去这一行。", "划去的一行")
CELL_NOT_TAKEN = Code("T53", ERROR, "cell", "“{column}”一格{why}，里面的内容没有采用。", "{cure}。", "划去的联系电话")
NAME_PARTLY_STRUCK = Code("T52", REMARK, "cell", "企业名称里有划去的字「{marked}」，已按没有划去的「{found}」读取。", "请核对；最好把划去的字删掉。", "改了两个字的企业名称")
TWO_COLUMNS_OF_ONE_HEADER = Code("T61", ERROR, "cell", "有两栏的标题都是“{item}”，内容不同：读取的是 {used} 列，{other} 列没有采用（从第 {row} 行起不同{pair}）。",
    "请只保留正确的一栏，删去另一栏；隐藏的栏请先取消隐藏再核对；本来就是两样内容的，请把标题写成不同的名称。", "两栏“上年度销售收入”，一栏隐藏")
LIST_NOT_READ = Code("T62", ERROR, "cell", "这里另有一张名单没有读取，写着 {count} 家企业（{names}）。",
    "请把几张名单上下接成一张，共用一行标题、一家企业一行；作废的、重复的名单请删去。", "左右并排的两张名单")
FORM_ON_SEVERAL_SHEETS = Code("T63", ERROR, "company", "这张附件1分在 {count} 张工作表里（{sheets}），每一张都不全，没有计分。",
    "请把各张的内容接到同一张工作表上，成为一张完整的附件1，其余工作表请删去。", "一张附件1拆成两页")
NO_TEXT_IN_CELL = Code("T64", ERROR, "cell", "附件2“{item}”一格显示的是「{found}」，{what}，按没有填处理，不会印到表上。",
    "请改正公式，或直接写上文字；没有的请留空。", "主营业务的公式出错 #REF!")
ZERO_FOR_TEXT = Code("T65", REMARK, "cell", "附件2“{item}”一格显示的是「{found}」，{what}，按没有填处理，不会印到表上。", "请直接写上文字；没有的请留空。", "联系人的公式取到了空格子")
ALONE_BY_FOLDER = Code("T66", REMARK, "company", "这家企业只凭附件1放的文件夹计入{county}，附件2里没有写区县；同一张附件2（“{list}”）的其他 {count} 家企业都是{others}的。",
    "请核对：附件1放错了文件夹的，请移到{others}的文件夹；没有放错的不必改，最好在附件2的“区县”栏写上区县。", "附件2区县空白，只有一家的附件1放在别的区县")
# ------------------------------------------------------------------ V: the value
NUMBER_UNCLEAR = Code("V01", ERROR, "cell", "{item}的 {part} 填的是「{found}」，看不出是哪一个数。", "请只填一个阿拉伯数字{unit}；没有请填 0 或“无”。", "待定")
HALF_ANSWERED = Code("V02", ERROR, "cell", "{item}只填了 {other}，{part} 是空的。", "请补填 {part}；没有请填 0 或“无”。", "只填了 N")
ITEMS_LEFT_BLANK = Code("V03", REMARK, "company", "这些项的 N 和 M 都没有填，按“无”计 0：{items}。", "请核对；确实没有的请填 0，有的请补填。", "整项空白")
FORM_NOT_FILLED = Code("V04", ERROR, "company", "这张附件1一个数也没有填（未填写），企业暂不评分。", "请填写后重新报送；不再申报的，请从附件2中删去这家企业。", "空白表")
UNIT_CONVERTED = Code("V05", REMARK, "cell", "{item}的 {part} 填的是「{found}」，单位不同{note}，已换算为 {read}。", "请核对换算是否正确；最好按表上的单位填数{unit}。", "500GB")
APPROXIMATE_NUMBER = Code("V06", REMARK, "cell", "{item}的 {part} 填的是「{found}」，是约数{note}，已按 {read} 读取。", "请核对并填准确的数。", "约500")
NUMBER_WITH_WORDS = Code("V07", REMARK, "cell", "{item}的 {part} 填的是「{found}」，已按 {read} 读取{note}。", "请核对数目与清单是否一致，最好只填数字。", "3个（MES、ERP）")
NEGATIVE_NUMBER = Code("V08", ERROR, "cell", "{item}的 {part} 填的是「{found}」，是负数。", "请填不小于 0 的数{unit}；横线不是负号的，请删去横线。", "-5")
NOT_AN_INTEGER = Code("V09", ERROR, "cell", "{item}的 {part} 填的是「{found}」，应为整数。", "请填整数{unit}。", "2.5 个")
NUMBER_TOO_LARGE = Code("V10", ERROR, "cell", "{item}的 {part} 填的是「{found}」，数太大，不像真实数据。", "请核对位数，按表上的单位重新填数{unit}。", "1000000000000000")
RANGE_GIVEN = Code("V11", ERROR, "cell", "{item}的 {part} 填的是「{found}」，是一个范围。", "请填一个确定的数{unit}。", "10-20")
PERCENTAGE_OR_RATIO = Code("V12", ERROR, "cell", "{item}的 {part} 填的是「{found}」，是百分比或比值。", "请填数量本身{unit}，不要填比例。", "12.5%")
DATE_OR_TIME = Code("V13", ERROR, "cell", "{item}的 {part} 填的是「{found}」，是日期或时间。", "请把单元格格式改为“常规”，重新填数{unit}。", "2023/5/1")
BOOLEAN_OR_PICTURE = Code("V14", ERROR, "cell", "{item}的 {part} 填的是「{found}」，是“是/否”值或图片。", "请填一个阿拉伯数字{unit}。", "TRUE")
FORMULA_ERROR = Code("V15", ERROR, "cell", "{item}的 {part} 显示为「{found}」，公式出错。", "请改正公式，或直接填数{unit}。", "#DIV/0!")
FORMULA_WITHOUT_RESULT = Code("V16", ERROR, "cell", "{item}的 {part} 是公式，但文件里没有存下计算结果。", "请用 Excel 或 WPS 打开文件，保存一次后重新报送；也可以直接填数{unit}。", "=A1*2")
GAP_IN_NUMBER = Code("V17", ERROR, "cell", "{item}的 {part} 填的是「{found}」，数字中间有空格或换行，可能是两个数。", "请去掉空格，只填一个数{unit}。", "12 34")
COMMA_MISPLACED = Code("V18", ERROR, "cell", "{item}的 {part} 填的是「{found}」，逗号的位置不对，看不出是小数还是千分位。", "请去掉逗号重新填数{unit}；小数点请用“.”。", "12,5")
ONLY_UPPER_LIMIT = Code("V19", ERROR, "cell", "{item}的 {part} 填的是「{found}」，只说了上限，没有说是多少。", "请填一个确定的数{unit}。", "不足500")
UNKNOWN_UNIT = Code("V20", ERROR, "cell", "{item}的 {part} 填的是「{found}」，不认识这个单位。", "请换算成表上的单位，只填数字{unit}；打错字的（如把 0 打成字母 O），请改正。", "500平方米")
MISLEADING_CELL_FORMAT = Code("V21", ERROR, "cell", "{item}的 {part} 在表上显示为日期、时间、百分比或外币（格式“{format}”），存的数是「{found}」。", "请把单元格格式改为“常规”，重新填数{unit}；外币请先换算。", "12.5%")
SHOWN_VALUE_READ = Code("V22", REMARK, "cell", "{item}的 {part} 存的数是「{found}」，表上显示为「{shown}」，已按显示的读作 {read}。", "请核对；最好把格式改为“常规”后直接填数{unit}。", "0\"GB\"")
STORED_VALUE_READ = Code("V23", REMARK, "cell", "{item}的 {part} 表上显示为「{shown}」，实际存的数是「{found}」，已按存的数读取。", "请核对；最好把格式改为“常规”。", "0.0,")
TOTAL_IS_ZERO = Code("V24", ERROR, "cell", "{item}的 N 为 {n}，M 却是 0 或“无”；M 是总数，应不小于 N。", "请核对两个数：漏填 M 的请补填 M，N 其实没有的请填 0。", "N=3，M=0")
N_EXCEEDS_M = Code("V25", ERROR, "cell", "{item}的 N（{n}）大于 M（{m}）；N 是其中上云的部分，不应大于总数 M。", "请核对两个数：填反的请对调，单位不同的请统一{unit}。", "N=5，M=3")
SYNERGY_EXCEEDS_SUM = Code("V26", REMARK, "cell", "系统协同的 N（{n}）大于五项云上业务系统数之和（{m}），自评分按满分 5 分计。", "请核对：协同系统数多填的请改正，五项云上业务的 N 少填的请补填。", "N=9，和为 7")
SYNERGY_SUM_ZERO = Code("V27", ERROR, "cell", "系统协同的 N 为 {n}，但五项云上业务的 N 之和为 0，无法计算。", "请核对系统协同的 N，或补填研发、生产、供应链、营销、其他的 N。", "N=2，和为 0")
SYNERGY_SUM_IN_ERROR = Code("V28", ERROR, "company", "系统协同的 M 是五项云上业务 N 之和，其中{items}有错误，系统协同也暂不评分。", "请先改正{items}的错误，系统协同随之计分。", "研发 N 有错误")
N_LEFT_BLANK = Code("V29", REMARK, "cell", "{item}的 N 没有填，按 0 计。", "请核对；有的请补填，确实没有的请填 0。", "N 空白")
TICKS_DIFFER_FROM_N = Code("V30", REMARK, "cell", "数据协同勾选了 {ticks} 类，N 却填「{found}」，按勾选的 {ticks} 类计。", "请核对：漏勾的请补勾，N 写错的请改为 {ticks}。", "勾了 4 类，N 填 5")
NO_TICKS_N_USED = Code("V31", REMARK, "cell", "数据协同没有勾选任何类别，按填写的 N「{found}」计。", "请在所选类别名称左边的格子里打“√”。", "没打勾，N 填 4")
NO_TICKS_NO_N = Code("V32", REMARK, "cell", "数据协同没有勾选、也没有填 N，按 0 计。", "请核对；有数据协同的请打“√”，没有的请在 N 处填 0。", "空白")
UNKNOWN_TICK_MARK = Code("V33", ERROR, "cell", "数据协同“{category}”处的记号「{found}」看不懂，不知道是勾选还是不勾选。", "勾选请打“√”，不勾选请留空。", "？")
SERVER_SIZE_CALCULATED = Code("V34", REMARK, "cell", "{item}的 {part} 填的是「{found}」，已按（CPU 总核÷4＋总内存÷16）÷2 算得 {read}。", "请核对；最好直接填算好的数。", "CPU 64核 内存256G")
NOMINATION_CELLS_BLANK = Code("V35", REMARK, "company", "附件2中这些栏没有填：{items}。", "请补填；没有的请填 0。", "销售收入空白")
RECOMMENDATION_UNCLEAR = Code("V36", REMARK, "cell", "经信部门推荐意见写的是「{found}」，看不出是否推荐，按推荐计。",
    "推荐的，这一格请只写“推荐”；不推荐的，请只写“不推荐”，理由不要写在这一格里。", "请省厅研究")
PHONE_DIGITS_LOST = Code("V37", ERROR, "cell", "联系电话存成了科学计数法「{found}」，后几位已经丢失。", "请把单元格格式改为“文本”，重新填写电话号码。", "1.38E+10")
CREDIT_CODE_INVALID = Code("V38", REMARK, "company", "统一社会信用代码「{found}」的校验位不对。", "请对照营业执照核对 18 位代码。", "少写一位")
BLANK_OR_FORMULA_ERROR = Code("V39", ERROR, "cell", "{item}的 {part} 是公式，存下的结果是空的，看不出是算出来就是空白，还是没有算过或公式出错。",
    "请用 Excel 或 WPS 打开，在这一格直接填数{unit}，没有请填 0 或“无”，另存为“Excel 工作簿（*.xlsx）”后重新报送。", "公式的结果是空的")
PHONE_AS_NUMBER = Code("V40", ERROR, "cell", "{item}的 {part} 填的是「{found}」，像是一个手机号码，没有当作数。", "请核对是否填错了格子，重新填数{unit}。", "13900000001")
STRUCK_OUT = Code("V51", ERROR, "cell", "{item}的 {part} 填的是「{found}」，但被划去了（删除线），没有采用。",
    "请删去划去的数，填上现在的数{unit}；这个数仍然有效的，请取消删除线（设置单元格格式→字体→删除线）。", "划去的 3")
RESULT_NOT_COMPUTED = Code("V52", ERROR, "cell", "{item}的 {part} 是公式，存下的结果「{found}」没有重新算过，不能作数。",
    "请用 Excel 或 WPS 打开文件，等公式算完（可按 Ctrl+Alt+F9），核对结果，保存后重新报送；也可以直接填数{unit}。", "程序生成、没有算过的工作簿")
UNSEEN_ZERO = Code("V53", ERROR, "cell", "{item}的 {part} 存的是「{found}」，表上却不显示（设成了不显示 0），不知道是 0 还是没有填。",
    "确实是 0 的，请改填“无”，或让 0 显示出来（Excel：文件→选项→高级→勾选“在具有零值的单元格中显示零”；或把单元格格式改为“常规”）；没有填的，请填准确的数{unit}。", "设成不显示 0 的格子")
UNSEEN_RESULT = Code("V54", REMARK, "cell", "{item}的 {part} 是公式，存的结果是「{found}」，表上显示为空白（设成了不显示 0），已按没有填处理。",
    "请核对；确实是 0 的，请直接填 0 或“无”{unit}。", "引用空格子的公式")
CREDIT_CODE_DIGITS_LOST = Code("V55", ERROR, "cell", "统一社会信用代码存成了数「{found}」，Excel 只保留前 15 位，后 3 位已经丢失。",
    "请把单元格格式改为“文本”，对照营业执照重新填写 18 位代码。", "存成数的代码")
# ------------------------------------------------------------------ X: one form against another
FORMS_DIFFER = Code("X01", REMARK, "company", "附件1{item}的 {part} 为 {form_value} 万元，附件2“{column}”为 {list_value} 万元，两处不同。", "请核对哪一处写错，两处改成一致。", "120 与 125")
UNIT_SLIP = Code("X02", ERROR, "company", "附件1{item}的 {part} 为 {form_value} 万元，附件2“{column}”为 {list_value} 万元，相差约 {ratio} 倍，像是单位填错。",
    "请核对哪一处的单位不是万元，改正那一处。", "120 与 1200000")
CLOUD_EXCEEDS_IT_SPEND = Code("X03", REMARK, "company", "附件2中近三年上云投入（{cloud}）大于信息化建设和运维投入（{it}）。", "上云投入是信息化投入的一部分，请核对两个数。", "200 与 150")
PROFIT_EXCEEDS_REVENUE = Code("X04", REMARK, "company", "附件2中上年度利润总额（{profit}）大于销售收入（{revenue}）。", "请核对两个数，是否填反或单位不同。", "900 与 800")
ASSESSMENT_MISSING = Code("X05", ERROR, "company", "附件2推荐了这家企业，但没有收到它的附件1（或附件1无法读取），未评分。{papers}{candidates}", "请补报附件1，企业名称与附件2一致；如已报送，请看问题清单中该文件的问题。", "缺附件1")
NOMINATION_MISSING = Code("X06", REMARK, "company", "收到了这家企业的附件1，但没有任何附件2推荐它，不参加排名。{candidates}", "如应推荐，请在附件2中补上；名称写法不一致的请改成一致。", "缺推荐")
SAME_NOMINATIONS_REPEATED = Code("X07", REMARK, "file", "与{other}重复推荐了同样的企业（{count} 家，{agreement}），只计一次。", "数据一致的无需处理；联系人或电话不同的，请改成一致；有一份作废的，请移出。", "市里和县里各报一份")
NOMINATIONS_CONFLICT = Code("X08", ERROR, "company", "这家企业被推荐了两次，内容不同：另一处在 {other}，{differences}。", "请核对后只保留正确的一份，或把两份改成一致。", "两份附件2数据不同")
SAME_ASSESSMENT_REPEATED = Code("X09", REMARK, "company", "收到两份内容相同的附件1（另一份在 {other}），只计一次。", "无需处理；最好只留一份。", "重复报送")
ASSESSMENTS_CONFLICT = Code("X10", ERROR, "company", "收到两份内容不同的附件1：{used}；不同的格子：{differences}。", "请只保留正确的一份：采用的是改正后的，就把另一份移出输入文件夹；不是的，请移出采用的这一份。", "前后两版")
PHONE_INVALID = Code("X11", REMARK, "cell", "联系电话「{found}」既不像手机号，也不像带区号的座机号。", "请核对电话号码。", "12345")
CITY_EXCEEDS_COUNTY_LEVEL = Code("X13", REMARK, "county", "{year} 年{region}市级新增数（{city_level}）大于区县级新增数（{county_level}）。", "三级梯度自下而上，请核对两张表。", "90 与 80")
UNUSUAL_FOR_REVENUE = Code("X14", REMARK, "company", "按上年度销售收入（{revenue} 万元）与其他企业的中位水平比照，相差 100 倍以上：{readings}。",
    "请核对这些数和销售收入的单位、位数；属实的不必改。", "附件1云存储 N 为 5000 TB，同规模企业大致为 3.2 TB")
NOT_IN_CITY_POOL = Code("X15", REMARK, "company", "附件2推荐了这家企业，但收到的市级培育库名单里没有它。",
    "三级梯度自下而上，请核对它是否已入市级库、两处的名称是否一致。", "只在区县级库")
NAMES_SHARE_CREDIT_CODE = Code("X16", REMARK, "company", "这里写的企业名称是「{found}」，与 {other} 的“{name}”是同一个统一社会信用代码（{code}），按同一家企业计，名称用“{name}”。",
    "请核对；是同一家的，请把名称改成一致；不是的，请改正代码。", "改名前后两种写法")
CREDIT_CODES_CONFLICT = Code("X17", ERROR, "company", "{reason}：{codes}，看不出是不是同一家企业。", "请对照营业执照核对代码和企业名称，改正写错的一处。", "同名而代码不同")
SYSTEM_LIST_DIFFERS = Code("X18", REMARK, "company", "附件1的 N、M 与系统清单列的个数不同：{items}。",
    "请核对：M 应为每一类系统的总数，N 为其中上云的个数；清单漏列的请补列，N、M 填错的请改正。", "N 为 3，清单里上云 2 个")
NIL_RETURN_CONTRADICTED = Code("X19", REMARK, "county", "这里写明本区县没有推荐企业，但本区县另外推荐了 {count} 家（{companies}），按推荐的计。",
    "请核对：有推荐企业的，请删去写“无”的这一行；确实没有的，请撤回推荐。", "一张表写“无”，另一张有企业")
NOMINATED_FROM_ELSEWHERE = Code("X20", ERROR, "cell", "这一行推荐的「{found}」没有采用：{reason}。",
    "请核对企业名称和区县：写错的请改正；不是本区县推荐的，请删去这一行；确应采用的，请由企业所属区县在自己的附件2里填报。", "推荐了别的区县的企业")
NIL_RETURN_FROM_ELSEWHERE = Code("X21", ERROR, "cell", "这里写的「{found}」没有推荐企业，没有采用：{reason}。",
    "零报送请由该区县自己填报，放在该区县的文件夹里；文件名、标题和“区县”栏写的区县要一致。", "替别的区县报“无”")
MARKED_COPY_TAKEN = Code("X22", REMARK, "file", "这是返还的标注副本改好后报回来的，代替{other}，原来的不再采用。{changes}。",
    "请核对改动；原来的不必移走，最好只留改好的一份。仍要采用原来的，请用人工决定“采用文件”。", "在标注副本上改好报回")
SELECTION_NOT_FILLED = Code("X26", REMARK, "run", "拟认定的名额多于候选企业：{lines}。这些地方已排名的企业都已入选；设有全省名额的，余下的名额按全省名次递补，没有设的空着。",
    "请核对规则文件和“规则确认”里的名额；候选企业还没有报齐的，不必改。", "杭州市名额 5 家，已排名的只有 3 家")
SELECTION_TIED = Code("X27", ERROR, "run", "有 {count} 家企业总分相同，正在拟认定的名额线上，不能都入选，由人决定，现列为待定：{companies}。",
    "请在“人工决定”的“规则确认”中，给“拟认定名额线上的并列企业”选“并列的全部入选”或“并列的全部不入选”，或改名额；都不改的，可用“接受说明”写明如何处理。", "名额 60 家，第 60 名有两家并列")
COUNTED_FROM_NO_FOLDER = Code("X30", REMARK, "county", "材料是按区县分文件夹存放的，但{county}采用的材料里有 {count} 份不在区县的文件夹里：{files}。",
    "请核对这几份是不是该区县报送的：是的，请移进它的文件夹；不是的，请移走。", "放在最上层的附件1")
CODE_IN_TWO_FORMS = Code("X31", REMARK, "company", "附件1里的统一社会信用代码「{found}」，{others}的附件1也是这个代码；仍按企业名称各计各的。", "请对照营业执照核对代码，改正写错的一处。", "两家企业一个代码")
# ------------------------------------------------------------------ E: experts
MARK_INVALID = Code("E01", ERROR, "cell", "专家评分「{found}」{reason}，没有计入（{item}）。", "请填 0 到 {points} 的数（单元格格式用“常规”）；不评请留空，回避请填“回避”。", "4 分项填了 5")
MARKS_CONFLICT = Code("E02", ERROR, "company", "同一专家对{item}给了两个不同的分（「{found}」与「{other}」，另一处在 {place}），均未计入。", "请与该专家确认，只保留一个。", "3 与 4")
ITEMS_WITHOUT_MARKS = Code("E03", ERROR, "company", "这些项没有任何专家评分：{items}。", "请补评；改正前企业暂排。", "漏评一项")
NO_MARKS_RECEIVED = Code("E04", REMARK, "run", "没有可采用的专家评分，本次只按客观分（75 分）排名。", "还没有收到的，收到后放进输入文件夹，重新运行；收到了没有采用的，看问题清单里那个文件的说明。", "专家尚未评分")
MARKED_COMPANY_UNKNOWN = Code("E05", REMARK, "cell", "专家评分表中的企业「{found}」不在推荐名单和附件1中，评分没有用上{more}。{candidates}", "请核对企业名称是否与附件2一致；是同一家的，请在评分表中改成附件2的写法。", "名称写错")
UNKNOWN_MARK_ITEM = Code("E06", ERROR, "cell", "评分项「{found}」不是标杆示范的评分项，这一行没有计入。", "请写以下各项之一：{items}。", "写成“信创”")
EXPERT_COLUMNS_UNCLEAR = Code("E07", ERROR, "file", "评分表的 {found} 列看不出各是哪位专家的评分，没有计入。",
    "请在每一列的上面或下面写明专家姓名，或每位专家单独填一张表。", "一个评分项下面有三列分")
RECUSED_BUT_MARKED = Code("E08", ERROR, "company", "专家在“回避”栏填了「{found}」，同一行又打了分（{marks}），按回避计，这些分没有计入。",
    "请与该专家确认：确实回避的，请删去分数；不回避的，请清空“回避”栏。", "选了回避又打分")
EXPERT_IN_TWO_FILES = Code("E09", REMARK, "file", "同一位专家对同一企业同一项的评分，在“{other}”里也有（共 {count} 处）：相同的只计一次，不同的都没有计入。",
    "请核对专家姓名：其实是两位专家的，请改正其中一份的姓名；有一份作废的，请移出。", "两份评分表写了同一个姓名")
UNKNOWN_MARK_COLUMN = Code("E10", ERROR, "cell", "评分表 {letters} 列（{said}）填了数，却不是标杆示范的评分项，这一列没有读。",
    "是评分的，请把标题改成以下各项之一：{items}；不是评分的，请删去这一列或把标题改成“备注”。", "标题写成“平台应用”")
RECUSAL_NOT_CHOSEN = Code("E11", REMARK, "cell", "这一行的“{column}”写的是「{found}」，“回避”栏却没有填，没有按回避计。",
    "请与该专家确认：要回避的，请在“回避”栏填“回避”并删去分数；不回避的不必改。", "理由写了，“回避”没有选")
PACK_OF_ANOTHER_EXPERT = Code("E12", REMARK, "file", "这份评分表是发给“{stamped}”的，里面的评分却记在“{found}”名下，按后者计。",
    "请核对是哪位专家评的：不是后者的，请把“专家姓名”改回来。", "借用了别人的评分表")
# ------------------------------------------------------------------ P: the pool
PRINTED_FIGURE_DIFFERS = Code("P01", REMARK, "cell", "{level}{region}的“{item}”表上写的是 {printed}，按各年数重算为 {value}。", "输出采用重算的数，请核对原表。", "142.7% 与 142.6%")
POOL_FIGURE_INVALID = Code("P02", ERROR, "cell", "{level}{region}的“{item}”{said}。", "{cure}。", "约10")
TARGET_DIFFERS = Code("P03", REMARK, "cell", "{level}{region}的{item}，表上为「{found}」，规则文件为 {target}，采用表上的数。", "请核对：表上写错的请改表，规则文件写错的请告诉程序维护人员。", "90 与 100")
NO_TARGET = Code("P04", REMARK, "run", "{level}{region}没有目标数，不计算完成进度。", "请在培育库表或规则文件中补上{item}。", "新增的市")
NAMES_DIFFER_FROM_COUNT = Code("P05", ERROR, "cell", "{level}{region} {year} 年名单有 {names} 家，表上新增数为「{found}」，不一致。", "请核对名单与新增数；改正前采用表上的数。", "名单 12 家，表上 14")
NO_POOL_RECEIVED = Code("P06", REMARK, "run", "没有可采用的培育库（附件3）数据，本次不生成附件3。", "还没有收到的，收到后放进输入文件夹，重新运行；收到了没有采用的，看问题清单里那个文件的说明。", "未报培育库")
POOL_REGION_UNCLEAR = Code("P07", ERROR, "cell", "培育库表中这一行的地区{said}，没有计入。", "请写设区市全称（如“杭州市”）。", "杭州湾")
POOL_FIGURES_CONFLICT = Code("P08", ERROR, "cell", "{level}{region}的“{item}”在两处不同：此处为「{found}」，{other} 为「{value}」，看不出以哪个为准，都没有采用。", "请只保留正确的一份，或把两处改成一致。", "两份培育库表")
POOL_LEVEL_UNCLEAR = Code("P09", ERROR, "cell", "这里看不出是市级还是区县级培育库，没有计入。", "请在表的标题、工作表名或“级别”栏写明“市级”或“区县级”。", "标题没写级别")
POOL_YEAR_MISSING = Code("P10", ERROR, "cell", "名单中的「{found}」没有写明是哪一年入库，没有计入。", "请在“年份”栏填四位年份（如 2023）。", "年份空白")
YEAR_OUTSIDE_POOL = Code("P11", REMARK, "file", "表中 {found} 年的内容不在本次统计的年份（{known}）内，没有计入；同一企业先在其他年份入库的，以后各年也不再计。",
    "请核对年份；确属其他年份的不必改。", "名单里有 2020 年的企业")
YEAR_COLUMN_MISSING = Code("P12", ERROR, "file", "{level}培育库表里没有读到 {year} 年新增数这一栏，各市和全省的{cumulative_label}、完成进度都不计算。",
    "请补上标题为“{year}年新增数”的一栏；已有这一栏的，请把标题改成这样。", "只有两年的栏")
POOL_FIGURE_BLANK = Code("P13", ERROR, "cell", "{level}{region}的“{item}”没有填；空白不按 0 计，这个市和全省的{cumulative_label}、完成进度都不计算。",
    "请补填家数；没有新增的请填 0。", "漏填一年")
UNKNOWN_POOL_COLUMN = Code("P14", ERROR, "cell", "培育库表 {letters} 列（{said}）填了数，却看不出是哪一项，这一列没有读。",
    "请把标题改成“{added_label}”“{cumulative_label}”“{target_label}”“完成进度”这样的写法；与培育库无关的，请删去这一列或把标题改成“备注”。", "标题写成“新增”")
COUNTY_OUTSIDE_CITY = Code("P15", ERROR, "cell", "名单中“{company}”的区县「{found}」不在{region}，没有计入。", "请核对地区和区县，改正写错的一处。", "绍兴市 慈溪市")
COMPANY_IN_TWO_CITIES = Code("P16", REMARK, "cell", "{level}名单中的「{found}」（{region}，{year} 年）在{first_city}的名单里也有（{first_year} 年，{other}），只计一次，计在{first_city}。",
    "请核对它属于哪个市；写错的一处请删去。", "两个市都列了同一家")
COMPANY_TWICE_IN_CITY = Code("P17", REMARK, "file", "{level}名单里有 {count} 家企业在同一个市写了不止一次（{names}），各只计一次，计在最早的一年。", "请核对；确是同一家的不必改。", "两年都列了同一家")
POOL_SHEET_NOT_RECOGNISED = Code("P18", REMARK, "file", "培育库工作簿里的工作表“{what}”没有认出是哪张表，里面的数没有读。",
    "是培育库数据的，请按下发的空白表写标题（地区、{added_label}、{target_label}，或年份、级别、地区、企业名称）；无关的不必改。", "自己画的汇总表")
POOL_OF_OTHER_CITIES = Code("P19", REMARK, "file", "培育库表里还有{others}的数，本次只汇总{city}，没有采用。",
    "本来就是全省的表，不必改；误贴进来的，请删去别的市的行。", "按市汇总时用了全省的培育库表")
UNSEEN_MARKS = Code("E21", REMARK, "cell", "这一行有 {count} 个分数是公式，存的结果是「{found}」，表上显示为空白（设成了不显示 0），已按没有评分处理。",
    "请核对；专家确实评了 0 分的，请直接填 0。", "引用空格子的评分")
EXPERT_UNFINISHED = Code("E22", REMARK, "file", "专家“{found}”拿到 {companies} 家企业，还有 {count} 家没有评完：{blank}{partial}。",
    "请该专家补评后把评分表交回；与企业有利害关系的，请在“回避”栏填“回避”；确定不再评的不必改，没有评的不算 0 分。", "漏评的企业")
EXPERT_SILENT = Code("E23", REMARK, "file", "专家“{found}”的评分表交回来了，表上的 {companies} 家企业一家也没有评。",
    "请该专家评完后再交回；与企业有利害关系的，请在“回避”栏填“回避”；确定不评的不必改，没有评的不算 0 分。", "原样交回的评分表")
UNUSUALLY_MANY_EXPERTS = Code("E24", REMARK, "run", "多数企业有 {usual} 位专家评分，{companies}却更多；多出来的专家（{experts}）只评了这几家，评分在{files}。",
    "请核对这些专家是否在评审组里；不在的，请把他们的评分表移出输入文件夹，确在的不必改。", "名单外的人也评了分")
SEVERAL_EXPERTS_IN_FILE = Code("E25", REMARK, "file", "这一份里有 {count} 位专家的评分（{experts}），其他 {others} 份都是一位专家一份。",
    "请核对是不是这些专家本人评的；不是的，请删去，由专家本人另交一份。", "一位专家的表里多了别人的评分")
# ------------------------------------------------------------------ D: decisions
DECISION_WITHOUT_EFFECT = Code("D01", ERROR, "cell", "人工决定“{kind}”中的「{found}」在本次材料里没有对应的内容，没有起作用。", "请核对写法；已经不需要的决定请删去这一行。", "企业已改名")
DECISION_INCOMPLETE = Code("D02", ERROR, "cell", "人工决定“{found}”的这一行缺少{missing}，没有采用。", "请补全；每个决定都要有理由、决定人和日期（如 2024-06-01）。", "没写决定人")
DECISION_OUTDATED = Code("D03", ERROR, "cell", "人工决定“{kind}”写的原值是「{found}」，现在表中是「{now}」，决定已失效，没有采用。", "请对照现在的表重新决定，改正原值。", "企业改报了数")
DECISIONS_CONFLICT = Code("D04", ERROR, "cell", "人工决定“{kind}”的这一行与单元格 {other} 的一行互相矛盾，两行都没有采用。", "请只保留一行。", "一家企业两个归属")
DECISION_UNCLEAR = Code("D05", ERROR, "cell", "人工决定“{kind}”写的「{found}」看不明白，没有采用。", "这里应写：{wanted}。", "区县写法不对")
EXTRA_DECISION_FILE = Code("D06", REMARK, "file", "这个人工决定表没有采用，本次采用的是“{other}”。", "每次只用一个人工决定表，请合并到一个文件。", "多了一个决定表")
DECISION_FILE_MISPLACED = Code("D07", ERROR, "file", "人工决定只从输入文件夹最上层的“人工决定.xlsx”读取，这一份没有采用。",
    "确由省级办公室决定的，请移到输入文件夹最上层并改名为“人工决定.xlsx”；否则请删除。", "区县文件夹里的决定表")
DECISION_NOT_TAKEN = Code("D11", ERROR, "cell", "人工决定“{found}”这一行的“{column}”一格{why}，这一行没有采用。", "{cure}；整行作废的，请删去这一行。", "划去的一行决定")
DECIDED_FILE_UNCLEAR = Code("D13", ERROR, "cell", "人工决定“{kind}”选的文件「{found}」{reason}，没有采用。",
    "请在最新的“人工决定_建议.xlsx”里，从“文件”一栏的下拉框重新选一个。", "选定的附件1后来换过")
RULINGS_DO_NOT_FIT = Code("D14", ERROR, "cell", "人工决定“{kind}”写的「{found}」与{others}不能同时成立：{why}，没有采用；其他各条照常采用。",
    "请改正其中一条的数，或只保留能同时成立的。", "各市名额加起来多于全省名额")
RULING_OF_PROVINCE = Code("D15", REMARK, "cell", "人工决定“{kind}”写的「{found}」没有起作用：按市汇总时不认定企业，名额和分数线只在全省汇总时用。",
    "不必改；这一条留给全省汇总。", "一个市的汇总带着名额")
# ------------------------------------------------------------------ B: the program itself
PROGRAM_FAULT = Code("B01", ERROR, "file", "程序处理这个文件时出了自身的错误（{reason}），没有读取。", "请把这个文件和这句话一起交给程序维护人员。", "程序缺陷")
# fmt: on

CATALOGUE: dict[str, Code] = {str(value): value for value in list(globals().values()) if isinstance(value, Code)}

# Codes of earlier versions, which never get another meaning -> where to look instead.
RETIRED = {
    "F18": "F07：评分、培育库数据放错了地方，不分哪一级都是 F07",
    "X12": "问题清单和县级结果里的“县级排序对照”表：县里的顺序与算出的名次不同不是问题",
}

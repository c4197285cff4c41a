"""How much one sender can make the program do: limits by counts, which depend on the input alone (SPEC 7).

What is over one of them is one 错误 on that file, the same on every machine. Behind them stand limits by CPU time
(`machine.supervisor.Limits`), which no honest file comes near. An honest list of a whole city has some hundred rows, one
of a county some dozen; a county hands in some hundred files.
"""

from __future__ import annotations

MOST_ROWS = 5_000  # companies that one file nominates
MOST_FINDINGS = 20_000  # issues that one file raises
MOST_STATEMENTS = 20  # different 情况说明 about one issue
MOST_FILES = 3_000  # files of forms in one county
MOST_IN_ARCHIVES = 5_000  # files to look into that the archives of one file of the input hold
MOST_MARKED_CELLS = 2_000  # of one workbook that is handed back
MOST_PAGES = 1_000  # companies of one county with a page that explains their points

BUDGET_SECONDS = 30.0  # CPU time for everything that is done with one file of the input, archives with all they hold

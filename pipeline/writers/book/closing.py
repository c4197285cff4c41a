"""Closing a workbook on a disk that may be full."""

from __future__ import annotations

import sys
import traceback

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxFileError


def close_workbook(workbook: Workbook) -> None:
    """Writes the workbook to its file. Raises OSError or XlsxFileError when that fails, and prints nothing.

    The half-written archive is thrown away here, while the interpreter's hook for errors in destructors is off: zipfile
    tries to write once more when an archive is collected, and the hook would print that second failure in English."""
    try:
        workbook.close()
    except (OSError, XlsxFileError) as error:
        hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
        try:
            cause: BaseException | None = error
            while cause:
                traceback.clear_frames(cause.__traceback__)
                cause = cause.__context__
        finally:
            sys.unraisablehook = hook
        raise

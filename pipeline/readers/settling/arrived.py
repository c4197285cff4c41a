"""Everything that arrived, each file, sheet and form with a key. Steps of gathering take it and return a new one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from pipeline.model.records import Assessment, FileReading, SheetReading


class FormKey(NamedTuple):
    """One 附件1 of the input: the file's path, the sheet's index among those read from it (two sheets of a damaged
    workbook can have one name), the cell the form is anchored in."""

    path: str
    sheet: int
    cell: str


@dataclass(frozen=True)
class ArrivedForm:
    """One 附件1 and its key, which stays the same when a decision changes the content."""

    key: FormKey
    content: Assessment


@dataclass(frozen=True)
class ArrivedSheet:
    """One sheet that was read, with the path of its file and its index among the file's sheets."""

    path: str
    index: int
    content: SheetReading

    @cached_property
    def forms(self) -> tuple[ArrivedForm, ...]:
        """The sheet's 附件1, usually one."""
        return tuple(
            ArrivedForm(FormKey(self.path, self.index, form.anchor.cell), form) for form in self.content.assessments
        )


@dataclass(frozen=True)
class ArrivedFile:
    """One file. Use `sheets`, not `reading.sheets`: steps replace the contents of the former only."""

    reading: FileReading
    sheets: tuple[ArrivedSheet, ...]

    @property
    def path(self) -> str:
        return self.reading.path


@dataclass(frozen=True)
class Arrived:
    """Every file of a run, in the order of their paths."""

    files: tuple[ArrivedFile, ...]

    @classmethod
    def of(cls, readings: Iterable[FileReading]) -> Arrived:
        """The files as they were read."""
        return cls(
            tuple(
                ArrivedFile(
                    reading,
                    tuple(ArrivedSheet(reading.path, index, sheet) for index, sheet in enumerate(reading.sheets)),
                )
                for reading in readings
            )
        )

    @cached_property
    def sheets(self) -> tuple[ArrivedSheet, ...]:
        """The sheets of all files, in order."""
        return tuple(sheet for file in self.files for sheet in file.sheets)

    @property
    def contents(self) -> list[SheetReading]:
        """What was read from each of `sheets`."""
        return [sheet.content for sheet in self.sheets]

    def with_contents(self, contents: Iterable[SheetReading]) -> Arrived:
        """The same files and sheets with other contents: one for each of `sheets`, in their order."""
        replaced = iter([replace(sheet, content=content) for sheet, content in zip(self.sheets, contents, strict=True)])
        return Arrived(tuple(replace(file, sheets=tuple(next(replaced) for _ in file.sheets)) for file in self.files))

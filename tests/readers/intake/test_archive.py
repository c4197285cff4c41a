"""An archive is opened safely: names in any encoding, no path out of it, and limits before anything is unpacked."""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
import zlib

import pytest

from pipeline.readers.intake.archive import Archive, UnreadableArchive


def archive_of(files: dict[str, bytes], flags: int | None = None, encoding: str = "utf-8") -> bytes:
    """A zip; with `flags` 0 the names are stored as bytes of `encoding` without the UTF-8 flag."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name if flags is None else name.encode(encoding).decode("cp437"))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    content = buffer.getvalue()
    if flags == 0:  # the writer sets the flag for every name beyond ASCII
        content = clear_flag(content)
    return content


def clear_flag(content: bytes) -> bytes:
    """The archive with general purpose bit 11 cleared and each name's bytes as cp437 would have written them."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in source.infolist():
            info = RawName(entry.filename)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, source.read(entry))
    return target.getvalue()


class RawName(zipfile.ZipInfo):
    """A name written as cp437 bytes, without the flag."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the standard library's name
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


def test_names_in_any_encoding():
    for flags, encoding in ((None, "utf-8"), (0, "gb18030"), (0, "utf-8")):
        members = Archive(archive_of({"杭州市/上城区/附件1.xlsx": b"x"}, flags, encoding)).members()
        assert [member.path for member in members] == ["杭州市/上城区/附件1.xlsx"]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/abs/a.xlsx", "abs/a.xlsx"),
        ("a/../../b.xlsx", "b.xlsx"),
        ("..\\..\\c.xlsx", "c.xlsx"),
        ("./d.xlsx", "d.xlsx"),
    ],
)
def test_no_name_leads_out(name, path):
    assert [member.path for member in Archive(archive_of({name: b"x"})).members()] == [path]


def test_members_are_read_with_their_crc_checked():
    content = archive_of({"a.xlsx": b"hello" * 100})
    assert Archive(content).read(0) == b"hello" * 100
    broken = bytearray(content)
    broken[content.index(b"a.xlsx") + 8] ^= 0xFF
    with pytest.raises(UnreadableArchive):
        Archive(bytes(broken)).read(0)


def test_bombs_are_refused_by_what_they_say():
    content = archive_of({"bomb.xlsx": b"\0" * (64 * 2**20)})
    assert [bool(member.problem) for member in Archive(content).members()] == [True]


def test_two_of_one_name_and_folders():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("folder/", b"")
        archive.writestr("a.xlsx", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.xlsx", b"2")
    assert [(member.path, bool(member.problem)) for member in Archive(buffer.getvalue()).members()] == [
        ("a.xlsx", False),
        ("a.xlsx", True),
    ]


def test_encrypted_members_are_told():
    content = bytearray(archive_of({"a.xlsx": b"x"}))
    local, central = content.index(b"PK\x03\x04"), content.index(b"PK\x01\x02")
    content[local + 6] |= 1
    content[central + 8] |= 1
    assert "密码" in Archive(bytes(content)).members()[0].problem


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip at all", b"PK\x05\x06" + b"\0" * 5])
def test_what_is_no_archive(content):
    with pytest.raises(UnreadableArchive):
        Archive(content).members()


def test_pictures_and_papers_are_not_inflated():
    names = ["a.xlsx", "b.XLS", "c.zip", "d.png", "e.PDF", "f", "g.docx"]
    members = Archive(archive_of(dict.fromkeys(names, b"x"))).members()
    assert [member.path for member in members if member.evidence] == ["d.png", "e.PDF"]


@pytest.mark.parametrize(
    "names",
    [
        ["桐庐/1.xlsx", "桐庐/2.xlsx"],
        ["泰顺/1.xlsx"],
        ["桐庐/附件1-浙江某某有限公司.xlsx"],
        ["临平/1.xlsx", "桐庐/2.xlsx", "a.xlsx"],
        ["材料（一）·终稿/①附件2.xlsx", "Ⅱ期/１.xlsx"],
    ],
)
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_all_names_of_an_archive_are_in_one_encoding(names: list[str], encoding: str):
    content = archive_of(dict.fromkeys(names, b"x"), 0, encoding)
    assert [member.path for member in Archive(content).members()] == [
        unicodedata.normalize("NFC", name) for name in names
    ]


def test_one_name_decides_for_those_that_could_be_either():
    content = archive_of({"桐庐/1.xlsx": b"x", "嘉善/2.xlsx": b"x"}, 0, "gb18030")
    assert [member.path for member in Archive(content).members()] == ["桐庐/1.xlsx", "嘉善/2.xlsx"]


def test_the_name_in_utf_8_beside_the_old_one():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = RawName("h╬╠.xlsx")
        raw = "h╬╠.xlsx".encode("cp437")
        name = b"\1" + zlib.crc32(raw).to_bytes(4, "little") + "海宁.xlsx".encode()
        info.extra = struct.pack("<HH", 0x7075, len(name)) + name
        archive.writestr(info, b"x")
    assert [member.path for member in Archive(buffer.getvalue()).members()] == ["海宁.xlsx"]


@pytest.mark.parametrize(("method", "word"), [(9, "Deflate64"), (93, "Zstandard"), (17, "17")])
def test_a_way_of_compressing_that_is_not_read_is_named(method: int, word: str):
    content = bytearray(archive_of({"a.xlsx": b"x" * 99}))
    content[content.index(b"PK\x03\x04") + 8] = content[content.index(b"PK\x01\x02") + 10] = method
    with pytest.raises(UnreadableArchive, match=word):
        Archive(bytes(content)).read(0)


def test_papers_by_their_names_are_looked_at_by_their_first_bytes():
    files = {
        "a.jpg": b"PK\x03\x04",
        "b.png": b"\x89PNG",
        "c.pdf": b"\xd0\xcf\x11\xe0",
        "d.csv": b"1,2",
        "e.pptx": b"PK\x03\x04",
    }
    members = Archive(archive_of(files)).members()
    assert [member.path for member in members if member.evidence] == ["b.png", "e.pptx"]

"""Files damaged by chance and by intent; the same name always makes the same damage."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from random import Random

# What readers stumble over: numbers, signs, encodings, tricks of XML, JSON and CSV.
_TOKENS = (
    *(b"NaN", b"-Infinity", b"1e999", b"-1e308", b"9" * 400, b"-1", b"0", b"4294967296", b"0x7f"),
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"\xc2\x85", b"\r\r\n"),
    *(b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", b"&b;", b"<![CDATA[", b"]]>", b"<a>" * 70),
    *(b"&#0;", b"&#x110000;", b"<?xml version='1.1' encoding='utf-7'?>", b"<xi:include href='/etc/passwd'/>"),
    *(
        b"[" * 3000,
        b'{"a":' * 1500,
        b"null",
        b"true",
        b'"',
        b",",
        b";",
        b"\t",
        b"\n",
        b"=cmd|'/c x'!A1",
        b"'",
    ),
    *(
        b"../" * 9,
        b"%2e%2e%2f",
        b"C:\\",
        b"/etc/passwd",
        b"javascript:1",
        b"#adm1+code",
        b"A" * 5000,
        b'"' + b"y" * 140_000,
    ),
)
_NAMES = (
    *("../outside.kml", "/tmp/outside.shp", "a/../../outside.html", "..\\outside.html", "C:/outside.csv"),
    *("", ".", "a//b.csv", "x" * 300, "line\nbreak.html", "\u202egnp.html", "\x00.html", "imsmanifest.xml"),
    *("IMSMANIFEST.XML", "doc.kml", "areas.shp", "areas.SHP", "folder/", "con", "ä" * 70, "xl/workbook.xml"),
)
_DIGITS = re.compile(rb"-?\d+(?:\.\d+)?")


def _flip(chance: Random, data: bytearray) -> None:
    for _turn in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _overwrite(chance: Random, data: bytearray) -> None:
    for _turn in range(chance.randint(1, 6)):
        data[chance.randrange(len(data))] = chance.randrange(256)


def _cut(chance: Random, data: bytearray) -> None:
    del data[chance.randrange(len(data)) :]


def _drop(chance: Random, data: bytearray) -> None:
    start, stop = _block(chance, data)
    del data[start:stop]


def _double(chance: Random, data: bytearray) -> None:
    start, stop = _block(chance, data)
    data[start:start] = data[start:stop] * chance.choice((1, 1, 2, 40))


def _swap(chance: Random, data: bytearray) -> None:
    start, stop = _block(chance, data)
    block = data[start:stop]
    del data[start:stop]
    place = chance.randint(0, len(data))
    data[place:place] = block


def _token(chance: Random, data: bytearray) -> None:
    place = chance.randint(0, len(data))
    data[place:place] = chance.choice(_TOKENS)


def _number(chance: Random, data: bytearray) -> None:
    found = list(_DIGITS.finditer(data))
    if not found:
        return _word(chance, data)
    start, stop = chance.choice(found).span()
    data[start:stop] = chance.choice(_TOKENS[:9])
    return None


def _word(chance: Random, data: bytearray) -> None:
    """A binary number, as sizes and places are written in heads of files."""
    form, most = chance.choice((("<I", 2**32), (">I", 2**32), ("<H", 2**16), (">H", 2**16)))
    number = chance.choice((0, 1, most - 1, most // 2, most // 2 - 1, chance.randrange(most)))
    place = chance.randrange(len(data))
    data[place : place + struct.calcsize(form)] = struct.pack(form, number)


def _block(chance: Random, data: bytearray) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, start + chance.choice((1, 4, 30, 200, 1000))


_CHANGES: tuple[Callable[[Random, bytearray], None], ...] = (
    *(_flip, _overwrite, _cut, _drop, _double, _swap, _token, _token, _number, _number, _word),
)


def damaged(chance: Random, content: bytes, other: bytes = b"") -> bytes:
    """The content after one to three changes; now and then with the end of another file."""
    data = bytearray(content)
    for _turn in range(chance.choice((1, 1, 2, 3))):
        if data:
            chance.choice(_CHANGES)(chance, data)
    if other and chance.random() < 0.06:
        data = data[: chance.randint(0, len(data))] + other[chance.randrange(len(other)) :]
    return bytes(data)


def damaged_archive(chance: Random, files: Mapping[str, bytes]) -> bytes:
    """A ZIP file of these with changed content, names or marks, or with its own bytes changed."""
    parts = dict(files)
    name = chance.choice(sorted(parts))
    way = chance.randrange(6)
    if way < 3:
        parts[name] = damaged(chance, parts[name])
    elif way == 3:
        parts[chance.choice(_NAMES)] = parts.pop(name)
    elif way == 4:
        parts[chance.choice(_NAMES)] = chance.choice((b"", b"x", b"0" * 3_000_000, parts[name]))
    packed = _packed(chance, parts)
    return packed if way in (0, 1, 4) else damaged(chance, packed)


def _packed(chance: Random, parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w") as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name, content in parts.items():
            info = zipfile.ZipInfo("part")
            # Set afterwards: the library would put the name in order.
            info.filename = name
            info.compress_type = zipfile.ZIP_DEFLATED
            if chance.random() < 0.03:
                info.compress_type = chance.choice((zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_STORED))
            if chance.random() < 0.03:
                info.external_attr = chance.choice((0o120777, 0o060777, 0o040777)) << 16
            archive.writestr(info, content)
            if chance.random() < 0.02:
                archive.writestr(info, content)
    return target.getvalue()

#!/usr/bin/env python3
"""存证独立核对程序：只用 Python 标准库，不连数据库，不用本平台的任何代码。

用法：python3 -I -S verify_chain.py 导出文件 [锚点文件 …] [--pure]
导出文件由 manage.py verify_chain --export 生成；锚点文件可以取自另存的副本（如 WORM 存储）。
逐一核对：存证链的每一环、每条操作记录的摘要、每个封存批次的默克尔根和先后、锚点与以上各项是否一致。
完整时退出码为 0；有不符时逐条指出，退出码为 1。--pure 指定用本文件内的 SM3 而不用 OpenSSL 的。
"""

import hashlib
import json
import sys
import unicodedata

START = "0" * 64
MASK = 0xFFFFFFFF
IV = "7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e"


def rotate(x, n):
    """``x`` of 32 bits turned left by ``n``."""
    n %= 32
    return ((x << n) | (x >> (32 - n))) & MASK


def compress(v, block):
    """One block of 64 bytes (GB/T 32905-2016, 5.3)."""
    w = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)
        w.append(x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = v
    for j in range(64):
        t = 0x79CC4519 if j < 16 else 0x7A879D8A
        ss1 = rotate((rotate(a, 12) + e + rotate(t, j)) & MASK, 7)
        ss2 = ss1 ^ rotate(a, 12)
        ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < 16 else (e & f) | (~e & MASK & g)
        tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & MASK
        tt2 = (gg + h + ss1 + w[j]) & MASK
        a, b, c, d = tt1, a, rotate(b, 9), c
        e, f, g, h = tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17), e, rotate(f, 19), g
    return [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h), strict=True)]


def pure_sm3(data):
    """SM3 in plain Python, for where OpenSSL was built without it."""
    padded = data + b"\x80" + b"\x00" * ((55 - len(data)) % 64) + (len(data) * 8).to_bytes(8, "big")
    v = [int(IV[i : i + 8], 16) for i in range(0, 64, 8)]
    for at in range(0, len(padded), 64):
        v = compress(v, padded[at : at + 64])
    return b"".join(x.to_bytes(4, "big") for x in v)


def openssl_sm3(data):
    """SM3 of OpenSSL."""
    return hashlib.new("sm3", data).digest()


sm3 = openssl_sm3 if "sm3" in hashlib.algorithms_available else pure_sm3


def composed(value):
    """Every text in NFC."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {composed(key): composed(item) for key, item in value.items()}
    return [composed(item) for item in value] if isinstance(value, list) else value


def digest(value):
    """SM3 in hex of the canonical bytes: sorted keys, no spaces, NFC, UTF-8."""
    text = json.dumps(composed(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sm3(text.encode()).hex()


def leaf(name, inner):
    """The leaf of the entry ``name`` whose content has the digest ``inner``."""
    return sm3(b"\x00" + f"{name}:{inner}".encode())


def root(leaves):
    """The Merkle root; one left over at the end of a row goes up as it is."""
    row = leaves
    while len(row) > 1:
        pairs = [sm3(b"\x01" + row[i] + row[i + 1]) for i in range(0, len(row) - 1, 2)]
        row = pairs + row[len(pairs) * 2 :]
    return row[0].hex()


class Book:
    """What was read so far, and what is wrong with it."""

    def __init__(self):
        self.heads, self.links, self.entries, self.seals = {}, {}, {}, {}
        self.last_seal, self.anchor, self.anchored = START, None, {}
        self.faults, self.counts = [], {}

    def wrong(self, name, reason):
        """Note what does not hold."""
        self.faults.append(f"{name}：{reason}")

    def link(self, row):
        """A link of the chain of an organisation."""
        owner, number = row["organization_id"], row["number"]
        before, previous = self.heads.get(owner, (0, START))
        name = f"组织 {owner} 第 {number} 环 {row['subject']}"
        parts = [row["previous"], number, row["subject"], row["content_digest"]]
        if row["form"] > 1:
            parts += [owner, row["at"], row["form"]]
        if number != before + 1:
            self.wrong(name, f"缺少第 {before + 1} 环")
        elif row["previous"] != previous:
            self.wrong(name, "与上一环不相接")
        if digest(parts) != row["digest"]:
            self.wrong(name, "本环摘要不符")
        self.heads[owner] = number, row["digest"]
        self.links[row["subject"]] = [owner, number, row["digest"]]

    def entry(self, row):
        """An audit entry."""
        if digest(row["content"]) != row["digest"]:
            self.wrong(f"操作记录 {row['id']}", "内容与摘要不符")
        self.entries[row["id"]] = row["digest"]

    def seal(self, row):
        """A batch of audit entries."""
        number, name = row["number"], f"封存批次 {row['number']}"
        if number != len(self.seals) + 1 or row["previous"] != self.last_seal:
            self.wrong(name, "与上一批不相接")
        if digest([row["previous"], number, row["at"], row["ranges"], row["root"]]) != row["digest"]:
            self.wrong(name, "本批摘要不符")
        ids = [one for first, last in row["ranges"] for one in range(first, last + 1)]
        missing = [one for one in ids if one not in self.entries]
        for one in missing:
            self.wrong(f"操作记录 {one}", f"第 {number} 批记有这条，导出中没有")
        if not missing and root([leaf(one, self.entries[one]) for one in ids]) != row["root"]:
            self.wrong(name, f"操作记录 {ids[0]}—{ids[-1]} 与默克尔根不符")
        self.last_seal, self.seals[number] = row["digest"], row["digest"]

    def anchored_line(self, row):
        """An anchor; a copy may begin later than the file."""
        name = f"锚点 {row['line']}"
        if digest({key: value for key, value in row.items() if key != "digest"}) != row["digest"]:
            self.wrong(name, "锚点被改动")
        if self.anchor and (row["previous"], row["line"]) != (self.anchor["digest"], self.anchor["line"] + 1):
            self.wrong(name, "与上一行不相接")
        if row["seal"] and self.seals.get(row["seal"][0]) != row["seal"][1]:
            self.wrong(name, f"第 {row['seal'][0]} 批不在导出中或者不同")
        for owner, number, inner, subject in row["links"]:
            if self.links.get(subject) != [owner, number, inner]:
                self.wrong(name, f"组织 {owner} 第 {number} 环 {subject} 不在导出中或者不同")
            self.anchored[owner] = inner
        whole = len(self.anchored) == row["chains"]
        if whole and root([leaf(*each) for each in sorted(self.anchored.items())] or [b""]) != row["root"]:
            self.wrong(name, "各存证链末环的根不符")
        self.anchor = row


def lines(path):
    """The JSON lines of a file."""
    with open(path, encoding="utf-8") as file:
        for text in file:
            try:
                yield json.loads(text)
            except ValueError:
                continue  # a line torn by a power cut; a chain that lacks a line says so itself


def read(path, book):
    """An export, or a file of anchors alone."""
    book.anchor, book.anchored = None, {}
    readers = {"link": book.link, "entry": book.entry, "seal": book.seal}
    for row in lines(path):
        kind = row.get("kind", "anchor")
        book.counts[kind] = book.counts.get(kind, 0) + 1
        if kind in readers:
            readers[kind](row)
        elif kind == "anchor":
            book.anchored_line(row.get("anchor", row))


def main(words):
    """Check, tell, answer the exit code."""
    global sm3
    if "--pure" in words:
        sm3 = pure_sm3
    paths = [word for word in words if word != "--pure"]
    if not paths:
        sys.stderr.write(__doc__)
        return 2
    book = Book()
    for path in paths:
        read(path, book)
    for fault in book.faults:
        sys.stderr.write(fault + "\n")
    names = (("link", "环"), ("entry", "条操作记录"), ("seal", "批"), ("anchor", "行锚点"))
    size = "、".join(f"{book.counts.get(kind, 0)} {word}" for kind, word in names)
    sys.stdout.write(f"发现 {len(book.faults)} 处不符：{size}\n" if book.faults else f"完整：{size}\n")
    return 1 if book.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

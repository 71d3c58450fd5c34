"""Makes zips that were made to harm whoever reads them, from a good export.

Usage: hostile_zips.py GOOD.zip FOLDER. Prints the name of each zip it made.
"""

import pathlib
import struct
import sys
import zipfile

good, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
raw = good.read_bytes()
with zipfile.ZipFile(good) as archive:
    entries = [(info, archive.read(info)) for info in archive.infolist()]
top = entries[0][0].filename


def put(name, data):
    (folder / name).write_bytes(data)
    print(name)


def rewrite(name, change, method=zipfile.ZIP_STORED):
    """The same entries after `change`, which gives a list of (name, bytes) for each."""
    with zipfile.ZipFile(folder / name, "w", method) as archive:
        for info, data in entries:
            for path, content in change(info.filename, data):
                archive.writestr(zipfile.ZipInfo(path), content, compress_type=method)
    print(name)


def replacing(end, by):
    """Replaces the content of the entry whose name ends so; None leaves it out."""

    def change(path, data):
        if not path.endswith(end):
            return [(path, data)]
        return [] if by is None else [(path, by(data))]

    return change


put("empty.zip", b"")
put("text.zip", b"this is no zip\n" * 100)
put("end-only.zip", b"PK\x05\x06" + bytes(18))
put("cut.zip", raw[: len(raw) // 2])
put("cut-end.zip", raw[:-30])
put("noise.zip", bytes((index * 7919 >> 3) & 255 for index in range(100_000)))

# A directory that claims four thousand million entries, and one that begins beyond the end.
end = raw.rfind(b"PK\x05\x06")
put("claims-entries.zip", raw[: end + 8] + b"\xff\xff\xff\xff" + raw[end + 12 :])
put("directory-beyond.zip", raw[: end + 16] + struct.pack("<I", 0xFFFFFFF0) + raw[end + 20 :])

# A byte of a key is changed, so that its check sum is wrong.
at = raw.find(b"PRIVATE KEY-----\n") + 20
put("wrong-sum.zip", raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])

rewrite("escape.zip", lambda path, data: [(path.replace(top, top + "../../../../tmp/kubepki-escape/", 1), data)])
rewrite("absolute.zip", lambda path, data: [("/" + path, data)])
rewrite("backslash.zip", lambda path, data: [(path.replace("/", "\\"), data)])
rewrite("two-tops.zip", lambda path, data: [(path, data), (path.replace(top, "other/", 1), data)])
rewrite("no-inventory.zip", replacing("inventory.json", None))
rewrite("no-design.zip", replacing("design.yaml", None))
rewrite("no-ca-key.zip", replacing("pki/ca.key", None))
rewrite("inventory-of-lists.zip", replacing("inventory.json", lambda data: b"[" * 100_000))
rewrite("inventory-of-another.zip", replacing("inventory.json", lambda data: data.replace(b"inventory/v1", b"inventory/v9")))
rewrite("inventory-without-serials.zip", replacing("inventory.json", lambda data: data.replace(b'"serial"', b'"cereal"')))
rewrite("inventory-of-the-past.zip", replacing("inventory.json", lambda data: data.replace(b'"issuedAt": "2', b'"issuedAt": "-9')))
rewrite("design-is-a-bomb.zip", replacing("design.yaml", lambda data: data + b"x: " + b"[" * 100_000))
rewrite("design-is-long.zip", replacing("design.yaml", lambda data: data + b"#" * (2 << 20)))
rewrite("key-of-another-kind.zip", replacing("pki/ca.key", lambda data: b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"))
rewrite("key-is-a-certificate.zip", replacing("pki/ca.key", lambda data: b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))

# A gigabyte of zeros in a megabyte.
with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for info, data in entries:
        if info.filename.endswith("inventory.json"):
            with archive.open(zipfile.ZipInfo(info.filename), "w", force_zip64=True) as out:
                for _ in range(160):
                    out.write(bytes(1 << 20))
        else:
            archive.writestr(info.filename, data)
print("bomb.zip")

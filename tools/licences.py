#!/usr/bin/env python3
"""Writes the table of crates in LICENSES.md anew. Run it after a change of Cargo.lock:

    cargo metadata --format-version 1 --locked | python3 tools/licences.py
"""

import json
import pathlib
import re
import sys

PAGE = pathlib.Path(__file__).parent.parent / "LICENSES.md"
BEGIN, END = "<!-- crates -->\n", "<!-- end of crates -->"
# Crates whose manifest names a file instead of a licence, and what that file is.
READ_BY_HAND = {"language-tokenizer": "WTFPL"}


def licence(package):
    """The licence as an SPDX expression, choices in one order."""
    named = package["license"] or READ_BY_HAND.get(package["name"])
    if named is None:
        sys.exit(f"{package['name']} names no licence: read {package['license_file']} and add it here")
    named = re.sub(r"\s*/\s*", " OR ", named)
    if "AND" in named or "(" in named:
        return named
    return " OR ".join(sorted(named.split(" OR ")))


def main():
    groups = {}
    for package in json.load(sys.stdin)["packages"]:
        if package["name"] != "fullcast":
            groups.setdefault(licence(package), []).append((package["name"], package["version"]))
    rows = ["| licence | crates |", "| --- | --- |"]
    for named, crates in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        crates = ", ".join(f"{name} {version}" for name, version in sorted(crates))
        rows.append(f"| {named} | {crates} |")
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    table = "\n".join(rows) + "\n"
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

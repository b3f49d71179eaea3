#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: keys.py [--but=PATH]... PROGRAM FILE.json...

Compares PROGRAM's output with --json, in all FILEs together, with its chapter of docs/json.md. The first key is schema.
Each key stands in the table of its object, with its type. Each key of the chapter is in some FILE, except PATH and all
that is in it.
Exit status: 0 all is right; 1 not, and lines say what you have to change.
"""
import json
import re
import sys

PAGE = "docs/json.md"
TYPES = {"integer": int, "number": (int, float), "text": str, "boolean": bool, "array": list, "object": dict,
         "null": type(None)}


def chapter(program):
    """(paths, {key: type}) for each table"""
    with open(PAGE, encoding="utf-8") as file:
        text = re.search(rf"^## {re.escape(program)}\n(.*?)(?=^## |\Z)", file.read(), re.M | re.S)
    if not text:
        sys.exit(f"{PAGE} has no chapter {program}: add it")
    tables = []
    for line in text[1].splitlines():
        if line.startswith("**"):
            tables.append(([] if "`" in line else [""], {}))
            tables[-1][0].extend(re.findall(r"`([^`]+)`", line))
        elif line.startswith("| `"):
            keys, kind = line.split(" | ")[:2]
            tables[-1][1].update((key, kind) for key in re.findall(r"`([^`]+)`", keys))
    return tables


def is_of(value, kind):
    """Is a value of one of these types, such as `integer or null'?"""
    if not kind or (kind == "integer" and isinstance(value, str) and value.isdigit()):
        return True
    return any(isinstance(value, TYPES[name]) and (not isinstance(value, bool) or name == "boolean")
               for name in kind.split(" or "))


class Checker:
    def __init__(self, program):
        self.program, self.faults = program, []
        self.tables = {path: table for paths, keys in chapter(program) for table in [(paths, keys, set())]
                       for path in paths}
        self.whole = set()

    def fault(self, text):
        if text not in self.faults:
            self.faults.append(text)

    def walk(self, value, path):
        if isinstance(value, list):
            for each in value:
                self.walk(each, path + "[]")
        elif not isinstance(value, dict) or path in self.whole:
            return
        elif path in self.tables:
            _, keys, seen = self.tables[path]
            for key, each in value.items():
                seen.add(key)
                if key not in keys:
                    self.fault(f"{PAGE}, {self.program}: the table of `{path or 'the document'}' has no row for "
                               f"`{key}', which the program prints: add it, with unit and meaning")
                elif not is_of(each, keys[key]):
                    self.fault(f"{PAGE}, {self.program}: `{path}' `{key}' is {keys[key]}, and the program prints "
                               f"{json.dumps(each)[:40]}: correct the type")
                self.walk(each, f"{path}.{key}" if path else key)
        elif path + ".*" in self.tables:
            for each in value.values():
                self.walk(each, path + ".*")
        else:
            self.fault(f"{PAGE}, {self.program}: no table of `{path}', an object that the program prints: add one, "
                       f"headed **`{path}`**, with {', '.join(value)}")

    def unseen(self, but):
        for paths, keys, seen in self.tables.values():
            for key in sorted(set(keys) - seen):
                if any(path + "." + key == "." + left for path in paths for left in but) or \
                        any(path.startswith(left + "[]") for path in paths for left in but):
                    continue
                self.fault(f"{PAGE}, {self.program}: the table of `{paths[0] or 'the document'}' has `{key}', which no "
                           f"output here has: remove the row, or add an output with it to the test")


def main():
    but = [word[6:] for word in sys.argv if word.startswith("--but=")]
    program, *files = [word for word in sys.argv[1:] if not word.startswith("--but=")]
    checker = Checker(program)
    # html contains documents of other programs, which have chapters of their own.
    checker.whole = {"boots[].report", "boots[].meta"} if "html" in program else set()
    for path in files:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        if next(iter(document.items()), None) != ("schema", 1):
            checker.fault(f"{path}: the first key is not \"schema\": 1")
        checker.walk(document, "")
    checker.unseen(but)
    for fault in checker.faults:
        print(fault)
    sys.exit(bool(checker.faults) or not files)


main()

#!/usr/bin/env python3
"""Changes one token of the arithmetic at a time and looks whether a test of core notices.

usage: run.py [N [SEED]]     N mutants of all there are, drawn by the seed (40, 1)
       run.py --list         all there are

A mutant that no test kills is a missing test, or changes nothing that can be seen: then it stands
in equivalent.txt, with the reason. The tree that is looked at is a copy; its build is kept in
build-mutants, so that each mutant costs one file and a link. `./dev mutants` says what is needed.
"""

import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build-mutants"
FILES = [f"src/core/{name}.cc" for name in ("formula", "classify", "assess", "credit", "ratio", "zone")]
EQUIVALENT = Path(__file__).parent / "equivalent.txt"
SWAPS = {
    "<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "==": ["!="], "!=": ["=="],
    "&&": ["||"], "||": ["&&"], "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["*"],
    "+=": ["-="], "-=": ["+="], "*=": ["/="], "++": ["--"], "--": ["++"],
    "true": ["false"], "false": ["true"], "min": ["max"], "max": ["min"],
    "floor": ["ceil"], "ceil": ["floor"], "begin": ["end"], "end": ["begin"],
    "first": ["second"], "second": ["first"], "safe": ["literal"], "literal": ["safe"],
}
# Comments and texts are no code; of templates' brackets and of what a name is part of nothing is
# changed, which would not compile, or be the same.
TOKEN = re.compile(
    r'(?P<skip>//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\2"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\])+\'|^\s*#[^\n]*)'
    r"|(?P<word>\b(?:true|false|min|max|floor|ceil|begin|end|first|second|safe|literal)\b)"
    r"|(?P<number>(?<![\w.'])\d+(?:'\d+)*(?![\w.']))"
    r"|(?P<operator>(?<=\s)(?:<=|>=|==|!=|&&|\|\||\+=|-=|\*=|[-+*/%<>])(?=\s)|\+\+|--|!(?=[\w(]))",
    re.S | re.M)


class Mutant:
    def __init__(self, file, text, at, old, new):
        self.file, self.at, self.old, self.new = file, at, old, new
        self.line = text.count("\n", 0, at) + 1
        self.source = text.splitlines()[self.line - 1].strip()

    def name(self):
        return f"{self.file}: `{self.source}`: {self.old or '(nothing)'} -> {self.new or '(nothing)'}"

    def applied(self, text):
        return text[:self.at] + self.new + text[self.at + len(self.old):]


def mutants():
    found = []
    for file in FILES:
        text = (ROOT / file).read_text()
        for token in TOKEN.finditer(text):
            old = token.group(0)
            if token["skip"] is not None:
                continue
            if token["number"] is not None:
                new = [str(int(old.replace("'", "")) + 1)]
            else:
                new = [""] if old == "!" else SWAPS.get(old, [])
            found += [Mutant(file, text, token.start(), old, one) for one in new]
    return found


def run(words, seconds=600):
    try:
        return subprocess.run(["nice", "-n", "10", *words], cwd=WORK / "tree", timeout=seconds,
                              capture_output=True, text=True, check=False).returncode
    except subprocess.TimeoutExpired:
        return "endless"


def prepare():
    """A copy of the tree as it lies, whose unchanged files keep their times."""
    tree = WORK / "tree"
    tree.mkdir(parents=True, exist_ok=True)
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "CMakeLists.txt", "src",
                             "rules", "tests"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        source, copy = ROOT / name, tree / name
        if not source.is_file() or (copy.exists() and copy.read_bytes() == source.read_bytes()):
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)
    if not (tree / "build").exists():
        options = ["-DRECOUP_UNITY=OFF", "-DCMAKE_BUILD_TYPE=Debug", "-DBUILD_TESTING=ON"]
        if shutil.which("ccache"):
            options.append("-DCMAKE_CXX_COMPILER_LAUNCHER=ccache")
        if shutil.which("mold"):
            options.append("-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=mold")
        subprocess.run(["cmake", "-S", ".", "-B", "build", "-G", "Ninja", *options], cwd=tree,
                       check=True, stdout=subprocess.DEVNULL)
    if build() != 0 or test() != 0:
        sys.exit("the tests of core fail without a mutant")


def build():
    return run(["cmake", "--build", "build", "--target", "test_core"], 1800)


def test():
    # A mutant may never end: what takes twenty times as long as all tests do is killed.
    return run(["build/tests/test_core", "--abort"], 120)


def look_at(mutant):
    copy = WORK / "tree" / mutant.file
    text = copy.read_text()
    copy.write_text(mutant.applied(text))
    try:
        if build() != 0:
            return "no code"
        return "alive" if test() == 0 else "killed"
    finally:
        copy.write_text(text)


def main(words):
    every = mutants()
    if words == ["--list"]:
        return print("\n".join(one.name() for one in every))
    count = int(words[0]) if words else 40
    seed = int(words[1]) if len(words) > 1 else 1
    equivalent = {line for line in EQUIVALENT.read_text().splitlines() if line.startswith("src/")}
    prepare()
    done = {"killed": 0, "alive": 0, "no code": 0, "equivalent": 0}
    survivors = []
    for mutant in random.Random(seed).sample(every, min(count, len(every))):
        said = look_at(mutant)
        if said == "alive" and mutant.name() in equivalent:
            said = "equivalent"
        done[said] += 1
        print(f"{said:10} {mutant.name()} (line {mutant.line})", flush=True)
        if said == "alive":
            survivors.append(mutant)
    print(f"{len(every)} mutants, {sum(done.values())} drawn by the seed {seed}: "
          + ", ".join(f"{number} {what}" for what, number in done.items()))
    if survivors:
        sys.exit("alive:\n" + "\n".join(one.name() for one in survivors))
    return None


if __name__ == "__main__":
    main(sys.argv[1:])

#!/usr/bin/env python3
"""Runs targets of libFuzzer one after the other, at the lowest priority, and adds up what they did.

usage: run.py [TARGET|all [SECONDS]]     a minute each of all where nothing is said
       run.py --table                    what was done so far, as the rows of tests/README.md

Corpora, findings and sums lie in build-fuzz/fuzz: a run goes on where the one before ended. The
status is 1 where there is a finding. `./dev fuzz` builds the program first.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build-fuzz/tests/recoup-fuzz"
WORK = ROOT / "build-fuzz/fuzz"
SUMS = WORK / "sums.json"
LONGEST = 64 * 1024  # bytes of an input: what is longer shows nothing new of a parser, and slowly


def targets():
    listed = subprocess.run([PROGRAM, "--list"], capture_output=True, text=True, check=False).stdout
    return re.findall(r"\[([a-z0-9-]+)\]", listed)


def sums():
    return json.loads(SUMS.read_text()) if SUMS.exists() else {}


def number(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def run(target, seconds, folder):
    """One run: its executions, the edges that its corpus reaches, and whether something was found."""
    corpus, findings = WORK / target, WORK / "findings" / target
    findings.mkdir(parents=True, exist_ok=True)
    said = subprocess.run(
        ["nice", "-n", "19", PROGRAM, target, corpus, f"-artifact_prefix={findings}/",
         f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=25", "-rss_limit_mb=4096",
         "-print_final_stats=1", "-detect_leaks=0", "-reload=0", "-verbosity=1"],
        env={**os.environ, "TMPDIR": folder, "LLVM_PROFILE_FILE": "/dev/null"},
        capture_output=True, text=True, errors="replace", check=False)
    log = said.stdout + said.stderr
    (WORK / f"{target}.log").write_text(log)
    found = said.returncode != 0
    if found:
        print("\n".join(log.splitlines()[-40:]), file=sys.stderr)
    return number(r"stat::number_of_executed_units:\s*(\d+)", log), number(r"cov: (\d+)", log), found


def lines_of(target, folder):
    """Which lines of which folders of src the corpus reaches: 'config 71 %, documents 64 %'."""
    raw, merged = f"{folder}/{target}.raw", f"{folder}/{target}.data"
    subprocess.run([PROGRAM, target, WORK / target, "-runs=0", "-detect_leaks=0"],
                   env={**os.environ, "TMPDIR": folder, "LLVM_PROFILE_FILE": raw},
                   capture_output=True, check=False)
    if subprocess.run(["llvm-profdata", "merge", "-sparse", raw, "-o", merged],
                      capture_output=True, check=False).returncode != 0:
        return ""
    told = subprocess.run(["llvm-cov", "export", "-summary-only", f"-instr-profile={merged}", PROGRAM],
                          capture_output=True, text=True, check=False).stdout
    lines = {}
    for data in json.loads(told or '{"data": []}')["data"]:
        for file in data["files"]:
            path = Path(file["filename"])
            count = file["summary"]["lines"]
            # A file that is not reached at all is another target's.
            if (ROOT / "src") not in path.parents or path.suffix != ".cc" or count["covered"] == 0:
                continue
            room = str(path.relative_to(ROOT / "src").parent)
            reached, all_lines = lines.get(room, (0, 0))
            lines[room] = (reached + count["covered"], all_lines + count["count"])
    best = sorted(lines.items(), key=lambda room: -room[1][0])[:3]
    return ", ".join(f"{room} {100 * reached // count} %" for room, (reached, count) in best)


def table():
    done = sums()
    print("| target | executions | edges | lines of the files reached |\n|---|---|---|---|")
    for target, one in sorted(done.items()):
        print(f"| {target} | {one['executions']:,} | {one['edges']:,} | {one['lines']} |")
    seconds = sum(one["seconds"] for one in done.values())
    print(f"\n{sum(one['executions'] for one in done.values()):,} executions of {len(done)} targets"
          f" in {seconds / 3600:.1f} h, {sum(one['findings'] for one in done.values())} findings")


def main(words):
    if words == ["--table"]:
        return table()
    known = targets()
    asked = known if not words or words[0] == "all" else [words[0]]
    seconds = int(words[1]) if len(words) > 1 else 60
    if set(asked) - set(known):
        sys.exit(f"expected a target, got '{asked[0]}'; there are: {', '.join(known)}")
    WORK.mkdir(exist_ok=True)
    any_found = False
    for target in asked:
        # What a target keeps in files is gone with the folder, also where it ends half-way.
        with tempfile.TemporaryDirectory() as folder:
            executions, edges, found = run(target, seconds, folder)
            lines = "" if found else lines_of(target, folder)
        done = sums()
        one = done.setdefault(target, {"executions": 0, "edges": 0, "lines": "", "seconds": 0,
                                       "findings": 0})
        one["executions"] += executions
        one["seconds"] += seconds
        one["findings"] += found
        one["edges"] = max(one["edges"], edges)
        one["lines"] = lines or one["lines"]
        SUMS.write_text(json.dumps(done, indent=1))
        any_found = any_found or found
        print(f"{target}: {executions:,} executions, {edges:,} edges, {lines or 'FOUND SOMETHING'}",
              flush=True)
    if any_found:
        sys.exit("what was found lies in build-fuzz/fuzz/findings: recoup-fuzz TARGET FILE runs it")
    return None


if __name__ == "__main__":
    main(sys.argv[1:])

#!/usr/bin/python3
"""What is in the built programs that others wrote, as SPDX 2.3 in JSON, or as a list of licenses.

usage: sbom.py spdx|licenses BUILD VERSION PROGRAM…

It is made from the build itself: which libraries the programs are linked with stands in their files
(ELF, NEEDED), which headers were compiled into them in ninja's own records. What package of Debian
each is of, dpkg says. A package without a license in LICENSES ends it: somebody has to read that
package's copyright file first.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

# By source package, as its /usr/share/doc/PACKAGE/copyright has it: of the parts that programs are
# linked with or made of.
LICENSES = {
    "bzip2": "bzip2-1.0.6",
    "cli11": "BSD-3-Clause",
    "curl": "curl",
    "fmtlib": "MIT",
    "gcc-12": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "glibc": "LGPL-2.1-or-later",
    "gmp": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "gnutls28": "LGPL-2.1-or-later",
    "howardhinnant-date": "MIT",
    "libarchive": "BSD-2-Clause",
    "libdeflate": "MIT",
    "libmicrohttpd": "LGPL-2.1-or-later",
    "libxcrypt": "LGPL-2.1-or-later",
    "libzstd": "BSD-3-Clause OR GPL-2.0-only",
    "linux": "GPL-2.0-only WITH Linux-syscall-note",
    "nlohmann-json3": "MIT",
    "openssl": "Apache-2.0",
    "postgresql-15": "PostgreSQL",
    "prometheus-cpp": "MIT",
    "re2": "BSD-3-Clause",
    "simdjson": "Apache-2.0",
    "spdlog": "MIT",
    "sqlite3": "blessing",
    "systemd": "LGPL-2.1-or-later",
    "tomlplusplus": "MIT",
    "xz-utils": "LicenseRef-public-domain",
    "yaml-cpp": "MIT",
    "zlib": "Zlib",
}
PUBLIC_DOMAIN = {
    "licenseId": "LicenseRef-public-domain",
    "name": "public domain",
    "extractedText": "The authors of liblzma have put it in the public domain.",
}


def said(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def owners(paths):
    """The packages that own the files."""
    found = set()
    real = {os.path.realpath(path) for path in paths}
    # Debian's packages of before the merge of /usr name /lib.
    paths = sorted(real | {path.removeprefix("/usr") for path in real})
    for at in range(0, len(paths), 500):
        listed = subprocess.run(["dpkg-query", "--search", *paths[at:at + 500]], capture_output=True,
                                text=True, check=False)
        for line in listed.stdout.splitlines():
            # "libc6:amd64, libc6-dev:amd64: /path"; a diversion names no owner.
            if not line.startswith("diversion "):
                found.update(name.split(":")[0] for name in line.rsplit(": ", 1)[0].split(", "))
    return found


def linked(programs):
    """The packages of the shared libraries that the programs name themselves."""
    places = {}
    for line in said("/sbin/ldconfig", "-p").splitlines():
        name, _, path = line.strip().partition(" => ")
        places.setdefault(name.split(" ")[0], path)
    names = set()
    for program in programs:
        names.update(re.findall(r"\(NEEDED\).*\[(.+)\]", said("readelf", "--dynamic", program)))
    names = {name for name in names if not name.startswith("ld-linux")}
    if lost := sorted(names - set(places)):
        sys.exit(f"expected libraries that the system has, got {', '.join(lost)}")
    return owners(places[name] for name in names)


def compiled_in(build):
    """The packages of the headers that were read for what is no test."""
    headers, is_test = set(), False
    for line in said("ninja", "-C", build, "-t", "deps").splitlines():
        if line and not line.startswith(" "):
            is_test = line.startswith("tests/")
        elif not is_test and line.strip().startswith("/usr/"):
            headers.add(line.strip())
    return owners(headers)


def described(package):
    version, source, source_version, page = said(
        "dpkg-query", "--show",
        "--showformat=${Version}\\t${source:Package}\\t${source:Version}\\t${Homepage}",
        package).split("\t")
    if source not in LICENSES:
        sys.exit(f"expected a license of {source} in LICENSES, got none: see "
                 f"/usr/share/doc/{package}/copyright")
    return {"name": package, "version": version, "source": source, "source_version": source_version,
            "page": page, "license": LICENSES[source]}


def spdx_id(name):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def package_of(one):
    return {
        "SPDXID": spdx_id("Package-" + one["name"]),
        "name": one["name"],
        "versionInfo": one["version"],
        "supplier": "Organization: Debian",
        "downloadLocation": f"https://sources.debian.org/src/{one['source']}/{one['source_version']}/",
        **({"homepage": one["page"]} if one["page"] else {}),
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": one["license"],
        "copyrightText": "NOASSERTION",
        "comment": f"its copyright file is /usr/share/doc/{one['name']}/copyright",
        "externalRefs": [{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": f"pkg:deb/debian/{one['name']}@{one['version']}",
        }],
    }


def spdx(programs, version, libraries, headers):
    def relation(one, kind, other):
        return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}

    own = {
        "SPDXID": spdx_id("Package-recoup"),
        "name": "recoup",
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "comment": "the owner of the project has not chosen a license for it",
    }
    relations = [relation("SPDXRef-DOCUMENT", "DESCRIBES", own["SPDXID"])]
    relations += [relation(own["SPDXID"], "DYNAMIC_LINK", spdx_id("Package-" + one["name"]))
                  for one in libraries]
    # What templates and inline functions of it are in the programs.
    relations += [relation(own["SPDXID"], "STATIC_LINK", spdx_id("Package-" + one["name"]))
                  for one in headers]
    packages = {one["name"]: one for one in [*libraries, *headers]}
    digests = "".join(hashlib.sha256(Path(program).read_bytes()).hexdigest() for program in programs)
    # The same build gives the same document, whoever makes it and whenever.
    made = int(os.environ.get("SOURCE_DATE_EPOCH", max(int(os.stat(one).st_mtime) for one in programs)))
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"recoup-{version}",
        "documentNamespace": "https://recoup.invalid/spdx/"
                             + hashlib.sha256(digests.encode()).hexdigest(),
        "creationInfo": {
            "created": datetime.fromtimestamp(made, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Tool: recoup-sbom"],
        },
        "packages": [own] + [package_of(packages[name]) for name in sorted(packages)],
        "relationships": relations,
        "hasExtractedLicensingInfos": [PUBLIC_DOMAIN],
    }


def licenses(libraries, headers):
    lines = ["What the programs of Recoup are linked with (linked), and what of it was compiled into",
             "them from headers (in it). Each package has its own copyright file, by its name in",
             "/usr/share/doc.", ""]
    rows = [("linked", one) for one in libraries] + [("in it", one) for one in headers]
    for kind, one in rows:
        lines.append(f"{kind:7} {one['name']:28} {one['version']:28} {one['license']}")
    return "\n".join(lines)


def main(words):
    if len(words) < 4 or words[0] not in ("spdx", "licenses"):
        sys.exit(__doc__.split("\n\n")[1])
    what, build, version, *programs = words
    libraries = [described(name) for name in sorted(linked(programs))]
    headers = [described(name) for name in sorted(compiled_in(build))]
    if what == "spdx":
        print(json.dumps(spdx(programs, version, libraries, headers), indent=2))
    else:
        print(licenses(libraries, headers))


if __name__ == "__main__":
    main(sys.argv[1:])

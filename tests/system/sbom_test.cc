// The list of what others wrote, made from the build that is tested.

#include <regex>
#include <set>

#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/places.h"
#include "system/folder.h"

using namespace recoup::test;
using nlohmann::json;

namespace {

Finished sbom(const TempDir& dir, const std::string& what) {
  const std::filesystem::path program = recoup_binary();
  return run({"python3", SOURCE_DIR "/debian/sbom.py", what, program.parent_path().string(),
              "0.1.0", program.string()},
             dir.path().string(), {{"SOURCE_DATE_EPOCH", "1790985600"}});
}

}  // namespace

TEST_CASE("what others wrote is listed as SPDX 2.3, each library and header with its license") {
  const TempDir dir;
  const Finished made = sbom(dir, "spdx");
  INFO(made.err);
  REQUIRE(made.status == 0);
  const json document = json::parse(made.out);
  // What the specification (2.3, clauses 6 and 7) demands of a document and of each package.
  CHECK(document.at("spdxVersion") == "SPDX-2.3");
  CHECK(document.at("dataLicense") == "CC0-1.0");
  CHECK(document.at("SPDXID") == "SPDXRef-DOCUMENT");
  CHECK_FALSE(document.at("name").get<std::string>().empty());
  CHECK(document.at("documentNamespace").get<std::string>().find('#') == std::string::npos);
  CHECK(document.at("creationInfo").at("created") == "2026-10-03T00:00:00Z");
  CHECK(document.at("creationInfo").at("creators").size() == 1);
  static const std::regex kId("SPDXRef-[A-Za-z0-9.-]+");
  std::set<std::string> ids{"SPDXRef-DOCUMENT"};
  for (const json& one : document.at("packages")) {
    const auto id = one.at("SPDXID").get<std::string>();
    INFO(id);
    CHECK(std::regex_match(id, kId));
    CHECK(ids.insert(id).second);
    CHECK_FALSE(one.at("name").get<std::string>().empty());
    CHECK_FALSE(one.at("downloadLocation").get<std::string>().empty());
    CHECK(one.at("filesAnalyzed") == false);
    const bool is_own = one.at("name") == "recoup";
    CHECK((one.at("licenseDeclared") == "NOASSERTION") == is_own);
  }
  std::set<std::string> linked;
  std::set<std::string> kinds;
  for (const json& one : document.at("relationships")) {
    CHECK(ids.contains(one.at("spdxElementId")));
    CHECK(ids.contains(one.at("relatedSpdxElement")));
    kinds.insert(one.at("relationshipType"));
    if (one.at("relationshipType") == "DYNAMIC_LINK") linked.insert(one.at("relatedSpdxElement"));
  }
  CHECK(kinds == std::set<std::string>{"DESCRIBES", "DYNAMIC_LINK", "STATIC_LINK"});
  for (const char* library :
       {"libsqlite3-0", "libssl3", "libcurl4", "libc6", "zlib1g", "libgmp10"}) {
    INFO(library);
    CHECK(linked.contains(std::string("SPDXRef-Package-") + library));
  }
  CHECK(ids.contains("SPDXRef-Package-nlohmann-json3-dev"));
  CHECK_FALSE(ids.contains("SPDXRef-Package-catch2"));
  // The same build gives the same bytes.
  CHECK(sbom(dir, "spdx").out == made.out);
}

TEST_CASE("the list of licenses has every library that the program names") {
  const TempDir dir;
  const Finished made = sbom(dir, "licenses");
  INFO(made.err);
  REQUIRE(made.status == 0);
  const Finished needed =
      run({"readelf", "--wide", "--dynamic", recoup_binary()}, dir.path().string());
  static const std::regex kNeeded("\\(NEEDED\\)");
  const auto count = [](const std::string& text, const std::regex& what) {
    return std::distance(std::sregex_iterator(text.begin(), text.end(), what),
                         std::sregex_iterator());
  };
  // Two packages have two of the libraries each: OpenSSL, and the C library.
  CHECK(count(made.out, std::regex("(^|\n)linked ")) >= count(needed.out, kNeeded) - 2);
}

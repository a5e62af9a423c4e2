// No output computes a figure: what it shows of an agreement, core has computed (core/figures.h).

#include <regex>

#include "house/code_of.h"
#include "support/catch.h"

using namespace recoup::test;
namespace fs = std::filesystem;

namespace {

// What a figure is made of where it is made: counts of requests and of intervals, an uptime, a
// commitment; fractions are Ratios. Widths of a picture, times and sizes are no figures.
bool computes(const std::string& line) {
  if (line.find_first_of("/-") == line.npos && line.find("Ratio(") == line.npos) return false;
  static const std::regex patterns[] = {
      // Divided: by counts, by what may be lost or was, or a Ratio by anything.
      std::regex("[^/]/=?\\s[^/;]*\\b(requests|errors|measured|silent|missed|below_100)\\b"),
      std::regex(
          "[^/]/=?\\s*\\*?(core::)?[a-z_.>*(-]*\\b(allowed|budget|commitment|loss|lost|total)\\b"),
      std::regex("\\bRatio\\b[^;]*[^/]/=?\\s|[^/]/=?\\s*(core::)?Ratio\\b"),
      // A fraction of what is no constant: Ratio(served, requests).
      std::regex("\\bRatio\\((?!k[A-Z])[a-z_*]"),
      // What was lost, or may be: 1 - uptime, uptime - commitment.
      std::regex("\\bRatio(::whole)?\\(1(, 1)?\\) -"),
      std::regex("\\b(uptime|commitment)\\b\\)? -[^>]|- \\*?[a-z_.>()-]*\\b(uptime|commitment)\\b"),
  };
  return std::any_of(std::begin(patterns), std::end(patterns),
                     [&](const std::regex& each) { return std::regex_search(line, each); });
}

// But claim/verify, which computes a claim's figures again, to compare them.
std::vector<fs::path> outputs() {
  std::vector<fs::path> paths;
  for (const char* room : {"claim", "cli", "metrics", "report", "service", "web"}) {
    for (const fs::path& path : sources_below(std::string("src/") + room)) {
      if (path.string().find("/claim/verify/") == std::string::npos) paths.push_back(path);
    }
  }
  return paths;
}

}  // namespace

TEST_CASE("no output computes a figure") {
  REQUIRE(outputs().size() > 100);
  for (const fs::path& path : outputs()) {
    INFO(path);
    CHECK(lines_with(path, computes) == std::set<std::string>{});
  }
}

TEST_CASE("metrics divide nothing and judge nothing") {
  for (const fs::path& path : sources_below("src/metrics")) {
    INFO(path);
    const auto judges = [](const std::string& line) {
      return (!line.starts_with('#') && line.find('/') != line.npos) ||
             line.find("classify(") != line.npos || line.find("parse_outcome(") != line.npos;
    };
    CHECK(lines_with(path, judges) == std::set<std::string>{});
  }
}

TEST_CASE("a figure that an output computes is found") {
  for (const char* line :
       {"return Ratio::whole(part.requests - part.errors) / Ratio::whole(part.requests);",
        "        core::Ratio::whole(failed) / core::Ratio::whole(all);",
        "loss += part.errors * kMillion / std::max<std::uint64_t>(1, part.requests);",
        "value /= totals.measured;", "return as_double(served) / count(probe.requests);",
        "const core::Ratio served(core::Ratio(served_requests, all_requests));",
        "const Ratio loss = Ratio(1, 1) - judgement.assessment.uptime;",
        "const auto allowed = core::Ratio::whole(1) - version.commitment;",
        "return (judgement.assessment.uptime - commitment) / allowed;",
        "if (allowed > none) return burn.days.back().total / burn.allowed;",
        "auto left = s.assessment.uptime - s.version->commitment;",
        "auto left = one - judgement->assessment.uptime;"}) {
    INFO(line);
    CHECK(computes(line));
  }
  for (const char* line :
       {"(loss * Ratio(100, 1)).to_shortest(4)", "return (at - begin).count() * kPlane / length;",
        "Ratio(kPlane, 1)", "share > Ratio(25, 100)", "version->commitment_text",
        "const fs::path path = folder / name;", "judgement.version->commitment->x"}) {
    INFO(line);
    CHECK_FALSE(computes(line));
  }
}

#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>

#include "claim/case_json.h"
#include "claim/digests.h"
#include "claim/documents.h"
#include "claim/logs.h"
#include "claim/timestamps.h"
#include "claim/verify/findings.h"
#include "claim/verify/read_back.h"
#include "claim/verify/verify.h"

namespace recoup::claim {
namespace {

namespace fs = std::filesystem;
using core::Error;

// "<64 hexadecimal digits>  <name>", as sha256sum writes it.
bool parse_sum(std::string_view line, std::string& sum, std::string& name) {
  constexpr std::size_t kDigits = 64;
  if (line.size() < kDigits + 3 || line.substr(kDigits, 2) != "  ") return false;
  sum = line.substr(0, kDigits);
  name = line.substr(kDigits + 2);
  return sum.find_first_not_of("0123456789abcdef") == std::string::npos &&
         (is_stamp_file(name) ||
          (name.find('/') == std::string::npos && name != "." && name != ".."));
}

std::map<std::string, std::string> read_sums(const std::string& folder, Findings& findings) {
  std::map<std::string, std::string> sums;
  const auto read = read_lines(folder, kSums, [&](std::size_t number, std::string_view line) {
    std::string sum;
    std::string name;
    if (!parse_sum(line, sum, name)) {
      findings.differs(fmt::format("{}:{}: expected a SHA-256 and a file's name, got '{}'", kSums,
                                   number, line.substr(0, 120)));
    } else if (!sums.emplace(name, sum).second) {
      findings.differs(
          fmt::format("{}:{}: expected each file once, got '{}' again", kSums, number, name));
    }
  });
  if (!read) findings.differs(read.error());
  return sums;
}

// Whether a claim may have a file of that name beside its sums. Which of those it must have is seen
// when it is written again.
bool is_summed(const std::string& name) {
  static const std::set<std::string> kNames{
      "subject.txt", kMarkdownBody,  kPlainBody, "intervals.log", kDispute,    kPage,
      "claim.json",  "requests.log", kDigests,   kDigestKeys,     kShownDigest};
  return kNames.contains(name) || is_case_file(name) || is_stamp_file(name) ||
         (name.starts_with("requests-") && name.ends_with(".log")) ||
         (name.starts_with("digests-") && name.ends_with(".json"));
}

void check_file_list(const std::string& folder, const std::map<std::string, std::string>& sums,
                     Findings& findings) {
  findings.check("the folder holds the files of a claim and no others");
  for (const char* name : {"subject.txt", kMarkdownBody, kPlainBody, "intervals.log",
                           "requests.log", kDispute, kPage, "claim.json"}) {
    if (!sums.contains(name))
      findings.differs(fmt::format("{}: expected a line for {}", kSums, name));
  }
  for (const auto& [name, sum] : sums) {
    if (!is_summed(name)) {
      findings.differs(
          fmt::format("{}: expected the files of a claim, got '{}', which is none", kSums, name));
    }
  }
  std::error_code problem;
  const auto look = [&](const std::string& in, const std::string& before) {
    for (fs::directory_iterator at(in, problem), end; !problem && at != end;
         at.increment(problem)) {
      const std::string name = before + at->path().filename().string();
      if (name == kStampFolder && fs::is_directory(at->symlink_status())) continue;
      if (name != kSums && name != kSumsSignature && !sums.contains(name)) {
        findings.differs(fmt::format("{}: is in the folder and not in {}", name, kSums));
      }
    }
  };
  look(folder, "");
  const std::string stamps = fmt::format("{}/{}", folder, kStampFolder);
  if (!problem && fs::is_directory(fs::symlink_status(stamps))) {
    look(stamps, std::string(kStampFolder) + '/');
  }
  if (problem) findings.differs(fmt::format("{}: cannot be read: {}", folder, problem.message()));
}

void check_sums(const std::string& folder, const std::map<std::string, std::string>& sums,
                Findings& findings) {
  findings.check("every file has the SHA-256 that SHA256SUMS says");
  for (const auto& [name, sum] : sums) {
    const auto digest = digest_of(folder, name);
    if (!digest) {
      findings.differs(fmt::format("{}: {}", name, digest.error().message));
    } else if (*digest != sum) {
      findings.differs(fmt::format("{}: expected the SHA-256 {}, got {}", name, sum, *digest));
    }
  }
}

}  // namespace

core::Result<Verification> verify_claim(const std::string& folder, const Known& known,
                                        const std::string& key) {
  std::error_code problem;
  if (!fs::is_directory(folder, problem)) return Error{"expected the folder of a claim", folder};
  Verification verification;
  {
    Findings findings(verification);
    findings.check("SHA256SUMS can be read");
    const auto sums = read_sums(folder, findings);
    check_file_list(folder, sums, findings);
    check_sums(folder, sums, findings);
    check_figures(folder, known, key, findings);
  }
  return verification;
}

}  // namespace recoup::claim

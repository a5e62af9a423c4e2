#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "claim/month.h"
#include "claim/verify/verify.h"
#include "claim/write_claim.h"
#include "record/digest.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace recoup::test {

inline const std::vector<std::string> kSummed{"subject.txt",
                                              "body.md",
                                              "body.txt",
                                              "intervals.log",
                                              "requests.log",
                                              "dispute.csv",
                                              "claim.html",
                                              "create-case.json",
                                              "create-case.cli.json",
                                              "add-attachments.cli.json",
                                              "send.sh",
                                              "claim.json"};

// A written claim that a test can spoil.
class ClaimFolder {
 public:
  explicit ClaimFolder(const ClaimWorld& world) : known_(known_of(world)) {
    const auto names = claim::write_claim(world.claim(), world.reader(), path());
    if (!names) FAIL(names.error().message);
  }

  std::string path() const { return temp_.file("claim"); }
  std::string read(const std::string& name) const { return slurp(path() + '/' + name); }
  void write(const std::string& name, const std::string& text) const {
    temp_.write("claim/" + name, text);
  }

  void replace(const std::string& name, const std::string& from, const std::string& to) const {
    std::string text = read(name);
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    write(name, text.replace(at, from.size(), to));
  }

  // Makes the checksums fit again, in claim.json too, as somebody who edits a claim would.
  void sum_again(const std::vector<std::string>& summed = kSummed) const {
    std::string json = read("claim.json");
    const auto files = json.rfind("\"files\"");
    for (const std::string& name : summed) {
      const auto at = json.find('"' + name + '"', files);
      if (at == std::string::npos) continue;
      const auto sum = json.find("\"sha256\": \"", at) + 11;
      json.replace(sum, 64, record::sha256_hex(read(name)));
    }
    write("claim.json", json);
    std::string sums;
    for (const std::string& name : summed) {
      sums += fmt::format("{}  {}\n", record::sha256_hex(read(name)), name);
    }
    write("SHA256SUMS", sums);
  }

  // `ca` is as Known::ca.
  claim::Verification verify(const std::string& key = "", const std::string& ca = "") const {
    claim::Known known = known_;
    known.ca = ca;
    const auto verified = claim::verify_claim(path(), known, key);
    REQUIRE(verified.ok());
    return *verified;
  }

 private:
  TempDir temp_;
  claim::Known known_;
};

inline bool names(const claim::Verification& verification, const std::string& words) {
  return std::any_of(
      verification.differs.begin(), verification.differs.end(),
      [&](const std::string& line) { return line.find(words) != std::string::npos; });
}

// Whether it says that a thing beginning with those words is not checked.
inline bool leaves_open(const claim::Verification& verification, const std::string& words) {
  return std::any_of(verification.unchecked.begin(), verification.unchecked.end(),
                     [&](const std::string& line) { return line.starts_with(words); });
}

inline std::string joined(const claim::Verification& verification) {
  return fmt::format("{}", fmt::join(verification.differs, "\n"));
}

}  // namespace recoup::test

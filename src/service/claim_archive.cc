#include "service/claim_archive.h"

#include <fcntl.h>
#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "claim/logs.h"
#include "claim/notes.h"
#include "claim/out_file.h"
#include "claim/write_claim.h"
#include "judge/sealing.h"
#include "service/zip.h"

namespace recoup::service {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::Result;

// Scratch is a new folder that is removed with all that is in it.
class Scratch {
 public:
  static Result<Scratch> make() {
    std::error_code code;
    const fs::path base = fs::temp_directory_path(code);
    std::string name = (base / "recoup-claim-XXXXXX").string();
    if (code || mkdtemp(name.data()) == nullptr) {
      return Error{fmt::format("no folder can be made to pack the claim in: {}",
                               code ? code.message() : std::strerror(errno))};
    }
    return Scratch(name);
  }
  Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  const fs::path& path() const { return path_; }

 private:
  explicit Scratch(fs::path path) : path_(std::move(path)) {}

  fs::path path_;
};

Result<std::shared_ptr<web::OpenFile>> open_file(const fs::path& path) {
  const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) return Error{"the packed claim cannot be read"};
  return std::make_shared<web::OpenFile>(handle);
}

// The claim by the month's newest seal, where there is one.
Result<claim::Claim> claim_of(ledger::Ledger& ledger, const core::Standing& standing,
                              core::Instant now) {
  const core::Cycle& cycle = standing.assessment.cycle;
  claim::Claim claim{standing.agreement,  standing.rule,   standing.version,
                     standing.assessment, standing.credit, standing.zone};
  const auto seals = ledger.seals(standing.agreement.id);
  if (!seals) return seals.error();
  if (const record::Seal* newest = judge::newest_seal(*seals, cycle.month)) claim.seal = *newest;
  if (now < cycle.span.end + judge::kSealGrace) {
    claim.late_until = cycle.span.end + judge::kSealGrace;
  }
  return claim;
}

claim::ReadEvidence evidence_of(ledger::Ledger& ledger, const claim::Claim& claim) {
  return [&](const std::function<void(const record::Evidence&)>& each) {
    return ledger.evidence(claim.agreement.id, claim.assessment.cycle.span, each);
  };
}

}  // namespace

Result<std::vector<claim::Lack>> claim_lacks(ledger::Ledger& ledger, const core::Standing& standing,
                                             core::Instant now) {
  const auto claim = claim_of(ledger, standing, now);
  if (!claim) return claim.error();
  const auto logged = claim::count_logged(*claim, evidence_of(ledger, *claim));
  if (!logged) return logged.error();
  return claim::readiness(*claim, *logged);
}

Result<web::ClaimFiles> pack_claim(ledger::Ledger& ledger, const core::Standing& standing,
                                   const record::SealKey* key, core::Instant now) {
  const std::string root = fmt::format("claim-{}-{}", standing.agreement.id,
                                       core::to_text(standing.assessment.cycle.month));
  auto made = claim_of(ledger, standing, now);
  if (!made) return made.error();
  claim::Claim& claim = *made;
  claim.key = key;
  if (auto refusals = claim::refusals(claim); !refusals.empty()) {
    return web::ClaimFiles{root + ".zip", nullptr, std::move(refusals)};
  }
  const auto evidence = evidence_of(ledger, claim);
  const auto logged = claim::count_logged(claim, evidence);
  if (!logged) return logged.error();
  const auto lacks = claim::readiness(claim, *logged);
  if (const auto refused = claim::refusal(lacks)) {
    return web::ClaimFiles{root + ".zip", nullptr, {refused->message, refused->help}};
  }

  const auto scratch = Scratch::make();
  if (!scratch) return scratch.error();
  auto names = claim::write_claim(claim, evidence, (scratch->path() / root).string());
  // A claim that says otherwise than its seal is refused as it is written.
  if (!names) return web::ClaimFiles{root + ".zip", nullptr, {names.error().message}};
  for (std::string& name : *names) name = root + '/' + name;
  names->push_back(root + ".notes.md");
  claim::OutFile notes(scratch->path().string(), names->back());
  notes.append(claim::notes_text(claim, lacks, root));
  if (const auto written = notes.finish(); !written) return written.error();
  const fs::path packed = scratch->path() / (root + ".zip");
  if (auto done = zip_files(scratch->path().string(), *names, packed.string()); !done) {
    return Error{"the claim cannot be packed: " + done.error().message};
  }
  auto file = open_file(packed);
  if (!file) return file.error();
  return web::ClaimFiles{root + ".zip", *std::move(file), {}};
}

}  // namespace recoup::service

#include "claim/write_claim.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "claim/case_json.h"
#include "claim/digests.h"
#include "claim/documents.h"
#include "claim/logs.h"
#include "claim/out_file.h"
#include "claim/page/claim_html.h"
#include "claim/shown_claim.h"
#include "claim/timestamps.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::Result;

// Until everything else is on the disk, the sums stand under this name.
constexpr char kSumsInTheMaking[] = "SHA256SUMS.incomplete";

Result<void> expect_new_folder(const std::string& folder) {
  std::error_code problem;
  const fs::file_status status = fs::status(folder, problem);
  if (status.type() == fs::file_type::not_found) return {};
  if (problem) return Error{"cannot be read: " + problem.message(), folder};
  if (!fs::is_directory(status)) return Error{"expected a new or empty folder, got a file", folder};
  const bool empty = fs::is_empty(folder, problem);
  if (problem) return Error{"cannot be read: " + problem.message(), folder};
  if (!empty) {
    return Error{"expected a new or empty folder, got one with files in it", folder,
                 "name another folder; a claim is never overwritten"};
  }
  return {};
}

// Folder is a claim's folder while it is written: what it holds is removed again unless it is
// finished.
class Folder {
 public:
  explicit Folder(std::string path) : path_(std::move(path)) {}

  ~Folder() {
    if (finished_) return;
    std::error_code ignored;
    std::for_each(made_.rbegin(), made_.rend(),
                  [&](const std::string& name) { fs::remove(path_ + '/' + name, ignored); });
    if (new_) fs::remove(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  Result<void> make() {
    fs::path path(path_);
    if (!path.has_filename()) path = path.parent_path();  // "claims/"
    std::error_code problem;
    if (path.has_parent_path()) fs::create_directories(path.parent_path(), problem);
    // A claim names accounts and what was paid: it is its owner's alone.
    new_ = !problem && mkdir(path.c_str(), S_IRWXU) == 0;
    if (!new_ && !problem && errno != EEXIST) problem = {errno, std::generic_category()};
    if (problem) return Error{"cannot be made: " + problem.message(), path_};
    return {};
  }

  // Makes a folder in it.
  Result<void> make_part(const std::string& name) {
    const std::string path = path_ + '/' + name;
    if (mkdir(path.c_str(), S_IRWXU) != 0) {
      return Error{"cannot be made: " + std::generic_category().message(errno), path};
    }
    made_.push_back(name);
    return {};
  }

  // Begins one file; the one before it is finished.
  Result<OutFile*> begin(const std::string& name) {
    if (auto ended = end(); !ended) return ended.error();
    out_.emplace(path_, name);
    made_.push_back(name);
    return &*out_;
  }

  // Finishes the file that was begun.
  Result<void> end() {
    if (!out_) return {};
    Result<WrittenFile> file = out_->finish();
    out_.reset();
    if (!file) return file.error();
    files_.push_back(std::move(*file));
    std::stable_sort(files_.begin(), files_.end(), [](const WrittenFile& a, const WrittenFile& b) {
      return file_rank(a.name) < file_rank(b.name);
    });
    return {};
  }

  // Writes one file.
  Result<void> write(const std::string& name, const std::string& text) {
    const auto out = begin(name);
    if (!out) return out.error();
    (*out)->append(text);
    return end();
  }

  // The sums get their name last: a folder that has them is whole. `key` may be null.
  Result<std::vector<std::string>> finish(const record::SealKey* key) {
    std::string sums;
    for (const WrittenFile& file : files_) sums += fmt::format("{}  {}\n", file.sha256, file.name);
    if (const auto written = write(kSumsInTheMaking, sums); !written) return written.error();
    if (key != nullptr) {
      const auto done = write(kSumsSignature, key->sign(sums) + '\n');
      if (!done) return done.error();
    }
    std::error_code problem;
    fs::rename(path_ + '/' + kSumsInTheMaking, path_ + '/' + kSums, problem);
    if (problem)
      return Error{"cannot be renamed: " + problem.message(), path_ + '/' + kSumsInTheMaking};
    finished_ = true;
    std::vector<std::string> names;
    for (const WrittenFile& file : files_) {
      names.push_back(file.name == kSumsInTheMaking ? kSums : file.name);
    }
    return names;
  }

  const std::vector<WrittenFile>& files() const { return files_; }

 private:
  std::string path_;
  std::optional<OutFile> out_;  // that is being written
  std::vector<WrittenFile> files_;
  std::vector<std::string> made_;
  bool new_ = false;
  bool finished_ = false;
};

// A body that the support case does not take is refused.
Result<void> expect_short_enough(const std::string& body) {
  if (report::characters(body) <= kLongestBody) return {};
  return Error{fmt::format("expected a body of at most {} characters, got {}", kLongestBody,
                           report::characters(body)),
               kMarkdownBody, "shorten the terms in [agreement.terms]"};
}

// The files to attach, in their order.
std::vector<std::string> attached_of(const Claim& claim, const std::vector<WrittenFile>& logs) {
  std::vector<std::string> names;
  for (const WrittenFile& log : logs) names.push_back(log.name);
  if (!claim.digests) return names;
  for (const auto& [name, text] : digest_files(*claim.digests)) names.push_back(name);
  return names;
}

// The logs, which everything else speaks of; gives what the page shows of them.
Result<std::vector<RequestRow>> write_logs(const Claim& claim, Logged& logged,
                                           const ReadEvidence& evidence, Folder& folder) {
  const auto written = folder.write("intervals.log", intervals_log_text(claim, logged));
  if (!written) return written.error();
  const NextPart next = [&](std::size_t part) { return folder.begin(requests_log_name(part)); };
  auto first = write_requests_logs(claim, logged, evidence, next);
  if (auto ended = folder.end(); first && !ended) return ended.error();
  return first;
}

// What carries CloudTrail's signature, where there is any.
Result<void> write_digests(const Claim& claim, Folder& folder) {
  if (!claim.digests) return {};
  for (const auto& [name, text] : digest_files(*claim.digests)) {
    if (auto done = folder.write(name, text); !done) return done;
  }
  return {};
}

// What a third party signed, where there is any.
Result<void> write_stamps(const Claim& claim, Folder& folder) {
  if (!claim.stamps) return {};
  if (auto made = folder.make_part(kStampFolder); !made) return made;
  for (const auto& [name, text] : stamp_files(*claim.stamps)) {
    if (auto done = folder.write(name, text); !done) return done;
  }
  return {};
}

// What it is filed with.
Result<void> write_case_files(const std::vector<CaseFile>& files, Folder& folder) {
  for (const CaseFile& file : files) {
    const auto out = folder.begin(file.name);
    if (!out) return out.error();
    auto done = file.write([&out](std::string_view text) { (*out)->append(text); });
    if (done) done = folder.end();
    if (!done) return done;
  }
  return {};
}

Result<std::vector<std::string>> write_files(const Claim& claim, Logged& logged,
                                             const ReadEvidence& evidence,
                                             const std::string& path) {
  Folder folder(path);
  if (auto made = folder.make(); !made) return made.error();
  auto requests = write_logs(claim, logged, evidence, folder);
  if (!requests) return requests.error();
  const std::vector<std::string> attached = attached_of(claim, folder.files());
  const Body body = body_of(claim, logged, attached);
  auto done = expect_short_enough(body.markdown);
  if (done) done = expect_short_enough(body.plain);
  if (done) done = folder.write(kDispute, dispute_csv_text(claim));
  if (done) done = write_digests(claim, folder);
  if (done) done = folder.write(kMarkdownBody, body.markdown);
  if (done) done = folder.write(kPlainBody, body.plain);
  if (done) done = folder.write("subject.txt", subject_text(claim) + '\n');
  if (done) {
    const HtmlInput page{logged, *std::move(requests), folder.files()};
    done = folder.write(kPage, claim_html(claim, page).bytes());
  }
  if (done) done = write_case_files(case_files(claim, body, attached, path), folder);
  if (done) done = write_stamps(claim, folder);
  if (done) done = folder.write("claim.json", claim_json(claim, logged, folder.files()));
  if (!done) return done.error();
  return folder.finish(claim.key);
}

// Why a partial rule gives no claim; with nothing missing in it, it would be complete.
std::string partial_text(const core::Version& version) {
  return fmt::format(
      "the rule is partial: it lacks {}; state what your contract says in [agreement.terms]",
      fmt::join(version.missing, ", "));
}

bool lacks(const core::Version& version, std::string_view term) {
  const auto& missing = version.missing;
  return std::find(missing.begin(), missing.end(), term) != missing.end();
}

}  // namespace

int file_rank(std::string_view name) {
  if (name == "subject.txt") return 0;
  if (name == kMarkdownBody || name == kPlainBody) return 1;
  if (name == "intervals.log") return 2;
  if (name.ends_with(".log")) return 3;
  if (name == kDispute) return 4;
  if (name.starts_with("digest")) return 5;
  if (name == kPage) return 6;
  if (is_case_file(name) || name.starts_with(kStampFolder)) return 7;
  if (name == "claim.json") return 8;
  return name == kSumsSignature ? 10 : 9;
}

std::vector<std::string> refusals(const Claim& claim) {
  std::vector<std::string> reasons;
  const core::Version& version = *claim.version;
  const core::Assessment& a = claim.assessment;
  if (a.due) {
    std::string reason = fmt::format(
        "the credit comes by itself, and there is nothing to write: watch the bill until {}",
        core::to_text(a.due->by));
    if (a.due->disputed) {
      reason += fmt::format(", in a dispute until {}", core::to_text(*a.due->disputed));
    }
    reasons.push_back(std::move(reason));
  }
  if (!a.is_measured()) {
    reasons.push_back("no Request of the billing cycle was measured");
  } else if (a.met) {
    reasons.push_back("no breach: the Service Commitment was met");
  }
  if (!a.complete) {
    reasons.push_back(fmt::format("the billing cycle is not over: it ends at {}",
                                  core::to_text(a.cycle.span.end)));
  }
  if (version.status == core::Status::partial) reasons.push_back(partial_text(version));
  if (a.cycle.in_part && version.part_month == core::PartMonth::none) {
    reasons.push_back(
        "no full cycle: the service was used for a part of the billing cycle only, and the "
        "contract counts such a cycle as none");
  }
  if (!a.met && claim.credit.share == core::Ratio() && !lacks(version, "credits")) {
    reasons.push_back(
        "no tier: the contract names no Service Credit for this Monthly Uptime Percentage");
  }
  if (!a.met && !claim.credit.charge) {
    reasons.push_back("the charges of the billing cycle are not known: " +
                      (claim.credit.charge_error.empty()
                           ? "state them, or name a bill or a price book, in [agreement.charges]"
                           : claim.credit.charge_error));
  } else if (reasons.empty() && !claim.credit.eligible) {
    // The minimum, and whatever else core finds against it.
    reasons.push_back(claim.credit.reason);
  }
  return reasons;
}

Result<std::vector<std::string>> write_claim(const Claim& claim, const ReadEvidence& evidence,
                                             const std::string& folder) {
  if (const auto reasons = refusals(claim); !reasons.empty()) {
    return Error{fmt::format("the claim is refused: {}", fmt::join(reasons, "; "))};
  }
  if (auto holds = check_own_seal(claim); !holds) return holds.error();
  if (const auto fresh = expect_new_folder(folder); !fresh) return fresh.error();
  auto logged = count_logged(claim, evidence);
  if (!logged) return logged.error();
  return write_files(shown_claim(claim), *logged, evidence, folder);
}

}  // namespace recoup::claim

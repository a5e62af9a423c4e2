#include "cli/import_digests.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "documents/files.h"
#include "report/digest_words.h"

namespace recoup::cli {
namespace {

using Says = sources::LogSignature::Says;
using record::CheckedDigest;

constexpr std::size_t kMostKeys = std::size_t{16} << 20;  // bytes of a list
constexpr std::size_t kNamedOneByOne = 20;

documents::UnpackLimit limit_of(const ImportOptions& options) {
  return {options.max_unpacked, "--max-unpacked"};
}

// The first of them, a line each, and how many more there are.
void name_some(std::vector<std::string>& lines, const std::vector<std::string>& items) {
  for (std::size_t i = 0; i < std::min(kNamedOneByOne, items.size()); ++i) {
    lines.push_back("  " + items[i]);
  }
  if (items.size() > kNamedOneByOne) {
    lines.push_back(fmt::format("  and {} more: see --json", items.size() - kNamedOneByOne));
  }
}

// Leaves the first of them, and says how many more there are: `what` in the plural.
void cut(std::vector<core::Error>& errors, std::string_view what) {
  if (errors.size() <= kNamedOneByOne) return;
  const std::size_t more = errors.size() - kNamedOneByOne;
  errors.resize(kNamedOneByOne);
  errors.push_back(
      {fmt::format("expected none like these, got {} more {}", core::grouped(more), what), "",
       "--json names all"});
}

}  // namespace

core::Result<ImportDigests> ImportDigests::of(const ImportOptions& options) {
  record::DigestKeys keys;
  for (const std::string& file : options.keys) {
    const auto text = documents::read_file(file, kMostKeys);
    if (!text) return text.error();
    if (auto done = keys.add(*text, file); !done) return done.error();
  }
  const auto found = sources::read_digests(options.digests, limit_of(options));
  if (!found) return found.error();
  ImportDigests digests(options, std::move(keys));
  digests.check_ =
      std::make_unique<const record::DigestCheck>(record::check_digests(*found, *digests.keys_));
  digests.logs_.emplace(*digests.check_);
  return digests;
}

ImportDigests::ImportDigests(const ImportOptions& options, record::DigestKeys keys)
    : options_(options), keys_(std::make_unique<const record::DigestKeys>(std::move(keys))) {}

bool ImportDigests::admits(const documents::InputFile& file) {
  Checked one{file.name, logs_->check(file, limit_of(options_))};
  one.is_kept_out = one.signature.says == Says::changed && !options_.accept_changed;
  if (!one.signature.as_it_lies.empty()) {
    by_digest_[one.signature.as_it_lies] = sources::to_text(one.signature.says);
  }
  checked_.push_back(std::move(one));
  return !checked_.back().is_kept_out;
}

std::string ImportDigests::says_of(const std::string& digest) const {
  const auto found = by_digest_.find(digest);
  return found == by_digest_.end() ? std::string(sources::to_text(Says::unlisted)) : found->second;
}

std::vector<ImportRow> ImportDigests::rows_of_the_rest() const {
  std::vector<ImportRow> rows;
  const auto add = [&](const std::string& file, std::string_view says, const std::string& digest) {
    ImportRow row;
    row.file = file;
    row.format = sources::kTrailFormat;
    row.digest = digest;
    row.signed_as = says;
    rows.push_back(std::move(row));
  };
  for (const Checked& one : checked_) {
    if (one.is_kept_out) {
      add(one.name, sources::to_text(one.signature.says), one.signature.as_it_lies);
    }
  }
  for (const auto* log : logs_->missing()) add(log->place.key, "missing", "");
  return rows;
}

record::DigestEvidence ImportDigests::evidence() const {
  record::DigestEvidence evidence = record::digest_evidence(*check_);
  for (const Checked& one : checked_) {
    if (one.is_kept_out || one.signature.as_it_lies.empty()) continue;
    evidence.files.push_back({one.signature.as_it_lies, one.name,
                              std::string(sources::to_text(one.signature.says)),
                              one.signature.hash});
  }
  return evidence;
}

std::vector<std::string> ImportDigests::words_of_files() const {
  std::map<Says, std::vector<std::string>> files;
  for (const Checked& one : checked_) {
    const std::string& why = one.signature.why;
    files[one.signature.says].push_back(fmt::format("{}: {}{}",
                                                    sources::to_text(one.signature.says), one.name,
                                                    why.empty() ? "" : fmt::format(" ({})", why)));
  }
  std::vector<std::string> missing;
  for (const auto* log : logs_->missing()) missing.push_back("missing: " + log->place.key);
  std::vector<std::string> lines{fmt::format(
      "log files: {} signed, {} changed, {} unlisted, {} missing",
      core::grouped(files[Says::yes].size()), core::grouped(files[Says::changed].size()),
      core::grouped(files[Says::unlisted].size()), core::grouped(missing.size()))};
  // What was changed and is not imported is complained of, one by one.
  if (options_.accept_changed) name_some(lines, files[Says::changed]);
  name_some(lines, files[Says::unlisted]);
  name_some(lines, missing);
  return lines;
}

std::vector<std::string> ImportDigests::in_words() const {
  std::vector<std::string> lines;
  const std::size_t valid = check_->valid();
  lines.push_back(fmt::format("{}: {} valid", core::counted(check_->digests.size(), "digest"),
                              core::grouped(valid)));
  if (valid > 0) lines.back() += ", " + report::signed_by_words(*check_, options_.keys);
  std::vector<std::string> unproven, gaps;
  for (const CheckedDigest& one : check_->digests) {
    if (one.state == CheckedDigest::State::no_signature) {
      unproven.push_back(fmt::format("{}: {}", one.name, one.why));
    }
  }
  name_some(lines, unproven);
  for (const record::DigestGap& gap : check_->gaps) {
    gaps.push_back(fmt::format("no digest that verifies from {} to {} ({})",
                               core::to_text(gap.span.begin), core::to_text(gap.span.end),
                               gap.why));
  }
  name_some(lines, gaps);
  const auto until = check_->complete_until();
  lines.push_back(until ? "  complete until " + core::to_text(*until) + ", digest by digest"
                        : "  not complete from the first hour on");
  if (check_->silent() > 0) {
    lines.push_back(fmt::format("  {} list no file: proof that none was delivered then",
                                core::counted(check_->silent(), "valid digest")));
  }
  const auto files = words_of_files();
  lines.insert(lines.end(), files.begin(), files.end());
  if (const CheckedDigest* shown = report::shown_digest(*check_)) {
    lines.emplace_back("fetch the keys yourself to see whose they are:");
    for (const auto& command : report::fetch_keys_commands(*check_))
      lines.push_back("  " + command);
    lines.emplace_back("check one digest by hand:");
    for (const auto& command : report::by_hand_commands(*shown, shown->name)) {
      lines.push_back("  " + command);
    }
  }
  return lines;
}

std::vector<core::Error> ImportDigests::errors() const {
  std::vector<core::Error> digests, files;
  for (const CheckedDigest& one : check_->digests) {
    if (one.is_valid() || one.state == CheckedDigest::State::no_signature) continue;
    digests.push_back({"expected a digest that verifies, got one that does not: " + one.why,
                       one.name, "what it alone lists is unlisted"});
  }
  for (const Checked& one : checked_) {
    if (!one.is_kept_out) continue;
    files.push_back({"expected the file as it was signed, got a changed one: " + one.signature.why,
                     one.name, "it was not imported; --accept-changed does, and marks it"});
  }
  cut(digests, "digests that do not verify");
  cut(files, "changed files");
  digests.insert(digests.end(), files.begin(), files.end());
  return digests;
}

report::Json ImportDigests::json() const {
  report::Json json = report::digests_json(*check_);
  const CheckedDigest* shown = report::shown_digest(*check_);
  json["by_hand"] = report::Json::array();
  if (shown != nullptr) json["by_hand"] = report::by_hand_commands(*shown, shown->name);
  return json;
}

}  // namespace recoup::cli

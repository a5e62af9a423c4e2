#include "claim/digests.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "claim/logs.h"
#include "core/text.h"
#include "report/digest_words.h"

namespace recoup::claim {
namespace {

using core::Error;
using core::Result;
using record::CheckedFile;
using record::DigestEvidence;
using report::Json;

constexpr const char* kSigned = "yes";
constexpr const char* kChanged = "changed";
constexpr const char* kUnlisted = "unlisted";

std::size_t count_of(const ClaimDigests& digests, std::string_view says) {
  const auto& files = digests.evidence.files;
  return static_cast<std::size_t>(std::count_if(
      files.begin(), files.end(), [&](const CheckedFile& file) { return file.says == says; }));
}

std::string keys_text(const ClaimDigests& digests) {
  Json list = Json::array();
  for (const record::DigestKey& key : digests.checked->keys.all()) {
    list.push_back({{"Value", key.value()},
                    {"ValidityStartTime", core::to_text(key.valid().begin)},
                    {"ValidityEndTime", core::to_text(key.valid().end)},
                    {"Fingerprint", key.fingerprint()}});
  }
  return report::indented(Json{{"PublicKeyList", std::move(list)}}) + '\n';
}

// Parts makes JSON texts of entries, one after the other, each as large as a support case takes.
class Parts {
 public:
  void add(const char* list, const Json& entry) {
    const std::string text = report::indented(entry);
    // Inside the list each line begins with four blanks more.
    const auto lines = 1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    const std::size_t size = text.size() + 4 * lines + 2;
    if (!bytes_.empty() && bytes_.back() + size <= kLargestAttachment) {
      bytes_.back() += size;
    } else {
      parts_.push_back({{"digests", Json::array()}, {"files", Json::array()}});
      bytes_.push_back(kFrame + size);
    }
    parts_.back()[list].push_back(entry);
  }

  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const Json& part : parts_) all.push_back(report::indented(part) + '\n');
    return all;
  }

 private:
  static constexpr std::size_t kFrame = 100;  // more than the braces and the names of both lists
  std::vector<Json> parts_;
  std::vector<std::size_t> bytes_;  // of each, at most
};

// The content stands in it as a text: it is signed byte by byte.
std::vector<std::string> all_texts(const DigestEvidence& evidence) {
  Parts parts;
  for (const record::KeptDigest& one : evidence.digests) {
    parts.add("digests", {{"bucket", one.place.bucket},
                          {"key", one.place.key},
                          {"signature", one.signature},
                          {"content", one.content}});
  }
  for (const CheckedFile& file : evidence.files) {
    parts.add("files", {{"name", file.name},
                        {"sha256", file.digest},
                        {"content_sha256", file.hash},
                        {"signed", file.says}});
  }
  return parts.texts();
}

// A text of an object; none is a text that is no such value.
std::string text_of(const Json& object, const char* field) {
  const auto at = object.is_object() ? object.find(field) : object.end();
  return object.is_object() && at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

Result<record::KeptDigest> read_kept(const Json& one) {
  const std::string content = text_of(one, "content");
  const auto digest = record::parse_digest_file(content, kDigests);
  if (!digest) return digest.error();
  const record::ObjectPlace place{text_of(one, "bucket"), text_of(one, "key")};
  if (place != digest->place) {
    return Error{fmt::format("expected the digest of {}/{}, got that of {}/{}", place.bucket,
                             place.key, digest->place.bucket, digest->place.key),
                 kDigests};
  }
  return record::KeptDigest{place, digest->span, content, text_of(one, "signature")};
}

Result<void> read_part(const std::string& text, const std::string& name, DigestEvidence& evidence) {
  const Json json = Json::parse(text, nullptr, false);
  for (const char* list : {"digests", "files"}) {
    if (!json.is_object() || !json.contains(list) || !json[list].is_array()) {
      return Error{fmt::format("expected JSON with the array {}, got something else", list), name};
    }
  }
  for (const Json& one : json["digests"]) {
    auto kept = read_kept(one);
    if (!kept) return kept.error();
    evidence.digests.push_back(*std::move(kept));
  }
  for (const Json& one : json["files"]) {
    evidence.files.push_back({text_of(one, "sha256"), text_of(one, "name"), text_of(one, "signed"),
                              text_of(one, "content_sha256")});
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const ClaimDigests>> claim_digests(DigestEvidence evidence,
                                                          const core::Interval& cycle) {
  using Shared = std::shared_ptr<const ClaimDigests>;
  if (evidence.empty()) return Shared();
  auto checked = record::check_again(evidence);
  if (!checked) return checked.error();
  return Shared(std::make_shared<ClaimDigests>(
      ClaimDigests{cycle, std::move(evidence), *std::move(checked)}));
}

std::vector<std::pair<std::string, std::string>> digest_files(const ClaimDigests& digests) {
  std::vector<std::pair<std::string, std::string>> files;
  for (std::string& text : all_texts(digests.evidence)) {
    files.emplace_back(digests_name(files.size() + 1), std::move(text));
  }
  files.emplace_back(kDigestKeys, keys_text(digests));
  files.emplace_back(kShownDigest, digests.evidence.digests.front().content);
  return files;
}

std::string digests_name(std::size_t part) {
  return part == 1 ? kDigests : fmt::format("digests-{}.json", part);
}

Result<DigestEvidence> read_digest_files(const std::vector<std::string>& digests,
                                         const std::string& keys) {
  DigestEvidence evidence;
  record::DigestKeys listed;
  if (auto done = listed.add(keys, kDigestKeys); !done) return done.error();
  for (const record::DigestKey& key : listed.all()) {
    evidence.keys.push_back({key.value(), key.valid()});
  }
  for (std::size_t part = 0; part < digests.size(); ++part) {
    if (auto read = read_part(digests[part], digests_name(part + 1), evidence); !read) {
      return read.error();
    }
  }
  if (evidence.empty()) return Error{"expected at least one digest, got none", kDigests};
  return evidence;
}

std::string digests_text(const ClaimDigests& digests) {
  const record::DigestCheck& check = digests.checked->check;
  std::string text = fmt::format(
      "CloudTrail's log files: {} of {} that were counted are as they were {}.",
      core::grouped(count_of(digests, kSigned)), core::grouped(digests.evidence.files.size()),
      report::signed_by_words(check, {kDigestKeys}));
  core::Interval span = digests.evidence.digests.front().span;
  for (const record::KeptDigest& one : digests.evidence.digests) {
    span = {std::min(span.begin, one.span.begin), std::max(span.end, one.span.end)};
  }
  text += fmt::format(" {} of {} to {} verify", core::counted(check.valid(), "digest"),
                      core::to_text(span.begin), core::to_text(span.end));
  if (const std::size_t silent = check.silent(); silent > 0) {
    text +=
        fmt::format("; {} list no file, so that none was delivered then", core::grouped(silent));
  }
  return text + '.';
}

std::vector<std::string> not_proven(const ClaimDigests& digests) {
  std::vector<std::string> sentences;
  const auto say_time = [&sentences](core::Instant begin, core::Instant end) {
    if (end <= begin) return;
    sentences.push_back(
        fmt::format("from {} to {} no digest verifies", core::to_text(begin), core::to_text(end)));
  };
  const record::DigestCheck& check = digests.checked->check;
  for (const auto& [trail, span] : check.trails) {
    say_time(digests.cycle.begin, std::min(span.begin, digests.cycle.end));
    for (const record::DigestGap& gap : check.gaps) {
      if (gap.trail == trail) say_time(gap.span.begin, gap.span.end);
    }
    say_time(std::max(span.end, digests.cycle.begin), digests.cycle.end);
  }
  for (const CheckedFile& file : digests.evidence.files) {
    if (file.says != kChanged) continue;
    sentences.push_back(fmt::format("{} was changed since, and was counted as it is",
                                    file.name.substr(file.name.rfind('/') + 1)));
  }
  const auto say = [&](std::size_t count, std::string_view what) {
    if (count == 0) return;
    sentences.push_back(
        fmt::format("{} {} (named in {})", core::counted(count, "log file"), what, kDigests));
  };
  say(count_of(digests, kUnlisted), "of no digest that verifies");
  say(count_of(digests, ""), "not held against digests");
  return sentences;
}

std::size_t changed_files(const ClaimDigests& digests) { return count_of(digests, kChanged); }

std::vector<std::string> by_hand(const ClaimDigests& digests) {
  const std::string first = digests.evidence.digests.front().place.file_name();
  for (const record::CheckedDigest& one : digests.checked->check.digests) {
    if (one.is_valid() && one.name == first) return report::by_hand_commands(one, kShownDigest);
  }
  return {};
}

Json digests_json(const ClaimDigests& digests) {
  Json json = report::digests_json(digests.checked->check);
  json["files"] = {{"read", digests.evidence.files.size()},
                   {"signed", count_of(digests, kSigned)},
                   {"changed", changed_files(digests)},
                   {"unlisted", count_of(digests, kUnlisted)}};
  json["not_proven"] = not_proven(digests);
  json["by_hand"] = by_hand(digests);
  return json;
}

}  // namespace recoup::claim

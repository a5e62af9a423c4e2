#include "report/digest_words.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "record/base64.h"
#include "record/hex.h"

namespace recoup::report {
namespace {

using record::CheckedDigest;
using record::DigestCheck;

// As one word of a POSIX shell.
std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:+=@,";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace

std::vector<std::string> signing_fingerprints(const DigestCheck& check) {
  std::set<std::string> all;
  for (const CheckedDigest& one : check.digests) {
    if (one.key != nullptr) all.insert(one.key->fingerprint());
  }
  return {all.begin(), all.end()};
}

std::string signed_by_words(const DigestCheck& check, const std::vector<std::string>& files) {
  const auto fingerprints = signing_fingerprints(check);
  return fmt::format("signed by the keys in {} ({} {})", core::listed(files),
                     fingerprints.size() == 1 ? "fingerprint" : "fingerprints",
                     core::listed(fingerprints));
}

std::vector<std::string> fetch_keys_commands(const DigestCheck& check) {
  std::map<std::string, core::Interval> regions;
  for (const CheckedDigest& one : check.digests) {
    if (!one.is_valid()) continue;
    const core::Interval& span = one.digest.span;
    const std::string region = record::read_digest_name(one.digest.place.file_name()).home_region;
    const auto [at, is_first] = regions.emplace(region, span);
    at->second = {std::min(at->second.begin, span.begin), std::max(at->second.end, span.end)};
  }
  std::vector<std::string> commands;
  for (const auto& [region, span] : regions) {
    commands.push_back(
        fmt::format("aws cloudtrail list-public-keys --region {} --start-time {} --end-time {}",
                    shell_word(region), core::to_text(span.begin), core::to_text(span.end)));
  }
  return commands;
}

std::vector<std::string> by_hand_commands(const CheckedDigest& digest, const std::string& file) {
  const record::DigestFile& of = digest.digest;
  const std::string content =
      file.ends_with(".gz") ? "gzip -dc " + shell_word(file) : "cat " + shell_word(file);
  return {fmt::format("echo {} | openssl base64 -d -A | openssl {} -inform DER -out key.pem",
                      digest.key->value(),
                      digest.key->is_pkcs1() ? "rsa -RSAPublicKey_in -pubout" : "pkey -pubin"),
          fmt::format(
              "echo {} | openssl base64 -d -A -out digest.sig",
              record::to_base64(record::from_hex(core::lower_case(digest.signature)).value_or(""))),
          fmt::format(
              "printf '%s\\n%s\\n%s\\n%s' {} {} \"$({} | openssl dgst -sha256 -r | cut -c 1-64)\" "
              "{} | openssl dgst -sha256 -verify key.pem -signature digest.sig",
              shell_word(of.end), shell_word(of.place.bucket + '/' + of.place.key), content,
              shell_word(of.previous ? of.previous->signature : "null"))};
}

const CheckedDigest* shown_digest(const DigestCheck& check) {
  const auto found = std::find_if(check.digests.begin(), check.digests.end(),
                                  [](const CheckedDigest& one) { return one.is_valid(); });
  return found == check.digests.end() ? nullptr : &*found;
}

Json digests_json(const DigestCheck& check) {
  Json json;
  json["checked"] = check.digests.size();
  json["valid"] = check.valid();
  json["gaps"] = Json::array();
  for (const record::DigestGap& gap : check.gaps) {
    json["gaps"].push_back({{"begin", core::to_text(gap.span.begin)},
                            {"end", core::to_text(gap.span.end)},
                            {"trail", gap.trail},
                            {"why", gap.why}});
  }
  json["complete_until"] = instant_json(check.complete_until());
  json["without_files"] = check.silent();
  json["fingerprints"] = signing_fingerprints(check);
  json["not_valid"] = Json::array();
  for (const CheckedDigest& one : check.digests) {
    if (!one.is_valid()) json["not_valid"].push_back({{"file", one.name}, {"why", one.why}});
  }
  json["fetch_keys"] = fetch_keys_commands(check);
  return json;
}

}  // namespace recoup::report

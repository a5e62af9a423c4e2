#include "record/digest_files/digest_file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "record/digest.h"

namespace recoup::record {
namespace {

using core::Error;
using core::Result;
using Json = nlohmann::json;

constexpr std::string_view kDigestWord = "_CloudTrail-Digest_";
constexpr const char* kDigestAsItCame = "copy the digest again, as it lies in S3";

// DigestFields takes texts out of an object; the first that is not as expected is kept as the
// error.
class DigestFields {
 public:
  DigestFields(const std::string& name, std::string place = {})
      : name_(name), place_(std::move(place)) {}

  std::string text(const Json& object, const char* field) {
    const auto at = object.find(field);
    if (at != object.end() && at->is_string()) return at->get<std::string>();
    refuse("a text", field);
    return {};
  }

  core::Instant instant(const Json& object, const char* field) {
    const auto read = core::parse_instant(text(object, field));
    if (!read) refuse("an instant like 2026-10-03T02:00:00Z", field);
    return read ? *read : core::Instant();
  }

  void refuse(const char* what, const char* field) {
    if (error) return;
    error = Error{fmt::format("expected {} at {}/{}, got something else", what, place_, field),
                  name_, kDigestAsItCame};
  }

  void word(const Json& object, const char* field, const char* expected) {
    if (text(object, field) != expected) refuse(expected, field);
  }

  std::string hash(const Json& object, const char* field) {
    std::string found = core::lower_case(text(object, field));
    if (found.size() != 64 || found.find_first_not_of("0123456789abcdef") != std::string::npos) {
      refuse("a SHA-256 in hexadecimal digits", field);
    }
    return found;
  }

  std::optional<Error> error;

 private:
  const std::string& name_;
  std::string place_;
};

bool is_null(const Json& object, const char* field) {
  const auto at = object.find(field);
  return at == object.end() || at->is_null();
}

// "20261003T020000Z".
std::optional<core::Instant> compact_instant(std::string_view text) {
  if (text.size() != 16) return std::nullopt;
  const auto read = core::parse_instant(
      fmt::format("{}-{}-{}{}:{}:{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2),
                  text.substr(8, 3), text.substr(11, 2), text.substr(13)));
  return read ? std::optional(*read) : std::nullopt;
}

Result<std::vector<DigestFile::Log>> listed_logs(const Json& list, const std::string& name) {
  std::vector<DigestFile::Log> logs;
  for (std::size_t i = 0; i < list.size(); ++i) {
    DigestFields fields(name, fmt::format("/logFiles/{}", i));
    if (!list[i].is_object()) {
      fields.refuse("an object", "");
      return *fields.error;
    }
    DigestFile::Log log{{fields.text(list[i], "s3Bucket"), fields.text(list[i], "s3Object")},
                        fields.hash(list[i], "hashValue")};
    fields.word(list[i], "hashAlgorithm", "SHA-256");
    if (fields.error) return *fields.error;
    logs.push_back(std::move(log));
  }
  return logs;
}

}  // namespace

std::string ObjectPlace::file_name() const { return key.substr(key.rfind('/') + 1); }

std::string DigestFile::signed_text() const {
  return fmt::format("{}\n{}/{}\n{}\n{}", end, place.bucket, place.key, hash,
                     previous ? previous->signature : "null");
}

bool is_digest_name(std::string_view file_name) {
  return file_name.find(kDigestWord) != std::string_view::npos &&
         (file_name.ends_with(".json.gz") || file_name.ends_with(".json"));
}

DigestName read_digest_name(std::string_view file_name) {
  const auto without = [&](std::string_view end) {
    const bool has_it = file_name.ends_with(end);
    if (has_it) file_name.remove_suffix(end.size());
    return has_it;
  };
  without(".gz");
  without(".json");
  DigestName name;
  name.is_backfill = without("_backfill");
  const std::size_t word = file_name.find(kDigestWord);
  if (word != std::string_view::npos) {
    const std::string_view behind = file_name.substr(word + kDigestWord.size());
    name.account = file_name.substr(0, word);
    name.region = behind.substr(0, behind.find('_'));
  }
  const std::size_t last = file_name.rfind('_');
  name.trail = file_name.substr(0, last);
  name.end = compact_instant(last == std::string_view::npos ? "" : file_name.substr(last + 1));
  name.home_region = name.trail.substr(name.trail.rfind('_') + 1);
  return name;
}

Result<DigestFile> parse_digest_file(std::string_view content, const std::string& name) {
  const Json json = Json::parse(content, nullptr, false);
  if (!json.is_object()) {
    return Error{"expected a digest file, a JSON object, got something else", name,
                 kDigestAsItCame};
  }
  DigestFields fields(name);
  DigestFile digest;
  digest.place = {fields.text(json, "digestS3Bucket"), fields.text(json, "digestS3Object")};
  digest.end = fields.text(json, "digestEndTime");
  digest.span = {fields.instant(json, "digestStartTime"), fields.instant(json, "digestEndTime")};
  if (digest.span.empty()) fields.refuse("an instant behind digestStartTime", "digestEndTime");
  digest.fingerprint = core::lower_case(fields.text(json, "digestPublicKeyFingerprint"));
  fields.word(json, "digestSignatureAlgorithm", "SHA256withRSA");
  if (!is_null(json, "previousDigestSignature")) {
    digest.previous = {
        {fields.text(json, "previousDigestS3Bucket"), fields.text(json, "previousDigestS3Object")},
        fields.text(json, "previousDigestSignature")};
  }
  const auto list = json.find("logFiles");
  if (list == json.end() || !list->is_array()) fields.refuse("an array", "logFiles");
  if (fields.error) return *fields.error;
  auto logs = listed_logs(*list, name);
  if (!logs) return logs.error();
  digest.logs = *std::move(logs);
  digest.hash = sha256_hex(content);
  return digest;
}

Result<std::string> signature_of_head(std::string_view json, const std::string& name) {
  const Json head = Json::parse(json, nullptr, false);
  static const Json::json_pointer signature("/Metadata/signature");
  if (!head.is_object() || !head.contains(signature) || !head[signature].is_string()) {
    return Error{"expected JSON with Metadata.signature, got something else", name,
                 "save what `aws s3api head-object --bucket … --key …` prints of the digest"};
  }
  return head[signature].get<std::string>();
}

}  // namespace recoup::record

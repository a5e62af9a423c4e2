#include "sources/logs/signed_logs.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "documents/files.h"
#include "documents/named_files.h"
#include "documents/unpack.h"
#include "record/digest.h"

namespace recoup::sources {
namespace {

using core::Error;
using core::Result;
using documents::InputFile;

constexpr const char* kHeadEnd = ".head.json";
constexpr std::size_t kMostHead = 1 << 20;
constexpr std::size_t kMostAtOnceHashed = std::size_t{1} << 25;
constexpr std::size_t kHashedPiece = 1 << 18;

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// A file that was unpacked is called without the ending.
std::string name_without_gz(std::string_view path) {
  std::string_view name = name_of(path);
  if (name.ends_with(".gz")) name.remove_suffix(3);
  return std::string(name);
}

bool is_head(std::string_view path) { return path.ends_with(kHeadEnd); }

Result<std::string> unpacked(const InputFile& file, const documents::UnpackLimit& limit) {
  documents::Content content(file, nullptr, limit);
  std::string all;
  std::string piece(kHashedPiece, '\0');
  while (const std::size_t size = content.read(piece.data(), piece.size())) {
    all.append(piece, 0, size);
  }
  if (!content.state()) return content.state().error();
  return all;
}

// Whether what was packed first is what was signed, and something was put behind it.
bool has_more_behind(const InputFile& file, const std::string& hash, std::uint64_t most) {
  const auto bytes = documents::read_file(file.path);
  if (!bytes) return false;
  std::string_view rest = *bytes;
  const auto unpacker = documents::Unpacker::for_content(rest);
  if (!unpacker) return false;
  record::Sha256 digest;
  std::string piece(kHashedPiece, '\0');
  for (std::uint64_t made = 0; made <= most;) {
    const auto size = unpacker->run(rest, piece.data(), piece.size());
    if (!size) return false;
    made += *size;
    digest.update(std::string_view(piece).substr(0, *size));
    if (unpacker->between_members() && digest.hex() == hash) return !rest.empty();
    if (rest.empty() && *size == 0) return false;
  }
  return false;
}

Result<std::optional<std::string>> signature_beside(const std::string& path) {
  const std::string head = path + kHeadEnd;
  std::error_code ignored;
  if (!std::filesystem::exists(head, ignored)) return std::optional<std::string>();
  const auto text = documents::read_file(head, kMostHead);
  if (!text) return text.error();
  auto signature = record::signature_of_head(*text, head);
  if (!signature) return signature.error();
  return std::optional(*std::move(signature));
}

}  // namespace

bool is_of_digests(const InputFile& file) {
  return record::is_digest_name(name_of(file.path)) || is_head(file.path);
}

Result<std::vector<record::FoundDigest>> read_digests(const std::string& folder,
                                                      const documents::UnpackLimit& limit) {
  const auto files = documents::named_files(folder);
  if (!files) return files.error();
  std::vector<record::FoundDigest> found;
  for (const std::string& path : *files) {
    if (is_head(path) || !record::is_digest_name(name_of(path))) continue;
    record::FoundDigest digest{path, {}};
    if (auto content = unpacked(path, limit)) {
      digest.content = *std::move(content);
    } else {
      digest.damage = content.error().message;
    }
    auto signature = signature_beside(path);
    if (!signature) return signature.error();
    digest.signature = *std::move(signature);
    found.push_back(std::move(digest));
  }
  if (!found.empty()) return found;
  return Error{
      "expected CloudTrail's digest files, got none", folder,
      "they are called ACCOUNT_CloudTrail-Digest_REGION_TRAIL_REGION_TIME.json.gz, and lie "
      "in the trail's bucket beside the logs, in CloudTrail-Digest/"};
}

std::string_view to_text(LogSignature::Says says) {
  constexpr std::array<std::string_view, 3> kWords{"yes", "changed", "unlisted"};
  return kWords[static_cast<std::size_t>(says)];
}

SignedLogs::SignedLogs(const record::DigestCheck& digests) : whole_(kMostAtOnceHashed) {
  for (const record::CheckedDigest& digest : digests.digests) {
    for (const Log& log : digest.digest.logs) {
      const std::string name = name_without_gz(log.place.key);
      if (!digest.is_valid()) {
        unproven_.insert(name);
        continue;
      }
      by_hash_.emplace(log.hash, &log);
      by_name_.emplace(name, &log);
    }
  }
}

Result<LogSignature> SignedLogs::hashed(const InputFile& file,
                                        const documents::UnpackLimit& limit) {
  LogSignature found;
  const auto at_once = limit.most < kMostAtOnceHashed ? Result<bool>(false) : whole_.read(file);
  if (!at_once) return at_once.error();
  if (*at_once) {
    found.as_it_lies = record::sha256_hex(whole_.as_it_lies());
    found.hash = record::sha256_hex(whole_.content());
    return found;
  }
  documents::Content content(file, nullptr, limit);
  record::Sha256 digest;
  std::string piece(kHashedPiece, '\0');
  while (const std::size_t size = content.read(piece.data(), piece.size())) {
    digest.update(std::string_view(piece).substr(0, size));
  }
  if (!content.state()) return content.state().error();
  found.hash = digest.hex();
  found.as_it_lies = content.packed().digest;
  if (found.as_it_lies.empty()) found.as_it_lies = found.hash;
  return found;
}

LogSignature SignedLogs::check(const InputFile& file, const documents::UnpackLimit& limit) {
  const auto hashes = hashed(file, limit);
  LogSignature found = hashes ? *hashes : LogSignature{};
  if (hashes) {
    const auto [first, last] = by_hash_.equal_range(found.hash);
    for (auto at = first; at != last; ++at) met_.insert(at->second);
    if (first != last) {
      found.says = LogSignature::Says::yes;
      return found;
    }
  }
  const std::string name = name_without_gz(file.path);
  const auto [first, last] = by_name_.equal_range(name);
  for (auto at = first; at != last; ++at) met_.insert(at->second);
  if (first == last) {
    if (unproven_.contains(name)) found.why = "only a digest that does not verify lists it";
    return found;
  }
  if (!hashes) {
    if (::access(file.path.c_str(), R_OK) != 0) return found;
    found.why = hashes.error().message;
  }
  return unlike(file, *first->second, std::move(found), limit);
}

LogSignature SignedLogs::unlike(const InputFile& file, const Log& listed, LogSignature found,
                                const documents::UnpackLimit& limit) {
  found.says = LogSignature::Says::changed;
  if (has_more_behind(file, listed.hash, limit.most)) {
    found.why = "what was signed is there whole, with more data behind it";
  }
  if (!found.why.empty()) return found;
  found.why =
      fmt::format("the SHA-256 of its content is {}, and {} was signed", found.hash, listed.hash);
  return found;
}

std::vector<const record::DigestFile::Log*> SignedLogs::missing() const {
  std::map<record::ObjectPlace, const Log*> missing;
  for (const auto& [hash, log] : by_hash_) {
    if (!met_.contains(log)) missing.emplace(log->place, log);
  }
  std::vector<const Log*> all;
  for (const auto& [place, log] : missing) all.push_back(log);
  return all;
}

}  // namespace recoup::sources

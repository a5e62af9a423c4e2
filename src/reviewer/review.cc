#include "reviewer/review.h"

#include <memory>
#include <optional>

#include <fmt/format.h>

#include "claim/verify/verify.h"
#include "documents/files.h"
#include "record/time_token.h"
#include "rules/zones.h"

namespace recoup::reviewer {

using core::Result;

Result<std::string> read_ca(const std::string& path) {
  constexpr std::size_t kLargest = std::size_t{1024} * 1024;
  if (path.empty()) return std::string();
  auto pem = documents::read_file(path, kLargest);
  if (!pem) return core::Error{pem.error().message, path, pem.error().help};
  if (const auto count = record::count_certificates(*pem); !count) {
    return core::Error{count.error().message, path, "--ca takes what openssl ts -CAfile takes"};
  }
  return pem;
}

std::string wrong_key(std::string& text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  constexpr std::size_t kDigits = 64;
  const bool hex = text.find_first_not_of("0123456789abcdef") == std::string::npos;
  return hex && text.size() == kDigits ? "" : "expected 64 hexadecimal digits, got '" + text + "'";
}

Result<claim::Verification> review(const Review& options, const rules::Catalog& catalog) {
  claim::Known known;
  known.zone = [](const std::string& name) {
    const auto zone = rules::find_zone(name);
    return zone ? std::optional(*zone) : std::nullopt;
  };
  known.rule = [&](const std::string& id) {
    const auto file = catalog.find_rule(id);
    return file == nullptr ? nullptr : std::shared_ptr<const core::Rule>(file, &file->rule);
  };
  auto ca = read_ca(options.ca);
  if (!ca) return ca.error();
  known.ca = *std::move(ca);
  return claim::verify_claim(options.folder, known, options.key);
}

std::vector<std::string> lines_of(const claim::Verification& found, const std::string& what,
                                  const std::vector<std::string>& shows) {
  std::vector<std::string> lines;
  for (const std::string& line : found.agreed) lines.push_back("agrees   " + line);
  for (const std::string& line : found.unchecked) lines.push_back("UNKNOWN  " + line);
  for (const std::string& line : found.differs) lines.push_back("DIFFERS  " + line);
  lines.insert(lines.end(), shows.begin(), shows.end());
  lines.push_back(what + (found.ok() ? ": everything that was checked agrees"
                                     : ": does not agree with itself"));
  return lines;
}

}  // namespace recoup::reviewer

#include "config/stamp_settings.h"

#include <fmt/format.h>

#include "documents/files.h"
#include "record/time_token.h"

namespace recoup::config {
namespace {

constexpr std::size_t kLargestCa = std::size_t{1024} * 1024;

// What is wrong with the address; empty if nothing is.
std::string fault_of(const std::string& url) {
  const bool plain = url.starts_with("http://");
  if (!plain && !url.starts_with("https://"))
    return "an address that begins with http:// or https://";
  const std::string rest = url.substr(plain ? 7 : 8);
  if (rest.empty() || rest.front() == '/') return "an address with a host";
  if (rest.substr(0, rest.find('/')).find('@') != std::string::npos) {
    return "an address without a user";
  }
  if (url.find_first_of(" \t\r\n") != std::string::npos) return "an address without blanks";
  return {};
}

void read_url(const documents::Value& value, StampSettings& settings) {
  const auto url = value.text();
  if (!url) return;
  const std::string fault = fault_of(*url);
  if (!fault.empty()) {
    // What else stands there may be a password.
    return value.complain(fmt::format("expected {}, got another", fault),
                          "that of the authority's RFC 3161 service: https://freetsa.org/tsr");
  }
  settings.url = *url;
}

void read_ca(const documents::Value& value, const std::filesystem::path& folder,
             StampSettings& settings) {
  const auto name = value.text();
  if (!name) return;
  settings.ca_file = (folder / *name).string();
  auto pem = documents::read_file(settings.ca_file, kLargestCa);
  if (!pem) return value.complain(pem.error());
  if (const auto count = record::count_certificates(*pem); !count) {
    return value.complain(fmt::format("{}, in {}", count.error().message, settings.ca_file),
                          "the authority publishes the certificate that its tokens rest on; as "
                          "`openssl ts -verify -CAfile` takes it");
  }
  settings.ca = *std::move(pem);
}

void read_every(const documents::Value& value, StampSettings& settings) {
  using std::chrono::days;
  settings.every = days(1);
  const auto every = value.duration(days(1), days(7));
  if (!every) return;
  if (*every % days(1) != core::Millis(0)) {
    return value.complain(fmt::format("expected whole days, got {}", core::to_text(*every)),
                          "a token is for whole days of UTC: every = \"1d\"");
  }
  settings.every = *every;
}

}  // namespace

std::optional<StampSettings> read_stamps(const documents::Value& value,
                                         const std::filesystem::path& folder) {
  const auto table = value.table();
  if (!table) return std::nullopt;
  StampSettings settings;
  read_url(table->required("url"), settings);
  read_ca(table->required("ca"), folder, settings);
  read_every(table->optional("every"), settings);
  const auto policy_value = table->optional("policy");
  if (const auto policy = policy_value.text()) {
    settings.policy = *policy;
    if (!record::is_policy(*policy)) {
      policy_value.complain(fmt::format("expected a dotted number, got '{}'", *policy),
                            "as the authority names it: policy = \"1.2.3.4.1\"");
    }
  }
  if (settings.url.empty() || settings.ca.empty()) return std::nullopt;
  return settings;
}

}  // namespace recoup::config

// The digest authentication of Alibaba Cloud API Gateway, HmacSHA256: for APIs that customers
// publish behind it. (Its other way, an AppCode, is a header and needs no signer.)
#include <algorithm>
#include <array>
#include <map>
#include <new>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "core/text.h"
#include "record/base64.h"
#include "record/percent_encoding.h"
#include "sources/probe/signer.h"
#include "sources/probe/signers/canonical.h"
#include "sources/probe/url.h"

namespace recoup::sources::probe {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";

std::string md5_of(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr) != 1) {
    throw std::bad_alloc();
  }
  return {reinterpret_cast<const char*>(digest.data()), size};
}

// "name=value" of a query or a form, decoded, by name; the first of several of one name.
void add_parameters(std::string_view text, std::map<std::string, std::string>& parameters) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    const auto decoded = [](std::string_view part) {
      return record::percent_decoded(part, record::Plus::blank);
    };
    parameters.emplace(decoded(pair.substr(0, equals)),
                       decoded(pair.substr(std::min(equals + 1, pair.size()))));
  }
}

class AlibabaGateway final : public Signer {
 public:
  AlibabaGateway(const ProbeSettings& settings, const Credentials& credentials)
      : key_(credentials.of("ALIBABA_GATEWAY_APP_KEY")),
        secret_(credentials.of("ALIBABA_GATEWAY_APP_SECRET")) {
    const std::string type = header_of(settings, "Content-Type");
    is_form_ = type.starts_with(kForm) ||
               (type.empty() && (settings.method == "POST" || !settings.body.empty()));
    if (!settings.body.empty() && !is_form_) md5_ = record::to_base64(md5_of(settings.body));
    // libcurl names the type of a body that nobody named, and any type of answer.
    const std::string accept = header_of(settings, "Accept");
    begin_ = settings.method + '\n' + (accept.empty() ? "*/*" : accept) + '\n' + md5_ + '\n' +
             (type.empty() && is_form_ ? std::string(kForm) : type) + '\n' +
             header_of(settings, "Date") + '\n';
    end_ = resource_of(settings);
    for (const rules::Header& header : settings.headers) {
      const std::string name = core::lower_case(header.name);
      if (name.starts_with("x-ca-")) signed_[name] = header_of(settings, name);
    }
    signed_["x-ca-key"] = key_.reveal();
    signed_["x-ca-signature-method"] = "HmacSHA256";
  }

  void configure(void*, HeaderList& headers) const override {
    if (!md5_.empty()) headers.add("Content-MD5: " + md5_);
    headers.add("X-Ca-Key: " + key_.reveal());
    headers.add("X-Ca-Signature-Method: HmacSHA256");
  }

  // The gateway takes a request for fifteen minutes, and each nonce once.
  std::vector<std::string> begin(core::Instant now) override {
    const std::string timestamp = std::to_string(
        std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count());
    const std::string nonce = new_nonce();
    signed_["x-ca-timestamp"] = timestamp;
    signed_["x-ca-nonce"] = nonce;
    std::string lines;
    std::string names;
    for (const auto& [name, value] : signed_) {
      lines += name + ':' + value + '\n';
      names += (names.empty() ? "" : ",") + name;
    }
    const std::string signature =
        record::to_base64(hmac_sha256(secret_.reveal(), begin_ + lines + end_));
    return {"X-Ca-Timestamp: " + timestamp, "X-Ca-Nonce: " + nonce,
            "X-Ca-Signature-Headers: " + names, "X-Ca-Signature: " + signature};
  }

 private:
  // The path, and the parameters of query and form together, by name.
  std::string resource_of(const ProbeSettings& settings) const {
    const Url url = Url::parse(settings.url).value_or(Url{});
    std::map<std::string, std::string> parameters;
    if (!url.query.empty()) add_parameters(std::string_view(url.query).substr(1), parameters);
    if (is_form_) add_parameters(settings.body, parameters);
    std::string text = url.path;
    char before = '?';
    for (const auto& [name, value] : parameters) {
      text += before + name + (value.empty() ? "" : '=' + value);
      before = '&';
    }
    return text;
  }

  record::Secret key_;
  record::Secret secret_;
  bool is_form_ = false;
  std::string md5_;                            // of a body that is no form; or empty
  std::string begin_;                          // what is signed before the headers
  std::string end_;                            // and behind them
  std::map<std::string, std::string> signed_;  // headers, by lower-case name
};

}  // namespace

extern const SignerKind kAlibabaGateway;
const SignerKind kAlibabaGateway{
    .name = "alibaba-gateway",
    .needs = {"ALIBABA_GATEWAY_APP_KEY", "ALIBABA_GATEWAY_APP_SECRET"},
    .make = make_signer<AlibabaGateway>,
    // The gateway's error codes (alibabacloud.com, "API Gateway: Error codes" and "Invalid
    // signature"): its words stand in a header, with what it had signed behind some of them.
    // "Unauthorized" speaks of an API that the app may not call. What it says of a wrong clock or a
    // nonce that was used was not found.
    .refusals = {.names = {"Invalid AppKey*", "Invalid AppSecret*", "Invalid Signature*"},
                 .headers = {"X-Ca-Error-Message"}},
};

}  // namespace recoup::sources::probe

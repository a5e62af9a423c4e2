// Tencent Cloud's signature v3, TC3-HMAC-SHA256, of its API 3.0.
#include <fmt/format.h>

#include "record/hex.h"
#include "sources/probe/signer.h"
#include "sources/probe/signers/canonical.h"

namespace recoup::sources::probe {
namespace {

// It has to be signed, and each method has one that the API takes.
std::string content_type_of(const ProbeSettings& settings) {
  const std::string own = header_of(settings, "Content-Type");
  if (!own.empty()) return own;
  return settings.method == "POST" ? "application/json; charset=utf-8"
                                   : "application/x-www-form-urlencoded";
}

class Tc3 final : public Signer {
 public:
  Tc3(const ProbeSettings& settings, const Credentials& credentials)
      : request_(settings),
        service_(settings.sign->service),
        content_type_(content_type_of(settings)),
        names_content_type_(!header_of(settings, "Content-Type").empty()),
        key_id_(credentials.of("TENCENTCLOUD_SECRET_ID")),
        key_(credentials.of("TENCENTCLOUD_SECRET_KEY")),
        token_(credentials.of("TENCENTCLOUD_SESSION_TOKEN")) {
    request_.sign("content-type", content_type_);
    request_.sign("host", host_of(settings));
  }

  Url spelled(Url url) const override { return with_canonical_query(std::move(url)); }

  void configure(void*, HeaderList& headers) const override {
    if (!names_content_type_) headers.add("Content-Type: " + content_type_);
    if (!token_.empty()) headers.add("X-TC-Token: " + token_.reveal());
  }

  // The service takes a request for five minutes.
  std::vector<std::string> begin(core::Instant now) override {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    const std::string timestamp = std::to_string(seconds.time_since_epoch().count());
    const std::string date = core::to_text(core::Instant(seconds)).substr(0, 10);
    const std::string scope = date + '/' + service_ + "/tc3_request";
    const std::string to_sign =
        "TC3-HMAC-SHA256\n" + timestamp + '\n' + scope + '\n' + request_.digest();
    const std::string signature = record::to_hex(hmac_sha256(key_of(date), to_sign));
    return {"X-TC-Timestamp: " + timestamp,
            fmt::format("Authorization: TC3-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, "
                        "Signature={}",
                        key_id_.reveal(), scope, request_.signed_headers(), signature)};
  }

 private:
  // The key of that day for the service.
  std::string key_of(const std::string& date) const {
    const std::string of_day = hmac_sha256("TC3" + key_.reveal(), date);
    return hmac_sha256(hmac_sha256(of_day, service_), "tc3_request");
  }

  CanonicalRequest request_;
  std::string service_;
  std::string content_type_;
  bool names_content_type_;  // the probe itself
  record::Secret key_id_;
  record::Secret key_;
  record::Secret token_;  // of a role; empty for a user's own key
};

}  // namespace

extern const SignerKind kTc3;
const SignerKind kTc3{
    .name = "tc3",
    .needs = {"TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"},
    .takes = {"TENCENTCLOUD_SESSION_TOKEN"},
    .scope = {.service = true},
    .make = make_signer<Tc3>,
    // The common error codes of API 3.0 (cloud.tencent.com), which answers 200 with them.
    // AuthFailure.UnauthorizedOperation speaks of a policy.
    .refusals = {.names = {"AuthFailure.SignatureFailure", "AuthFailure.SignatureExpire",
                           "AuthFailure.SecretIdNotFound", "AuthFailure.InvalidSecretId",
                           "AuthFailure.InvalidAuthorization", "AuthFailure.TokenFailure",
                           "AuthFailure.MFAFailure"},
                 .at_every_status = true,
                 .json = {"Response.Error.Code"}},
};

}  // namespace recoup::sources::probe

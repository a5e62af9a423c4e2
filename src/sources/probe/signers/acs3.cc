// Alibaba Cloud's V3 signature, ACS3-HMAC-SHA256, of its OpenAPI ("V3 version request body &
// signature mechanism").
#include <fmt/format.h>

#include "core/text.h"
#include "record/hex.h"
#include "sources/probe/signer.h"
#include "sources/probe/signers/canonical.h"

namespace recoup::sources::probe {
namespace {

class Acs3 final : public Signer {
 public:
  Acs3(const ProbeSettings& settings, const Credentials& credentials)
      : request_(settings),
        key_id_(credentials.of("ALIBABA_CLOUD_ACCESS_KEY_ID")),
        key_secret_(credentials.of("ALIBABA_CLOUD_ACCESS_KEY_SECRET")),
        token_(credentials.of("ALIBABA_CLOUD_SECURITY_TOKEN")) {
    request_.sign("host", host_of(settings));
    request_.sign("x-acs-content-sha256", request_.body_digest());
    if (!token_.empty()) request_.sign("x-acs-security-token", token_.reveal());
    // "All headers that begin with x-acs-, host and content-type."
    for (const rules::Header& header : settings.headers) {
      const std::string name = core::lower_case(header.name);
      if (name == "content-type" || name.starts_with("x-acs-")) {
        request_.sign(name, header_of(settings, name));
      }
    }
  }

  Url spelled(Url url) const override { return with_canonical_query(std::move(url)); }

  void configure(void*, HeaderList& headers) const override {
    headers.add("x-acs-content-sha256: " + request_.body_digest());
    if (!token_.empty()) headers.add("x-acs-security-token: " + token_.reveal());
  }

  std::vector<std::string> begin(core::Instant now) override {
    const std::string date = core::to_text(std::chrono::floor<std::chrono::seconds>(now));
    const std::string nonce = new_nonce();
    request_.sign("x-acs-date", date);
    request_.sign("x-acs-signature-nonce", nonce);
    const std::string signature =
        record::to_hex(hmac_sha256(key_secret_.reveal(), "ACS3-HMAC-SHA256\n" + request_.digest()));
    return {"x-acs-date: " + date, "x-acs-signature-nonce: " + nonce,
            fmt::format("Authorization: ACS3-HMAC-SHA256 Credential={},SignedHeaders={},"
                        "Signature={}",
                        key_id_.reveal(), request_.signed_headers(), signature)};
  }

 private:
  CanonicalRequest request_;
  record::Secret key_id_;
  record::Secret key_secret_;
  record::Secret token_;  // of a role; empty for a user's own key
};

}  // namespace

extern const SignerKind kAcs3;
const SignerKind kAcs3{
    .name = "acs3",
    .needs = {"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"},
    .takes = {"ALIBABA_CLOUD_SECURITY_TOKEN"},
    .make = make_signer<Acs3>,
    // The OpenAPI's common client errors (help.aliyun.com, 434846 and 51132): a parameter that
    // lacks is "Missing" and its name. InvalidSecurityToken.Expired, .Malformed and
    // .MismatchWithAccessKey are known from others' code alone. Forbidden and NoPermission speak of
    // a policy.
    .refusals = {.names = {"SignatureDoesNotMatch", "IncompleteSignature", "SignatureNonceUsed",
                           "InvalidTimeStamp*", "IllegalTimestamp", "InvalidAccessKeyId*",
                           "MissingAccessKeyId", "InvalidSecurityToken*", "MissingSecurityToken"},
                 .json = {"Code"},
                 .xml = {"Error.Code"}},
};

}  // namespace recoup::sources::probe

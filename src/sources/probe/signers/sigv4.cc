// AWS Signature Version 4, which libcurl makes.
#include "sources/probe/signer.h"

#include <utility>

#include <curl/curl.h>

#include "sources/probe/credentials/aws.h"
#include "sources/probe/signers/canonical.h"

namespace recoup::sources::probe {
namespace {

class SigV4 final : public Signer {
 public:
  SigV4(const ProbeSettings& settings, const Credentials& credentials)
      : provider_("aws:amz:" + settings.sign->region + ':' + settings.sign->service),
        access_key_(credentials.of("AWS_ACCESS_KEY_ID")),
        secret_key_(credentials.of("AWS_SECRET_ACCESS_KEY")),
        session_token_(credentials.of("AWS_SESSION_TOKEN")) {}

  // libcurl 7.88 signs a query as it stands.
  Url spelled(Url url) const override { return with_canonical_query(std::move(url)); }

  void configure(void* easy, HeaderList& headers) const override {
    curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, provider_.c_str());
    curl_easy_setopt(easy, CURLOPT_USERNAME, access_key_.reveal().c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, secret_key_.reveal().c_str());
    if (!session_token_.empty()) headers.add("X-Amz-Security-Token: " + session_token_.reveal());
  }

  // Date and signature are libcurl's. Where a date is there already, 7.88 signs and sends two.
  std::vector<std::string> begin(core::Instant) override { return {}; }

 private:
  std::string provider_;
  record::Secret access_key_;
  record::Secret secret_key_;
  record::Secret session_token_;  // empty for a user's own key
};

}  // namespace

extern const SignerKind kSigV4;
const SignerKind kSigV4{
    .name = "sigv4",
    .needs = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"},
    .takes = {"AWS_SESSION_TOKEN"},
    .scope = {.service = true, .region = true},
    .find_elsewhere = find_aws_keys,
    .make = make_signer<SigV4>,
    // "Common errors" of the services' API references (IAM, STS, EMR, RDS: IncompleteSignature,
    // InvalidClientTokenId, MissingAuthenticationToken, RequestExpired, ExpiredTokenException), the
    // same with "Exception" as DynamoDB's and API Gateway's JSON has it, "Error responses" of S3,
    // of which the model of its API has a copy (AuthorizationHeaderMalformed, ExpiredToken,
    // InvalidAccessKeyId, InvalidSecurity, InvalidToken, RequestTimeTooSkewed,
    // SignatureDoesNotMatch, TokenRefreshRequired), EC2's AuthFailure, and the list of AWS' SDK for
    // iOS, which has nearly all. AccessDenied and AccessDeniedException are not among them: those
    // speak of a policy, by a service that took the signature. API Gateway says
    // MissingAuthenticationTokenException of a path that it does not have, too: ours as well. The
    // JSON protocols name the error in a header or as __type, the others in XML.
    .refusals = {.names = {"InvalidSignatureException", "SignatureDoesNotMatch",
                           "IncompleteSignature", "IncompleteSignatureException",
                           "AuthorizationHeaderMalformed", "AuthFailure",
                           "MissingAuthenticationToken", "MissingAuthenticationTokenException",
                           "RequestTimeTooSkewed", "RequestExpired", "ExpiredToken",
                           "ExpiredTokenException", "UnrecognizedClientException",
                           "InvalidClientTokenId", "InvalidAccessKeyId", "InvalidToken",
                           "InvalidSecurity", "TokenRefreshRequired"},
                 .headers = {"x-amzn-ErrorType"},
                 .json = {"__type", "code"},
                 .xml = {"Error.Code", "ErrorResponse.Error.Code", "Response.Errors.Error.Code"}},
};

}  // namespace recoup::sources::probe

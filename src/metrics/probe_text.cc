#include "metrics/probe_text.h"

#include <algorithm>

#include "metrics/exposition.h"

namespace recoup::metrics {
namespace {

using record::Phase;
using record::ProbeResult;

double seconds_in(const ProbeResult& result, Phase phase) {
  return std::chrono::duration<double>(result.phases[static_cast<std::size_t>(phase)]).count();
}

void one(Exposition& out, const char* name, const char* help, double value) {
  out.gauge(name, help);
  out.add({}, value);
}

void times(Exposition& out, const ProbeResult& result) {
  one(out, "probe_dns_lookup_time_seconds", "How long the name was looked up.",
      seconds_in(result, Phase::resolve));
  one(out, "probe_duration_seconds", "How long the request took, to the last byte of its answer.",
      std::chrono::duration<double>(result.duration).count());
  out.gauge("probe_http_duration_seconds", "How long the request took, by phase.");
  out.add({{"phase", "resolve"}}, seconds_in(result, Phase::resolve));
  out.add({{"phase", "connect"}}, seconds_in(result, Phase::connect));
  out.add({{"phase", "tls"}}, seconds_in(result, Phase::tls));
  // There sending is a part of it.
  out.add({{"phase", "processing"}},
          seconds_in(result, Phase::send) + seconds_in(result, Phase::wait));
  out.add({{"phase", "transfer"}}, seconds_in(result, Phase::transfer));
}

// "1.1" as a number, as it is there.
double version_number(int version) {
  switch (version) {
    case 10: return 1.0;
    case 11: return 1.1;
    case 20: return 2.0;
    case 30: return 3.0;
    default: return 0;
  }
}

bool is_of_body(const record::CheckResult& check) {
  return check.check == "body" || check.check == "matches" || check.check == "lacks" ||
         check.check.starts_with("json ");
}

void answer(Exposition& out, const ProbeResult& result, bool has_body_checks) {
  const bool failed =
      has_body_checks && result.status() != 0 &&
      std::any_of(result.checks.begin(), result.checks.end(),
                  [](const auto& check) { return check.failed() && is_of_body(check); });
  one(out, "probe_failed_due_to_regex", "Whether a check of the body failed.", failed ? 1 : 0);
  one(out, "probe_http_content_length", "The length that the answer says it has; -1: none.",
      static_cast<double>(result.content_length));
  if (result.last_modified) {
    one(out, "probe_http_last_modified_timestamp_seconds", "The answer's Last-Modified.",
        seconds(*result.last_modified));
  }
  one(out, "probe_http_redirects", "How many redirects were followed: none ever is.", 0);
  one(out, "probe_http_ssl", "Whether the answer came by TLS.",
      result.tls && result.status() != 0 ? 1 : 0);
  one(out, "probe_http_status_code", "The answer's status; 0: none came.", result.status());
  one(out, "probe_http_uncompressed_body_length", "The length of the body that came.",
      static_cast<double>(result.body_bytes));
  one(out, "probe_http_version", "The version of HTTP of the answer.",
      version_number(result.http_version));
  one(out, "probe_ip_addr_hash", "A number that is another one for another address.",
      result.ip_hash);
  one(out, "probe_ip_protocol", "Whether the address was one of IPv4 or of IPv6.",
      result.ip_protocol);
}

// "TLSv1.3" is "TLS 1.3" there.
std::string version_text(const std::string& version) {
  return version.starts_with("TLSv") ? "TLS " + version.substr(4) : version;
}

void tls(Exposition& out, const record::TlsSeen& server) {
  one(out, "probe_ssl_earliest_cert_expiry",
      "When the first of the certificates ends that the server sent.",
      seconds(server.earliest_end));
  if (server.chain_end) {
    one(out, "probe_ssl_last_chain_expiry_timestamp_seconds",
        "When the chain ends by which the server was believed.", seconds(*server.chain_end));
  }
  out.gauge("probe_ssl_last_chain_info", "The server's own certificate; always 1.");
  out.add({{"fingerprint_sha256", server.fingerprint},
           {"issuer", server.issuer},
           {"subject", server.subject},
           {"subjectalternative", server.names}},
          1);
  out.gauge("probe_tls_version_info", "The version of TLS; always 1.");
  const std::string version = version_text(server.version);
  out.add({{"version", version}}, 1);
}

}  // namespace

std::string probe_text(const ProbeResult& result, bool has_body_checks) {
  Exposition out;
  times(out, result);
  answer(out, result, has_body_checks);
  if (result.server) tls(out, *result.server);
  one(out, "probe_success",
      "Whether the answer is one that the probe expects, and holds its checks.",
      result.success() ? 1 : 0);
  return out.finish();
}

}  // namespace recoup::metrics

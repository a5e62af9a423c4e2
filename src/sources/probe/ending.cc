#include "sources/probe/ending.h"

#include <cerrno>

#include <curl/curl.h>

namespace recoup::sources::probe {
namespace {

using core::NoAnswer;

// Out of descriptors, memory or local ports: nothing that the other side could have done.
bool lacked_means(const Ending& ending) {
  if (ending.code == CURLE_OUT_OF_MEMORY) return true;
  if (ending.code != CURLE_COULDNT_CONNECT && ending.code != CURLE_COULDNT_RESOLVE_HOST &&
      ending.code != CURLE_COULDNT_RESOLVE_PROXY) {
    return false;
  }
  switch (ending.os_error) {
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOBUFS:
    case EADDRNOTAVAIL: return true;
    default: return false;
  }
}

// What time ran out for, of a request that never went out. A connection that stands and is still
// to be encrypted is one.
NoAnswer timeout_of(const Ending& ending) {
  if (!ending.resolved) return NoAnswer::dns;
  return ending.connected ? NoAnswer::timeout : NoAnswer::connect_timeout;
}

NoAnswer reason_of(int code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return NoAnswer::dns;
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
    case CURLE_PROXY: return NoAnswer::connect;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_USE_SSL_FAILED: return NoAnswer::tls;
    case CURLE_OPERATION_TIMEDOUT: return NoAnswer::timeout;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE: return NoAnswer::reset;
    default: return NoAnswer::other;
  }
}

}  // namespace

bool answered(const Ending& ending) {
  if (ending.status < 100) return false;
  return ending.code == CURLE_OK || ending.status >= 500;
}

core::Outcome without_answer(const Ending& ending) {
  if (ending.away) return core::Missed{core::NotSent::late};
  // A kept connection died after the request went out on it, and libcurl turned to a new one to
  // repeat it: what became of that is not what became of the request.
  if (ending.sendings > 0 && ending.code != CURLE_OPERATION_TIMEDOUT) {
    const NoAnswer reason = reason_of(ending.code);
    const bool repeated = ending.sendings > 1 || reason == NoAnswer::dns ||
                          reason == NoAnswer::connect || reason == NoAnswer::tls;
    return core::Failed{repeated ? NoAnswer::reset : reason};
  }
  if (lacked_means(ending)) return core::Missed{core::NotSent::resources};
  if (ending.sendings == 0 && ending.code == CURLE_OPERATION_TIMEDOUT) {
    return core::Failed{timeout_of(ending)};
  }
  return core::Failed{reason_of(ending.code)};
}

}  // namespace recoup::sources::probe

#include "sources/sdk/no_answer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/text.h"

namespace recoup::sources::sdk {
namespace {

using core::NoAnswer;

// What exceptions of SDKs and the errors of their runtimes are made of, in lower case; the first
// that occurs decides. Not all say whether a connection stood when time ran out.
constexpr std::array<std::pair<std::string_view, NoAnswer>, 31> kWords{{
    {"getaddrinfo", NoAnswer::dns},
    {"enotfound", NoAnswer::dns},
    {"eai_again", NoAnswer::dns},
    {"unknownhost", NoAnswer::dns},
    {"name resolution", NoAnswer::dns},
    {"name or service not known", NoAnswer::dns},
    {"could not resolve", NoAnswer::dns},
    {"connecttimeout", NoAnswer::connect_timeout},
    {"connect timeout", NoAnswer::connect_timeout},
    {"connect timed out", NoAnswer::connect_timeout},
    {"connect etimedout", NoAnswer::connect_timeout},
    {"timeout", NoAnswer::timeout},
    {"timedout", NoAnswer::timeout},
    {"timed out", NoAnswer::timeout},
    {"execution expired", NoAnswer::timeout},
    {"ssl", NoAnswer::tls},
    {"tls", NoAnswer::tls},
    {"certificate", NoAnswer::tls},
    {"handshake", NoAnswer::tls},
    {"refused", NoAnswer::connect},
    {"unreach", NoAnswer::connect},
    {"endpointconnection", NoAnswer::connect},
    {"proxyconnection", NoAnswer::connect},
    {"failed to open", NoAnswer::connect},
    {"could not connect", NoAnswer::connect},
    {"connection was closed", NoAnswer::reset},
    {"connectionclosed", NoAnswer::reset},
    {"reset", NoAnswer::reset},
    {"end of file", NoAnswer::reset},
    {"broken pipe", NoAnswer::reset},
    {"aborted", NoAnswer::reset},
}};

std::optional<NoAnswer> reason_in(std::string_view text) {
  const std::string lower = core::lower_case(text);
  for (const auto& [word, reason] : kWords) {
    if (lower.find(word) != std::string::npos) return reason;
  }
  return std::nullopt;
}

}  // namespace

core::NoAnswer no_answer_of(std::string_view exception, std::string_view message) {
  // JavaScript calls that a TimeoutError, and most of what goes wrong with a connection an
  // UnknownEndpoint, which says nothing.
  if (message.find("socket hang up") != std::string_view::npos) return NoAnswer::reset;
  if (const auto reason = reason_in(exception)) return *reason;
  return reason_in(message).value_or(NoAnswer::other);
}

}  // namespace recoup::sources::sdk

#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/result.h"

namespace recoup::core {

// The provider (or somebody on the way) answered with an HTTP status.
struct Answered {
  // 100 to 999; 0 where the provider's own record has a name for the error, and nobody knows which
  // status that name goes with: then there is a name.
  int status = 0;
  std::string error_name = {};  // the provider's name for the error, or empty
  // The answer lacked the provider's request id that the probe asked for: somebody on the way, a
  // proxy perhaps, may have given it.
  bool unattributed = false;
  // Another service of the provider called, on behalf of the account: not the account itself.
  bool indirect = false;
  // The call was about a key in a custom key store, which is the customer's own.
  bool key_store = false;
  // It says no to our own signature, clock or credentials, and nothing of the service behind the
  // door. It is what the contract makes of it, but never an Error (classify.h).
  bool refused = false;
  // It came later than that, the longest of the times that the agreement's contract tells answers
  // by. 0: than none of them, or nobody measured.
  std::chrono::milliseconds later_than{0};

  auto operator<=>(const Answered&) const = default;
};

// Why a request that was sent, or begun, got no answer. Our side, the way, or theirs: unknown.
enum class NoAnswer {
  dns,              // the name was not resolved
  connect,          // the connection was refused, or there is no way to its address
  tls,              // the connection stood, and its other side could not be trusted
  timeout,          // time ran out: the connection stood, or nobody knows whether it did
  reset,            // the connection broke
  other,            // nobody knows
  connect_timeout,  // time ran out before the connection stood
};
inline constexpr std::array kNoAnswers{
    NoAnswer::dns,   NoAnswer::connect,        NoAnswer::tls, NoAnswer::timeout, NoAnswer::reset,
    NoAnswer::other, NoAnswer::connect_timeout};

// Whether a reason that a contract names is this one: `timeout` is every kind of it, all that was
// known of them once.
constexpr bool is_of_reason(NoAnswer named, NoAnswer seen) {
  return named == seen || (named == NoAnswer::timeout && seen == NoAnswer::connect_timeout);
}

struct Failed {
  NoAnswer reason = NoAnswer::other;
  auto operator<=>(const Failed&) const = default;
};

// Why a probe that was due was not sent, or why nobody was there when its answer may have come:
// always our own fault.
enum class NotSent {
  late,       // the scheduler woke after the next one was due as well, or slept through the answer
  overrun,    // too many earlier requests of this probe were still in flight
  resources,  // no descriptor, memory or local port
  stopped,    // the service did not run
  suspended,  // the machine was suspended
  clock,      // the wall clock jumped over it: it was set, or a virtual machine was paused
  credentials,  // there were no credentials to sign it with, or none that are still taken
  budget,  // its agreement's requests of the billing cycle were all sent: max_requests_per_month
  // No connection for it: the other side did not take our certificate. Ledgers have it of answers
  // as well that refused what was sent, from before there was Answered::refused.
  refused,
};
inline constexpr std::array kNotSents{NotSent::late,        NotSent::overrun,   NotSent::resources,
                                      NotSent::stopped,     NotSent::suspended, NotSent::clock,
                                      NotSent::credentials, NotSent::budget,    NotSent::refused};

// How often that was, by NotSent.
using MissedCounts = std::array<std::uint64_t, kNotSents.size()>;

struct Missed {
  NotSent reason = NotSent::late;
  auto operator<=>(const Missed&) const = default;
};

// A line of a log that could not be read: it may have been a Request, of whatever outcome.
struct Unread {
  auto operator<=>(const Unread&) const = default;
};

// Outcome is what one due request came to, as seen: whether that is an Error, a served Request or
// no Request at all is the rule's to say (classify.h).
using Outcome = std::variant<Answered, Failed, Missed, Unread>;

// "200", "503/SlowDown", "503/SlowDown!unattributed", "200!indirect!key-store",
// "403/SignatureDoesNotMatch!refused", "200!later-than-10s", "unclassified/NewException",
// "timeout", "missed/late", "unread": the form that the ledger, `counts` files and metrics use.
std::string to_text(const Outcome& outcome);
std::string_view to_text(NoAnswer reason);
std::string_view to_text(NotSent reason);
Result<Outcome> parse_outcome(std::string_view text);

// An error name as it may stand in an outcome: what follows the last '#', without what follows a
// ':', other characters than letters, digits and "._-" dropped, at most 64 characters.
// "com.amazonaws.kms#KMSInternalException" is "KMSInternalException".
std::string clean_error_name(std::string_view raw);

}  // namespace recoup::core

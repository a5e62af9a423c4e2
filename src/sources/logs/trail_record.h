#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/time.h"

namespace recoup::sources {

// TrailRecord is what is looked at of one CloudTrail record. Texts live as long as the piece of
// JSON it was read from; what the record lacks is empty.
struct TrailRecord {
  core::Instant at;  // eventTime: when the request was completed, to the second
  std::string_view event_id, event_source, event_name, event_type, category, region;
  std::string_view recipient;    // recipientAccountId: whose log it is in
  std::string_view caller;       // userIdentity.accountId: who called; AWS services have none
  std::string_view caller_type;  // userIdentity.type: "AWSService"
  std::string_view invoked_by;   // the service that called on the caller's behalf
  std::string_view source_address, user_agent, error_code, request_id;
  std::string_view addendum, corrects;  // addendum.reason, addendum.originalEventID
  // The keys that the request was about, as ids or ARNs.
  std::array<std::string_view, 8> keys{};
  std::size_t key_count = 0;

  // Whether a service of the provider called, and not the account itself.
  bool is_indirect() const;
};

// "2023-07-10T11:42:36Z", the only form there is; nothing else.
bool parse_event_time(std::string_view text, core::Instant& at);

}  // namespace recoup::sources

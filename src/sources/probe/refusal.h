#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace recoup::sources::probe {

// Refusals is how a service says no to a request for its signature, its clock or its credentials:
// by its documentation, and nothing that may be said of what was asked for. A lack of permission
// (AccessDenied, UnauthorizedOperation, 403 of Google and Azure) is none of them: who asked was
// known, and the service answered.
struct Refusals {
  // Statuses that say it alone; `challenge`: with the header WWW-Authenticate beside them.
  std::vector<int> statuses = {};
  bool challenge = false;
  // Names of errors; one that ends in "*" is the beginning of several. Only in answers of 400 to
  // 499, or in those of 200, too.
  std::vector<std::string_view> names = {};
  bool at_every_status = false;
  // Where the name stands: headers, paths in JSON (rules::parse_json_path) and in XML.
  std::vector<std::string_view> headers = {};
  std::vector<std::string_view> json = {};
  std::vector<std::string_view> xml = {};
};

// Refused is such an answer.
struct Refused {
  int status = 0;                          // 0: no answer, but an alert of TLS
  std::string name = {};                   // as Refusals has it; empty: the status says it
  std::optional<core::Instant> date = {};  // the answer's Date: by their clock
};

// "403 SignatureDoesNotMatch; this machine's clock is 420 s ahead of theirs": `sent` is when, by
// ours.
std::string to_text(const Refused& refused, core::Instant sent);

// What the other side of a TLS connection said of the certificate that we show, or do not: the name
// of the alert (RFC 8446, 6.2), by libcurl's words for how a transfer ended. Empty where it said
// nothing of it.
std::string certificate_refusal(std::string_view ended);

// RefusalWatch looks, as an answer arrives, whether it is a refusal. One thread.
class RefusalWatch {
 public:
  // Begins anew; null: nothing is a refusal. `refusals` outlives the answer.
  void expect(const Refusals* refusals);

  // One line of the answer's head, a part of its body. A status line begins anew.
  void head(std::string_view line);
  void body(std::string_view bytes);

  // Nothing where it is none.
  std::optional<Refused> refused() const;

 private:
  std::string name() const;
  std::string_view listed(std::string_view name) const;

  const Refusals* refusals_ = nullptr;
  bool may_be_ = false;  // by its status
  int status_ = 0;
  bool challenged_ = false;
  std::optional<core::Instant> date_;
  std::string header_name_;
  std::string body_;
};

}  // namespace recoup::sources::probe

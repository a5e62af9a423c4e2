#include "sources/probe/refusal.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/outcome.h"
#include "core/text.h"
#include "errand/http.h"
#include "sources/probe/answer.h"
#include "sources/probe/answer_body.h"
#include "sources/probe/credentials/ask.h"

namespace recoup::sources::probe {

std::string to_text(const Refused& refused, core::Instant sent) {
  if (refused.status == 0) return "our certificate: " + refused.name;
  return fmt::format("{}{}{}", refused.status, refused.name.empty() ? "" : ' ' + refused.name,
                     clock_words(refused.date, sent));
}

std::string certificate_refusal(std::string_view ended) {
  // As OpenSSL spells those that concern a certificate; it speaks of an alert where it received
  // one.
  static constexpr std::array<std::string_view, 8> kAlerts{
      "bad certificate",     "unsupported certificate", "certificate revoked",
      "certificate expired", "certificate unknown",     "unknown ca",
      "access denied",       "certificate required"};
  constexpr std::string_view kAlert = " alert ";
  const auto at = ended.find(kAlert);
  if (at == std::string_view::npos) return {};
  const std::string_view name = ended.substr(at + kAlert.size());
  const auto known = std::find_if(kAlerts.begin(), kAlerts.end(),
                                  [&](std::string_view one) { return name.starts_with(one); });
  return known == kAlerts.end() ? "" : std::string(*known);
}

void RefusalWatch::expect(const Refusals* refusals) {
  refusals_ = refusals;
  may_be_ = false;
  status_ = 0;
  challenged_ = false;
  date_.reset();
  header_name_.clear();
  body_.clear();
}

void RefusalWatch::head(std::string_view line) {
  if (refusals_ == nullptr) return;
  if (line.starts_with("HTTP/")) {
    expect(refusals_);
    status_ = status_in(line);
    may_be_ = (status_ >= 400 && status_ < 500) || (refusals_->at_every_status && status_ == 200);
    return;
  }
  const auto colon = line.find(':');
  if (!may_be_ || colon == std::string_view::npos) return;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = core::trimmed(line.substr(colon + 1));
  if (core::equal_but_for_case(name, "WWW-Authenticate")) challenged_ = true;
  if (core::equal_but_for_case(name, "Date")) date_ = errand::date_in(std::string(value));
  for (const std::string_view header : refusals_->headers) {
    if (core::equal_but_for_case(name, header)) header_name_ = value.substr(0, Answer::kBodyKept);
  }
}

void RefusalWatch::body(std::string_view bytes) {
  if (!may_be_ || (refusals_->json.empty() && refusals_->xml.empty())) return;
  body_ += bytes.substr(0, Answer::kBodyKept - std::min(Answer::kBodyKept, body_.size()));
}

// As the list has it; empty where it is not there.
std::string_view RefusalWatch::listed(std::string_view name) const {
  for (std::string_view one : refusals_->names) {
    const bool begins = one.ends_with('*');
    if (begins) one.remove_suffix(1);
    if (begins ? name.starts_with(one) : name == one) return one;
  }
  return {};
}

// The first that is a refusal's, of all places where one may stand.
std::string RefusalWatch::name() const {
  // A header may be a sentence.
  for (const std::string& raw : {header_name_, core::clean_error_name(header_name_)}) {
    if (const auto found = listed(raw); !found.empty()) return std::string(found);
  }
  if (body_.empty()) return {};
  for (const std::string_view at : refusals_->json) {
    const auto path = rules::parse_json_path(at);
    const auto found = listed(core::clean_error_name(text_in_json(body_, *path)));
    if (!found.empty()) return std::string(found);
  }
  for (const std::string_view at : refusals_->xml) {
    const auto path = rules::parse_xml_path(at);
    const auto found = listed(core::clean_error_name(text_in_xml(body_, *path)));
    if (!found.empty()) return std::string(found);
  }
  return {};
}

std::optional<Refused> RefusalWatch::refused() const {
  if (!may_be_) return std::nullopt;
  const auto& statuses = refusals_->statuses;
  const bool by_status = std::find(statuses.begin(), statuses.end(), status_) != statuses.end() &&
                         (challenged_ || !refusals_->challenge);
  std::string name = this->name();
  if (!by_status && name.empty()) return std::nullopt;
  return Refused{status_, std::move(name), date_};
}

}  // namespace recoup::sources::probe

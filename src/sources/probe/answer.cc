#include "sources/probe/answer.h"

#include <algorithm>
#include <cctype>

#include "core/outcome.h"
#include "core/text.h"
#include "sources/probe/answer_body.h"

namespace recoup::sources::probe {
namespace {

// A request id longer than this is not one that a provider could look up.
constexpr std::size_t kLongestId = 256;

}  // namespace

int status_in(std::string_view line) {
  const auto space = line.find(' ');
  if (space == std::string_view::npos || line.size() < space + 4) return 0;
  int status = 0;
  for (const char c : line.substr(space + 1, 3)) {
    if (c < '0' || c > '9') return 0;
    status = status * 10 + (c - '0');
  }
  return status;
}

void Answer::expect(const rules::AnswerFields& fields) {
  fields_ = &fields;
  status_ = 0;
  has_request_id_ = false;
  request_id_.clear();
  error_name_.clear();
  body_.clear();
}

void Answer::head(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    expect(*fields_);
    status_ = status_in(line);
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = line.substr(0, colon);
  if (!fields_->request_id_header.empty() &&
      core::equal_but_for_case(name, fields_->request_id_header)) {
    request_id_ = core::trimmed(line.substr(colon + 1)).substr(0, kLongestId);
    has_request_id_ = true;
  }
  if (!fields_->error_name_header.empty() &&
      core::equal_but_for_case(name, fields_->error_name_header)) {
    error_name_ = core::trimmed(line.substr(colon + 1)).substr(0, kBodyKept);
  }
}

bool Answer::may_have_a_name() const { return status_ >= 400 || fields_->at_every_status; }

void Answer::body(std::string_view bytes) {
  if (!may_have_a_name() || !fields_->in_body()) return;
  body_ += bytes.substr(0, kBodyKept - std::min(kBodyKept, body_.size()));
}

std::string Answer::error_name() const {
  if (!may_have_a_name()) return {};
  if (!error_name_.empty()) return core::clean_error_name(error_name_);
  if (body_.empty()) return {};
  std::string name = text_in_json(body_, fields_->error_name_json);
  if (name.empty()) name = text_in_xml(body_, fields_->error_name_xml);
  return core::clean_error_name(name);
}

}  // namespace recoup::sources::probe

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rules/probe_keys.h"

namespace recoup::sources::probe {

// The status of a response's first line, "HTTP/1.1 503 Service Unavailable"; 0 where it has none.
int status_in(std::string_view line);

// Answer collects from one response, as it arrives, what its outcome needs: the status, the
// provider's request id and its name for the error. The body is otherwise dropped. One thread.
class Answer {
 public:
  // How much of the body of an answer that may be an error is kept to find the error's name.
  static constexpr std::size_t kBodyKept = 16 * 1024;

  // Forgets everything; `fields` says what to look for and outlives the answer.
  void expect(const rules::AnswerFields& fields);

  // One line of the response's head, with or without its line end. A status line begins anew.
  void head(std::string_view line);
  void body(std::string_view bytes);

  // 0 while there was no status line; informational ones (1xx) count until the final one came.
  int status() const { return status_; }
  const std::string& request_id() const { return request_id_; }

  // The answer lacks the request id that was asked for.
  bool unattributed() const { return !fields_->request_id_header.empty() && !has_request_id_; }

  // Cleaned (core::clean_error_name); empty where there is none, or the status is below 400 and
  // nothing says that such answers may be errors.
  std::string error_name() const;

 private:
  bool may_have_a_name() const;

  const rules::AnswerFields* fields_ = nullptr;
  int status_ = 0;
  bool has_request_id_ = false;
  std::string request_id_;
  std::string error_name_;
  std::string body_;
};

}  // namespace recoup::sources::probe

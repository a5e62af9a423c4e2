#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "record/probe_result.h"

namespace recoup::sources::probe {

// Capture keeps how one answer began, as it arrives: for whoever asks why it was none that was
// expected, and for checks. One thread.
class Capture {
 public:
  static constexpr std::size_t kHeadKept = 8 * 1024;
  static constexpr std::size_t kBodyShown = 1024;

  // Forgets everything; up to `body` bytes of the next one are kept.
  void begin(std::size_t body);

  // A line of the head, with its end; a status line begins anew.
  void head(std::string_view line);
  void body(std::string_view bytes);

  const std::string& head() const { return head_; }
  const std::string& body() const { return body_; }
  bool body_is_cut() const { return body_is_cut_; }

  // The value of the first header of that name in the head; null where it has none. Good until the
  // next call.
  const std::string* header(std::string_view name);

 private:
  std::size_t most_body_ = kBodyShown;
  std::string head_;
  std::string body_;
  bool body_is_cut_ = false;
  std::string value_;
};

// RawExchange is what was asked and answered before anything of it is replaced. What it holds
// leaves it through shown() alone.
class RawExchange {
 public:
  // Whom it is shown to: somebody who knows the settings, or anybody.
  enum class To { owner, anybody };

  record::Exchange shown(To to) const;

  // The request's first line, and a header of it, "Name: value". What is secret by itself, or by
  // its name, is never shown, in the answer neither. `query` begins with "?", or is empty.
  void ask_line(const std::string& method, const std::string& path, const std::string& query);
  void ask(const std::string& line, bool secret = false);
  void answer(const Capture& capture);
  // A secret of the request that may come back though it is in none of its headers.
  void note(const std::string& secret);

  // About what it takes in memory, in bytes.
  std::size_t size() const;

  std::string probe;
  std::string target;  // of a list; empty: the probe has none
  record::ProbeResult result;
  std::string peer;
  std::string why;

 private:
  std::string asked_;                 // its secrets replaced already
  std::vector<std::string> secrets_;  // values that may come back in an answer
  std::string head_;
  std::string body_;
  bool body_is_cut_ = false;
};

}  // namespace recoup::sources::probe

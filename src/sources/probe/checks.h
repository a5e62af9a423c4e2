#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/time.h"
#include "documents/document.h"
#include "record/probe_result.h"
#include "rules/answer_path.h"
#include "sources/probe/capture.h"

namespace recoup::sources::probe {

// Pattern is a regular expression of RE2, compiled once: it takes time in proportion to the text,
// whatever the expression and whoever wrote the text. From any thread.
class Pattern {
 public:
  // Nothing where it is none; `why` is RE2's word for it.
  static std::optional<Pattern> compile(const std::string& text, std::string& why);
  bool found_in(std::string_view text) const;
  const std::string& text() const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

// Checks are what the user wants of every answer beside the contract: what fails is shown and
// counted, and no Error is made of it.
struct Checks {
  // How much of a body is looked at.
  static constexpr std::size_t kBodyKept = 64 * 1024;

  struct OfJson {
    std::string name;  // the path as it was written
    rules::AnswerPath path;
    std::string expected;
  };
  std::vector<int> statuses;       // one of them; empty: any
  std::string body;                // somewhere in it; empty: anything
  std::optional<Pattern> matches;  // somewhere in it
  std::optional<Pattern> lacks;    // nowhere in it
  std::vector<OfJson> json;
  std::vector<std::pair<std::string, Pattern>> headers;  // by name: in its value
  std::optional<core::Millis> within;                    // the longest duration
  std::optional<core::Millis> certificate;  // for how much longer the server's must hold

  bool of_body() const { return !body.empty() || matches || lacks || !json.empty(); }
};

// Reads `check` of a probe; nothing where it does not stand. `url` is the probe's.
std::shared_ptr<const Checks> read_checks(const documents::Value& value, const std::string& url);

// What they say of a request that is over, each once, in order. `result` has the rest of it. Of one
// without an answer all but the duration fail for that.
std::vector<record::CheckResult> check_answer(const Checks& checks,
                                              const record::ProbeResult& result, Capture& answer);

// The names of the checks, in that order, with what each expects: "status", "200 or 204".
std::vector<std::pair<std::string, std::string>> listed_checks(const Checks& checks);

}  // namespace recoup::sources::probe

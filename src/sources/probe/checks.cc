#include "sources/probe/checks.h"

#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>
#include <nlohmann/json.hpp>

#include "core/text.h"

namespace recoup::sources::probe {
namespace {

using CheckedJson = nlohmann::json;

// What stands at the path: text as it is, anything else as JSON; nothing where it leads nowhere.
std::optional<std::string> at_path(const CheckedJson& root, const rules::AnswerPath& path) {
  const CheckedJson* at = &root;
  for (const auto& step : path.steps) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      const auto member = at->is_object() ? at->find(*name) : at->end();
      if (!at->is_object() || member == at->end()) return std::nullopt;
      at = &*member;
    } else {
      const std::size_t index = std::get<std::size_t>(step);
      if (!at->is_array() || index >= at->size()) return std::nullopt;
      at = &(*at)[index];
    }
  }
  if (at->is_string()) return at->get<std::string>();
  return at->dump(-1, ' ', false, CheckedJson::error_handler_t::replace);
}

std::string statuses_text(const Checks& checks) {
  std::vector<std::string> words;
  for (const int status : checks.statuses) words.push_back(std::to_string(status));
  return core::listed(words, "or");
}

// One answer under check. What a server said is not repeated in why a check failed: it may be
// confidential, and stands redacted in what came back.
class Checking {
 public:
  Checking(const Checks& checks, const record::ProbeResult& result, Capture& answer)
      : checks_(checks), result_(result), answer_(answer) {}

  std::vector<record::CheckResult> all() {
    if (!checks_.statuses.empty()) of_answer("status", status());
    if (!checks_.body.empty()) of_answer("body", body());
    if (checks_.matches) of_answer("matches", matches());
    if (checks_.lacks) of_answer("lacks", lacks());
    json();
    for (const auto& [name, pattern] : checks_.headers) {
      of_answer("header " + name, header(name, pattern));
    }
    if (checks_.within) add("within", within());
    if (checks_.certificate) add("certificate", certificate());
    return std::move(results_);
  }

 private:
  void add(std::string check, std::string why) {
    results_.push_back({std::move(check), std::move(why)});
  }

  void of_answer(std::string check, std::string why) {
    add(std::move(check), result_.status() == 0 ? "no answer came" : std::move(why));
  }

  std::string status() const {
    const auto& wanted = checks_.statuses;
    if (std::find(wanted.begin(), wanted.end(), result_.status()) != wanted.end()) return {};
    return fmt::format("the status is {}, not {}", result_.status(), statuses_text(checks_));
  }

  // Of a body that is longer than what is looked at, nobody knows what the rest holds.
  std::string not_found(std::string_view what) const {
    return fmt::format(
        "{}{}", what,
        answer_.body_is_cut() ? " in its first 64 KiB, which alone are looked at" : "");
  }

  std::string body() const {
    if (answer_.body().find(checks_.body) != std::string::npos) return {};
    return not_found("the body lacks the text");
  }
  std::string matches() const {
    return checks_.matches->found_in(answer_.body())
               ? std::string()
               : not_found("the body does not match the expression");
  }
  std::string lacks() const {
    return checks_.lacks->found_in(answer_.body()) ? "the body matches the expression"
                                                   : std::string();
  }

  void json() {
    if (checks_.json.empty()) return;
    const CheckedJson root = CheckedJson::parse(answer_.body(), nullptr, false);
    for (const Checks::OfJson& one : checks_.json) {
      std::string why;
      if (root.is_discarded()) {
        why = answer_.body_is_cut() ? "the body is longer than 64 KiB" : "the body is no JSON";
      } else if (const auto found = at_path(root, one.path); !found) {
        why = "nothing stands there";
      } else if (*found != one.expected) {
        why = "another value stands there";
      }
      of_answer("json " + one.name, why);
    }
  }

  std::string header(const std::string& name, const Pattern& pattern) {
    const std::string* value = answer_.header(name);
    if (value == nullptr) return "the answer lacks the header";
    return pattern.found_in(*value) ? "" : "its value does not match the expression";
  }

  std::string within() const {
    if (result_.duration <= *checks_.within) return {};
    return fmt::format("it took {}, longer than {}", record::millis_text(result_.duration),
                       core::to_text(*checks_.within));
  }

  std::string certificate() const {
    if (!result_.server) return "no certificate was seen";
    const core::Instant end = result_.server->earliest_end;
    if (end - result_.started >= *checks_.certificate) return {};
    return fmt::format("a certificate ends {}, in less than {}", core::to_text(end),
                       core::to_text(*checks_.certificate));
  }

  const Checks& checks_;
  const record::ProbeResult& result_;
  Capture& answer_;
  std::vector<record::CheckResult> results_;
};

}  // namespace

struct Pattern::Compiled {
  explicit Compiled(const std::string& text) : re(text, RE2::Quiet) {}
  RE2 re;
};

std::optional<Pattern> Pattern::compile(const std::string& text, std::string& why) {
  auto compiled = std::make_shared<const Compiled>(text);
  if (!compiled->re.ok()) {
    why = compiled->re.error();
    return std::nullopt;
  }
  Pattern pattern;
  pattern.compiled_ = std::move(compiled);
  return pattern;
}

bool Pattern::found_in(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), compiled_->re);
}

const std::string& Pattern::text() const { return compiled_->re.pattern(); }

std::vector<record::CheckResult> check_answer(const Checks& checks,
                                              const record::ProbeResult& result, Capture& answer) {
  return Checking(checks, result, answer).all();
}

std::vector<std::pair<std::string, std::string>> listed_checks(const Checks& checks) {
  std::vector<std::pair<std::string, std::string>> all;
  if (!checks.statuses.empty()) all.emplace_back("status", statuses_text(checks));
  if (!checks.body.empty()) all.emplace_back("body", checks.body);
  if (checks.matches) all.emplace_back("matches", checks.matches->text());
  if (checks.lacks) all.emplace_back("lacks", checks.lacks->text());
  for (const auto& one : checks.json) all.emplace_back("json " + one.name, one.expected);
  for (const auto& [name, pattern] : checks.headers) {
    all.emplace_back("header " + name, pattern.text());
  }
  if (checks.within) all.emplace_back("within", core::to_text(*checks.within));
  if (checks.certificate) all.emplace_back("certificate", core::to_text(*checks.certificate));
  return all;
}

}  // namespace recoup::sources::probe

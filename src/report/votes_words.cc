#include "report/votes_words.h"

#include <fmt/format.h>

#include "core/text.h"
#include "record/redact.h"

namespace recoup::report {
namespace {

std::string enough_words(const core::VoteRule& rule) {
  if (rule.least == 0) return "more than half of the vantage points that could tell";
  return fmt::format("at least {} of {} vantage points", rule.least, rule.of);
}

std::string from_words(const core::Votes::From& from) {
  std::string text =
      fmt::format("From {} alone: {} in {}", record::redact(from.vantage),
                  core::counted(from.errors, "Error"), core::counted(from.requests, "Request"));
  if (from.uptime) text += fmt::format(", uptime {} %", core::percent_text(*from.uptime));
  if (from.abstained == 0) return text + ".";
  text += fmt::format("; no vote on {}", core::counted(from.abstained, "interval"));
  std::vector<std::string> why;
  if (from.clock > 0) why.push_back(fmt::format("its clock was off in {}", from.clock));
  if (from.egress > 0) why.push_back(fmt::format("its way out was down in {}", from.egress));
  const std::uint64_t rest = from.abstained - from.clock - from.egress;
  if (rest > 0) why.push_back(fmt::format("it sent nothing in {}", rest));
  return text + ": " + core::listed(why, "and") + ".";
}

}  // namespace

std::string votes_sentence(const core::Votes& votes) {
  if (!votes.is_of_several() || votes.lost() == 0) return {};
  std::string text =
      fmt::format("Of {} with Errors {} {} seen from {}", core::counted(votes.lost(), "interval"),
                  votes.agreed, votes.agreed == 1 ? "was" : "were", enough_words(votes.rule));
  if (votes.outvoted > 0) text += fmt::format(", {} from fewer", votes.outvoted);
  if (votes.undecided > 0) {
    text += fmt::format(", and on {} too few could tell", votes.undecided);
  }
  return text + ".";
}

std::vector<std::string> votes_words(const core::Votes& votes) {
  std::vector<std::string> all;
  if (!votes.is_of_several()) return all;
  if (std::string sentence = votes_sentence(votes); !sentence.empty()) {
    all.push_back(std::move(sentence) + " No vote changes a figure.");
  }
  for (const core::Votes::From& from : votes.vantages) all.push_back(from_words(from));
  return all;
}

}  // namespace recoup::report

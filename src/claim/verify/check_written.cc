#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "claim/case_json.h"
#include "claim/digests.h"
#include "claim/documents.h"
#include "claim/logs.h"
#include "claim/page/claim_html.h"
#include "claim/shown_claim.h"
#include "claim/timestamps.h"
#include "claim/verify/findings.h"
#include "claim/write_claim.h"
#include "core/assess.h"
#include "core/classify.h"
#include "record/canonical.h"
#include "report/json.h"

namespace recoup::claim {
namespace {

using core::Result;
using Json = nlohmann::json;

constexpr char kEarlier[] = "before_it_was_recorded";

// The answers that claim.json lists as not counted, with why by the contract: what is an Error, or
// a sum of others, would be missing here. Of a cut list the sums stay as they are stated.
core::UncountedFailures uncounted_again(const Stated& stated) {
  core::UncountedFailures again;
  for (core::UncountedOutcome one : stated.uncounted.outcomes) {
    const core::Classified classified = core::classify(stated.terms(), one.outcome);
    if (!classified.uncounted) continue;
    one.reason = *classified.uncounted;
    one.clause = classified.clause;
    again.reasons[static_cast<std::size_t>(one.reason)] += one.count;
    again.outcomes.push_back(std::move(one));
  }
  if (again.outcomes.size() >= report::kMostUncounted) again.reasons = stated.uncounted.reasons;
  return again;
}

// The claim that claim.json is of, judged again from its counts.
Claim judged_again(const Stated& stated, const core::Zone& zone, const core::Cycle& cycle) {
  Claim claim;
  claim.agreement = stated.agreement;
  claim.rule = std::make_shared<const core::Rule>(stated.contract);
  claim.version = core::version_of(claim.rule, claim.rule->versions.front());
  // When it was judged is not stated. All that depends on it is whether the last intervals were
  // closed, and only where they were can the breach be certain by all of them.
  const core::Instant now =
      cycle.span.end + (stated.breach_certain ? core::kClosedAfter : core::Millis(0));
  claim.assessment = core::assess_runs(stated.terms(), zone, cycle, stated.counts, stated.probes,
                                       stated.agreement.exclusions, now);
  claim.assessment.unnamed = stated.unnamed;
  claim.assessment.uncounted = uncounted_again(stated);
  claim.assessment.unseen = stated.unseen;
  claim.assessment.key_store = stated.key_store;
  claim.assessment.refused = stated.refused;
  claim.assessment.unclassified = stated.unclassified;
  claim.assessment.sources = stated.sources;
  claim.assessment.overlaps = stated.overlaps;
  claim.assessment.comparisons = stated.comparisons;
  claim.robustness = stated.robustness;
  claim.credit = core::credit(stated.terms(), claim.assessment, stated.charge);
  claim.zone = zone;
  see_incidents_again(stated, now, claim);
  claim.seal = stated.seal;
  claim.late_until = stated.late_until;
  claim.signer = stated.public_key;
  claim.asked = stated.issued;
  return claim;
}

// The claim, where it is one that this program would write.
std::optional<Claim> make_again(const Stated& stated, const Known& known, Findings& findings) {
  findings.check("the contract gives this claim, by the counts of claim.json");
  const auto named = known.zone(stated.zone);
  if (!named) {
    findings.differs(
        fmt::format("claim.json: expected a time zone that is known here, got '{}'", stated.zone));
    return std::nullopt;
  }
  const core::Zone zone = core::with_cycles(*named, stated.terms(), stated.agreement);
  const core::Cycle cycle =
      core::counted_cycle(stated.terms(), core::cycle_of(stated.month, zone), stated.agreement);
  if (cycle.span != stated.cycle) {
    findings.differs(fmt::format(
        "claim.json: expected the billing cycle {} to {}, which {} is in the zone {}, got {} to {}",
        core::to_text(cycle.span.begin), core::to_text(cycle.span.end), core::to_text(stated.month),
        stated.zone, core::to_text(stated.cycle.begin), core::to_text(stated.cycle.end)));
    return std::nullopt;
  }
  const std::size_t counted = core::size_of(stated.counts.front());
  if (counted == 0 || counted != stated.intervals) {
    findings.differs(fmt::format("claim.json: expected the counts of {} intervals, got {}",
                                 stated.intervals, counted));
    return std::nullopt;
  }
  Claim claim = judged_again(stated, zone, cycle);
  if (const auto reasons = refusals(claim); !reasons.empty()) {
    findings.differs(
        fmt::format("claim.json: expected a claim that the contract gives, got one "
                    "that it does not: {}",
                    reasons.front()));
    return std::nullopt;
  }
  return claim;
}

// Where the text goes on at `from`, clipped to what a line of an answer holds.
std::string around(std::string_view text, std::size_t from) {
  constexpr std::size_t kMost = 120;
  std::string_view rest = text.substr(std::min(from, text.size()));
  rest = rest.substr(0, std::min(rest.find('\n'), kMost));
  while (!rest.empty() && (rest.front() & 0xC0) == 0x80) rest.remove_prefix(1);
  return std::string(rest);
}

// The file must be this text; the first line that is not is named.
void expect_text(const std::string& folder, const std::string& name, std::string_view expected,
                 Findings& findings) {
  constexpr std::size_t kBefore = 40;
  const auto text = read_whole(folder, name);
  if (!text) return findings.differs(text.error());
  if (*text == expected) return;
  const auto [mine, its] =
      std::mismatch(expected.begin(), expected.end(), text->begin(), text->end());
  const auto at = static_cast<std::size_t>(mine - expected.begin());
  const auto before = expected.substr(0, at);
  const auto line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const auto end = before.rfind('\n');
  const std::size_t begin = end == std::string_view::npos ? 0 : end + 1;
  const std::size_t from = std::max(begin, at - std::min(at, kBefore));
  findings.differs(fmt::format("{}:{}: expected '{}' by the figures of claim.json, got '{}'", name,
                               line, around(expected, from), around(*text, from)));
}

// The same of a file that may be too large to be made twice at once: by its digest where it is.
Result<void> expect_case_file(const std::string& folder, const CaseFile& file, Findings& findings) {
  constexpr std::size_t kMostCompared = 1'000'000;
  record::Sha256 digest;
  std::string text;
  std::uint64_t bytes = 0;
  const auto done = file.write([&](std::string_view piece) {
    digest.update(piece);
    bytes += piece.size();
    if (bytes <= kMostCompared) text += piece;
  });
  if (!done) return done;
  if (bytes <= kMostCompared) {
    expect_text(folder, file.name, text, findings);
    return {};
  }
  const auto own = digest_of(folder, file.name);
  if (!own) return own.error();
  if (*own != digest.hex()) {
    findings.differs(
        fmt::format("{}: expected what claim.json and the files beside it give, got "
                    "another text",
                    file.name));
  }
  return {};
}

Result<WrittenFile> file_of(const std::string& folder, const std::string& name) {
  const auto sum = digest_of(folder, name);
  if (!sum) return sum.error();
  std::error_code problem;
  const auto bytes = std::filesystem::file_size(folder + '/' + name, problem);
  if (problem) return core::Error{"cannot be read", name};
  return WrittenFile{name, bytes, *sum};
}

// The files of those names as they are in the folder, in a reader's order.
Result<std::vector<WrittenFile>> files_of(const std::string& folder,
                                          std::vector<std::string> names) {
  std::stable_sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    return file_rank(a) < file_rank(b);
  });
  std::vector<WrittenFile> files;
  for (const std::string& name : names) {
    auto file = file_of(folder, name);
    if (!file) return file.error();
    files.push_back(*std::move(file));
  }
  return files;
}

// The logs that the folder has, all the parts of the request log among them.
std::vector<std::string> logs_in(const std::string& folder) {
  std::vector<std::string> names{"intervals.log", requests_log_name(1)};
  std::error_code ignored;
  while (std::filesystem::exists(folder + '/' + requests_log_name(names.size()), ignored)) {
    names.push_back(requests_log_name(names.size()));
  }
  return names;
}

Logged logged_of(const Stated& stated, const std::vector<std::uint64_t>& by_interval) {
  Logged logged;
  logged.by_interval = by_interval;
  for (const std::uint64_t count : by_interval) logged.total += count;
  logged.missing = stated.without_record;
  for (const auto& [kind, count] : stated.redacted) {
    if (kind == kEarlier) {
      logged.redacted.earlier = count;
    } else {
      logged.redacted.by_kind[kind] = count;
    }
  }
  return logged;
}

// The comments that each file of the request log begins with. Its other lines are checked one by
// one.
void expect_header(const std::string& folder, std::size_t part, const std::string& header,
                   Findings& findings) {
  const std::string name = requests_log_name(part);
  const auto text = read_whole(folder, name);
  if (!text) return findings.differs(text.error());
  const bool more =
      text->find("\n#", std::min(header.size(), text->size()) - 1) != std::string::npos;
  if (!text->starts_with(header) || more) {
    findings.differs(fmt::format("{}: expected its own header and no other comment", name));
  }
}

void check_logs(const Claim& claim, const Logged& logged, const std::vector<std::string>& names,
                const std::string& folder, Findings& findings) {
  findings.check("the logs are laid out as this program does it");
  expect_text(folder, "intervals.log", intervals_log_text(claim, logged), findings);
  for (std::size_t part = 1; part < names.size(); ++part) {
    expect_header(folder, part, requests_log_header(claim, logged, part), findings);
  }
}

// Everything that is made of claim.json and the logs.
Result<void> check_documents(const Claim& claim, HtmlInput page, std::vector<std::string> names,
                             const std::string& folder, Findings& findings) {
  const Logged& logged = page.logged;
  std::vector<std::string> digests;
  if (claim.digests) {
    for (const auto& [name, text] : digest_files(*claim.digests)) {
      expect_text(folder, name, text, findings);
      digests.push_back(name);
    }
  }
  std::vector<std::string> attached = names;
  attached.insert(attached.end(), digests.begin(), digests.end());
  const Body body = body_of(claim, logged, attached);
  expect_text(folder, kMarkdownBody, body.markdown, findings);
  expect_text(folder, kPlainBody, body.plain, findings);
  expect_text(folder, "subject.txt", subject_text(claim) + '\n', findings);
  expect_text(folder, kDispute, dispute_csv_text(claim), findings);

  names.emplace_back(kDispute);
  names.insert(names.end(), digests.begin(), digests.end());
  names.insert(names.end(), {kMarkdownBody, kPlainBody, "subject.txt"});
  auto before = files_of(folder, names);
  if (!before) return before.error();
  page.files = *std::move(before);
  expect_text(folder, kPage, claim_html(claim, page).bytes(), findings);

  names.emplace_back(kPage);
  for (const CaseFile& file : case_files(claim, body, attached, folder)) {
    if (auto done = expect_case_file(folder, file, findings); !done) return done;
    names.push_back(file.name);
  }
  if (claim.stamps) {
    for (const auto& [name, text] : stamp_files(*claim.stamps)) {
      expect_text(folder, name, text, findings);
      names.push_back(name);
    }
  }
  const auto files = files_of(folder, names);
  if (!files) return files.error();
  expect_text(folder, "claim.json", claim_json(claim, logged, *files), findings);

  names.emplace_back("claim.json");
  const auto summed = files_of(folder, names);
  if (!summed) return summed.error();
  std::string sums;
  for (const WrittenFile& file : *summed) sums += fmt::format("{}  {}\n", file.sha256, file.name);
  expect_text(folder, kSums, sums, findings);
  return {};
}

// Each value of `stated` must be the one that `mine` has there, which may have more: what later
// programs say besides.
void expect_values(const Json& stated, const Json& mine, const std::string& place,
                   Findings& findings) {
  if (stated.is_object() && mine.is_object()) {
    for (const auto& [key, value] : stated.items()) {
      const auto own = mine.find(key);
      expect_values(value, own == mine.end() ? Json() : *own, place + '/' + key, findings);
    }
  } else if (stated.is_array() && mine.is_array() && stated.size() == mine.size()) {
    for (std::size_t i = 0; i < stated.size(); ++i) {
      expect_values(stated[i], mine[i], fmt::format("{}/{}", place, i), findings);
    }
  } else if (stated != mine) {
    const auto shown = [](const Json& json) {
      return around(json.dump(-1, ' ', true, Json::error_handler_t::replace), 0);
    };
    findings.differs(fmt::format("claim.json: expected {} at {} by its figures, got {}",
                                 shown(mine), place, shown(stated)));
  }
}

// A claim of an earlier form was written in other words, which are that program's own: what follows
// from the counts must be in it all the same.
Result<void> check_earlier(const Claim& claim, const Stated& stated, const Logged& logged,
                           const std::string& folder, Findings& findings) {
  findings.basis().words = false;
  findings.check("every figure of claim.json follows from its counts");
  std::vector<WrittenFile> files;
  for (const StatedFile& file : stated.files) {
    auto own = file_of(folder, file.name);
    if (!own) return own.error();
    files.push_back(*std::move(own));
  }
  const auto text = read_whole(folder, "claim.json");
  if (!text) return text.error();
  Json said = Json::parse(*text);
  said["claim"] = kClaimForm;
  expect_values(said, Json::parse(claim_json(claim, logged, files)), "", findings);

  findings.check("subject and body have the subject, the uptime and the amount of claim.json");
  expect_text(folder, "subject.txt", subject_text(claim) + '\n', findings);
  for (const char* name : {kMarkdownBody, kPlainBody}) {
    const auto body = read_whole(folder, name);
    if (!body) return body.error();
    for (const std::string& figure :
         {stated.uptime_percent, stated.amount, stated.agreement.account}) {
      if (body->find(figure) == std::string::npos) {
        findings.differs(
            fmt::format("{}: expected '{}' by the figures of claim.json, got none", name, figure));
      }
    }
  }
  findings.unchecked(
      fmt::format("the words of body, page, logs and case: the claim is of the form {}, which an "
                  "earlier recoup wrote, and this one writes {}; claim.json has the figures",
                  stated.form, kClaimForm));
  return {};
}

// A file that speaks of a seal beside a claim.json without one: somebody took it away.
void expect_no_seal(const std::string& folder, Findings& findings) {
  for (const char* name : {kMarkdownBody, kPlainBody, kPage}) {
    const auto text = read_whole(folder, name);
    if (text && text->find(kSealedWords) != std::string::npos) {
      findings.differs(fmt::format("{}: shows a seal, and claim.json has none", name));
    }
  }
}

// What was sealed by a digest alone, made again.
void check_sealed_digests(const Claim& claim, const Stated& stated, Findings& findings) {
  const record::Seal& seal = *stated.seal;
  findings.check(
      fmt::format("the counts and the charge are those that revision {} sealed", seal.revision));
  // Words that are replaced in the seal are replaced in the assessment too.
  if (!stated.withheld && record::sha256_hex(record::canonical_assessment(claim.assessment)) !=
                              seal.assessment_sha256) {
    findings.differs(fmt::format(
        "claim.json: expected the counts that revision {} sealed, got others", seal.revision));
  }
  if (stated.charge_withheld) {
    findings.unchecked(
        "the digest of the charge: words or digits that it was made over are not shown in "
        "claim.json; its amount is the sealed one");
  } else if (charge_withheld(claim)) {
    findings.differs(fmt::format(
        "claim.json: expected the charge that revision {} sealed, got another", seal.revision));
  }
}

// The lines of a charge add up to it; amounts may be cut after twelve digits.
void check_charge_lines(const core::Charge& charge, Findings& findings) {
  if (charge.lines.empty()) return;
  findings.check("the lines of the charge add up to it");
  const core::Ratio digit = core::Ratio(1, 1'000'000'000'000);
  core::Ratio sum;
  for (const core::ChargeLine& line : charge.lines) sum = sum + line.amount;
  const core::Ratio off = core::Ratio::whole(charge.lines.size()) * digit;
  if (sum <= charge.amount.amount + off && charge.amount.amount <= sum + off) return;
  findings.differs(fmt::format("claim.json: expected lines that add up to the charge of {}, got {}",
                               core::exact_text(charge.amount.amount), core::exact_text(sum)));
}

std::string named(const std::string& what, const std::string& name) {
  return name.empty() ? "no " + what : what + ' ' + name;
}

// What somebody who has this program could have made up, every file with it.
void say_unchecked(const Stated& stated, Findings& findings) {
  const core::Charge& charge = stated.charge;
  findings.unchecked(
      "what was measured: the counts of each interval, answers of 5xx that are not counted, the "
      "probes due, and time, status, request "
      "id, duration and detail of each failed request are the claimant's; the provider's own logs "
      "can tell");
  if (!stated.robustness.strikes.empty()) {
    findings.unchecked(
        "that the tier stands without any one source: what each source counted is not in the "
        "folder, and the figures without it are the claimant's; whoever has the ledger can tell: "
        "recoup assess");
  }
  if (stated.robustness.votes && stated.robustness.votes->lost() > 0) {
    findings.unchecked(
        "from how many vantage points the loss was seen: what each of them counted is not in the "
        "folder; whoever has the ledger can tell: recoup assess");
  }
  findings.unchecked(
      fmt::format("for whom: the agreement {}, {} and {}, from when until when the "
                  "service was used, and the time zone of the billing cycle",
                  stated.agreement.id, named("account", stated.agreement.account),
                  named("region", stated.agreement.region)));
  findings.unchecked(fmt::format("the charge of {}, its lines and remarks: the bill can tell",
                                 core::to_text(charge.amount)));
  findings.unchecked(
      fmt::format("the exclusions, {} in all: the files cannot show whether others belong there",
                  stated.agreement.exclusions.size()));
  say_incidents_unchecked(stated, findings);
}

}  // namespace

void check_written(const std::string& folder, const Stated& stated, const Known& known,
                   const LogsRead& logs, Findings& findings) {
  say_unchecked(stated, findings);
  findings.check("no file shows a seal that claim.json has not");
  if (!stated.seal) expect_no_seal(folder, findings);
  check_charge_lines(stated.charge, findings);
  const auto digests = check_digests(folder, stated, findings);
  const auto stamps = check_timestamps(folder, stated, known, findings);
  auto claim = make_again(stated, known, findings);
  findings.check({});
  if (!findings.ok() || !claim) {
    return findings.unchecked(
        "the words of every file: they are held against the figures where these agree");
  }
  claim->digests = digests;
  claim->stamps = stamps;
  if (stated.seal) check_sealed_digests(*claim, stated, findings);
  const Logged logged = logged_of(stated, logs.by_interval);
  if (stated.form < kClaimForm) {
    if (auto done = check_earlier(*claim, stated, logged, folder, findings); !done) {
      findings.differs(done.error());
    }
    return;
  }
  std::vector<std::string> names = logs_in(folder);
  check_logs(*claim, logged, names, folder, findings);
  findings.check("every other file is, byte for byte, what claim.json and the logs give");
  if (auto done =
          check_documents(*claim, {logged, logs.first, {}}, std::move(names), folder, findings);
      !done) {
    findings.differs(done.error());
  }
}

}  // namespace recoup::claim

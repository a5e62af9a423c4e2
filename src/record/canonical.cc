#include "record/canonical.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace recoup::record {
namespace {

std::string money_text(const core::Money& money) {
  return canonical_fraction(money.amount) + ' ' + money.currency;
}

// The lines in the order of their text, which no order of arrival can change.
void append_sorted(std::string& text, std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  for (const std::string& line : lines) text += line;
}

// The sums by minute and outcome, as lines; outcomes in the order of their text.
void append_sums(std::string& text, const core::Tallies& tallies) {
  std::vector<std::string> names;
  for (const core::Outcome& outcome : tallies.outcomes()) names.push_back(to_text(outcome));
  std::vector<core::Tallies::Row> rows = tallies.rows();
  const auto place = [&](const core::Tallies::Row& row) {
    return std::pair<core::Minute, std::string_view>(row.minute, names[row.outcome]);
  };
  std::sort(rows.begin(), rows.end(),
            [&](const auto& a, const auto& b) { return place(a) < place(b); });
  for (auto at = rows.begin(); at != rows.end();) {
    std::uint64_t sum = 0;
    const core::Tallies::Row& first = *at;
    for (; at != rows.end() && place(*at) == place(first); ++at) sum += at->count;
    if (sum == 0) continue;
    fmt::format_to(std::back_inserter(text), "{} {} {}\n",
                   core::to_text(core::Instant(first.minute)), names[first.outcome], sum);
  }
}

void append_gaps(std::string& text, const core::Tallies& tallies) {
  std::vector<core::Gap> gaps = tallies.gaps();
  std::erase_if(gaps, [](const core::Gap& gap) { return gap.span.empty(); });
  const auto place = [](const core::Gap& gap) {
    return std::tuple(gap.span.begin, gap.span.end, gap.every, gap.reason, gap.targets);
  };
  std::sort(gaps.begin(), gaps.end(),
            [&](const core::Gap& a, const core::Gap& b) { return place(a) < place(b); });
  for (const core::Gap& gap : gaps) {
    fmt::format_to(std::back_inserter(text), "gap {} {} {}", core::to_text(gap.span.begin),
                   core::to_text(gap.span.end), gap.every.count());
    // A gap without a word is one of a service that did not run.
    if (gap.reason != core::NotSent::stopped) text.append(" ").append(to_text(gap.reason));
    // And one without their number is of one target.
    if (gap.targets != 1) fmt::format_to(std::back_inserter(text), " x{}", gap.targets);
    text += '\n';
  }
}

void append_unseen(std::string& text, const core::Tallies& tallies) {
  std::vector<std::string> lines;
  for (const core::Unseen& one : tallies.unseen()) {
    lines.push_back(fmt::format("unseen {} {} {}\n", core::to_text(one.span.begin),
                                core::to_text(one.span.end), canonical_words(one.why)));
  }
  append_sorted(text, std::move(lines));
}

// What was counted of each resource by itself, where sources name theirs.
void append_resources(std::string& text, const core::Tallies& tallies) {
  std::vector<std::string> names = tallies.resources();
  std::sort(names.begin(), names.end());
  if (names.size() < 2) return;
  for (const std::string& name : names) {
    const core::Tallies own = tallies.only([&](const std::string& of) { return of == name; });
    if (own.rows().empty() && own.gaps().empty() && own.unseen().empty()) continue;
    text += fmt::format("of {}\n", canonical_words(name));
    append_sums(text, own);
    append_gaps(text, own);
    append_unseen(text, own);
  }
}

void append_below_100(std::string& text, const core::Assessment& a, const core::Intervals& parts) {
  for (const auto& [i, part] : parts) {
    if (!part.below_100()) continue;
    fmt::format_to(std::back_inserter(text), "below {} {} {} {} {} {}\n",
                   core::to_text(a.interval_at(i).begin), part.requests, part.errors,
                   part.not_requests, part.unattributed, part.missed);
  }
}

void append_exclusions(std::string& text, const core::Assessment& a) {
  std::vector<std::string> lines;
  for (const auto& [window, without] : a.exclusions) {
    lines.push_back(fmt::format("exclusion {} {} {} {}\n", core::to_text(window.span.begin),
                                core::to_text(window.span.end), canonical_fraction(without),
                                canonical_words(window.reason)));
  }
  append_sorted(text, std::move(lines));
}

// What few cycles have leaves no line where there is none of it.
void append_asides(std::string& text, const core::Assessment& a) {
  if (a.indirect) {
    fmt::format_to(std::back_inserter(text), "indirect {} {} {} {}\n", a.indirect->requests,
                   a.indirect->errors, canonical_truth(a.indirect->counted),
                   canonical_fraction(a.indirect->uptime_otherwise));
  }
  if (a.key_store > 0) fmt::format_to(std::back_inserter(text), "key-store {}\n", a.key_store);
  if (a.refused.all > 0) {
    fmt::format_to(std::back_inserter(text), "refused {} {} {}\n", a.refused.all, a.refused.served,
                   a.refused.left_out);
  }
  if (a.totals.unseen > 0) {
    fmt::format_to(std::back_inserter(text), "unseen {}\n", a.totals.unseen);
  }
  if (a.totals.unread > 0) {
    fmt::format_to(std::back_inserter(text), "unread {}\n", a.totals.unread);
  }
  for (const core::ResourceShare& one : a.resources) {
    fmt::format_to(std::back_inserter(text), "resource {} {} {} {} {}\n", one.totals.requests,
                   one.totals.errors, one.totals.missed, one.totals.below_100,
                   canonical_words(one.name));
    append_below_100(text, a, one.parts);
  }
  if (a.unnamed > 0) fmt::format_to(std::back_inserter(text), "unnamed {}\n", a.unnamed);
}

}  // namespace

std::string canonical_fraction(const core::Ratio& ratio) {
  return ratio.numerator() + '/' + ratio.denominator();
}

std::string canonical_words(std::string_view text) {
  return fmt::format("{}:{}", text.size(), text);
}

std::string canonical_tallies(const core::Tallies& tallies) {
  std::string text = "recoup tallies 1\n";
  append_sums(text, tallies);
  append_gaps(text, tallies);
  append_unseen(text, tallies);
  append_resources(text, tallies);
  return text + fmt::format("sent {}\n", tallies.sent());
}

std::string canonical_assessment(const core::Assessment& a) {
  const core::Totals& t = a.totals;
  const auto& missed = a.probes.missed;
  std::string text = fmt::format(
      "recoup assessment 1\n"
      "cycle {} {} {} {}\n"
      "interval {}\n"
      "uptime {}\nlower {}\nupper {}\n"
      "met {}\ntier {}\n"
      "intervals {} {} {} {} {}\n"
      "requests {} {} {} {} {} {}\n"
      "probes {} {} {} {} {}\n",
      core::to_text(a.cycle.month), core::to_text(a.cycle.span.begin),
      core::to_text(a.cycle.span.end), a.cycle.in_part ? "part" : "whole", a.interval.count(),
      canonical_fraction(a.uptime), canonical_fraction(a.lower), canonical_fraction(a.upper),
      canonical_truth(a.met), a.tier ? std::to_string(*a.tier + 1) : "none", t.measured, t.silent,
      t.excluded, t.ahead, t.below_100, t.requests, t.errors, t.errors_below_100, t.not_requests,
      t.unattributed, t.missed, a.probes.sent, missed[0], missed[1], missed[2], missed[3]);
  append_below_100(text, a, a.parts);
  append_exclusions(text, a);
  append_asides(text, a);
  return text;
}

std::string canonical_charge(const std::optional<core::Charge>& charge) {
  if (!charge) return "recoup charge 1\nunknown\n";
  std::string text = fmt::format("recoup charge 1\namount {}\nfrom {}\nnote {}\nfinal {}\n",
                                 money_text(charge->amount), canonical_words(charge->from),
                                 canonical_words(charge->note), canonical_truth(charge->final));
  std::vector<std::string> lines;
  for (const core::ChargeLine& line : charge->lines) {
    lines.push_back(fmt::format("line {} {} {}\n", canonical_fraction(line.amount),
                                canonical_words(line.item), canonical_words(line.calculation)));
  }
  append_sorted(text, std::move(lines));
  lines.clear();
  for (const std::string& remark : charge->remarks) {
    lines.push_back(fmt::format("remark {}\n", canonical_words(remark)));
  }
  append_sorted(text, std::move(lines));
  lines.clear();
  for (const core::OtherFigure& other : charge->others) {
    lines.push_back(
        fmt::format("other {} {}\n", money_text(other.amount), canonical_words(other.from)));
  }
  append_sorted(text, std::move(lines));
  return text;
}

void append_canonical(std::string& text, const Evidence& e) {
  fmt::format_to(std::back_inserter(text), "{} {} {} {} {}:{} {}:{} {}:{}\n",
                 e.at.time_since_epoch().count(), e.tie, to_text(e.outcome), e.duration.count(),
                 e.request_id.size(), e.request_id, e.peer.size(), e.peer, e.detail.size(),
                 e.detail);
}

EvidenceDigest::EvidenceDigest() { digest_.update("recoup evidence 1\n"); }

void EvidenceDigest::add(const Evidence& evidence) {
  if (evidence.at != at_) flush();
  at_ = evidence.at;
  ++count_;
  append_canonical(lines_.emplace_back(), evidence);
}

std::string EvidenceDigest::hex() {
  flush();
  return digest_.hex();
}

void EvidenceDigest::flush() {
  std::sort(lines_.begin(), lines_.end());
  for (const std::string& line : lines_) digest_.update(line);
  lines_.clear();
}

}  // namespace recoup::record

#include <map>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/figures.h"
#include "core/text.h"
#include "report/html_text.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

using core::Ratio;

std::string decimal(const Ratio& value) {
  return core::grouped(value.to_decimal(12, core::Rounding::cut));
}

// "100 &times; (N &minus; S) / N": a formula of FormulaWords with the signs of print.
std::string typeset(std::string formula) {
  const auto replace = [&](std::string_view from, std::string_view to) {
    for (auto at = formula.find(from); at != std::string::npos; at = formula.find(from, at + 1)) {
      formula.replace(at, from.size(), to);
    }
  };
  replace(" x ", " × ");
  replace(" - ", " − ");
  return formula;
}

Html formula_line(const Html& html) { return report::paragraph(html, "formula"); }

// The sum of errors/requests, term by term where equal ones leave few of them.
std::string terms_of(const core::Assessment& a) {
  constexpr std::size_t kMostTerms = 12;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> terms;
  for (const core::IntervalRun& run : a.parts.runs()) {
    if (run.part.below_100()) terms[{run.part.errors, run.part.requests}] += run.count;
    if (terms.size() > kMostTerms) {
      return fmt::format("the sum of Errors / Requests over {} listed below",
                         core::counted(a.totals.below_100, "interval"));
    }
  }
  std::string text;
  for (const auto& [fraction, times] : terms) {
    if (!text.empty()) text += " + ";
    if (times > 1) text += fmt::format("{} × ", core::grouped(times));
    text += fmt::format("{}/{}", core::grouped(fraction.first), core::grouped(fraction.second));
  }
  return text;
}

Html result_line(const report::FormulaWords& words, const core::UptimeTerms& terms,
                 const Ratio& uptime) {
  const bool whole = terms.lost.denominator() == "1";
  return formula_line(Html("Monthly Uptime Percentage = {} = 100 × ({} − {}) / {} = <b>{} %</b>",
                           typeset(words.uptime), core::grouped(terms.all.to_shortest(0)),
                           whole ? core::grouped(terms.lost.to_shortest(0)) : decimal(terms.lost),
                           core::grouped(terms.all.to_shortest(0)), core::percent_text(uptime)));
}

// What the result's line builds on, by family.
Html steps(const core::MeanOfIntervals&, const core::Assessment& a,
           const core::UptimeTerms& terms) {
  Html html = formula_line(Html("S = {} = <b>{}</b>", terms_of(a), decimal(terms.lost)));
  if (terms.lost.denominator() == "1") return html;
  return html + report::paragraph(
                    Html("S, exact: <code>{}</code>", report::fraction_text(terms.lost)), "note");
}

Html steps(const core::RequestRatio&, const core::Assessment&, const core::UptimeTerms&) {
  return {};
}

Html steps(const core::BadWindows&, const core::Assessment&, const core::UptimeTerms&) {
  return {};
}

Html steps(const core::AllFailed&, const core::Assessment&, const core::UptimeTerms&) { return {}; }

// What the uptime is divided by, where that is not every interval once.
Html counted_line(const core::Version& version, const core::Assessment& a,
                  const report::FormulaWords& words) {
  if (words.counted.empty()) return {};
  const auto* mean = std::get_if<core::MeanOfIntervals>(&version.formula);
  std::string sum = core::grouped(a.parts.size());
  if (mean != nullptr && mean->silent == core::Silent::left_out) {
    sum += " − " + core::grouped(a.totals.silent);
  }
  if (version.excluded == core::Excluded::left_out) {
    sum += " − " + core::grouped(a.totals.excluded);
  }
  if (version.times_counted() > 1) {
    sum = fmt::format("({}) × {}", sum, core::grouped(version.times_counted()));
  }
  return formula_line(
      fmt::format("{} = {} = {}", words.counted.front(), sum, core::grouped(a.counted)));
}

// Minutes that are lost one after the other are one Downtime Period.
Html downtime_periods(const core::Assessment& a) {
  constexpr std::size_t kMost = 200;
  report::HtmlTable table(
      "periods", "The Downtime Periods: their minutes add up to D",
      {{"From (UTC)"}, {"To"}, {"Minutes", true}, {"Requests", true}, {"Errors", true}});
  struct Period {
    std::size_t first, end;  // intervals; the end is not included
    std::uint64_t requests = 0, errors = 0;
  };
  std::vector<Period> periods;
  const auto find_in = [&](const core::Intervals& parts) {
    const std::size_t before = periods.size();
    for (const core::IntervalRun& run : parts.runs()) {
      if (!run.part.below_100()) continue;
      if (periods.size() == before || periods.back().end != run.first) {
        periods.push_back({run.first, 0});
      }
      Period& period = periods.back();
      period.end = run.end();
      period.requests += run.part.requests * run.count;
      period.errors += run.part.errors * run.count;
    }
  };
  if (a.resources.empty()) find_in(a.parts);
  for (const core::ResourceShare& one : a.resources) find_in(one.parts);
  for (std::size_t i = 0; i < std::min(kMost, periods.size()); ++i) {
    const Period& period = periods[i];
    table.row({report::instant_text(a.interval_at(period.first).begin),
               report::instant_text(a.interval_at(period.end - 1).end),
               core::grouped(period.end - period.first), core::grouped(period.requests),
               core::grouped(period.errors)});
  }
  Html html = table.scrolling();
  if (periods.size() <= kMost) return html;
  return html + report::paragraph(fmt::format("These are the first {} of {}.", kMost,
                                              core::grouped(periods.size())));
}

Html steps(const core::DowntimeRuns&, const core::Assessment& a, const core::UptimeTerms&) {
  return downtime_periods(a);
}

Html counts(const Claim& claim, const report::FormulaWords& words) {
  const core::Assessment& a = claim.assessment;
  const core::Totals& totals = a.totals;
  report::HtmlTable table("counts", "What the figure is made of", {{""}, {"", true}});
  const auto row = [&table](const std::string& name, std::uint64_t count) {
    if (count > 0) table.row({name, core::grouped(count)});
  };
  row(words.all, a.parts.size());
  if (totals.measured != a.parts.size()) row("of these measured", totals.measured);
  row(words.silent, totals.silent);
  row(fmt::format("excluded (each {})", words.outside), totals.excluded);
  row(words.lost, totals.below_100);
  row(words.requests, totals.requests);
  row(words.errors, totals.errors);
  if (totals.errors != totals.errors_below_100) {
    row("of these in intervals.log", totals.errors_below_100);
  }
  if (!words.counted.empty()) row(words.counted, a.counted);
  return table.html();
}

}  // namespace

Html arithmetic_section(const Claim& claim, const report::FormulaWords& words) {
  const core::Assessment& a = claim.assessment;
  std::vector<Html> definitions;
  for (const auto& words_of_it : {report::request_definitions(*claim.version), words.definitions}) {
    definitions.insert(definitions.end(), words_of_it.begin(), words_of_it.end());
  }
  Html html = report::list(definitions) + counts(claim, words);
  html += "<h3>Step by step</h3>\n";
  const core::UptimeTerms terms = core::uptime_terms(claim.version->formula, a);
  html += counted_line(*claim.version, a, words);
  html += std::visit([&](const auto& family) { return steps(family, a, terms); },
                     claim.version->formula);
  html += result_line(words, terms, a.uptime);
  html += report::paragraph(Html("Cut after 12 digits. As an exact fraction of 1: <code>{}</code>",
                                 report::fraction_text(a.uptime)),
                            "note");
  html += formula_line(Html("{} % &lt; {} %: the Service Commitment was <b>not met</b>",
                            core::percent_text(a.uptime), claim.version->commitment_text));
  return report::section("arithmetic", "The arithmetic", html);
}

}  // namespace recoup::claim

#include "service/timestamps.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "judge/sealing.h"
#include "record/digest.h"
#include "record/redact.h"
#include "record/time_token.h"

namespace recoup::service {
namespace {

using core::Error;
using core::Instant;
using core::Result;
using record::StampDocument;
using namespace std::chrono_literals;

constexpr auto kTurnEvery = 1min;
constexpr auto kLookEvery = 1h;  // for days that are over and for seals
constexpr core::Millis kFirstWait = 1min;
constexpr core::Millis kLongestWait = 1h;
constexpr core::Millis kDay = 24h;
// Claims are for months whose time to claim is not over: what is older is left as it was stamped.
constexpr core::Millis kKeepsUp = 62 * kDay;
// A token whose time is farther from our own is worth a word: one of the two clocks is wrong.
constexpr core::Millis kNear = 5min;

// The first day that is stamped where none was: of the month before, or the first with anything.
Instant first_day(Instant seen, Instant now) {
  const core::Date today(std::chrono::floor<std::chrono::days>(now));
  const core::Month before = core::Month(today.year() / today.month()) - std::chrono::months(1);
  const Instant month = std::chrono::sys_days(before / 1);
  return std::max(month, judge::day_begin(seen));
}

std::string source_words(const record::StampedSource& source) {
  return source.part.empty() ? fmt::format("{} {}", source.kind, source.name)
                             : fmt::format("{} {} from {}", source.kind, source.name, source.part);
}

// Which sources count otherwise than was stamped.
std::string change_words(const std::vector<record::StampedSource>& before,
                         const std::vector<record::StampedSource>& after) {
  const auto same = [](const record::StampedSource& one) {
    return [&one](const record::StampedSource& other) {
      return other.kind == one.kind && other.name == one.name && other.part == one.part;
    };
  };
  std::vector<std::string> words;
  for (const auto& one : before) {
    const auto now = std::find_if(after.begin(), after.end(), same(one));
    if (now == after.end()) {
      words.push_back(fmt::format("the counts of the {} are gone", source_words(one)));
    } else if (*now != one) {
      words.push_back(fmt::format("the {} counts {} Requests, and counted {}", source_words(one),
                                  now->requests, one.requests));
    }
  }
  for (const auto& one : after) {
    if (std::find_if(before.begin(), before.end(), same(one)) == before.end()) {
      words.push_back(
          fmt::format("the {} has come with {} Requests", source_words(one), one.requests));
    }
  }
  return fmt::format("{}", fmt::join(words, "; "));
}

// Up to where days were stamped without a break at the end; nothing where none was.
std::optional<Instant> stamped_until(const std::vector<judge::ReadStamp>& stamps) {
  std::optional<Instant> until;
  for (const judge::ReadStamp& one : stamps) {
    if (one.document.seal) continue;
    until = std::max(until.value_or(one.document.span.end), one.document.span.end);
  }
  return until;
}

std::string words_of(const StampDocument& document) {
  if (document.seal) return fmt::format("the seal of {}", core::to_text(document.seal->month));
  return fmt::format("{} to {}", core::to_text(document.span.begin),
                     core::to_text(document.span.end));
}

// A token of a time at which it cannot have been asked for proves nothing.
Result<void> check_time(const record::TimeToken& token, const StampDocument& document,
                        const std::optional<Instant>& before) {
  if (!document.seal && token.at < document.span.end) {
    return Error{fmt::format("expected a time after the days, got {}", core::to_text(token.at))};
  }
  if (before && token.at < *before) {
    return Error{fmt::format("expected a time after that of the token before it, {}, got {}",
                             core::to_text(*before), core::to_text(token.at))};
  }
  return {};
}

}  // namespace

Stamper::Stamper(config::SharedSettings settings, ledger::Ledger& ledger, const core::Clock& clock,
                 Ask ask, const Leadership* leadership)
    : ledger_(ledger),
      clock_(clock),
      ask_(std::move(ask)),
      leadership_(leadership),
      settings_(std::move(settings)),
      look_next_(clock.mono()),
      retry_(clock.mono()) {}

void Stamper::exchange(config::SharedSettings settings) {
  const std::lock_guard lock(mutex_);
  exchanged_ = std::move(settings);
}

void Stamper::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      turn(stop);
    } catch (const std::exception& error) {
      // Out of memory, perhaps: the probes go on without tokens.
      note_failure("ledger", {error.what()});
    }
    clock_.pause(stop, clock_.mono() + kTurnEvery);
  }
}

void Stamper::turn(const std::stop_token& stop) {
  {
    const std::lock_guard lock(mutex_);
    if (exchanged_) {
      settings_ = std::move(exchanged_);
      exchanged_ = nullptr;
      watched_.clear();
      look_next_ = retry_ = clock_.mono();
    }
  }
  if (!settings_->timestamps) return;
  // Another process may have had signed what was due here.
  const auto leads = leadership_.look();
  if (leads == LeadershipWatch::Is::not_leading) return;
  if (leads == LeadershipWatch::Is::began) {
    watched_.clear();
    look_next_ = retry_ = clock_.mono();
  }
  // What is due is known after this, once an hour.
  if (clock_.mono() >= look_next_) {
    look_next_ = clock_.mono() + kLookEvery;
    bool all = true;
    for (const auto& one : settings_->agreements) {
      all = look(one.agreement.id, watched_[one.agreement.id]) && all;
    }
    if (all) days_ = judge::days_over(clock_.wall());
  }

  // One after the other, until the authority fails: then all wait.
  for (auto& [agreement, watched] : watched_) {
    while (!watched.due.empty() && clock_.mono() >= retry_ && !stop.stop_requested()) {
      if (!stamp_first(agreement, watched, stop)) break;
    }
  }
  show();
}

// Where it cannot be read, what was due stays so. Whether it was.
bool Stamper::look(const std::string& agreement, Watched& watched) {
  Watched next;
  next.again = watched.again;
  // Days that were found changed today wait on.
  if (days_ == judge::days_over(clock_.wall())) {
    std::copy_if(watched.due.begin(), watched.due.end(), std::back_inserter(next.due),
                 [](const StampDocument& one) { return one.revision > 1 && !one.seal; });
  }
  if (auto done = find_due(agreement, next); !done) {
    note_failure("ledger", done.error());
    look_next_ = std::min(look_next_, retry_);
    return false;
  }
  watched = std::move(next);
  return true;
}

Result<void> Stamper::find_due(const std::string& agreement, Watched& watched) {
  const Instant now = clock_.wall();
  const auto stamps = judge::read_stamps(ledger_, agreement, now - kKeepsUp);
  if (!stamps) return stamps.error();
  if (!stamps->empty()) {
    watched.newest = record::sha256_hex(stamps->back().stamp.token);
    watched.newest_at = stamps->back().stamp.at;
  }
  watched.until = stamped_until(*stamps);
  const auto seen = ledger_.seen(agreement);
  if (!seen) return seen.error();
  if (*seen) {
    const Instant first = first_day((*seen)->begin, now);
    const core::Millis every = settings_->timestamps->every;
    for (Instant at = std::max(first, watched.until.value_or(first));
         at + every <= judge::days_over(now); at += every) {
      StampDocument document;
      document.agreement = agreement;
      document.span = {at, at + every};
      watched.due.push_back(std::move(document));
    }
  }
  // Reads the counts of two months again: once a day, and at the start.
  if (days_ != judge::days_over(now)) {
    if (auto done = find_changed(agreement, *stamps, watched); !done) return done;
  }
  return find_seals(agreement, *stamps, watched);
}

Result<void> Stamper::find_changed(const std::string& agreement,
                                   const std::vector<judge::ReadStamp>& stamps, Watched& watched) {
  for (const judge::ReadStamp& one : stamps) {
    const StampDocument& document = one.document;
    if (document.seal || document.span.end <= clock_.wall() - kKeepsUp ||
        record::newest_of(stamps, document.span) != &one) {
      continue;
    }
    const auto now = judge::sources_now(ledger_, agreement, document.span);
    if (!now) return now.error();
    if (now->sources == document.sources) continue;
    StampDocument again;
    again.agreement = agreement;
    again.span = document.span;
    again.revision = document.revision + 1;
    again.reason = change_words(document.sources, now->sources);
    watched.due.push_back(std::move(again));
  }
  return {};
}

Result<void> Stamper::find_seals(const std::string& agreement,
                                 const std::vector<judge::ReadStamp>& stamps, Watched& watched) {
  const auto seals = ledger_.seals(agreement);
  if (!seals) return seals.error();
  for (const record::Seal& seal : *seals) {
    if (seal.at <= clock_.wall() - kKeepsUp ||
        judge::newest_seal(*seals, seal.month)->revision != seal.revision) {
      continue;
    }
    const record::StampedSeal stamped{seal.month, seal.revision, seal.digest};
    const bool done = std::any_of(stamps.begin(), stamps.end(), [&](const judge::ReadStamp& one) {
      return one.document.seal == stamped;
    });
    if (done) continue;
    StampDocument document;
    document.agreement = agreement;
    document.span = seal.cycle;
    document.revision = seal.revision;
    document.seal = stamped;
    watched.due.push_back(std::move(document));
  }
  return {};
}

// Days say what the ledger has of them at this moment.
Result<void> Stamper::complete(StampDocument& document, const Watched& watched) {
  document.previous = watched.newest;
  if (document.seal) return {};
  auto now = judge::sources_now(ledger_, document.agreement, document.span);
  if (!now) return now.error();
  document.sources = std::move(now->sources);
  auto chain = ledger_.chain(document.agreement, document.span);
  if (!chain) return chain.error();
  document.chain = *std::move(chain);
  return {};
}

// Whether it is stamped, and durable.
bool Stamper::stamp_first(const std::string& agreement, Watched& watched,
                          const std::stop_token& stop) {
  StampDocument document = watched.due.front();
  const auto failed = [&](const char* what, const Error& error) {
    if (!stop.stop_requested()) note_failure(what, error);
    return false;
  };
  if (auto done = complete(document, watched); !done) return failed("ledger", done.error());
  const config::StampSettings& settings = *settings_->timestamps;
  const std::string text = record::canonical_stamp(document);
  const std::string query = record::time_query(text, settings.policy);
  auto answer = ask_(settings.url, query, stop);
  if (!answer) return failed("server", answer.error());
  auto token = record::check_token(*answer, {text, settings.ca, query, settings.policy});
  if (!token) return failed("token", token.error());
  if (auto done = check_time(*token, document, watched.newest_at); !done) {
    return failed("token", done.error());
  }
  if (std::chrono::abs(token->at - clock_.wall()) > kNear) {
    spdlog::warn("timestamps: {} says {}, and the clock here says {}: one of the two is wrong",
                 token->authority, core::to_text(token->at), core::to_text(clock_.wall()));
  }
  const record::Stamp stamp{agreement, document.span, token->at, text, *answer, token->chain};
  if (auto done = ledger_.add_stamp(stamp); !done) {
    // Another process may have added one: what is due is looked for again.
    look_next_ = clock_.mono();
    return failed("ledger", done.error());
  }
  if (document.revision > 1 && !document.seal) {
    ++watched.again;
    spdlog::warn(
        "timestamps: {}: {} changed after it was stamped, and is stamped again as revision "
        "{}: {}",
        agreement, words_of(document), document.revision, document.reason);
  }
  spdlog::info("timestamps: {}: {} signed by {} at {}", agreement, words_of(document),
               token->authority, core::to_text(token->at));
  watched.newest = record::sha256_hex(*answer);
  watched.newest_at = token->at;
  if (!document.seal) {
    watched.until = std::max(watched.until.value_or(document.span.end), document.span.end);
  }
  watched.due.erase(watched.due.begin());
  note_token();
  return true;
}

void Stamper::note_failure(const std::string& what, const Error& error) {
  wait_ = std::min(kLongestWait, wait_ == core::Millis(0) ? kFirstWait : 2 * wait_);
  retry_ = clock_.mono() + wait_;
  const auto& asked = settings_->timestamps;
  const std::string where = asked ? record::redact(asked->url) : "";
  const std::string words = what == "ledger" ? error.message : where + ": " + error.message;
  spdlog::error(
      "timestamps: {}; tried again in {}; help: days stay without a token until then, "
      "and nothing else waits",
      words, core::to_text(wait_));
  const std::lock_guard lock(mutex_);
  ++counts_.failures[what];
  counts_.failing = words;
}

void Stamper::note_token() {
  if (wait_ > core::Millis(0)) spdlog::warn("timestamps: tokens come again");
  wait_ = core::Millis(0);
  const std::lock_guard lock(mutex_);
  ++counts_.tokens;
  counts_.failing.clear();
}

void Stamper::show() {
  std::vector<record::StampCounts::Agreement> all;
  for (const auto& [agreement, watched] : watched_) {
    all.push_back({agreement, watched.until, watched.newest_at, watched.due.size(), watched.again});
  }
  const std::lock_guard lock(mutex_);
  counts_.agreements = std::move(all);
}

bool Stamper::asks() const {
  const std::lock_guard lock(mutex_);
  return (exchanged_ ? exchanged_ : settings_)->timestamps.has_value();
}

record::StampCounts Stamper::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace recoup::service

#include "sources/logs/trail_sorting.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sources/logs/intake.h"
#include "sources/logs/shown.h"

namespace recoup::sources {
namespace {

using record::TrailMark;

constexpr std::size_t kMostApart = 32;        // kinds: a file could make up any number of them
constexpr std::size_t kMostAudiences = 4096;  // and of accounts

constexpr std::string_view kOwnAgent = "recoup/";
constexpr std::string_view kTrailSource = "cloudtrail.amazonaws.com";

// The calls by which a trail is switched off or on, or what it sees is changed.
struct Switch {
  std::string_view name;
  TrailMark::Kind kind;
};
constexpr std::array<Switch, 6> kSwitches{{{"StopLogging", TrailMark::Kind::off},
                                           {"DeleteTrail", TrailMark::Kind::off},
                                           {"UpdateTrail", TrailMark::Kind::off},
                                           {"PutEventSelectors", TrailMark::Kind::off},
                                           {"StartLogging", TrailMark::Kind::on},
                                           {"CreateTrail", TrailMark::Kind::on}}};

// What the record is where it is no Request of anybody; empty where it is one.
std::string_view apart_as(const TrailRecord& record) {
  const bool is_call =
      record.category.empty() || record.category == "Management" || record.category == "Data";
  if (!is_call) return record.category;
  if (record.event_type != "AwsApiCall") {
    return record.event_type.empty() ? "no event type" : record.event_type;
  }
  return {};
}

// S3 writes it in brackets.
bool is_of_own_probe(std::string_view agent) {
  if (agent.starts_with('[')) agent.remove_prefix(1);
  return agent.starts_with(kOwnAgent);
}

bool wants_service(const TrailWish& wish, std::string_view event_source) {
  const auto& sources = wish.event_sources;
  return std::find(sources.begin(), sources.end(), event_source) != sources.end();
}

}  // namespace

const Audiences::Audience& Audiences::of(std::string_view account, std::string_view region) {
  if (last_ != nullptr && last_->account == account && last_->region == region) return *last_;
  std::string key(account);
  key += '\n';
  key += region;
  auto known = known_.find(key);
  if (known == known_.end()) {
    if (known_.size() == kMostAudiences) known_.clear();
    known = known_.emplace(std::move(key), find(account, region)).first;
  }
  last_ = &known->second;
  return *last_;
}

Audiences::Audience Audiences::find(std::string_view account, std::string_view region) const {
  Audience audience{std::string(account), std::string(region), {}, {}};
  for (std::size_t i = 0; i < wishes_.size(); ++i) {
    const TrailWish& wish = wishes_[i];
    if (!wish.account.empty() && wish.account != account) continue;
    audience.of_account.push_back(i);
    if (wish.region.empty() || wish.region == region) audience.here.push_back(i);
  }
  return audience;
}

TrailSorting::TrailSorting(Audiences& audiences, std::string_view file)
    : audiences_(audiences), file_(file), shares_(audiences.wishes().size()) {}

void TrailSorting::add(const TrailRecord& record) {
  const std::uint64_t number = ++content_.records;
  const Audiences::Audience& audience = audiences_.of(record.recipient, record.region);
  listen(record, audience);
  if (const auto what = apart_as(record); !what.empty()) {
    put_apart(what);
  } else if (is_of_own_probe(record.user_agent)) {
    ++content_.own;
  } else {
    give(record, audience, number);
  }
}

void TrailSorting::malformed(std::string_view expected, std::string_view text) {
  const std::uint64_t number = ++content_.records;
  ++content_.malformed;
  if (content_.examples.size() == kMostExamples) return;
  content_.examples.push_back({number, expected, shown(text, kLongestExample)});
}

TrailContent TrailSorting::take() {
  content_.shares.resize(shares_.size());
  for (std::size_t i = 0; i < shares_.size(); ++i) {
    if (shares_[i]) content_.shares[i] = shares_[i]->take();
  }
  return std::move(content_);
}

ShareTally& TrailSorting::share(std::size_t wish) {
  auto& share = shares_[wish];
  if (!share) share = std::make_unique<ShareTally>(audiences_.wishes()[wish], file_);
  return *share;
}

// What a record tells of the trail itself, whatever else it is.
void TrailSorting::listen(const TrailRecord& record, const Audiences::Audience& audience) {
  const bool is_outage = record.addendum == "SERVICE_OUTAGE";
  for (const std::size_t wish : audience.here) {
    share(wish).hear(record.at);
    if (is_outage && wants_service(audiences_.wishes()[wish], record.event_source)) {
      share(wish).mark({record.at, TrailMark::Kind::outage,
                        "CloudTrail names an outage of the service that logs here"});
    }
  }
  if (record.event_source != kTrailSource || !record.error_code.empty()) return;
  for (const Switch& each : kSwitches) {
    if (record.event_name != each.name) continue;
    for (const std::size_t wish : audience.of_account) {
      share(wish).mark({record.at, each.kind, fmt::format("{} of a trail", each.name)});
    }
  }
}

void TrailSorting::give(const TrailRecord& record, const Audiences::Audience& audience,
                        std::uint64_t number) {
  const bool is_anothers = !record.caller.empty() && record.caller != record.recipient;
  bool is_wanted = false;
  for (const std::size_t wish : audience.here) {
    if (!wants_service(audiences_.wishes()[wish], record.event_source)) continue;
    is_wanted = true;
    if (!is_anothers) share(wish).add(record, number);
  }
  if (!is_wanted) {
    ++content_.of_others;
  } else if (is_anothers) {
    put_apart("another account's call");
  }
}

void TrailSorting::put_apart(std::string_view what) {
  auto& apart = content_.apart;
  auto found = apart.find(std::string(what));
  if (found == apart.end()) {
    const bool has_room = apart.size() < kMostApart;
    found = apart.emplace(has_room ? printable(what, kLongestTrailText) : "other", 0).first;
  }
  ++found->second;
}

}  // namespace recoup::sources

#include "claim/timestamps.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "claim/shown_claim.h"
#include "core/text.h"

namespace recoup::claim {
namespace {

using record::ReadStamp;
using record::StampedTime;

// The certificates that any of the tokens rests on, each once.
std::string certificates_of(const StampedTime& stamped) {
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----\n";
  std::set<std::string> seen;
  std::string all;
  for (const ReadStamp& one : stamped.stamps) {
    std::string_view rest = one.stamp.chain;
    while (!rest.empty()) {
      const auto end = rest.find(kEnd);
      const std::string certificate(
          rest.substr(0, end == std::string_view::npos ? rest.size() : end + kEnd.size()));
      rest.remove_prefix(certificate.size());
      if (seen.insert(certificate).second) all += certificate;
    }
  }
  return all;
}

report::Json spans_json(const std::vector<core::Interval>& spans) {
  report::Json list = report::Json::array();
  for (const core::Interval& one : spans) {
    list.push_back({{"begin", core::to_text(one.begin)}, {"end", core::to_text(one.end)}});
  }
  return list;
}

}  // namespace

std::string days_text(const core::Interval& days) {
  const auto day = [](core::Instant at) {
    return core::to_text(core::Date(std::chrono::floor<std::chrono::days>(at)));
  };
  const std::string first = day(days.begin);
  const std::string last = day(days.end - core::Millis(1));
  return first == last ? first : first + " to " + last;
}

std::string days_list(const std::vector<core::Interval>& spans) {
  std::vector<std::string> days;
  for (const core::Interval& one : spans) days.push_back(days_text(one));
  return core::listed(days);
}

std::string tallies_name(core::Instant days) {
  return fmt::format("{}/{}.tallies", kStampFolder,
                     core::to_text(core::Date(std::chrono::floor<std::chrono::days>(days))));
}

std::vector<std::pair<std::string, std::string>> stamp_files(const StampedTime& stamped) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const ReadStamp& one : stamped.stamps) {
    const std::string name = fmt::format("{}/{}", kStampFolder, one.document.name());
    files.emplace_back(name + ".json", one.stamp.document);
    files.emplace_back(name + ".tsr", one.stamp.token);
  }
  for (const auto& [begin, text] : stamped.texts) files.emplace_back(tallies_name(begin), text);
  files.emplace_back(kStampCa, certificates_of(stamped));
  return files;
}

bool is_stamp_file(const std::string& name) {
  const std::string folder = std::string(kStampFolder) + '/';
  if (!name.starts_with(folder)) return false;
  const std::string file = name.substr(folder.size());
  const auto dot = file.rfind('.');
  if (dot == std::string::npos || dot == 0 ||
      file.substr(0, dot).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") !=
          std::string::npos) {
    return false;
  }
  const std::string kind = file.substr(dot);
  return kind == ".json" || kind == ".tsr" || kind == ".tallies" || name == kStampCa;
}

report::Json stamps_json(const StampedTime& stamped) {
  return {{"tokens", stamped.stamps.size()},
          {"first", core::to_text(stamped.stamps.front().stamp.at)},
          {"last", core::to_text(stamped.stamps.back().stamp.at)},
          {"missing", spans_json(stamped.missing)},
          {"changed", spans_json(stamped.changed)}};
}

std::string stamps_text(const StampedTime& stamped) {
  const ReadStamp& first = stamped.stamps.front();
  std::string text = fmt::format(
      "{} by RFC 3161, from {} to {}, each over the digests of a day's counts and the token before "
      "it: {}/.",
      core::counted(stamped.stamps.size(), "token"), core::to_text(first.stamp.at),
      core::to_text(stamped.stamps.back().stamp.at), kStampFolder);
  if (!stamped.missing.empty()) {
    text += fmt::format(" Without a token: {}.", days_list(stamped.missing));
  }
  if (!stamped.changed.empty()) {
    text += fmt::format(" Changed after they were signed: {}.", days_list(stamped.changed));
  }
  return text;
}

std::string stamp_by_hand(const StampedTime& stamped) {
  return fmt::format("openssl ts -verify -data {0}/{1}.json -in {0}/{1}.tsr -CAfile CA.pem",
                     kStampFolder, stamped.stamps.front().document.name());
}

std::vector<std::string> stamp_notes(const Claim& claim) {
  if (!claim.stamps) return {};
  if (stamps_withheld(claim)) {
    return {
        "The tokens of the time by a third party are not in the claim: names in them look "
        "confidential. They are in the ledger: recoup verify --agreement " +
        claim.agreement.id};
  }
  std::vector<std::string> notes;
  if (!claim.stamps->missing.empty()) {
    notes.push_back(fmt::format("No third party signed the time of {}: the claim says so.",
                                days_list(claim.stamps->missing)));
  }
  if (!claim.stamps->changed.empty()) {
    notes.push_back(fmt::format(
        "The counts of {} changed after they were signed, and are not signed again yet: write the "
        "claim again when they are.",
        days_list(claim.stamps->changed)));
  }
  return notes;
}

}  // namespace recoup::claim

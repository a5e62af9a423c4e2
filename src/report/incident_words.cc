#include "report/incident_words.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "record/redact.h"
#include "report/formula_words.h"
#include "report/words.h"

namespace recoup::report {
namespace {

using core::SeenIncident;

constexpr std::size_t kInParagraph = 3;

// On one line, and its first characters: others may have written a page.
std::string shown(const std::string& text) {
  constexpr std::size_t kMost = 120;
  std::string line = record::redact(text);
  for (char& c : line) {
    if (c == '|') c = '/';
    if ((c >= 0 && c < ' ') || c == 0x7f) c = ' ';
  }
  std::size_t end = 0;
  for (std::size_t seen = 0; end < line.size(); ++end) {
    if ((line[end] & 0xC0) != 0x80 && ++seen > kMost) break;
  }
  return end < line.size() ? line.substr(0, end) + "…" : line;
}

std::string names_text(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 3;
  std::vector<std::string> first;
  for (const std::string& name : names) {
    if (first.size() == kMost) break;
    first.push_back(shown(name));
  }
  if (names.size() > kMost) first.push_back(fmt::format("{} more", names.size() - kMost));
  return core::listed(first);
}

std::string time_text(const core::ProviderIncident& incident) {
  if (incident.end) {
    return fmt::format("{} to {}", core::to_text(incident.begin), core::to_text(*incident.end));
  }
  return fmt::format("from {}, without an end that is known", core::to_text(incident.begin));
}

// "2 hours 5 minutes", "45 seconds": whole units, cut.
std::string duration_text(core::Millis duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  const auto part = [](std::int64_t number, std::string_view noun) {
    return core::counted(static_cast<std::uint64_t>(number), noun);
  };
  if (seconds < 60) return part(seconds, "second");
  const std::int64_t minutes = seconds / 60;
  if (minutes < 60) return part(minutes, "minute");
  const std::string hours = part(minutes / 60, "hour");
  return minutes % 60 == 0 ? hours : hours + ' ' + part(minutes % 60, "minute");
}

std::string ahead_text(const SeenIncident& one, const std::string& noun) {
  if (!one.first_lost) return {};
  std::string text =
      fmt::format(" That loss began with the {} of {}", noun, core::to_text(*one.first_lost));
  const auto ahead = one.ahead();
  if (!ahead) return text + "; when the provider first said so is not known.";
  const std::string said = core::to_text(*one.incident.announced);
  if (*ahead == core::Millis(0)) return text + ", when the provider first said so.";
  return *ahead > core::Millis(0)
             ? text +
                   fmt::format(", {} before the provider's first word of it that is known, at {}.",
                               duration_text(*ahead), said)
             : text + fmt::format(", {} after the provider's first word of it, at {}.",
                                  duration_text(-*ahead), said);
}

std::string sentence(const core::Judgement& judgement, const SeenIncident& one,
                     const std::string& noun) {
  const std::uint64_t all = judgement.incidents.inside + judgement.incidents.outside;
  std::string text = incident_name(one.incident);
  text.front() = 'T';
  if (all == 0) return text + fmt::format(": no {} of the cycle is below 100 %.", noun);
  return text + fmt::format(": {} of the {} below 100 % overlap{} it.{}",
                            one.inside == 0 ? "none" : core::grouped(one.inside),
                            core::counted(all, noun), one.inside <= 1 ? "s" : "",
                            ahead_text(one, noun));
}

// The incidents with the most loss, in the order in which they began.
std::vector<const SeenIncident*> gravest(const core::SeenIncidents& incidents, std::size_t most) {
  std::vector<const SeenIncident*> all;
  for (const SeenIncident& one : incidents.each) all.push_back(&one);
  if (all.size() <= most) return all;
  std::stable_sort(all.begin(), all.end(), [](auto a, auto b) { return a->inside > b->inside; });
  all.resize(most);
  std::stable_sort(all.begin(), all.end(),
                   [](auto a, auto b) { return a->incident.begin < b->incident.begin; });
  return all;
}

std::string whole(const std::string& text) { return json_text(record::redact(text)); }

Json texts_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(whole(text));
  return list;
}

}  // namespace

std::string incident_name(const core::ProviderIncident& incident) {
  std::string where = names_text(incident.services);
  for (const std::string& part : {names_text(incident.regions), time_text(incident)}) {
    if (!part.empty()) where += where.empty() ? part : ", " + part;
  }
  const std::string title = shown(incident.title);
  return fmt::format("the provider's own incident {}({})",
                     title.empty() ? "" : fmt::format("\"{}\" ", title), where);
}

std::vector<std::string> incident_words(const core::Judgement& judgement, std::size_t most) {
  const core::SeenIncidents& incidents = judgement.incidents;
  if (incidents.empty()) return {};
  const std::string noun = words_of(*judgement.version).noun;
  std::vector<std::string> all;
  const std::vector<const SeenIncident*> named = gravest(incidents, most);
  for (const SeenIncident* one : named) all.push_back(sentence(judgement, *one, noun));
  const std::size_t more = incidents.each.size() - named.size();
  if (more > 0) {
    all.push_back(fmt::format("The provider told of {} in the cycle.",
                              core::counted(more, "other incident")));
  }
  if (incidents.inside + incidents.outside == 0) return all;
  if (incidents.each.size() > 1) {
    all.push_back(fmt::format(
        "Together: {} of the {} below 100 % overlap{} one of these incidents.",
        core::grouped(incidents.inside), core::counted(incidents.inside + incidents.outside, noun),
        incidents.inside == 1 ? "s" : ""));
  }
  all.push_back(incidents.outside == 0
                    ? "None lies outside."
                    : fmt::format("{} {} outside.", core::grouped(incidents.outside),
                                  incidents.outside == 1 ? "lies" : "lie"));
  return all;
}

std::string incident_paragraph(const core::Judgement& judgement) {
  return fmt::format("{}", fmt::join(incident_words(judgement, kInParagraph), " "));
}

Json incident_json(const core::ProviderIncident& incident) {
  return {{"number", incident.number == 0 ? Json(nullptr) : Json(incident.number)},
          {"provider", whole(incident.provider)},
          {"id", whole(incident.id)},
          {"services", texts_json(incident.services)},
          {"regions", texts_json(incident.regions)},
          {"begin", core::to_text(incident.begin)},
          {"end", instant_json(incident.end)},
          {"announced", instant_json(incident.announced)},
          {"updated", instant_json(incident.updated)},
          {"title", whole(incident.title)},
          {"url", whole(incident.url)},
          {"file_sha256", incident.source.empty() ? Json(nullptr) : Json(incident.source)}};
}

Json incidents_json(const core::Judgement& judgement) {
  const core::SeenIncidents& incidents = judgement.incidents;
  if (incidents.empty()) return nullptr;
  Json list = Json::array();
  for (const SeenIncident& one : incidents.each) {
    Json json = incident_json(one.incident);
    json["inside"] = one.inside;
    json["first_lost"] = instant_json(one.first_lost);
    const auto ahead = one.ahead();
    json["seconds_ahead"] =
        ahead ? Json(std::chrono::duration_cast<std::chrono::seconds>(*ahead).count())
              : Json(nullptr);
    list.push_back(std::move(json));
  }
  return {
      {"inside", incidents.inside}, {"outside", incidents.outside}, {"incidents", std::move(list)}};
}

}  // namespace recoup::report

// What is in order and what is not, from the settings to the ledger, with what to do next.
#include <sys/statvfs.h>

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "config/exposure.h"
#include "core/text.h"
#include "errand/http.h"
#include "record/redact.h"
#include "report/json.h"
#include "service/monitor.h"
#include "service/process_limits.h"
#include "service/system_world.h"
#include "sources/probe/once.h"

namespace recoup::cli {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

enum class State { good, look, bad };

constexpr const char* kWords[] = {"ok", "look", "bad"};

// Finding is one thing that was looked at.
struct Finding {
  State state;
  std::string what;   // "ledger"
  std::string words;  // what was found
  std::string next;   // what to do; empty: nothing
};

// Findings are printed as they come: some take their time.
class Findings {
 public:
  explicit Findings(bool as_json) : as_json_(as_json) {}

  void add(State state, const std::string& what, const std::string& words,
           const std::string& next = {}) {
    all_.push_back({state, what, words, next});
    if (as_json_) return;
    constexpr std::size_t kWordsAt = 18;
    constexpr Paint kPaints[] = {Paint::good, Paint::look, Paint::bad};
    const auto index = static_cast<std::size_t>(state);
    const std::string mark = kWords[index];
    std::string text =
        wrapped(fmt::format("{:<6}{:<12}{}", mark, what, words), line_width(), kWordsAt);
    say(text.replace(0, mark.size(), painted(kPaints[index], mark)));
    if (!next.empty()) say(wrapped(fmt::format("{:18}{}", "", next), line_width(), kWordsAt));
  }

  Exit end() const {
    const auto count = [&](State state) {
      return std::count_if(all_.begin(), all_.end(),
                           [&](const Finding& one) { return one.state == state; });
    };
    if (as_json_) {
      report::Json rows = report::Json::array();
      for (const Finding& one : all_) {
        rows.push_back(
            {{"state", kWords[static_cast<std::size_t>(one.state)]},
             {"what", one.what},
             {"words", one.words},
             {"next", one.next.empty() ? report::Json(nullptr) : report::Json(one.next)}});
      }
      say(report::indented(rows));
    } else {
      say(fmt::format("\n{} in order, {} to look at, {} bad", count(State::good),
                      count(State::look), count(State::bad)));
    }
    return count(State::bad) == 0 ? kDone : kCouldNot;
  }

 private:
  bool as_json_;
  std::vector<Finding> all_;
};

std::string in_seconds(core::Millis time) {
  return core::to_text(core::Millis(std::chrono::floor<std::chrono::seconds>(time)));
}

// In the largest unit of which there are two at least, cut.
std::string time_gone(core::Millis time) {
  using namespace std::chrono;
  const auto count = [](auto units) { return static_cast<std::uint64_t>(units.count()); };
  if (time >= 2 * days(1)) return core::counted(count(floor<days>(time)), "day");
  if (time >= 2h) return core::counted(count(floor<hours>(time)), "hour");
  if (time >= 2min) return core::counted(count(floor<minutes>(time)), "minute");
  return core::counted(count(floor<seconds>(time)), "second");
}

void look_at_settings(const config::Settings& settings, Findings& out) {
  const std::size_t probes = service::watched_probes(settings).size();
  out.add(settings.warnings.empty() ? State::good : State::look, "settings",
          fmt::format("{}: {}, {}", settings.file,
                      core::counted(settings.agreements.size(), "agreement"),
                      core::counted(probes, "probe")),
          settings.warnings.empty() ? "" : "`recoup check` says what is probably not meant");
  for (const config::Double& one : settings.doubles) {
    out.add(State::bad, "settings", one.words(), "give the probes and logs of both to one of them");
  }
  if (const auto exposed = config::exposure_warning(settings)) {
    out.add(State::look, "port", "others can reach it, and it is not protected as it should be",
            "`recoup check` says by what");
  }
}

void look_at_keys(const sources::probe::Probes& probes, sources::probe::Keyring& keys,
                  core::Instant now, Findings& out) {
  for (const auto& probe : probes) {
    if (!probe->settings.sign) continue;
    const auto had = keys.need(*probe->settings.sign);
    if (!had) {
      out.add(
          State::bad, "credentials",
          fmt::format("of {}/{}: {}", probe->agreement, probe->settings.id, had.error().message),
          had.error().help);
      return;
    }
  }
  for (const auto& one : keys.states()) {
    const bool soon = one.ends && *one.ends - now < 10min;
    out.add(soon ? State::look : State::good, "credentials",
            fmt::format("{} by {}{}", one.signer, one.from,
                        one.ends ? ", until " + core::to_text(*one.ends) : ""),
            soon ? "they end soon, and are looked for again before that" : "");
  }
}

// What the header Date of an answer's head says.
std::optional<core::Instant> date_of(std::string_view head) {
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find('\n'));
    head.remove_prefix(std::min(head.size(), line.size() + 1));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (!core::equal_but_for_case(line.substr(0, colon), "Date")) continue;
    return errand::date_in(std::string(core::trimmed(line.substr(colon + 1))));
  }
  return std::nullopt;
}

// What the answer's Date says, beside our own clock. It says whole seconds.
void look_at_clock(const record::Exchange& exchange, core::Instant now, bool& told, Findings& out) {
  const auto theirs = date_of(exchange.answered);
  if (told || !theirs) return;
  told = true;
  const auto apart = std::chrono::abs(now - *theirs);
  if (apart < 3s) {
    out.add(State::good, "clock", "as the services' that were asked, to the second or two");
    return;
  }
  out.add(apart < 5min ? State::look : State::bad, "clock",
          fmt::format("{} apart from that of {}", in_seconds(apart), exchange.probe),
          "set it by NTP: minutes are counted by it, and signatures hold for five of them");
}

// One Request of each, of which not all where there are many.
void look_at_endpoints(const sources::probe::Probes& probes,
                       const std::shared_ptr<sources::probe::Keyring>& keys,
                       const core::World& world, Findings& out) {
  constexpr std::size_t kMost = 20;
  const sources::probe::Identity identity{"recoup/" RECOUP_VERSION, keys};
  bool told = false;
  for (std::size_t i = 0; i < std::min(probes.size(), kMost); ++i) {
    const auto& probe = probes[i];
    const std::string name = probe->agreement + '/' + probe->settings.id;
    const auto sent = sources::probe::send_once(probe, identity, world.clock);
    if (!sent) {
      out.add(State::bad, "endpoint", name + ": " + sent.error().message,
              fmt::format("`recoup test {}` says it step by step", name));
      continue;
    }
    const auto exchange = sent->shown(sources::probe::RawExchange::To::owner);
    const auto* answered = std::get_if<core::Answered>(&exchange.result.outcome);
    std::string words = fmt::format("{}: {} after {}", name, core::to_text(exchange.result.outcome),
                                    record::millis_text(exchange.result.duration));
    const bool lacks_id = answered != nullptr && answered->unattributed;
    if (lacks_id) words += ", without the header " + probe->settings.answer.request_id_header;
    const bool good = exchange.result.success() && !lacks_id;
    out.add(good                  ? State::good
            : answered == nullptr ? State::bad
                                  : State::look,
            "endpoint", words,
            good ? "" : fmt::format("`recoup test {}` says it step by step", name));
    look_at_clock(exchange, world.clock.wall(), told, out);
  }
  if (probes.size() > kMost) {
    out.add(State::look, "endpoint",
            fmt::format("{} more probes were not sent", probes.size() - kMost),
            "`recoup test AGREEMENT/PROBE` sends one");
  }
}

void look_at_descriptors(const sources::probe::Probes& probes, Findings& out) {
  const auto shares = service::raise_descriptors(probes);
  if (!shares) {
    out.add(State::bad, "descriptors", shares.error().message, shares.error().help);
    return;
  }
  const bool enough = shares->all > shares->probes;
  out.add(enough ? State::good : State::look, "descriptors",
          fmt::format("{} may be open; where nothing answers, probes need {}",
                      core::grouped(shares->all), core::grouped(shares->probes)),
          enough ? "" : "raise the limit: ulimit -n, or LimitNOFILE= of systemd");
}

void look_at_disk(const fs::path& ledger, Findings& out) {
  constexpr std::uint64_t kLittle = 1'000'000'000, kTooLittle = 100'000'000;
  const fs::path folder = ledger.has_parent_path() ? ledger.parent_path() : fs::path(".");
  struct statvfs facts {};
  if (statvfs(folder.c_str(), &facts) != 0) {
    out.add(State::bad, "disk", fmt::format("'{}' cannot be looked at", folder.string()),
            "make the folder of the ledger");
    return;
  }
  const std::uint64_t room = std::uint64_t{facts.f_bavail} * facts.f_frsize;
  out.add(room < kTooLittle ? State::bad
          : room < kLittle  ? State::look
                            : State::good,
          "disk", fmt::format("{} MB free beside the ledger", core::grouped(room / 1'000'000)),
          room < kLittle ? "a full disk ends the recording: make room" : "");
}

// What each agreement has, and since when it has nothing new.
void look_at_agreement(ledger::Ledger& ledger, const config::AgreementSettings& agreement,
                       core::Instant now, Findings& out) {
  const std::string& id = agreement.agreement.id;
  const auto seen = ledger.seen(id);
  const auto faults = ledger.check_chain(id, {});
  const auto evidence = ledger.check_evidence(id);
  for (const core::Error* error :
       {seen ? nullptr : &seen.error(), faults ? nullptr : &faults.error(),
        evidence ? nullptr : &evidence.error()}) {
    if (error == nullptr) continue;
    out.add(State::bad, "ledger", error->message, error->help);
    return;
  }
  for (const record::ChainFault& one : *faults) {
    out.add(State::bad, "evidence",
            fmt::format("of {}/{}: record {}: {}", id, one.series.name, one.position, one.what),
            "`recoup verify` says what still holds; a backup may have it whole");
  }
  if (!evidence->excess.empty()) {
    out.add(State::bad, "evidence", fmt::format("of {}: more records than were counted", id),
            "`recoup verify` says where");
  }
  if (!*seen) {
    out.add(State::look, "evidence", fmt::format("of {}: nothing was seen yet", id),
            "`recoup run` probes and follows, `recoup import` reads logs");
    return;
  }
  const auto ago = std::max(core::Millis(0), now - (*seen)->end);
  const bool late = ago > 10min && (!agreement.probes.empty() || !agreement.queries.empty());
  out.add(late ? State::look : State::good, "evidence",
          fmt::format("of {}: from {} to {}, {} ago; its chains hold", id,
                      core::to_text((*seen)->begin), core::to_text((*seen)->end), time_gone(ago)),
          late ? "nothing has come for a while: is `recoup run` up?" : "");
}

// Who records, for which vantage point, and who judges.
void look_at_holders(ledger::Ledger& ledger, Findings& out) {
  const auto holders = ledger.holders();
  if (!holders) {
    out.add(State::bad, "ledger", holders.error().message, holders.error().help);
    return;
  }
  bool any = false;
  for (const record::Holder& one : *holders) {
    if (!one.lives) continue;
    any = true;
    out.add(State::good, "processes",
            fmt::format("{}: process {} of {}, since {}",
                        one.vantage.empty() ? "the judge" : "the prober " + one.vantage,
                        one.process, one.host, core::to_text(one.since)));
  }
  if (any) return;
  out.add(State::look, "processes", "none has the ledger now", "`recoup run` probes and counts");
}

void look_at_ledger(const config::Settings& settings, core::Instant now, Findings& out) {
  const auto file = settings.ledger.file();
  if (file && !fs::exists(*file)) {
    out.add(State::look, "ledger", settings.ledger.shown() + " is not there yet",
            "`recoup run` and `recoup import` make it");
    return;
  }
  const auto ledger = ledger::open_ledger(settings.ledger, ledger::Missing::refuse);
  if (!ledger) {
    out.add(State::bad, "ledger", ledger.error().message, ledger.error().help);
    return;
  }
  out.add(State::good, "ledger", settings.ledger.shown() + " opens, of this version");
  look_at_holders(**ledger, out);
  for (const auto& agreement : settings.agreements) {
    look_at_agreement(**ledger, agreement, now, out);
  }
}

// Whether somebody serves at the settings' address.
void look_at_service(const config::Settings& settings, Findings& out) {
  config::Listen listen = settings.listen;
  if (listen.host == "0.0.0.0") listen.host = "127.0.0.1";
  errand::Request request;
  request.url =
      fmt::format("{}://{}/-/ready", settings.web.tls ? "https" : "http", config::to_text(listen));
  request.within = 2s;
  const auto answer = errand::send(request);
  // Of its own certificate it is enough that somebody is there who has one.
  const bool is_there =
      answer || (settings.web.tls && answer.error().message.find("connect") == std::string::npos);
  if (!is_there) {
    out.add(State::look, "service", fmt::format("nobody answers at {}", config::to_text(listen)),
            "start it with `recoup run`");
    return;
  }
  const bool ready = !answer || answer->status == 200 || answer->status == 401;
  out.add(
      ready ? State::good : State::look, "service",
      fmt::format("answers at {}{}", config::to_text(listen), ready ? "" : ", and is not ready"),
      ready ? "" : "its log says what it waits for");
}

}  // namespace

Exit doctor(const DoctorOptions& options) {
  Findings out(options.json);
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const core::World world = service::system_world();
  look_at_settings(*settings, out);
  const auto probes = service::watched_probes(*settings);
  const auto keys =
      std::make_shared<sources::probe::Keyring>(environment(), world, [](const std::string&) {});
  look_at_keys(probes, *keys, world.clock.wall(), out);
  if (options.send) look_at_endpoints(probes, keys, world, out);
  look_at_descriptors(probes, out);
  if (const auto file = settings->ledger.file()) look_at_disk(*file, out);
  look_at_ledger(*settings, world.clock.wall(), out);
  look_at_service(*settings, out);
  return out.end();
}

}  // namespace recoup::cli

#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/practice_log.h"
#include "cli/practice_provider.h"
#include "cli/print_judgement.h"
#include "cli/read_file.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "config/worth.h"
#include "judge/judge.h"
#include "judge/sealing.h"
#include "rules/uses.h"
#include "service/claims.h"
#include "service/service.h"
#include "service/signals.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::Result;

constexpr const char* kAgreement = "practice-kms";

// {0}: listen port, {1}: provider port, {2}: last month.
constexpr std::string_view kSettings =
    R"(# Made by `recoup demo`: practice data throughout, no account needed.
ledger = "sqlite:recoup.db"
listen = "127.0.0.1:{0}"

[[agreement]]
id       = "practice-kms"
sla      = "aws-kms"
account  = "000000000000"
region   = "us-east-1"
practice = true

  [[agreement.probe]]
  id      = "generate-random"
  url     = "http://127.0.0.1:{1}/"
  method  = "POST"
  headers = {{ "Content-Type" = "application/x-amz-json-1.1", "X-Amz-Target" = "TrentService.GenerateRandom" }}
  body    = '{{"NumberOfBytes":32}}'
  every   = "250ms"
  request_id_header = "x-amzn-requestid"
  error_name_json   = "__type"

  [agreement.charges]
  stated = [ {{ month = "{2}", amount = "1845.00", currency = "USD", note = "practice invoice" }} ]
)";

Result<void> write_file(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) return Error{"could not be written", path.string()};
  return {};
}

// Last month, from request log to written claim.
Result<void> show_last_month(const config::Settings& settings, const fs::path& folder,
                             core::Month month, core::Instant now) {
  const auto& agreement = settings.agreements.front();
  auto ledger = open(settings, ledger::Missing::make);
  if (!ledger) return ledger.error();
  const auto terms = judge::cycle_terms(agreement, month);
  if (!terms) return terms.error();

  const std::string name = core::to_text(month);
  const std::string log = (folder / ("practice-access-" + name + ".log")).string();
  if (auto done = write_file(log, practice_log(terms->cycle.span)); !done) return done.error();
  const FileRead read = read_file(
      **ledger, {kAgreement, "application", "combined", config::worth_a_record(settings)}, log);
  if (read.exit != kDone) return read.error;
  say(fmt::format("1. read last month's request log, {}\n   {}\n", log, read.words));

  const auto journal = judge::journal_end(**ledger, kAgreement);
  if (!journal) return journal.error();
  const auto judgement =
      judge::judge(**ledger, agreement, month, charges_of(agreement, month), now);
  if (!judgement) return judgement.error();
  say("2. judged the month by the contract");
  print_judgement(*judgement);

  const std::string out = (folder / ("claim-" + name)).string();
  if (fs::exists(fs::path(out) / "SHA256SUMS")) {
    say(fmt::format("\n3. the claim is there already: {}/body.md", out));
    return {};
  }
  const auto files =
      service::write_sealed_claim(**ledger, {*judgement, *journal, nullptr, now, out});
  if (!files) return files.error();
  say(fmt::format("\n3. wrote the claim: {}/body.md\n   check it with: recoup verify {}", out,
                  out));
  return {};
}

}  // namespace

Exit demo(const DemoOptions& options) {
  const core::World world = service::system_world();
  const core::Clock& clock = world.clock;
  const fs::path folder(options.folder);
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) return complain({code.message(), options.folder}, kCouldNot);

  const service::Signals signals(clock);  // before the provider's threads start
  const auto provider = PracticeProvider::start(world);
  if (!provider) return complain(provider.error(), kCouldNot);
  const core::Month month =
      core::cycle_at(clock.wall(), core::Zone::utc()).month - std::chrono::months(1);
  const fs::path config = folder / "recoup.toml";
  const std::string text =
      fmt::format(kSettings, options.port, (*provider)->port(), core::to_text(month));
  if (auto done = write_file(config, text); !done) return complain(done.error(), kCouldNot);

  const auto settings = load(config.string());
  if (!settings) return complain(settings.error(), kWrongWords);
  say("This is practice: made-up requests, a made-up bill, a provider that runs on this "
      "machine.\n");
  if (auto done = show_last_month(*settings, folder, month, clock.wall()); !done) {
    return complain(done.error(), kCouldNot);
  }
  say("\n4. now probing the practice provider live; it fails for some seconds of every minute");
  return exit_of(
      service::serve(*settings, environment(), world, options.duration,
                     fmt::format("   judge the running month with: recoup assess --config {}\n"
                                 "   your own service: recoup init, or recoup init --for USE ({})",
                                 config.string(), rules::all_use_ids()),
                     say));
}

}  // namespace recoup::cli

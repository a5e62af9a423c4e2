#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "config/settings.h"
#include "core/credit.h"
#include "ledger/open.h"
#include "rules/catalog.h"
#include "service/service.h"

namespace recoup::cli {

// The process's environment.
documents::Environment environment();

// The settings that a command works with: the file it was given, or the default places.
core::Result<config::Settings> load(const std::string& config);

// Says on standard error what the settings probably do not mean.
void warn(const config::Settings& settings);

// The rules and the price books that can be named: the built-in ones and, where there are settings,
// the user's own.
core::Result<std::shared_ptr<const rules::Catalog>> load_catalog(const std::string& config);
core::Result<std::shared_ptr<const billing::PriceShelf>> load_books(const std::string& config);

// What the agreement cost in the month; progress on a terminal while bills are read.
core::KnownCharge charges_of(const config::AgreementSettings& agreement, core::Month month);

// The settings' ledger; says so where it made a new one.
core::Result<std::unique_ptr<ledger::Ledger>> open(
    const config::Settings& settings, ledger::Missing missing = ledger::Missing::refuse);

// The agreement of that id, or an error that lists those there are.
core::Result<const config::AgreementSettings*> pick(const config::Settings& settings,
                                                    const std::string& agreement);

// How a service that ended has the process end; complains where it could not go on.
Exit exit_of(const service::ServiceEnd& ended);

// Complains of agreements that were given twice; whether there are any.
bool complain_of_doubles(const config::Settings& settings);

// Warns of them, of all or of the one of that id: what is measured of them is right, and nothing of
// it can be claimed.
void warn_of_doubles(const config::Settings& settings, const std::string& agreement = {});

// What a command about one agreement works with.
struct Workplace {
  config::Settings settings;
  const config::AgreementSettings* agreement;  // of the settings
  std::unique_ptr<ledger::Ledger> ledger;
};

// Runs `work` with the agreement of that id and its ledger; complains where there is none.
Exit with_agreement(const std::string& config, const std::string& agreement,
                    const std::function<Exit(const Workplace&)>& work,
                    ledger::Missing missing = ledger::Missing::refuse);

}  // namespace recoup::cli

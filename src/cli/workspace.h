#pragma once

#include <memory>
#include <string>

#include "config/settings.h"
#include "ledger/ledger.h"

namespace recoup::cli {

// The process's environment.
config::Environment environment();

// The settings that a command works with: the file it was given, or the default places.
core::Result<config::Settings> load(const std::string& config);

// The settings' ledger; a relative path is taken from the settings' folder.
core::Result<std::unique_ptr<ledger::Ledger>> open(const config::Settings& settings);

// The agreement of that id, or an error that lists those there are.
core::Result<const config::AgreementSettings*> pick(const config::Settings& settings,
                                                    const std::string& agreement);

}  // namespace recoup::cli

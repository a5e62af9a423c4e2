#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "billing/books/price_shelf.h"
#include "config/agreement_settings.h"
#include "config/keep_settings.h"
#include "config/listen.h"
#include "config/notify_settings.h"
#include "config/stamp_settings.h"
#include "core/agreement.h"
#include "core/expiry.h"
#include "core/rule.h"
#include "core/zone.h"
#include "documents/files.h"
#include "ledger/address.h"
#include "record/roles.h"
#include "rules/catalog.h"
#include "sources/probe/probe_settings.h"
#include "web/access/web_config.h"

namespace recoup::config {

// Double is a second agreement of one contract, account and Region: both would claim the credit of
// one charge.
struct Double {
  std::string first, second;  // ids of agreements
  std::string complaint;      // that names both places, laid out

  // "the agreements a and c have the same contract, account and Region: …"
  std::string words() const;
};

// Settings is a checked recoup.toml with its rules.
struct Settings {
  std::string file;  // where it was read
  ledger::Address ledger;
  Listen listen;
  bool listen_is_given = false;  // in place of what the file says: a reload keeps it
  std::optional<Listen>
      sdk_listen;  // where AWS SDKs report their attempts, by UDP; nothing: nowhere
  std::vector<std::string> allowed_hosts;  // names that requests may come under; "*.example.com"
  bool reload_over_http = false;           // whether POST /-/reload has them read again
  bool mask_accounts = false;              // whether pages show the end of an account alone
  record::Role role = record::Role::all;   // what `recoup run` is, unless it is told otherwise
  std::string vantage;
  std::string signing_key;  // file of the Ed25519 key that signs seals; empty: they are not signed
  KeepSettings keep;        // for how long what was seen stays as it was written
  NotifySettings notify;    // whom the service tells what its user has to know
  std::optional<StampSettings>
      timestamps;      // who signs the time of what is recorded; nothing: nobody
  web::WebConfig web;  // how the server is protected
  std::vector<AgreementSettings> agreements;
  std::vector<Double> doubles;  // of what is measured, no harm; a claim of one stops
  std::shared_ptr<const rules::Catalog> catalog;     // the rules that agreements can name
  std::shared_ptr<const billing::PriceShelf> books;  // the price books
  // What can be used and is probably not meant, laid out like complaints; empty: nothing.
  std::string warnings;

  // Null where there is none of that id.
  const AgreementSettings* find(const std::string& id) const;

  // The words of the first of `doubles` that the agreement is one of; empty where it is none.
  std::string twin_of(const std::string& id) const;
};

// What is read once is never changed, but exchanged for other settings while some still use it.
using SharedSettings = std::shared_ptr<const Settings>;

// The agreement of that id, which keeps all of its settings; null where there is none.
std::shared_ptr<const AgreementSettings> find_shared(const SharedSettings& settings,
                                                     const std::string& id);

// Nothing, or which key of `next` a service that runs by `now` could only go over to by a new
// start.
core::Result<void> check_exchange(const Settings& now, const Settings& next);

// Reads a recoup.toml. The error's message holds all complaints, each as
// `file:line:column: error: expected …, got …`, the line, a caret and a help line.
core::Result<Settings> load_settings(const std::string& path,
                                     const documents::Environment& environment);

// The same from text; `path` is only named in complaints, and relative paths are taken from its
// folder.
core::Result<Settings> parse_settings(const std::string& text, const std::string& path,
                                      const documents::Environment& environment);

}  // namespace recoup::config

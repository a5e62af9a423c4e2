#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/answer_path.h"
#include "config/web_config.h"
#include "core/agreement.h"
#include "core/expiry.h"
#include "core/money.h"
#include "core/rule.h"
#include "core/secret.h"
#include "core/zone.h"

namespace recoup::config {

// Where an answer carries what the provider calls itself and its errors. Empty: not looked for.
struct AnswerFields {
  std::string request_id_header;
  std::string error_name_header;
  AnswerPath error_name_json;  // of a text or a whole number in a JSON body
  AnswerPath error_name_xml;   // of an element in an XML body

  // Whether the body of an error is looked at.
  bool in_body() const { return !error_name_json.empty() || !error_name_xml.empty(); }
};

struct Header {
  std::string name;
  std::string value;
  // The value, where it came from the environment or a file, or where the header's name looks like
  // a secret's; `value` is empty then.
  core::Secret secret;
};

// SigV4 with credentials from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
struct Signing {
  std::string service;
  std::string region;
};

// ProbeTls is what a probe's TLS connections need beyond the usual. Files are PEM, as paths.
struct ProbeTls {
  std::string ca_file;      // whom to believe; empty: whom the system does
  std::string client_cert;  // shown with those up to its authority; empty: none
  std::string client_key;   // its private key; there iff client_cert is
  std::string
      server_name;  // asked for, and what the certificate must be for; empty: the URL's host
};

// ProbeSettings is one HTTP request that is sent again and again, as data: a template of the rule
// with the user's own keys over it.
struct ProbeSettings {
  std::string id;
  std::string url;
  std::string method = "GET";
  std::vector<Header> headers;
  std::string body;
  std::optional<Signing> sign;
  AnswerFields answer;
  std::vector<int> expect;  // statuses that are not worth evidence; empty: 200 to 399
  core::Millis every{5000};
  core::Millis timeout{10000};
  bool keep_alive = true;
  std::shared_ptr<const ProbeTls> tls;  // nothing: the usual
};

// What the user says a cycle cost, from the invoice.
struct StatedCharge {
  core::Month month;
  core::Money amount;
  std::string note;
};

// BillSettings says where the user's own bill lies and what in it is the agreement's. What is left
// out follows from the agreement and its price book.
struct BillSettings {
  std::string format;              // "focus", "cur", "cost-explorer", "bss"; empty: told by content
  std::vector<std::string> paths;  // of files; * and ? stand for any characters of a name
  std::map<std::string, std::string> names;  // of the service by format, as price books have it
  std::string provider;                      // as the bill names it
  std::string service;                       // likewise
  std::string region;                        // likewise
  std::string account;                       // likewise
  std::string currency;                      // the one that counts, where the bill has several
  std::vector<std::string> classes;          // of charges that enter; empty: usage alone
  bool filtered = false;  // the bill holds nothing but the agreement's service and Region
};

struct PriceBook;

// BookSettings is an estimate from published prices: what is used of the service in a month.
struct BookSettings {
  std::shared_ptr<const PriceBook> book;
  std::map<std::string, std::string> order;  // what was given for each input of the book
};

// Where the charges come from. A stated amount decides over the bill, the bill over the estimate.
struct ChargeSettings {
  std::vector<StatedCharge> stated;
  std::vector<BillSettings> bills;  // they add up
  std::optional<BookSettings> book;

  bool empty() const { return stated.empty() && bills.empty() && !book; }
};

// Expiry is a prepaid instance that reached its expiration date, and what follows from that.
struct Expiry {
  core::Date expires;  // as the provider shows it
  core::ExpiryTimeline timeline;
  std::optional<core::Instant> renewed;  // nothing: it was not
  std::string zone;                      // the provider's
};

// Overdue is a time in which the account owed the provider money.
struct Overdue {
  core::Instant since;
  std::optional<core::Instant> paid;  // nothing: it still does
  core::Instant last_restoration;
  std::string zone;  // the provider's
};

struct AgreementSettings {
  core::Agreement agreement;
  std::shared_ptr<const core::Rule> rule;
  std::optional<std::string> time_zone;  // overrides the rule's cycle zone
  std::vector<ProbeSettings> probes;
  ChargeSettings charges;
  // What these cause is the customer's own: `agreement.exclusions` has their times.
  std::vector<Expiry> expiries;
  std::vector<Overdue> overdues;
};

struct Listen {
  std::string host = "127.0.0.1";  // 0.0.0.0 for ":port"
  int port = 9464;                 // 0: any free port
};

// Double is a second agreement of one contract, account and Region: both would claim the credit of
// one charge.
struct Double {
  std::string first, second;  // ids of agreements
  std::string complaint;      // that names both places, laid out
};

class Catalog;

// Settings is a checked recoup.toml with its rules.
struct Settings {
  std::string file;  // where it was read
  std::string ledger = "sqlite:recoup.db";
  Listen listen;
  std::vector<std::string> allowed_hosts;  // names that requests may come under; "*.example.com"
  std::string vantage;
  std::string signing_key;  // file of the Ed25519 key that signs seals; empty: they are not signed
  WebConfig web;            // how the server is protected
  std::vector<AgreementSettings> agreements;
  std::vector<Double> doubles;  // of what is measured, no harm; nothing of it can be claimed
  std::shared_ptr<const Catalog> catalog;  // the rules that agreements can name
  // What can be used and is probably not meant, laid out like complaints; empty: nothing.
  std::string warnings;

  const AgreementSettings* find(const std::string& id) const;

  // The first of `doubles` that the agreement is one of; null where it is none.
  const Double* find_double(const std::string& id) const;
};

// Environment is what the settings may take from the process's environment.
using Environment = std::map<std::string, std::string>;

// Reads a recoup.toml. The error's message holds all complaints, each as
// `file:line:column: error: expected …, got …`, the line, a caret and a help line.
core::Result<Settings> load_settings(const std::string& path, const Environment& environment);

// The same from text; `path` is only named in complaints, and relative paths are taken from its
// folder.
core::Result<Settings> parse_settings(const std::string& text, const std::string& path,
                                      const Environment& environment);

// The contract's zone, or the agreement's own.
core::Result<core::Zone> zone_of(const AgreementSettings& agreement, const core::Version& version);

}  // namespace recoup::config

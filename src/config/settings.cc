#include "config/settings.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>
#include <unistd.h>

#include "billing/books/price_book_reader.h"
#include "config/agreement_settings.h"
#include "config/listen.h"
#include "documents/files.h"
#include "rules/zones.h"

namespace recoup::config {
namespace {

namespace fs = std::filesystem;

std::string host_name(const documents::Environment& environment) {
  if (const auto found = environment.find("HOSTNAME");
      found != environment.end() && !found->second.empty()) {
    return found->second;
  }
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

// "recoup.example.com", "*.example.com" for all names under it, "*" for every name.
bool is_host_name(std::string_view text) {
  if (text == "*") return true;
  if (text.starts_with("*.")) text.remove_prefix(2);
  return !text.empty() && !text.starts_with('.') &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.';
         });
}

void read_allowed_hosts(const documents::Value& value, std::vector<std::string>& out) {
  for (const documents::Value& item : value.items()) {
    const auto text = item.text();
    if (!text) continue;
    if (is_host_name(*text)) {
      out.push_back(*text);
    } else {
      item.complain(fmt::format("expected the name of a host, got '{}'", *text),
                    "a name has neither scheme nor port: \"recoup.example.com\", or "
                    "\"*.example.com\" for all under it; addresses need not be listed");
    }
  }
}

// Reads the file that says how the server is protected; gives the complaints about it, laid out, or
// nothing.
std::string read_web(const documents::Value& value, const fs::path& folder, web::WebConfig& out) {
  const auto name = value.text();
  if (!name) return {};
  const std::string path = (folder / *name).string();
  const auto text = documents::read_file(path, web::kLargestWebFile);
  if (!text) {
    value.complain(text.error());
    return {};
  }
  auto web = web::parse_web_config(*text, path);
  if (!web) return web.error().message;
  out = *std::move(web);
  return {};
}

// Complaints about one file and about the next, laid out.
std::string together(const std::string& first, const std::string& second) {
  return first + (first.empty() || second.empty() ? "" : "\n") + second;
}

// Whoever reaches the address can report attempts: there is no way to ask who they are.
std::optional<Listen> read_sdk_listen(const documents::Value& value) {
  auto listen = read_listen(value, "127.0.0.1:31000");
  if (listen && !is_loopback(listen->host)) {
    value.warn(fmt::format("expected an address that only this machine reaches, got '{}'",
                           to_text(*listen)),
               "whoever can reach it can report attempts, and nobody is asked who they are; "
               "127.0.0.1 is for this machine alone");
  }
  return listen;
}

std::optional<record::Role> read_role(const documents::Value& value) {
  const auto text = value.text();
  if (!text) return std::nullopt;
  const auto role = record::parse_role(*text);
  if (!role) {
    value.complain(fmt::format("expected \"all\", \"prober\" or \"judge\", got '{}'", *text),
                   "a prober probes and counts, a judge judges, seals and tells, all does both");
  }
  return role;
}

// Counts, leases and metrics go by it.
std::optional<std::string> read_vantage(const documents::Value& value) {
  auto text = value.text();
  const auto is_control = [](unsigned char letter) { return letter < ' ' || letter == 0x7f; };
  if (!text || std::none_of(text->begin(), text->end(), is_control)) return text;
  value.complain("expected a name in one line, got control characters",
                 "what is counted is kept under it: vantage = \"berlin\"");
  return std::nullopt;
}

// A relative path is taken from the settings' folder.
void read_ledger(const documents::Value& value, const fs::path& folder, ledger::Address& out) {
  if (const auto text = value.text()) {
    auto address = ledger::Address::parse(*text);
    if (!address) {
      value.complain(address.error());
      return;
    }
    out = *std::move(address);
  }
  out = out.in(folder.string());
}

std::vector<fs::path> rule_paths(const fs::path& folder, std::error_code& code) {
  std::vector<fs::path> paths;
  for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
    if (at->path().extension() == ".toml") paths.push_back(at->path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

const std::string& id_of(const rules::RuleFile& file) { return file.rule.id; }
const std::string& id_of(const billing::PriceBook& book) { return book.id; }

// Adds what was read; gives the complaints of its reader.
template <typename T, typename Shelf>
std::string add_own(core::Result<T> read, const fs::path& path, const documents::Value& value,
                    Shelf& shelf) {
  if (!read) return read.error().message;
  const std::string id = id_of(*read);
  if (!shelf.add(*std::move(read))) {
    value.complain(fmt::format("expected one {} with the id '{}', got a second in '{}'",
                               std::is_same_v<T, rules::RuleFile> ? "rule" : "price book", id,
                               path.string()));
  }
  return {};
}

// Adds the user's own rules and price books; gives the complaints about them, laid out, or nothing.
std::string add_own_rules(const documents::Value& value, const fs::path& folder,
                          rules::Catalog& catalog, billing::PriceShelf& books) {
  const auto name = value.text();
  if (!name) return {};
  std::error_code code;
  std::string complaints;
  for (const fs::path& path : rule_paths(folder / *name, code)) {
    const auto text = documents::read_file(path);
    if (!text) {
      value.complain(text.error());
      continue;
    }
    const auto complaint =
        billing::is_price_book(*text)
            ? add_own(billing::parse_price_book(*text, path.string()), path, value, books)
            : add_own(rules::parse_rule_file(*text, path.string()), path, value, catalog);
    complaints = together(complaints, complaint);
  }
  if (code)
    value.complain(fmt::format("expected a folder of rules, got '{}'", *name),
                   documents::reason(code));
  return complaints;
}

// Whether both are one claim: they are of one contract, account and Region at the same time. Where
// the contract holds for a part of these, like a cluster, nothing tells that they are of one.
bool is_double(const AgreementSettings& a, const AgreementSettings& b) {
  const core::Agreement& one = a.agreement;
  const core::Agreement& other = b.agreement;
  const auto& scope = a.rule->scope;
  if (std::find(scope.begin(), scope.end(), "resource") != scope.end()) return false;
  const bool apart = (one.until && other.since && *one.until <= *other.since) ||
                     (other.until && one.since && *other.until <= *one.since);
  return !apart && one.practice == other.practice;
}

// Finds the agreements that were given twice while they are read one after the other.
class Doubles {
 public:
  Doubles(const documents::Document& document, Settings& settings)
      : document_(document), settings_(settings) {}

  // The last agreement of the settings, and where it stands.
  void look_at(const documents::Span& at) {
    const std::size_t index = places_.size();
    places_.push_back(at);
    const AgreementSettings& second = settings_.agreements[index];
    if (second.rule == nullptr) return;
    const core::Agreement& is = second.agreement;
    auto& same = by_subject_[{is.sla, is.account, is.region}];
    const auto first = std::find_if(same.begin(), same.end(), [&](std::size_t other) {
      return is_double(settings_.agreements[other], second);
    });
    if (first != same.end()) add(*first, index);
    same.push_back(index);
  }

 private:
  void add(std::size_t first, std::size_t second) {
    const core::Agreement& one = settings_.agreements[first].agreement;
    const core::Agreement& other = settings_.agreements[second].agreement;
    std::string what = one.sla;
    for (const std::string* part : {&one.account, &one.region}) {
      if (!part->empty()) what += ", " + *part;
    }
    documents::Complaint complaint{
        places_[second],
        fmt::format("expected one agreement for {}, got '{}' and '{}' at {}:{}:{}", what, other.id,
                    one.id, settings_.file, places_[first].line, places_[first].column),
        "both would claim the credit of one charge: give the probes and logs of "
        "both to one of them"};
    settings_.doubles.push_back({one.id, other.id, text_of(std::move(complaint))});
  }

  // With the line it is about; of very many not, for which all of the file is read each time.
  std::string text_of(documents::Complaint complaint) const {
    constexpr std::size_t kMostLaidOut = 20;
    if (settings_.doubles.size() < kMostLaidOut) return document_.laid_out(std::move(complaint));
    return fmt::format("{}:{}:{}: error: {}\nhelp: {}", settings_.file, complaint.at.line,
                       complaint.at.column, complaint.message, complaint.help);
  }

  const documents::Document& document_;
  Settings& settings_;
  std::vector<documents::Span> places_;  // by agreement
  std::map<std::array<std::string, 3>, std::vector<std::size_t>> by_subject_;
};

void read_agreements(const documents::Document& document, const documents::Table& root,
                     const AgreementContext& context, Settings& settings) {
  const documents::Value list = root.optional("agreement");
  std::set<std::string> ids;
  Doubles doubles(document, settings);
  for (const documents::Table& table : list.tables()) {
    bool has_own_ids = true;
    for (AgreementSettings& agreement : agreements_of(table, context)) {
      const std::string& id = agreement.agreement.id;
      if (has_own_ids && !id.empty() && !ids.insert(id).second) {
        table.optional("id").complain(
            fmt::format("expected an id of its own, got '{}' a second time", id));
        has_own_ids = false;
      }
      settings.agreements.push_back(std::move(agreement));
      doubles.look_at(table.at());
    }
  }
  if (!list || (list.is_array() && list.items().empty())) {
    root.complain("expected at least one [[agreement]], got none",
                  "`recoup init` writes an example");
  }
}

}  // namespace

const AgreementSettings* Settings::find(const std::string& id) const {
  const auto found = std::find_if(agreements.begin(), agreements.end(),
                                  [&](const auto& a) { return a.agreement.id == id; });
  return found == agreements.end() ? nullptr : &*found;
}

std::shared_ptr<const AgreementSettings> find_shared(const SharedSettings& settings,
                                                     const std::string& id) {
  return {settings, settings->find(id)};
}

core::Result<void> check_exchange(const Settings& now, const Settings& next) {
  const auto words = [](const std::optional<Listen>& listen) {
    return listen ? to_text(*listen) : "none";
  };
  struct Row {
    std::string_view key;
    bool same;
    std::string is, wanted;
  };
  for (const Row& row :
       {Row{"ledger", now.ledger == next.ledger, now.ledger.shown(), next.ledger.shown()},
        Row{"listen", now.listen == next.listen, to_text(now.listen), to_text(next.listen)},
        Row{"sdk_listen", now.sdk_listen == next.sdk_listen, words(now.sdk_listen),
            words(next.sdk_listen)},
        Row{"role", now.role == next.role, std::string(record::to_text(now.role)),
            std::string(record::to_text(next.role))},
        Row{"vantage", now.vantage == next.vantage, now.vantage, next.vantage},
        Row{"signing_key", now.signing_key == next.signing_key, now.signing_key,
            next.signing_key}}) {
    if (row.same) continue;
    return core::Error{fmt::format("expected the '{}' that the service runs with, '{}', got '{}'",
                                   row.key, row.is, row.wanted),
                       next.file, "restart the service to change it"};
  }
  return {};
}

std::string Double::words() const {
  return fmt::format(
      "the agreements {} and {} have the same contract, account and Region: both "
      "would claim the credit of one charge",
      first, second);
}

std::string Settings::twin_of(const std::string& id) const {
  const auto found = std::find_if(doubles.begin(), doubles.end(), [&](const Double& one) {
    return one.first == id || one.second == id;
  });
  return found == doubles.end() ? std::string() : found->words();
}

core::Result<Settings> parse_settings(const std::string& text, const std::string& path,
                                      const documents::Environment& environment) {
  documents::Document document(path, text);
  Settings settings;
  settings.file = path;
  std::string elsewhere;  // complaints about files that the settings name
  if (document.is_sound()) {
    const documents::Table root = document.root();
    const fs::path folder = fs::path(path).parent_path();
    read_ledger(root.optional("ledger"), folder, settings.ledger);
    settings.listen = read_listen(root.optional("listen"), "127.0.0.1:9464").value_or(Listen{});
    read_allowed_hosts(root.optional("allowed_hosts"), settings.allowed_hosts);
    settings.reload_over_http = root.optional("reload_over_http").boolean().value_or(false);
    settings.mask_accounts = root.optional("mask_accounts").boolean().value_or(false);
    const documents::Value sdk_listen = root.optional("sdk_listen");
    settings.sdk_listen = read_sdk_listen(sdk_listen);
    settings.role = read_role(root.optional("role")).value_or(record::Role::all);
    settings.vantage = read_vantage(root.optional("vantage")).value_or(host_name(environment));
    if (const auto key = root.optional("signing_key").text()) {
      settings.signing_key = (folder / *key).string();
    }
    settings.keep = read_keep(root.optional("keep"));
    settings.timestamps = read_stamps(root.optional("timestamps"), folder);
    elsewhere = read_web(root.optional("web_config"), folder, settings.web);
    settings.notify = read_notify(root.optional("notify"), {environment, folder});
    const auto catalog = std::make_shared<rules::Catalog>();
    const auto books = std::make_shared<billing::PriceShelf>();
    const std::string complaints = add_own_rules(root.optional("rules"), folder, *catalog, *books);
    // Without its rules an agreement cannot be judged: complaints about it would mislead.
    if (!complaints.empty()) return core::Error{together(elsewhere, complaints)};
    SdkLogs sdk(static_cast<bool>(sdk_listen));
    const std::string contact = read_contact(root.optional("contact")).value_or("");
    read_agreements(document, root,
                    {document, *catalog, *books, {environment, folder}, sdk, contact, elsewhere},
                    settings);
    if (sdk_listen && sdk.empty()) {
      sdk_listen.warn("expected an [[agreement.log]] with format = \"csm\", got none",
                      "without one nothing that SDKs report is counted");
    }
    settings.catalog = catalog;
    settings.books = books;
  }
  const auto done = document.finish();
  settings.warnings = document.warnings();
  if (!done || !elsewhere.empty()) {
    return core::Error{together(done ? "" : done.error().message, elsewhere)};
  }
  return settings;
}

core::Result<Settings> load_settings(const std::string& path,
                                     const documents::Environment& environment) {
  const auto text = documents::read_file(path);
  if (!text) {
    return core::Error{
        documents::lay_out(path, "", {{{}, text.error().message, text.error().help}})};
  }
  return parse_settings(*text, path, environment);
}

}  // namespace recoup::config

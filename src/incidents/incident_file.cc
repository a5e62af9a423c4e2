#include "incidents/incident_file.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "incidents/forms.h"
#include "incidents/one_line.h"

namespace recoup::incidents {
namespace {

using Kind = documents::JsonNode::Kind;
using Records = std::vector<const documents::JsonNode*>;

constexpr const char* kFormsHelp =
    "what is read: the answers of `aws health describe-events` and `describe-event-details`, "
    "events "
    "of AWS Health from EventBridge, a Statuspage's /api/v2/incidents.json or one incident of it, "
    "https://status.cloud.google.com/incidents.json, and the events of Azure's Resource Health "
    "API; "
    "an incident of any other provider: recoup incident add";

// Found is a file whose form is known: its records, and whose they are by a word around them.
struct Found {
  Form form;
  Records records;
  std::string provider = {};
};

bool is_from_eventbridge(const documents::JsonNode& node) {
  const documents::JsonNode* source = node.find("source");
  return source != nullptr && source->text == "aws.health" && node.find("detail") != nullptr;
}

bool is_statuspage(const documents::JsonNode& node) {
  return node.find("incident_updates") != nullptr ||
         (node.find("shortlink") != nullptr && node.find("created_at") != nullptr);
}

bool is_google(const documents::JsonNode& node) {
  return node.find("begin") != nullptr &&
         (node.find("external_desc") != nullptr || node.find("affected_products") != nullptr);
}

bool is_azure(const documents::JsonNode& node) {
  const documents::JsonNode* type = node.find("type");
  const documents::JsonNode* properties = node.find("properties");
  return (type != nullptr && type->text.ends_with("Microsoft.ResourceHealth/events")) ||
         (properties != nullptr && properties->find("eventType") != nullptr);
}

// By the record itself.
std::optional<Form> form_of(const documents::JsonNode& record) {
  if (is_from_eventbridge(record)) return Form::aws_health;
  if (is_google(record)) return Form::google;
  if (is_statuspage(record)) return Form::statuspage;
  if (is_azure(record)) return Form::azure;
  return std::nullopt;
}

Records all_of(const documents::JsonNode& list) {
  Records all;
  for (const documents::JsonNode& one : list.children) all.push_back(&one);
  return all;
}

const documents::JsonNode* list_at(const documents::JsonNode& root, std::string_view key) {
  const documents::JsonNode* list = root.find(key);
  return list != nullptr && list->is(Kind::array) ? list : nullptr;
}

std::string page_name(const documents::JsonNode& root) {
  const documents::JsonNode* page = root.find("page");
  const documents::JsonNode* name = page == nullptr ? nullptr : page->find("name");
  return name == nullptr ? "" : one_line(name->text);
}

std::optional<Found> in_object(const documents::JsonNode& root) {
  for (const char* key : {"events", "successfulSet"}) {
    if (const documents::JsonNode* list = list_at(root, key))
      return Found{Form::aws_health, all_of(*list)};
  }
  if (const documents::JsonNode* list = list_at(root, "incidents")) {
    return Found{Form::statuspage, all_of(*list), page_name(root)};
  }
  if (const documents::JsonNode* one = root.find("incident");
      one != nullptr && is_statuspage(*one)) {
    return Found{Form::statuspage, {one}, page_name(root)};
  }
  if (const documents::JsonNode* list = list_at(root, "value");
      list != nullptr && (list->children.empty() || is_azure(list->children.front()))) {
    return Found{Form::azure, all_of(*list)};
  }
  if (const auto form = form_of(root)) return Found{*form, {&root}};
  return std::nullopt;
}

std::optional<Found> find_records(const documents::JsonNode& root) {
  if (root.is(Kind::object)) return in_object(root);
  if (!root.is(Kind::array)) return std::nullopt;
  for (const documents::JsonNode& one : root.children) {
    if (const auto form = form_of(one)) return Found{*form, all_of(root)};
  }
  return std::nullopt;
}

Told read_record(Form form, RecordReader& in) {
  switch (form) {
    case Form::aws_health: return read_aws_event(in);
    case Form::statuspage: return read_statuspage_incident(in);
    case Form::google: return read_google_incident(in);
    case Form::azure: return read_azure_event(in);
  }
  return {};
}

// What is the same of all forms.
void check(RecordReader& in, core::ProviderIncident& one, const std::string& provider) {
  if (!provider.empty()) one.provider = provider;
  if (one.provider.empty()) {
    in.refuse(in.record(), "expected to be told whose incident this is, got no page's name",
              "say it with --provider NAME");
  }
  if (one.end && *one.end < one.begin) {
    in.refuse(in.record(), fmt::format("expected an end behind the begin {}, got {}",
                                       core::to_text(one.begin), core::to_text(*one.end)));
  }
  if (!one.url.starts_with("https://") && !one.url.starts_with("http://")) one.url.clear();
  std::erase(one.services, "");
  std::erase(one.regions, "");
}

// ReadingOfFile is one file that is being read.
class ReadingOfFile {
 public:
  ReadingOfFile(const std::string& name, std::string_view text, const std::string& digest,
                const IncidentOptions& options)
      : name_(name), text_(text), digest_(digest), options_(options) {}

  IncidentFile read(const Found& found) {
    file_.form = found.form;
    provider_ = options_.provider.empty() ? found.provider : options_.provider;
    for (const documents::JsonNode* record : found.records) read_one(*record);
    return std::move(file_);
  }

 private:
  void read_one(const documents::JsonNode& record) {
    RecordReader in(record);
    if (!record.is(Kind::object)) in.refuse(record, "expected an object, got something else");
    Told told = in.complaint() ? Told() : read_record(file_.form, in);
    for (core::ProviderIncident& one : told.incidents) check(in, one, provider_);
    if (in.complaint()) {
      ++file_.unreadable;
      if (file_.complaints.size() < kMostComplaints) {
        const auto& [at, message, help] = *in.complaint();
        file_.complaints.push_back(documents::complaint_text(
            name_, text_, {documents::span_of_bytes(text_, at->begin, at->end), message, help}));
      }
      return;
    }
    if (!told.why.empty()) {
      file_.left_out.push_back({std::move(told.what), std::move(told.why)});
    }
    for (core::ProviderIncident& one : told.incidents) {
      one.source = digest_;
      one.agreements = options_.agreements;
      file_.incidents.push_back(std::move(one));
    }
  }

  const std::string& name_;
  std::string_view text_;
  const std::string& digest_;
  const IncidentOptions& options_;
  std::string provider_;
  IncidentFile file_;
};

}  // namespace

std::string_view to_text(Form form) {
  switch (form) {
    case Form::aws_health: return "AWS Health";
    case Form::statuspage: return "Statuspage";
    case Form::google: return "Google Cloud's status";
    case Form::azure: return "Azure's Resource Health";
  }
  return "";
}

core::Result<IncidentFile> read_incident_file(const std::string& name, std::string_view text,
                                              const std::string& digest,
                                              const IncidentOptions& options) {
  const auto refused = [&](documents::Complaint complaint) {
    if (complaint.help.empty()) complaint.help = kFormsHelp;
    return core::Error{documents::complaint_text(name, text, complaint)};
  };
  documents::JsonTree tree = documents::read_json(text);
  if (!tree.root) return refused(std::move(tree.fault));
  const documents::JsonNode& root = *tree.root;
  const auto found = find_records(root);
  if (!found) {
    return refused({documents::span_of_bytes(text, root.begin, root.begin + 1),
                    "expected incidents of a provider, got other JSON", ""});
  }
  return ReadingOfFile(name, text, digest, options).read(*found);
}

}  // namespace recoup::incidents

#include "claim/case_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "claim/documents.h"
#include "claim/filing_texts.h"
#include "claim/logs.h"
#include "claim/verify/read_back.h"
#include "record/base64.h"
#include "report/json.h"

namespace recoup::claim {
namespace {

using core::Result;
using report::Json;

// A set with the files' content, as AddAttachmentsToSet takes it.
Result<Json> attachments_json(const std::vector<std::string>& names, const std::string& folder) {
  Json list = Json::array();
  for (const std::string& name : names) {
    const auto content = read_whole(folder, name);
    if (!content) return content.error();
    list.push_back({{"fileName", name}, {"data", record::to_base64(*content)}});
  }
  return Json{{"attachments", std::move(list)}};
}

// What does not fit into the first set follows as communications of the same case.
Json more_json(const std::vector<std::vector<std::string>>& sets) {
  Json list = Json::array();
  for (std::size_t i = 1; i < sets.size(); ++i) {
    list.push_back({{"communicationBody",
                     fmt::format("Further files of this claim, set {} of {}.", i + 1, sets.size())},
                    {"attachments", sets[i]}});
  }
  return list;
}

// The text is the plain one: nothing in the interface's description speaks of Markdown, and a table
// of it is hard to read where it is shown as it was sent. The codes are looked up by send.sh.
Json create_case_json(const Claim& claim, const Body& body) {
  return {{"subject", subject_text(claim)},
          {"communicationBody", body.plain},
          {"issueType", "customer-service"},
          {"language", "en"}};
}

Result<Json> aws_json(const Claim& claim, const Body& body,
                      const std::vector<std::vector<std::string>>& sets,
                      const std::string& folder) {
  auto first = attachments_json(sets.front(), folder);
  if (!first) return first.error();
  Json json;
  json["interface"] =
      "AWS Support API 2013-04-15; it needs a Business, Enterprise On-Ramp or "
      "Enterprise support plan: without one open the case in the Support Center";
  json["look_up_first"] = {
      {"serviceCode", "DescribeServices: the service of the claim"},
      {"categoryCode", "DescribeServices: the category for billing of that service"},
      {"severityCode", "DescribeSeverityLevels: the lowest"},
      {"attachmentSetId", "the answer to AddAttachmentsToSet; it lives for an hour"}};
  json["AddAttachmentsToSet"] = *std::move(first);
  json["CreateCase"] = create_case_json(claim, body);
  if (sets.size() > 1) {
    json["AddCommunicationToCase"] = more_json(sets);
  }
  return json;
}

Json alibaba_json(const Claim& claim, const Body& body, const std::vector<std::string>& attached) {
  Json json;
  json["interface"] = "Alibaba Cloud Ticket System API, Workorder 2021-06-10";
  json["look_up_first"] = {
      {"CategoryId", "ListCategories: the category for billing of the service"},
      {"FileNameList", "upload each file with GetAttachmentUploadUrl; its ObjectKey goes here"}};
  json["CreateTicket"] = {
      {"Title", subject_text(claim)}, {"Description", body.plain}, {"Severity", 1}};
  json["files"] = attached;
  return json;
}

// A set as the AWS CLI takes it, written piece by piece: files are large.
Result<void> write_set(const std::vector<std::string>& names, const std::string& folder,
                       const Sink& sink) {
  sink("{\n  \"attachments\": [");
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto content = read_whole(folder, names[i]);
    if (!content) return content.error();
    sink(fmt::format("{}\n    {{\n      \"fileName\": {},\n      \"data\": \"", i == 0 ? "" : ",",
                     Json(names[i]).dump()));
    constexpr std::size_t kPiece = 3 * 64 * 1024;  // of three bytes each: none is padded inside
    for (std::size_t at = 0; at < content->size(); at += kPiece) {
      sink(record::to_base64(std::string_view(*content).substr(at, kPiece)));
    }
    sink("\"\n    }");
  }
  sink("\n  ]\n}\n");
  return {};
}

CaseFile of_json(std::string name, std::function<Result<Json>()> make) {
  return {std::move(name), [make = std::move(make)](const Sink& sink) -> Result<void> {
            const auto json = make();
            if (!json) return json.error();
            sink(report::indented(*json) + '\n');
            return {};
          }};
}

CaseFile of_text(std::string name, std::string text) {
  return {std::move(name), [text = std::move(text)](const Sink& sink) -> Result<void> {
            sink(text);
            return {};
          }};
}

std::string set_name(std::size_t set) {
  return set == 1 ? "add-attachments.cli.json" : fmt::format("add-attachments-{}.cli.json", set);
}

std::vector<CaseFile> aws_files(const Claim& claim, const Body& body,
                                const std::vector<std::string>& attached,
                                const std::string& folder) {
  const auto sets = attachment_sets(attached);
  std::vector<CaseFile> files;
  files.push_back(of_json(
      kAwsCase, [&claim, &body, sets, folder] { return aws_json(claim, body, sets, folder); }));
  files.push_back(of_json(kAwsCliCase,
                          [&claim, &body] { return Result<Json>(create_case_json(claim, body)); }));
  for (std::size_t i = 0; i < sets.size(); ++i) {
    files.push_back({set_name(i + 1), [names = sets[i], folder](const Sink& sink) {
                       return write_set(names, folder, sink);
                     }});
  }
  files.push_back(of_text(kSend, send_script(claim.rule->service, sets.size())));
  return files;
}

}  // namespace

std::vector<std::vector<std::string>> attachment_sets(const std::vector<std::string>& attached) {
  std::vector<std::vector<std::string>> sets;
  for (const std::string& name : attached) {
    if (sets.empty() || sets.back().size() == kAttachmentsInSet) sets.emplace_back();
    sets.back().push_back(name);
  }
  return sets;
}

std::string case_file_name(const Claim& claim) {
  if (claim.agreement.by_partner) return "";
  const std::string& provider = claim.rule->provider;
  if (provider == "aws") return kSend;
  return provider == "alibaba" ? kAlibabaCase : kForm;
}

bool is_case_file(std::string_view name) {
  return name == kAwsCase || name == kAwsCliCase || name == kSend || name == kAlibabaCase ||
         name == kForm || (name.starts_with("add-attachments") && name.ends_with(".cli.json"));
}

std::vector<CaseFile> case_files(const Claim& claim, const Body& body,
                                 const std::vector<std::string>& attached,
                                 const std::string& folder) {
  std::vector<CaseFile> files;
  const std::string name = case_file_name(claim);
  if (name == kSend) return aws_files(claim, body, attached, folder);
  if (name == kAlibabaCase) {
    files.push_back(of_json(kAlibabaCase, [&claim, &body, attached] {
      return Result<Json>(alibaba_json(claim, body, attached));
    }));
  }
  if (name == kForm) files.push_back(of_text(kForm, form_text(claim, attached)));
  return files;
}

}  // namespace recoup::claim

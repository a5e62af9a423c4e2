#include "claim/case_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "claim/documents.h"
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
    list.push_back(
        {{"communicationBody", fmt::format("Request logs, set {} of {}.", i + 1, sets.size())},
         {"attachments", sets[i]}});
  }
  return list;
}

Result<Json> aws_json(const Claim& claim, const std::string& body,
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
  json["CreateCase"] = {{"subject", subject_text(claim)},
                        {"communicationBody", body},
                        {"issueType", "customer-service"},
                        {"language", "en"}};
  if (sets.size() > 1) {
    json["AddCommunicationToCase"] = more_json(sets);
  }
  return json;
}

Result<Json> alibaba_json(const Claim& claim, const std::string& body,
                          const std::vector<std::vector<std::string>>& sets) {
  Json files = Json::array();
  for (const auto& set : sets) {
    for (const std::string& name : set) files.push_back(name);
  }
  Json json;
  json["interface"] = "Alibaba Cloud Ticket System API, Workorder 2021-06-10";
  json["look_up_first"] = {
      {"CategoryId", "ListCategories: the category for billing of the service"},
      {"FileNameList", "upload each file with GetAttachmentUploadUrl; its ObjectKey goes here"}};
  json["CreateTicket"] = {{"Title", subject_text(claim)}, {"Description", body}, {"Severity", 1}};
  json["files"] = std::move(files);
  return json;
}

}  // namespace

std::vector<std::vector<std::string>> attachment_sets(const std::vector<WrittenFile>& logs) {
  std::vector<std::vector<std::string>> sets;
  for (const WrittenFile& file : logs) {
    if (sets.empty() || sets.back().size() == kAttachmentsInSet) sets.emplace_back();
    sets.back().push_back(file.name);
  }
  return sets;
}

std::string case_file_name(const std::string& provider) {
  if (provider == "aws") return kAwsCase;
  return provider == "alibaba" ? kAlibabaCase : "";
}

Result<std::string> case_text(const Claim& claim, const std::string& body,
                              const std::vector<WrittenFile>& logs, const std::string& folder) {
  const auto sets = attachment_sets(logs);
  const auto json = case_file_name(claim.rule->provider) == kAwsCase
                        ? aws_json(claim, body, sets, folder)
                        : alibaba_json(claim, body, sets);
  if (!json) return json.error();
  return report::indented(*json) + '\n';
}

}  // namespace recoup::claim

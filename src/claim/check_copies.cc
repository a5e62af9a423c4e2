#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "claim/case_json.h"
#include "claim/findings.h"
#include "claim/html_text.h"
#include "claim/words.h"

namespace recoup::claim {
namespace {

using Json = nlohmann::json;

// What stands at a place of the document; nothing where it is no text.
std::string text_at(const Json& json, const char* place) {
  const Json::json_pointer pointer(place);
  const bool there = json.contains(pointer) && json.at(pointer).is_string();
  return there ? json.at(pointer).get<std::string>() : "";
}

void expect_file(const std::string& folder, const std::string& name, const std::string& end,
                 const std::string& copy, const std::string& where, Findings& findings) {
  const auto text = read_whole(folder, name);
  if (!text) return findings.differs(text.error());
  if (json_text(*text) != copy + end) {
    findings.differs(fmt::format("{}: expected what {} says, got another text", where, name));
  }
}

void check_attachments(const std::string& folder, const Json& json, Findings& findings) {
  const Json::json_pointer place("/AddAttachmentsToSet/attachments");
  if (!json.contains(place) || !json.at(place).is_array() || json.at(place).empty()) {
    return findings.differs(fmt::format("{}: expected attachments", kAwsCase));
  }
  for (const Json& attachment : json.at(place)) {
    const std::string name = text_at(attachment, "/fileName");
    if (!name.ends_with(".log") || name.find('/') != std::string::npos) {
      findings.differs(fmt::format("{}: expected a log's name, got '{}'", kAwsCase, name));
      continue;
    }
    const auto content = read_whole(folder, name);
    if (!content) {
      findings.differs(content.error());
    } else if (text_at(attachment, "/data") != base64(*content)) {
      findings.differs(
          fmt::format("{}: expected the content of {} in base64, got another", kAwsCase, name));
    }
  }
}

void check_case(const std::string& folder, const std::string& name, Findings& findings) {
  findings.check(fmt::format("{} repeats subject.txt, body.md and the logs", name));
  const auto text = read_whole(folder, name);
  if (!text) return findings.differs(text.error());
  const Json json = Json::parse(*text, nullptr, false);
  if (json.is_discarded()) return findings.differs(fmt::format("{}: expected JSON", name));
  const bool aws = name == kAwsCase;
  expect_file(folder, "subject.txt", "\n",
              text_at(json, aws ? "/CreateCase/subject" : "/CreateTicket/Title"),
              name + (aws ? ": subject" : ": Title"), findings);
  expect_file(folder, "body.md", "",
              text_at(json, aws ? "/CreateCase/communicationBody" : "/CreateTicket/Description"),
              name + (aws ? ": communicationBody" : ": Description"), findings);
  if (aws) check_attachments(folder, json, findings);
}

void check_page(const std::string& folder, const Stated& stated, Findings& findings) {
  findings.check("claim.html shows the uptime, the amount and the seal of claim.json");
  const auto page = read_whole(folder, "claim.html");
  if (!page) return findings.differs(page.error());
  const auto expect = [&](const char* what, const std::string& html) {
    if (page->find(html) != std::string::npos) return;
    findings.differs(fmt::format("claim.html: expected the {} of claim.json, {}", what, html));
  };
  expect("uptime", fmt::format("= <b>{}\u00a0%</b>", percent_text(stated.uptime)));
  expect("amount", fmt::format("<dt>Amount claimed</dt><dd>{} {}<", grouped(stated.amount),
                               escape_html(stated.currency)));
  if (stated.seal) expect("seal", fmt::format("<code>{}</code>", escape_html(stated.seal->digest)));
}

}  // namespace

void check_copies(const std::string& folder, const Stated& stated, Findings& findings) {
  check_page(folder, stated, findings);
  const std::string name = case_file_name(stated.provider);
  if (!name.empty()) check_case(folder, name, findings);
}

}  // namespace recoup::claim

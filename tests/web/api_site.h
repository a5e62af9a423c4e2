#pragma once

#include <fcntl.h>

#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/temp_dir.h"
#include "web/asked.h"
#include "web/made_site.h"
#include "web/routes.h"

namespace recoup::test {

using Json = nlohmann::ordered_json;

// What an API path answered.
struct ApiAnswer {
  web::Response response;
  bool at_once = false;
  Json json;  // of the body; null where that is none

  int status() const { return response.status; }
};

// ApiSite is the made site as its API shows it, with series and, where a test wants it, an archive
// in place of a claim's refusals.
class ApiSite : public MadeSite {
 public:
  std::vector<web::SeriesInfo> sources;
  std::string archive;  // what is in it; empty: the claim is refused
  web::Site shown = site();

  ApiAnswer get(const std::string& target) { return ask("GET", target); }

  ApiAnswer ask(const std::string& method, const std::string& target) {
    const web::Request request = request_of(method, target);
    ApiAnswer answer;
    Asked asked = test::ask(web::make_handler(shown), request);
    answer.at_once = asked.at_once;
    answer.response = std::move(asked.response);
    if (answer.response.content_type.ends_with("json")) {
      answer.json = Json::parse(answer.response.body);
    }
    return answer;
  }

  core::Result<std::vector<web::SeriesInfo>> series(const std::string&) override {
    if (fault) return *fault;
    return sources;
  }

  core::Result<web::ClaimFiles> claim_files(const std::string& id, core::Month month) override {
    auto files = MadeSite::claim_files(id, month);
    if (!files || archive.empty()) return files;
    const std::string path = dir_.write("claim.zip", archive);
    files->archive = std::make_shared<web::OpenFile>(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return files;
  }

 private:
  TempDir dir_;
};

// An address under the agreement "kms".
inline std::string kms(const std::string& under = {}) { return "/api/v1/agreements/kms" + under; }

// The problem that names the parameter and says that.
inline void check_problem(const ApiAnswer& answer, int status, const std::string& detail,
                          const std::string& parameter = {}) {
  INFO(answer.response.body);
  CHECK(answer.status() == status);
  CHECK(answer.response.content_type == "application/problem+json");
  CHECK(answer.json.value("status", 0) == status);
  CHECK(answer.json.value("detail", "") == detail);
  CHECK(answer.json.value("parameter", "") == parameter);
}

}  // namespace recoup::test

#include "sources/logs/sight.h"

#include "sources/logs/format.h"
#include "support/catch.h"

using namespace recoup::sources;

TEST_CASE("logs of different places on the way of a Request see the same ones") {
  CHECK(see_the_same("csm", "cloudtrail"));
  CHECK(see_the_same("csm", "combined"));
  CHECK(see_the_same("csm", "json"));
  CHECK(see_the_same("alb", "combined"));
  CHECK(see_the_same("cloudfront", "alb"));
  CHECK(see_the_same("cloudtrail", "json"));
  CHECK(see_the_same("s3", "cloudtrail"));
}

TEST_CASE("logs that may stand at one place see Requests of their own, as two hosts do") {
  CHECK_FALSE(see_the_same("combined", "combined"));
  CHECK_FALSE(see_the_same("combined", "json"));  // two web servers
  CHECK_FALSE(see_the_same("alb", "elb"));
  CHECK_FALSE(see_the_same("alb", "json"));  // which may be another load balancer's
  CHECK_FALSE(see_the_same("csm", "csm"));   // told apart by clients
  CHECK_FALSE(see_the_same("csm", "counts"));
  CHECK_FALSE(see_the_same("cloudtrail", "auto"));
}

TEST_CASE("that a trail has the attempts of SDKs is sure, all else may be a matter of set-up") {
  CHECK(surely_see_the_same("csm", "cloudtrail"));
  CHECK(surely_see_the_same("cloudtrail", "csm"));
  CHECK_FALSE(surely_see_the_same("cloudtrail", "cloudtrail"));
  CHECK_FALSE(surely_see_the_same("csm", "combined"));
  CHECK_FALSE(surely_see_the_same("alb", "combined"));
}

TEST_CASE("of every kind of source there is a sentence on what it cannot see") {
  std::vector<std::string_view> kinds{"probe", "csm", "cloudtrail", ""};
  for (const Format* format : formats()) kinds.push_back(format->name);
  for (const std::string_view kind : kinds) {
    INFO(kind);
    const std::string_view sentence = sight_of(kind).cannot_see;
    CHECK(sentence.size() > 20);
    CHECK(sentence.ends_with('.'));
  }
}

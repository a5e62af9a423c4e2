#include "billing/bills/cost_explorer.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "billing/bills/bill_words.h"
#include "billing/bills/decimal_sum.h"
#include "documents/diagnostic.h"

namespace recoup::billing {
namespace {

using Json = nlohmann::json;
using core::Error;

constexpr const char* kMetric = "UnblendedCost";
constexpr std::size_t kLongestShown = 1 << 16;  // bytes of a line that is laid out

// What groups are known by: the place of each dimension in Keys.
struct Dimensions {
  std::size_t count = 0;
  std::optional<std::size_t> service, region, account, category;
};

std::string kind_of(const Json& value) {
  return value.is_null() ? "nothing" : fmt::format("{} {}", value.type_name(), value.dump());
}

// ResultsReader reads one file; the first thing that is not as expected ends it by an exception,
// which stays inside this file.
class ResultsReader {
 public:
  ResultsReader(const std::string& name, const Json& json) : name_(name), json_(json) {}

  FileRows read() {
    FileRows out;
    out.format = BillFormat::cost_explorer;
    const Json& results = array(json_, "ResultsByTime", "");
    const Dimensions dimensions = read_dimensions();
    out.tells_apart = {dimensions.service.has_value(), dimensions.region.has_value(),
                       dimensions.account.has_value(), dimensions.category.has_value()};
    for (std::size_t i = 0; i < results.size(); ++i) {
      read_result(results[i], fmt::format("/ResultsByTime/{}", i), dimensions, out);
    }
    out.more_pages = find(json_, "NextPageToken").is_string();
    if (!dimensions.category) {
      out.remarks.emplace_back(
          "The answer is not grouped by RECORD_TYPE: taxes, credits and refunds are in the "
          "figures, unless its filter left them out.");
    }
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& wanted, const Json& got, const std::string& at) const {
    std::string shown = kind_of(got);
    if (shown.size() > 100) shown = shown.substr(0, 100) + "…";
    throw Error{fmt::format("expected {} at {}, got {}", wanted, at.empty() ? "/" : at, shown),
                name_, "save the answer to GetCostAndUsage as it came"};
  }

  static const Json& find(const Json& object, const char* key) {
    static const Json nothing;
    const auto at = object.is_object() ? object.find(key) : object.end();
    return !object.is_object() || at == object.end() ? nothing : *at;
  }
  const Json& array(const Json& object, const char* key, const std::string& at) const {
    const Json& value = find(object, key);
    if (!value.is_array()) fail("an array", value, at + '/' + key);
    return value;
  }
  std::string text(const Json& object, const char* key, const std::string& at) const {
    const Json& value = find(object, key);
    if (!value.is_string()) fail("a text", value, at + '/' + key);
    return value.get<std::string>();
  }

  Dimensions read_dimensions() const {
    Dimensions out;
    const Json& definitions = find(json_, "GroupDefinitions");
    if (definitions.is_null()) return out;
    if (!definitions.is_array()) fail("an array", definitions, "/GroupDefinitions");
    for (; out.count < definitions.size(); ++out.count) {
      const std::string at = fmt::format("/GroupDefinitions/{}", out.count);
      const Json& definition = definitions[out.count];
      if (text(definition, "Type", at) != "DIMENSION") continue;
      const std::string key = text(definition, "Key", at);
      if (key == "SERVICE") out.service = out.count;
      if (key == "REGION") out.region = out.count;
      if (key == "LINKED_ACCOUNT") out.account = out.count;
      if (key == "RECORD_TYPE") out.category = out.count;
    }
    return out;
  }

  void read_result(const Json& result, const std::string& at, const Dimensions& dimensions,
                   FileRows& out) const {
    const Json& span = find(result, "TimePeriod");
    BillGroup group;
    group.provider = "AWS";
    group.period = {day(span, "Start", at + "/TimePeriod"), day(span, "End", at + "/TimePeriod")};
    if (group.period.end <= group.period.begin) fail("an end after the start", span, at);
    const Json& estimated = find(result, "Estimated");
    if (!estimated.is_boolean()) fail("true or false", estimated, at + "/Estimated");
    group.final = !estimated.get<bool>();
    out.periods.push_back(group.period);

    if (dimensions.count == 0) {
      add_metric(find(result, "Total"), at + "/Total", group, out);
      return;
    }
    const Json& groups = array(result, "Groups", at);
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const std::string here = fmt::format("{}/Groups/{}", at, i);
      set_keys(array(groups[i], "Keys", here), here + "/Keys", dimensions, group);
      add_metric(find(groups[i], "Metrics"), here + "/Metrics", group, out);
    }
  }

  core::Date day(const Json& span, const char* key, const std::string& at) const {
    const auto date = parse_day(text(span, key, at));
    if (!date) {
      throw Error{fmt::format("{} at {}/{}", date.error().message, at, key), name_,
                  "ask for the granularity MONTHLY or DAILY"};
    }
    return *date;
  }

  void set_keys(const Json& keys, const std::string& at, const Dimensions& dimensions,
                BillGroup& group) const {
    if (keys.size() != dimensions.count) {
      fail(fmt::format("{} as in GroupDefinitions", dimensions.count == 1 ? "one key" : "two keys"),
           keys, at);
    }
    for (const Json& key : keys) {
      if (!key.is_string()) fail("a text", key, at);
    }
    const auto key = [&](std::optional<std::size_t> i) {
      return i ? keys[*i].get<std::string>() : std::string();
    };
    group.service = key(dimensions.service);
    // The word for a charge of no Region.
    group.region = key(dimensions.region) == "NoRegion" ? "" : key(dimensions.region);
    group.account = key(dimensions.account);
    group.category = key(dimensions.category);
    group.class_ =
        dimensions.category ? class_of(BillFormat::cost_explorer, group.category) : Class::usage;
  }

  void add_metric(const Json& metrics, const std::string& at, BillGroup group,
                  FileRows& out) const {
    const Json& metric = find(metrics, kMetric);
    if (metric.is_null()) {
      throw Error{fmt::format("expected the metric {} at {}, got {}", kMetric, at,
                              metrics.is_object() && !metrics.empty() ? metrics.begin().key()
                                                                      : std::string("none")),
                  name_, "ask for Metrics [\"UnblendedCost\"]: it is what the invoice is made of"};
    }
    group.currency = text(metric, "Unit", at + '/' + kMetric);
    const std::string amount = text(metric, "Amount", at + '/' + kMetric);
    DecimalSum sum;
    if (!sum.add(amount)) {
      throw Error{fmt::format("expected a decimal number, like 0.25, at {}/{}/Amount, got '{}'", at,
                              kMetric, amount),
                  name_, std::string(amount_help(amount))};
    }
    group.sum = sum.total();
    group.rows = 1;
    ++out.rows;
    if ((group.class_ == Class::credit || group.class_ == Class::refund) &&
        group.sum != core::Ratio()) {
      BillLine line;
      line.rows = 1;
      line.provider = group.provider;
      line.service = group.service;
      line.region = group.region;
      line.period = group.period;
      line.account = group.account;
      line.currency = group.currency;
      line.class_ = group.class_;
      line.category = group.category;
      line.amount = group.sum;
      out.lines.push_back(std::move(line));
    }
    out.groups.push_back(std::move(group));
  }

  const std::string& name_;
  const Json& json_;
};

// `byte` counts from 1, as the library does.
Error syntax_error(const std::string& name, std::string_view json, std::size_t byte) {
  const std::size_t at = std::min(byte > 0 ? byte - 1 : 0, json.size());
  const std::size_t before = at == 0 ? std::string_view::npos : json.rfind('\n', at - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::string_view line = json.substr(begin, json.find('\n', at) - begin);
  const std::string message = at < json.size() ? "expected JSON, got something else here"
                                               : "expected more JSON, got the end of the file";
  const std::string help = "save the answer to GetCostAndUsage as it came";
  const auto number = static_cast<int>(std::count(
                          json.begin(), json.begin() + static_cast<std::ptrdiff_t>(begin), '\n')) +
                      1;
  int column = 1;
  for (std::string_view rest = json.substr(begin, at - begin); !rest.empty(); ++column) {
    rest.remove_prefix(documents::character_length(rest));
  }
  if (line.size() > kLongestShown) {
    return {message, fmt::format("{}:{}:{}", name, number, column), help};
  }
  return {
      documents::lay_out_line(name, line, {{number, column, number, column + 1}, message, help})};
}

}  // namespace

core::Result<FileRows> read_cost_explorer(const std::string& name, std::string_view json) {
  try {
    const Json document = Json::parse(json);
    return ResultsReader(name, document).read();
  } catch (const Json::parse_error& problem) {
    return syntax_error(name, json, problem.byte);
  } catch (const Json::exception&) {
    return Error{"expected Cost Explorer's answer, got other JSON", name};
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace recoup::billing

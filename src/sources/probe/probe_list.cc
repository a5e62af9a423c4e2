#include "sources/probe/probe_list.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sources/probe/url.h"

namespace recoup::sources::probe {
namespace {

constexpr std::size_t kMostWrong = 20;

using Values = std::map<std::string, std::string>;

bool is_url(const std::string& target) { return target.find("://") != std::string::npos; }

// What the pattern has in the place of values, sorted.
std::set<std::string> placeholders_of(const ProbeSettings& pattern) {
  std::set<std::string> names = rules::placeholders(pattern.body);
  names.merge(rules::placeholders(pattern.url));
  for (const rules::Header& header : pattern.headers) {
    names.merge(rules::placeholders(header.value));
  }
  return names;
}

// A value in the URL's host could end the host there, and the request, signed perhaps, would be
// sent to another one.
bool can_be_in_host(const std::string& value) {
  return value.find_first_of("/?#@") == std::string::npos;
}

// ListMaker makes the probes of targets, and gathers what is wrong with these.
class ListMaker {
 public:
  explicit ListMaker(const std::shared_ptr<const ProbeList>& list)
      : list_(list), names_(placeholders_of(list->pattern)) {
    const std::string& url = list->pattern.url;
    const auto scheme = url.find("://");
    if (scheme == std::string::npos) return;
    const auto begin = scheme + 3;
    in_host_ = rules::placeholders(url.substr(begin, url.find_first_of("/?#", begin) - begin));
  }

  void add(const Target& target) {
    const std::size_t before = complaints.size();
    ProbeSettings probe = list_->pattern;
    probe.list = list_;
    probe.target = target.name;
    if (list_->by_target) probe.id += '/' + target.name;
    const Values values = values_of(target);
    if (complaints.size() > before) return;
    set_url(target, values, probe);
    probe.body = rules::filled(probe.body, values);
    for (rules::Header& header : probe.headers) header.value = rules::filled(header.value, values);
    if (complaints.size() == before) probes.push_back(std::move(probe));
  }

  std::vector<ProbeSettings> probes;
  std::vector<std::string> complaints;

 private:
  void complain(const Target& target, const std::string& message, const std::string& help = {}) {
    complaints.push_back(target.complaint(message, help));
  }

  Values values_of(const Target& target) {
    Values values{{"target", target.name}};
    for (const std::string& name : names_) {
      if (name == "target") continue;
      const auto label = target.labels->find(name);
      if (label == target.labels->end()) {
        complain(target, fmt::format("expected the label '{0}' for '{{{0}}}', got none", name),
                 fmt::format("write \"labels\": {{ \"{}\": \"…\" }} in its group", name));
      } else if (label->second.find_first_of("\"\\\r\n") != std::string::npos) {
        complain(target, fmt::format("expected a label '{}' without quotes, backslashes and line "
                                     "breaks, got one with them",
                                     name));
      } else {
        values.emplace(name, label->second);
      }
    }
    return values;
  }

  void set_url(const Target& target, const Values& values, ProbeSettings& probe) {
    if (is_url(target.name)) {
      probe.url = target.name;
    } else if (probe.url.empty()) {
      return complain(
          target,
          fmt::format("expected a target with a scheme, or a 'url' in the probe, got '{}'",
                      target.name),
          "write url = \"https://{target}/\" in the probe");
    } else {
      for (const std::string& name : in_host_) {
        const auto value = values.find(name);
        if (value == values.end() || can_be_in_host(value->second)) continue;
        return complain(target,
                        fmt::format("expected a value of '{{{}}}' that can stand in a host, "
                                    "got '{}'",
                                    name, value->second));
      }
      probe.url = rules::filled(probe.url, values);
    }
    const std::string mistake = url_mistake(probe.url);
    if (!mistake.empty()) complain(target, mistake);
  }

  const std::shared_ptr<const ProbeList>& list_;
  const std::set<std::string> names_;
  std::set<std::string> in_host_;
};

}  // namespace

core::Result<std::vector<ProbeSettings>> probes_of(const std::shared_ptr<const ProbeList>& list,
                                                   const std::vector<Target>& targets) {
  ListMaker maker(list);
  maker.probes.reserve(targets.size());
  for (const Target& target : targets) {
    maker.add(target);
    if (maker.complaints.size() >= kMostWrong) break;
  }
  if (maker.complaints.empty()) return std::move(maker.probes);
  return core::Error{fmt::format("{}", fmt::join(maker.complaints, "\n"))};
}

core::Result<std::vector<ProbeSettings>> probes_of(const std::shared_ptr<const ProbeList>& list) {
  const auto targets = read_target_files(list->paths);
  if (!targets) return targets.error();
  return probes_of(list, *targets);
}

bool same_targets(std::span<const ProbeSettings> one, std::span<const ProbeSettings> other) {
  const auto same_header = [](const rules::Header& a, const rules::Header& b) {
    return a.name == b.name && a.value == b.value;
  };
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [&](const ProbeSettings& a, const ProbeSettings& b) {
                      return a.target == b.target && a.url == b.url && a.body == b.body &&
                             std::equal(a.headers.begin(), a.headers.end(), b.headers.begin(),
                                        b.headers.end(), same_header);
                    });
}

}  // namespace recoup::sources::probe

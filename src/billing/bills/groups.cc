#include "billing/bills/groups.h"

#include <algorithm>
#include <tuple>

namespace recoup::billing {
namespace {

auto key(const BillGroup& group) {
  return std::tie(group.provider, group.period, group.service, group.region, group.account,
                  group.currency, group.class_, group.category, group.final, group.corrects);
}

}  // namespace

std::vector<BillGroup> merged(std::vector<BillGroup> groups) {
  std::stable_sort(groups.begin(), groups.end(),
                   [](const BillGroup& a, const BillGroup& b) { return key(a) < key(b); });
  std::vector<BillGroup> out;
  for (BillGroup& group : groups) {
    if (out.empty() || key(out.back()) != key(group)) {
      out.push_back(std::move(group));
    } else {
      out.back().rows += group.rows;
      out.back().sum += group.sum;
    }
  }
  return out;
}

bool is_one_of(const std::vector<std::string>& allowed, const std::string& word) {
  return allowed.empty() || std::find(allowed.begin(), allowed.end(), word) != allowed.end();
}

}  // namespace recoup::billing

#include "report/provider_names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace recoup::report {
namespace {

// Those whose name is not their id with a capital letter.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kProviderNames{
    {{"alibaba", "Alibaba Cloud"},
     {"aws", "AWS"},
     {"aws-cn", "AWS China"},
     {"azure-cn", "Azure China"},
     {"byteplus", "BytePlus"},
     {"digitalocean", "DigitalOcean"},
     {"fil-one", "Fil One"},
     {"google", "Google Cloud"},
     {"openai", "OpenAI"},
     {"ovh", "OVHcloud"},
     {"tencent", "Tencent Cloud"},
     {"twcc", "TWCC"},
     {"yandex", "Yandex Cloud"},
     {"zitadel", "ZITADEL"}}};

}  // namespace

std::string provider_name(std::string_view id) {
  const auto known = std::find_if(kProviderNames.begin(), kProviderNames.end(),
                                  [&](const auto& one) { return one.first == id; });
  if (known != kProviderNames.end()) return std::string(known->second);
  std::string name(id);
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') {
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  }
  return name;
}

}  // namespace recoup::report

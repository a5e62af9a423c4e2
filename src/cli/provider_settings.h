#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace recoup::cli {

// ProviderStart is what `recoup init --provider` begins with: a real contract of that provider, a
// probe of it, and where its credentials are expected.
struct ProviderStart {
  std::string_view name;  // "aws"; "http" is any endpoint that answers HTTP
  std::string_view rule;  // the contract
  // What stands for account and Region, as far as the agreement has them.
  std::string_view account;
  std::string_view region;
  std::string_view probe;  // the lines of [[agreement.probe]], with comments; empty: those that the
                           // rule has by itself
  std::string_view credentials;  // the variables that they are expected in
};

const std::vector<ProviderStart>& provider_starts();

// Null where none has that name.
const ProviderStart* find_start(std::string_view provider);

// "aws, alibaba, google, azure or http"
std::string start_names();

}  // namespace recoup::cli

#include "record/secret_names.h"

#include <algorithm>
#include <array>
#include <string>

namespace recoup::record {
namespace {

// The only list of them: what a complaint about the settings hides, a claim hides as well.
constexpr std::array<std::string_view, 21> kSecretWords{
    "accesskey",       "accountkey", "apikey",    "authorization", "bearer",    "clientkey",
    "cookie",          "credential", "keyid",     "passphrase",    "passwd",    "password",
    "privatekey",      "secret",     "secretkey", "sharedkey",     "signature", "storagekey",
    "subscriptionkey", "token",      "webhook"};

// Too short to be looked for in a longer name: "sig" of a shared access signature.
constexpr std::array<std::string_view, 2> kWholeNames{"pwd", "sig"};

std::string letters_of(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c - 'A' + 'a');
    if (c >= 'a' && c <= 'z') letters += c;
  }
  return letters;
}

bool is_whole_name(std::string_view letters) {
  return std::find(kWholeNames.begin(), kWholeNames.end(), letters) != kWholeNames.end();
}

}  // namespace

bool names_secret(std::string_view name) {
  const std::string letters = letters_of(name);
  return is_whole_name(letters) ||
         std::any_of(kSecretWords.begin(), kSecretWords.end(),
                     [&](std::string_view word) { return letters.ends_with(word); }) ||
         letters.ends_with("credentials");
}

bool may_name_secret(std::string_view name) {
  const std::string letters = letters_of(name);
  return is_whole_name(letters) ||
         std::any_of(kSecretWords.begin(), kSecretWords.end(), [&](std::string_view word) {
           return letters.find(word) != std::string::npos;
         });
}

}  // namespace recoup::record

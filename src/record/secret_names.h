#pragma once

#include <string_view>

namespace recoup::record {

// Whether what stands after this name is a secret: "X-Amz-Signature", "access_token", "AccountKey".
// Case, digits and what stands between the letters do not matter; the name ends with the word that
// says so.
bool names_secret(std::string_view name);

// The same of a name that has such a word anywhere, "token_of_staging": for what may be hidden
// without harm, like a line of the user's settings. True of every name that names_secret() is true
// of.
bool may_name_secret(std::string_view name);

}  // namespace recoup::record

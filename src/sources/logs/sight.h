#pragma once

#include <string_view>

#include "sources/logs/place.h"

// What a kind of source sees of the Requests that are made, and what it cannot.
namespace recoup::sources {

// Of "probe", "csm" (what AWS SDKs report), "cloudtrail" and the formats of logs; of another name,
// what holds of any log.
const Sight& sight_of(std::string_view kind);

// Whether two logs of these kinds see the same Requests, as far as kinds can tell: not where both
// may be at one place.
bool see_the_same(std::string_view one, std::string_view other);

// The same where nobody can say that they do not: a trail has every Request of the account, those
// of its SDKs among them.
bool surely_see_the_same(std::string_view one, std::string_view other);

}  // namespace recoup::sources

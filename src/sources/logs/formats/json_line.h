#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "sources/logs/formats/json_keys.h"

namespace recoup::sources {

// JsonLine reads one line after the other that is a JSON object, and keeps of each what stands at
// the places that are wanted. It is lenient with what it does not need: servers write bytes and
// escapes into their texts that JSON does not know.
class JsonLine {
 public:
  // The keys outlive it.
  explicit JsonLine(const JsonKeys& keys);
  ~JsonLine();
  JsonLine(const JsonLine&) = delete;
  JsonLine& operator=(const JsonLine&) = delete;

  // Whether the line is one object, and nothing behind it. What stood in the line before is
  // forgotten.
  bool read(std::string_view line);

  // The places that hold a text, a number, true or false, or a list that begins with one.
  const JsonKeys::Set& filled() const { return filled_; }
  bool has(JsonKeys::Slot slot) const { return slot != JsonKeys::kNone && filled_[slot]; }

  // What stands there, without quotes and escapes, until the next call of either. Only where has().
  std::string_view text(JsonKeys::Slot slot);

 private:
  struct Parser;
  friend struct Parser;

  std::unique_ptr<Parser> parser_;
  JsonKeys::Set filled_;
  std::array<std::string_view, JsonKeys::kMost> raw_;  // as written, without the quotes
  std::string unescaped_;
};

}  // namespace recoup::sources

#include "incidents/one_line.h"

#include "documents/lines.h"

namespace recoup::incidents {

std::string one_line(std::string_view text, std::size_t most) {
  std::string line;
  std::size_t count = 0;
  bool blank = false;
  while (!text.empty()) {
    const std::size_t length = documents::character_length(text);
    const auto byte = static_cast<unsigned char>(text.front());
    const bool is_control = length == 1
                                ? byte <= 0x20 || byte == 0x7f || byte >= 0x80
                                : byte == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0;
    if (is_control) {
      blank = !line.empty();
    } else {
      if (blank) line += ' ';
      blank = false;
      if (++count > most) return line + "…";
      line += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return line;
}

}  // namespace recoup::incidents

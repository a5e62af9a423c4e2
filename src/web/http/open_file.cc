#include <unistd.h>

#include <utility>

#include "web/http/message.h"

namespace recoup::web {

OpenFile::~OpenFile() {
  if (handle_ >= 0) close(handle_);
}

int OpenFile::release() { return std::exchange(handle_, -1); }

}  // namespace recoup::web

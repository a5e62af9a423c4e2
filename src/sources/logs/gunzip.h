#pragma once

#include <memory>
#include <string_view>

#include "core/result.h"

namespace recoup::sources {

// Gunzip unpacks a gzip stream piece by piece: one member or several in a row, with zeros allowed
// behind the last one, as tapes have them.
class Gunzip {
 public:
  Gunzip();
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  // Unpacks from the front of `in`, which it shortens, into `out`; how many bytes came out. Nothing
  // comes out when it needs more input. Error: what follows is no gzip data.
  core::Result<std::size_t> run(std::string_view& in, char* out, std::size_t room);

  // Whether the input so far is whole: it may end here.
  bool whole() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace recoup::sources

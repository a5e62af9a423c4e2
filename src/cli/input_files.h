#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "documents/content.h"

namespace recoup::cli {

// The word for standard input in the place of a file's name.
inline constexpr const char* kStandardInput = "-";

// InputFiles is the files that words of the command line name (documents::named_files), in their
// order. Standard input is kept in a file without a name, plain or packed as it comes, since a log
// is read twice where some of its lines were read before; that file is gone when the object or the
// process is.
class InputFiles {
 public:
  // Errors: those of documents::named_files; standard input cannot be read, or kept.
  static core::Result<InputFiles> of(const std::vector<std::string>& words);
  ~InputFiles();
  InputFiles(InputFiles&& other) noexcept;
  InputFiles& operator=(InputFiles&&) = delete;

  const std::vector<documents::InputFile>& files() const { return files_; }

 private:
  InputFiles() = default;
  core::Result<void> add_standard_input();

  std::vector<documents::InputFile> files_;
  int kept_ = -1;  // the descriptor of the file with what standard input said
};

}  // namespace recoup::cli

#include "core/weights/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <string>

#include "core/tensor/error.h"

namespace soi {
namespace {

static_assert(sizeof(off_t) == 8, "checkpoints are larger than 2 GB");

[[noreturn]] void throw_file_error(const std::string& path, const std::string& what) {
  throw Error(ErrorCode::io_error, "Cannot read " + path + ": " + what + ".",
              "Check that the path is right, that it is a file, and that you may read it.", {{"path", path}});
}

void check_range(std::uint64_t offset, std::size_t n_bytes, std::uint64_t size, const std::string& path) {
  if (offset > size || n_bytes > size - offset) {
    throw_file_error(path, "bytes " + std::to_string(offset) + " to " + std::to_string(offset + n_bytes) +
                               " are beyond its end at " + std::to_string(size));
  }
}

class FileBytes final : public ByteSource {
 public:
  explicit FileBytes(const std::string& path) : path_(path), descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) throw_file_error(path_, std::strerror(errno));
    struct stat status{};
    const bool is_file = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
    if (!is_file) {
      ::close(descriptor_);
      throw_file_error(path_, "it is not a regular file");
    }
    size_ = static_cast<std::uint64_t>(status.st_size);
  }
  ~FileBytes() override { ::close(descriptor_); }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  std::uint64_t size() const override { return size_; }

  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    check_range(offset, out.size(), size_, path_);
    while (!out.empty()) {
      const ssize_t n_read = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
      if (n_read < 0 && errno == EINTR) continue;
      if (n_read < 0) throw_file_error(path_, std::strerror(errno));
      if (n_read == 0) throw_file_error(path_, "it has become shorter since it was opened");
      out = out.subspan(static_cast<std::size_t>(n_read));
      offset += static_cast<std::uint64_t>(n_read);
    }
  }

 private:
  std::string path_;
  int descriptor_;
  std::uint64_t size_ = 0;
};

class MemoryBytes final : public ByteSource {
 public:
  explicit MemoryBytes(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::uint64_t size() const override { return bytes_.size(); }

  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    check_range(offset, out.size(), bytes_.size(), "memory");
    std::ranges::copy(bytes_.subspan(static_cast<std::size_t>(offset), out.size()), out.begin());
  }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace

std::unique_ptr<ByteSource> open_file(const std::string& path) { return std::make_unique<FileBytes>(path); }

std::unique_ptr<ByteSource> view_bytes(std::span<const std::byte> bytes) {
  return std::make_unique<MemoryBytes>(bytes);
}

}  // namespace soi

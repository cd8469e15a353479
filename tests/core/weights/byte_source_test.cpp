#include "core/weights/byte_source.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/core/weights/checkpoint_file.h"

namespace soi {
namespace {

std::string read(const ByteSource& source, std::uint64_t offset, std::size_t n) {
  std::string out(n, '?');
  source.read(offset, std::as_writable_bytes(std::span(out)));
  return out;
}

class TemporaryFile {
 public:
  TemporaryFile() : path_(std::filesystem::temp_directory_path() / ("soi_byte_source_" + std::to_string(unique()))) {}
  ~TemporaryFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::uintptr_t unique() const { return reinterpret_cast<std::uintptr_t>(this); }
  std::filesystem::path path_;
};

TEST(ByteSource, ReadsAFileAtAnyPlace) {
  const TemporaryFile file;
  std::ofstream(file.path(), std::ios::binary) << "0123456789";
  const auto source = open_file(file.path());
  EXPECT_EQ(source->size(), 10u);
  EXPECT_EQ(read(*source, 0, 10), "0123456789");
  EXPECT_EQ(read(*source, 7, 3), "789");
  EXPECT_EQ(read(*source, 2, 1), "2");
  EXPECT_EQ(read(*source, 10, 0), "");
}

TEST(ByteSource, ReadsBeyondFourGigabytes) {
  const TemporaryFile file;
  constexpr std::uint64_t kPlace = 4'294'967'296 + 5;
  std::ofstream stream(file.path(), std::ios::binary);
  stream.seekp(static_cast<std::streamoff>(kPlace));  // a sparse file: takes no room on the disk
  stream << "far";
  stream.close();
  const auto source = open_file(file.path());
  EXPECT_EQ(source->size(), kPlace + 3);
  EXPECT_EQ(read(*source, kPlace, 3), "far");
  EXPECT_EQ(read(*source, 5, 3), std::string(3, '\0'));
}

TEST(ByteSource, RefusesWhatIsNotThere) {
  const std::string bytes = "0123456789";
  const auto source = view(bytes);
  EXPECT_EQ(read(*source, 3, 4), "3456");
  EXPECT_EQ(thrown_code([&] { read(*source, 7, 4); }), "io_error");
  EXPECT_EQ(thrown_code([&] { read(*source, 11, 0); }), "io_error");
  EXPECT_EQ(thrown_code([&] { read(*source, ~std::uint64_t{0}, 4); }), "io_error");

  const TemporaryFile file;
  EXPECT_EQ(thrown_code([&] { open_file(file.path()); }), "io_error");
  EXPECT_EQ(thrown_detail([&] { open_file(file.path()); }, "path"), file.path());
  EXPECT_EQ(thrown_code([&] { open_file(std::filesystem::temp_directory_path().string()); }), "io_error");
}

TEST(ByteSource, TellsAFileThatShrank) {
  const TemporaryFile file;
  std::ofstream(file.path(), std::ios::binary) << "0123456789";
  const auto source = open_file(file.path());
  std::filesystem::resize_file(file.path(), 4);
  EXPECT_EQ(read(*source, 0, 4), "0123");
  EXPECT_EQ(thrown_code([&] { read(*source, 2, 4); }), "io_error");
}

}  // namespace
}  // namespace soi

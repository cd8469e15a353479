#include "core/weights/safetensors.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "core/kernels/random.h"
#include "tests/core/weights/checkpoint_file.h"

namespace soi {
namespace {

SafetensorsHeader read(const std::string& file) { return read_safetensors_header(*view(file)); }

std::string code_of(const std::string& file) {
  return thrown_code([&] { read(file); });
}

std::string detail_of(const std::string& file, std::string_view key) {
  return thrown_detail([&] { read(file); }, key);
}

constexpr const char* kEntry = R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})";

std::string header_of(const std::string& entry) { return R"({"a":)" + entry + "}"; }

/// Code points 0 to 255 of UTF-8 text as bytes.
std::string to_bytes(const std::string& latin) {
  std::string bytes;
  for (std::size_t i = 0; i < latin.size(); ++i) {
    const auto byte = static_cast<unsigned char>(latin[i]);
    bytes += byte < 0x80 ? latin[i]
                         : static_cast<char>((byte & 0x03U) << 6U | (static_cast<unsigned char>(latin[++i]) & 0x3FU));
  }
  return bytes;
}

TEST(Safetensors, AgreesWithTheReferenceOnEveryCase) {
  std::ifstream cases(SOI_SOURCE_DIR "/tests/golden/safetensors/cases.jsonl");
  std::size_t n_accepted = 0;
  std::size_t n_refused = 0;
  for (std::string line; std::getline(cases, line);) {
    const nlohmann::json test_case = nlohmann::json::parse(line);
    // A dimension beyond 32 bits does not fit a WASM size, as it would not fit the reference there.
    if (sizeof(std::size_t) == 4 && test_case["name"] == "large after a zero") continue;
    std::string file =
        join_file(to_bytes(test_case["header"]), std::string(test_case["zeros"].get<std::size_t>(), '\0'));
    if (test_case.contains("length")) {
      const auto length = test_case["length"].get<std::uint64_t>();
      std::memcpy(file.data(), &length, sizeof(length));
    }
    const bool expected = test_case["reference"].get<bool>() && !test_case.contains("stricter");
    const std::string code = code_of(file);
    EXPECT_EQ(code.empty(), expected) << test_case["name"] << " gave " << code;
    ++(expected ? n_accepted : n_refused);
  }
  EXPECT_GT(n_accepted, 150u);
  EXPECT_GT(n_refused, 400u);
}

TEST(Safetensors, ReadsNamesShapesAndPlaces) {
  const std::string header = R"({"b":{"dtype":"I8","shape":[3],"data_offsets":[8,11]},"__metadata__":{"format":"pt"},)"
                             R"("a":{"dtype":"F16","shape":[2,2],"data_offsets":[0,8]}})";
  const SafetensorsHeader table = read(join_file(header, std::string(11, '\0')));
  ASSERT_EQ(table.tensors.size(), 2u);
  EXPECT_EQ(table.tensors[0].name, "a");
  EXPECT_EQ(table.tensors[0].dtype, DType::f16);
  EXPECT_EQ(table.tensors[0].shape, (Shape{2, 2}));
  EXPECT_EQ(table.tensors[0].begin, 8 + header.size());
  EXPECT_EQ(table.tensors[0].end, 8 + header.size() + 8);
  EXPECT_EQ(table.find("b"), &table.tensors[1]);
  EXPECT_EQ(table.find("b")->begin, 8 + header.size() + 8);
  EXPECT_EQ(table.find("c"), nullptr);
  EXPECT_EQ(table.metadata.at("format"), "pt");
}

TEST(Safetensors, NamesEachFault) {
  EXPECT_EQ(code_of(""), "file_empty");
  EXPECT_EQ(code_of("abc"), "safetensors_truncated");
  EXPECT_EQ(code_of(join_file(header_of(kEntry), std::string(7, '\0'))), "safetensors_truncated");
  EXPECT_EQ(code_of(join_file(header_of(kEntry), std::string(9, '\0'))), "safetensors_trailing");
  EXPECT_EQ(code_of(join_file("{", "")), "safetensors_header");
  EXPECT_EQ(code_of(join_file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}})", std::string(9, '\0'))),
            "safetensors_offsets");
  EXPECT_EQ(code_of(join_file(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", std::string(8, '\0'))),
            "safetensors_size");
}

TEST(Safetensors, NamesTheTensorAtFault) {
  const std::string gap = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                          R"("b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}})";
  EXPECT_EQ(detail_of(join_file(gap, std::string(20, '\0')), "tensor"), "b");
  const std::string size = R"({"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}})";
  EXPECT_EQ(detail_of(join_file(size, std::string(8, '\0')), "tensor"), "a");
  EXPECT_EQ(detail_of(join_file(size, std::string(8, '\0')), "expected"), "16");
  EXPECT_EQ(detail_of(join_file(size, std::string(8, '\0')), "actual"), "8");
  EXPECT_NE(detail_of(join_file(R"({"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}})", ""), "reason").find("F33"),
            std::string::npos);
}

TEST(Safetensors, TellsHowManyBytesAreMissing) {
  const std::string header = header_of(kEntry);
  const std::string file = join_file(header, std::string(5, '\0'));
  EXPECT_EQ(detail_of(file, "expected"), std::to_string(8 + header.size() + 8));
  EXPECT_EQ(detail_of(file, "actual"), std::to_string(8 + header.size() + 5));
}

TEST(Safetensors, RecognisesOtherKindsOfFile) {
  const auto reason = [](const std::string& start) { return detail_of(start + std::string(100, ' '), "reason"); };
  EXPECT_NE(reason("version https://git-lfs").find("Git LFS"), std::string::npos);
  EXPECT_NE(reason("PK\3\4abcdefgh").find("zip"), std::string::npos);
  EXPECT_NE(reason("<!DOCTYPE html>").find("web page"), std::string::npos);
  EXPECT_NE(reason(R"({"model_type": "gpt2"})").find("JSON"), std::string::npos);
}

TEST(Safetensors, LongNamesAreCutInMessages) {
  std::string name;
  for (int i = 0; i < 5000; ++i) name += "\xE1\xBA\xA1";
  const std::string header = R"({")" + name + R"(":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})";
  const std::string file = join_file(header, std::string(8, '\0'));
  std::string message;
  thrown_code([&] { read(file); }, &message);
  EXPECT_LT(message.size(), 500u);
  EXPECT_LT(detail_of(file, "tensor").size(), 200u);
  EXPECT_NO_THROW(nlohmann::json(message).dump()) << "cut inside a character";
}

/// Claims to be longer than it is, and counts what is read.
class CountingBytes final : public ByteSource {
 public:
  CountingBytes(std::string start, std::uint64_t size) : start_(std::move(start)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    n_read += out.size();
    const auto first = static_cast<std::size_t>(offset);
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = first + i < start_.size() ? static_cast<std::byte>(start_[first + i]) : std::byte{' '};
    }
  }
  mutable std::uint64_t n_read = 0;

 private:
  std::string start_;
  std::uint64_t size_;
};

TEST(Safetensors, ReadsNoMoreThanTheHeader) {
  const std::string header = R"({"a":{"dtype":"U8","shape":[8000000000],"data_offsets":[0,8000000000]}})";
  if constexpr (sizeof(std::size_t) == 8) {
    const CountingBytes source(join_file(header, ""), 8 + header.size() + 8'000'000'000);
    EXPECT_EQ(read_safetensors_header(source).tensors[0].end, source.size());
    EXPECT_EQ(source.n_read, 8 + header.size());
  }
  const CountingBytes beyond(std::string("\x01\xE1\xF5\x05\0\0\0\0", 8), 1'000'000'000);  // 100,000,001
  EXPECT_EQ(thrown_code([&] { read_safetensors_header(beyond); }), "safetensors_header");
  EXPECT_EQ(beyond.n_read, 8u);
}

// More numbers than 32 bits can count would wrap to a small tensor in WASM.
TEST(Safetensors, CountsFitTheMachine) {
  const std::string header = R"({"a":{"dtype":"U8","shape":[65536,65537],"data_offsets":[0,4295032832]}})";
  const CountingBytes source(join_file(header, ""), 8 + header.size() + 4'295'032'832);
  EXPECT_EQ(thrown_code([&] { read_safetensors_header(source); }), sizeof(std::size_t) == 4 ? "safetensors_size" : "");
}

TEST(Safetensors, BoundsTheDimensionsOfATensor) {
  const auto with_rank = [](int rank) {
    std::string shape = "1";
    for (int i = 1; i < rank; ++i) shape += ",1";
    return join_file(R"({"a":{"dtype":"F32","shape":[)" + shape + R"(],"data_offsets":[0,4]}})", std::string(4, '\0'));
  };
  EXPECT_EQ(code_of(with_rank(1024)), "");
  EXPECT_EQ(code_of(with_rank(1025)), "safetensors_header");
}

// Meant for the sanitizers: whatever the bytes, an Error or a header comes back.
TEST(Safetensors, RandomBytesGiveNothingButErrors) {
  const std::string file = tiny_checkpoint().file();
  std::uint64_t n_drawn = 0;
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(philox(1, 0, n_drawn++)[0]) % n; };
  std::size_t n_refused = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string mutated = file;
    for (std::size_t n = 1 + below(4); n > 0; --n) {
      const std::size_t at = below(std::min<std::size_t>(mutated.size(), 2500));
      switch (below(4)) {
        case 0:
          mutated[at] = static_cast<char>(below(256));
          break;
        case 1:
          mutated.erase(at, 1 + below(20));
          break;
        case 2:
          mutated.insert(at, mutated.substr(below(at + 1), below(40)));
          break;
        default:
          mutated[at] = "0123456789[]{},:\""[below(17)];
          break;
      }
    }
    n_refused += !thrown_code([&] { infer_config(read(mutated), kTinyConfigJson); }).empty();
  }
  EXPECT_GT(n_refused, 2000u);
}

}  // namespace
}  // namespace soi

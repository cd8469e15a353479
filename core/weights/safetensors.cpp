#include "core/weights/safetensors.h"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <string>
#include <tuple>
#include <utility>

#include "core/tensor/error.h"
#include "core/weights/safetensors_json.h"

namespace soi {
namespace {

struct DTypeInfo {
  std::string_view name;
  std::size_t bits;
};

constexpr std::array kDTypes{
#define SOI_DTYPE_INFO(dtype, name, bits) DTypeInfo{name, bits},
    SOI_DTYPES(SOI_DTYPE_INFO)
#undef SOI_DTYPE_INFO
};

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;

/// a * b, or false where it does not fit.
bool multiply(std::uint64_t a, std::uint64_t b, std::uint64_t& product) {
  if (b != 0 && a > std::numeric_limits<std::uint64_t>::max() / b) return false;
  product = a * b;
  return true;
}

/// What the first eight bytes are, where they are a known format's; "" else.
std::string_view other_format(std::string_view start) {
  if (start.starts_with("version ")) return "a Git LFS pointer, not the file itself";
  if (start.starts_with("PK\3\4")) return "a zip archive, such as PyTorch's pytorch_model.bin";
  if (start.starts_with("GGUF")) return "a GGUF file";
  if (start.starts_with("\x89HDF")) return "an HDF5 file, such as TensorFlow's tf_model.h5";
  if (start.starts_with('<')) return "a web page";
  if (start.starts_with('{')) return "a JSON file";
  return {};
}

[[noreturn]] void throw_truncated(std::uint64_t header_end, std::uint64_t data_bytes, std::uint64_t actual) {
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t expected = data_bytes > most - header_end ? most : header_end + data_bytes;
  throw Error(ErrorCode::safetensors_truncated,
              "The file ends too early: it needs " + std::to_string(expected) + " bytes and has " +
                  std::to_string(actual) + ".",
              "The download did not finish. Download the file again.",
              {{"expected", std::to_string(expected)}, {"actual", std::to_string(actual)}});
}

[[noreturn]] void throw_trailing(std::uint64_t expected, std::uint64_t actual) {
  throw Error(
      ErrorCode::safetensors_trailing,
      "The last tensor ends at byte " + std::to_string(expected) + ", the file at " + std::to_string(actual) + ".",
      "The file is damaged. Download it again.",
      {{"expected", std::to_string(expected)}, {"actual", std::to_string(actual)}});
}

std::uint64_t read_header_length(const ByteSource& source) {
  if (source.size() == 0) {
    throw Error(ErrorCode::file_empty, "The file is empty (0 bytes).", "Download the file again.");
  }
  if (source.size() < kLengthBytes) throw_truncated(kLengthBytes, 0, source.size());
  std::array<std::byte, kLengthBytes> bytes;
  source.read(0, bytes);
  const std::string_view format = other_format({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) length |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
  if (length > kMaxHeaderBytes) {
    const std::string reason = format.empty() ? "it would be " + std::to_string(length) + " bytes long; at most " +
                                                    std::to_string(kMaxHeaderBytes) + " are allowed"
                                              : "the file is " + std::string(format);
    throw Error(ErrorCode::safetensors_header, "The header of the file is not one of safetensors: " + reason + ".",
                "Choose the file named model.safetensors.", {{"reason", reason}});
  }
  if (length > source.size() - kLengthBytes) throw_truncated(kLengthBytes + length, 0, source.size());
  return length;
}

std::string read_text(const ByteSource& source, std::uint64_t offset, std::uint64_t length) {
  std::string text(static_cast<std::size_t>(length), '\0');
  source.read(offset, std::as_writable_bytes(std::span(text)));
  return text;
}

[[noreturn]] void throw_size_error(const HeaderEntry& entry, const std::string& expected) {
  const std::string actual = std::to_string(entry.end - entry.begin);
  throw Error(ErrorCode::safetensors_size,
              "Tensor " + shown_name(entry.name) + ": its shape and dtype need " + expected +
                  " bytes, its data_offsets " + "hold " + actual + ".",
              "The file is damaged. Download it again.",
              {{"tensor", shown_name(entry.name)}, {"expected", expected}, {"actual", actual}});
}

void check_size(const HeaderEntry& entry) {
  constexpr std::uint64_t kMaxCount = std::numeric_limits<std::size_t>::max();
  std::uint64_t bits = 1;
  bool fits = true;
  for (std::uint64_t dim : entry.shape) {
    // As in the reference, counts must fit the machine's own size type: 32 bits in WASM.
    fits = fits && dim <= kMaxCount && multiply(bits, dim, bits) && bits <= kMaxCount;
  }
  fits = fits && multiply(bits, dtype_bits(entry.dtype), bits);
  if (!fits) throw_size_error(entry, "too many");
  if (bits % 8 != 0) throw_size_error(entry, std::to_string(bits) + "/8");
  if (entry.end - entry.begin != bits / 8) throw_size_error(entry, std::to_string(bits / 8));
}

/// Sorts the entries by their bytes and checks each; returns where the last ends.
std::uint64_t check_entries(std::vector<HeaderEntry>& entries) {
  std::ranges::sort(entries, {}, [](const HeaderEntry& entry) {
    return std::tuple<std::uint64_t, std::uint64_t, const std::string&>(entry.begin, entry.end, entry.name);
  });
  std::uint64_t end = 0;
  for (const HeaderEntry& entry : entries) {
    if (entry.begin != end || entry.end < entry.begin) {
      const std::string_view what = entry.end < entry.begin ? "ends before it begins"
                                    : entry.begin < end     ? "overlaps the one before it"
                                                            : "leaves a gap after the one before it";
      throw Error(ErrorCode::safetensors_offsets,
                  "Tensor " + shown_name(entry.name) + " at bytes " + std::to_string(entry.begin) + " to " +
                      std::to_string(entry.end) + " " + std::string(what) + " (expected to begin at " +
                      std::to_string(end) + ").",
                  "The file is damaged. Download it again.", {{"tensor", shown_name(entry.name)}});
    }
    check_size(entry);
    end = entry.end;
  }
  return end;
}

/// The entries as tensors, found by name. Throws where a name comes twice.
SafetensorsHeader index_tensors(HeaderJson&& json, std::uint64_t data_begin) {
  SafetensorsHeader header{.tensors = {}, .metadata = std::move(json.metadata), .index = {}};
  header.tensors.reserve(json.entries.size());
  for (HeaderEntry& entry : json.entries) {
    if (!header.index.emplace(entry.name, header.tensors.size()).second) {
      const std::string reason = "tensor " + shown_name(entry.name) + " comes twice";
      throw Error(ErrorCode::safetensors_header, "The header of the file is not one of safetensors: " + reason + ".",
                  "The file is damaged. Download it again.", {{"reason", reason}});
    }
    TensorInfo& tensor = header.tensors.emplace_back();
    tensor.name = std::move(entry.name);
    tensor.dtype = entry.dtype;
    for (std::uint64_t dim : entry.shape) tensor.shape.push_back(static_cast<std::size_t>(dim));
    tensor.begin = data_begin + entry.begin;
    tensor.end = data_begin + entry.end;
  }
  return header;
}

SafetensorsHeader judge_header(const ByteSource& source) {
  const std::uint64_t header_bytes = read_header_length(source);
  HeaderJson json = parse_header_json(read_text(source, kLengthBytes, header_bytes));
  const std::uint64_t data_bytes = check_entries(json.entries);
  const std::uint64_t data_begin = kLengthBytes + header_bytes;
  const std::uint64_t available = source.size() - data_begin;
  if (data_bytes > available) throw_truncated(data_begin, data_bytes, source.size());
  if (data_bytes < available) throw_trailing(data_begin + data_bytes, source.size());
  return index_tensors(std::move(json), data_begin);
}

}  // namespace

std::string_view dtype_name(DType dtype) { return kDTypes.at(static_cast<std::size_t>(dtype)).name; }

std::size_t dtype_bits(DType dtype) { return kDTypes.at(static_cast<std::size_t>(dtype)).bits; }

const TensorInfo* SafetensorsHeader::find(std::string_view name) const {
  const auto place = index.find(name);
  return place == index.end() ? nullptr : &tensors[place->second];
}

SafetensorsHeader read_safetensors_header(const ByteSource& source) {
  try {
    return judge_header(source);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::out_of_memory, "Out of memory: the header of the file is too large.",
                "Close other tabs or programs, or choose another file.", {{"bytes", std::to_string(source.size())}});
  }
}

}  // namespace soi

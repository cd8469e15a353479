#include "core/weights/safetensors_json.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/tensor/error.h"

namespace soi {
namespace {

constexpr std::size_t kMaxDepth = 127;  // of objects and arrays: serde_json's limit, which the reference inherits
constexpr std::size_t kMaxRank = 1024;

[[noreturn]] void throw_header_error(const std::string& reason) {
  throw Error(ErrorCode::safetensors_header, "The header of the file is not one of safetensors: " + reason + ".",
              "The file is damaged or of another format. Download it again, or convert it to safetensors.",
              {{"reason", reason}});
}

std::optional<DType> parse_dtype(std::string_view name) {
#define SOI_DTYPE_PARSE(dtype, text, bits) \
  if (name == (text)) return DType::dtype;
  SOI_DTYPES(SOI_DTYPE_PARSE)
#undef SOI_DTYPE_PARSE
  return std::nullopt;
}

/// Receives nlohmann's parser events. A place is what the next value is part of.
class HeaderEvents {
 public:
  explicit HeaderEvents(HeaderJson& header) : header_(header) {}

  bool null() {
    // The reference reads `"__metadata__": null` as no metadata.
    if (place_ == Place::root && key_ == "__metadata__") return true;
    return scalar("null");
  }
  bool boolean(bool) { return scalar("a truth value"); }
  // Called for numbers with a minus sign alone.
  bool number_integer(std::int64_t) { return scalar("a negative number"); }
  bool number_float(double, const std::string&) { return scalar("a number that is not a 64-bit integer"); }

  bool number_unsigned(std::uint64_t number) {
    if (place_ == Place::shape) {
      if (entry().shape.size() == kMaxRank) {
        fail_in_entry("has more than " + std::to_string(kMaxRank) + " dimensions");
      }
      entry().shape.push_back(number);
    } else if (place_ == Place::offsets) {
      if (n_offsets_ == 2) fail_in_entry("has more than two data_offsets");
      (n_offsets_++ == 0 ? entry().begin : entry().end) = number;
    } else {
      return scalar("a number");
    }
    return true;
  }

  bool string(std::string& text) {
    if (place_ == Place::metadata) {
      if (!header_.metadata.emplace(key_, std::move(text)).second) {
        throw_header_error("__metadata__ holds the key " + shown_name(key_) + " twice");
      }
    } else if (place_ == Place::entry && key_ == "dtype") {
      const std::optional<DType> dtype = parse_dtype(text);
      if (!dtype) fail_in_entry("has the unknown dtype " + shown_name(text));
      entry().dtype = *dtype;
    } else {
      return scalar("a string");
    }
    return true;
  }

  bool binary(nlohmann::json::binary_t&) { return scalar("binary data"); }

  bool start_object(std::size_t) {
    descend();
    if (place_ == Place::document) {
      place_ = Place::root;
    } else if (place_ == Place::root) {
      if (key_ == "__metadata__") {
        place_ = Place::metadata;
      } else {
        header_.entries.emplace_back().name = key_;
        has_dtype_ = has_shape_ = has_offsets_ = false;
        place_ = Place::entry;
      }
    } else {
      skip("an object");
    }
    return true;
  }

  bool start_array(std::size_t) {
    descend();
    if (place_ == Place::entry && key_ == "shape") {
      place_ = Place::shape;
    } else if (place_ == Place::entry && key_ == "data_offsets") {
      n_offsets_ = 0;
      place_ = Place::offsets;
    } else {
      skip("an array");
    }
    return true;
  }

  bool key(std::string& key) {
    if (place_ == Place::skipped) return true;
    key_ = std::move(key);
    if (place_ == Place::entry) {
      if (key_ == "dtype") see_once(has_dtype_);
      if (key_ == "shape") see_once(has_shape_);
      if (key_ == "data_offsets") see_once(has_offsets_);
    } else if (place_ == Place::root && key_ == "__metadata__") {
      if (std::exchange(has_metadata_, true)) throw_header_error("__metadata__ comes twice");
    }
    return true;
  }

  bool end_object() {
    --depth_;
    if (place_ == Place::skipped) {
      end_skipped();
    } else if (place_ == Place::root) {
      place_ = Place::document;
    } else {
      if (place_ == Place::entry && !(has_dtype_ && has_shape_ && has_offsets_)) {
        fail_in_entry("lacks its dtype, shape or data_offsets");
      }
      place_ = Place::root;
    }
    return true;
  }

  bool end_array() {
    --depth_;
    if (place_ == Place::skipped) {
      end_skipped();
    } else {
      if (place_ == Place::offsets && n_offsets_ != 2) fail_in_entry("has fewer than two data_offsets");
      place_ = Place::entry;
    }
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
    throw_header_error("it is not JSON at byte " + std::to_string(position));
  }

 private:
  enum class Place { document, root, metadata, entry, shape, offsets, skipped };

  HeaderEntry& entry() { return header_.entries.back(); }

  [[noreturn]] void fail_in_entry(const std::string& what) {
    throw_header_error("tensor " + shown_name(entry().name) + " " + what);
  }

  void see_once(bool& seen) {
    if (std::exchange(seen, true)) fail_in_entry("has the key " + key_ + " twice");
  }

  bool in_unknown_key() const {
    return place_ == Place::entry && key_ != "dtype" && key_ != "shape" && key_ != "data_offsets";
  }

  void descend() {
    if (++depth_ > kMaxDepth) throw_header_error("it is nested more than " + std::to_string(kMaxDepth) + " deep");
  }

  /// A value that is no place's own: accepted under a key of an entry that the format does not know, as the reference
  /// does, and an error anywhere else.
  bool scalar(const char* kind) {
    if (place_ == Place::skipped || in_unknown_key()) return true;
    reject(kind);
  }

  void skip(const char* kind) {
    if (place_ == Place::skipped) return;
    if (!in_unknown_key()) reject(kind);
    place_ = Place::skipped;
    skipped_from_ = depth_;
  }

  void end_skipped() {
    if (depth_ < skipped_from_) place_ = Place::entry;
  }

  [[noreturn]] void reject(const char* kind) {
    switch (place_) {
      case Place::document:
        throw_header_error(std::string("it is ") + kind + ", not an object");
      case Place::root:
        throw_header_error("the value of " + shown_name(key_) + " is " + kind + ", not an object");
      case Place::metadata:
        throw_header_error("__metadata__ holds " + std::string(kind) + " where it may hold strings alone");
      default:
        fail_in_entry("has " + std::string(kind) + " as or in its " + key_);
    }
  }

  HeaderJson& header_;
  Place place_ = Place::document;
  std::string key_;
  std::size_t depth_ = 0;
  std::size_t skipped_from_ = 0;
  std::size_t n_offsets_ = 0;
  bool has_metadata_ = false;
  bool has_dtype_ = false;
  bool has_shape_ = false;
  bool has_offsets_ = false;
};

}  // namespace

HeaderJson parse_header_json(std::string_view text) {
  if (text.empty() || text.front() != '{') throw_header_error("it does not begin with {");
  // nlohmann's lexer takes a NUL for the end of the text, whatever follows.
  if (text.find('\0') != std::string_view::npos) throw_header_error("it holds a NUL");
  HeaderJson header;
  HeaderEvents events(header);
  nlohmann::json::sax_parse(text.begin(), text.end(), &events);
  return header;
}

std::string shown_name(std::string_view name) {
  constexpr std::size_t kShown = 120;
  if (name.size() <= kShown) return std::string(name);
  std::size_t end = kShown;
  while ((static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;  // not inside a character of UTF-8
  return std::string(name.substr(0, end)) + "...";
}

}  // namespace soi

#pragma once

namespace soi::wasm {

/// A message is a struct whose fields are listed once, as X(type, name, doc). The list makes the members here, their
/// conversion to and from JavaScript (convert.h), and TypeScript's interface (generate_types.cpp), where `n_layers`
/// is spelled `nLayers`.
#define SOI_MESSAGE_MEMBER(type, name, doc) type name{};
#define SOI_MESSAGE_VISIT(type, name, doc) visitor(#name, self.name, doc);
#define SOI_MESSAGE(Name, FIELDS)                                                             \
  struct Name {                                                                               \
    FIELDS(SOI_MESSAGE_MEMBER)                                                                \
    template <typename Self, typename Visitor>                                                \
    static void visit_fields([[maybe_unused]] Self& self, [[maybe_unused]] Visitor visitor) { \
      FIELDS(SOI_MESSAGE_VISIT)                                                               \
    }                                                                                         \
  };

template <typename T>
concept Message = requires(T& message) { T::visit_fields(message, [](const char*, auto&, const char*) {}); };

}  // namespace soi::wasm

// Writes the TypeScript that the page's side of the protocol is typed by: error codes, hooks, messages.
// Usage: generate_types FOLDER. Compiled natively, from headers alone (tools/generate).
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "core/hooks/hook_name.h"
#include "core/tensor/error.h"
#include "wasm/camel_case.h"
#include "wasm/protocol.h"

namespace soi::wasm {
namespace {

// The name of T in TypeScript. Messages are found in the table below, so a field of an unlisted type does not compile.
template <typename T>
struct TypeScript;
#define SOI_TYPESCRIPT(type, spelling)                \
  template <>                                         \
  struct TypeScript<type> {                           \
    static std::string spelled() { return spelling; } \
  };
SOI_TYPESCRIPT(bool, "boolean")
SOI_TYPESCRIPT(std::int32_t, "number")
SOI_TYPESCRIPT(std::size_t, "number")
SOI_TYPESCRIPT(float, "number")
SOI_TYPESCRIPT(double, "number")
SOI_TYPESCRIPT(std::string, "string")
SOI_TYPESCRIPT(NumberFormat, "NumberFormat")
SOI_TYPESCRIPT(IntColumn, "Int32Array")
SOI_TYPESCRIPT(FloatColumn, "Float32Array")
SOI_TYPESCRIPT(DoubleColumn, "Float64Array")
SOI_TYPESCRIPT(ByteColumn, "Uint8Array")
SOI_TYPESCRIPT(Settings, "Record<string, string>")
SOI_TYPESCRIPT(NoEvent, "never")
#define SOI_TYPESCRIPT_MESSAGE(Name, FIELDS, doc) SOI_TYPESCRIPT(Name, #Name)
SOI_MESSAGES(SOI_TYPESCRIPT_MESSAGE)

template <typename T>
struct TypeScript<std::vector<T>> {
  static std::string spelled() { return TypeScript<T>::spelled() + "[]"; }
};
template <typename T>
struct TypeScript<std::optional<T>> {
  static std::string spelled() { return TypeScript<T>::spelled(); }
};

template <typename T>
constexpr bool is_optional = false;
template <typename T>
constexpr bool is_optional<std::optional<T>> = true;

std::string doc_comment(std::string_view indent, std::string_view doc) {
  return doc.empty() ? "" : std::string(indent) + "/** " + std::string(doc) + " */\n";
}

// The declaration of a message; one without fields is an object that holds nothing.
template <typename T>
std::string interface(const std::string& name, std::string_view doc) {
  std::string fields;
  T message;
  T::visit_fields(message, [&]<typename Field>(std::string_view field, const Field&, std::string_view field_doc) {
    fields += doc_comment("  ", field_doc) + "  " + camel_case(field) + (is_optional<Field> ? "?: " : ": ") +
              TypeScript<Field>::spelled() + "\n";
  });
  if (fields.empty()) return doc_comment("", doc) + "export type " + name + " = Record<string, never>\n\n";
  return doc_comment("", doc) + "export interface " + name + " {\n" + fields + "}\n\n";
}

template <typename Request, typename Event, typename Result>
std::string request_line(std::string_view name) {
  return "  " + camel_case(name) + ": { request: " + TypeScript<Request>::spelled() +
         "; event: " + TypeScript<Event>::spelled() + "; result: " + TypeScript<Result>::spelled() + " }\n";
}

std::string messages() {
  std::string text = "// Generated from wasm/protocol.h by tools/generate. Do not edit.\n\n";
  text += "export const numberFormats = [\n";
  for (std::string_view name : number_format_names) text += "  '" + std::string(name) + "',\n";
  text += "] as const\nexport type NumberFormat = (typeof numberFormats)[number]\n\n";
#define SOI_INTERFACE(Name, FIELDS, doc) text += interface<Name>(#Name, doc);
  SOI_MESSAGES(SOI_INTERFACE)
  text +=
      "/** Requests to the core: events come while one runs, the result at its end. */\nexport interface Requests {\n";
#define SOI_REQUEST_LINE(name, Request, Event, Result) text += request_line<Request, Event, Result>(#name);
  SOI_REQUESTS(SOI_REQUEST_LINE)
  return text + "}\n";
}

std::string names() {
  std::string text =
      "// Generated from core/tensor/error.h and core/hooks/hook_name.h by tools/generate. Do not edit.\n\n"
      "export const errorCodes = [\n";
#define SOI_ERROR_LINE(name) text += "  '" #name "',\n";
  SOI_ERROR_CODES(SOI_ERROR_LINE)
  text +=
      "] as const\nexport type ErrorCode = (typeof errorCodes)[number]\n\n"
      "/** TransformerLens's names, `{}` for the block's index; shapes are of one sequence of T tokens. */\n"
      "export const hookPoints = {\n";
#define SOI_HOOK_LINE(point, name, shape) text += "  " #point ": { name: '" name "', shape: '" shape "' },\n";
  SOI_HOOK_POINTS(SOI_HOOK_LINE)
  return text + "} as const\nexport type HookPoint = keyof typeof hookPoints\n";
}

bool write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  return static_cast<bool>(file.flush());
}

}  // namespace
}  // namespace soi::wasm

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: generate_types FOLDER\n";
    return 2;
  }
  const std::string folder = argv[1];
  if (!soi::wasm::write(folder + "/names.ts", soi::wasm::names()) ||
      !soi::wasm::write(folder + "/messages.ts", soi::wasm::messages())) {
    std::cerr << "Cannot write to " << folder << "\n";
    return 1;
  }
  return 0;
}

// validate_json SCHEMA FILE...: holds JSON files against a JSON Schema, and says file, line and rule of each
// that breaks it. With --schema FILE... it only sees whether these can be used as schemas.
#include <cstdio>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/schema.h"

namespace {

/// Whether everything is as it should be; faults go to stderr.
bool hold(const std::string& schema, const std::string& file) {
  try {
    offstage::validate(*offstage::JsonDocument::load(file), schema);
    return true;
  } catch (const offstage::Error& error) {
    std::fprintf(stderr, "%s\n", error.explain().c_str());
    return false;
  }
}

/// A schema that cannot be read as one is a defect, whatever document it meets.
bool usable(const std::string& file) {
  try {
    offstage::validate(*offstage::JsonDocument::parse("null", "null"),
                       offstage::JsonDocument::load(file)->text());
  } catch (const offstage::Error& error) {
    if (error.kind() == offstage::Kind::usage && error.message().starts_with("null:")) return true;
    std::fprintf(stderr, "%s: %s\n", file.c_str(), error.explain().c_str());
    return false;
  }
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  if (words.size() < 2) {
    std::fputs("usage: validate_json SCHEMA FILE... | validate_json --schema FILE...\n", stderr);
    return 64;
  }
  bool good = true;
  try {
    const bool schemas = words.front() == "--schema";
    const std::string schema = schemas ? "" : offstage::read_file(words.front());
    for (std::size_t at = 1; at < words.size(); ++at)
      good = (schemas ? usable(words[at]) : hold(schema, words[at])) && good;
  } catch (const offstage::Error& error) {
    std::fprintf(stderr, "%s\n", error.explain().c_str());
    return 1;
  }
  return good ? 0 : 1;
}

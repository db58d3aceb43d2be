# Writes HEADER and SOURCE, which hold the bytes of INPUT as offstage::embedded::SYMBOL.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "(................................................................................)" "\\1\n  "
  bytes "${bytes}")
file(WRITE ${HEADER}
  "#pragma once\n#include <string_view>\nnamespace offstage::embedded {\nextern const std::string_view ${SYMBOL};\n}\n")
file(WRITE ${SOURCE}
  "#include \"embedded/${SYMBOL}.h\"\n\nnamespace offstage::embedded {\nnamespace {\n"
  "constexpr unsigned char ${SYMBOL}_bytes[] = {\n  ${bytes}0};\n}\n"
  "const std::string_view ${SYMBOL}{reinterpret_cast<const char*>(${SYMBOL}_bytes), sizeof(${SYMBOL}_bytes) - 1};\n}\n")

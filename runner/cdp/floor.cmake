# websocketpp 0.8.2 does not compile as C++20: it lives in one unit of its own, compiled as C++17.
find_path(WEBSOCKETPP_INCLUDE websocketpp/client.hpp REQUIRED)
find_path(ASIO_INCLUDE asio.hpp REQUIRED)
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/websocket_connection.cpp PROPERTIES
  COMPILE_OPTIONS "-std=c++17" SKIP_PRECOMPILE_HEADERS ON)
target_include_directories(offstage_cdp SYSTEM PRIVATE ${WEBSOCKETPP_INCLUDE} ${ASIO_INCLUDE})
target_link_libraries(offstage_cdp PRIVATE OpenSSL::SSL)

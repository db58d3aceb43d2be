# websocketpp 0.8.2 does not compile as C++20: it lives in one unit of its own, compiled as C++17.
find_path(WEBSOCKETPP_INCLUDE websocketpp/client.hpp REQUIRED)
find_path(ASIO_INCLUDE asio.hpp REQUIRED)
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/websocket_connection.cpp PROPERTIES
  COMPILE_OPTIONS "-std=c++17" SKIP_PRECOMPILE_HEADERS ON
  COMPILE_DEFINITIONS "ASIO_STANDALONE;_WEBSOCKETPP_CPP11_STL_;_WEBSOCKETPP_CPP11_THREAD_;_WEBSOCKETPP_CPP11_FUNCTIONAL_;_WEBSOCKETPP_CPP11_SYSTEM_ERROR_;_WEBSOCKETPP_CPP11_RANDOM_DEVICE_;_WEBSOCKETPP_CPP11_MEMORY_")
target_include_directories(offstage_cdp SYSTEM PRIVATE ${WEBSOCKETPP_INCLUDE} ${ASIO_INCLUDE})
target_link_libraries(offstage_cdp PRIVATE OpenSSL::SSL)
# It reads no bytes itself that a fuzzing program could give it, and takes a minute with sanitizers.
if(OFFSTAGE_FUZZ)
  set_property(SOURCE ${CMAKE_CURRENT_LIST_DIR}/websocket_connection.cpp APPEND PROPERTY
    COMPILE_OPTIONS -O0 -fno-sanitize=all)
endif()

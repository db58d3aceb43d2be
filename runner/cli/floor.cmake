# The program itself, and where its parts are: bin/offstage, share/offstage for what it reads (links into the
# source tree here, files once installed), libexec/offstage for the practice consoles.
get_target_property(cli_sources offstage_cli SOURCES)
list(FILTER cli_sources EXCLUDE REGEX "/main\\.cpp$")
set_target_properties(offstage_cli PROPERTIES SOURCES "${cli_sources}")
target_link_libraries(offstage_cli PUBLIC CLI11::CLI11)
target_compile_definitions(offstage_cli PRIVATE OFFSTAGE_VERSION="${PROJECT_VERSION}")

add_executable(offstage ${CMAKE_CURRENT_LIST_DIR}/main.cpp)
target_link_libraries(offstage PRIVATE offstage_cli)

file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/share/offstage)
foreach(folder connectors scripts)
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${CMAKE_BINARY_DIR}/share/offstage/${folder} SYMBOLIC)
endforeach()

add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/share/offstage.1 ${CMAKE_BINARY_DIR}/share/offstage.bash
         ${CMAKE_BINARY_DIR}/share/_offstage ${CMAKE_BINARY_DIR}/share/offstage.fish
  COMMAND offstage man > ${CMAKE_BINARY_DIR}/share/offstage.1
  COMMAND offstage completion bash > ${CMAKE_BINARY_DIR}/share/offstage.bash
  COMMAND offstage completion zsh > ${CMAKE_BINARY_DIR}/share/_offstage
  COMMAND offstage completion fish > ${CMAKE_BINARY_DIR}/share/offstage.fish
  DEPENDS offstage COMMENT "Writing the man page and the completions" VERBATIM)
add_custom_target(offstage_pages ALL DEPENDS ${CMAKE_BINARY_DIR}/share/offstage.1)

install(TARGETS offstage DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${CMAKE_BINARY_DIR}/libexec/offstage DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}
  USE_SOURCE_PERMISSIONS OPTIONAL FILES_MATCHING PATTERN "practice-*")
install(FILES ${CMAKE_BINARY_DIR}/share/offstage.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${CMAKE_BINARY_DIR}/share/offstage.bash RENAME offstage
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${CMAKE_BINARY_DIR}/share/_offstage DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${CMAKE_BINARY_DIR}/share/offstage.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

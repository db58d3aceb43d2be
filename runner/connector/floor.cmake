# The schema travels in the program; connectors and scripts are data that can be changed without building.
offstage_embed(offstage_connector ${PROJECT_SOURCE_DIR}/connectors/schema/connector.json)
target_compile_definitions(offstage_connector PRIVATE
  OFFSTAGE_SOURCE_CONNECTORS="${PROJECT_SOURCE_DIR}/connectors"
  OFFSTAGE_VERSION="${PROJECT_VERSION}")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/connectors ${PROJECT_SOURCE_DIR}/scripts
  DESTINATION ${CMAKE_INSTALL_DATADIR}/offstage)

# The target `package` makes the Debian package in the build folder: what install.cmake installs, and
# what dpkg looks after.
set(RELAY_MAINTAINER "The rescue-relay authors <rescue-relay@example.com>" CACHE STRING
    "Who makes the package: name and mail address")
set(RELAY_DEBIAN_VERSION ${PROJECT_VERSION}-1)

configure_file(deploy/debian/changelog.in changelog.Debian @ONLY)
relay_install_packed(${PROJECT_BINARY_DIR}/changelog.Debian changelog.Debian
                     share/doc/rescue-relay COMPONENT package EXCLUDE_FROM_ALL)
# Not part of `cmake --install`, which must not overwrite what an operator has written.
install(FILES deploy/relay.toml DESTINATION /etc/rescue-relay COMPONENT package EXCLUDE_FROM_ALL
        PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ)
install(FILES deploy/debian/nginx-snippet.conf DESTINATION /etc/nginx/snippets
        RENAME rescue-relay.conf COMPONENT package EXCLUDE_FROM_ALL)
install(FILES deploy/debian/apache-conf.conf DESTINATION /etc/apache2/conf-available
        RENAME rescue-relay.conf COMPONENT package EXCLUDE_FROM_ALL)
install(FILES deploy/debian/lintian-overrides DESTINATION share/lintian/overrides
        RENAME rescue-relay COMPONENT package EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME rescue-relay)
set(CPACK_PACKAGE_CONTACT ${RELAY_MAINTAINER})
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};rescue-relay;ALL;/"
                                 "${PROJECT_BINARY_DIR};rescue-relay;package;/")
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_OUTPUT_FILE_PREFIX ${PROJECT_BINARY_DIR})
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
    GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "receiver of LogMeIn Rescue's Post to URL")
string(CONCAT CPACK_PACKAGE_DESCRIPTION
       "LogMeIn Rescue can post the data of every support session to a URL, once.\n"
       "rescue-relay is that URL, behind nginx or Apache: it stores each post on\n"
       "disk before it answers, and then delivers it to a CRM or ticket system, in\n"
       "order and as often as it takes: by HTTP, by mail, into a database, into a\n"
       "file, or to a program.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "ca-certificates, tzdata, systemd | systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "nginx | apache2")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS
    "libapache2-mod-fcgid, sqlite3, odbc-postgresql, odbc-mariadb, tdsodbc, libsqliteodbc")
foreach(file postinst prerm postrm conffiles)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/deploy/debian/${file})
endforeach()
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)

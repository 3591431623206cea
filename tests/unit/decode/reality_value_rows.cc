#include "unit/decode/reality_rows.h"

namespace relay {
namespace {

std::vector<ValueRow> Rows(const std::string& variable,
                           const std::vector<std::pair<std::string, std::string>>& values) {
  std::vector<ValueRow> rows;
  for (const auto& [posted, value] : values) rows.push_back({variable, posted, value});
  return rows;
}

}  // namespace

std::vector<ValueRow> TimeRows() {
  const std::string time = "\"2026-02-16T09:53:44Z\"";
  const std::string minute = "\"2026-02-16T09:53:00Z\"";
  return Rows("ClosingTime", {
                                 {"2026-02-16 09:53:44", time},
                                 {"2026-02-16T09:53:44.567Z", time},
                                 {"2026-02-16T10:53:44+01:00", time},
                                 {"2026-02-16 09:53", minute},
                                 {"2026/02/16 9:53", minute},
                                 {"2/16/2026 9:53:44 AM", time},
                                 {"2/16/2026 9:53 AM", minute},
                                 {"2/16/2026 09:53:44", time},
                                 {"16.02.2026 09:53:44", time},
                                 {"16-02-2026 09:53", minute},
                                 {" 2026-02-16 09:53:44\r\n", time},
                                 {"2028-02-29 00:00", "\"2028-02-29T00:00:00Z\""},

                                 {"", "null"},
                                 {"0", "null"},
                                 {"0001-01-01T00:00:00", "null"},
                                 {"1/1/1900", "null"},
                                 {"1/1/1970 12:00:00 AM", "null"},
                                 {"2026-02-30 09:53", "null"},
                                 {"2026-02-29 09:53", "null"},
                                 {"2026-13-01 09:53", "null"},
                                 {"2026-00-16 09:53", "null"},
                                 {"2026-02-16 24:00", "null"},
                                 {"2026-02-16 09:60", "null"},
                                 {"2026-02-16 09:53:60", "null"},
                                 {"2026-02-16 09:53:44.", "null"},
                                 {"2026-02-16", "null"},
                                 {"2026-02-16 9", "null"},
                                 {"2026-02-16 09:53:44 CET", "null"},
                                 {"2026-02-16 09:53:44+15:00", "null"},
                                 {"2026-02/16 09:53", "null"},
                                 {"16/2/2026 9:53 AM", "null"},
                                 {"2/30/2026 9:53 AM", "null"},
                                 {"2/16/2026 13:53 PM", "null"},
                                 {"2/16/2026 0:53 AM", "null"},
                                 {"2/16/26 9:53 AM", "null"},
                                 {"32.01.2026 09:53", "null"},
                                 {"16.13.2026 09:53", "null"},
                                 {"16 Feb 2026 09:53", "null"},
                                 {"1771235624", "null"},
                                 {"yesterday", "null"},
                             });
}

std::vector<ValueRow> NumberRows() {
  std::vector<ValueRow> rows = Rows("WorkTime", {
                                                    {"0", "0"},
                                                    {"640", "640"},
                                                    {" 007 ", "7"},
                                                    {"640.0", "640"},
                                                    {"12.5", "12.5"},
                                                    {"0:23:02", "1382"},
                                                    {"336:00:01", "1209601"},

                                                    {"", "null"},
                                                    {" ", "null"},
                                                    {"12s", "null"},
                                                    {"1,5", "null"},
                                                    {"1 000", "null"},
                                                    {"1e3", "null"},
                                                    {"0x10", "null"},
                                                    {"nan", "null"},
                                                    {"inf", "null"},
                                                    {"+5", "null"},
                                                    {".5", "null"},
                                                    {"5.", "null"},
                                                    {"0:23", "null"},
                                                    {"0:60:00", "null"},
                                                    {"0:00:60", "null"},
                                                    {"-1:00:00", "null"},
                                                    {"0:23:02.5", "null"},
                                                    {"eleven", "null"},
                                                });
  const auto more = Rows("Transmitted", {
                                            {"3222273024", "3222273024"},
                                            {"9223372036854775807", "9223372036854775807"},
                                            {"9007199254740993", "9007199254740993"},
                                            {"1.2.3", "null"},
                                            {"12 MB", "null"},
                                            {std::string(400, '9'), "null"},
                                        });
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

}  // namespace relay

#include "report/picture.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/figures.h"
#include "core/text.h"
#include "record/redact.h"
#include "report/html_text.h"
#include "report/picture_days.h"
#include "report/svg.h"
#include "report/words.h"

namespace recoup::report {
namespace {

// In CSS pixels.
constexpr int kPitch = 17;
constexpr int kRow = 13;
constexpr int kTop = 22;
constexpr int kAlone = 44;  // the row of a picture of one day
constexpr int kSmallPitch = 6;
constexpr int kSmallRow = 5;
// A picture of more pieces than this goes without their titles: the page stays small.
constexpr std::size_t kMostTitles = 3000;

bool is_pattern(Look look) {
  return look == Look::silent || look == Look::excluded || look == Look::errors;
}

// The attributes that paint a look: a pattern is in the picture itself, a colour in the styles.
Html paint(Look look, const PictureOptions& options) {
  Html attributes("class=\"{}\"", css_of(look));
  if (is_pattern(look)) {
    attributes += Html(" fill=\"url(#{}-{})\"", options.id_prefix, css_of(look));
  }
  return attributes;
}

// The thin line that stands for a time without Requests, in a row of that height.
Html silent_line(int height) {
  const int line = std::max(1, height / 4);
  return Html("<rect class=\"line\" y=\"{}\" width=\"8\" height=\"{}\"/>", (height - line) / 2,
              line);
}

// Told apart without colour: silence is a line where all else is as high as its row, what is
// excluded is hatched, Errors that took nothing are barred; the colours are the styles'.
Html patterns(const PictureOptions& options, int height) {
  const auto pattern = [&](Look look, int width, int high, const Html& body) {
    return Html(
        "<pattern id=\"{0}-{1}\" class=\"{1}\" width=\"{2}\" height=\"{3}\" "
        "patternUnits=\"userSpaceOnUse\"><rect width=\"{2}\" height=\"{3}\"/>{4}</pattern>\n",
        options.id_prefix, css_of(look), width, high, body);
  };
  return Html("<defs>\n") + pattern(Look::silent, 8, height, silent_line(height)) +
         pattern(Look::excluded, 6, 6, "<path d=\"M-1 1l2-2M0 6l6-6M5 7l2-2\"/>") +
         pattern(Look::errors, 4, 4, "<path d=\"M2 0v4\"/>") + "</defs>\n";
}

core::Millis longest_day(const std::vector<PictureDay>& days) {
  core::Millis longest = std::chrono::days(1);
  for (const PictureDay& day : days) longest = std::max(longest, day.day.length());
  return longest;
}

Html hours(core::Millis axis, int bottom) {
  Html svg = "<g class=\"hours\">\n";
  for (std::chrono::hours hour{0}; hour <= axis; hour += std::chrono::hours(3)) {
    const std::string x = percent_of(hour, axis);
    svg += Html("<g class=\"{}\"><line x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>",
                hour.count() % 6 == 0 ? Html("major") : "minor", x, x, kTop - 5, bottom);
    svg += Html("<text x=\"{}\" y=\"{}\">{:02}</text></g>\n", x, kTop - 9, hour.count());
  }
  return svg + "</g>\n";
}

std::string reason_of(const core::Assessment& a, const core::Interval& span) {
  for (const core::ExclusionEffect& exclusion : a.exclusions) {
    if (exclusion.window.span.overlaps(span)) return record::redact(exclusion.window.reason);
  }
  return {};
}

std::string lost_title(const Stretch& stretch) {
  const std::string counts = fmt::format("{}, {}", core::counted(stretch.requests, "Request"),
                                         core::counted(stretch.errors, "Error"));
  if (stretch.intervals > 1) {
    return fmt::format("{} of {} lost, {}", core::grouped(stretch.lost),
                       core::grouped(stretch.intervals), counts);
  }
  const core::Ratio served = *core::availability(stretch.requests, stretch.errors);
  return fmt::format("{}, Availability {} %", counts,
                     (served * core::Ratio::whole(100)).to_shortest(4));
}

std::string title(const core::Assessment& a, const Stretch& stretch) {
  std::string text = span_text(stretch.span) + ": ";
  switch (stretch.look) {
    case Look::silent: return text + "silent, no Request";
    case Look::excluded: return text + "excluded, " + reason_of(a, stretch.span);
    case Look::ahead: return text + "not begun yet";
    case Look::errors: return text + "Errors, but nothing lost";
    default: return text + lost_title(stretch);
  }
}

std::string name_of(const PictureDay& day) {
  constexpr std::array<std::string_view, 7> kWeekdays{"Sun", "Mon", "Tue", "Wed",
                                                      "Thu", "Fri", "Sat"};
  const std::chrono::weekday weekday{std::chrono::sys_days(day.date)};
  return fmt::format("{} {}", kWeekdays[weekday.c_encoding()],
                     static_cast<unsigned>(day.date.day()));
}

// What a row's link is called: begins with what is seen of its name, so that one who speaks to the
// page can say it.
std::string spoken_name(const PictureDay& day) {
  const auto of = [&](Look look) { return day.intervals[static_cast<std::size_t>(look)]; };
  std::string text = fmt::format("{}, {}: ", name_of(day), core::to_text(day.date));
  if (day.lost > 0) return text + core::counted(day.lost, "interval") + " lost";
  if (day.requests > 0) return text + "nothing lost";
  const bool has_begun = of(Look::silent) + of(Look::excluded) > 0;
  return text + (has_begun ? "no Request that counts" : "not begun yet");
}

// What all rows of one picture share.
struct Sheet {
  const core::Assessment& assessment;
  const PictureOptions& options;
  core::Millis axis;  // the longest day
  bool titles;
  int height;  // of a row

  bool is_named() const { return height == kRow; }
};

Html cells(const Sheet& sheet, const PictureDay& day) {
  const core::Millis axis = sheet.axis;
  const auto place = [&](const core::Interval& span) {
    return Html("x=\"{}\" width=\"{}\" height=\"{}\"", percent_of(span.begin - day.day.begin, axis),
                percent_between(span.begin - day.day.begin, span.end - day.day.begin, axis),
                sheet.height);
  };
  // What was served is the ground that all else stands on.
  const core::Interval ground{day.stretches.front().span.begin, day.stretches.back().span.end};
  Html svg("<rect class=\"served\" {}/>\n", place(ground));
  for (const Stretch& stretch : day.stretches) {
    if (stretch.look == Look::served) continue;
    svg += Html("<rect {} {}", paint(stretch.look, sheet.options), place(stretch.span));
    svg += sheet.titles ? Html("><title>{}</title></rect>\n", title(sheet.assessment, stretch))
                        : "/>\n";
  }
  if (day.lost > 0 && sheet.is_named()) {
    svg += Html("<text class=\"lost\" x=\"100%\" dx=\"8\" y=\"11\">{}</text>\n",
                core::grouped(day.lost));
  }
  return svg;
}

// A row that leads somewhere does so on all its width and height: a finger needs no aim. What its
// cells say to a mouse is not read out: the page that it leads to has it in words.
Html row(const Sheet& sheet, const PictureDay& day, int y) {
  const Html name =
      sheet.is_named() ? Html("<text x=\"-8\" y=\"11\">{}</text>", name_of(day)) : Html();
  Html inside = cells(sheet, day);
  if (sheet.is_named() && sheet.options.day_link) {
    inside = Html(
        "<a href=\"{}\" aria-label=\"{}\"><rect class=\"hit\" y=\"-2\" width=\"100%\" "
        "height=\"{}\"/>{}<g aria-hidden=\"true\">\n{}</g></a>\n",
        sheet.options.day_link(day.date), spoken_name(day), kPitch, name, inside);
  } else {
    inside = name + "\n" + inside;
  }
  return Html("<g class=\"day\" transform=\"translate(0 {})\">{}</g>\n", y, inside);
}

std::string description(const core::Assessment& a, const core::Zone& zone,
                        const std::vector<PictureDay>& days) {
  const auto with_loss =
      std::count_if(days.begin(), days.end(), [](const PictureDay& day) { return day.lost > 0; });
  std::string text = fmt::format(
      "One row for each of {} days of the zone {}, from midnight to midnight. {} of {} intervals "
      "are lost, on {}; {} silent, {} excluded, {} not begun yet.",
      days.size(), zone.name(), core::grouped(a.totals.below_100), core::grouped(a.parts.size()),
      core::counted(static_cast<std::uint64_t>(with_loss), "day"), core::grouped(a.totals.silent),
      core::grouped(a.totals.excluded), core::grouped(a.totals.ahead));
  for (const PictureDay& day : days) {
    if (day.day.length() == std::chrono::days(1)) continue;
    text += fmt::format(" {} has {} hours.", core::to_text(day.date),
                        std::chrono::duration_cast<std::chrono::hours>(day.day.length()).count());
  }
  return text + " The numbers at the right are the lost intervals of each day.";
}

Html swatch(Look look, const PictureOptions& options) {
  // The pattern of silence is as high as the picture's rows.
  const Html body = look == Look::silent
                        ? Html(
                              "<g class=\"silent\"><rect width=\"22\" height=\"13\"/>"
                              "<rect class=\"line\" y=\"5\" width=\"22\" height=\"3\"/></g>")
                        : Html("<rect {} width=\"22\" height=\"13\"/>", paint(look, options));
  return Html(
      "<svg class=\"swatch\" width=\"22\" height=\"13\" aria-hidden=\"true\" focusable=\"false\">"
      "{}</svg>",
      body);
}

// As a legend lists them: what was served, what was lost by how much, the rest.
constexpr std::array<Look, kLooks> kLegend{Look::served,   Look::lost_1, Look::lost_2, Look::lost_3,
                                           Look::lost_4,   Look::lost_5, Look::errors, Look::silent,
                                           Look::excluded, Look::ahead};

}  // namespace

Html picture_svg(const core::Assessment& assessment, const core::Zone& zone,
                 const PictureOptions& options) {
  const std::vector<PictureDay> days = picture_days(assessment, zone);
  const core::Millis axis = longest_day(days);
  const int pitch = options.small ? kSmallPitch : kPitch;
  const int top = options.small ? 0 : kTop;
  const int bottom = top + static_cast<int>(days.size()) * pitch;
  Html svg;
  if (options.small) {
    svg = Html(
        "<svg class=\"month small\" aria-hidden=\"true\" focusable=\"false\" width=\"100%\" "
        "height=\"{}\">\n",
        bottom);
  } else {
    // A picture hides what is in it from who cannot see it: with links it is a group.
    svg = Html(
        "<svg class=\"month\" role=\"{1}\" aria-labelledby=\"{0}-title\" "
        "aria-describedby=\"{0}-desc\" width=\"100%\" height=\"{2}\">\n"
        "<title id=\"{0}-title\">{3}, day by day</title>\n<desc id=\"{0}-desc\">{4}</desc>\n",
        options.id_prefix, options.day_link ? Html("group") : "img", bottom,
        month_name(assessment.cycle.month), description(assessment, zone, days));
  }
  const int height = options.small ? kSmallRow : kRow;
  svg += patterns(options, height);
  if (!options.small) svg += hours(axis, bottom);
  std::size_t pieces = 0;
  for (const PictureDay& day : days) pieces += day.stretches.size();
  const Sheet sheet{assessment, options, axis, !options.small && pieces <= kMostTitles, height};
  int y = top;
  for (const PictureDay& day : days) {
    if (!day.stretches.empty()) svg += row(sheet, day, y);
    y += pitch;
  }
  return svg + "</svg>\n";
}

Html day_svg(const core::Assessment& assessment, const core::Zone& zone, core::Date date,
             const PictureOptions& options) {
  const std::vector<PictureDay> days = picture_days(assessment, zone);
  const auto day = std::find_if(days.begin(), days.end(),
                                [&](const PictureDay& each) { return each.date == date; });
  if (day == days.end() || day->stretches.empty()) return {};
  Html svg(
      "<svg class=\"month alone\" role=\"img\" aria-labelledby=\"{0}-title\" "
      "aria-describedby=\"{0}-desc\" width=\"100%\" height=\"{1}\">\n"
      "<title id=\"{0}-title\">{2}</title>\n<desc id=\"{0}-desc\">From midnight to midnight of the "
      "zone {3}: {4} lost, with {5}.</desc>\n",
      options.id_prefix, kTop + kAlone + 4, core::to_text(date), zone.name(),
      core::counted(day->lost, "interval"), core::counted(day->errors, "Error"));
  const Sheet sheet{assessment, options, day->day.length(), true, kAlone};
  svg += patterns(options, kAlone) + hours(sheet.axis, kTop + kAlone + 4) + row(sheet, *day, kTop);
  return svg + "</svg>\n";
}

Html picture_legend(const core::Assessment& assessment, const std::string& noun,
                    const PictureOptions& options) {
  std::array<std::uint64_t, kLooks> counts{};
  for (const core::IntervalRun& run : assessment.parts.runs()) {
    counts[static_cast<std::size_t>(look_of(run.part))] += run.count;
  }
  Html html = "<ul class=\"legend\">\n";
  for (const Look look : kLegend) {
    const std::uint64_t count = counts[static_cast<std::size_t>(look)];
    if (count == 0) continue;
    html += Html("<li>{}<span>{} <b>{}</b></span></li>\n", swatch(look, options), look_words(look),
                 core::grouped(count));
  }
  return html + Html("</ul>\n<p class=\"note\">Numbers are {}s.</p>\n", noun);
}

Html picture_table(const core::Assessment& assessment, const core::Zone& zone,
                   const std::string& noun, const PictureOptions& options) {
  HtmlTable table(options.id_prefix + "-days",
                  fmt::format("The days of {}, in {}s", month_name(assessment.cycle.month), noun),
                  {{"Day"},
                   {"Requests", true},
                   {"Errors", true},
                   {"Lost", true},
                   {"Silent", true},
                   {"Excluded", true},
                   {"Not begun", true}});
  for (const PictureDay& day : picture_days(assessment, zone)) {
    const auto of = [&](Look look) {
      return core::grouped(day.intervals[static_cast<std::size_t>(look)]);
    };
    table.row({fmt::format("{} {}", core::to_text(day.date), name_of(day).substr(0, 3)),
               core::grouped(day.requests), core::grouped(day.errors), core::grouped(day.lost),
               of(Look::silent), of(Look::excluded), of(Look::ahead)},
              day.lost > 0 ? "marked" : "");
  }
  return table.scrolling();
}

}  // namespace recoup::report

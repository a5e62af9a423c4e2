#include "report/style.h"

namespace recoup::report {

// The scale of loss goes from amber over orange, red and crimson to violet, and each step has its
// hue on every ground; only how light it is differs: from light to dark on a light ground and from
// dark to light on a dark one, so that more always stands out more, without a colour too. Time that
// nobody measured is a pale line, so that nothing is louder than what was lost.
Html colours_css() {
  return R"css(:root {
  color-scheme: light dark;
  --paper: #fff; --tint: #f5f6f4; --ink: #1a2128; --soft: #55606c; --line: #d8dcdf;
  --link: #0a5a75; --flag: #8f1d3c; --flag-tint: #fbeff1; --mark: #fff6df;
  --served: #d3e0da; --silent: #d0d6da; --dots: #44749f; --dots-ground: #e6eff7; --bars: #8b7442;
  --bars-ground: #f6efdd;
  --lost-1: #dc9e12; --lost-2: #d76f04; --lost-3: #cc3529; --lost-4: #9e0148; --lost-5: #5b0059;
  --request: #9fb3ad; --error: #9e0148;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12161a; --tint: #1b2127; --ink: #e6eaee; --soft: #a3afba; --line: #333c45;
    --link: #7cc4de; --flag: #ff9fb0; --flag-tint: #331820; --mark: #2c2612;
    --served: #2d433b; --silent: #363f48; --dots: #6c9cc6; --dots-ground: #17283a;
    --bars: #c7ad6f; --bars-ground: #2c2818;
    --lost-1: #976b03; --lost-2: #d16e0d; --lost-3: #fd7464; --lost-4: #fb8fa9; --lost-5: #fdcbf8;
    --request: #526660; --error: #fb8fa9;
  }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --tint: #fff; --ink: #000; --soft: #444; --line: #bbb; --link: #000;
    --flag: #000; --flag-tint: #fff; --mark: #f0f0f0; --served: #e3eae6; --silent: #aaa;
    --dots: #555; --dots-ground: #fff; --bars: #555; --bars-ground: #fff;
    --lost-1: #dc9e12; --lost-2: #d76f04; --lost-3: #cc3529; --lost-4: #9e0148; --lost-5: #5b0059;
    --request: #9fb3ad; --error: #9e0148;
  }
}
)css";
}

// The labels stand in the padding, beside what is placed in percent: so the picture is as wide as
// its place, and its letters stay as large as they are.
Html picture_css() {
  return R"css(.month, .zoom { display: block; box-sizing: border-box; width: 100%;
  overflow: visible; }
.month { padding: 0 2.6rem 0 3.5rem; }
.month text, .zoom text { font-size: .72rem; fill: var(--soft);
  font-variant-numeric: tabular-nums; }
.month rect, .zoom rect { shape-rendering: crispEdges; }
.month rect { stroke-width: 0; }
.month .ahead { stroke-width: 1; }
.month .hit { fill: transparent; }
.month.small { padding: 0; }
.day text { text-anchor: end; }
.day text.lost { text-anchor: start; fill: var(--flag); font-weight: 650; }
.day a > text { fill: var(--link); text-decoration: underline; }
.hours text, .times text { text-anchor: middle; }
.times text.first { text-anchor: start; }
.times text.last { text-anchor: end; }
.hours line, .times line, .chart line { stroke: var(--line); shape-rendering: crispEdges; }
.chart .base, .times line { stroke: var(--soft); }
.chart .name { fill: var(--ink); }
.served { fill: var(--served); }
.ahead { fill: var(--paper); stroke: var(--line); stroke-dasharray: 2 2; }
.lost-1 { fill: var(--lost-1); stroke: var(--lost-1); }
.lost-2 { fill: var(--lost-2); stroke: var(--lost-2); }
.lost-3 { fill: var(--lost-3); stroke: var(--lost-3); }
.lost-4 { fill: var(--lost-4); stroke: var(--lost-4); }
.lost-5 { fill: var(--lost-5); stroke: var(--lost-5); }
.silent rect { fill: var(--paper); }
.silent .line { fill: var(--silent); }
pattern.excluded rect { fill: var(--dots-ground); }
pattern.excluded path { stroke: var(--dots); stroke-width: 1; }
pattern.errors rect { fill: var(--bars-ground); }
pattern.errors path { stroke: var(--bars); stroke-width: 1.5; }
.Requests rect { fill: var(--request); }
.Errors rect { fill: var(--bars); }
.Errors rect.lost { fill: var(--error); }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.4rem; list-style: none; padding: 0;
  margin: 1rem 0 .4rem; font-size: .85rem; }
.legend li { display: flex; align-items: center; gap: .5rem; margin: 0; }
.legend b { font-weight: 650; font-variant-numeric: tabular-nums; }
.swatch { flex: none; outline: 1px solid var(--line); outline-offset: -1px; }
@media (max-width: 40rem) {
  .month { padding: 0 2rem 0 3.2rem; }
  .hours .minor { display: none; }
  /* A cell is about a pixel wide here: one that is lost must not be missed. */
  .month rect[class^="lost"] { stroke-width: 1; }
}
@media print { .month rect, .zoom rect, .swatch { print-color-adjust: exact; } }
)css";
}

Html page_css() {
  return R"css(* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  text-rendering: optimizeLegibility; overflow-wrap: break-word; }
header, nav, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 3.5rem; }
.skip { position: absolute; left: 1rem; top: -6rem; background: var(--paper); padding: .6rem 1rem; }
.skip:focus { top: 1rem; z-index: 1; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
h1 { font-size: 1.05rem; font-weight: 650; color: var(--soft); margin: 0 0 1rem; }
h2 { font-size: 1.35rem; font-weight: 650; letter-spacing: -.01em; margin: 0 0 .8rem; }
h3 { font-size: 1rem; font-weight: 650; margin: 1.8rem 0 .5rem; }
p { margin: 0 0 .8rem; max-width: 46rem; }
ul { padding-left: 1.2rem; margin: 0 0 1rem; max-width: 46rem; }
li { margin: .25rem 0; }
section { margin-top: 3.5rem; }
time, .nowrap { white-space: nowrap; }
small, .note, caption { color: var(--soft); font-size: .85rem; }
.practice { display: inline-block; border: 2px solid var(--flag); color: var(--flag);
  background: var(--flag-tint); padding: .45rem .9rem; font-weight: 700; letter-spacing: .03em;
  margin: 0 0 1.6rem; }
.verdict { font-size: clamp(1.35rem, 1rem + 2vw, 2.05rem); line-height: 1.32; font-weight: 400;
  letter-spacing: -.012em; max-width: 50rem; margin: 0 0 2rem; text-wrap: pretty; }
.verdict strong { font-weight: 650; white-space: nowrap; font-variant-numeric: tabular-nums; }
.verdict .bad { color: var(--flag); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
  gap: 1.4rem 1.6rem; margin: 0; }
.figures div { border-top: 2px solid var(--ink); padding-top: .5rem; }
.figures dt { font-size: .85rem; color: var(--soft); }
.figures dd { margin: .1rem 0 0; font-size: 1.3rem; font-weight: 650; line-height: 1.3;
  font-variant-numeric: tabular-nums; }
.figures small { display: block; font-weight: 400; line-height: 1.4; margin-top: .15rem; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.6rem;
  margin: 2rem 0 1.6rem; font-size: .92rem; }
.facts div { display: contents; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
nav { margin-top: 2rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.3rem; list-style: none; margin: 0;
  padding: .8rem 0; max-width: none; border-block: 1px solid var(--line); font-size: .9rem; }
nav li { margin: 0; }
nav a { display: inline-block; padding: .2rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
figure { margin: 0 0 1.5rem; }
figcaption { margin-bottom: .9rem; max-width: 46rem; }
table { border-collapse: collapse; width: calc(100% + 1.2rem); margin: .4rem -.6rem 1.4rem;
  font-size: .92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 0 .6rem .5rem; }
th, td { text-align: left; vertical-align: top; padding: .42rem .6rem;
  border-bottom: 1px solid var(--line); }
th { font-weight: 400; }
thead th { font-size: .82rem; font-weight: 650; color: var(--soft); vertical-align: bottom;
  border-bottom: 1px solid var(--ink); }
.n1 tr > :nth-child(1), .n2 tr > :nth-child(2), .n3 tr > :nth-child(3), .n4 tr > :nth-child(4),
.n5 tr > :nth-child(5), .n6 tr > :nth-child(6), .n7 tr > :nth-child(7) { text-align: right; }
tr.marked > * { background: var(--mark); font-weight: 650; }
tr.sum > * { font-weight: 650; border-top: 1px solid var(--ink); border-bottom: 0; }
.scroll { overflow-x: auto; margin: 0 -.6rem; }
.scroll table { width: 100%; margin-left: 0; margin-right: 0; }
.scroll td, .scroll th { white-space: nowrap; }
.loose td, .loose th { white-space: normal; }
.loose td:last-child { white-space: nowrap; }
.scroll .wide { white-space: normal; min-width: 14rem; }
code, .formula { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono",
  monospace; font-size: .86em; overflow-wrap: anywhere; }
.formula { background: var(--tint); border-left: 3px solid var(--line); padding: .7rem 1rem;
  margin: 0 0 .8rem; max-width: none; }
.formula b { white-space: nowrap; }
details { margin: 0 0 1rem; }
summary { cursor: pointer; color: var(--link); padding: .4rem 0; width: fit-content; }
footer { margin-top: 4rem; padding-top: 1rem; padding-bottom: 3rem; color: var(--soft);
  font-size: .85rem; }
footer p { border-top: 1px solid var(--line); padding-top: 1rem; max-width: none; }
@media (max-width: 40rem) {
  header, nav, main, footer { padding-left: 1rem; padding-right: 1rem; }
  header { padding-top: 1.8rem; }
  section { margin-top: 2.6rem; }
  .figures { grid-template-columns: 1fr 1fr; gap: 1.1rem; }
  .facts, .facts div { display: block; }
  .facts dd { margin-bottom: .5rem; }
}
@page { size: A4; margin: 16mm 15mm; }
@media print {
  html { font-size: 9.5pt; }
  body { line-height: 1.4; }
  header, nav, main, footer { max-width: none; padding: 0; }
  nav, .skip, summary { display: none; }
  .verdict { font-size: 15pt; margin-bottom: 1.2rem; }
  .figures { grid-template-columns: repeat(4, auto); }
  header { break-after: page; }
  .figures dd { font-size: 1.15rem; }
  .month { zoom: .85; padding: 0 3.4rem 0 4.6rem; }
  .month text { font-size: .85rem; }
  #month table { break-inside: avoid; }
  p, ul { max-width: none; orphans: 3; widows: 3; }
  section { margin-top: 2rem; }
  h2, h2 + p, figcaption:first-child { break-after: avoid; }
  h3, caption { break-after: avoid; }
  tr, figure, .formula, .figures div, li { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  .scroll td, tbody th { white-space: normal; overflow-wrap: anywhere; }
  table, .scroll { margin-left: 0; margin-right: 0; width: 100%; font-size: .88rem; }
  th, td { padding: .16rem .5rem; }
  caption, tr > :first-child { padding-left: 0; }
  tr > :last-child { padding-right: 0; }
  .dense table { font-size: .74rem; }
  details::details-content { content-visibility: visible; block-size: auto; display: block; }
  a { text-decoration: none; }
  a[href^="http"]::after { content: ' (' attr(href) ')'; overflow-wrap: anywhere; }
}
)css";
}

}  // namespace recoup::report

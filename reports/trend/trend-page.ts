/** The history as one HTML file that loads nothing: every series as a small chart, the newest changes first. */
import type { JudgedChange, JudgedHistory, JudgedSeries } from '../../history/judged-history.ts';
import { openRegressions } from '../../history/judged-history.ts';
import { entryOf } from '../../history/series.ts';
import { plural, utc } from '../analysis/numbers.ts';
import type { Tile } from '../document/document.ts';
import { joined, type Markup, markup } from '../render/markup.ts';
import { pageShell, sectionMarkup } from '../render/page-shell.ts';
import { nameOf, smallChart } from './small-chart.ts';
import { smallChartScript } from './small-chart-script.ts';
import {
  changeSentence,
  commitSentence,
  conclusionOf,
  noiseWords,
  oddityWords,
  shortCommit,
  skippedWords,
  statusOf,
  type TrendContext,
  valueWords,
} from './words.ts';

const chartStyle = `
.series { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 1.4rem 1.6rem; }
.series figure { border-top: 3px solid var(--rule); padding-top: .4rem; }
.series figure.bad { border-color: var(--bad); } .series figure.near { border-color: var(--near); } .series figure { color: inherit; font-weight: inherit; }
.series figcaption { overflow-wrap: anywhere; } .series svg { background: var(--panel); width: 100%; height: auto; display: block; } .reach { margin-top: .15rem; }
.band { fill: var(--steady-swatch); opacity: .6; stroke: none; } .level { stroke: var(--axis); stroke-width: 1; stroke-dasharray: 3 3; fill: none; }
.nights { fill: none; stroke: var(--line-1); stroke-width: 1.4; stroke-linejoin: round; } .newest { fill: var(--line-1); }
.unjudged { fill: none; stroke: var(--muted); stroke-width: 1; }
.change { stroke-width: 1.6; fill: none; } .change.worse { stroke: var(--bad); } .change.better { stroke: var(--good); stroke-dasharray: 5 2; } .change.accepted { stroke: var(--muted); stroke-dasharray: 2 2; }
.commits { font-size: .88rem; margin: .2rem 0 0; padding-left: 1.1rem; }
`;

/** `madeAt`: ISO 8601, UTC. */
export function renderTrendPage(history: JudgedHistory, context: TrendContext, madeAt: string): string {
  const verdict = conclusionOf(history);
  const changed = changesNewestFirst(history.series);
  const current = history.series.filter(({ isCurrent }) => isCurrent);
  const ended = history.series.filter(({ isCurrent }) => !isCurrent);
  const nights = nightsIn(history.series);
  const sections = [
    { id: 'changes', title: 'Changes', body: changesSection(changed, context) },
    { id: 'series', title: 'Series', body: seriesSection(current, nights) },
    ...(ended.length > 0 ? [{ id: 'ended', title: 'Ended series', body: seriesSection(ended, nights) }] : []),
    { id: 'history', title: 'About this history', body: aboutSection(history) },
  ];
  return pageShell({
    ...{ title: `Nightly trend: ${verdict.lead}`, heading: 'Nightly trend', verdict, tiles: tilesOf(history) },
    sections: sections.map(({ id, title, body }) => ({ id, title, markup: sectionMarkup(id, title, body) })),
    footer: `Made by Loadline, ${utc(madeAt)}. The band is two standard deviations around each level; a red line is a regression, a green one an improvement, a grey one accepted or not confirmed; circles are kept and not judged.`,
    ...{ style: chartStyle, scripts: [smallChartScript] },
    data: markup`<div id="nights" hidden data-nights="${JSON.stringify([...nights.keys()])}"></div>\n`,
  });
}

/** Every night of the page once, by its name, with its place in the list. In their order, so that those of a series follow each other. */
function nightsIn(series: readonly JudgedSeries[]): ReadonlyMap<string, number> {
  const points = series.flatMap((each) => each.points).toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return new Map([...new Set(points.map(nameOf))].map((name, place) => [name, place]));
}

function tilesOf({ series, watched, skipped, oddities }: JudgedHistory): Tile[] {
  const open = series.flatMap(openRegressions).length;
  const better = series.filter(({ changes, isCurrent }) => isCurrent && changes.at(-1)?.kind === 'improvement').length;
  const tile = (id: string, anchor: string, name: string, value: number, tone?: Tile['tone']): Tile => ({
    ...{ id, anchor, name, value: String(value), detail: '' },
    ...(tone && value > 0 && { tone }),
  });
  return [
    tile('regressions', 'changes', 'regressions', open, 'bad'),
    tile('better', 'changes', 'series better than before', better, 'good'),
    tile('series', 'series', 'series', watched),
    tile('nights', 'history', 'nights', nightsOf(series)),
    tile('notes', 'history', 'notes', skipped.length + oddities.length),
  ];
}

const nightsOf = (series: readonly JudgedSeries[]): number =>
  new Set(series.flatMap(({ points }) => points.map(({ night }) => night))).size;

interface Changed {
  series: JudgedSeries;
  change: JudgedChange;
}

const changesNewestFirst = (all: readonly JudgedSeries[]): Changed[] =>
  all
    .flatMap((series) => series.changes.map((change) => ({ series, change })))
    .toSorted((a, b) =>
      a.change.first.night < b.change.first.night ? 1 : a.change.first.night > b.change.first.night ? -1 : 0,
    );

function changesSection(changed: readonly Changed[], context: TrendContext): Markup {
  if (changed.length === 0) return markup`<p>No change was found.</p>`;
  return markup`<ul class="items">${changed.map(({ series, change }) => {
    const isOpen = openRegressions(series).includes(change);
    const tone = isOpen ? 'bad' : change.kind === 'improvement' ? 'good' : 'muted';
    const accepted = change.acknowledged
      ? markup` <span class="muted">Accepted by ${change.acknowledged.by} on ${change.acknowledged.at.slice(0, 10)}: ${change.acknowledged.reason}</span>`
      : null;
    const undone =
      change.hasRecovered && change.kind === 'regression'
        ? markup` <span class="muted">The newest runs are as before again.</span>`
        : null;
    return markup`<li><a href="#${anchorOf(series)}"><span class="${tone}">${changeSentence(series, change)}</span></a> ${commitSentence(change, context)}${commitLinks(change, context)}${accepted}${undone}</li>`;
  })}</ul>`;
}

/** Named are this many commits. */
const shownCommits = 10;

function commitLinks({ first, lastBefore }: JudgedChange, context: TrendContext): Markup | null {
  const between = context.commitsBetween(lastBefore.commit, first.commit);
  if (between === null || between.commits.length === 0) return null;
  const rest = between.all - Math.min(shownCommits, between.commits.length);
  return markup`<ul class="commits">${between.commits
    .slice(0, shownCommits)
    .map(
      ({ hash, subject, author }) =>
        markup`<li>${commitLink(hash, context)} ${subject} <span class="muted">${author}</span></li>`,
    )}${rest > 0 ? markup`<li>and ${rest} more</li>` : null}</ul>`;
}

function commitLink(commit: string, { repository }: TrendContext): Markup {
  const hash = commit.replace(/\+$/, '');
  return repository === null
    ? markup`<code>${shortCommit(commit)}</code>`
    : markup`<a href="${repository}/commit/${hash}"><code>${shortCommit(commit)}</code></a>`;
}

const toneOrder = { bad: 0, near: 1, good: 2, muted: 2 } as const;

/** What is worse first, then what changed last; by entry, in the order of its first. */
function seriesSection(all: readonly JudgedSeries[], nights: ReadonlyMap<string, number>): Markup {
  const changedOn = ({ changes }: JudgedSeries): string => changes.at(-1)?.first.night ?? '';
  const ordered = all.toSorted(
    (a, b) =>
      toneOrder[statusOf(a).tone] - toneOrder[statusOf(b).tone] ||
      (changedOn(a) < changedOn(b) ? 1 : changedOn(a) > changedOn(b) ? -1 : 0),
  );
  const groups = [...Map.groupBy(ordered, ({ name }) => entryOf(name))].map(
    ([entry, some]) =>
      markup`<h3>${entry}</h3>\n<div class="series">${joined(
        some.map((each) => figureOf(each, nights)),
        '\n',
      )}</div>`,
  );
  return joined(groups, '\n');
}

function figureOf(series: JudgedSeries, nights: ReadonlyMap<string, number>): Markup {
  const { name, unit, points, target, machineBound, machine, unjudged } = series;
  const { tone, text } = statusOf(series);
  const last = points.at(-1);
  const value = last === undefined ? 'no valid value' : valueWords(last.value, unit);
  const kept = unjudged.length > 0 ? markup`<br>${unjudged.length} kept and not judged` : null;
  const where = machineBound ? `${target}, ${machine.text}` : target === 'none' ? 'calculated' : target;
  return markup`<figure id="${anchorOf(series)}" class="${tone}"><figcaption>${name.slice(entryOf(name).length + 1)}</figcaption>${smallChart(series, nights)}<p>${value}${last ? markup` <span class="muted">on ${last.night}, ${shortCommit(last.commit)}</span>` : null}<br><span class="${tone}">${text}</span><small>${noiseWords(series)}<br>${where}${kept}</small></p></figure>`;
}

const anchorOf = ({ key }: JudgedSeries): string => `series-${key.replaceAll(/[^\w-]+/g, '-')}`;

/** The newest of what was odd: those of a long history are behind one line. */
const shownNotes = 10;

function aboutSection({ oddities, skipped, series, watched }: JudgedHistory): Markup {
  const about = `${nightsOf(series)} nights, ${series.length} series, of which ${watched} go on: no later night measured their entry without them. All of them together have a false alarm in about three years of nights; a regression is one only when the run after it agrees.`;
  const notes = [...skipped.map(skippedWords), ...oddities.map(oddityWords)].toReversed();
  const listed = (some: readonly string[]) =>
    markup`<ul class="items">${some.map((line) => markup`<li>${line}</li>`)}</ul>`;
  const [first, rest] = [notes.slice(0, shownNotes), notes.slice(shownNotes)];
  return markup`${listed([about, ...first])}${rest.length > 0 ? markup`<details class="rest"><summary>${plural(rest.length, 'earlier note')}</summary>${listed(rest)}</details>` : null}`;
}

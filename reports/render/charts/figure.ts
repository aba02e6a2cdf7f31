/** A chart as a figure: drawing, legend, its sentence, and its numbers as a table. */
import type { Chart, LaneChart, LineChart } from '../../document/charts/chart.ts';
import { type Markup, markup, trusted } from '../markup.ts';
import { binned, drawLanes, drawLines, laneColors, maxPoints, styleOf } from './draw.ts';
import { isLog, valueInWords, withinAxis } from './scale.ts';
import { bySteps } from './steps.ts';

/** Rows of a chart's table, about. */
const tableRows = 20;

export function figureOf(given: Chart): Markup {
  const chart = given.kind === 'lines' ? withinAxis(given) : given;
  const { svg, frame, bounds } = chart.kind === 'lines' ? drawLines(chart) : drawLanes(chart);
  const { id, title, sentence, x } = chart;
  const unit =
    chart.kind === 'lines' && chart.y.name !== '' ? markup` <span class="muted">(${chart.y.name})</span>` : null;
  const values = valuesOf(chart);
  const plot = [frame.left, frame.right, frame.from, frame.to].map((value) => Number(value.toPrecision(14))).join(' ');
  const y = chart.kind === 'lines' ? chart.y.scale : 'count';
  // What the page's script reads out at a place of the chart: without it the table has the same.
  const data = markup` data-plot="${plot}" data-axis="${x.name}" data-x="${shortOf(values.x)}" data-y="${JSON.stringify(values.y)}" data-scales="${isLog(x.scale) ? 'log' : 'linear'} ${x.scale} ${y}"`;
  const far = chart.kind === 'lines' ? farSentence(chart, bounds) : '';
  // The drawing library has escaped the text in it.
  return markup`<figure id="chart-${id}"><figcaption id="title-${id}">${title}${unit}</figcaption>${legendOf(chart, bounds)}<div class="plot" role="img" aria-labelledby="title-${id}" aria-describedby="sentence-${id}"${data}>${trusted(bySteps(svg))}</div><p class="reading" aria-hidden="true"></p><p class="sentence" id="sentence-${id}">${[sentence, far].filter(Boolean).join(' ')}</p>${numbersOf(chart)}</figure>`;
}

/** `0:1:70`, from 0 in steps of 1, 70 of them, where they are so; else all of them. */
function shortOf(x: readonly number[]): string {
  const [first = 0, second = first + 1] = x;
  const step = second - first;
  return x.length > 2 && x.every((value, i) => value === first + i * step)
    ? `${first}:${step}:${x.length}`
    : x.join(' ');
}

/** Bounds that are too far above the values to be drawn. */
function farSentence({ bounds, lines, y }: LineChart, drawn: LineChart['bounds']): string {
  const top = Math.max(0, ...lines.flatMap(({ points }) => points.map(([, value]) => value ?? 0)));
  return bounds
    .filter((bound) => !drawn.includes(bound))
    .map(({ name, value }) => {
      const share = valueInWords(top / value, 'share');
      const used = top > 0 ? `, of which ${share.startsWith('under') ? '' : 'at most '}${share} was reached` : '';
      return `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${inUnit(value, y)}${used}.`;
    })
    .join(' ');
}

/** Where a value is written without its unit. */
const plainScales: readonly string[] = ['linear', 'log'];

const inUnit = (value: number, { scale, name }: LineChart['y']): string =>
  `${valueInWords(value, scale)}${plainScales.includes(scale) && name !== '' ? ` ${name}` : ''}`;

function legendOf(chart: Chart, bounds: LineChart['bounds']): Markup {
  const swatch = (color: string, dash: string, width = '3') =>
    markup`<svg viewBox="0 0 32 10" aria-hidden="true"><path d="M0 5h32" stroke="${color}" stroke-width="${width}"${dash === 'none' ? null : markup` stroke-dasharray="${dash}"`}/></svg>`;
  const lines =
    chart.kind === 'lines'
      ? chart.lines.map(({ name, from, draw }, i) => {
          const { color, dash } = styleOf(i);
          const drawn = draw === 'area' || draw === 'dots' ? swatch(color, 'none', '9') : swatch(color, dash);
          return markup`<li class="line">${drawn}${name}${from ? markup` <span class="muted">(${from})</span>` : null}</li>`;
        })
      : chart.lanes.map(
          ({ name, tone }, i) =>
            markup`<li class="line"><span class="lane-mark">${i + 1}</span>${swatch(laneColors[tone], 'none', '9')}${name}</li>`,
        );
  const limits =
    chart.kind === 'lines'
      ? bounds.map(
          ({ name, value }) => markup`<li>${swatch('var(--bound)', '4 3')}${name}: ${inUnit(value, chart.y)}</li>`,
        )
      : [];
  const named = chart.spans.filter(({ name }, i) => chart.spans.findIndex((other) => other.name === name) === i);
  const spans = named.map(
    ({ name, tone }) =>
      markup`<li>${swatch(tone === 'bad' ? 'var(--bar-bad)' : 'var(--steady-swatch)', 'none', '9')}${name}</li>`,
  );
  const moments = chart.moments.map(({ name }, i) => markup`<li><span class="number-mark">${i + 1}</span>${name}</li>`);
  return markup`<ul class="legend">${[...lines, ...limits, ...spans, ...moments]}</ul>`;
}

/** What is read out: at most as many values as are drawn. Of lanes, what there was in each second at which one of them begins. */
function valuesOf(chart: Chart): { x: number[]; y: (number | null)[][] } {
  const short = (value: number | null) =>
    value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(3));
  if (chart.kind === 'lanes') {
    const x = beginningsOf(chart);
    return { x, y: chart.lanes.map(({ spans }) => x.map((at) => countAt(spans, at))) };
  }
  const longest = Math.max(...chart.lines.map(({ points }) => points.length));
  const stride = Math.max(1, Math.ceil(longest / maxPoints));
  const lines = chart.lines.map(({ points }) => new Map(binned(points, stride)));
  const x = [...new Set(lines.flatMap((line) => [...line.keys()]))].toSorted((a, b) => a - b);
  return {
    x: x.map((at) => Number(at.toPrecision(14))),
    y: lines.map((line, i) => {
      const isStep = chart.lines[i]?.draw === 'step';
      let last: number | null = null;
      return x.map((at) => {
        const value = line.get(at);
        if (value !== undefined) last = value;
        return short(value ?? (isStep ? last : null));
      });
    }),
  };
}

const beginningsOf = ({ lanes }: LaneChart): number[] =>
  [...new Set(lanes.flatMap(({ spans }) => spans.map(({ from }) => from)))]
    .toSorted((a, b) => a - b)
    .slice(0, maxPoints);

const countAt = (spans: LaneChart['lanes'][number]['spans'], at: number): number | null => {
  const span = spans.find(({ from, to }) => at >= from && at < to);
  return span === undefined ? null : (span.count ?? 1);
};

function numbersOf(chart: Chart): Markup {
  const { head, rows, caption } = chart.kind === 'lines' ? lineRows(chart) : laneRows(chart);
  const headCells = head.map((name) => markup`<th scope="col">${name}</th>`);
  const bodyRows = rows.map(
    ([first = '', ...cells]) => markup`<tr><th>${first}${cells.map((cell) => markup`<td>${cell}`)}`,
  );
  return markup`<details class="numbers"><summary>The numbers of “${chart.title}”</summary><div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table class="plain"><caption>${caption}</caption><thead><tr>${headCells}</tr></thead><tbody>${bodyRows}</tbody></table></div></details>`;
}

/** The largest value of each stretch. */
function lineRows({ title, x, y, lines }: LineChart) {
  const longest = Math.max(...lines.map(({ points }) => points.length));
  const stride = Math.max(1, Math.ceil(longest / tableRows));
  const columns = lines.map(({ points }) => new Map(binned(points, stride)));
  const at = [...new Set(columns.flatMap((column) => [...column.keys()]))].toSorted((a, b) => a - b);
  return {
    caption: `${title}${stride > 1 ? `: the largest value from each point on, ${stride} points a row` : ''}`,
    head: [x.name, ...lines.map(({ name }) => name)],
    rows: at.map((each) => [
      valueInWords(each, x.scale),
      ...columns.map((column) => {
        const value = column.get(each) ?? null;
        return value === null || !Number.isFinite(value) ? '–' : valueInWords(value, y.scale);
      }),
    ]),
  };
}

function laneRows({ title, x, lanes }: LaneChart) {
  const rows = lanes.flatMap(({ name, spans }) =>
    spans.map(({ from, to, count }) => [
      name,
      valueInWords(from, x.scale),
      valueInWords(to, x.scale),
      count === null ? '–' : valueInWords(count, 'linear'),
    ]),
  );
  const hidden = rows.length - maxPoints;
  return {
    caption: `${title}${hidden > 0 ? `: the first ${maxPoints} of ${rows.length} stretches` : ''}`,
    head: ['what', `from (${x.name})`, 'to', 'how many'],
    rows: rows.slice(0, maxPoints),
  };
}

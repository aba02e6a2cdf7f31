/** The timeline's panels as figures, each with its numbers as a table. */
import { approx } from '../analysis/numbers.ts';
import type { Panel, Timeline } from '../analysis/timeline.ts';
import { shownPanels, timelineSentence } from '../document/timeline.ts';
import { binned, drawPanel, lineStyles } from './chart.ts';
import { joined, type Markup, markup, trusted } from './markup.ts';

/** Rows of a panel's table, about. */
const tableRows = 20;

export const timelineFigures = (timeline: Timeline): Markup => markup`<p>${timelineSentence(timeline)}</p>
<div class="charts">${joined(
  shownPanels(timeline).map((panel) => figureOf(panel, timeline)),
  '\n',
)}</div>`;

function figureOf(panel: Panel, timeline: Timeline): Markup {
  const { svg, notes, description } = drawPanel(panel, timeline);
  const legend = panel.lines.map(({ name, from }, i) => {
    const { color, dash } = lineStyles[i % lineStyles.length] ?? lineStyles[0];
    const swatch = markup`<svg viewBox="0 0 32 10" aria-hidden="true"><line x1="0" y1="5" x2="32" y2="5" stroke="${color}" stroke-width="3" stroke-dasharray="${dash}"/></svg>`;
    return markup`<li>${swatch}${name} <span class="muted">(${from})</span></li>`;
  });
  const absent = panel.missing.length > 0 ? markup`<p class="notes">No data: ${panel.missing.join(', ')}.</p>` : null;
  const far = notes.length > 0 ? markup`<p class="chart-notes">${notes.join(' ')}</p>` : null;
  // The drawing library has escaped the text in it.
  const drawing = trusted(svg);
  return markup`<figure><figcaption>${panel.title} <span class="muted">(${panel.unit})</span></figcaption><ul class="legend">${legend}</ul><div class="chart" role="img" aria-label="${description}">${drawing}</div>${far}${absent}${numbersOf(panel)}</figure>`;
}

/** The largest value of each stretch. */
function numbersOf({ title, lines }: Panel): Markup {
  const longest = Math.max(...lines.map(({ points }) => points.length));
  const stride = Math.max(1, Math.ceil(longest / tableRows));
  const columns = lines.map(({ points }) => new Map(binned(points, stride)));
  const at = [...new Set(columns.flatMap((column) => [...column.keys()]))].toSorted((a, b) => a - b);
  const head = lines.map(({ name }) => markup`<th scope="col" class="number">${name}</th>`);
  const rows = at.map((second) => {
    const cells = columns.map((column) => {
      const value = column.get(second) ?? null;
      return markup`<td class="number">${value === null ? '–' : approx(value)}</td>`;
    });
    return markup`<tr><th scope="row">${second}</th>${cells}</tr>`;
  });
  const caption = `${title}: largest value from each second on${stride > 1 ? `, ${stride} points a row` : ''}`;
  return markup`<details><summary>The numbers of “${title}”</summary><div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption><thead><tr><th scope="col">second</th>${head}</tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

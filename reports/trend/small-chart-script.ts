/**
 * The trend page's own script: reads a small chart out under the pointer, and by the arrow keys. The page is whole without it. Plain JavaScript, for it is part of the
 * page as it stands.
 */
export const smallChartScript = `
'use strict';
(() => {
  const nights = JSON.parse(document.getElementById('nights').dataset.nights);
  for (const plot of document.querySelectorAll('.small[data-values]')) {
    const values = plot.dataset.values.split(' ');
    const [left, right, width] = plot.dataset.plot.split(' ').map(Number);
    const at = plot.dataset.nights.split(' ').flatMap((range) => {
      const [from, to = from] = range.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    });
    const svg = plot.querySelector('svg');
    const reading = plot.parentElement.insertBefore(document.createElement('p'), plot.nextSibling);
    reading.className = 'reading';
    const cursor = svg.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'line'));
    cursor.setAttribute('class', 'cursor');
    const placeOf = (i) => left + ((right - left) * (i + 0.5)) / values.length;
    let shown = values.length - 1;
    const show = (i) => {
      shown = Math.max(0, Math.min(values.length - 1, i));
      const text = nights[at[shown]] + ': ' + values[shown] + (plot.dataset.unit && ' ' + plot.dataset.unit);
      reading.textContent = text;
      plot.setAttribute('aria-valuenow', String(shown));
      plot.setAttribute('aria-valuetext', text);
      for (const [name, value] of [['x1', placeOf(shown)], ['x2', placeOf(shown)], ['y1', 0], ['y2', svg.viewBox.baseVal.height]])
        cursor.setAttribute(name, value);
    };
    plot.setAttribute('role', 'slider');
    plot.setAttribute('aria-label', plot.dataset.name);
    plot.setAttribute('tabindex', '0');
    plot.setAttribute('aria-valuemin', '0');
    plot.setAttribute('aria-valuemax', String(values.length - 1));
    plot.setAttribute('aria-valuenow', String(shown));
    plot.setAttribute('aria-valuetext', 'arrow keys read the values');
    plot.addEventListener('pointermove', (event) => {
      const box = svg.getBoundingClientRect();
      const x = (width * (event.clientX - box.left)) / box.width;
      show(Math.round((values.length * (x - left)) / (right - left) - 0.5));
    });
    plot.addEventListener('keydown', (event) => {
      const page = Math.max(1, Math.round(values.length / 10));
      const to = { ArrowRight: shown + 1, ArrowLeft: shown - 1, ArrowUp: shown + 1, ArrowDown: shown - 1, PageUp: shown + page, PageDown: shown - page, Home: 0, End: values.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      show(to);
    });
    plot.addEventListener('focus', () => show(shown));
  }
})();
`;

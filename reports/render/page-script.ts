/**
 * The page's own script: reads the values of a chart out under the pointer, and by the arrow keys; opens what is folded before printing. The page is whole
 * without it. Plain JavaScript, for it is part of the page as it stands.
 */
export const pageScript = `
'use strict';
(() => {
  const digits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
  const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
  const svgName = 'http://www.w3.org/2000/svg';
  const place = {
    date: (x) => new Date(x).toISOString().slice(0, 10),
    percentile: (x) => 'p' + Number((100 * (1 - 1 / x)).toFixed(3)),
  };
  const amount = {
    share: (y) => digits.format(100 * y) + '%',
    dollars: (y) => '$' + digits.format(y),
    logShare: (y) => digits.format(100 * y) + '%',
    count: (y) => digits.format(y) + '×',
  };
  for (const plot of document.querySelectorAll('.plot[data-x]')) {
    const [first, step, many] = plot.dataset.x.split(':').map(Number);
    const x = many ? Array.from({ length: many }, (_, i) => first + i * step) : plot.dataset.x.split(' ').filter(Boolean).map(Number);
    const lines = JSON.parse(plot.dataset.y);
    const [left, right, from, to] = plot.dataset.plot.split(' ').map(Number);
    const [kind, xScale, yScale] = plot.dataset.scales.split(' ');
    if (x.length === 0) continue;
    const figure = plot.closest('figure');
    const names = [...figure.querySelectorAll('.legend .line')].map((item) => [...item.childNodes].find((node) => node.nodeType === 3).textContent.trim());
    const reading = figure.querySelector('.reading');
    const scale = kind === 'log' ? Math.log : Number;
    const shares = x.map((each) => left + ((right - left) * (scale(each) - scale(from))) / (scale(to) - scale(from)));
    const svg = plot.querySelector('svg');
    const cursor = svg.appendChild(document.createElementNS(svgName, 'line'));
    const [, , width, height] = svg.getAttribute('viewBox').split(' ').map(Number);
    cursor.setAttribute('class', 'cursor');
    let at = -1;
    const show = (i) => {
      at = Math.max(0, Math.min(x.length - 1, i));
      const shownPlace = place[xScale] ? place[xScale](x[at]) : plot.dataset.axis + ' ' + (xScale === 'linear' ? whole : digits).format(x[at]);
      const values = lines.map((line, n) => {
        if (line[at] === null) return yScale === 'count' ? null : names[n] + ' –';
        return names[n] + ' ' + (amount[yScale] || digits.format.bind(digits))(line[at]);
      }).filter(Boolean);
      const text = shownPlace + ': ' + (values.join(', ') || 'nothing');
      reading.textContent = text;
      plot.setAttribute('aria-valuenow', String(at));
      plot.setAttribute('aria-valuetext', text);
      for (const [name, value] of [['x1', width * shares[at]], ['x2', width * shares[at]], ['y1', 14], ['y2', height - 34]])
        cursor.setAttribute(name, value);
    };
    plot.setAttribute('role', 'slider');
    plot.setAttribute('tabindex', '0');
    plot.setAttribute('aria-valuemin', '0');
    plot.setAttribute('aria-valuemax', String(x.length - 1));
    plot.setAttribute('aria-valuenow', '0');
    plot.setAttribute('aria-valuetext', 'arrow keys read the values');
    plot.addEventListener('pointermove', (event) => {
      const box = svg.getBoundingClientRect();
      const share = (event.clientX - box.left) / box.width;
      let nearest = 0;
      shares.forEach((each, i) => { if (Math.abs(each - share) < Math.abs(shares[nearest] - share)) nearest = i; });
      show(nearest);
    });
    plot.addEventListener('keydown', (event) => {
      const page = Math.max(1, Math.round(x.length / 10));
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowUp: at + 1, ArrowDown: at - 1, PageUp: at + page, PageDown: at - page, Home: 0, End: x.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      show(to);
    });
    plot.addEventListener('focus', () => show(Math.max(0, at)));
  }
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details.rest:not([open])')];
    for (const each of opened) each.open = true;
  });
  addEventListener('afterprint', () => { for (const each of opened) each.open = false; });
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let each = target && target.closest('details'); each; each = each.parentElement.closest('details')) each.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener('hashchange', reveal);
  if (document.getElementById(location.hash.slice(1))) reveal();
})();
`.replaceAll(/\n +/g, '\n');

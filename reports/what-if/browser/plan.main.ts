/** The live what-if of a page: reads what the page was made from, and calculates again at each change. */
import { answerTo, inputsOf, seekAlong } from '../answer.ts';
import { type Control, type Group, groups, type Inputs, withValue } from '../control.ts';
import { controlsOf } from '../controls.ts';
import { readData } from '../page-data.ts';
import { problemsOf } from '../problems.ts';
import { fragmentOf, isScenario, readFragment } from '../scenario.ts';
import { alongWords, bindsNow } from '../words.ts';
import { actions } from './actions.ts';
import { answerPanel } from './answer-panel.ts';
import { element, setText } from './dom.ts';
import { type Row, rowOf } from './row.ts';
import { stageButtons } from './stages.ts';

/** A reader's own change waits for no longer. */
const unnoticedMs = 10;

const app = document.querySelector<HTMLElement>('#what-if-app');
const data = document.querySelector('#what-if-data')?.textContent;
if (app && data) start(app, data);

function start(place: HTMLElement, json: string): void {
  const { base, rules, ...command } = readData(json);
  const own = inputsOf(base);
  const controls = (inputs: Inputs) => controlsOf(inputs, base, rules);
  let inputs = own;
  let rows: Row[] = [];
  let answer = answerTo(base, own);
  /** Counts changes: what was begun for an earlier one is left. */
  let turn = 0;
  /** Whether the inputs can be calculated. */
  let isValid = true;

  const panel = answerPanel(answer);
  const note = element('p', { class: 'what-if-note', role: 'status' });
  const form = element('form', { class: 'what-if-controls', 'aria-label': 'What if' });
  form.addEventListener('submit', (event) => event.preventDefault());
  const bar = actions({
    command,
    inputs: () => inputs,
    say: (sentence) => setText(note, sentence),
    reset: () => become(own),
  });
  place.replaceChildren(
    element(
      'div',
      { class: 'what-if-columns' },
      form,
      element('div', { class: 'what-if-result' }, panel.element, bar.element, note),
    ),
  );
  place.hidden = false;
  document.querySelector('#what-if-still')?.remove();

  /** Draws the controls anew: which there are has changed. */
  function build(): void {
    const focused = document.activeElement?.id;
    const open = new Set([...form.querySelectorAll('details[open]')].map(({ id }) => id));
    const all = controls(inputs);
    rows = all.map((control) => rowOf(control, change));
    const names = Object.entries(groups) as [Group, string][];
    form.replaceChildren(
      ...names.flatMap(([group, name], n) => {
        const own = rows.filter(({ control }) => control.group === group);
        if (own.length === 0) return [];
        const id = `what-if-group-${group}`;
        const isOpen = form.childElementCount === 0 ? n === 0 : open.has(id);
        const box = element(
          'details',
          { id, open: isOpen },
          element('summary', {}, name),
          ...own.map((row) => row.element),
        );
        if (group === 'growth') box.append(stageButtons(() => inputs, become));
        box.addEventListener('toggle', () => sayAlong(++turn));
        return [box];
      }),
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  function change(control: Control, value: unknown): void {
    become(withValue(inputs, control, value), control.input.kind === 'switch');
  }

  function become(next: Inputs, rebuild = true): void {
    inputs = next;
    if (rebuild) build();
    for (const row of rows) row.show(inputs);
    const problems = problemsOf(
      inputs,
      rows.map(({ control }) => control),
    );
    isValid = problems.length === 0;
    const mine = ++turn;
    panel.problems(problems);
    bar.enable(isValid);
    if (!isValid) return;
    answer = answerTo(base, inputs);
    panel.show(answer);
    for (const row of rows) row.say(bindsNow(answer, row.control.later === true), '');
    const fragment = fragmentOf(inputs, own, controls);
    if (fragment !== location.hash.slice(1))
      history.replaceState(null, '', fragment === '' ? location.href.split('#')[0] : `#${fragment}`);
    sayAlong(mine);
  }

  /** What each slider does, one after another, between the reader's own changes: the one in use first. */
  function sayAlong(mine: number): void {
    if (!isValid) return;
    const visible = rows.filter(
      ({ element: row, control }) => control.input.kind === 'number' && row.closest('details')?.open === true,
    );
    const inUse = (row: Row) => (row.element.contains(document.activeElement) ? 0 : 1);
    const waiting = visible.toSorted((a, b) => inUse(a) - inUse(b));
    const sought = (row: Row) => ({ row, seeking: seekAlong(base, inputs, row.control) });
    let now = waiting.splice(0, 1).map(sought)[0];
    const next = () => {
      const until = performance.now() + unnoticedMs;
      while (performance.now() < until) {
        if (now === undefined || mine !== turn) return;
        const { row, seeking } = now;
        const { done, value } = seeking.next();
        if (!done) continue;
        row.say(bindsNow(answer, row.control.later === true), alongWords(value, row.control));
        now = waiting.splice(0, 1).map(sought)[0];
      }
      setTimeout(next);
    };
    // After the page has shown the answer itself.
    setTimeout(next, 30);
  }

  function readLink(): void {
    const fragment = location.hash.slice(1);
    if (!isScenario(fragment)) {
      if (rows.length === 0) become(own);
      return;
    }
    const read = readFragment(fragment, own, controls);
    become(read.inputs);
    setText(note, read.ignored.length === 0 ? '' : `Not used of the link: ${read.ignored.join(' ')}`);
    place.scrollIntoView();
  }

  readLink();
  addEventListener('hashchange', readLink);
  // A link inside the page would replace the scenario in the address.
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (!link || !isScenario(location.hash)) return;
    const target = document.getElementById(decodeURIComponent(link.getAttribute('href')?.slice(1) ?? ''));
    if (!target) return;
    event.preventDefault();
    target.scrollIntoView();
    target.focus();
  });
}

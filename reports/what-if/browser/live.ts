/** What every live page does: controls on one side, the answer on the other, calculated again at each change. */
import { type Control, type Group, groups, type Inputs, withValue } from '../control.ts';
import { type ControlsOf, fragmentOf, isScenario, readFragment } from '../scenario.ts';
import { element, setText } from './dom.ts';
import { type Row, rowOf } from './row.ts';

/** A reader's own change waits for no longer. */
const unnoticedMs = 10;

export interface LivePage<Answer> {
  /** Those of the report. */
  own: Inputs;
  controls: ControlsOf;
  answerTo(inputs: Inputs): Answer;
  /** Why inputs cannot be calculated. Empty: they can. */
  problems(inputs: Inputs, controls: readonly Control[]): string[];
  panel: {
    element: HTMLElement;
    show(answer: Answer): void;
    problems(sentences: readonly string[]): void;
  };
  /** What a control says of the answer. */
  now(answer: Answer, control: Control): string;
  /** What the rest of its slider does, in words; yields wherever a reader may be answered in between. */
  along(inputs: Inputs, control: Control): Generator<undefined, string>;
  /** What can be done with a scenario. */
  bar(page: { inputs: () => Inputs; say: (sentence: string) => void; reset: () => void }): {
    element: HTMLElement;
    enable(on: boolean): void;
  };
  /** What stands below a group's controls. */
  more?(group: Group, page: { inputs: () => Inputs; become: (inputs: Inputs) => void }): HTMLElement | null;
  /** Of the columns; absent: none but the usual one. */
  className?: string;
}

export function startLive<Answer>(place: HTMLElement, page: LivePage<Answer>): void {
  const { own, controls, panel } = page;
  let inputs = own;
  let rows: Row[] = [];
  let answer: Answer | undefined;
  /** Counts changes: what was begun for an earlier one is left. */
  let turn = 0;
  /** Whether the inputs can be calculated. */
  let isValid = true;

  const note = element('p', { class: 'what-if-note', role: 'status' });
  const form = element('form', { class: 'what-if-controls', 'aria-label': 'What if' });
  form.addEventListener('submit', (event) => event.preventDefault());
  const bar = page.bar({
    inputs: () => inputs,
    say: (sentence) => setText(note, sentence),
    reset: () => become(own),
  });
  place.replaceChildren(
    element(
      'div',
      { class: ['what-if-columns', page.className].filter(Boolean).join(' ') },
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
    const isFirst = form.childElementCount === 0;
    const all = controls(inputs);
    rows = all.map((control) => rowOf(control, change));
    const names = Object.entries(groups) as [Group, string][];
    const shown = names
      .map(([group, name]) => ({ group, name, own: rows.filter(({ control }) => control.group === group) }))
      .filter(({ own }) => own.length > 0);
    form.replaceChildren(
      ...shown.map(({ group, name, own }, n) => {
        const id = `what-if-group-${group}`;
        const box = element(
          'details',
          { id, open: isFirst ? n === 0 : open.has(id) },
          element('summary', {}, name),
          ...own.map((row) => row.element),
        );
        const more = page.more?.(group, { inputs: () => inputs, become });
        if (more) box.append(more);
        box.addEventListener('toggle', () => sayAlong(++turn));
        return box;
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
    const problems = page.problems(
      inputs,
      rows.map(({ control }) => control),
    );
    isValid = problems.length === 0;
    const mine = ++turn;
    panel.problems(problems);
    bar.enable(isValid);
    if (!isValid) return;
    const now = page.answerTo(inputs);
    answer = now;
    panel.show(now);
    for (const row of rows) row.say(page.now(now, row.control), '');
    const fragment = fragmentOf(inputs, own, controls);
    if (fragment !== location.hash.slice(1))
      history.replaceState(null, '', fragment === '' ? location.href.split('#')[0] : `#${fragment}`);
    sayAlong(mine);
  }

  /** What each slider does, one after another, between the reader's own changes: the one in use first. */
  function sayAlong(mine: number): void {
    const answered = answer;
    if (!isValid || answered === undefined) return;
    const visible = rows.filter(
      ({ element: row, control }) => control.input.kind === 'number' && row.closest('details')?.open === true,
    );
    const inUse = (row: Row) => (row.element.contains(document.activeElement) ? 0 : 1);
    const waiting = visible.toSorted((a, b) => inUse(a) - inUse(b));
    const sought = (row: Row) => ({ row, seeking: page.along(inputs, row.control) });
    let now = waiting.splice(0, 1).map(sought)[0];
    const next = () => {
      const until = performance.now() + unnoticedMs;
      while (performance.now() < until) {
        if (now === undefined || mine !== turn) return;
        const { row, seeking } = now;
        const { done, value } = seeking.next();
        if (!done) continue;
        row.say(page.now(answered, row.control), value);
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

/** Where the page has room for it, with its data; null: it is another page. */
export function livePlace(): { place: HTMLElement; json: string } | null {
  const place = document.querySelector<HTMLElement>('#what-if-app');
  const json = document.querySelector('#what-if-data')?.textContent;
  return place && json ? { place, json } : null;
}

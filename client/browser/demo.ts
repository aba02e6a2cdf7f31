/** The script of the demo's page: two clients, and the controls. What a control does, the demo's server does. */
import { connect, isInStage } from './main.ts';

interface State {
  share: number;
  off: boolean;
  isDown: boolean;
  url: string;
  httpUrl: string;
}

const user = 'ada';
const people = 50;
const shownEvents = 7;
const streamMs = 1_000;
/** A demo shows in seconds what a page has half a minute for. */
const conduct = { configSeconds: 3, pollSeconds: 3, backOffCapSeconds: 5 };

const ask = async (method: 'GET' | 'POST', path: string, body?: unknown) => {
  const response = await fetch(path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
};
const element = <Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind => {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${id}.`);
  return found;
};
const made = (tag: string, text = '', className = ''): HTMLElement => {
  const node = document.createElement(tag);
  node.textContent = text;
  node.className = className;
  return node;
};

/** One of Ada's tabs: what it is told, as it is told. */
function openTab(name: string, { url, httpUrl }: State): void {
  const card = made('section', '', 'card tab');
  const head = made('div', '', 'head');
  const state = made('span', 'connecting', 'state connecting');
  head.append(made('h2', name), state);
  const counts = made('dl');
  const told = { events: 0, twice: 0, gaps: 0, back: 0 };
  const shown = new Map<keyof typeof told, HTMLElement>();
  for (const [key, label] of [
    ['events', 'events'],
    ['twice', 'told twice'],
    ['gaps', 'gaps'],
    ['back', 'back after, s'],
  ] as const) {
    const box = made('div');
    const value = made('dd', '0');
    box.append(made('dt', label), value);
    shown.set(key, value);
    counts.append(box);
  }
  const list = made('ol');
  card.append(head, counts, list);
  element('tabs', HTMLElement).append(card);

  const show = () => {
    for (const [key, node] of shown) node.textContent = key === 'back' ? told.back.toFixed(1) : String(told[key]);
  };
  const seen = new Set<string>();
  let awaySince: number | null = null;
  let now = 'connecting';
  connect({
    url,
    httpUrl,
    user,
    conduct,
    token: async () => (await ask('GET', `/token?user=${user}`)).token,
    onEvent: ({ eventId, object }) => {
      told.events++;
      if (seen.has(eventId)) told.twice++;
      seen.add(eventId);
      const item = made('li', String(object.subject ?? object.id));
      item.append(made('span', `${now === 'polling' ? 'polled' : 'pushed'} ${new Date().toLocaleTimeString()}`));
      list.prepend(item);
      while (list.children.length > shownEvents) list.lastChild?.remove();
      show();
    },
    onGap: () => {
      told.gaps++;
      show();
    },
    onState: (next) => {
      now = next;
      if (next === 'open' && awaySince !== null) told.back = (performance.now() - awaySince) / 1_000;
      awaySince = next === 'open' ? null : (awaySince ?? performance.now());
      state.textContent = next;
      state.className = `state ${next}`;
      show();
    },
  });
}

const begun: State = await ask('GET', '/state');
const stage = element('stage', HTMLInputElement);
const off = element('off', HTMLButtonElement);
const line = element('line', HTMLButtonElement);
const stream = element('stream', HTMLButtonElement);
const isPressed = (button: HTMLElement) => button.getAttribute('aria-pressed') === 'true';
const toggle = (button: HTMLElement, pressed = !isPressed(button)) =>
  button.setAttribute('aria-pressed', String(pressed));

const places = Array.from({ length: people }, (_, n) => ({ name: n === 0 ? user : `user-${n}`, square: made('i') }));
element('people', HTMLElement).append(...places.map(({ square }) => square));
const showStage = () => {
  const now = { share: stage.valueAsNumber / 100, off: isPressed(off) };
  element('share', HTMLOutputElement).value = now.off ? '0% (kill switch)' : `${stage.value}%`;
  for (const { name, square } of places) square.className = isInStage(now, name) ? 'in' : '';
  return now;
};

stage.valueAsNumber = begun.share * 100;
toggle(off, begun.off);
toggle(line, begun.isDown);
showStage();
stage.addEventListener('input', showStage);
stage.addEventListener('change', () => ask('POST', '/stage', showStage()));
off.addEventListener('click', () => {
  toggle(off);
  ask('POST', '/stage', showStage());
});
line.addEventListener('click', () => {
  toggle(line);
  ask('POST', '/line', { isDown: isPressed(line) });
});
stream.addEventListener('click', () => toggle(stream));
element('cut', HTMLButtonElement).addEventListener('click', () => ask('POST', '/cut'));
element('webhook', HTMLButtonElement).addEventListener('click', () => ask('POST', '/webhook', { user }));
setInterval(() => {
  if (isPressed(stream)) ask('POST', '/webhook', { user });
}, streamMs);
for (const name of ['Ada, first tab', 'Ada, second tab']) openTab(name, begun);

/** One control on the page: label, field, slider, and what it does. */
import { type Control, type Inputs, numberOf, readAt } from '../control.ts';
import { isOn } from '../scenario.ts';
import { lastPosition, positionOf, valueAt } from '../slider.ts';
import { valueWords } from '../words.ts';
import { element, setText } from './dom.ts';

export interface Row {
  control: Control;
  element: HTMLElement;
  /** Shows the value, but for the field that is being typed into. */
  show(inputs: Inputs): void;
  /** What binds, and what the rest of the slider does. */
  say(now: string, along: string): void;
}

/** `value`: undefined or null leaves it out, text that is no number comes as it is. */
type Change = (control: Control, value: unknown) => void;

export function rowOf(control: Control, change: Change): Row {
  const id = `what-if-${control.id}`;
  const caption = element('p', { class: 'what-if-says', id: `${id}-says` });
  const hint = control.hint === '' ? null : element('p', { class: 'what-if-hint', id: `${id}-hint` }, control.hint);
  const described = `${hint ? `${id}-hint ` : ''}${id}-says`;
  const { fields, show } = fieldsOf(control, { id, described, change });
  const label = element('label', { for: id }, control.label);
  const row = element('div', { class: `what-if-row what-if-${control.input.kind}` }, label, ...fields);
  if (hint) row.append(hint);
  row.append(caption);
  const say = (now: string, along: string) => setText(caption, along === '' ? now : `${now}; ${along}`);
  return { control, element: row, show, say };
}

interface Made {
  fields: HTMLElement[];
  show(inputs: Inputs): void;
}

function fieldsOf(
  control: Control,
  { id, described, change }: { id: string; described: string; change: Change },
): Made {
  const { input, path } = control;
  switch (input.kind) {
    case 'number':
      return numberFields(control, input, { id, described, change });
    case 'switch': {
      const box = element('input', { type: 'checkbox', id });
      box.addEventListener('change', () => change(control, box.checked ? input.on : input.off));
      const show = (inputs: Inputs) => {
        box.checked = isOn(inputs, path, input);
      };
      return { fields: [box], show };
    }
    case 'choice': {
      const options = input.options.map(([value, label]) => element('option', { value }, label));
      const list = element('select', { id, 'aria-describedby': described }, ...options);
      list.addEventListener('change', () => change(control, list.value));
      const show = (inputs: Inputs) => {
        list.value = String(readAt(inputs, path));
      };
      return { fields: [list], show };
    }
    case 'date':
    case 'text': {
      const field = element('input', { type: input.kind, id, 'aria-describedby': described });
      field.addEventListener('input', () => change(control, field.value));
      const show = (inputs: Inputs) => {
        const value = String(readAt(inputs, path) ?? '');
        if (document.activeElement !== field && field.value !== value) field.value = value;
      };
      return { fields: [field], show };
    }
  }
}

type NumberInput = Extract<Control['input'], { kind: 'number' }>;

function numberFields(
  control: Control,
  { unit, bounds, slider, absent }: NumberInput,
  { id, described, change }: { id: string; described: string; change: Change },
): Made {
  const number = element('input', {
    ...{ type: 'number', id, step: bounds.whole ? 1 : 'any', min: bounds.least, max: bounds.most },
    ...{
      'aria-describedby': described,
      placeholder: absent?.text,
      inputmode: bounds.least < 0 ? undefined : 'decimal',
    },
  });
  const range = element('input', {
    ...{ type: 'range', min: 0, max: lastPosition, step: 1, 'aria-label': `${control.label}, slider` },
    'aria-describedby': `${id}-says`,
  });
  number.addEventListener('input', () => {
    if (number.value !== '') return change(control, Number(number.value));
    // A browser gives no text for what is not a number, and says so.
    change(control, number.validity.badInput || absent === null ? Number.NaN : absent.value);
  });
  range.addEventListener('input', () => change(control, valueAt(Number(range.value), slider, bounds)));
  range.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const before = valueAt(Number(range.value), slider, bounds);
    let position = Number(range.value) + step;
    // To the next value that differs: near each other, positions are rounded to the same.
    while (position > 0 && position < lastPosition && valueAt(position, slider, bounds) === before) position += step;
    range.value = String(position);
    change(control, valueAt(Number(range.value), slider, bounds));
  });
  const show = (inputs: Inputs) => {
    const given = readAt(inputs, control.path);
    const value = numberOf(inputs, control);
    const text = typeof given === 'number' ? String(given) : '';
    if (document.activeElement !== number && number.value !== text) number.value = text;
    if (document.activeElement !== range) range.value = String(value === null ? 0 : positionOf(value, slider));
    range.setAttribute('aria-valuetext', value === null ? (absent?.text ?? '') : valueWords(value, unit));
  };
  return { fields: [number, element('span', { class: 'what-if-unit' }, unit), range], show };
}
